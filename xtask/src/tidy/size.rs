//! Sources → functions and files that outgrew a screen, less the exceptions of `xtask/ratchet.csv`.
//!
//! The list of exceptions may only shrink: a row that is larger than what it excuses fails too.

use super::Finding;
use super::source::{Source, product};
use super::tree::Tree;
use std::collections::BTreeMap;

/// Lines of a function, from `fn` to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;
/// Lines of a file without its tests.
const FILE_LINES_MAX: usize = 500;
const RATCHET: &str = "xtask/ratchet.csv";

/// What is too long and not excused, and excuses that are too generous.
pub fn sizes(tree: &Tree) -> Vec<Finding> {
    let (excused, mut findings) = excuses(tree.get(RATCHET).unwrap_or_default());
    let mut long: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (path, text) in product(tree) {
        let source = Source::read(text);
        for function in source.functions().into_iter().filter(|function| function.lines > FUNCTION_LINES_MAX) {
            let entry = long.entry(format!("{path}::{}", function.name)).or_insert((0, FUNCTION_LINES_MAX));
            entry.0 = entry.0.max(function.lines);
        }
        measure(path, source.lines_without_tests(), &mut long);
    }
    for ending in ["ts", "svelte", "css", "mjs"] {
        for (path, text) in tree.ending(ending).filter(|(path, _)| !is_tests(path)) {
            measure(path, text.lines().count(), &mut long);
        }
    }
    for (what, (lines, most)) in &long {
        match excused.get(what) {
            Some(excuse) if lines <= excuse => {}
            Some(excuse) => findings.push(Finding::new(what, format!("grew from {excuse} to {lines} lines: split it"))),
            None => findings.push(Finding::new(what, format!("{lines} lines, at most {most}: split it"))),
        }
    }
    for (what, excuse) in &excused {
        match long.get(what) {
            Some((lines, _)) if lines == excuse => {}
            Some((lines, _)) if lines > excuse => {}
            Some((lines, _)) => {
                findings.push(Finding::new(RATCHET, format!("`{what}` shrank to {lines} lines: write {lines}")))
            }
            None => findings.push(Finding::new(RATCHET, format!("`{what}` is short now: take its row away"))),
        }
    }
    findings
}

fn measure(path: &str, lines: usize, long: &mut BTreeMap<String, (usize, usize)>) {
    if lines > FILE_LINES_MAX {
        long.insert(path.to_string(), (lines, FILE_LINES_MAX));
    }
}

fn is_tests(path: &str) -> bool {
    path.contains("/tests/") || path.contains(".test.") || path.ends_with("/tests.rs")
}

/// Rows `what,lines` under a header.
fn excuses(csv: &str) -> (BTreeMap<String, usize>, Vec<Finding>) {
    let mut excused = BTreeMap::new();
    let mut findings = Vec::new();
    for (at, row) in csv.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty()) {
        match row.rsplit_once(',').and_then(|(what, lines)| Some((what.to_string(), lines.trim().parse().ok()?))) {
            Some((what, lines)) => {
                excused.insert(what, lines);
            }
            None => {
                findings.push(Finding::new(format!("{RATCHET}:{}", at + 1), format!("`{row}` is not `what,lines`")))
            }
        }
    }
    (excused, findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(name: &str, lines: usize) -> String {
        format!("//! x\nfn {name}() {{\n{}}}\n", "    a();\n".repeat(lines - 2))
    }

    fn check(files: &[(&str, &str)]) -> Vec<String> {
        sizes(&Tree::of(files)).into_iter().map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn a_long_function_is_found_and_one_at_the_limit_is_not() {
        assert_eq!(check(&[("x/src/a.rs", &function("f", 70))]), Vec::<String>::new());
        assert_eq!(check(&[("x/src/a.rs", &function("f", 71))]), ["x/src/a.rs::f: 71 lines, at most 70: split it"]);
    }

    #[test]
    fn a_long_file_is_found_without_its_tests() {
        let code = "const A: u8 = 1;\n".repeat(500);
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "fn a() {}\n".repeat(300));
        assert_eq!(check(&[("x/src/a.rs", &format!("{code}{tests}"))]), Vec::<String>::new());
        assert_eq!(
            check(&[("x/src/a.rs", &format!("{code}\n{tests}"))]),
            ["x/src/a.rs: 501 lines, at most 500: split it"]
        );
        assert_eq!(check(&[("web/src/a.svelte", &"x\n".repeat(501))]).len(), 1);
        assert_eq!(check(&[("web/tests/browser/a.mjs", &"x\n".repeat(501))]).len(), 0);
    }

    #[test]
    fn excuses_may_only_shrink() {
        let long = function("f", 90);
        let with = |row: &str| check(&[("x/src/a.rs", &long), (RATCHET, &format!("what,lines\n{row}\n"))]);
        assert_eq!(with("x/src/a.rs::f,90"), Vec::<String>::new());
        assert_eq!(with("x/src/a.rs::f,80"), ["x/src/a.rs::f: grew from 80 to 90 lines: split it"]);
        assert_eq!(with("x/src/a.rs::f,95"), ["xtask/ratchet.csv: `x/src/a.rs::f` shrank to 90 lines: write 90"]);
        assert!(
            with("x/src/a.rs::g,90")
                .contains(&"xtask/ratchet.csv: `x/src/a.rs::g` is short now: take its row away".to_string())
        );
        assert!(with("nonsense")[0].contains("is not `what,lines`"));
    }
}
