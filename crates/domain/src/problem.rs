//! A problem with input: never lost, never a panic. Made by `intake` and the catalogs, kept by the lake,
//! shown to people in their language.

use crate::text::{Lang, Text};
use std::fmt;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; the value was taken.
    Note,
    /// The value was taken with a doubt.
    Warning,
    /// The value could not be taken; its raw text is kept.
    Error,
}

/// Where in a file. Rows and columns count from 1, the header is row 1.
#[derive(Clone, Debug, PartialEq, Eq, Default, Hash)]
pub struct Place {
    /// File name as the user gave it.
    pub file: String,
    /// Sheet of a workbook, empty elsewhere.
    pub sheet: String,
    /// Row, from 1; `None` when the whole file is meant.
    pub row: Option<u64>,
    /// Column name as the header has it; empty when the whole row is meant.
    pub column: String,
}

/// What is wrong with one place, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How much it matters.
    pub severity: Severity,
    /// Stable kebab-case code, such as `not-a-number`.
    pub code: &'static str,
    /// Where.
    pub place: Place,
    /// The offending text as it stands in the file.
    pub raw: String,
    /// What is wrong, with the value, and what to do.
    pub message: Text,
}

impl Severity {
    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl Problem {
    /// One line for a person: place, then message.
    pub fn line(&self, lang: Lang) -> String {
        let place = self.place.to_string();
        let message = self.message.get(lang);
        if place.is_empty() { message.to_string() } else { format!("{place}: {message}") }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if !self.sheet.is_empty() {
            write!(f, "[{}]", self.sheet)?;
        }
        if let Some(row) = self.row {
            write!(f, ":{row}")?;
        }
        if !self.column.is_empty() {
            write!(f, ":{}", self.column)?;
        }
        Ok(())
    }
}
