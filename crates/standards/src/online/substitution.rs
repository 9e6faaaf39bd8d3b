//! `substitution.csv` → what stands in for a missing amount.

use super::Cause;
use super::channels::word;
use crate::problem::CatalogProblem;
use crate::sheet::{Row, Sheet};
use crate::standard::Header;
use domain::catalog::Files;
use domain::{Confidence, Fixed, Ratio};
use serde::Deserialize;

/// What the amounts are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// Amounts of hours.
    Hour,
    /// Amounts of days.
    Day,
}

/// Where the window of valid periods ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Before {
    /// Before the run of invalid periods.
    Run,
    /// Before the last check or calibration that was passed.
    Check,
    /// Between the last two checks that were passed.
    BetweenChecks,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubstitutionRow {
    /// Name of the line, told with every amount it gave.
    pub id: String,
    /// Capture rate from here [%].
    pub alpha_from: Fixed,
    /// Capture rate below this [%]; `None` for no upper end.
    pub alpha_below: Option<Fixed>,
    /// Shortest run of invalid periods.
    pub run_from: u32,
    /// Longest run; `None` for no end.
    pub run_to: Option<u32>,
    /// Causes it is for.
    pub causes: Vec<Cause>,
    /// Where the window ends.
    pub before: Before,
    /// Valid periods in the window; `None` for as many as `before` gives.
    pub window: Option<u32>,
    /// Clause.
    pub clause: String,
    /// Confidence.
    pub confidence: Confidence,
}

/// The table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Substitution {
    /// What is substituted.
    pub quantity: Quantity,
    /// The quarter's capture rate must reach this [%].
    pub capture_least_percent: Fixed,
    /// Lines; the first that fits counts.
    pub rows: Vec<SubstitutionRow>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubstitutionFile {
    file: String,
    quantity: Quantity,
    #[serde(deserialize_with = "super::file::exact")]
    capture_least_percent: Fixed,
}

const COLUMNS: [&str; 10] =
    ["id", "alpha_from", "alpha_below", "run_from", "run_to", "causes", "before", "window", "clause", "confidence"];
const BEFORES: [(&str, Before); 3] =
    [("run", Before::Run), ("check", Before::Check), ("between-checks", Before::BetweenChecks)];

impl Substitution {
    /// The line for a capture rate [%], a run length and a cause; `None` where the table has none.
    pub fn row(&self, alpha_percent: Ratio, run: u32, cause: Cause) -> Option<&SubstitutionRow> {
        self.rows.iter().find(|row| {
            Ratio::from(row.alpha_from) <= alpha_percent
                && row.alpha_below.is_none_or(|below| alpha_percent < Ratio::from(below))
                && row.run_from <= run
                && row.run_to.is_none_or(|to| run <= to)
                && row.causes.contains(&cause)
        })
    }
}

impl Before {
    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        BEFORES.iter().find(|(_, own)| *own == self).map_or("run", |(word, _)| word)
    }
}

pub(super) fn read(
    files: &Files,
    header: &Header,
    own: &SubstitutionFile,
    problems: &mut Vec<CatalogProblem>,
) -> Substitution {
    let rows = match Sheet::read_columns(files, &header.path(&own.file), &COLUMNS) {
        Ok(sheet) => sheet.map(problems, |row| read_row(row, header)),
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    };
    Substitution { quantity: own.quantity, capture_least_percent: own.capture_least_percent, rows }
}

fn read_row(row: &Row, header: &Header) -> Result<SubstitutionRow, CatalogProblem> {
    let alpha_from = row.value("alpha_from")?;
    let causes = row.required("causes")?;
    Ok(SubstitutionRow {
        id: row.required("id")?.to_string(),
        alpha_from,
        alpha_below: row.optional("alpha_below")?,
        run_from: row.value("run_from")?,
        run_to: row.optional("run_to")?,
        causes: causes.split(';').map(Cause::from_code).collect::<Option<Vec<Cause>>>().ok_or_else(|| {
            row.problem(
                format!("`causes` 的值 `{causes}` 应由 out-of-control、maintenance、failure 组成"),
                format!("`causes` is `{causes}`: join out-of-control, maintenance and failure by `;`"),
            )
        })?,
        before: word(row, "before", &BEFORES)?,
        window: row.optional("window")?,
        clause: row.required("clause")?.to_string(),
        confidence: row.confidence("confidence", header.confidence)?,
    })
}
