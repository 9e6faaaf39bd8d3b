//! `catalog/trend/` → names of the tests and Spearman's critical values. Called by [`super::run`] and by `server`.

use super::Test;
use crate::error::ModelError;
use domain::catalog::Files;
use domain::{Confidence, Text};
use serde::Deserialize;
use std::collections::BTreeMap;

const TESTS: &str = "trend/tests.toml";
const SPEARMAN: &str = "trend/spearman.toml";
const CRITICAL: &str = "trend/spearman.csv";

/// What a person is told of a test.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestWords {
    /// Its name.
    pub name: Text,
    /// What it assumes of the series.
    pub assumes: Text,
    /// Where it was published.
    pub source: String,
}

/// Critical values of Spearman's coefficient.
#[derive(Clone, Debug, PartialEq)]
pub struct SpearmanTable {
    /// Clause of the documents that have it.
    pub clause: String,
    /// Where the numbers were read.
    pub source: String,
    /// How far they may be trusted.
    pub confidence: Confidence,
    /// Fewer values than this are not judged.
    pub least: usize,
    /// Number of values and critical value, ascending.
    pub critical: Vec<(usize, f64)>,
}

/// The catalog of trends.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendCatalog {
    tests: BTreeMap<String, TestWords>,
    /// Critical values of Spearman's coefficient.
    pub spearman: SpearmanTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpearmanHeader {
    #[serde(rename = "title")]
    _title: Text,
    clause: String,
    #[serde(rename = "unit")]
    _unit: String,
    source: String,
    confidence: Confidence,
    least: usize,
}

impl TrendCatalog {
    /// The built-in one.
    pub fn builtin() -> TrendCatalog {
        TrendCatalog::of(&crate::builtin_files()).expect("the built-in catalog is read by a test")
    }

    /// From files, a deployment's own laid over the built-in ones or not.
    pub fn of(files: &Files) -> Result<TrendCatalog, ModelError> {
        let tests: BTreeMap<String, TestWords> = read(files, TESTS)?;
        if let Some(test) = Test::ALL.iter().find(|test| !tests.contains_key(test.code())) {
            return Err(wrong(TESTS, format!("no test `{}`", test.code())));
        }
        Ok(TrendCatalog { tests, spearman: spearman(files)? })
    }

    /// The words of a test.
    pub fn words(&self, test: Test) -> &TestWords {
        self.tests.get(test.code()).expect("checked when the catalog was read")
    }
}

impl SpearmanTable {
    /// The critical value of exactly this many values.
    pub fn critical(&self, n: usize) -> Option<f64> {
        self.critical.iter().find(|(own, _)| *own == n).map(|(_, critical)| *critical)
    }
}

fn spearman(files: &Files) -> Result<SpearmanTable, ModelError> {
    let header: SpearmanHeader = read(files, SPEARMAN)?;
    let mut rows = csv::Reader::from_reader(text(files, CRITICAL)?.as_bytes());
    let critical: Result<Vec<(usize, f64)>, _> = rows.deserialize().collect();
    let critical = critical.map_err(|error| wrong(CRITICAL, error.to_string()))?;
    if let Some(pair) = critical.windows(2).find(|pair| pair[0].0 >= pair[1].0 || pair[0].1 < pair[1].1) {
        return Err(wrong(CRITICAL, format!("{:?} after {:?}", pair[1], pair[0])));
    }
    let SpearmanHeader { clause, source, confidence, least, .. } = header;
    Ok(SpearmanTable { clause, source, confidence, least, critical })
}

fn read<T: for<'a> Deserialize<'a>>(files: &Files, path: &str) -> Result<T, ModelError> {
    toml::from_str(text(files, path)?).map_err(|error| wrong(path, error.to_string()))
}

fn text<'a>(files: &'a Files, path: &str) -> Result<&'a str, ModelError> {
    files.get(path).ok_or_else(|| wrong(path, "is missing".to_string()))
}

fn wrong(path: &str, problem: String) -> ModelError {
    ModelError::Catalog { path: path.to_string(), problem }
}
