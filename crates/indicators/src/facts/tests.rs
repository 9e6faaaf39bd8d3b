//! The built-in catalog of facts: its cases, its checks, and what holds whatever the numbers are.

use crate::definition::{Definitions, Method};
use domain::catalog::Files;
use standards::Catalog;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::builtin);
static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(Definitions::builtin);

fn folder(id: &str) -> bool {
    ["rural.", "ecology.", "land.", "energy.", "co2.", "amounts.", "waste.", "risk.", "town.", "source.", "outfall."]
        .iter()
        .any(|own| id.starts_with(own))
}

#[test]
fn the_builtin_indicators_of_facts_agree_with_their_cases() {
    let files = crate::builtin_files();
    assert_eq!(DEFINITIONS.check(&CATALOG), []);
    let cases = crate::run_cases(&files, &DEFINITIONS, &CATALOG);
    for definition in DEFINITIONS.iter().filter(|own| folder(&own.id)) {
        let path = format!("/{}/cases.csv", definition.id);
        let own: Vec<_> = cases.iter().filter(|case| case.path.ends_with(&path)).collect();
        assert!(!own.is_empty(), "{} has no worked case", definition.id);
        for case in own {
            assert!(
                case.passed,
                "{} row {} ({}): expected {}, got {}",
                case.path, case.row, case.name, case.expect, case.got
            );
        }
    }
}

#[test]
fn a_formula_that_names_what_is_not_there_is_a_problem() {
    let mut files = Files::new();
    files.insert("items.csv", "");
    let own = |params: &str| {
        format!(
            "id = \"x\"\ntitle = {{ zh = \"甲\", en = \"a\" }}\nunit = \"t\"\nmethod = \"expression\"\nequation = {{ zh = \"\", en = \"\" }}\nsource = \"test\"\n{params}"
        )
    };
    files.insert("x/indicator.toml", own("params = { value = \"a + b\", inputs = { a = { fact = \"no.such\" } } }"));
    let (definitions, problems) = Definitions::load(&files);
    assert_eq!(problems, []);
    let found: Vec<String> = definitions.check(&CATALOG).into_iter().map(|problem| problem.message.en).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("no.such") && found[1].contains("`b`"), "{found:?}");
    assert!(matches!(definitions.get("x").map(|own| &own.method), Some(Method::Graph(_))));
}
