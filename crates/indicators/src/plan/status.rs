//! A plan, a year, and what is known → where every row of the plan stands in that year.

use crate::plan::history::{base_document, path_at};
use crate::plan::judge::{Case, Verdict, judge};
use crate::plan::known::{
    Chosen, ComputedValue, ReportedKind, ReportedValue, ValueSource, YearValues, by_year, read_reported,
};
use crate::plan::model::{Attribute, Plan, PlanIndicator};
use crate::plan::target::target_row;
use crate::plan::value::{ValueText, print};
use domain::{Confidence, Fixed, Record, Text};
use std::collections::BTreeMap;

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The target is met.
    Achieved,
    /// Not yet met, and not worse than the straight line to the target.
    OnTrack,
    /// Worse than the straight line, or missed.
    Behind,
    /// Nothing to judge.
    NoData,
    /// A target or value in words, for people to judge.
    Text,
    /// Too early to judge.
    NotDue,
}

/// Where a plan stands in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanStatus {
    /// Plan id.
    pub plan: String,
    /// Area.
    pub area: String,
    /// Year asked about.
    pub year: i16,
    /// Its indicators.
    pub rows: Vec<PlanRow>,
    /// The past plan's table.
    pub past: Vec<PastRow>,
    /// Its other targets.
    pub targets: Vec<TargetRow>,
    /// How many rows are in each state, by [`State::key`]; every state is there.
    pub counts: BTreeMap<&'static str, u32>,
    /// Reported values that could not be used, and why.
    pub problems: Vec<Text>,
}

/// One indicator of the plan in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanRow {
    /// Number in the plan.
    pub no: u16,
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Unit as the plan prints it.
    pub unit: String,
    /// Id of its group.
    pub group: String,
    /// Whether it binds.
    pub attribute: Attribute,
    /// Base value as printed.
    pub base: ValueText,
    /// Target as printed.
    pub target: ValueText,
    /// Sum over the plan's years as printed.
    pub cumulative: ValueText,
    /// Year of the target.
    pub target_year: i16,
    /// Newest value up to the year.
    pub value: Option<ValueText>,
    /// Its year.
    pub value_year: Option<i16>,
    /// Where it comes from.
    pub source: Option<ValueSource>,
    /// The straight line's value in the year asked about.
    pub path: Option<Fixed>,
    /// State.
    pub state: State,
    /// Why.
    pub why: Text,
    /// Indicator that computes it.
    pub indicator: Option<String>,
    /// Document of the value.
    pub document: Option<String>,
    /// Confidence of the weakest thing it rests on.
    pub confidence: Confidence,
    /// Computed value of the same year, where a reported one prevails.
    pub computed: Option<Fixed>,
    /// Reported minus computed, where both are numbers.
    pub difference: Option<Fixed>,
    /// The other values of the same year, raw and adjusted side by side.
    pub others: Vec<(ReportedKind, ValueText)>,
    /// Standards to judge by.
    pub standard: String,
    /// Territory and points.
    pub scope: Text,
    /// What a reader must know of the row.
    pub note: Text,
}

/// One row of the past plan's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastRow {
    /// Group.
    pub group: Text,
    /// Title.
    pub title: Text,
    /// Unit.
    pub unit: String,
    /// Base value.
    pub base: ValueText,
    /// Target.
    pub target: ValueText,
    /// What was reached.
    pub actual: ValueText,
    /// `binding` or `expected`.
    pub attribute: Attribute,
    /// Whether it was met, in the plan's word.
    pub done: Text,
    /// What a reader must know.
    pub note: Text,
}

/// One of the plan's other targets in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRow {
    /// Id.
    pub id: String,
    /// The plan's words.
    pub quote: String,
    /// The target, short.
    pub value: String,
    /// Deadline as the plan says it.
    pub deadline: String,
    /// Line of the plan.
    pub line: u32,
    /// State.
    pub state: State,
    /// Why.
    pub why: Text,
}

impl State {
    /// Every state.
    pub const ALL: [State; 6] =
        [State::Achieved, State::OnTrack, State::Behind, State::NoData, State::Text, State::NotDue];

    /// The word used in answers: `on-track`.
    pub fn code(self) -> &'static str {
        match self {
            State::Achieved => "achieved",
            State::OnTrack => "on-track",
            State::Behind => "behind",
            State::NoData => "no-data",
            State::Text => "text",
            State::NotDue => "not-due",
        }
    }

    /// The same as the key of a count: `on_track`.
    pub fn key(self) -> &'static str {
        match self {
            State::OnTrack => "on_track",
            State::NoData => "no_data",
            State::NotDue => "not_due",
            other => other.code(),
        }
    }

    /// In both languages, for tables and documents.
    pub fn name(self) -> Text {
        match self {
            State::Achieved => Text::new("达到", "achieved"),
            State::OnTrack => Text::new("进度正常", "on track"),
            State::Behind => Text::new("落后", "behind"),
            State::NoData => Text::new("暂无数据", "no data"),
            State::Text => Text::new("文字目标", "in words"),
            State::NotDue => Text::new("未到期", "not due"),
        }
    }
}

/// Where the plan's own area stands in `year`.
///
/// `computed` and `reported` are the values of the area asked about, any years; those after `year` are not
/// looked at. An official reported value prevails over a computed one, which stays visible with the
/// difference.
pub fn plan_status(plan: &Plan, year: i16, computed: &[ComputedValue], reported: &[Record]) -> PlanStatus {
    plan_status_of(plan, &plan.area, year, computed, reported)
}

/// The same for any area. An area that is not the plan's own is held against the targets as an example: the
/// plan's base values and paths are not its own.
pub fn plan_status_of(
    plan: &Plan,
    area: &str,
    year: i16,
    computed: &[ComputedValue],
    reported: &[Record],
) -> PlanStatus {
    let (values, problems) = read_reported(reported);
    let asked = Asked { plan, year, own_area: area == plan.area, computed, reported: &values };
    let rows: Vec<PlanRow> = plan.rows.iter().map(|row| plan_row(&asked, row)).collect();
    let targets = plan.targets.iter().map(|target| target_row(&asked, target, &rows)).collect();
    let mut counts: BTreeMap<&'static str, u32> = State::ALL.into_iter().map(|state| (state.key(), 0)).collect();
    for row in &rows {
        *counts.entry(row.state.key()).or_default() += 1;
    }
    PlanStatus {
        plan: plan.id.clone(),
        area: area.to_string(),
        year,
        past: past_rows(plan),
        rows,
        targets,
        counts,
        problems,
    }
}

/// What a status is asked from.
pub(crate) struct Asked<'a> {
    pub plan: &'a Plan,
    pub year: i16,
    pub own_area: bool,
    pub computed: &'a [ComputedValue],
    pub reported: &'a [ReportedValue],
}

fn plan_row(asked: &Asked<'_>, row: &PlanIndicator) -> PlanRow {
    let years = by_year(asked.reported, asked.computed, |name| row.is_called(name));
    let last = if asked.own_area && asked.year > row.base_year { asked.year.min(row.target_year) } else { asked.year };
    let chosen = newest(asked, row, &years, last);
    let verdict =
        judge(&Case { plan: asked.plan, row, chosen: chosen.as_ref(), year: asked.year, own_area: asked.own_area });
    let beside = chosen.as_ref().and_then(|chosen| Some((chosen, years.get(&chosen.year)?)));
    let mut beside = beside.map(|(chosen, own)| beside_it(row, chosen, own)).unwrap_or_default();
    let used = chosen.as_ref().map_or(i16::MIN, |chosen| chosen.year);
    beside.newer =
        years.range(..=last).rev().find_map(|(year, own)| Some((*year, own.computed?))).filter(|newer| newer.0 > used);
    let verdict = with_beside(row, verdict, &beside);
    let confidence = chosen.as_ref().map_or(row.confidence, |chosen| chosen.confidence.and(row.confidence));
    PlanRow {
        no: row.no,
        id: row.id.clone(),
        title: row.title.clone(),
        unit: row.unit.clone(),
        group: row.group.clone(),
        attribute: row.attribute,
        base: row.base.clone(),
        target: row.target.clone(),
        cumulative: row.cumulative.clone(),
        target_year: row.target_year,
        value: chosen.as_ref().map(|chosen| chosen.value.clone()),
        value_year: chosen.as_ref().map(|chosen| chosen.year),
        source: chosen.as_ref().map(|chosen| chosen.source),
        path: if asked.own_area { path_at(row, asked.year.min(row.target_year)) } else { None },
        state: verdict.state,
        why: verdict.why,
        indicator: row.indicator.clone(),
        document: chosen.and_then(|chosen| chosen.document),
        confidence,
        computed: beside.computed,
        difference: beside.difference,
        others: beside.others,
        standard: row.standard.clone(),
        scope: row.scope.clone(),
        note: row.note.clone(),
    }
}

/// The newest value up to `last` that may be judged; an incomplete one if there is no other since the base
/// year; the plan's own base value if there is nothing at all.
fn newest(asked: &Asked<'_>, row: &PlanIndicator, years: &BTreeMap<i16, YearValues<'_>>, last: i16) -> Option<Chosen> {
    let chosen = |(year, own): (&i16, &YearValues<'_>)| own.chosen(asked.plan, *year, row.digits);
    let mut newest_first = years.range(..=last).rev().filter_map(chosen);
    let floor = if asked.own_area && last > row.base_year { row.base_year } else { i16::MIN };
    let newest = newest_first.clone().find(|chosen| chosen.valid && chosen.year > floor);
    let incomplete = || years.range(..=last).rev().filter_map(chosen).find(|chosen| chosen.year > floor);
    let older = newest.or_else(incomplete).or_else(|| newest_first.find(|chosen| chosen.valid));
    older.or_else(|| base_value(asked, row, last))
}

fn base_value(asked: &Asked<'_>, row: &PlanIndicator, last: i16) -> Option<Chosen> {
    let known = asked.own_area && last >= row.base_year && !row.base.is_absent();
    known.then(|| Chosen {
        year: row.base_year,
        value: row.base.clone(),
        number: row.base.number,
        source: ValueSource::Reported,
        kind: ReportedKind::Official,
        document: Some(base_document(asked.plan, row)),
        valid: true,
        confidence: Confidence::Confirmed,
        detail: None,
        conditions: Vec::new(),
    })
}

/// What stands beside the chosen value of the same year.
#[derive(Default)]
struct Beside<'a> {
    others: Vec<(ReportedKind, ValueText)>,
    computed: Option<Fixed>,
    difference: Option<Fixed>,
    /// A newer computed value that was not judged, because it is incomplete.
    newer: Option<(i16, &'a ComputedValue)>,
}

fn beside_it<'a>(row: &PlanIndicator, chosen: &Chosen, own: &YearValues<'a>) -> Beside<'a> {
    let mut beside = Beside::default();
    for value in &own.reported {
        if chosen.source == ValueSource::Computed || value.kind != chosen.kind {
            beside.others.push((value.kind, value.value.clone()));
        }
    }
    if chosen.source == ValueSource::Reported {
        beside.computed = own.computed.and_then(|computed| computed.value);
        beside.difference = match (chosen.value.number, beside.computed) {
            (Some(reported), Some(computed)) => {
                let difference = reported.millionths().saturating_sub(computed.millionths());
                Some(Fixed::from_millionths(difference).round(row.digits.max(1)))
            }
            _ => None,
        };
    }
    beside
}

/// Adds to the reason what stands beside the judged value.
fn with_beside(row: &PlanIndicator, mut verdict: Verdict, beside: &Beside<'_>) -> Verdict {
    for (kind, value) in &beside.others {
        let name = kind.name();
        verdict.why.zh.push_str(&format!("；同年{} {}", name.zh, value.shown()));
        verdict.why.en.push_str(&format!("; {} of the same year {}", name.en, value.shown()));
    }
    if let Some(computed) = beside.computed {
        let computed = print(computed, row.digits);
        verdict.why.zh.push_str(&format!("；由观测计算为 {computed}"));
        verdict.why.en.push_str(&format!("; computed from observations {computed}"));
    }
    if let Some(difference) = beside.difference {
        verdict.why.zh.push_str(&format!("，相差 {difference}"));
        verdict.why.en.push_str(&format!(", difference {difference}"));
    }
    if let Some((year, newer)) = beside.newer {
        let (n, of, value) = (newer.n, newer.of, print(newer.value.unwrap_or_default(), row.digits));
        let counts = &newer.counts;
        verdict.why.zh.push_str(&format!("；{year} 年计算值 {value} 的{}只有 {n}/{of}，未采用", counts.zh));
        verdict.why.en.push_str(&format!("; {year} computed {value} from only {n} of {of} {}, not used", counts.en));
    }
    verdict
}

fn past_rows(plan: &Plan) -> Vec<PastRow> {
    let row = |row: &crate::plan::model::PastIndicator| PastRow {
        group: row.group.clone(),
        title: row.title.clone(),
        unit: row.unit.clone(),
        base: row.base.clone(),
        target: row.target.clone(),
        actual: row.actual.clone(),
        attribute: row.attribute,
        done: row.done.clone(),
        note: row.note.clone(),
    };
    plan.past.rows.iter().map(row).collect()
}
