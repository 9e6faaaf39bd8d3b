//! What a value was made of.

use super::{Confidence, Number, Text};
use serde::Serialize;
use utoipa::ToSchema;

/// The lineage of one indicator value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Explanation {
    /// Indicator id.
    pub indicator: String,
    /// Title.
    pub title: Text,
    /// Area code.
    pub area: String,
    /// Year.
    pub year: i16,
    /// Value, rounded once by the standard.
    pub value: Option<Number>,
    /// The value before rounding.
    pub exact: Option<String>,
    /// Unit.
    pub unit: String,
    /// Whether the year is complete enough.
    pub valid: bool,
    /// Rules and clauses.
    pub rules: Vec<ExplainedRule>,
    /// The equation in words.
    pub equation: Text,
    /// The steps that were taken.
    pub steps: Vec<Step>,
    /// Completeness.
    pub completeness: ExplainedCompleteness,
    /// Exceptional periods.
    pub exclusions: Vec<ExplainedExclusion>,
    /// The days.
    pub days: Vec<ExplainedDay>,
    /// The files.
    pub sources: Vec<SourceFile>,
    /// The past moment it was read as of.
    pub as_of: Option<String>,
}

/// A clause that was applied.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExplainedRule {
    /// Catalog id.
    pub standard: String,
    /// Number as printed.
    pub number: String,
    /// Clause or table.
    pub clause: String,
    /// Title.
    pub title: Text,
    /// Confidence.
    pub confidence: Confidence,
}

/// A step.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Step {
    /// In words.
    pub text: Text,
}

/// Completeness of the year.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExplainedCompleteness {
    /// What is counted: valid days, sections, inputs.
    pub counts: Text,
    /// Those there are.
    pub days: u32,
    /// Those there should be.
    pub of: u32,
    /// By month.
    pub per_month: Vec<MonthDays>,
    /// Whether it suffices.
    pub valid: bool,
}

/// Valid days of a month.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MonthDays {
    /// 1 to 12.
    pub month: u8,
    /// Valid days.
    pub days: u32,
    /// Days needed.
    pub needed: u32,
}

/// An exceptional period.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExplainedExclusion {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Why.
    pub reason: Text,
    /// Document.
    pub document: Option<String>,
    /// Days of the year it covers.
    pub days: u32,
}

/// A day behind a value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExplainedDay {
    /// Date.
    pub date: String,
    /// Value, exact to six places.
    pub value: Option<String>,
    /// Whether it is valid.
    pub valid: bool,
    /// Whether it went into the value.
    pub used: bool,
    /// Stations with a valid day value.
    pub stations: u16,
    /// Index of the city.
    pub aqi: Option<u16>,
    /// Level.
    pub level: Option<u8>,
    /// Primary pollutants.
    pub primary: Vec<String>,
    /// Whether an exceptional period covers it.
    pub excluded: bool,
}

/// A file behind a value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceFile {
    /// Import id.
    pub import: String,
    /// File name.
    pub file: String,
    /// SHA-256.
    pub sha256: String,
    /// When it was recorded.
    pub recorded: String,
    /// Values of it that were used.
    pub rows: u64,
}
