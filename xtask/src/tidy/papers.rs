//! The papers at the root → those missing, crates without an invariant, commands and terms that drifted.

use super::Finding;
use super::tree::Tree;
use std::collections::BTreeSet;

const PAPERS: [&str; 13] = [
    "README.md",
    "README.zh-CN.md",
    "ARCHITECTURE.md",
    "STYLE.md",
    "GLOSSARY.md",
    "CHANGELOG.md",
    "LICENSE",
    "docs/life-of-a-measurement.md",
    "docs/life-of-a-frame.md",
    "docs/how-to/add-a-standard.md",
    "docs/how-to/add-an-indicator.md",
    "docs/how-to/add-an-import-mapping.md",
    "docs/how-to/connect-instruments.md",
];

/// Every paper there, and in ARCHITECTURE.md a section with an invariant for every crate.
pub fn complete(tree: &Tree) -> Vec<Finding> {
    let missing = PAPERS.iter().filter(|paper| !tree.has(paper));
    let mut findings: Vec<Finding> = missing.map(|paper| Finding::new(*paper, "is missing")).collect();
    let architecture = tree.get("ARCHITECTURE.md").unwrap_or_default();
    for (folder, _) in tree.members().filter(|(folder, _)| folder.starts_with("crates/")) {
        match section(architecture, &format!("`{folder}`")) {
            None => findings.push(Finding::new("ARCHITECTURE.md", format!("no section for `{folder}`"))),
            Some(text) if !text.contains("**Invariant**") => {
                findings.push(Finding::new(
                    "ARCHITECTURE.md",
                    format!("the section for `{folder}` states no **Invariant**"),
                ));
            }
            Some(_) => {}
        }
    }
    findings
}

/// README.md and README.zh-CN.md show the same commands in the same order.
pub fn same_commands(tree: &Tree) -> Vec<Finding> {
    let english = commands(tree.get("README.md").unwrap_or_default());
    let chinese = commands(tree.get("README.zh-CN.md").unwrap_or_default());
    let differs = (0..english.len().max(chinese.len())).find(|at| english.get(*at) != chinese.get(*at));
    let differs =
        differs.map(|at| (english.get(at).cloned().unwrap_or_default(), chinese.get(at).cloned().unwrap_or_default()));
    differs
        .map(|(en, zh)| Finding::new("README.zh-CN.md", format!("has `{zh}` where README.md has `{en}`")))
        .into_iter()
        .collect()
}

/// Each row of GLOSSARY.md `| zh | en | code | … |`: both words given, once only, and the code word in use.
pub fn glossary(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for (at, line) in tree.get("GLOSSARY.md").unwrap_or_default().lines().enumerate() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        if !line.starts_with('|') || cells.len() < 4 || cells[0] == "zh" || cells[0].starts_with("--") {
            continue;
        }
        let place = format!("GLOSSARY.md:{}", at + 1);
        for word in &cells[..2] {
            if word.is_empty() {
                findings.push(Finding::new(&place, "a term needs its word in zh and in en"));
            } else if !seen.insert(word.to_lowercase()) {
                findings.push(Finding::new(&place, format!("`{word}` is explained twice")));
            }
        }
        for word in cells[2].split('`').skip(1).step_by(2).filter(|word| !is_used(tree, word)) {
            findings.push(Finding::new(
                &place,
                format!("`{word}` is not a word of the code: the term wins, rename the code or mend the row"),
            ));
        }
    }
    findings
}

fn is_used(tree: &Tree, word: &str) -> bool {
    let sources = tree.texts().filter(|(path, _)| {
        path.starts_with("crates/") && [".rs", ".toml", ".csv"].iter().any(|ending| path.ends_with(ending))
    });
    sources.into_iter().any(|(_, text)| {
        text.match_indices(word).any(|(at, _)| {
            let inside = |c: char| c.is_alphanumeric() || c == '_';
            !text[..at].ends_with(inside) && !text[at + word.len()..].starts_with(inside)
        })
    })
}

/// From the heading that names `what` to the next heading.
fn section<'a>(text: &'a str, what: &str) -> Option<&'a str> {
    let heading = text.lines().find(|line| line.starts_with('#') && line.contains(what))?;
    let rest = &text[text.find(heading)? + heading.len()..];
    Some(rest.find("\n#").map_or(rest, |end| &rest[..end]))
}

/// Lines of ```sh fences without their comments.
fn commands(text: &str) -> Vec<String> {
    let mut list = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside {
            let command = line.split(" #").next().unwrap_or_default().trim();
            if !command.is_empty() && !command.starts_with('#') {
                list.push(command.to_string());
            }
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(findings: Vec<Finding>) -> Vec<String> {
        findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_crate_without_section_or_invariant_is_found() {
        let architecture = "# Map\n### `crates/a`\nText.\n**Invariant**: never.\n### `crates/b`\nText.\n";
        let mut files: Vec<(&str, &str)> = PAPERS.iter().map(|paper| (*paper, "")).collect();
        files.push(("ARCHITECTURE.md", architecture));
        files.extend([("crates/a/Cargo.toml", ""), ("crates/b/Cargo.toml", ""), ("crates/c/Cargo.toml", "")]);
        let found = messages(complete(&Tree::of(&files)));
        assert_eq!(found, ["the section for `crates/b` states no **Invariant**", "no section for `crates/c`"]);
        assert_eq!(messages(complete(&Tree::of(&[]))).len(), PAPERS.len());
    }

    #[test]
    fn commands_that_differ_are_found() {
        let en = "```sh\ncargo xtask demo   # see it\ncargo xtask test\n```\n```text\nx\n```\n";
        let zh = "```sh\n# 演示\ncargo xtask demo\ncargo xtask tests\n```\n";
        let found = messages(same_commands(&Tree::of(&[("README.md", en), ("README.zh-CN.md", zh)])));
        assert_eq!(found, ["has `cargo xtask tests` where README.md has `cargo xtask test`"]);
        assert!(same_commands(&Tree::of(&[("README.md", en), ("README.zh-CN.md", en)])).is_empty());
    }

    #[test]
    fn glossary_rows_are_whole_unique_and_in_use() {
        let text = "| zh | en | code | meaning |\n|---|---|---|---|\n| 站点 | station | `Station` | x |\n| 测站 | Station | | x |\n| | day | `Days` | x |\n";
        let tree =
            Tree::of(&[("GLOSSARY.md", text), ("crates/a/src/lib.rs", "pub struct Station; fn StationDays() {}")]);
        let found = messages(glossary(&tree));
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].contains("`Station` is explained twice"));
        assert!(found[1].contains("needs its word in zh and in en"));
        assert!(found[2].contains("`Days` is not a word of the code"));
    }
}
