//! `catalog/air/<id>/cases.csv` → worked cases of an indicator, run through the whole path from hours to value.
//!
//! A case is a row: the rule set, the year, one column an item with its day values from 1 January on (a day's
//! value stands in all 24 hours of one station), the expected value and where it comes from. `36x3` repeats a
//! value, `-` is a day without data. Cases of the graph's indicators have other columns: see `graph::cases`. Called by tests and by `catalog check`.

use crate::air::{RulesChoice, air_value, air_year};
use crate::definition::{Definitions, Method};
use domain::catalog::Files;
use domain::{Fixed, Hour, HourSeries, Text, Year};
use standards::{Catalog, EvaluationItem, RuleSet};
use std::collections::BTreeMap;

/// A worked case and what came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndicatorCase {
    /// File in the catalog.
    pub path: String,
    /// Row of the file.
    pub row: u64,
    /// Name of the case.
    pub name: String,
    /// Value that the source gives.
    pub expect: String,
    /// Value that came out, or why none did.
    pub got: String,
    /// Where the expected value comes from.
    pub source: String,
    /// Whether they agree.
    pub passed: bool,
}

/// Hours of a day.
const HOURS: usize = 24;

/// Runs every case of every indicator of a catalog.
pub fn run_cases(files: &Files, definitions: &Definitions, catalog: &Catalog) -> Vec<IndicatorCase> {
    let mut cases = Vec::new();
    for folder in files.folders_with("cases.csv") {
        let path = format!("{folder}/cases.csv");
        let id = folder.rsplit('/').next().unwrap_or(&folder).to_string();
        let Some(text) = files.get(&path) else { continue };
        let mut reader = csv::ReaderBuilder::new().flexible(true).comment(Some(b'#')).from_reader(text.as_bytes());
        let head = reader.headers().cloned().unwrap_or_default();
        for (index, record) in reader.records().enumerate() {
            let Ok(record) = record else { continue };
            let pairs = head.iter().zip(record.iter());
            let cells: BTreeMap<&str, &str> = pairs.map(|(name, cell)| (name.trim(), cell.trim())).collect();
            let cell = |name: &str| cells.get(name).copied().unwrap_or("").to_string();
            let got = run(&cells, &id, definitions, catalog).unwrap_or_else(|problem| problem.en);
            cases.push(IndicatorCase {
                path: path.clone(),
                row: index as u64 + 2,
                name: cell("name"),
                expect: cell("expect"),
                source: cell("source"),
                passed: got == cell("expect") && !cell("source").is_empty(),
                got,
            });
        }
    }
    cases
}

fn run(cells: &BTreeMap<&str, &str>, id: &str, definitions: &Definitions, catalog: &Catalog) -> Result<String, Text> {
    let cell = |name: &str| cells.get(name).copied().unwrap_or("");
    let definition = definitions.get(id).ok_or_else(|| wrong("indicator", id))?;
    if matches!(definition.method, Method::Graph(_)) {
        return crate::graph::cases::run(cells, id, definitions, catalog);
    }
    let set = catalog.rule_set(cell("rules")).ok_or_else(|| wrong("rules", cell("rules")))?;
    let year = cell("year").parse().ok().filter(|year| (1900..=2200).contains(year));
    let year = Year(year.ok_or_else(|| wrong("year", cell("year")))?);
    let series = series(cells, set, year)?;
    let judged = air_year(catalog, &RulesChoice::Asked(Box::new(set.clone())), year, &series, &[]);
    let value = air_value(&judged, definition);
    Ok(value.shown().unwrap_or_else(|| "none".to_string()))
}

fn series(cells: &BTreeMap<&str, &str>, set: &RuleSet, year: Year) -> Result<Vec<HourSeries>, Text> {
    let mut series: Vec<HourSeries> = Vec::new();
    for item in &set.evaluation.items {
        let text = cells.get(item.item.as_str()).copied().unwrap_or("");
        if !text.is_empty() {
            series.push(HourSeries {
                station: "case".to_string(),
                parameter: item.parameter.clone(),
                first: Hour::of(year.first_day(), 1),
                values: hours(text, item)?,
            });
        }
    }
    Ok(series)
}

fn hours(text: &str, item: &EvaluationItem) -> Result<Vec<i64>, Text> {
    let mut hours = Vec::new();
    for word in text.split_whitespace() {
        let (value, times) = word.split_once('x').unwrap_or((word, "1"));
        let times: usize = times.parse().ok().filter(|times| *times <= 366).ok_or_else(|| wrong(&item.item, word))?;
        let value = match value {
            "-" => HourSeries::GAP,
            number => number.parse::<Fixed>().map_err(|_| wrong(&item.item, word))?.millionths(),
        };
        hours.extend(std::iter::repeat_n(value, times * HOURS));
    }
    Ok(hours)
}

fn wrong(what: &str, value: &str) -> Text {
    Text::new(format!("“{what}”不能是“{value}”"), format!("`{what}` cannot be `{value}`"))
}
