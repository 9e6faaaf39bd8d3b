//! A line printed by a test runner → how many tests it says passed and failed.
//!
//! Knows the closing lines of cargo test, cargo-nextest, vitest and node's runner. Called by `steps` for
//! every line that goes by.

use std::ops::AddAssign;

/// Tests counted so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed or timed out.
    pub failed: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// What one line of output adds to the count.
pub fn count(line: &str) -> Tally {
    let line = without_colour(line);
    // Indented, it is what nextest shows of one failed test, which its own summary counts.
    let cargo = line.starts_with("test result:");
    let line = line.trim();
    let closing =
        cargo || line.starts_with("Summary [") || line.strip_prefix("Tests").is_some_and(|rest| rest.starts_with(' '));
    if closing {
        let failed = before(line, "failed") + before(line, "timed out");
        return Tally { passed: before(line, "passed"), failed };
    }
    let node = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "));
    Tally { passed: after(node, "pass "), failed: after(node, "fail ") }
}

/// The number in front of `word`: 12 in `12 passed`.
fn before(line: &str, word: &str) -> u64 {
    let Some(at) = line.find(word) else { return 0 };
    let number = line[..at].split_whitespace().next_back().unwrap_or_default();
    number.parse().unwrap_or(0)
}

fn after(line: Option<&str>, word: &str) -> u64 {
    line.and_then(|line| line.strip_prefix(word)).and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

/// The line without terminal colour codes.
fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            for code in chars.by_ref() {
                if code.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn counts_the_closing_lines_of_every_runner() {
        // Lines as printed by cargo test 1.95, cargo-nextest 0.9, vitest 4, node 20.
        let cargo = "test result: ok. 7 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(count(cargo), tally(7, 1));
        assert_eq!(
            count("     Summary [   0.112s] 42 tests run: 40 passed (1 slow), 2 failed, 3 skipped"),
            tally(40, 2)
        );
        assert_eq!(count("     Summary [   9.1s] 4 tests run: 3 passed, 1 timed out, 0 skipped"), tally(3, 1));
        assert_eq!(count("      Tests  1 failed | 33 passed (34)"), tally(33, 1));
        assert_eq!(count("# pass 12"), tally(12, 0));
        assert_eq!(count("ℹ fail 3"), tally(0, 3));
    }

    #[test]
    fn colour_does_not_hide_a_count() {
        assert_eq!(
            count("\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m5 passed\u{1b}[39m\u{1b}[22m (5)"),
            tally(5, 0)
        );
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in
            ["running 4 tests", " Test Files  3 passed (3)", "Tests passed", "5 passed", "# tests 9", "", "# passing 3"]
        {
            assert_eq!(count(line), Tally::default(), "{line}");
        }
    }
}
