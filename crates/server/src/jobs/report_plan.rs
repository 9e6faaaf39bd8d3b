//! Where a plan stands → its mid-term or final evaluation as PDF or XLSX, in the plan's own table forms.

use crate::answers::Text as Words;
use crate::answers::plan_full::{Body, FullRow, FullTarget, IndicatorParts, PlanFull};
use crate::clock;
use crate::data::View;
use crate::jobs::plan_coverage::coverage;
use crate::jobs::plan_full::{full, parts::parts};
use crate::jobs::plan_status::{PlanAsk, find, indicator_page};
use crate::jobs::report_air_year::Format;
use crate::trouble::Trouble;
use domain::{Lang, Text};
use indicators::plan::{Plan, SystemState};
use report::plan_report::{
    Contribution, Contributions, CountLine, CountTable, Detail, Evaluation, IndicatorLine, IndicatorTable, ListLine,
    PastLine, PastTable, Share, Side, Standing, Tally, TargetLine, UsedRule, YearValue,
};
use report::{Amount, PlanReport, plan_report_xlsx};

/// Parts that a section lists; the workbook has all.
const LISTED: usize = 40;

/// The document.
pub fn document(
    view: &View,
    ask: &PlanAsk,
    which: Evaluation,
    (format, lang): (Format, Lang),
) -> Result<Vec<u8>, Trouble> {
    let made = plan_report(view, ask, which)?;
    match format {
        Format::Xlsx => Ok(plan_report_xlsx(&made, lang)?),
        Format::Pdf => {
            let value = serde_json::to_value(&made).expect("the report is made of plain values");
            Ok(view.data.catalogs.templates.render("plan-report", &value, lang)?)
        }
    }
}

fn plan_report(view: &View, ask: &PlanAsk, which: Evaluation) -> Result<PlanReport, Trouble> {
    let catalogs = &view.data.catalogs;
    let plan = find(catalogs, &ask.plan)?;
    let full = full(view, ask)?;
    let own_area = ask.year.area.id == plan.area;
    let mut marks = Vec::new();
    if full.simulated {
        marks.push(Text::new("含模拟数据", "with simulated data"));
    }
    if !own_area {
        marks.push(Text::new("示例", "example"));
    }
    let mut report = PlanReport {
        plan: plan.title.clone(),
        evaluation: which,
        year: i32::from(ask.year.year.0),
        from: i32::from(plan.from),
        to: i32::from(plan.to),
        area_code: ask.year.area.id.clone(),
        area: Text::new(&ask.year.area.name_zh, &ask.year.area.name_en),
        as_of: view.as_of.map(|moment| moment.to_iso()).unwrap_or_default(),
        generated_at: clock::now().to_iso(),
        rule_set: Text::new("按数据日期采用当时有效的标准", "standards in force at the date of the data"),
        marks,
        notes: plan.notes.clone(),
        tallies: tallies(&full),
        past: past(plan),
        indicators: indicator_table(plan, &full),
        targets: full.targets.iter().map(target_line).collect(),
        ..PlanReport::default()
    };
    for row in &full.rows {
        report.details.extend(detail(view, ask, row)?);
    }
    lists(view, ask, &mut report)?;
    report.rules = rules(view, &report.details);
    report.sources = sources(view);
    Ok(report)
}

fn text(words: &Words) -> Text {
    Text::new(&words.zh, &words.en)
}

/// Bodies that lead, by name (all where none does); those that the plan does not name are marked.
fn joined(all: &[Body]) -> Text {
    let leads: Vec<&Body> = all.iter().filter(|own| own.lead).collect();
    let all: Vec<&Body> = if leads.is_empty() { all.iter().collect() } else { leads };
    let side = |pick: fn(&Words) -> &str| all.iter().map(|own| pick(&own.name)).collect::<Vec<_>>();
    let (zh, en) = (side(|own| &own.zh).join("、"), side(|own| &own.en).join(", "));
    let named = all.iter().all(|own| confidence(own.confidence) != domain::Confidence::Unconfirmed);
    if named { Text::new(zh, en) } else { Text::new(format!("{zh}（未确认）"), format!("{en} (unconfirmed)")) }
}

fn printed(value: &crate::answers::plan::ValueText) -> Amount {
    let text = value.text.trim();
    if text.is_empty() || text == "—" { Amount::missing("未列", "not listed") } else { Amount::of(text) }
}

fn standing(code: &str) -> Standing {
    Standing::of_code(code).unwrap_or_default()
}

fn attribute(code: &str) -> Text {
    if code == "binding" { Text::new("约束性", "binding") } else { Text::new("预期性", "expected") }
}

fn tallies(full: &PlanFull) -> Vec<Tally> {
    let rows = |kept: &dyn Fn(&FullRow) -> bool| -> Vec<Standing> {
        full.rows.iter().filter(|row| kept(row)).map(|row| standing(&row.row.state)).collect()
    };
    vec![
        Tally::of(Text::new("全部指标", "all indicators"), rows(&|_| true)),
        Tally::of(Text::new("约束性指标", "binding indicators"), rows(&|row| row.row.attribute == "binding")),
        Tally::of(Text::new("预期性指标", "expected indicators"), rows(&|row| row.row.attribute != "binding")),
        Tally::of(
            Text::new("其他目标", "other targets"),
            full.targets.iter().map(|target| standing(&target.target.state)),
        ),
    ]
}

/// What the plan calls a table; a plain word where it gives it no name.
fn labelled(label: &Text, zh: &str, en: &str) -> Text {
    if label.zh.is_empty() { Text::new(zh, en) } else { label.clone() }
}

fn past(plan: &Plan) -> PastTable {
    let printed = |value: &indicators::plan::ValueText| match value.is_absent() {
        true => Amount::missing("未列", "not listed"),
        false => Amount::of(value.shown()),
    };
    PastTable {
        label: labelled(&plan.past.label, "上一规划期", "Past plan"),
        title: plan.past.title.clone(),
        base_year: i32::from(plan.past.base_year),
        target_year: i32::from(plan.past.target_year),
        rows: plan
            .past
            .rows
            .iter()
            .map(|row| PastLine {
                group: row.group.clone(),
                name: row.title.clone(),
                unit: Text::new(&row.unit, &row.unit),
                base: printed(&row.base),
                target: printed(&row.target),
                actual: printed(&row.actual),
                attribute: attribute(row.attribute.code()),
                done: row.done.clone(),
                note: row.note.clone(),
            })
            .collect(),
    }
}

fn indicator_table(plan: &Plan, full: &PlanFull) -> IndicatorTable {
    let rows = full.rows.iter().zip(&plan.rows).map(|(own, planned)| {
        let row = &own.row;
        let group = plan.groups.iter().find(|group| group.id == row.group);
        let forecast = own.forecast.as_ref();
        IndicatorLine {
            group: group.map(|group| group.title.clone()).unwrap_or_default(),
            number: row.no.to_string(),
            name: text(&row.title),
            unit: Text::new(&row.unit, &row.unit),
            base: printed(&row.base),
            target: printed(&row.target),
            cumulative: printed(&row.cumulative),
            attribute: attribute(&row.attribute),
            value: match &row.value {
                Some(value) => Amount { confidence: planned.confidence, ..printed(value) },
                None => Amount::missing("暂无数据", "no data"),
            },
            value_year: row.value_year.map(|year| year.to_string()).unwrap_or_default(),
            path: row.path.map_or_else(|| Amount::missing("无", "none"), |path| Amount::of(path.0.to_string())),
            state: standing(&row.state),
            why: text(&row.why),
            forecast: match forecast {
                Some(forecast) => Amount::of(&forecast.value),
                None => {
                    let why = own.forecast_why.clone().unwrap_or_default();
                    Amount::missing(why.zh, why.en)
                }
            },
            forecast_low: forecast.and_then(|own| own.low.clone()).unwrap_or_default(),
            forecast_high: forecast.and_then(|own| own.high.clone()).unwrap_or_default(),
            basis: text(&own.evidence),
            responsible: joined(&own.bodies),
            note: planned.note.clone(),
        }
    });
    let forecast_year = full.rows.iter().find_map(|row| row.forecast.as_ref()).map(|own| own.year.to_string());
    IndicatorTable {
        label: labelled(&plan.table_label, "指标", "Indicators"),
        title: plan.table_title.clone(),
        base_year: i32::from(plan.base_year),
        target_year: i32::from(plan.to),
        forecast_year: forecast_year.unwrap_or_default(),
        rows: rows.collect(),
        notes: plan.notes.clone(),
    }
}

fn target_line(own: &FullTarget) -> TargetLine {
    let target = &own.target;
    TargetLine {
        id: target.id.clone(),
        quote: Text::new(&target.quote, &target.quote),
        place: Text::new(format!("第 {} 行", target.line), format!("line {}", target.line)),
        target: Text::new(&target.value, &target.value),
        deadline: Text::new(&target.deadline, &target.deadline),
        value: match &own.value {
            Some(value) => Amount::of(value),
            None => Amount::missing("暂无数据", "no data"),
        },
        state: standing(&target.state),
        why: text(&target.why),
        evidence: text(&own.evidence),
        responsible: joined(&own.bodies),
    }
}

/// A section for an indicator of which more than its row is known.
fn detail(view: &View, ask: &PlanAsk, own: &FullRow) -> Result<Option<Detail>, Trouble> {
    let no = own.row.no;
    let page = indicator_page(view, ask, no)?;
    let made = parts(view, ask, no)?;
    if own.row.value.is_none() && made.parts.is_empty() {
        return Ok(None);
    }
    let planned = find(&view.data.catalogs, &ask.plan)?.row(no);
    let years = page.history.iter().map(|point| point.year).chain(page.path.iter().map(|point| point.year));
    let mut years: Vec<i16> = years.collect();
    years.sort_unstable();
    years.dedup();
    let history = years.into_iter().map(|year| {
        let value = page.history.iter().find(|point| point.year == year);
        let path = page.path.iter().find(|point| point.year == year).and_then(|point| point.value);
        YearValue {
            year: i32::from(year),
            value: match value.and_then(|point| point.value.as_ref()) {
                Some(value) => printed(value),
                None => Amount::missing("无", "none"),
            },
            path: path.map_or_else(|| Amount::missing("无", "none"), |path| Amount::of(path.0.to_string())),
            kind: value.and_then(|point| point.source.as_deref()).map(kind).unwrap_or_default(),
            basis: value.and_then(|point| point.document.clone()).map(|own| Text::new(&own, &own)).unwrap_or_default(),
        }
    });
    Ok(Some(Detail {
        number: no.to_string(),
        scope: planned.map(|row| row.scope.clone()).unwrap_or_default(),
        history: history.collect(),
        sides: sides(&made),
        contributions: contributions(&made),
        completeness: completeness(&made),
        rules: made
            .standards
            .iter()
            .map(|own| UsedRule {
                number: own.number.clone(),
                clause: Text::default(),
                confidence: confidence(own.confidence),
            })
            .collect(),
        missing: own.missing.iter().map(text).collect(),
        forecast_note: own.forecast.as_ref().map(|own| text(&own.method)).unwrap_or_default(),
        ..Detail::default()
    }))
}

fn kind(source: &str) -> Text {
    if source == "reported" { Text::new("上报", "reported") } else { Text::new("计算", "computed") }
}

fn confidence(own: crate::answers::Confidence) -> domain::Confidence {
    match own {
        crate::answers::Confidence::Confirmed => domain::Confidence::Confirmed,
        crate::answers::Confidence::Probable => domain::Confidence::Probable,
        crate::answers::Confidence::Unconfirmed => domain::Confidence::Unconfirmed,
    }
}

fn sides(made: &IndicatorParts) -> Vec<Side> {
    let one = |own: &crate::answers::plan_full::Variant| Side {
        kind: text(&own.name),
        value: own.value.as_ref().map_or_else(|| Amount::missing("无", "none"), Amount::of),
        difference: Amount::missing("—", "—"),
        judged: own.judged,
        basis: own.basis.as_ref().map(text).unwrap_or_default(),
    };
    made.variants.iter().map(one).collect()
}

fn contributions(made: &IndicatorParts) -> Contributions {
    let rows = made.parts.iter().take(LISTED).map(|part| Contribution {
        code: part.feature.clone(),
        name: text(&part.name),
        value: if part.value.is_empty() { Amount::missing("无", "none") } else { Amount::of(&part.value) },
        amount: part.contribution.as_ref().map_or_else(|| Amount::missing("—", "—"), Amount::of),
        note: text(&part.why),
    });
    let left = made.parts.len().saturating_sub(LISTED);
    Contributions {
        part_head: text(&made.part_name),
        value_head: Text::new("值", "value"),
        amount_head: Text::new(format!("贡献（{}）", made.unit), format!("contribution ({})", made.unit)),
        rows: rows.collect(),
        rest: match left {
            0 => Text::default(),
            _ => Text::new(format!("其余 {left} 项见系统页面"), format!("{left} more are on the page")),
        },
    }
}

fn completeness(made: &IndicatorParts) -> Vec<Share> {
    if made.of == 0 {
        return Vec::new();
    }
    vec![Share { name: text(&made.part_name), have: made.n, of: made.of, note: text(&made.why) }]
}

/// Projects and systems of the plan.
fn lists(view: &View, ask: &PlanAsk, report: &mut PlanReport) -> Result<(), Trouble> {
    let catalogs = &view.data.catalogs;
    let Some(lists) = catalogs.lists.get(&ask.plan) else { return Ok(()) };
    let (city, _) = domain::City::load(&[], &[], &view.snapshot.records(domain::Table::Projects)?, &[]);
    let state_of = |id: &str| city.projects.values().find(|own| own.plan_project == id).map(|own| own.state);
    let states: Vec<Option<domain::ProjectState>> =
        domain::ProjectState::ALL.into_iter().map(Some).chain([None]).collect();
    let named = |state: &Option<domain::ProjectState>| {
        state.map_or_else(|| Text::new("未登记进展", "no progress registered"), domain::ProjectState::name)
    };
    let mut boxes: Vec<&str> = lists.projects.iter().map(|own| own.r#box.as_str()).collect();
    boxes.dedup();
    let line = |code: Text, own: &[Option<domain::ProjectState>]| CountLine {
        code,
        name: Text::default(),
        total: own.len() as u32,
        counts: states.iter().map(|state| own.iter().filter(|own| *own == state).count() as u32).collect(),
    };
    let of_box = |name: Option<&str>| -> Vec<Option<domain::ProjectState>> {
        let own = lists.projects.iter().filter(|own| name.is_none_or(|name| own.r#box == name));
        own.map(|own| state_of(&own.id)).collect()
    };
    report.projects = CountTable {
        states: states.iter().map(named).collect(),
        rows: boxes.iter().map(|name| line(Text::new(*name, *name), &of_box(Some(name)))).collect(),
        total: line(Text::new("合计", "total"), &of_box(None)),
        notes: Vec::new(),
    };
    report.project_list = lists
        .projects
        .iter()
        .map(|own| ListLine {
            id: own.id.clone(),
            group: Text::new(&own.r#box, &own.r#box),
            name: Text::new(&own.project, &own.project),
            area: Text::new(&own.area, &own.area),
            state: named(&state_of(&own.id)),
            ..ListLine::default()
        })
        .collect();
    systems(view, ask, report)
}

fn named(state: SystemState) -> Text {
    match state {
        SystemState::Works => Text::new("可用", "works"),
        SystemState::Declared => Text::new("已声明", "declared"),
        SystemState::Missing => Text::new("缺", "missing"),
    }
}

fn systems(view: &View, ask: &PlanAsk, report: &mut PlanReport) -> Result<(), Trouble> {
    let made = coverage(&view.data.catalogs, &ask.plan)?;
    let counts = |own: &indicators::plan::Totals| vec![own.works as u32, own.declared as u32, own.missing as u32];
    report.coverage = CountTable {
        states: [SystemState::Works, SystemState::Declared, SystemState::Missing].map(named).to_vec(),
        rows: made
            .by_group
            .iter()
            .map(|own| CountLine {
                code: Text::new(&own.id, &own.id),
                name: own.title.clone(),
                total: own.totals.all as u32,
                counts: counts(&own.totals),
            })
            .collect(),
        total: CountLine {
            code: Text::new("合计", "total"),
            total: made.totals.all as u32,
            counts: counts(&made.totals),
            ..CountLine::default()
        },
        notes: Vec::new(),
    };
    report.system_list = made
        .rows
        .iter()
        .map(|own| ListLine {
            id: own.system.id.clone(),
            group: Text::new(&own.system.group, &own.system.group),
            name: own.system.name.clone(),
            state: named(own.state),
            evidence: own.note.clone(),
            ..ListLine::default()
        })
        .collect();
    Ok(())
}

/// Every standard that a section rests on.
fn rules(view: &View, details: &[Detail]) -> Vec<report::air_year::Rule> {
    let numbers: Vec<&str> = details.iter().flat_map(|own| own.rules.iter().map(|rule| rule.number.as_str())).collect();
    let standards = view.data.catalogs.standards.standards().filter(|own| numbers.contains(&own.number.as_str()));
    standards
        .map(|own| report::air_year::Rule {
            id: own.id.clone(),
            number: own.number.clone(),
            title: own.title.clone(),
            clauses: Vec::new(),
            in_force: format!("{} – {}", own.from, own.to.map(|to| to.to_string()).unwrap_or_default()),
            confidence: own.confidence,
        })
        .collect()
}

fn sources(view: &View) -> Vec<report::air_year::Source> {
    let all = view.snapshot.imports().into_iter();
    all.map(|info| report::air_year::Source {
        file: info.file,
        sha256: info.sha256,
        recorded: info.recorded.to_iso(),
        rows: info.rows,
        attribution: String::new(),
    })
    .collect()
}
