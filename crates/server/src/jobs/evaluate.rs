//! Rows of concentrations → the same rows with their indices, by one standard. Nothing is kept.

use crate::catalogs::Catalogs;
use crate::trouble::Trouble;
use domain::{Fixed, Place, Problem, Severity, Text};
use standards::media::{Evaluator, Options};
use standards::{AirIndex, Period};
use std::collections::BTreeSet;

/// The column that says over which time the values of a row were averaged.
const PERIOD: &str = "period";

/// Evaluated rows.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// Input columns, then the computed ones.
    pub columns: Vec<String>,
    /// How many of the columns are the input's.
    pub given: usize,
    /// Cells; `None` is missing.
    pub rows: Vec<Vec<Option<String>>>,
    /// Cells that could not be used.
    pub problems: Vec<Problem>,
}

impl Evaluation {
    /// Whether a column holds text even where it looks like a number.
    pub fn is_text(&self, column: &str) -> bool {
        self.columns.iter().take(self.given).any(|name| name == column) || column == "primary"
    }
}

/// One input column that is an item of the standard.
struct Column {
    at: usize,
    item: String,
}

/// Evaluates CSV text with a header by a standard: the columns that it takes, in any order.
pub fn evaluate(catalogs: &Catalogs, standard: &str, items: &[String], csv_text: &[u8]) -> Result<Evaluation, Trouble> {
    let text = std::str::from_utf8(csv_text).map_err(|_| not_utf8())?;
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(empty());
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| unreadable(&error.to_string()))?.clone();
    let names: Vec<String> = header.iter().map(|name| name.trim_start_matches('\u{feff}').to_string()).collect();
    if let Some(index) = catalogs.standards.index(standard) {
        return by_index(index, names, reader);
    }
    match catalogs.standards.evaluator(standard) {
        Some(evaluator) => by_rows(evaluator, items, names, reader),
        None => Err(unknown(catalogs, standard)),
    }
}

type Rows<'a> = csv::Reader<&'a [u8]>;

/// By a standard that judges rows of its own columns.
fn by_rows(
    evaluator: Evaluator<'_>,
    items: &[String],
    names: Vec<String>,
    mut reader: Rows<'_>,
) -> Result<Evaluation, Trouble> {
    let header: Vec<String> = names.clone();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let bound = evaluator.bind(&header, &Options { items: items.to_vec() }).map_err(|error| {
        let text = error.text();
        Trouble::bad("no-such-column", text.zh, text.en)
    })?;
    let mut evaluation = Evaluation { given: names.len(), ..Evaluation::default() };
    evaluation.problems.extend(bound.notes().iter().cloned());
    evaluation.columns = names;
    evaluation.columns.extend(evaluator.outputs().into_iter().map(|output| output.name));
    let mut idle: BTreeSet<usize> = BTreeSet::new();
    for (number, record) in reader.records().enumerate() {
        let row = number as u64 + 2;
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                evaluation.problems.push(bad_row(row, &error.to_string()));
                continue;
            }
        };
        if record.len() != evaluation.given {
            evaluation.problems.push(wrong_width(row, record.len(), evaluation.given));
        }
        let given: Vec<Option<&str>> =
            (0..evaluation.given).map(|at| record.get(at).filter(|text| !text.is_empty())).collect();
        let number = |at: &usize| given[*at].is_some_and(|text| text.parse::<f64>().is_ok()) && !bound.uses(*at);
        idle.extend((0..evaluation.given).filter(number));
        let judged = bound.row(&given);
        evaluation.problems.extend(judged.problems.into_iter().map(|mut problem| {
            problem.place.row = Some(row);
            problem
        }));
        let cells = given.iter().map(|cell| cell.map(str::to_string)).chain(judged.cells);
        evaluation.rows.push(cells.collect());
    }
    // Columns of which a near name was told already are left out here.
    let told: BTreeSet<String> = bound.notes().iter().map(|note| note.raw.clone()).collect();
    let idle: Vec<&str> = idle.iter().map(|at| header[*at].trim()).filter(|name| !told.contains(*name)).collect();
    if !idle.is_empty() {
        evaluation.problems.push(not_used(evaluator.id(), &idle));
    }
    Ok(evaluation)
}

/// Columns of numbers that the standard does not have: the class was made without them.
fn not_used(standard: &str, columns: &[&str]) -> Problem {
    let list = columns.join(", ");
    Problem {
        severity: Severity::Warning,
        code: "unused-column",
        place: Place { column: columns[0].to_string(), ..Place::default() },
        raw: list.clone(),
        message: Text::new(
            format!("列 {list} 有数字，但不是 {standard} 的列，未参与评价；列名见 jingce catalog list standards"),
            format!(
                "the columns {list} hold numbers and are none of {standard}: they were not judged; see jingce catalog list standards for its columns"
            ),
        ),
    }
}

/// By an air quality index: `period` (`day` or `hour`), and the standard's items.
fn by_index(index: &AirIndex, names: Vec<String>, mut reader: Rows<'_>) -> Result<Evaluation, Trouble> {
    let period = names.iter().position(|name| name.eq_ignore_ascii_case(PERIOD));
    let items = items(index);
    let columns: Vec<Column> = names
        .iter()
        .enumerate()
        .filter_map(|(at, name)| {
            let item = items.iter().find(|item| item.eq_ignore_ascii_case(name))?;
            Some(Column { at, item: item.clone() })
        })
        .collect();
    let (Some(period), false) = (period, columns.is_empty()) else {
        return Err(columns_absent(&names, &items));
    };
    let mut evaluation = Evaluation { given: names.len(), columns: names, ..Evaluation::default() };
    evaluation.columns.extend(items.iter().map(|item| format!("iaqi_{item}")));
    evaluation.columns.extend(["aqi", "level", "primary"].map(str::to_string));
    for (number, record) in reader.records().enumerate() {
        let row = number as u64 + 2;
        match record {
            Ok(record) => one_row(index, &items, &columns, period, (row, &record), &mut evaluation),
            Err(error) => evaluation.problems.push(bad_row(row, &error.to_string())),
        }
    }
    Ok(evaluation)
}

fn one_row(
    index: &AirIndex,
    items: &[String],
    columns: &[Column],
    period_at: usize,
    (row, record): (u64, &csv::StringRecord),
    evaluation: &mut Evaluation,
) {
    let width = evaluation.given;
    if record.len() != width {
        evaluation.problems.push(wrong_width(row, record.len(), width));
    }
    let mut cells: Vec<Option<String>> =
        (0..width).map(|at| record.get(at).filter(|text| !text.is_empty()).map(str::to_string)).collect();
    let period = match record.get(period_at).unwrap_or("").to_ascii_lowercase().as_str() {
        "day" => Period::Day,
        "hour" => Period::Hour,
        other => {
            evaluation.problems.push(bad_period(row, other));
            cells.resize(evaluation.columns.len(), None);
            evaluation.rows.push(cells);
            return;
        }
    };
    let mut given: Vec<(&str, Option<Fixed>)> = Vec::new();
    for column in columns {
        let text = record.get(column.at).unwrap_or("");
        let value = if text.is_empty() { None } else { number(row, &column.item, text, &mut evaluation.problems) };
        given.push((&column.item, value));
    }
    let judged = index.evaluate(period, &given);
    for item in &judged.beyond {
        let instead = index.items(period).iter().find(|own| own.item == *item).map(|own| own.instead.clone());
        evaluation.problems.push(beyond(row, item, instead.unwrap_or_default()));
    }
    for item in items {
        cells.push(
            judged.iaqi.iter().find(|(own, _)| own == item).and_then(|(_, iaqi)| iaqi.map(|iaqi| iaqi.to_string())),
        );
    }
    cells.push(judged.aqi.map(|aqi| aqi.to_string()));
    cells.push(judged.level.map(|level| level.to_string()));
    cells.push(Some(judged.primary.join(";")).filter(|primary| !primary.is_empty()));
    evaluation.rows.push(cells);
}

/// Items of both reports, in table order.
pub fn items(index: &AirIndex) -> Vec<String> {
    index.input_columns().iter().map(|(item, _)| item.clone()).collect()
}

fn number(row: u64, item: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Fixed> {
    let problem = |code, zh: String, en: String| Problem {
        severity: Severity::Error,
        code,
        place: Place { row: Some(row), column: item.to_string(), ..Place::default() },
        raw: text.to_string(),
        message: Text::new(zh, en),
    };
    match text.parse::<Fixed>() {
        Ok(value) if value >= Fixed::ZERO => return Some(value),
        Ok(_) => problems.push(problem(
            "negative",
            format!("浓度“{text}”为负，按缺测处理；请改正或留空"),
            format!("concentration `{text}` is negative and was taken as missing; correct it or leave it empty"),
        )),
        Err(error) => problems.push(problem(
            "not-a-number",
            format!("“{text}”不是数字，按缺测处理；请改正或留空"),
            format!("`{text}` cannot be used ({error}) and was taken as missing; correct it or leave it empty"),
        )),
    }
    None
}

fn bad_row(row: u64, reason: &str) -> Problem {
    Problem {
        severity: Severity::Error,
        code: "unreadable-row",
        place: Place { row: Some(row), ..Place::default() },
        raw: String::new(),
        message: Text::new(format!("这一行不能读取：{reason}"), format!("this row cannot be read: {reason}")),
    }
}

/// Worth knowing, and no fault of the row: the standard gives no index above the end of its table.
fn beyond(row: u64, item: &str, instead: Text) -> Problem {
    Problem {
        severity: Severity::Note,
        code: "above-the-table",
        place: Place { row: Some(row), column: item.to_string(), ..Place::default() },
        raw: String::new(),
        message: Text::new(
            format!("浓度高于标准表末端，此项没有分指数：{}", instead.zh),
            format!(
                "the concentration is above the end of the standard's table, so this item has no index: {}",
                instead.en
            ),
        ),
    }
}

fn wrong_width(row: u64, found: usize, wanted: usize) -> Problem {
    Problem {
        severity: Severity::Warning,
        code: "cells",
        place: Place { row: Some(row), ..Place::default() },
        raw: String::new(),
        message: Text::new(
            format!("这一行有 {found} 个单元格，表头有 {wanted} 个；缺的按缺测，多的未采用，请核对"),
            format!(
                "this row has {found} cells, the header {wanted}; absent ones count as missing, extra ones were not used: check it"
            ),
        ),
    }
}

fn empty() -> Trouble {
    Trouble::bad("empty-file", "输入是空的；请给出带表头的 CSV。", "the input is empty; give a CSV with a header.")
}

fn not_utf8() -> Trouble {
    Trouble::bad(
        "encoding",
        "输入不是 UTF-8 文本；请另存为 UTF-8 编码的 CSV（GBK、压缩文件和工作簿请用 import）。",
        "the input is not UTF-8 text; save it as CSV in UTF-8 (GBK, packed files and workbooks are for import).",
    )
}

fn bad_period(row: u64, text: &str) -> Problem {
    Problem {
        severity: Severity::Error,
        code: "bad-period",
        place: Place { row: Some(row), column: PERIOD.to_string(), ..Place::default() },
        raw: text.to_string(),
        message: Text::new(
            format!("period 为“{text}”；请写 day 或 hour"),
            format!("period is `{text}`; write day or hour"),
        ),
    }
}

fn unknown(catalogs: &Catalogs, standard: &str) -> Trouble {
    let able = catalogs.standards.standards().filter(|own| catalogs.standards.index(&own.id).is_some());
    let rows = catalogs.standards.evaluators().map(|own| own.id().to_string());
    let able = able.map(|own| own.id.clone()).chain(rows).collect::<Vec<_>>().join(", ");
    Trouble::not_found(
        "no-such-standard",
        format!("没有可对行数据评价的标准“{standard}”。现有：{able}。"),
        format!("there is no standard `{standard}` that judges rows. There are: {able}."),
    )
}

fn unreadable(reason: &str) -> Trouble {
    Trouble::bad("not-csv", format!("输入不是可读的 CSV：{reason}"), format!("the input is not readable CSV: {reason}"))
}

fn columns_absent(found: &[String], items: &[String]) -> Trouble {
    let (found, wanted) = (found.join(", "), items.join(", "));
    Trouble::bad(
        "no-such-column",
        format!("需要列 {PERIOD} 和至少一个项目列（{wanted}）；文件的列是：{found}。请检查表头和分隔符。"),
        format!(
            "the columns {PERIOD} and at least one item ({wanted}) are needed; the file has: {found}. Check the header and the delimiter."
        ),
    )
}
