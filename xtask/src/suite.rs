//! `cargo xtask test`: every check and test there is, in the order in which a failure costs least.

use crate::steps::{Failure, Steps, command};
use crate::{browser, cargo, how_to, tidy, web};
use std::path::Path;

/// Runs all tests, or the part named.
pub fn run(root: &Path, args: &[String]) -> Result<(), Failure> {
    let mut steps = Steps::new();
    match args {
        [] => all(root, &mut steps)?,
        [part] => match part.as_str() {
            "quick" => quick(root, &mut steps)?,
            "rust" => rust(root, &mut steps)?,
            "web" => pages(root, &mut steps)?,
            "browser" => browser(root, &mut steps)?,
            "how-to" => pages_of_docs(root, &mut steps)?,
            other => return Err(no_part(other)),
        },
        more => return Err(no_part(&more.join(" "))),
    }
    steps.finish()
}

/// `bench/run` with `args`.
pub fn bench(root: &Path, args: &[String]) -> Result<(), Failure> {
    if !root.join("bench/run").is_file() {
        return Err(Failure::new("there is no bench/run in this tree"));
    }
    let mut steps = Steps::new();
    let mut run = command("bash", root);
    run.arg("bench/run").args(args);
    steps.run("benchmarks", run)?;
    steps.print_times();
    Ok(())
}

fn no_part(part: &str) -> Failure {
    Failure::new(format!(
        "no part `{part}` of the tests; use quick, rust, web, how-to or browser, or none of them for all"
    ))
}

fn all(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    cargo::format(root, steps)?;
    tidy::step(root, steps)?;
    pages(root, steps)?;
    cargo::lint(root, steps)?;
    cargo::test_all(root, steps)?;
    pages_of_docs(root, steps)?;
    browser(root, steps)
}

/// Before each commit: seconds once it has been built.
fn quick(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    cargo::format(root, steps)?;
    tidy::step(root, steps)?;
    cargo::test_quick(root, steps)
}

fn rust(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    cargo::format(root, steps)?;
    tidy::step(root, steps)?;
    // The server embeds web/dist: it does not build without.
    web::build(root, steps)?;
    cargo::lint(root, steps)?;
    cargo::test_all(root, steps)
}

fn pages(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    web::check(root, steps)?;
    web::build(root, steps)
}

fn pages_of_docs(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    let binary = jingce(root, steps)?;
    how_to::follow_all(root, &binary, steps)
}

/// The binary with its pages in it.
fn jingce(root: &Path, steps: &mut Steps) -> Result<std::path::PathBuf, Failure> {
    web::build(root, steps)?;
    cargo::build_jingce(root, steps)
}

fn browser(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    let chromium = browser::find_or_install(root, steps)?;
    web::install(root, steps)?;
    let binary = jingce(root, steps)?;
    let server = steps.step("start the demo", |_| browser::Server::start(&binary, root))?;
    let tested = web::Tested { url: server.url(), binary: &binary, chromium: &chromium };
    let outcome = web::test_browser(root, &tested, steps);
    if outcome.is_err() {
        eprintln!("what the server said:\n{}", server.said());
    }
    outcome
}
