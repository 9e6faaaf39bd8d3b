//! `web/` → checked sources and `web/dist`, which the server embeds. Runs npm only when something changed.
//!
//! Called by `suite` and `demo` before anything that builds the server.

use crate::steps::{Failure, Steps, command};
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// What `web/dist` is made of.
const INPUTS: [&str; 8] = [
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "svelte.config.js",
    "tsconfig.json",
];

/// The least Node.js that Vite runs on.
const NODE_MIN: u32 = 20;

/// Packages as the lock file has them, if they are not there yet.
pub fn install(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    let web = root.join("web");
    let installed = modified(&web.join("node_modules/.package-lock.json"));
    if installed.is_some_and(|at| Some(at) >= modified(&web.join("package-lock.json"))) {
        return Ok(());
    }
    need_node()?;
    steps.run("web: packages", npm(&web, &["ci", "--no-audit", "--no-fund"]))
}

/// `web/dist`, if it is older than what it is made of.
pub fn build(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    let web = root.join("web");
    let built = modified(&web.join("dist/index.html"));
    let changed = INPUTS.iter().filter_map(|name| newest(&web.join(name))).max();
    if built.is_some() && built >= changed {
        return Ok(());
    }
    install(root, steps)?;
    steps.run("web: build", npm(&web, &["run", "build"]))
}

/// Types of every page, then the unit tests.
pub fn check(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    install(root, steps)?;
    let web = root.join("web");
    steps.run("web: check", npm(&web, &["run", "check"]))?;
    steps.run("web: unit tests", npm(&web, &["run", "test"]))
}

/// What the browser tests need: a running demo, and the program itself for the pages of a simulated city.
pub struct Tested<'a> {
    pub url: &'a str,
    pub binary: &'a Path,
    pub chromium: &'a Path,
}

/// The pages in a real browser.
pub fn test_browser(root: &Path, tested: &Tested<'_>, steps: &mut Steps) -> Result<(), Failure> {
    let mut run = npm(&root.join("web"), &["run", "test:browser"]);
    run.env("JINGCE_URL", tested.url).env("JINGCE_BIN", tested.binary).env("CHROMIUM", tested.chromium);
    steps.run("browser tests", run)
}

/// A clear word where Node.js is missing or too old.
fn need_node() -> Result<(), Failure> {
    let asked = Command::new("node").arg("--version").output();
    let version = asked.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string()).unwrap_or_default();
    node_is_enough(&version)
}

fn node_is_enough(version: &str) -> Result<(), Failure> {
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_MIN => Ok(()),
        Some(_) => Err(Failure::new(format!("Node.js {version} is too old: install {NODE_MIN} or newer"))),
        None => Err(Failure::new(format!("no Node.js found: install version {NODE_MIN} or newer, with npm"))),
    }
}

fn npm(web: &Path, args: &[&str]) -> Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" }, web);
    npm.args(args);
    npm
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|data| data.modified()).ok()
}

/// When the newest file at or below `path` was changed.
fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return modified(path);
    }
    let entries = path.read_dir().ok()?;
    // The folder itself counts too: it changes when a file is taken away.
    entries.flatten().filter_map(|entry| newest(&entry.path())).chain(modified(path)).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_must_be_there_and_new_enough() {
        assert!(node_is_enough("v20.20.2").is_ok());
        assert!(node_is_enough("v24.1.0").is_ok());
        assert_eq!(
            node_is_enough("v18.19.0").expect_err("old").to_string(),
            "Node.js v18.19.0 is too old: install 20 or newer"
        );
        assert!(node_is_enough("").expect_err("none").to_string().starts_with("no Node.js found"));
    }
}
