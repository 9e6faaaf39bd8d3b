//! Years of hours of one site → the yearly statistics of some of its pollutants.
//!
//! `bench-site FILE.csv --items no2,o3_8h,pm10 [--runs 5] [--out statistics.json]`. The CSV has a column `date`
//! (start of the hour) and one for each parameter. Two times are printed: from values in memory, which is what
//! the peers are given too, and from the file.

use anyhow::{Context, Result};
use bench::{Clock, Options};
use domain::{Day, Fixed, Hour, HourSeries, Year};
use indicators::Definitions;
use indicators::air::{RulesChoice, YearRules, air_value, air_year_under};
use standards::Catalog;
use std::fs::File;
use std::sync::Arc;

fn main() -> Result<()> {
    let options = Options::read()?;
    let path = options.path("a CSV file of one site")?;
    let items: Vec<&str> = options.text("items").context("--items, such as no2,o3_8h,pm10")?.split(',').collect();
    let catalog = Catalog::builtin();
    let rules = catalog.rule_sets().first().context("the catalog has no rule set")?.clone();
    let wanted =
        |item: &&str| rules.evaluation.items.iter().find(|own| own.item == **item).map(|own| own.parameter.clone());
    let parameters: Vec<String> = items.iter().filter_map(wanted).collect();
    let choice = RulesChoice::Asked(Box::new(rules));

    let mut text = String::new();
    for _ in 0..options.number("runs", 5)? {
        let from_file = Clock::start();
        let series = read(path, &parameters)?;
        let hours = series.iter().map(|own| own.values.len()).max().unwrap_or(0);
        let in_memory = Clock::start();
        text = statistics(&catalog, &choice, &series, &items);
        in_memory.print("site", &[("hours", hours as f64)]);
        from_file.print("site-from-file", &[("hours", hours as f64)]);
    }
    if let Some(path) = options.text("out") {
        std::fs::write(path, text).with_context(|| path.to_string())?;
    }
    Ok(())
}

/// One dense series a parameter; a cell that is no number is a gap.
fn read(path: &str, parameters: &[String]) -> Result<Vec<HourSeries>> {
    let mut reader = csv::Reader::from_reader(File::open(path).with_context(|| path.to_string())?);
    let header = reader.headers()?.clone();
    let column =
        |name: &str| header.iter().position(|own| own == name).with_context(|| format!("no column {name} in {path}"));
    let date = column("date")?;
    let columns = parameters.iter().map(|name| column(name)).collect::<Result<Vec<_>>>()?;
    let mut rows: Vec<(Hour, Vec<i64>)> = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let text = &record[date];
        let (day, time) = text.split_once(' ').with_context(|| format!("no time in {text}"))?;
        let day: Day = day.parse().with_context(|| format!("no day in {text}"))?;
        let hour: u8 =
            time.get(..2).and_then(|hour| hour.parse().ok()).with_context(|| format!("no hour in {text}"))?;
        let value = |column: &usize| record[*column].parse::<Fixed>().map_or(HourSeries::GAP, Fixed::millionths);
        rows.push((Hour::of(day, hour + 1), columns.iter().map(value).collect()));
    }
    let first = rows.iter().map(|(hour, _)| *hour).min().context("no rows")?;
    let last = rows.iter().map(|(hour, _)| *hour).max().context("no rows")?;
    let empty = |parameter: &String| HourSeries {
        station: "site".to_string(),
        parameter: parameter.clone(),
        first,
        values: vec![HourSeries::GAP; (last.0 - first.0 + 1) as usize],
    };
    let mut series: Vec<HourSeries> = parameters.iter().map(empty).collect();
    for (hour, values) in rows {
        for (own, value) in series.iter_mut().zip(values) {
            own.values[(hour.0 - first.0) as usize] = value;
        }
    }
    Ok(series)
}

/// Every statistic of the items, year by year, as JSON lines.
fn statistics(catalog: &Catalog, choice: &RulesChoice, series: &[HourSeries], items: &[&str]) -> String {
    let definitions = Definitions::builtin();
    let mut text = String::new();
    let Some(own) = series.first() else { return text };
    let last = Hour(own.first.0 + own.values.len() as i32 - 1);
    for year in own.first.day().year().0..=last.day().year().0 {
        let rules = Arc::new(YearRules::new(catalog, choice, Year(year)));
        let judged = air_year_under(&rules, series, &[]);
        for definition in definitions.iter().filter(|own| own.method.item().is_some_and(|item| items.contains(&item))) {
            let value = air_value(&judged, definition);
            let exact = value.exact.map(domain::Ratio::to_f64);
            let line =
                serde_json::json!({ "year": year, "id": value.id, "exact": exact, "n": value.n, "valid": value.valid });
            text.push_str(&line.to_string());
            text.push('\n');
        }
    }
    text
}
