//! `jingce evaluate STANDARD-ID [--input FILE|-] [--format csv|json]`

use super::Ending;
use super::print::out;
use crate::catalogs::Catalogs;
use crate::jobs::evaluate::{Evaluation, evaluate};
use crate::trouble::Trouble;
use clap::{Args, ValueEnum};
use domain::{Lang, Severity};
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// Standard: see `jingce catalog list standards`.
    #[arg(value_name = "STANDARD-ID")]
    standard: String,
    /// CSV file with a header; `-` reads standard input.
    #[arg(long, default_value = "-", value_name = "FILE|-")]
    input: String,
    /// Items that make the class: those outside the class are added (such as tn, fecal); a list that names one of the
    /// class is the whole of it.
    #[arg(long, value_delimiter = ',', value_name = "ITEMS")]
    items: Vec<String>,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "csv")]
    format: RowFormat,
    /// Folder with own catalogs.
    #[arg(long, value_name = "DIR")]
    catalog: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RowFormat {
    Csv,
    Json,
}

pub(crate) fn run(own: &Evaluate, lang: Lang) -> Result<Ending, Trouble> {
    let (catalogs, problems) = Catalogs::load(own.catalog.as_deref())?;
    for problem in &problems {
        let message = if lang == Lang::Zh { &problem.message.zh } else { &problem.message.en };
        eprintln!("jingce: catalog {}: {message}", problem.path);
    }
    let bytes = read(&own.input)?;
    let evaluation = evaluate(&catalogs, &own.standard, &own.items, &bytes)?;
    for problem in &evaluation.problems {
        eprintln!("jingce: {}{}", own.input, problem.line(lang));
    }
    out(&match own.format {
        RowFormat::Csv => csv(&evaluation),
        RowFormat::Json => json(&evaluation),
    })?;
    let faults = evaluation.problems.iter().any(|problem| problem.severity > Severity::Note);
    Ok(if faults { Ending::WithProblems } else { Ending::Done })
}

pub(super) fn read(input: &str) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    let read = match input {
        "-" => std::io::stdin().lock().read_to_end(&mut bytes),
        path => File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)),
    };
    read.map_err(|error| Trouble::file(std::path::Path::new(input), &error))?;
    Ok(bytes)
}

fn csv(evaluation: &Evaluation) -> String {
    let mut table = super::print::Table::default();
    table.header.clone_from(&evaluation.columns);
    table.rows =
        evaluation.rows.iter().map(|row| row.iter().map(|cell| cell.clone().unwrap_or_default()).collect()).collect();
    table.to_csv()
}

/// One object a row; what looks like a number in a computed column is one.
fn json(evaluation: &Evaluation) -> String {
    let rows: Vec<serde_json::Value> = evaluation
        .rows
        .iter()
        .map(|row| {
            let cells = evaluation.columns.iter().zip(row).map(|(name, cell)| {
                let value = match cell {
                    None => serde_json::Value::Null,
                    Some(text) => match text.parse::<i64>() {
                        Ok(number) if !evaluation.is_text(name) => number.into(),
                        _ => text.clone().into(),
                    },
                };
                (name.clone(), value)
            });
            serde_json::Value::Object(cells.collect())
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&rows).expect("rows are plain values");
    text.push('\n');
    text
}
