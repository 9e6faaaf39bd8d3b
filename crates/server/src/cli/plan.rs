//! `jingce plan status [--plan ID] [--year YYYY] --data DIR`

use super::Ending;
use super::ask::{Folder, Format};
use super::print::{Table, json};
use crate::answers::plan::PlanStatus;
use crate::jobs;
use crate::jobs::plan_status::PlanAsk;
use crate::trouble::Trouble;
use clap::{Args, Subcommand};
use domain::Lang;

#[derive(Debug, Args)]
pub(crate) struct PlanCommand {
    #[command(subcommand)]
    command: Own,
}

#[derive(Debug, Subcommand)]
enum Own {
    /// Where each indicator stands.
    Status(Status),
}

#[derive(Debug, Args)]
struct Status {
    #[command(flatten)]
    folder: Folder,
    /// Plan id (default: the only one, or the area's own).
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// Area (default: the plan's own).
    #[arg(long)]
    area: Option<String>,
    /// Calendar year (default: the plan's last).
    #[arg(long)]
    year: Option<i16>,
    /// Rule set or standard id for what is computed.
    #[arg(long, default_value = jobs::judge::IN_FORCE, value_name = "ID")]
    rules: String,
    /// Read the data as they stood at this moment.
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(crate) fn run(own: &PlanCommand, lang: Lang) -> Result<Ending, Trouble> {
    let Own::Status(own) = &own.command;
    let data = own.folder.open(lang)?;
    let view = data.view(own.as_of.as_deref().map(crate::asked::moment).transpose()?)?;
    let plan = match (&own.plan, &own.area) {
        (None, Some(area)) => jobs::plan_status::plan_of(&view, &view.area(area)?, None)?,
        (named, _) => jobs::plan_status::named_or_only(&data.catalogs, named.as_deref())?,
    };
    let about = jobs::plan_status::plan_answer(&data.catalogs, &plan)?;
    let area = view.area(own.area.as_deref().unwrap_or(&about.area))?;
    let year = crate::asked::calendar_year(own.year.unwrap_or(about.to))?;
    let ask = PlanAsk { plan, year: jobs::judge::AreaYear { area, year, rules: own.rules.clone() } };
    let status = jobs::plan_status::status(&view, &ask)?;
    match own.format {
        Format::Json => json(&status)?,
        format => table(&status, lang).print(format)?,
    }
    Ok(Ending::Done)
}

fn table(status: &PlanStatus, lang: Lang) -> Table {
    let mut table =
        Table::new(&["no", "title", "unit", "base", "target", "value", "year", "source", "path", "state", "why"]);
    let pick = |text: &crate::answers::Text| if lang == Lang::Zh { text.zh.clone() } else { text.en.clone() };
    for row in &status.rows {
        table.rows.push(vec![
            row.no.to_string(),
            pick(&row.title),
            row.unit.clone(),
            row.base.text.clone(),
            row.target.text.clone(),
            row.value.as_ref().map(|value| value.text.clone()).unwrap_or_default(),
            row.value_year.map(|year| year.to_string()).unwrap_or_default(),
            row.source.clone().unwrap_or_default(),
            row.path.map(|path| path.0.to_string()).unwrap_or_default(),
            row.state.clone(),
            pick(&row.why),
        ]);
    }
    table
}
