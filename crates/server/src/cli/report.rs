//! `jingce report air-year --data DIR --area AREA --year YYYY --out FILE.pdf|FILE.xlsx`

use super::Ending;
use super::ask::{AreaYear, Folder};
use super::print::out;
use crate::data::View;
use crate::jobs;
use crate::jobs::plan_status::PlanAsk;
use crate::jobs::report_air_year::Format;
use crate::trouble::Trouble;
use clap::{Args, Subcommand};
use domain::Lang;
use report::plan_report::Evaluation;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(subcommand)]
    command: Own,
}

#[derive(Debug, Subcommand)]
enum Own {
    /// The yearly air evaluation of an area.
    AirYear(Document),
    /// A plan's table with its state.
    Plan {
        /// Plan id (default: the area's own).
        #[arg(long, value_name = "ID")]
        plan: Option<String>,
        #[command(flatten)]
        document: Document,
    },
}

#[derive(Debug, Args)]
struct Document {
    #[command(flatten)]
    folder: Folder,
    #[command(flatten)]
    ask: AreaYear,
    /// File to write; its ending says the format: .pdf or .xlsx.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(crate) fn run(own: &Report, lang: Lang) -> Result<Ending, Trouble> {
    match &own.command {
        Own::AirYear(document) => make(document, lang, jobs::report_air_year::document),
        Own::Plan { plan, document } => make(document, lang, |view, ask, format, lang| {
            let plan = jobs::plan_status::plan_of(view, &ask.area, plan.as_deref())?;
            jobs::report_plan::document(view, &PlanAsk { plan, year: ask.clone() }, Evaluation::Annual, (format, lang))
        }),
    }
}

fn make(
    own: &Document,
    lang: Lang,
    document: impl FnOnce(&View, &jobs::judge::AreaYear, Format, Lang) -> Result<Vec<u8>, Trouble>,
) -> Result<Ending, Trouble> {
    let format = Format::of_file(&own.out)?;
    let data = own.folder.open(lang)?;
    let view = data.view(own.ask.as_of()?)?;
    let ask =
        jobs::judge::AreaYear { area: view.area(&own.ask.area)?, year: own.ask.year()?, rules: own.ask.rules.clone() };
    let bytes = document(&view, &ask, format, lang)?;
    write(&own.out, &bytes)?;
    out(&format!("{} ({} kB)\n", own.out.display(), bytes.len().div_ceil(1024)))?;
    Ok(Ending::Done)
}

/// All or nothing: an existing file is replaced only by a complete one.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    let partial = path.with_extension("partial");
    let written = std::fs::write(&partial, bytes).and_then(|()| std::fs::rename(&partial, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&partial);
        Trouble::file(path, &error)
    })
}
