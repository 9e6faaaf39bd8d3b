//! The commands of the workspace: `cargo xtask demo | test | tidy | bench`.
//!
//! Turns a fresh clone into a running demo or a full test run by calling the tools a reader would call by
//! hand, one named and timed step after another. Called by people, by the README and by `.ci/run`.

mod browser;
mod cargo;
mod demo;
mod how_to;
mod steps;
mod suite;
mod tally;
mod tidy;
mod web;

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask demo [ARGS of `jingce demo`]   build the web pages and the server, then run the demo
cargo xtask test [PART]                    all tests, or a part: quick, rust, web, how-to, browser
cargo xtask tidy                           checks of the tree itself
cargo xtask bench [ARGS]                   the benchmarks (bench/run)";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let root = root();
    let outcome = match command.as_str() {
        "demo" => demo::run(&root, &rest),
        "test" => suite::run(&root, &rest),
        "tidy" => tidy::run(&root),
        "bench" => suite::bench(&root, &rest),
        "" | "help" | "-h" | "--help" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(steps::Failure::new(format!("no command `{other}`\n{HELP}"))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace: above this crate, wherever cargo was called from.
fn root() -> PathBuf {
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_string());
    let here = PathBuf::from(here);
    here.parent().map(PathBuf::from).unwrap_or(here)
}
