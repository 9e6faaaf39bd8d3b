//! `cargo xtask demo`: a clone → the demo in the browser, with the time of each step.

use crate::steps::{Failure, Steps, command, seconds};
use crate::{cargo, web};
use std::path::Path;

/// Builds what is not built yet and runs `jingce demo` with `args` until it is stopped.
pub fn run(root: &Path, args: &[String]) -> Result<(), Failure> {
    let mut steps = Steps::new();
    web::build(root, &mut steps)?;
    let binary = cargo::build_jingce(root, &mut steps)?;
    steps.print_times();
    let began = std::time::Instant::now();
    println!("\n== jingce demo {}", args.join(" "));
    let status = command(&binary.to_string_lossy(), root).arg("demo").args(args).status();
    let status =
        status.map_err(|error| Failure::new(format!("`{}` could not be started: {error}", binary.display())))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`jingce demo` ended with {status} after {}", seconds(began.elapsed()))))
}
