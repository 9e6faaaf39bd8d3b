//! `jingce query SQL --data DIR`

use super::Ending;
use super::ask::{Folder, Format};
use super::print::{Table, json};
use crate::trouble::Trouble;
use clap::Args;
use domain::Lang;

#[derive(Debug, Args)]
pub(crate) struct Query {
    /// One SELECT statement.
    ///
    /// Tables: observations (newest revisions), observations_all, stations, areas, reported, exclusions, imports,
    /// problems; of online monitoring frames, realtime, minutes, hours_sent and days_sent (as the instruments sent them),
    /// hours and days (judged), flags (series tests), deviations, alerts, marks. Functions: iaqi(item, period, value[, rules]), aqi(so2, no2, co, o3_8h, pm10, pm25[, rules]),
    /// aqi_level(aqi), aqi_class(aqi[, rules]), aqi_primary(…), gbt8170(value, digits); aggregates valid_mean(value,
    /// min_n), percentile_hj663(value, p). `rules` is a rule set, a standard id, or a time or date of the data;
    /// without it the rules in force at the newest import are taken.
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

pub(crate) fn run(own: &Query, lang: Lang) -> Result<Ending, Trouble> {
    let data = own.folder.open(lang)?;
    let view = data.view(own.as_of.as_deref().map(crate::asked::moment).transpose()?)?;
    let runtime = super::serve::runtime()?;
    let extra = crate::jobs::online::tables::named(&data, &own.sql, view.as_of)?;
    let ask = lake::SqlAsk { sql: own.sql.clone(), rows: usize::MAX, extra };
    let answer = runtime.block_on(view.snapshot.sql_asked(ask))?;
    let mut table =
        Table { header: answer.columns.iter().map(|column| column.name.clone()).collect(), rows: Vec::new() };
    if own.format == Format::Json {
        let objects = answer.rows.iter().map(|row| {
            let cells =
                answer.columns.iter().zip(row).map(|(column, cell)| (column.name.clone(), value(column.kind, cell)));
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

/// A cell as JSON: numbers and truth values as such, everything else as text.
fn value(kind: &str, cell: &Option<String>) -> serde_json::Value {
    match (kind, cell) {
        (_, None) => serde_json::Value::Null,
        ("integer" | "float" | "decimal" | "boolean", Some(text)) => {
            serde_json::from_str(text).unwrap_or_else(|_| text.clone().into())
        }
        (_, Some(text)) => text.clone().into(),
    }
}
