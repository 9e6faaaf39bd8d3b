//! Manifests and sources → edges and words that cross a border of ARCHITECTURE.md.
//!
//! The tables are exhaustive on purpose: a new crate or library fails until it is given its place here.

use super::Finding;
use super::source::{Source, product};
use super::tree::Tree;

/// Which workspace crates a crate may use.
const EDGES: [(&str, &[&str]); 19] = [
    ("domain", &[]),
    ("intake", &["domain", "fuzz"]),
    ("space", &["domain", "fuzz"]),
    ("observe", &["domain"]),
    ("standards", &["domain"]),
    ("indicators", &["domain", "observe", "standards"]),
    ("models", &["domain", "observe"]),
    ("report", &["domain"]),
    ("lake", &["domain", "observe", "standards"]),
    ("store", &["domain"]),
    ("supervise", &["domain"]),
    ("gateway", &["domain", "intake", "store"]),
    ("simulator", &["domain", "intake"]),
    ("server", ALL),
    ("bench", ALL),
    ("hj212_a", &[]),
    ("fuzz", &[]),
    ("xtask", &[]),
    ("scenarios", &[]),
];
const ALL: &[&str] = &[
    "domain",
    "intake",
    "space",
    "observe",
    "standards",
    "indicators",
    "models",
    "report",
    "lake",
    "store",
    "supervise",
    "gateway",
    "simulator",
];

/// Small libraries that any crate may use.
const EVERYWHERE: [&str; 8] =
    ["serde", "serde_json", "toml", "csv", "thiserror", "include_dir", "rust_decimal", "sha2"];

/// Every other library, and the crates that may name it.
const CONFINED: [(&str, &[&str]); 41] = [
    ("jiff", &["domain"]),
    ("calamine", &["intake"]),
    ("encoding_rs", &["intake"]),
    ("flate2", &["intake", "simulator"]),
    ("bytes", &["intake", "lake"]),
    ("arrow", &["intake", "lake", "bench"]),
    ("parquet", &["intake", "lake", "bench"]),
    ("geo", &["space"]),
    ("geographiclib-rs", &["space"]),
    ("geojson", &["space"]),
    ("i_overlay", &["space"]),
    ("wkt", &["space"]),
    ("datafusion", &["lake"]),
    ("libm", &["models"]),
    ("getrandom", &["lake", "store"]),
    ("exmex", &["indicators"]),
    ("typst", &["report"]),
    ("typst-layout", &["report"]),
    ("typst-pdf", &["report"]),
    ("typst-assets", &["report"]),
    ("rust_xlsxwriter", &["report"]),
    ("a", &["hj212_a"]),
    ("rusqlite", &["store"]),
    ("memchr", &["intake"]),
    ("sm4", &["intake"]),
    ("rumqttc", &["gateway"]),
    ("tokio-rustls", &["gateway"]),
    ("tokio", &["lake", "gateway", "simulator", "server", "bench"]),
    ("tracing", &["lake", "gateway", "server"]),
    ("futures-util", &["server"]),
    ("axum", &["server"]),
    ("tower-http", &["server"]),
    ("utoipa", &["server"]),
    ("utoipa-axum", &["server"]),
    ("rust-embed", &["server"]),
    ("mime_guess", &["server"]),
    ("clap", &["server"]),
    ("indicatif", &["server"]),
    ("tracing-subscriber", &["server"]),
    ("anyhow", &["server", "bench"]),
    ("tempfile", &["server", "bench"]),
];

/// Words that a crate's sources never name outside tests: what it must be given instead.
const NEVER: [(&[&str], &[&str], &str); 3] = [
    (
        &["domain", "intake", "space", "observe", "standards", "indicators", "models", "report", "store", "supervise"],
        &["SystemTime::now", "Timestamp::now", "Zoned::now", "Instant::now"],
        "the time is an argument",
    ),
    (
        &["domain", "space", "observe", "standards", "indicators", "models", "supervise"],
        &["std::fs", "File::open", "tokio::"],
        "data are arguments; reading is the work of intake, lake and server",
    ),
    (
        &[
            "domain",
            "intake",
            "space",
            "observe",
            "standards",
            "indicators",
            "models",
            "report",
            "lake",
            "store",
            "supervise",
        ],
        &["std::net", "tokio::net", "TcpStream", "TcpListener", "std::env"],
        "sockets and the environment belong to gateway and server",
    ),
];

struct Dependency {
    name: String,
    for_tests: bool,
}

/// Edges between workspace crates that the table does not list.
pub fn crates(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (folder, manifest) in tree.members() {
        let place = format!("{folder}/Cargo.toml");
        let name = last(folder);
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == name) else {
            findings.push(Finding::new(place, format!("crate `{name}` has no place in the flow: list it in EDGES of xtask/src/tidy/borders.rs and in ARCHITECTURE.md")));
            continue;
        };
        match dependencies(manifest) {
            Ok(list) => {
                let inside = list.iter().filter(|dependency| is_member(&dependency.name));
                let wrong = inside.filter(|dependency| !allowed.contains(&dependency.name.as_str()));
                findings.extend(wrong.map(|dependency| {
                    Finding::new(&place, format!("`{name}` may not use `{}`; it may use {allowed:?}", dependency.name))
                }));
            }
            Err(problem) => findings.push(Finding::new(place, problem)),
        }
    }
    findings
}

/// Libraries outside the crates that may name them.
pub fn libraries(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (folder, manifest) in tree.members() {
        let name = last(folder);
        for dependency in dependencies(manifest).unwrap_or_default() {
            let library = dependency.name.as_str();
            // What only tests use does not reach the product.
            if dependency.for_tests || is_member(library) || EVERYWHERE.contains(&library) {
                continue;
            }
            let message = match CONFINED.iter().find(|(known, _)| *known == library) {
                Some((_, crates)) if crates.contains(&name) => continue,
                Some((_, crates)) => format!("only {crates:?} may name `{library}`"),
                None => format!(
                    "library `{library}` has no place yet: list it in xtask/src/tidy/borders.rs, and say in the commit why it is needed"
                ),
            };
            findings.push(Finding::new(format!("{folder}/Cargo.toml"), message));
        }
    }
    findings
}

/// Clocks, files and sockets in crates that must not know them.
pub fn words(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in product(tree) {
        let Some((name, _)) = path.strip_prefix("crates/").and_then(|rest| rest.split_once('/')) else { continue };
        let source = Source::read(text);
        for (_, words, instead) in NEVER.iter().filter(|(crates, ..)| crates.contains(&name)) {
            for (line, code) in source.lines() {
                findings.extend(words.iter().filter(|word| names(code, word)).map(|word| {
                    Finding::new(format!("{path}:{line}"), format!("`{name}` never names `{word}`: {instead}"))
                }));
            }
        }
    }
    findings
}

/// Whether `code` names `word` from the beginning of an identifier.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

fn is_member(name: &str) -> bool {
    EDGES.iter().any(|(known, _)| *known == name)
}

fn last(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

fn dependencies(manifest: &str) -> Result<Vec<Dependency>, String> {
    let manifest: toml::Table = manifest.parse().map_err(|error| format!("cannot be read: {error}"))?;
    let mut list = Vec::new();
    collect(&manifest, &mut list);
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    for target in targets.into_iter().flat_map(toml::Table::values).filter_map(toml::Value::as_table) {
        collect(target, &mut list);
    }
    Ok(list)
}

fn collect(table: &toml::Table, list: &mut Vec<Dependency>) {
    for (section, for_tests) in [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)] {
        for (key, value) in table.get(section).and_then(toml::Value::as_table).into_iter().flatten() {
            // A renamed library counts by its own name.
            let name = value.get("package").and_then(toml::Value::as_str).unwrap_or(key);
            list.push(Dependency { name: name.to_string(), for_tests });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(findings: Vec<Finding>) -> Vec<String> {
        findings.into_iter().map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn an_edge_against_the_flow_is_found_even_for_tests_or_renamed() {
        let tree = Tree::of(&[
            ("crates/domain/Cargo.toml", "[dependencies]\nstandards.workspace = true\n"),
            ("crates/observe/Cargo.toml", "[dev-dependencies]\nlake = { path = \"../lake\" }\n"),
            (
                "crates/report/Cargo.toml",
                "[target.'cfg(unix)'.dependencies]\nx = { package = \"lake\", version = \"1\" }\n",
            ),
            ("crates/server/Cargo.toml", "[dependencies]\nlake.workspace = true\n"),
        ]);
        let found = messages(crates(&tree));
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(found[0], "crates/domain/Cargo.toml: `domain` may not use `standards`; it may use []");
    }

    #[test]
    fn an_unknown_crate_must_be_placed() {
        let found = messages(crates(&Tree::of(&[("crates/magic/Cargo.toml", "")])));
        assert!(found[0].contains("crate `magic` has no place in the flow"), "{found:?}");
    }

    #[test]
    fn a_confined_or_unknown_library_is_found() {
        let tree = Tree::of(&[
            ("crates/indicators/Cargo.toml", "[dependencies]\ndatafusion = \"55\"\nserde = \"1\"\nleftpad = \"1\"\n"),
            ("crates/lake/Cargo.toml", "[dependencies]\ndatafusion = \"55\"\n[dev-dependencies]\nproptest = \"1\"\n"),
        ]);
        let found = messages(libraries(&tree));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("only [\"lake\"] may name `datafusion`"), "{found:?}");
        assert!(found[1].contains("library `leftpad` has no place yet"), "{found:?}");
    }

    #[test]
    fn a_clock_in_a_pure_crate_is_found_but_not_in_its_tests_or_words() {
        let tree = Tree::of(&[
            (
                "crates/standards/src/a.rs",
                "//! std::fs\nfn f() { std::time::SystemTime::now(); let s = \"std::net\"; }\n",
            ),
            ("crates/standards/src/b.rs", "#[cfg(test)]\nmod tests { fn f() { std::fs::read(\"x\"); } }\n"),
            ("crates/server/src/c.rs", "fn f() { std::time::SystemTime::now(); }\n"),
        ]);
        assert_eq!(
            messages(words(&tree)),
            ["crates/standards/src/a.rs:2: `standards` never names `SystemTime::now`: the time is an argument"]
        );
    }
}
