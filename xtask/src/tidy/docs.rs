//! Rust sources → those that do not open with `//!`.

use super::Finding;
use super::tree::Tree;

/// Fewer characters than this say nothing.
const WORDS_MIN_CHARS: usize = 20;

/// Modules that do not say in their first lines what they are for.
pub fn modules(tree: &Tree) -> Vec<Finding> {
    tree.rust()
        .filter(|(_, text)| !says_something(text))
        .map(|(path, _)| {
            Finding::new(path, "must open with `//!`: what it turns into what, and who calls it".to_string())
        })
        .collect()
}

fn says_something(text: &str) -> bool {
    let words = text.lines().take_while(|line| line.starts_with("//!")).map(|line| line[3..].trim().chars().count());
    words.sum::<usize>() >= WORDS_MIN_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_module_is_found() {
        let tree = Tree::of(&[
            ("crates/a/src/lib.rs", "//! Turns bytes into readings. Called by the jobs.\n"),
            ("crates/a/src/b.rs", "use x;\n//! Turns bytes into readings. Called by the jobs.\n"),
            ("crates/a/src/c.rs", "//! stub\n"),
            ("crates/a/build.rs", "fn main() {}\n"),
        ]);
        let found: Vec<String> = modules(&tree).into_iter().map(|finding| finding.place).collect();
        assert_eq!(found, ["crates/a/build.rs", "crates/a/src/b.rs", "crates/a/src/c.rs"]);
    }
}
