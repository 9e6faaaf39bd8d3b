//! The tree → source and test files that nothing builds or runs.

use super::Finding;
use super::source::Source;
use super::tree::Tree;

/// Rust files no `mod` names, integration tests outside the one binary, web tests no runner looks for.
pub fn files(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, _) in tree.rust() {
        if let Some((folder, file)) = path.rsplit_once('/').filter(|(folder, _)| is_tests_folder(folder)) {
            let message = format!(
                "is a test binary of its own, which costs a link each: move it to `{folder}/it/{file}` and name it in `{folder}/it/main.rs`"
            );
            findings.push(Finding::new(path, message));
        } else if !is_named(tree, path) {
            findings.push(Finding::new(path, "no `mod` names this file: it is not built, and its tests do not run"));
        }
    }
    for path in tree.paths().filter(|path| path.starts_with("web/") && path.contains(".test.")) {
        let unit =
            path.ends_with(".test.ts") && (path.starts_with("web/src/") || path.starts_with("web/tests/contract/"));
        let browser = path.ends_with(".test.mjs") && path.starts_with("web/tests/browser/");
        if !unit && !browser {
            let message = "no runner looks here: unit tests are web/src/**/*.test.ts and web/tests/contract/*.test.ts, browser tests web/tests/browser/*.test.mjs";
            findings.push(Finding::new(path, message));
        }
    }
    findings
}

/// The folder in which cargo makes a binary of every file.
fn is_tests_folder(folder: &str) -> bool {
    folder.ends_with("/tests") && !folder.contains("/src/")
}

/// Scenario folders and golden files that no test reads.
pub fn runners(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let read_by_tests = |word: &str| tree.rust().any(|(path, text)| path.starts_with("crates/") && text.contains(word));
    if tree.has("scenarios") && !read_by_tests("scenarios") {
        findings.push(Finding::new("scenarios", "no test reads this folder"));
    }
    for golden in tree.paths().filter(|path| path.ends_with("/openapi.json")) {
        if !read_by_tests("openapi.json") {
            findings.push(Finding::new(golden, "no test compares this file with what the server says of itself"));
        }
    }
    for path in tree.paths().filter(|path| path.starts_with("scenarios/") && path.ends_with(".toml")) {
        if path.split('/').count() != 3 {
            findings
                .push(Finding::new(path, "a step stands in scenarios/<story>/NNNN-name.toml, where the runner looks"));
        }
    }
    findings
}

/// Whether some parent module says `mod` with this file's name.
fn is_named(tree: &Tree, path: &str) -> bool {
    let Some((folder, file)) = path.rsplit_once('/') else { return true };
    let (above, name) = match file {
        // The roots of crates, programs and build scripts.
        "lib.rs" | "main.rs" | "build.rs" => return true,
        _ if folder.ends_with("/examples") || folder.ends_with("/src/bin") || folder.ends_with("/benches") => {
            return true;
        }
        "mod.rs" => match folder.rsplit_once('/') {
            Some((above, name)) => (above, name),
            None => return true,
        },
        _ => (folder, file.trim_end_matches(".rs")),
    };
    let parents =
        [format!("{above}/mod.rs"), format!("{above}/lib.rs"), format!("{above}/main.rs"), format!("{above}.rs")];
    parents.iter().filter_map(|parent| tree.get(parent)).any(|text| names(text, name))
}

fn names(text: &str, module: &str) -> bool {
    let code = Source::read(text).code;
    let wanted = format!("mod {module}");
    code.match_indices(&wanted).any(|(at, _)| code[at + wanted.len()..].trim_start().starts_with(';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(findings: Vec<Finding>) -> Vec<String> {
        findings.into_iter().map(|finding| finding.place).collect()
    }

    #[test]
    fn a_file_that_no_mod_names_is_found() {
        let tree = Tree::of(&[
            ("crates/a/build.rs", ""),
            ("crates/a/src/lib.rs", "pub mod b;\nmod deep;\n// mod gone;\n"),
            ("crates/a/src/b.rs", "mod c; mod tests;"),
            ("crates/a/src/b/c.rs", ""),
            ("crates/a/src/b/d.rs", ""),
            ("crates/a/src/deep/mod.rs", "mod e;"),
            ("crates/a/src/deep/e.rs", ""),
            ("crates/a/src/gone.rs", ""),
            ("crates/a/src/b/tests/mod.rs", ""),
            ("crates/a/tests/it/main.rs", "mod one;"),
            ("crates/a/tests/it/one.rs", ""),
            ("crates/a/tests/it/two.rs", ""),
            ("crates/a/examples/x.rs", ""),
        ]);
        assert_eq!(places(files(&tree)), ["crates/a/src/b/d.rs", "crates/a/src/gone.rs", "crates/a/tests/it/two.rs"]);
    }

    #[test]
    fn a_test_binary_of_its_own_is_found() {
        let found = files(&Tree::of(&[("crates/a/tests/slow.rs", "")]));
        assert!(found[0].to_string().contains("move it to `crates/a/tests/it/slow.rs`"), "{found:?}");
    }

    #[test]
    fn a_web_test_where_no_runner_looks_is_found() {
        let tree = Tree::of(&[
            ("web/src/text/a.test.ts", ""),
            ("web/tests/browser/b.test.mjs", ""),
            ("web/tests/contract/x.test.ts", ""),
            ("web/tests/c.test.ts", ""),
            ("web/src/d.test.mjs", ""),
        ]);
        assert_eq!(places(files(&tree)), ["web/src/d.test.mjs", "web/tests/c.test.ts"]);
    }

    #[test]
    fn scenarios_and_golden_files_need_a_reader() {
        let alone =
            [("scenarios/story/0001-x.toml", ""), ("crates/server/openapi.json", "{}"), ("scenarios/0002-y.toml", "")];
        let found = places(runners(&Tree::of(&alone)));
        assert_eq!(found, ["scenarios", "crates/server/openapi.json", "scenarios/0002-y.toml"]);
        let reader = ("crates/server/tests/it/main.rs", "read(\"../../scenarios\"); read(\"openapi.json\");");
        assert_eq!(places(runners(&Tree::of(&[alone[0], alone[1], reader]))), Vec::<String>::new());
    }
}
