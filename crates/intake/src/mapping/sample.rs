//! Samples beside a mapping, run as tests: `samples/NAME.csv` must give what `samples/NAME.expect.txt` says.
//!
//! One line a result, readable and easy to write by hand:
//!
//! ```text
//! 2 Aotizhongxin pm25 hour 2013-03-01T00:00:00+08:00 4 good
//! 3 area=512000 name_zh=资阳市
//! ! 4:PM2.5 error not-a-number `abc`
//! x 4
//! ```
//! the row, then a reading or the fields of a record; `!` a problem; `x` a row of the rejects file.

use super::{Mapping, Text};
use crate::{Context, Source, open};
use domain::catalog::Files;
use domain::{Problem, ReadingBatch, Record};
use std::fmt::Write;

/// How a sample turned out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleResult {
    /// Mapping.
    pub mapping: String,
    /// Path of the sample in the catalog, or of `mapping.toml` when the mapping itself is at fault.
    pub sample: String,
    /// What differs, and what to do; `None` when it is as expected.
    pub fault: Option<Text>,
}

/// Runs every text sample of a mapping.
pub(super) fn run_all(mapping: &Mapping, files: &Files, context: &Context) -> Vec<SampleResult> {
    let prefix = format!("{}/samples/", mapping.id);
    let mut results = Vec::new();
    for (path, content) in files.iter() {
        let Some(name) = path.strip_prefix(&prefix).filter(|name| !name.ends_with(".expect.txt")) else { continue };
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let expect_path = format!("{prefix}{stem}.expect.txt");
        let fault = match files.get(&expect_path) {
            None => Some(Text::new(
                format!("样例没有预期结果；请添加 {expect_path}"),
                format!("the sample has no expectation; add {expect_path}"),
            )),
            Some(expect) => {
                difference(&expect.replace("\r\n", "\n"), &transcript(name, content.as_bytes(), mapping, context))
            }
        };
        results.push(SampleResult { mapping: mapping.id.clone(), sample: path.to_string(), fault });
    }
    if results.is_empty() {
        let fault = Some(Text::new("没有样例；请在 samples/ 下添加", "there is no sample; add one under samples/"));
        results.push(SampleResult {
            mapping: mapping.id.clone(),
            sample: format!("{}/mapping.toml", mapping.id),
            fault,
        });
    }
    results
}

/// The first line in which a transcript differs from what is expected.
pub(crate) fn difference(expect: &str, found: &str) -> Option<Text> {
    if expect == found {
        return None;
    }
    let mut pairs = expect.lines().zip(found.lines()).enumerate();
    let (line, expected, got) = match pairs.find(|(_, (expected, got))| expected != got) {
        Some((index, (expected, got))) => (index + 1, expected, got),
        None => {
            let (expected, got) = (expect.lines().count(), found.lines().count());
            let same = expected.min(got);
            (same + 1, expect.lines().nth(same).unwrap_or("(end)"), found.lines().nth(same).unwrap_or("(end)"))
        }
    };
    Some(Text::new(
        format!("第 {line} 行应为 `{expected}`，得到 `{got}`"),
        format!("line {line}: expected `{expected}`, found `{got}`"),
    ))
}

/// What a file gives, as text.
pub(super) fn transcript(name: &str, bytes: &[u8], mapping: &Mapping, context: &Context) -> String {
    let mut out = String::new();
    let mapping = if mapping.needs_station() { mapping.at_station("given") } else { mapping.clone() };
    match open(Source::bytes(name, bytes.to_vec()), &mapping, context) {
        Err(problem) => problem_line(&mut out, &problem),
        Ok(chunks) => {
            for chunk in chunks {
                readings(&mut out, &chunk.readings);
                chunk.records.iter().for_each(|record| record_line(&mut out, record));
                chunk.problems.iter().for_each(|problem| problem_line(&mut out, problem));
                for reject in &chunk.rejects {
                    line(&mut out, format_args!("x {}", reject.row));
                }
            }
        }
    }
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("writing to a string does not fail");
}

fn readings(out: &mut String, batch: &ReadingBatch) {
    for reading in &batch.rows {
        let station = &batch.stations[reading.station as usize];
        let parameter = &batch.parameters[usize::from(reading.parameter)];
        let value = reading.value.map_or("-".to_string(), |value| value.to_string());
        let (span, time, flag) = (reading.span.code(), reading.time.to_iso(), reading.flag.code());
        line(out, format_args!("{} {station} {parameter} {span} {time} {value} {flag}", reading.row));
    }
}

fn record_line(out: &mut String, record: &Record) {
    let fields: Vec<String> = record.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    line(out, format_args!("{} {}", record.row, fields.join(" ")));
}

fn problem_line(out: &mut String, problem: &Problem) {
    let row = problem.place.row.map_or("-".to_string(), |row| row.to_string());
    let (column, severity, code) = (&problem.place.column, problem.severity.code(), problem.code);
    line(out, format_args!("! {row}:{column} {severity} {code} `{}`", problem.raw.replace(['\n', '\r'], "⏎")));
}
