//! Every text → paths of one person's machine and addresses of package hosts, which do not belong in it.

use super::Finding;
use super::tree::Tree;

/// This file has to name what it looks for.
const SELF: &str = "xtask/src/tidy/hosts.rs";
const PATHS: [&str; 5] = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), "/home/", "/Users/", "/tmp/"];
/// First parts of the names of hosts that serve packages.
const HOSTS: [&str; 9] = ["registry", "index", "static", "mirror", "mirrors", "deb", "files", "pypi", "ftp"];

/// Lines that name a place on some machine or a package host.
pub fn names(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| *path != SELF) {
        for (at, line) in text.lines().enumerate() {
            let place = || format!("{path}:{}", at + 1);
            if let Some(found) = PATHS.iter().find(|found| names_path(line, found)) {
                findings.push(Finding::new(
                    place(),
                    format!("`{found}` is a place on one machine: name it relative to the tree"),
                ));
            }
            if names_host(line) {
                findings
                    .push(Finding::new(place(), "names a package host: say which package and let the client find it"));
            }
        }
    }
    findings
}

/// Whether `path` begins a path here, and is not the middle of an address or of another path.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !(c.is_alphanumeric() || "._-/})*~".contains(c)))
    })
}

fn names_host(line: &str) -> bool {
    line.split("://").skip(1).any(|rest| {
        let host = rest.split(['/', ' ', '"', ')', '\'']).next().unwrap_or_default();
        host.split_once('.').is_some_and(|(first, _)| HOSTS.contains(&first))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> usize {
        names(&Tree::of(&[("README.md", line)])).len()
    }

    #[test]
    fn machine_paths_are_found_and_parts_of_other_paths_are_not() {
        assert_eq!(found(concat!("see /ro", "ot/notes and more")), 1);
        assert_eq!(found("let path = \"/tmp/x\";"), 1);
        assert_eq!(found("`/home/someone/data`"), 1);
        assert_eq!(found("https://example.org/home/page and docs/work/x and ${X}/tmp/y and ../tmp/z"), 0);
    }

    #[test]
    fn package_hosts_are_found_and_other_addresses_are_not() {
        assert_eq!(found("get https://registry.example.org/x"), 1);
        assert_eq!(found("\"http://deb.example.org\""), 1);
        assert_eq!(found("see https://example.org/registry/index.html"), 0);
    }
}
