//! `jingce query SQL --data DIR`

use super::Ending;
use super::ask::{Folder, Format, moment};
use super::print::{Table, json};
use crate::trouble::Trouble;
use clap::Args;
use domain::Lang;

#[derive(Debug, Args)]
pub(crate) struct Query {
    /// One SELECT statement. Tables: observations, observations_all, stations, areas, reported, exclusions, imports, problems.
    #[arg(value_name = "SQL")]
    sql: String,
    #[command(flatten)]
    folder: Folder,
    /// Read the data as they stood at this moment.
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(crate) fn run(own: &Query) -> Result<Ending, Trouble> {
    let data = own.folder.open(Lang::En)?;
    let view = data.view(own.as_of.as_deref().map(moment).transpose()?)?;
    let runtime = super::serve::runtime()?;
    let answer = runtime.block_on(view.snapshot.sql(&own.sql))?;
    let mut table =
        Table { header: answer.columns.iter().map(|column| column.name.clone()).collect(), rows: Vec::new() };
    if own.format == Format::Json {
        let objects = answer.rows.iter().map(|row| {
            let cells = table.header.iter().zip(row).map(|(name, cell)| (name.clone(), cell.clone().into()));
            serde_json::Value::Object(cells.collect())
        });
        json(&objects.collect::<Vec<_>>())?;
    } else {
        table.rows =
            answer.rows.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect()).collect();
        table.print(own.format)?;
    }
    Ok(Ending::Done)
}
