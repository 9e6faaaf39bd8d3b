//! `[ecology]`, `parts.csv` and `changes.csv` → [`WeightedIndex`].

use crate::ecology::{WeightedIndex, WeightedPart};
use crate::problem::CatalogProblem;
use crate::sheet::{Row, Sheet};
use crate::standard::Header;
use domain::catalog::Files;
use domain::{Fixed, Ratio};
use serde::Deserialize;

/// The part `[ecology]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EcologyFile {
    digits: u32,
    /// The standard of limits that classes the index.
    limits: String,
    /// Its item.
    item: String,
}

pub(crate) fn read(
    files: &Files,
    header: &Header,
    own: &EcologyFile,
    problems: &mut Vec<CatalogProblem>,
) -> Option<WeightedIndex> {
    const PARTS: [&str; 5] = ["part", "name_zh", "name_en", "weight", "reversed_from"];
    const CHANGES: [&str; 3] = ["below", "name_zh", "name_en"];
    let parts = Sheet::read_columns(files, &header.path("parts.csv"), &PARTS);
    let changes = Sheet::read_columns(files, &header.path("changes.csv"), &CHANGES);
    let (parts, changes) = match (parts, changes) {
        (Ok(parts), Ok(changes)) => (parts, changes),
        (parts, changes) => {
            problems.extend([parts.err(), changes.err()].into_iter().flatten());
            return None;
        }
    };
    let part = |row: &Row| {
        Ok(WeightedPart {
            code: row.required("part")?.to_string(),
            name: row.both("name")?,
            weight: Ratio::from(row.value::<Fixed>("weight")?),
            reversed_from: row.amount("reversed_from")?.map(Ratio::from),
        })
    };
    let change = |row: &Row| Ok((row.amount("below")?.map(Ratio::from), row.both("name")?));
    Some(WeightedIndex {
        id: header.id.clone(),
        confidence: header.confidence,
        digits: own.digits,
        parts: parts.map(problems, part),
        classed_by: (own.limits.clone(), own.item.clone()),
        changes: changes.map(problems, change),
    })
}

/// A worked case: `pattern=60 function=70 biodiversity=50 stress=20 → index=63.6`, `before=60 after=61.5 → change=…`.
pub(crate) fn of_ecology(rule: &WeightedIndex, given: &crate::cases::Given<'_>, key: &str) -> Result<String, String> {
    let number = |key: &str| given.number(key).map(Ratio::from);
    match key {
        "index" => match rule.index(|part| number(part).ok()) {
            Ok(index) => Ok(index.round(rule.digits).to_string()),
            Err(missing) => Err(format!("missing {}", missing.join(", "))),
        },
        "change" => {
            let name = rule.change(number("before")?, number("after")?);
            Ok(name.map_or_else(|| "NA".to_string(), |name| name.zh.clone()))
        }
        _ => Err("write index or change".to_string()),
    }
}
