//! Imports, their problems, and the mappings they go by.

use super::Text;
use serde::Serialize;
use utoipa::ToSchema;

/// A mapping of the catalog.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Mapping {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// `observations`, `stations`, `areas`, `reported` or `exclusions`.
    pub into: String,
    /// What the file must look like.
    pub description: Text,
    /// Columns expected.
    pub columns: Vec<String>,
    /// Formats taken.
    pub formats: Vec<String>,
    /// Whether the one who imports must name the station.
    pub needs_station: bool,
}

/// An import that was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Import {
    /// Id.
    pub id: String,
    /// File name.
    pub file: String,
    /// Mapping id.
    pub mapping: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// When it was recorded.
    pub recorded: String,
    /// Rows read.
    pub rows: u64,
    /// Values read.
    pub values: u64,
    /// New values.
    pub new: u64,
    /// Values already there.
    pub unchanged: u64,
    /// Corrections.
    pub revised: u64,
    /// Values the file says are missing.
    pub missing: u64,
    /// Problems.
    pub problems: u64,
    /// Problems that cost a value.
    pub errors: u64,
    /// `done`, or `already-imported` when the same file was there before.
    pub state: String,
}

/// A problem with a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `note`, `warning` or `error`.
    pub severity: String,
    /// Stable code.
    pub code: String,
    /// File.
    pub file: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Row, the header being row 1.
    pub row: Option<u64>,
    /// Column.
    pub column: Option<String>,
    /// The text as it stands in the file.
    pub raw: Option<String>,
    /// What is wrong and what to do.
    pub message: Text,
}

/// A page of problems.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problems {
    /// How many there are.
    pub total: u64,
    /// This page.
    pub problems: Vec<Problem>,
}

/// Work that goes on while the reader waits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Job {
    /// `running`, `done` or `failed`.
    pub state: String,
    /// 0 to 1.
    pub progress: f64,
    /// What it is doing.
    pub text: Text,
    /// The import, when done.
    pub import: Option<Import>,
    /// The first problems.
    pub problems: Vec<Problem>,
    /// Why it failed.
    pub error: Option<ErrorBody>,
}

/// The job that was started.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobStarted {
    /// Its id, for `jobs/{id}`.
    pub job: String,
}

/// What every failed request answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// Stable code.
    pub code: String,
    /// In plain words.
    pub message: Text,
}

impl From<lake::ProblemRow> for Problem {
    fn from(row: lake::ProblemRow) -> Problem {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Problem {
            severity: row.severity,
            code: row.code,
            file: row.file,
            sheet: some(row.sheet),
            row: row.row,
            column: some(row.column),
            raw: some(row.raw),
            message: row.message.into(),
        }
    }
}
