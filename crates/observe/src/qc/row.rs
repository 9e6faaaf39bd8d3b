//! Rows of a CSV table of the catalog → cells by name, each read with a problem when it cannot be.

use domain::catalog::Files;
use domain::{Place, Problem, Severity, Text};
use std::collections::BTreeMap;

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    file: String,
    line: u64,
    cells: BTreeMap<String, String>,
}

/// Every row of a table; a table that is not there has none, a row that cannot be read is a problem.
pub(super) fn rows(files: &Files, file: &str, problems: &mut Vec<Problem>) -> Vec<Row> {
    let Some(text) = files.get(file) else { return Vec::new() };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_string).collect(),
        Err(error) => {
            problems.push(unreadable(file, 1, &error));
            return Vec::new();
        }
    };
    let mut all = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let line = index as u64 + 2;
        match record {
            Ok(record) => {
                let cells = header.iter().cloned().zip(record.iter().map(|cell| cell.trim().to_string())).collect();
                all.push(Row { file: file.to_string(), line, cells });
            }
            Err(error) => problems.push(unreadable(file, line, &error)),
        }
    }
    all
}

fn unreadable(file: &str, line: u64, error: &csv::Error) -> Problem {
    Problem {
        severity: Severity::Error,
        code: "qc-row",
        place: Place { file: file.to_string(), row: Some(line), ..Place::default() },
        raw: String::new(),
        message: Text::new(format!("这一行读不出来：{error}"), format!("this row cannot be read: {error}")),
    }
}

impl Row {
    /// A cell, empty when it is not there.
    pub fn text(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// A number, or nothing when the cell is empty. One that is not a finite number is a problem.
    pub fn optional(&self, column: &str, problems: &mut Vec<Problem>) -> Option<f64> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Some(number),
            _ => {
                problems.push(self.problem(column, "不是数", "is not a number"));
                None
            }
        }
    }

    /// A number that must be there.
    pub fn number(&self, column: &str, problems: &mut Vec<Problem>) -> Option<f64> {
        if self.text(column).is_empty() {
            problems.push(self.problem(column, "缺少：请填写一个数", "is missing: give a number"));
        }
        self.optional(column, problems)
    }

    /// A number above zero that must be there.
    pub fn positive(&self, column: &str, problems: &mut Vec<Problem>) -> Option<f64> {
        let number = self.number(column, problems)?;
        if number > 0.0 {
            return Some(number);
        }
        problems.push(self.problem(column, "应大于 0", "should be above 0"));
        None
    }

    /// A span of two cells; nothing when both are empty, a problem when it is half a span or upside down.
    pub fn span(&self, (low, high): (&str, &str), problems: &mut Vec<Problem>) -> Option<(f64, f64)> {
        match (self.optional(low, problems), self.optional(high, problems)) {
            (Some(low), Some(high)) if low <= high => Some((low, high)),
            (Some(_), Some(_)) => {
                problems.push(self.problem(high, "应不小于下限", "should not be below the low end"));
                None
            }
            (None, None) => None,
            _ => {
                problems.push(self.problem(high, "上下限应同时给出", "give both ends or none"));
                None
            }
        }
    }

    /// A problem with one cell.
    pub fn problem(&self, column: &str, zh: &str, en: &str) -> Problem {
        let raw = self.text(column).to_string();
        Problem {
            severity: Severity::Error,
            code: "qc-limit",
            place: Place {
                file: self.file.clone(),
                row: Some(self.line),
                column: column.to_string(),
                ..Place::default()
            },
            message: Text::new(format!("{column} “{raw}” {zh}"), format!("{column} `{raw}` {en}")),
            raw,
        }
    }
}
