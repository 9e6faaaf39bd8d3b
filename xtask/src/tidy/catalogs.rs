//! Catalog folders → files that cannot be read, texts in one language only, crates that would not notice.
//!
//! What the tables mean is checked by the crate that reads them; here only that every file is whole.

use super::Finding;
use super::source::Source;
use super::tree::Tree;
use std::collections::BTreeSet;

/// A CSV text, cells trimmed.
#[derive(Debug, Default)]
pub struct Csv {
    /// The first row.
    pub header: Vec<String>,
    /// The rows after it; empty lines are left out.
    pub rows: Vec<Vec<String>>,
}

impl Csv {
    /// The cell of `row` under the header `column`, empty when there is none.
    pub fn cell<'a>(&self, row: &'a [String], column: &str) -> &'a str {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| row.get(at)).map_or("", String::as_str)
    }
}

/// Every catalog file whole, every text in both languages, every crate built again when one changes.
pub fn folders(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        if !path.starts_with("crates/") || !path.contains("/catalog/") {
            continue;
        }
        let problems = match path.rsplit_once('.') {
            Some((_, "toml")) => toml_problems(text),
            // A sample may be broken on purpose.
            Some((_, "csv")) if !path.contains("/samples/") => csv_problems(text),
            _ => Vec::new(),
        };
        findings.extend(problems.into_iter().map(|problem| Finding::new(path, problem)));
    }
    let embeds = tree.rust().filter(|(_, text)| Source::read(text).code.contains("include_dir!"));
    let crates: BTreeSet<&str> = embeds.filter_map(|(path, _)| Some(path.split_once("/src/")?.0)).collect();
    for name in crates {
        let build = format!("{name}/build.rs");
        if !tree.get(&build).is_some_and(|text| text.contains("rerun-if-changed=catalog")) {
            let message = "must print `cargo::rerun-if-changed=catalog`: an embedded folder does not notice new files";
            findings.push(Finding::new(build, message));
        }
    }
    findings
}

/// Reads a CSV text: commas, quotes doubled inside quotes.
pub fn table(text: &str) -> Csv {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell).trim().to_string()),
            '\n' if !quoted => end_row(&mut rows, &mut row, &mut cell),
            '\r' if !quoted => {}
            _ => cell.push(c),
        }
    }
    end_row(&mut rows, &mut row, &mut cell);
    let mut rows = rows.into_iter();
    Csv { header: rows.next().unwrap_or_default(), rows: rows.collect() }
}

fn end_row(rows: &mut Vec<Vec<String>>, row: &mut Vec<String>, cell: &mut String) {
    row.push(std::mem::take(cell).trim().to_string());
    let row = std::mem::take(row);
    if row.len() > 1 || !row[0].is_empty() {
        rows.push(row);
    }
}

fn csv_problems(text: &str) -> Vec<String> {
    let csv = table(text);
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for name in csv.header.iter().filter(|name| !seen.insert(name.as_str())) {
        problems.push(format!("column `{name}` stands twice in the header"));
    }
    for (at, row) in csv.rows.iter().enumerate().filter(|(_, row)| row.len() != csv.header.len()) {
        let first = row.first().map_or("", String::as_str);
        let (has, needs) = (row.len(), csv.header.len());
        problems.push(format!("row {} (`{first}`) has {has} cells, the header {needs}", at + 2));
    }
    problems
}

fn toml_problems(text: &str) -> Vec<String> {
    match text.parse::<toml::Table>() {
        Ok(table) => {
            let mut problems = Vec::new();
            one_language(&toml::Value::Table(table), "", &mut problems);
            problems
        }
        Err(error) => vec![format!("cannot be read: {error}")],
    }
}

/// A table with `zh` needs `en` beside it, and the other way round.
fn one_language(value: &toml::Value, at: &str, problems: &mut Vec<String>) {
    match value {
        toml::Value::Table(table) => {
            let says = |lang: &str| table.get(lang).and_then(toml::Value::as_str).is_some_and(|text| !text.is_empty());
            let has = |lang: &str| table.contains_key(lang);
            if (has("zh") || has("en")) && says("zh") != says("en") {
                problems.push(format!("`{at}` must be said in zh and en, or left out"));
            }
            for (key, below) in table {
                let path = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                one_language(below, &path, problems);
            }
        }
        toml::Value::Array(list) => {
            for (index, below) in list.iter().enumerate() {
                one_language(below, &format!("{at}[{index}]"), problems);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)]) -> Vec<String> {
        let build = ("crates/standards/build.rs", "fn main() { println!(\"cargo::rerun-if-changed=catalog\"); }");
        let files: Vec<(&str, &str)> = files.iter().copied().chain([build]).collect();
        folders(&Tree::of(&files)).into_iter().map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn a_broken_definition_is_found() {
        let found = check(&[("crates/standards/catalog/x/standard.toml", "id = ")]);
        assert!(found[0].starts_with("crates/standards/catalog/x/standard.toml: cannot be read"), "{found:?}");
    }

    #[test]
    fn a_text_in_one_language_is_found() {
        let text = "[[level]]\nname = { zh = \"优\", en = \"\" }\n[title]\nzh = \"甲\"\nen = \"a\"\n";
        let found = check(&[("crates/standards/catalog/x/standard.toml", text)]);
        assert_eq!(
            found,
            ["crates/standards/catalog/x/standard.toml: `level[0].name` must be said in zh and en, or left out"]
        );
    }

    #[test]
    fn a_row_of_another_length_and_a_column_twice_are_found() {
        let found = check(&[("crates/standards/catalog/x/limits.csv", "a,b,a\n1,\"2,2\",3\n\n4,5\n")]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].ends_with("column `a` stands twice in the header"));
        assert!(found[1].ends_with("row 3 (`4`) has 2 cells, the header 3"));
    }

    #[test]
    fn a_crate_that_would_not_notice_is_found() {
        let embeds = "static ALL: Dir = include_dir!(\"$CARGO_MANIFEST_DIR/catalog\");";
        let tree = Tree::of(&[
            ("crates/intake/src/mapping/mod.rs", embeds),
            ("crates/domain/src/unit.rs", "include_str!(\"x\")"),
        ]);
        let found: Vec<String> = folders(&tree).into_iter().map(|finding| finding.place).collect();
        assert_eq!(found, ["crates/intake/build.rs"]);
    }

    #[test]
    fn quotes_hold_commas_quotes_and_lines() {
        let csv = table("\u{feff}a,b\r\n\"x,\"\"y\"\"\nz\",2\r\n");
        assert_eq!(csv.header, ["a", "b"]);
        assert_eq!(csv.rows, [["x,\"y\"\nz", "2"]]);
        assert_eq!(csv.cell(&csv.rows[0], "b"), "2");
    }
}
