//! Rust sources and the catalogs → literals that belong in a catalog: pollutants, places, limits.
//!
//! What to look for is read from the catalogs themselves, so that a new pollutant or standard is looked for
//! from its first day. An exception stands in `xtask/allowed-literals.csv` with its reason.

use super::Finding;
use super::catalogs::table;
use super::source::{Source, product};
use super::tree::Tree;
use std::collections::BTreeSet;

const ALLOWED: &str = "xtask/allowed-literals.csv";
/// Where item codes are given beside the parameters' own codes.
const AVERAGING: [&str; 4] = ["1h", "8h", "24h", "day"];
/// Crates that compute: a limit standing in one of them is a rule in code.
const COMPUTING: [&str; 3] = ["observe", "standards", "indicators"];
/// Numbers that a catalog may hold by chance and code may hold for other reasons: calendar, powers, scales.
const COMMON: [u64; 12] = [100, 128, 200, 256, 300, 360, 365, 366, 400, 500, 512, 600];

/// Codes that are English words as well: alone they say nothing.
const ENGLISH: [&str; 2] = ["no", "do"];

/// What code must not say.
struct Words {
    codes: BTreeSet<String>,
    places: BTreeSet<String>,
    limits: BTreeSet<u64>,
}

/// Pollutant codes, place names and limits in the code of the crates, outside tests.
pub fn literals(tree: &Tree) -> Vec<Finding> {
    let words = Words::of(tree);
    let allowed = allowed(tree);
    let mut used = BTreeSet::new();
    let mut findings = Vec::new();
    for (path, text) in product(tree).filter(|(path, _)| path.starts_with("crates/")) {
        let source = Source::read(text);
        let mut found = words.in_literals(&source);
        if COMPUTING.iter().any(|name| path.starts_with(&format!("crates/{name}/"))) {
            found.extend(words.in_numbers(&source));
        }
        for (line, word, why) in found {
            if allowed.contains(&(path.to_string(), word.clone())) {
                used.insert((path.to_string(), word));
            } else {
                findings.push(Finding::new(format!("{path}:{line}"), format!("`{word}` {why}")));
            }
        }
    }
    for (path, word) in allowed.difference(&used) {
        findings.push(Finding::new(ALLOWED, format!("`{word}` is no longer in {path}: take its row away")));
    }
    findings
}

impl Words {
    fn of(tree: &Tree) -> Words {
        let mut words = Words { codes: BTreeSet::new(), places: BTreeSet::new(), limits: BTreeSet::new() };
        let parameters = table(tree.get("crates/domain/catalog/parameters.csv").unwrap_or_default());
        for row in parameters.rows.iter().filter(|row| parameters.cell(row, "medium") != "weather") {
            let code = parameters.cell(row, "code");
            words.codes.insert(code.to_string());
            words.codes.extend(AVERAGING.map(|time| format!("{code}_{time}")));
        }
        let areas = table(tree.get("data/demo/areas.csv").unwrap_or_default());
        for row in &areas.rows {
            let name = areas.cell(row, "name_zh");
            let short = name.trim_end_matches('市').to_string();
            let rest = ["name_en", "area", "plan"].map(|column| areas.cell(row, column).to_string());
            words.places.extend(rest.into_iter().chain([short]).filter(|place| !place.is_empty()));
        }
        let standards = tree.ending("csv").filter(|(path, _)| path.starts_with("crates/standards/catalog/"));
        for (_, text) in standards.filter(|(path, _)| !path.ends_with("cases.csv")) {
            let cells = table(text).rows.into_iter().flatten();
            words.limits.extend(cells.filter_map(|cell| cell.parse::<u64>().ok()).filter(|limit| is_distinct(*limit)));
        }
        words
    }

    fn in_literals(&self, source: &Source) -> Vec<(usize, String, &'static str)> {
        let mut found = Vec::new();
        for (line, text) in source.literals.iter().filter(|(line, _)| !source.is_test(*line)) {
            let why = "is a pollutant: it belongs in a catalog, code takes it as an argument";
            found.extend(self.codes_in(text).into_iter().map(|word| (*line, word, why)));
            // The name of UTC+8, wherever the data are from.
            let text = text.replace("北京时间", "");
            let places = self.places.iter().filter(|place| text.contains(place.as_str()));
            found.extend(places.map(|place| (*line, place.clone(), "is a place: it belongs in data")));
        }
        found
    }

    /// Codes that stand in `text` as a word. A code without a digit counts only where the whole text is made
    /// of codes and dots, since `co` may be half a word.
    fn codes_in(&self, text: &str) -> Vec<String> {
        let like_id = !ENGLISH.contains(&text)
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.;,".contains(c));
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).map(str::to_ascii_lowercase);
        let known = words.filter(|word| self.codes.contains(word));
        known.filter(|word| like_id || word.chars().any(|c| c.is_ascii_digit())).collect()
    }

    fn in_numbers(&self, source: &Source) -> Vec<(usize, String, &'static str)> {
        let why = "is a number of a standard: it belongs in a catalog with clause and dates";
        let mut found = Vec::new();
        for (line, code) in source.lines() {
            for word in code.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
                let digits = word.replace('_', "");
                if digits.parse().is_ok_and(|number| self.limits.contains(&number)) {
                    found.push((line, digits, why));
                }
            }
        }
        found
    }
}

/// Whether a limit is a number nobody writes by chance.
fn is_distinct(limit: u64) -> bool {
    limit > 100 && !COMMON.contains(&limit) && !limit.is_multiple_of(1000)
}

fn allowed(tree: &Tree) -> BTreeSet<(String, String)> {
    let rows = table(tree.get(ALLOWED).unwrap_or_default());
    let with_reason = rows.rows.iter().filter(|row| !rows.cell(row, "reason").is_empty());
    with_reason.map(|row| (rows.cell(row, "path").to_string(), rows.cell(row, "literal").to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOGS: [(&str, &str); 4] = [
        ("crates/domain/catalog/parameters.csv", "code,medium\npm25,air\no3,air\nco,air\nno,air\nwind_speed,weather\n"),
        ("data/demo/areas.csv", "area,name_zh,name_en,plan\n990000,某某市,Nowhere,nowhere-145\n"),
        ("crates/standards/catalog/x-2001/limits.csv", "item,limit\npm25,115\no3,200\n"),
        ("crates/standards/catalog/x-2001/cases.csv", "given,expect\n777,778\n"),
    ];

    fn check(path: &str, code: &str, more: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<(&str, &str)> = CATALOGS.iter().chain(more).copied().chain([(path, code)]).collect();
        literals(&Tree::of(&files)).into_iter().map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn pollutants_in_literals_are_found() {
        for bad in ["\"pm25\"", "\"o3_8h\"", "\"air.pm25.mean\"", "\"co\"", "\"so much PM25 today\"", "r\"o3;x\""] {
            let found = check("crates/server/src/a.rs", &format!("//! x\nconst A: &str = {bad};\n"), &[]);
            assert_eq!(found.len(), 1, "{bad}: {found:?}");
            assert!(found[0].starts_with("crates/server/src/a.rs:2: `"), "{found:?}");
        }
        for good in ["\"there is no value\"", "\"wind_speed\"", "\"pm25x\"", "\"phone\"", "\"no\"", "\"no-such-area\""]
        {
            assert_eq!(check("crates/server/src/a.rs", &format!("const A: &str = {good};\n"), &[]).len(), 0, "{good}");
        }
    }

    #[test]
    fn places_in_literals_are_found() {
        for bad in ["\"某某的\"", "\"Nowhere\"", "\"990000\"", "\"nowhere-145\""] {
            assert_eq!(
                check("crates/server/src/a.rs", &format!("const A: &str = {bad};\n"), &[]).len().min(1),
                1,
                "{bad}"
            );
        }
    }

    #[test]
    fn limits_in_computing_crates_are_found() {
        let code = "fn f(c: u64) -> bool { c > 115 && c < 200 && c != 777 }\n";
        let found = check("crates/observe/src/a.rs", code, &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("`115` is a number of a standard"), "{found:?}");
        assert_eq!(check("crates/server/src/a.rs", code, &[]).len(), 0);
    }

    #[test]
    fn tests_examples_and_words_may_name_them() {
        assert_eq!(
            check(
                "crates/observe/src/a.rs",
                "//! pm25\n#[cfg(test)]\nmod tests { const A: &str = \"pm25\"; const B: u8 = 115; }\n",
                &[]
            )
            .len(),
            0
        );
        assert_eq!(check("crates/observe/tests/it/a.rs", "const A: &str = \"pm25\";\n", &[]).len(), 0);
        assert_eq!(check("crates/report/examples/a.rs", "const A: &str = \"pm25\";\n", &[]).len(), 0);
    }

    #[test]
    fn an_exception_needs_a_reason_and_a_use() {
        let code = "const A: &str = \"pm25\";\n";
        let list = |row: &str| format!("path,literal,reason\n{row}\n");
        let with = |row: &str| check("crates/server/src/a.rs", code, &[(ALLOWED, &list(row))]);
        assert_eq!(with("crates/server/src/a.rs,pm25,the fixed columns of a command").len(), 0);
        assert_eq!(with("crates/server/src/a.rs,pm25,").len(), 1);
        assert_eq!(with("crates/server/src/b.rs,pm25,moved").len(), 2);
    }
}
