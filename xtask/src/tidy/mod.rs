//! The tree → what in it breaks the habits of STYLE.md and the borders of ARCHITECTURE.md.
//!
//! Each check is a function of the tree's texts, tried on a small broken tree of its own. Called by
//! `cargo xtask tidy`, by every test run, and as tests of this crate.

mod borders;
mod catalogs;
mod docs;
mod forgotten;
mod hosts;
mod links;
mod numbers;
mod papers;
mod size;
mod source;
mod tree;

use crate::steps::{Failure, Steps};
use crate::tally::Tally;
use std::fmt;
use std::path::Path;
use tree::Tree;

/// One place that breaks a rule, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    place: String,
    message: String,
}

impl Finding {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Finding {
        Finding { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

type Check = fn(&Tree) -> Vec<Finding>;

/// Every check by its name.
const CHECKS: [(&str, Check); 14] = [
    ("crates use only what they may", borders::crates),
    ("libraries stay in their crate", borders::libraries),
    ("pure crates name no clock, file or socket", borders::words),
    ("every module says what it is for", docs::modules),
    ("functions and files stay small", size::sizes),
    ("no standard's number and no pollutant or place in code", numbers::literals),
    ("catalogs parse and are watched", catalogs::folders),
    ("no file is forgotten", forgotten::files),
    ("no scenario or golden file is forgotten", forgotten::runners),
    ("links of the papers lead somewhere", links::relative),
    ("no machine paths, no package hosts", hosts::names),
    ("every paper is there, with an invariant per crate", papers::complete),
    ("both READMEs give the same commands", papers::same_commands),
    ("glossary terms are the words of the code", papers::glossary),
];

/// `cargo xtask tidy`.
pub fn run(root: &Path) -> Result<(), Failure> {
    let mut steps = Steps::new();
    step(root, &mut steps)?;
    steps.add(Tally { passed: CHECKS.len() as u64, failed: 0 });
    steps.finish()
}

/// All checks as one step of a run.
pub fn step(root: &Path, steps: &mut Steps) -> Result<(), Failure> {
    steps.step("tidy", |_| {
        let tree = Tree::read(root).map_err(|error| Failure::new(format!("the tree cannot be read: {error}")))?;
        let mut broken = 0;
        for (name, check) in CHECKS {
            let findings = check(&tree);
            println!("{} {name}", if findings.is_empty() { "ok  " } else { "FAIL" });
            for finding in &findings {
                println!("       {finding}");
            }
            broken += findings.len();
        }
        if broken == 0 { Ok(()) } else { Err(Failure::new(format!("{broken} places to mend, listed above"))) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The real tree, check by check.
    #[test]
    fn the_tree_is_tidy() {
        let tree = Tree::read(&crate::root()).expect("the tree can be read");
        let mut findings = Vec::new();
        for (name, check) in CHECKS {
            findings.extend(check(&tree).into_iter().map(|finding| format!("{name}: {finding}")));
        }
        assert!(findings.is_empty(), "\n{}", findings.join("\n"));
    }
}
