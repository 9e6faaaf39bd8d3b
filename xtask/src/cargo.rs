//! The cargo commands of a test run, each as the step that `suite` and `demo` run.

use crate::steps::{Failure, Steps, command, works};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates that build without the engine, the typesetter and the web: tested in seconds.
const QUICK: [&str; 6] = ["domain", "intake", "observe", "standards", "indicators", "xtask"];

/// Formatting as rustfmt.toml says.
pub fn format(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    if !works("cargo", &["fmt", "--version"]) {
        steps.note("rustfmt is not installed, formatting is not checked (rustup component add rustfmt)");
        return Ok(());
    }
    steps.run("format", cargo(root, &["fmt", "--all", "--check"]))
}

/// Lints of every target, none let through.
pub fn lint(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    if !works("cargo", &["clippy", "--version"]) {
        steps.note("clippy is not installed, lints are not checked (rustup component add clippy)");
        return Ok(());
    }
    steps.run("lints", cargo(root, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// Every Rust test of the workspace, doc tests too.
///
/// Plain cargo, not nextest: the tests of the binary share one demo folder within their process.
pub fn test_all(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    steps.run("Rust tests", cargo(root, &["test", "--workspace"]))
}

/// The tests of the crates that build in seconds.
pub fn test_quick(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    let mut run = cargo(root, &["test"]);
    for name in QUICK {
        run.args(["-p", name]);
    }
    steps.run("Rust tests of the pure crates", run)
}

/// Builds the one binary, and says where it is.
///
/// With `--workspace`, so that the engine is built with the same features as for the tests, and once.
pub fn build_jingce(root: &Path, steps: &mut Steps) -> Result<PathBuf, Failure> {
    steps.run("build jingce", cargo(root, &["build", "--workspace", "--bin", "jingce"]))?;
    let here = std::env::current_exe().map_err(|error| Failure::new(format!("own path unknown: {error}")))?;
    // This program was built by the same cargo into the same folder.
    let binary = here.with_file_name(format!("jingce{}", std::env::consts::EXE_SUFFIX));
    if binary.is_file() { Ok(binary) } else { Err(Failure::new(format!("no `{}` after the build", binary.display()))) }
}

fn cargo(root: &Path, args: &[&str]) -> Command {
    let mut cargo = command("cargo", root);
    cargo.args(args);
    cargo
}
