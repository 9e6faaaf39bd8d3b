//! `weights.csv` → the composite index of a ranking rule.

use crate::methods::composite;
use crate::problem::CatalogProblem;
use crate::sheet::Sheet;
use crate::standard::{Header, Names};
use domain::catalog::Files;
use domain::{Confidence, Fixed, Ratio};
use serde::Deserialize;

/// How statistics of several items become one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompositeRule {
    /// Standard id.
    pub id: String,
    /// Number or short title.
    pub number: String,
    /// Confidence in it.
    pub confidence: Confidence,
    /// Clause.
    pub clause: String,
    /// Decimal places of the result.
    pub digits: u32,
    /// Its parts; all are needed.
    pub items: Vec<CompositeItem>,
}

/// One part of the sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompositeItem {
    /// Item code, such as `o3_8h`.
    pub item: String,
    /// `mean` or `p<number>` over the period's day values.
    pub statistic: String,
    /// What the statistic is divided by.
    pub standard: Fixed,
    /// Unit of `standard`.
    pub unit: String,
    /// Weight of the part.
    pub weight: u32,
}

/// The `[composite]` part of `standard.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompositeFile {
    clause: String,
    digits: u32,
}

const COLUMNS: [&str; 5] = ["item", "statistic", "standard", "unit", "weight"];

impl CompositeRule {
    /// The index of given statistics, unrounded; `None` unless every part is given.
    pub fn index(&self, value: impl Fn(&str) -> Option<Ratio>) -> Option<Ratio> {
        let mut parts = Vec::with_capacity(self.items.len());
        for item in &self.items {
            parts.push((value(&item.item)?, item.standard, item.weight));
        }
        composite(&parts)
    }
}

/// Whether a statistic is one that `indicators` can make of day values.
pub(crate) fn is_statistic(text: &str) -> bool {
    text == "mean"
        || text == "max"
        || text.strip_prefix('p').and_then(|p| p.parse::<u8>().ok()).is_some_and(|p| p <= 100)
}

/// Reads the rule of a standard's folder.
pub(crate) fn read(
    files: &Files,
    header: &Header,
    own: &CompositeFile,
    names: &Names,
    problems: &mut Vec<CatalogProblem>,
) -> Option<CompositeRule> {
    let sheet = match Sheet::read_columns(files, &header.path("weights.csv"), &COLUMNS) {
        Ok(sheet) => sheet,
        Err(problem) => {
            problems.push(problem);
            return None;
        }
    };
    let items = sheet.map(problems, |row| {
        let statistic = row.required("statistic")?;
        if !is_statistic(statistic) {
            return Err(row.problem(
                format!("统计量 `{statistic}` 应为 mean、max 或 p0…p100"),
                format!("the statistic `{statistic}` must be mean, max or p0 … p100"),
            ));
        }
        let standard: Fixed = row.value("standard")?;
        if standard <= Fixed::ZERO {
            return Err(row.problem("standard 必须大于 0", "standard must be above 0"));
        }
        Ok(CompositeItem {
            item: row.required("item")?.to_string(),
            statistic: statistic.to_string(),
            standard,
            unit: names.unit(row, "unit")?,
            weight: row.value("weight")?,
        })
    });
    Some(CompositeRule {
        id: header.id.clone(),
        number: header.number.clone(),
        confidence: header.confidence,
        clause: own.clause.clone(),
        digits: own.digits,
        items,
    })
}
