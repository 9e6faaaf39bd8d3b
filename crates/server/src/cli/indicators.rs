//! `jingce indicators --data DIR --area AREA --year YYYY`

use super::Ending;
use super::ask::{AreaYear, Folder, Format};
use super::print::{Table, json};
use crate::answers::air::Statistic;
use crate::jobs;
use crate::trouble::Trouble;
use clap::Args;
use domain::Lang;

#[derive(Debug, Args)]
pub(crate) struct Indicators {
    #[command(flatten)]
    folder: Folder,
    #[command(flatten)]
    ask: AreaYear,
    /// Plan whose indicators and targets are applied too (default: the area's own).
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(crate) fn run(own: &Indicators, lang: Lang) -> Result<Ending, Trouble> {
    let data = own.folder.open(lang)?;
    let view = data.view(own.ask.as_of()?)?;
    let area = view.area(&own.ask.area)?;
    let ask = jobs::judge::AreaYear { area, year: own.ask.year()?, rules: own.ask.rules.clone() };
    let rows = jobs::indicators::indicators(&view, &ask, own.plan.as_deref())?;
    match own.format {
        Format::Json => json(&rows)?,
        format => table(&rows, lang).print(format)?,
    }
    Ok(Ending::Done)
}

fn table(rows: &[Statistic], lang: Lang) -> Table {
    let mut table =
        Table::new(&["id", "value", "unit", "valid", "n", "of", "target", "limit", "state", "rules", "title", "note"]);
    for row in rows {
        let title = match lang {
            Lang::Zh => &row.title.zh,
            Lang::En => &row.title.en,
        };
        let number = |value: Option<crate::answers::Number>| value.map(|value| value.0.to_string()).unwrap_or_default();
        table.rows.push(vec![
            row.id.clone(),
            row.value_text.clone().unwrap_or_else(|| number(row.value)),
            row.unit.clone(),
            row.valid.to_string(),
            row.n.to_string(),
            row.of.to_string(),
            row.target_text.clone().unwrap_or_else(|| number(row.target)),
            number(row.limit),
            row.state.clone().unwrap_or_default(),
            row.rules.clone(),
            title.clone(),
            notes(row, lang),
        ]);
    }
    table
}

/// What a reader must know of the value, in one cell.
fn notes(row: &Statistic, lang: Lang) -> String {
    let words = |note: &crate::answers::Text| if lang == Lang::Zh { note.zh.clone() } else { note.en.clone() };
    row.notes.iter().map(words).collect::<Vec<_>>().join("; ")
}
