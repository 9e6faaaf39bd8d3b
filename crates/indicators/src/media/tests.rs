//! The worked cases of the catalog, and what holds for any data.

use crate::definition::Definitions;
use std::sync::{Arc, LazyLock};

pub(super) static CATALOG: LazyLock<Arc<standards::Catalog>> =
    LazyLock::new(|| Arc::new(standards::Catalog::builtin()));

#[test]
fn every_worked_case_comes_out() {
    let files = crate::builtin_files();
    let (definitions, _) = Definitions::load(&files);
    let media = ["water", "groundwater", "soil", "noise"];
    let cases = crate::run_cases(&files, &definitions, &CATALOG);
    let own = cases.iter().filter(|case| media.iter().any(|own| case.path.starts_with(&format!("{own}/"))));
    let failed: Vec<String> = own
        .filter(|case| !case.passed)
        .map(|case| format!("{}:{} {}: {} instead of {}", case.path, case.row, case.name, case.got, case.expect))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
