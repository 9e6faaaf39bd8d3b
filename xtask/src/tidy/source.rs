//! Rust text → the same text with comments and literals blanked out, its string literals, its functions,
//! and which lines are tests. A small reader, not a parser: enough for the checks that use it.

use super::tree::Tree;
use std::collections::BTreeSet;
use std::ops::Range;

/// Rust sources of the tree that the product is made of: without tests, examples and build scripts.
pub fn product(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    let tests = test_modules(tree);
    let is_test = move |path: &str| {
        tests
            .iter()
            .any(|module| path.strip_prefix(module.as_str()).is_some_and(|rest| rest == ".rs" || rest.starts_with('/')))
    };
    tree.rust().filter(move |(path, _)| path.contains("/src/") && !is_test(path))
}

/// Modules whose `mod` stands under `#[cfg(test)]`, as paths without `.rs`; what is below them is tests too.
fn test_modules(tree: &Tree) -> BTreeSet<String> {
    let mut modules = BTreeSet::new();
    for (path, text) in tree.rust().filter(|(_, text)| text.contains("#[cfg(test)]")) {
        let stem = path.trim_end_matches(".rs");
        let own = ["/lib", "/main", "/mod"].iter().find_map(|root| stem.strip_suffix(root));
        let folder = own.unwrap_or(stem);
        let source = Source::read(text);
        let lines = source.code.lines().enumerate().filter(|(at, _)| source.is_test(at + 1));
        let names = lines.filter_map(|(_, line)| line.split("mod ").nth(1)?.strip_suffix(';'));
        modules.extend(names.map(|name| format!("{folder}/{name}")));
    }
    modules
}

/// A source file, read for checking.
#[derive(Debug)]
pub struct Source {
    /// The code: comments gone, literals empty, line breaks where they were.
    pub code: String,
    /// String literals with the line they begin on, from 1.
    pub literals: Vec<(usize, String)>,
    /// Line ranges that exist only for tests, from 1, end exclusive.
    tests: Vec<Range<usize>>,
}

/// One function with a body.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Line of the `fn`, from 1.
    pub line: usize,
    /// Lines from `fn` to the closing brace.
    pub lines: usize,
}

impl Source {
    /// Reads `text`.
    pub fn read(text: &str) -> Source {
        let mut reader =
            Reader { chars: text.chars().collect(), at: 0, line: 1, code: String::new(), literals: Vec::new() };
        reader.run();
        let tests = test_lines(&reader.code);
        Source { code: reader.code, literals: reader.literals, tests }
    }

    /// Whether a line exists only for tests.
    pub fn is_test(&self, line: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&line))
    }

    /// Number of lines that are not tests.
    pub fn lines_without_tests(&self) -> usize {
        self.code.lines().count() - self.tests.iter().map(ExactSizeIterator::len).sum::<usize>()
    }

    /// Lines of code outside tests, with their number from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(line, _)| !self.is_test(*line))
    }

    /// Functions outside tests.
    pub fn functions(&self) -> Vec<Function> {
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("fn ") {
            if self.code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let name: String = self.code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let line = line_of(&self.code, at);
            if name.is_empty() || self.is_test(line) {
                continue;
            }
            if let Some(end) = item_end(&self.code, at).filter(|end| self.code[..*end].ends_with('}')) {
                found.push(Function { name, line, lines: line_of(&self.code, end - 1) - line + 1 });
            }
        }
        found
    }
}

/// Lines of items under `#[cfg(test)]`, attribute included.
fn test_lines(code: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, _) in code.match_indices("#[cfg(test)]") {
        let end = item_end(code, at + "#[cfg(test)]".len()).unwrap_or(code.len());
        let range = line_of(code, at)..line_of(code, end.saturating_sub(1)) + 1;
        // Inside one that is known already.
        if ranges.last().is_none_or(|last| range.start >= last.end) {
            ranges.push(range);
        }
    }
    ranges
}

/// Just past the item that begins at or after `from`: its `;` or the brace that closes its body.
fn item_end(code: &str, from: usize) -> Option<usize> {
    let mut round = 0_i32;
    let mut braces = 0_i32;
    for (at, c) in code[from..].char_indices() {
        match c {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces == 0 && round == 0 {
                    return Some(from + at + 1);
                }
            }
            ';' if braces == 0 && round == 0 => return Some(from + at + 1),
            _ => {}
        }
        if braces < 0 || round < 0 {
            return None;
        }
    }
    None
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    literals: Vec<(usize, String)>,
}

impl Reader {
    fn run(&mut self) {
        while let Some(c) = self.peek(0) {
            let starts_word = !self.code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            match (c, self.peek(1)) {
                ('/', Some('/')) => self.line_comment(),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.string(),
                ('\'', _) => self.quote(),
                ('r', Some('"' | '#')) if starts_word && self.raw_hashes(1).is_some() => self.raw(1),
                ('b' | 'c', Some('r')) if starts_word && self.raw_hashes(2).is_some() => self.raw(2),
                _ => self.keep(),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    /// Takes one character into the code.
    fn keep(&mut self) {
        if let Some(c) = self.peek(0) {
            self.code.push(c);
            self.line += usize::from(c == '\n');
            self.at += 1;
        }
    }

    /// Takes one character out of the code; line breaks stay.
    fn skip(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        if c == '\n' {
            self.code.push(c);
            self.line += 1;
        }
        self.at += 1;
        Some(c)
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.at += 1;
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => {
                    depth += 1;
                    self.at += 2;
                }
                (Some('*'), Some('/')) => {
                    depth -= 1;
                    self.at += 2;
                }
                (None, _) => return,
                _ => {
                    self.skip();
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        let line = self.line;
        let mut text = String::new();
        self.keep();
        while let Some(c) = self.skip() {
            match c {
                '"' => break,
                '\\' => match self.skip() {
                    Some('n') => text.push('\n'),
                    Some(escaped) if !escaped.is_whitespace() => text.push(escaped),
                    _ => {}
                },
                _ => text.push(c),
            }
        }
        self.code.push('"');
        self.literals.push((line, text));
    }

    /// Number of `#` of a raw string whose `r` is `ahead - 1` from here.
    fn raw_hashes(&self, ahead: usize) -> Option<usize> {
        let hashes = self.chars[self.at + ahead..].iter().take_while(|c| **c == '#').count();
        (self.peek(ahead + hashes) == Some('"')).then_some(hashes)
    }

    fn raw(&mut self, prefix: usize) {
        let hashes = self.raw_hashes(prefix).unwrap_or(0);
        let line = self.line;
        self.at += prefix + hashes + 1;
        let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
        let mut text = String::new();
        while self.at < self.chars.len() && !self.chars[self.at..].starts_with(&end) {
            text.extend(self.skip());
        }
        self.at = (self.at + end.len()).min(self.chars.len());
        self.code.push_str("\"\"");
        self.literals.push((line, text));
    }

    /// A character literal, or the mark of a lifetime.
    fn quote(&mut self) {
        let is_char = self.peek(1) == Some('\\') || self.peek(2) == Some('\'');
        if !is_char {
            return self.keep();
        }
        self.at += if self.peek(1) == Some('\\') { 3 } else { 2 };
        while self.skip().is_some_and(|c| c != '\'') {}
        self.code.push_str("' '");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_test_modules_are_not_the_product() {
        let tree = Tree::of(&[
            ("crates/a/build.rs", ""),
            ("crates/a/src/lib.rs", "mod b;\n#[cfg(test)]\nmod sample;\n"),
            ("crates/a/src/b.rs", "#[cfg(test)]\nmod cases;\nfn f() {}\n"),
            ("crates/a/src/b/cases/mod.rs", "mod deep;"),
            ("crates/a/src/b/cases/deep.rs", ""),
            ("crates/a/src/samples.rs", ""),
            ("crates/a/src/sample.rs", ""),
            ("crates/a/examples/x.rs", ""),
        ]);
        let found: Vec<&str> = product(&tree).map(|(path, _)| path).collect();
        assert_eq!(found, ["crates/a/src/b.rs", "crates/a/src/lib.rs", "crates/a/src/samples.rs"]);
    }

    #[test]
    fn comments_and_literals_are_not_code() {
        let text = "let a = \"x // y\"; // fn no() {}\n/* { /* nested */ } */ let b = r#\"raw \"q\" {\"#; let c = '{'; let d: &'static str = b\"{\";\n";
        let source = Source::read(text);
        assert!(!source.code.contains('{'), "{}", source.code);
        assert!(source.code.contains("&'static str"));
        let found: Vec<&str> = source.literals.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(found, ["x // y", "raw \"q\" {", "{"]);
        assert_eq!(source.literals[1].0, 2);
    }

    #[test]
    fn escapes_and_odd_characters_do_not_end_a_literal_early() {
        let source = Source::read(
            "let a = \"q\\\"{\"; let b = '\\''; let c = '\\u{7b}'; let d = '\\\\'; fn f<'a>(x: &'a str) {}\n",
        );
        assert_eq!(source.literals, [(1, "q\"{".to_string())]);
        assert_eq!(source.functions().len(), 1, "{}", source.code);
    }

    #[test]
    fn functions_are_measured_from_fn_to_brace() {
        let text = "/// doc\npub fn long(\n    a: [u8; 2],\n) -> u8\nwhere\n    u8: Copy,\n{\n    a[0]\n}\ntrait T { fn none(&self); fn some(&self) {} }\n";
        let functions = Source::read(text).functions();
        let found: Vec<(&str, usize, usize)> = functions.iter().map(|f| (f.name.as_str(), f.line, f.lines)).collect();
        assert_eq!(found, [("long", 2, 8), ("some", 10, 1)]);
    }

    #[test]
    fn lines_under_cfg_test_are_tests() {
        let text = "fn a() {}\n#[cfg(test)]\nuse x::y;\nfn b() {}\n#[cfg(test)]\nmod tests {\n    fn c() {\n    }\n}\n";
        let source = Source::read(text);
        let tests: Vec<usize> = (1..=9).filter(|line| source.is_test(*line)).collect();
        assert_eq!(tests, [2, 3, 5, 6, 7, 8, 9]);
        assert_eq!(source.lines_without_tests(), 2);
        assert_eq!(source.functions().iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    }
}
