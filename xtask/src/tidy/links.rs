//! Markdown pages → relative links, and paths named in backticks, that lead nowhere.

use super::Finding;
use super::tree::Tree;

/// A path in backticks is meant from the root when it begins with one of these.
const ROOTS: [&str; 9] = ["crates/", "web/", "xtask/", "docs/", "data/", "bench/", "scenarios/", ".ci/", ".cargo/"];
/// Marks of a pattern or a placeholder.
const PATTERN: [char; 7] = ['*', '<', '>', '{', '…', '$', ' '];
/// Folders that are made, not kept.
const MADE: [&str; 2] = ["web/dist", "web/test-results"];

/// Links and named paths that lead nowhere; text in fences is not looked at.
pub fn relative(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending("md") {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut fenced = false;
        for (at, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            if fenced {
                continue;
            }
            let place = || format!("{path}:{}", at + 1);
            for link in links(line).filter(|link| !leads(tree, folder, link)) {
                findings.push(Finding::new(place(), format!("the link `{link}` leads nowhere")));
            }
            for named in line.split('`').skip(1).step_by(2).filter(|named| is_path(named)) {
                if !tree.has(named.trim_end_matches('/')) {
                    findings.push(Finding::new(place(), format!("there is no `{named}`")));
                }
            }
        }
    }
    findings
}

/// Targets of `[text](target)` that are meant to be files.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter_map(|target| {
        let file = target.split('#').next().unwrap_or_default();
        (!file.is_empty() && !file.contains("://") && !file.starts_with("mailto:")).then_some(file)
    })
}

fn leads(tree: &Tree, folder: &str, link: &str) -> bool {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return false;
                }
            }
            name => parts.push(name),
        }
    }
    parts.is_empty() || tree.has(&parts.join("/"))
}

fn is_path(text: &str) -> bool {
    ROOTS.iter().any(|root| text.starts_with(root))
        && !text.contains(PATTERN)
        && !MADE.iter().any(|made| text.contains(made))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Vec<String> {
        let tree =
            Tree::of(&[("docs/a.md", text), ("docs/how-to/b.md", ""), ("README.md", ""), ("crates/x/src/y.rs", "")]);
        relative(&tree).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn links_that_lead_somewhere_pass() {
        let text = "[b](how-to/b.md) [r](../README.md#top) [w](https://example.org/x) [top](#x) [f](how-to/) `crates/x/src/y.rs` `crates/x/`\n```\n[z](gone.md)\n```\n`crates/*/src` `crates/<name>/src`";
        assert_eq!(check(text), Vec::<String>::new());
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        assert_eq!(
            check("[c](c.md) and [d](../../d.md)"),
            ["the link `c.md` leads nowhere", "the link `../../d.md` leads nowhere"]
        );
        assert_eq!(check("see `crates/x/src/z.rs`"), ["there is no `crates/x/src/z.rs`"]);
    }
}
