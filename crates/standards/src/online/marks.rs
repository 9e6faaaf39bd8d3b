//! `marks.csv` → the kinds of marks that people may set on an interval (自动监测设备标记), with what each does.

use super::channels::{row_outlets, word};
use super::{Cause, Scoped};
use crate::problem::CatalogProblem;
use crate::sheet::{Row, Sheet};
use crate::standard::Header;
use domain::catalog::Files;
use domain::{Confidence, Fixed, Text};

/// What a mark does to the values of its interval. It never changes or deletes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The values are not valid: they enter no mean, and amounts are substituted.
    Invalid,
    /// The plant stands still: nothing is due.
    Stopped,
    /// The values are valid and counted, and are not judged by the limit.
    Exempt,
    /// Nothing but being told.
    Note,
}

/// A kind of mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkKind {
    /// Kind, unique in the catalog.
    pub kind: String,
    /// Name.
    pub name: Text,
    /// What it does.
    pub effect: Effect,
    /// Why data are missing under it, where it makes them invalid.
    pub cause: Option<Cause>,
    /// Hours of it in a calendar year at one outlet, beyond which it is told.
    pub cap_hours: Option<Fixed>,
    /// Kinds that share a cap have the same word; empty for none.
    pub cap_group: String,
    /// Clause.
    pub clause: String,
    /// Confidence.
    pub confidence: Confidence,
}

const COLUMNS: [&str; 10] =
    ["outlets", "kind", "name_zh", "name_en", "effect", "cause", "cap_hours", "cap_group", "clause", "confidence"];
const EFFECTS: [(&str, Effect); 4] =
    [("invalid", Effect::Invalid), ("stopped", Effect::Stopped), ("exempt", Effect::Exempt), ("note", Effect::Note)];

impl Effect {
    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        EFFECTS.iter().find(|(_, own)| *own == self).map_or("note", |(word, _)| word)
    }
}

pub(super) fn read(
    files: &Files,
    header: &Header,
    file: &str,
    problems: &mut Vec<CatalogProblem>,
) -> Vec<Scoped<MarkKind>> {
    match Sheet::read_columns(files, &header.path(file), &COLUMNS) {
        Ok(sheet) => sheet.map(problems, |row| mark(row, header)),
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    }
}

fn mark(row: &Row, header: &Header) -> Result<Scoped<MarkKind>, CatalogProblem> {
    let confidence = row.confidence("confidence", header.confidence)?;
    let clause = row.required("clause")?.to_string();
    let cause = match row.text("cause") {
        "" => None,
        _ => Some(word(row, "cause", &Cause::ALL.map(|cause| (cause.code(), cause)))?),
    };
    let effect = word(row, "effect", &EFFECTS)?;
    if effect == Effect::Invalid && cause.is_none() {
        return Err(row.problem(
            "使数据无效的标记须写明 cause",
            "a mark that makes values invalid must say its cause: substitution asks for it",
        ));
    }
    Ok(Scoped {
        outlets: row_outlets(row)?,
        clause: clause.clone(),
        confidence,
        rule: MarkKind {
            kind: row.required("kind")?.to_string(),
            name: row.both("name")?,
            effect,
            cause,
            cap_hours: row.amount("cap_hours")?,
            cap_group: row.text("cap_group").to_string(),
            clause,
            confidence,
        },
    })
}
