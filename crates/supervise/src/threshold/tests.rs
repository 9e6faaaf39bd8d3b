//! Worked cases of the catalog, and properties: portions and mixing do not matter, hysteresis does not flap.

use crate::rule::Rules;

#[test]
fn the_catalog_loads_and_its_cases_hold() {
    let files = crate::builtin_files();
    let (rules, problems) = Rules::load(&files);
    assert!(problems.is_empty(), "{problems:#?}");
    let cases = crate::run_cases(&files, &rules);
    let failed: Vec<String> = cases
        .iter()
        .filter(|case| !case.passed)
        .map(|case| {
            format!("{}:{} {}\n  expect {}\n  got    {}", case.path, case.row, case.name, case.expect, case.got)
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(cases.len() > 20);
}
