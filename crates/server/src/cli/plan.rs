//! `jingce plan status|coverage|report|changes|scenario`

use super::Ending;
use super::ask::{Folder, Format};
use super::print::{Table, json, out};
use crate::answers::Text;
use crate::answers::plan_full::{Assumption, PlanFull, ScenarioAsk};
use crate::catalogs::Catalogs;
use crate::data::View;
use crate::jobs;
use crate::jobs::plan_status::PlanAsk;
use crate::trouble::Trouble;
use clap::{Args, Subcommand, ValueEnum};
use domain::Lang;
use report::plan_report::Evaluation;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct PlanCommand {
    #[command(subcommand)]
    command: Own,
}

#[derive(Debug, Subcommand)]
enum Own {
    /// Where each indicator stands, with what is missing for it.
    Status(Status),
    /// What of everything that the plan asks for works, is declared, or is missing.
    Coverage(Coverage),
    /// The mid-term or final evaluation as a document.
    Report(Report),
    /// What an indicator was, and is, made of: before and after a moment.
    Changes(Changes),
    /// The plan's indicators under assumptions; nothing is kept.
    Scenario(Scenario),
}

#[derive(Debug, Args)]
struct Status {
    #[command(flatten)]
    own: InYear,
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

#[derive(Debug, Args)]
struct Coverage {
    /// Plan id (default: the only one).
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// Folder with own catalogs.
    #[arg(long, value_name = "DIR")]
    catalog: Option<PathBuf>,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// What is asked of a plan in a year.
#[derive(Debug, Args)]
struct InYear {
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
}

#[derive(Debug, Args)]
struct Report {
    #[command(flatten)]
    own: InYear,
    /// Which evaluation (default: final from the plan's last year on, mid-term before).
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Read the data as they stood at this moment.
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// File to write; its ending says the format: .pdf or .xlsx.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    MidTerm,
    Final,
}

#[derive(Debug, Args)]
struct Changes {
    #[command(flatten)]
    own: InYear,
    /// Number of the indicator in the plan.
    #[arg(long)]
    no: u16,
    /// The moment to compare with.
    #[arg(long, value_name = "TIME")]
    since: String,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

#[derive(Debug, Args)]
struct Scenario {
    #[command(flatten)]
    own: InYear,
    /// An assumption, such as S1:class=Ⅲ or P1:state=verified; may be repeated.
    #[arg(long, value_name = "FEATURE:ITEM=VALUE", required = true)]
    assume: Vec<String>,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(crate) fn run(own: &PlanCommand, lang: Lang) -> Result<Ending, Trouble> {
    match &own.command {
        Own::Status(own) => status(own, lang),
        Own::Coverage(own) => coverage(own, lang),
        Own::Report(own) => report(own, lang),
        Own::Changes(own) => changes(own, lang),
        Own::Scenario(own) => scenario(own, lang),
    }
}

/// The plan, area and year that are meant.
fn asked(own: &InYear, view: &View, rules: &str) -> Result<PlanAsk, Trouble> {
    let catalogs = &view.data.catalogs;
    let plan = match (&own.plan, &own.area) {
        (None, Some(area)) => jobs::plan_status::plan_of(view, &view.area(area)?, None)?,
        (named, _) => jobs::plan_status::named_or_only(catalogs, named.as_deref())?,
    };
    let about = jobs::plan_status::plan_answer(catalogs, &plan)?;
    let area = view.area(own.area.as_deref().unwrap_or(&about.area))?;
    let year = crate::asked::calendar_year(own.year.unwrap_or(about.to))?;
    Ok(PlanAsk { plan, year: jobs::judge::AreaYear { area, year, rules: rules.to_string() } })
}

fn status(own: &Status, lang: Lang) -> Result<Ending, Trouble> {
    let data = own.own.folder.open(lang)?;
    let view = data.view(own.as_of.as_deref().map(crate::asked::moment).transpose()?)?;
    let ask = asked(&own.own, &view, &own.rules)?;
    let full = jobs::plan_full::full(&view, &ask)?;
    match own.format {
        Format::Json => json(&StatusJson::of(&full))?,
        format => table(&full, lang).print(format)?,
    }
    Ok(Ending::Done)
}

/// The rows of a status as they have always been, each with what belongs to it.
#[derive(Debug, Serialize)]
struct StatusJson<'a> {
    plan: &'a str,
    area: &'a str,
    year: i16,
    rows: Vec<RowJson<'a>>,
    past: &'a [crate::answers::plan::PastRow],
    targets: &'a [crate::answers::plan_full::FullTarget],
    counts: &'a std::collections::BTreeMap<String, u32>,
    target_counts: &'a std::collections::BTreeMap<String, u32>,
    notes: &'a [Text],
    simulated: bool,
}

#[derive(Debug, Serialize)]
struct RowJson<'a> {
    #[serde(flatten)]
    row: &'a crate::answers::plan::PlanRow,
    #[serde(flatten)]
    full: FullJson<'a>,
}

#[derive(Debug, Serialize)]
struct FullJson<'a> {
    forecast: &'a Option<crate::answers::plan_full::Forecast>,
    forecast_why: &'a Option<Text>,
    variants: &'a [crate::answers::plan_full::Variant],
    bodies: &'a [crate::answers::plan_full::Body],
    evidence: &'a Text,
    parts: u32,
    n: u32,
    of: u32,
    missing: &'a [Text],
    notes: &'a [Text],
    simulated: bool,
}

impl<'a> StatusJson<'a> {
    fn of(full: &'a PlanFull) -> StatusJson<'a> {
        let rows = full.rows.iter().map(|own| RowJson {
            row: &own.row,
            full: FullJson {
                forecast: &own.forecast,
                forecast_why: &own.forecast_why,
                variants: &own.variants,
                bodies: &own.bodies,
                evidence: &own.evidence,
                parts: own.parts,
                n: own.n,
                of: own.of,
                missing: &own.missing,
                notes: &own.notes,
                simulated: own.simulated,
            },
        });
        StatusJson {
            plan: &full.plan,
            area: &full.area,
            year: full.year,
            rows: rows.collect(),
            past: &full.past,
            targets: &full.targets,
            counts: &full.counts,
            target_counts: &full.target_counts,
            notes: &full.notes,
            simulated: full.simulated,
        }
    }
}

fn pick(text: &Text, lang: Lang) -> String {
    if lang == Lang::Zh { text.zh.clone() } else { text.en.clone() }
}

fn table(full: &PlanFull, lang: Lang) -> Table {
    let mut table = Table::new(&[
        "no", "title", "unit", "base", "target", "value", "year", "source", "path", "state", "why", "missing",
    ]);
    let mark = |simulated: bool| match (simulated, lang) {
        (false, _) => "",
        (true, Lang::Zh) => "（模拟）",
        (true, Lang::En) => " (simulated)",
    };
    let missing = |all: &[Text]| all.iter().map(|text| pick(text, lang)).collect::<Vec<_>>().join("; ");
    for own in &full.rows {
        let row = &own.row;
        let goal = if row.target.kind == "absent" { &row.cumulative } else { &row.target };
        let mark = mark(own.simulated);
        table.rows.push(vec![
            row.no.to_string(),
            pick(&row.title, lang),
            row.unit.clone(),
            row.base.text.clone(),
            goal.text.clone(),
            row.value.as_ref().map(|value| format!("{}{mark}", value.text)).unwrap_or_default(),
            row.value_year.map(|year| year.to_string()).unwrap_or_default(),
            row.source.clone().unwrap_or_default(),
            row.path.map(|path| path.0.to_string()).unwrap_or_default(),
            row.state.clone(),
            pick(&row.why, lang),
            missing(&own.missing),
        ]);
    }
    for own in &full.targets {
        table.rows.push(vec![
            own.target.id.clone(),
            own.target.quote.clone(),
            own.unit.clone(),
            String::new(),
            own.target.value.clone(),
            own.value.as_ref().map(|value| format!("{value}{}", mark(own.simulated))).unwrap_or_default(),
            own.value_year.map(|year| year.to_string()).unwrap_or_default(),
            own.source.clone().unwrap_or_default(),
            String::new(),
            own.target.state.clone(),
            pick(&own.target.why, lang),
            missing(&own.missing),
        ]);
    }
    table
}

fn coverage(own: &Coverage, lang: Lang) -> Result<Ending, Trouble> {
    let (catalogs, _) = Catalogs::load(own.catalog.as_deref())?;
    let plan = jobs::plan_status::named_or_only(&catalogs, own.plan.as_deref())?;
    let made = jobs::plan_coverage::coverage(&catalogs, &plan)?;
    if own.format == Format::Json {
        json(&made)?;
        return Ok(Ending::Done);
    }
    let own_word = |text: &domain::Text| text.get(lang).to_string();
    let mut table = Table::new(&["no", "id", "name", "group", "depth", "state", "scenarios", "serves", "note"]);
    for row in &made.rows {
        let stories: Vec<&str> = row.scenarios.iter().map(|story| story.id.as_str()).collect();
        table.rows.push(vec![
            row.system.no.to_string(),
            row.system.id.clone(),
            own_word(&row.system.name),
            row.system.group.clone(),
            row.system.depth.clone(),
            row.state.code().to_string(),
            stories.join(";"),
            row.serves.join(";"),
            own_word(&row.note),
        ]);
    }
    table.print(own.format)?;
    if own.format == Format::Table {
        let totals = made.totals;
        let lists: Vec<String> = made.lists.iter().map(|list| format!("{} {}", list.count, list.name)).collect();
        out(&format!(
            "{} systems: {} works, {} declared, {} missing; {}\n",
            totals.all,
            totals.works,
            totals.declared,
            totals.missing,
            lists.join(", ")
        ))?;
        for problem in &made.problems {
            out(&format!("{}: {}\n", problem.path, own_word(&problem.message)))?;
        }
    }
    Ok(if made.problems.is_empty() { Ending::Done } else { Ending::WithProblems })
}

fn report(own: &Report, lang: Lang) -> Result<Ending, Trouble> {
    let format = jobs::report_air_year::Format::of_file(&own.out)?;
    let data = own.own.folder.open(lang)?;
    let view = data.view(own.as_of.as_deref().map(crate::asked::moment).transpose()?)?;
    let ask = asked(&own.own, &view, jobs::judge::IN_FORCE)?;
    let last = jobs::plan_status::plan_answer(&data.catalogs, &ask.plan)?.to;
    let which = match own.kind {
        Some(Kind::MidTerm) => Evaluation::MidTerm,
        Some(Kind::Final) => Evaluation::Final,
        None if ask.year.year.0 >= last => Evaluation::Final,
        None => Evaluation::MidTerm,
    };
    let bytes = jobs::report_plan::document(&view, &ask, which, (format, lang))?;
    super::report::write(&own.out, &bytes)?;
    out(&format!("{} ({} kB)\n", own.out.display(), bytes.len().div_ceil(1024)))?;
    Ok(Ending::Done)
}

fn changes(own: &Changes, lang: Lang) -> Result<Ending, Trouble> {
    let data = own.own.folder.open(lang)?;
    let view = data.view(None)?;
    let ask = asked(&own.own, &view, jobs::judge::IN_FORCE)?;
    let since = crate::asked::moment(&own.since)?;
    let made = jobs::plan_full::changes::changes(&view, &ask, own.no, since)?;
    if own.format == Format::Json {
        json(&made)?;
        return Ok(Ending::Done);
    }
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_string());
    let mut table = Table::new(&["what", "before", "after", "why_after"]);
    let title = format!("({})", made.no);
    table.rows.push(vec![title, text(&made.before), text(&made.after), pick(&made.why, lang)]);
    for part in &made.parts {
        let why = part.why_after.as_ref().map(|why| pick(why, lang)).unwrap_or_default();
        let name = format!("{} {}", part.feature, pick(&part.name, lang));
        table.rows.push(vec![name, text(&part.before), text(&part.after), why]);
    }
    for row in &made.other {
        let name = format!("({}) {}", row.no, pick(&row.title, lang));
        table.rows.push(vec![name, text(&row.before), text(&row.after), String::new()]);
    }
    table.print(own.format)?;
    Ok(Ending::Done)
}

fn scenario(own: &Scenario, lang: Lang) -> Result<Ending, Trouble> {
    let data = own.own.folder.open(lang)?;
    let view = data.view(None)?;
    let ask = asked(&own.own, &view, jobs::judge::IN_FORCE)?;
    let assumptions = own.assume.iter().map(|text| assumption(text)).collect::<Result<Vec<_>, _>>()?;
    let asked = ScenarioAsk { area: ask.year.area.id.clone(), year: ask.year.year.0, assumptions };
    let made = jobs::plan_full::scenario::scenario(&view, &ask, &asked)?;
    if own.format == Format::Json {
        json(&made)?;
        return Ok(Ending::Done);
    }
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_string());
    let mut table = Table::new(&["no", "title", "unit", "before", "after", "state_before", "state_after"]);
    for row in &made.rows {
        table.rows.push(vec![
            row.no.to_string(),
            pick(&row.title, lang),
            row.unit.clone(),
            text(&row.before),
            text(&row.after),
            row.state_before.clone(),
            row.state_after.clone(),
        ]);
    }
    table.print(own.format)?;
    for note in &made.notes {
        out(&format!("{}\n", pick(note, lang)))?;
    }
    Ok(Ending::Done)
}

/// `S1:class=Ⅲ`.
fn assumption(text: &str) -> Result<Assumption, Trouble> {
    let read = text.split_once('=').and_then(|(what, value)| {
        let (feature, item) = what.rsplit_once(':')?;
        let parts = [feature, item, value].map(|part| part.trim().to_string());
        parts.iter().all(|part| !part.is_empty()).then_some(parts)
    });
    let [feature, item, value] = read.ok_or_else(|| {
        Trouble::bad(
            "assumption",
            format!("假设“{text}”应为 点位:项=值 的形式，如 S1:class=Ⅲ。"),
            format!("the assumption `{text}` must be FEATURE:ITEM=VALUE, such as S1:class=Ⅲ."),
        )
    })?;
    Ok(Assumption { feature, item, value })
}
