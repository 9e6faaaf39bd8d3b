//! `jingce catalog check [DIR]` and `jingce catalog list [KIND]`

use super::Ending;
use super::ask::Format;
use super::print::{Table, out};
use crate::catalogs::Catalogs;
use crate::jobs;
use crate::trouble::Trouble;
use clap::{Args, Subcommand, ValueEnum};
use domain::Lang;
use standards::media::Column;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct CatalogCommand {
    #[command(subcommand)]
    command: Own,
}

#[derive(Debug, Subcommand)]
enum Own {
    /// Checks the built-in catalogs with DIR on top and runs every worked case.
    Check {
        /// Folder with own catalogs (standards/, indicators/, plans/, mappings/, reports/).
        dir: Option<PathBuf>,
    },
    /// Lists what there is.
    List {
        /// One kind only.
        #[arg(value_enum)]
        kind: Option<Kind>,
        /// Folder with own catalogs.
        #[arg(long, value_name = "DIR")]
        catalog: Option<PathBuf>,
        /// Form of the output.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Standards,
    Rules,
    Indicators,
    Plans,
    Mappings,
    Reports,
    Parameters,
    Units,
}

pub(crate) fn run(own: &CatalogCommand, lang: Lang) -> Result<Ending, Trouble> {
    match &own.command {
        Own::Check { dir } => check(dir.as_deref(), lang),
        Own::List { kind, catalog, format } => {
            let (catalogs, _) = Catalogs::load(catalog.as_deref())?;
            let table = list(&catalogs, *kind, lang);
            match format {
                Format::Json => super::print::json(&objects(&table))?,
                format => table.print(*format)?,
            }
            Ok(Ending::Done)
        }
    }
}

fn check(dir: Option<&std::path::Path>, lang: Lang) -> Result<Ending, Trouble> {
    if let Some(dir) = dir.filter(|dir| !dir.is_dir()) {
        return Err(Trouble::not_found(
            "no-such-folder",
            format!("没有文件夹 {}。", dir.display()),
            format!("there is no folder {}.", dir.display()),
        ));
    }
    let (catalogs, problems) = Catalogs::load(dir)?;
    for problem in &problems {
        let message = if lang == Lang::Zh { &problem.message.zh } else { &problem.message.en };
        out(&format!("{}: {message}\n", problem.path))?;
    }
    let cases = worked_cases(&catalogs, dir)?;
    let failed: Vec<&WorkedCase> = cases.iter().filter(|case| !case.pass).collect();
    for case in &failed {
        out(&format!("{}\n", case.line))?;
    }
    let counts = [
        ("standards", catalogs.standards.standards().count()),
        ("rule sets", catalogs.standards.rule_sets().len()),
        ("indicators", catalogs.definitions.iter().count()),
        ("plans", catalogs.plans.iter().count()),
        ("mappings", catalogs.mappings.iter().count()),
        ("reports", catalogs.templates.ids().count()),
    ];
    let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
    out(&format!(
        "{}; {} worked cases, {} failed; {} problems\n",
        counts.join(", "),
        cases.len(),
        failed.len(),
        problems.len()
    ))?;
    Ok(if problems.is_empty() && failed.is_empty() { Ending::Done } else { Ending::WithProblems })
}

/// A case that stands beside a rule, an indicator or a mapping.
struct WorkedCase {
    pass: bool,
    line: String,
}

fn worked_cases(catalogs: &Catalogs, dir: Option<&std::path::Path>) -> Result<Vec<WorkedCase>, Trouble> {
    let mut all = Vec::new();
    for case in catalogs.standards.run_cases() {
        let line = format!(
            "standards/{}/cases.csv:{}: {}: expected {}, got {}",
            case.standard, case.line, case.given, case.expect, case.got
        );
        all.push(WorkedCase { pass: case.pass, line });
    }
    for case in indicators::run_cases(&Catalogs::indicator_files(dir)?, &catalogs.definitions, &catalogs.standards) {
        let line =
            format!("indicators/{}:{}: {}: expected {}, got {}", case.path, case.row, case.name, case.expect, case.got);
        all.push(WorkedCase { pass: case.passed, line });
    }
    let context = intake::Context { units: catalogs.units.clone(), parameters: catalogs.parameters.clone() };
    for sample in catalogs.mappings.run_samples(&context) {
        let fault = sample.fault.map(|fault| fault.en).unwrap_or_default();
        all.push(WorkedCase {
            pass: fault.is_empty(),
            line: format!("mappings/{}/samples/{}: {fault}", sample.mapping, sample.sample),
        });
    }
    Ok(all)
}

fn list(catalogs: &Catalogs, kind: Option<Kind>, lang: Lang) -> Table {
    let mut table = Table::new(&["kind", "id", "title", "about"]);
    let pick = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_string() } else { en.to_string() };
    let mut add = |of: Kind, word: &str, id: &str, title: String, about: String| {
        if kind.is_none_or(|only| only == of) {
            table.rows.push(vec![word.to_string(), id.to_string(), title, about]);
        }
    };
    for own in jobs::rules::standards(catalogs) {
        let columns = columns(catalogs, &own.id);
        let about = format!(
            "{} from {} to {} [{:?}]{}",
            own.number,
            own.from,
            own.to.unwrap_or_else(|| "…".into()),
            own.confidence,
            columns.unwrap_or_default()
        );
        add(Kind::Standards, "standard", &own.id, pick(&own.title.zh, &own.title.en), about);
    }
    for own in jobs::rules::rule_sets(catalogs) {
        let parts: Vec<String> = own.standards.iter().map(|part| part.id.clone()).collect();
        let about = format!("from {} to {}: {}", own.from, own.to.unwrap_or_else(|| "…".into()), parts.join(" + "));
        add(Kind::Rules, "rules", &own.id, pick(&own.title.zh, &own.title.en), about);
    }
    for own in catalogs.definitions.iter() {
        add(
            Kind::Indicators,
            "indicator",
            &own.id,
            pick(&own.title.zh, &own.title.en),
            format!("{}; {}", own.unit, own.source),
        );
    }
    for own in catalogs.plans.iter() {
        add(
            Kind::Plans,
            "plan",
            &own.id,
            pick(&own.title.zh, &own.title.en),
            format!("{} {}–{}", own.area, own.from, own.to),
        );
    }
    for own in catalogs.mappings.iter() {
        let about = format!("{} ({}): {}", own.into.code(), own.formats.join("/"), own.columns.join(","));
        add(Kind::Mappings, "mapping", &own.id, pick(&own.title.zh, &own.title.en), about);
    }
    for id in catalogs.templates.ids() {
        let title =
            catalogs.templates.about(id).map(|about| pick(&about.title.zh, &about.title.en)).unwrap_or_default();
        add(Kind::Reports, "report", id, title, String::new());
    }
    for own in catalogs.parameters.iter() {
        add(
            Kind::Parameters,
            "parameter",
            &own.code,
            pick(&own.name.zh, &own.name.en),
            format!("{} {} {}", own.medium, own.unit, own.hj212_2017),
        );
    }
    for own in catalogs.units.iter() {
        add(Kind::Units, "unit", &own.symbol, own.dimension.clone(), String::new());
    }
    table
}

/// The columns that `evaluate` takes by a standard, and those that it adds.
fn columns(catalogs: &Catalogs, standard: &str) -> Option<String> {
    if let Some(index) = catalogs.standards.index(standard) {
        return Some(format!("; columns period,{}", jobs::evaluate::items(index).join(",")));
    }
    let evaluator = catalogs.standards.evaluator(standard)?;
    let takes: Vec<String> = evaluator.columns().iter().map(column).collect();
    let adds: Vec<String> = evaluator.outputs().into_iter().map(|output| output.name).collect();
    Some(format!("; columns {}; adds {}", takes.join(","), adds.join(",")))
}

/// A column with the words it takes or the unit it is in.
fn column(own: &Column) -> String {
    let mut text = own.name.clone();
    if !own.words.is_empty() {
        let words: Vec<&str> = own.words.iter().map(|(word, _)| word.as_str()).collect();
        text.push_str(&format!("({})", words.join("|")));
    } else if !own.unit.is_empty() {
        text.push_str(&format!("[{}]", own.unit));
    }
    text
}

fn objects(table: &Table) -> Vec<serde_json::Value> {
    let rows = table.rows.iter().map(|row| {
        let cells = table.header.iter().zip(row).map(|(name, cell)| (name.clone(), cell.clone().into()));
        serde_json::Value::Object(cells.collect())
    });
    rows.collect()
}
