//! `jingce compare --data DIR --area AREA --year YYYY --a RULES --b RULES`

use super::Ending;
use super::ask::{Folder, Format};
use super::print::{Table, json};
use crate::answers::air::{ComparedDay, Comparison};
use crate::asked::calendar_year;
use crate::jobs;
use crate::trouble::Trouble;
use clap::Args;
use domain::Lang;

#[derive(Debug, Args)]
pub(crate) struct Compare {
    #[command(flatten)]
    folder: Folder,
    /// Area: code, Chinese or English name.
    #[arg(long)]
    area: String,
    /// Calendar year.
    #[arg(long)]
    year: i16,
    /// First rule set or standard id.
    #[arg(long, default_value = jobs::judge::IN_FORCE, value_name = "ID")]
    a: String,
    /// Second rule set or standard id.
    #[arg(long, value_name = "ID")]
    b: String,
    /// Form of the output; a table lists figures, then the days that change class.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(crate) fn run(own: &Compare, lang: Lang) -> Result<Ending, Trouble> {
    let data = own.folder.open(lang)?;
    let view = data.view(None)?;
    let area = view.area(&own.area)?;
    let comparison = jobs::compare::compare(&view, &area, calendar_year(own.year)?, &own.a, &own.b)?;
    match own.format {
        Format::Json => json(&comparison)?,
        Format::Csv => days(&comparison).print(Format::Csv)?,
        Format::Table => {
            figures(&comparison).print(Format::Table)?;
            days(&comparison).print(Format::Table)?;
        }
    }
    Ok(Ending::Done)
}

fn figures(own: &Comparison) -> Table {
    let mut table = Table::new(&["rules", "good_days", "valid_days", "good_ratio", "heavy_days"]);
    for (rules, side) in [(&own.a, &own.summary.a), (&own.b, &own.summary.b)] {
        let ratio = side.good_ratio.map(|ratio| ratio.0.to_string()).unwrap_or_default();
        table.rows.push(vec![
            rules.clone(),
            side.good_days.to_string(),
            side.valid_days.to_string(),
            ratio,
            side.heavy_days.to_string(),
        ]);
    }
    table
}

fn days(own: &Comparison) -> Table {
    let mut table = Table::new(&["date", "a_aqi", "a_level", "a_primary", "b_aqi", "b_level", "b_primary"]);
    let text = |day: &ComparedDay| {
        let number = |value: Option<u16>| value.map(|value| value.to_string()).unwrap_or_default();
        [number(day.aqi), number(day.level.map(u16::from)), day.primary.join(";")]
    };
    for day in &own.changed {
        let mut row = vec![day.date.clone()];
        row.extend(text(&day.a));
        row.extend(text(&day.b));
        table.rows.push(row);
    }
    table
}
