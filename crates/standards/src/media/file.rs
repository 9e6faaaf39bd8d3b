//! The part `[limits]` of a `standard.toml`, as written.

use crate::media::limits::{BelowDetection, Class, DayHours, ExceedAs, Selector, Shows};
use domain::Text;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitsFile {
    pub medium: String,
    /// Id of the class that exceedances are counted against.
    pub reference: String,
    pub exceed: ExceedAs,
    pub exceed_digits: u32,
    #[serde(default)]
    pub main: usize,
    pub below_detection: BelowDetection,
    pub undetected: Vec<String>,
    /// Column of the selector that picks a column of `limits.csv`.
    pub pick: Option<String>,
    pub day_night: Option<DayHours>,
    pub class: Vec<Class>,
    #[serde(default)]
    pub select: Vec<Selector>,
    #[serde(default)]
    pub number: Vec<NumberFile>,
    #[serde(default)]
    pub alternative: Vec<AlternativeFile>,
    pub output: Vec<OutputFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumberFile {
    pub column: String,
    pub unit: String,
    pub meaning: Text,
    /// Written as text, so that it stays exact.
    pub assumed: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlternativeFile {
    pub item: String,
    pub class: String,
    pub number: String,
    /// As a cell of `limits.csv`.
    pub limit: String,
    pub clause: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutputFile {
    pub column: String,
    pub shows: Shows,
    pub meaning: Text,
}
