//! A nation's year in the lake → every annual statistic of every station and city.
//!
//! `bench-nation LAKE --stations stations.csv --year 2020 [--runs 3] [--what all|scan] [--out result.csv]`.
//! `scan` only adds up the values of the same files: what no evaluation can be faster than.

use anyhow::{Context, Result, ensure};
use arrow::array::{Array, Decimal128Array};
use bench::{Clock, Options};
use domain::{HourSeries, Year};
use indicators::air::{AnnualStatistics, RulesChoice, YearRules, air_year_under, annual_statistics};
use indicators::{Definition, Definitions};
use lake::{Lake, SeriesQuery};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use standards::Catalog;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A city and its statistics.
type CityResult = (String, AnnualStatistics);

fn main() -> Result<()> {
    let options = Options::read()?;
    let folder = Path::new(options.path("the lake's folder")?);
    let year = Year(options.number("year", 2020)? as i16);
    let runs = options.number("runs", 3)?;
    if options.text("what") == Some("scan") {
        let files = files(&folder.join("observations"))?;
        for _ in 0..runs {
            let clock = Clock::start();
            let (values, total) = scan(&files)?;
            clock.print("scan", &[("values", values as f64), ("total", total as f64 / 1e6)]);
        }
        return Ok(());
    }
    let cities = cities(options.text("stations").context("--stations")?)?;
    let catalog = Catalog::builtin();
    let definitions = Definitions::builtin();
    let definitions: Vec<&Definition> = definitions.iter().collect();
    let mut result = Vec::new();
    for _ in 0..runs {
        result.clear();
        let clock = Clock::start();
        let series = read(folder, year)?;
        let read_seconds = clock.seconds();
        let values = series.iter().map(|own| own.values.len()).sum::<usize>();
        result = evaluate(&catalog, year, by_city(series, &cities), &definitions)?;
        clock.print("nation", &[("read_seconds", read_seconds), ("hours", values as f64)]);
    }
    if let Some(path) = options.text("out") {
        fs::write(path, table(&result, &definitions)).with_context(|| path.to_string())?;
    }
    Ok(())
}

fn read(folder: &Path, year: Year) -> Result<Vec<HourSeries>> {
    let (first, last) = year.hours();
    let snapshot = Lake::open(folder)?.snapshot(None)?;
    Ok(snapshot.hour_series(&SeriesQuery { stations: Vec::new(), parameters: Vec::new(), first, last })?)
}

/// Station code → city, from columns `code` and `city`.
fn cities(path: &str) -> Result<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.to_string())?;
    let header = reader.headers()?.clone();
    let column =
        |name: &str| header.iter().position(|own| own == name).with_context(|| format!("no column {name} in {path}"));
    let (code, city) = (column("code")?, column("city")?);
    reader
        .records()
        .map(|record| record.map(|record| (record[code].to_string(), record[city].to_string())).context("stations"))
        .collect()
}

fn by_city(series: Vec<HourSeries>, cities: &BTreeMap<String, String>) -> Vec<(String, Vec<HourSeries>)> {
    let mut groups: BTreeMap<String, Vec<HourSeries>> = BTreeMap::new();
    for own in series {
        if let Some(city) = cities.get(&own.station) {
            groups.entry(city.clone()).or_default().push(own);
        }
    }
    groups.into_iter().collect()
}

/// Cities are shared out among the threads; the result does not depend on how.
fn evaluate(
    catalog: &Catalog,
    year: Year,
    cities: Vec<(String, Vec<HourSeries>)>,
    definitions: &[&Definition],
) -> Result<Vec<CityResult>> {
    // The first rule set, as the peers compute it, whatever the date of the made-up year.
    let set = catalog.rule_sets().first().context("the catalog has no rule set")?.clone();
    let rules = Arc::new(YearRules::new(catalog, &RulesChoice::Asked(Box::new(set)), year));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((city, series)) = cities.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((city.clone(), annual_statistics(&air_year_under(&rules, series, &[]), definitions)));
        }
        done
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut done: Vec<CityResult> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("a worker does not panic")).collect()
    });
    ensure!(done.len() == cities.len(), "{} of {} cities are done", done.len(), cities.len());
    done.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(done)
}

/// kind, id, indicator, exact value, days, valid.
fn table(result: &[CityResult], definitions: &[&Definition]) -> String {
    let mut text = "kind,id,indicator,value,n,valid\n".to_string();
    for (city, statistics) in result {
        let stations = statistics.stations.iter().map(|(code, values)| ("station", code, values));
        for (kind, id, values) in std::iter::once(("city", city, &statistics.city)).chain(stations) {
            for (definition, value) in definitions.iter().zip(values) {
                let exact = value.exact.map(|exact| exact.to_f64().to_string()).unwrap_or_default();
                text.push_str(&format!("{kind},{id},{},{exact},{},{}\n", definition.id, value.n, value.valid));
            }
        }
    }
    text
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        match path.is_dir() {
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    found.sort();
    Ok(found)
}

/// Number and sum of the values of all files, one file a thread at a time, row group by row group.
fn scan(files: &[PathBuf]) -> Result<(u64, i128)> {
    let mut parts = Vec::new();
    for path in files {
        let groups = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.metadata().num_row_groups();
        parts.extend((0..groups).map(|group| (path, group)));
    }
    let next = AtomicUsize::new(0);
    let work = || -> Result<(u64, i128)> {
        let mut sum = (0, 0);
        while let Some((path, group)) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
            let value = ProjectionMask::columns(builder.parquet_schema(), ["value"]);
            for batch in builder.with_projection(value).with_row_groups(vec![*group]).with_batch_size(65_536).build()? {
                let batch = batch?;
                let column =
                    batch.column(0).as_any().downcast_ref::<Decimal128Array>().context("value is a decimal")?;
                sum.0 += (column.len() - column.null_count()) as u64;
                sum.1 += column.iter().flatten().sum::<i128>();
            }
        }
        Ok(sum)
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut total = (0, 0);
        for thread in running {
            let (values, sum) = thread.join().expect("a worker does not panic")?;
            total = (total.0 + values, total.1 + sum);
        }
        Ok(total)
    })
}
