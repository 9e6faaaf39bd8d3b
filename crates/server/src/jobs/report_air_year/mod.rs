//! A judged year and the year before → the yearly air evaluation as PDF or XLSX.

mod days;
mod places;
mod rules;
mod statistics;

use crate::answers;
use crate::clock;
use crate::data::View;
use crate::jobs::air_days::city_day;
use crate::jobs::compare::compare;
use crate::jobs::explain::sources;
use crate::jobs::judge::{AreaYear, IN_FORCE, Judged, judge};
use crate::jobs::plan_status::{PlanAsk, status};
use crate::trouble::Trouble;
use domain::{Lang, Text, Year};
use report::air_year as doc;
use std::path::Path;
use std::sync::Arc;

/// Form of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Typeset pages.
    Pdf,
    /// A workbook.
    Xlsx,
}

impl Format {
    /// By its name.
    pub fn of(name: &str) -> Result<Format, Trouble> {
        match name.to_ascii_lowercase().as_str() {
            "pdf" => Ok(Format::Pdf),
            "xlsx" => Ok(Format::Xlsx),
            other => Err(Trouble::bad(
                "format",
                format!("没有格式“{other}”；请用 pdf 或 xlsx。"),
                format!("there is no format `{other}`; use pdf or xlsx."),
            )),
        }
    }

    /// By a file's ending.
    pub fn of_file(path: &Path) -> Result<Format, Trouble> {
        Format::of(&path.extension().unwrap_or_default().to_string_lossy())
    }

    /// Ending of a file.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Pdf => "pdf",
            Format::Xlsx => "xlsx",
        }
    }

    /// Media type.
    pub fn mime(self) -> &'static str {
        match self {
            Format::Pdf => "application/pdf",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// What the document is made from.
pub(super) struct Material<'a> {
    pub view: &'a View<'a>,
    pub ask: &'a AreaYear,
    pub now: Arc<Judged>,
    pub before: Option<Arc<Judged>>,
    pub city: Vec<answers::air::AirDay>,
}

/// The yearly air evaluation of an area.
pub fn document(view: &View, ask: &AreaYear, format: Format, lang: Lang) -> Result<Vec<u8>, Trouble> {
    let data = air_year(view, ask)?;
    match format {
        Format::Pdf => {
            let value = serde_json::to_value(&data).expect("the report is made of plain values");
            Ok(view.data.catalogs.templates.render("air-year", &value, lang)?)
        }
        Format::Xlsx => Ok(report::air_year_xlsx(&data, lang)?),
    }
}

/// Everything the document prints.
pub fn air_year(view: &View, ask: &AreaYear) -> Result<doc::AirYear, Trouble> {
    let now = judge(view, ask)?;
    if !now.has_data() {
        let (name, year) = (&ask.area.name_zh, ask.year);
        return Err(Trouble::not_found(
            "no-measurements",
            format!("{name} {year} 年没有小时监测数据，不能编制评价报告。请先导入。"),
            format!("{} has no hourly measurements in {year}; import them first.", ask.area.name_en),
        ));
    }
    let before = judge(view, &AreaYear { year: Year(ask.year.0 - 1), ..ask.clone() })?;
    let city = now.year.city.iter().map(|day| city_day(&now.year, day)).collect();
    let before = Some(before).filter(|before| before.has_data());
    let own = Material { view, ask, now, before, city };
    let statistics = statistics::statistics(&own);
    Ok(doc::AirYear {
        area: ask.area.id.clone(),
        name: Text::new(&ask.area.name_zh, &ask.area.name_en),
        year: i32::from(ask.year.0),
        generated_at: printed(clock::now()),
        as_of: view.as_of.map(printed).unwrap_or_default(),
        issuer: Text::default(),
        marks: marks(&ask.area.note),
        statements: Some(ask.area.note()).filter(|note| !note.zh.is_empty()).into_iter().collect(),
        rules_in_force: !own.now.year.rules.asked,
        rules: rules::rules(&own),
        items: places::items(&own),
        days: days::counts(&own),
        levels: days::levels(&own),
        calendar: days::calendar(&own),
        months: days::months(&own),
        stations: places::stations(&own),
        polluted: days::polluted(&own),
        polluted_by_primary: days::by_primary(&own),
        composite: statistics::composite(&own),
        exclusions: rules::exclusions(&own),
        comparisons: comparisons(&own)?,
        targets: targets(&own)?,
        sources: own_sources(&own)?,
        notes: rules::notes(&own),
        statistics,
    })
}

/// `2026-11-24 17:20`.
fn printed(moment: domain::Instant) -> String {
    moment.to_iso().chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// 示例 and 模拟 go on every page when the area's note begins with them.
fn marks(note: &str) -> Vec<Text> {
    [("示例", "example"), ("模拟", "simulated")]
        .into_iter()
        .filter(|(zh, _)| note.starts_with(zh))
        .map(|(zh, en)| Text::new(zh, en))
        .collect()
}

/// The same days under every other rule set of the catalog.
fn comparisons(own: &Material) -> Result<Vec<doc::Comparison>, Trouble> {
    let catalog = &own.view.data.catalogs.standards;
    let base = &own.now.year.rules.annual;
    let mut all = Vec::new();
    for other in catalog.rule_sets().iter().filter(|other| other.id != base.id && other.index.id != base.index.id) {
        if all.iter().any(|done: &doc::Comparison| done.other == other.index.number) {
            continue;
        }
        let compared = compare(own.view, &own.ask.area, own.ask.year, &own.ask.rules, &other.id)?;
        all.push(rules::comparison(own, &compared, other));
    }
    Ok(all)
}

/// Targets of the area's plan that measurements answer.
fn targets(own: &Material) -> Result<Vec<doc::Target>, Trouble> {
    let plan = &own.ask.area.plan;
    if plan.is_empty() {
        return Ok(Vec::new());
    }
    let about = crate::jobs::plan_status::plan_answer(&own.view.data.catalogs, plan)?;
    let status = status(own.view, &PlanAsk { plan: plan.clone(), year: own.ask.clone() })?;
    Ok(status.rows.iter().filter(|row| row.indicator.is_some()).map(|row| rules::target(&about, row)).collect())
}

fn own_sources(own: &Material) -> Result<Vec<doc::Source>, Trouble> {
    let parameters: Vec<String> = own.now.year.items().iter().map(|item| item.parameter.clone()).collect();
    let files = sources(own.view, &own.now.stations, &parameters, own.ask.year)?;
    Ok(files
        .into_iter()
        .map(|file| doc::Source {
            file: file.file,
            sha256: file.sha256,
            recorded: file.recorded,
            rows: file.rows,
            attribution: String::new(),
        })
        .collect())
}

/// The rules a reader asked for, for a title.
pub(super) fn asked(rules: &str) -> bool {
    !rules.is_empty() && rules != IN_FORCE
}
