//! The evaluation of a plan, in mid-term or at its end, as plain data: what the job of `server` fills in and
//! `catalog/plan-report/` and the workbook print.
//!
//! Nothing is counted, compared or rounded here. Every list may be empty, and a document of an empty
//! [`PlanReport`] says so. The names of the plan's boxes (专栏1) come with the data, so that another plan with
//! other tables needs other data only.

mod book;
mod detail_sheets;
mod sheets;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod sample_rows;
#[cfg(test)]
mod tests;

pub use sheets::plan_report_xlsx;

use crate::air_year::{Rule, Source};
use crate::amount::Amount;
use domain::{Confidence, Text};
use serde::Serialize;

/// Everything the evaluation of a plan prints.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PlanReport {
    /// Title of the plan.
    pub plan: Text,
    /// Which evaluation it is.
    pub evaluation: Evaluation,
    /// Year evaluated.
    pub year: i32,
    /// First year of the plan.
    pub from: i32,
    /// Last year of the plan.
    pub to: i32,
    /// Code of the area, by GB/T 2260.
    pub area_code: String,
    /// Name of the area.
    pub area: Text,
    /// Who issues it; may be empty.
    pub issuer: Text,
    /// Reading time of the data if not the newest, as printed; empty means all that is recorded.
    pub as_of: String,
    /// When the document was made, as printed (`2026-11-24 17:20`, UTC+8).
    pub generated_at: String,
    /// Rule set by which values were computed, as printed.
    pub rule_set: Text,
    /// Marks on the cover and every page, such as 模拟 (simulated) or 示例 (example).
    pub marks: Vec<Text>,
    /// What a reader must know first, such as contradictions within the text of the plan.
    pub notes: Vec<Text>,
    /// How many rows are in each state: the indicators, those that bind, the other targets …
    pub tallies: Vec<Tally>,
    /// The past plan's table (专栏1).
    pub past: PastTable,
    /// The plan's indicators (专栏2) with where they stand.
    pub indicators: IndicatorTable,
    /// The plan's other targets.
    pub targets: Vec<TargetLine>,
    /// What is known of single indicators; one section each.
    pub details: Vec<Detail>,
    /// Projects by the plan's boxes and by state.
    pub projects: CountTable,
    /// Every project, for the workbook.
    pub project_list: Vec<ListLine>,
    /// Systems that the plan asks for, by group and by state.
    pub coverage: CountTable,
    /// Every system, for the workbook.
    pub system_list: Vec<ListLine>,
    /// Standards and other rules used.
    pub rules: Vec<Rule>,
    /// Documents and files that the values came from.
    pub sources: Vec<Source>,
    /// Attribution and other statements on the data.
    pub statements: Vec<Text>,
}

/// Which evaluation of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evaluation {
    /// 年度评估: of any year.
    #[default]
    Annual,
    /// 中期评估.
    MidTerm,
    /// 终期评估.
    Final,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The target is met.
    Achieved,
    /// Not yet met, and not behind the path.
    OnTrack,
    /// Behind the path, or missed.
    Behind,
    /// Nothing to judge.
    #[default]
    NoData,
    /// A target in words, for people to judge.
    Text,
    /// Too early to judge.
    NotDue,
}

/// How many rows of a kind are in each state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// What is counted, `约束性指标`; the first tally of a report is also its headline.
    pub name: Text,
    /// Rows.
    pub total: u32,
    /// One count a state, in the order of [`Standing::ALL`].
    pub counts: [u32; 6],
}

/// The past plan's targets and how they were met, in the plan's own form.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PastTable {
    /// What the plan calls the table, `专栏1`; also the name of the sheet.
    pub label: Text,
    /// Title of the table in the plan.
    pub title: Text,
    /// Year of the base values.
    pub base_year: i32,
    /// Year of the targets and of the values reached.
    pub target_year: i32,
    /// Rows in the plan's order.
    pub rows: Vec<PastLine>,
}

/// One row of the past plan's table.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PastLine {
    /// Group, `空气环境质量`; neighbours of the same group share one cell.
    pub group: Text,
    /// Indicator.
    pub name: Text,
    /// Unit; may be empty.
    pub unit: Text,
    /// Base value as the plan prints it.
    pub base: Amount,
    /// Target as the plan prints it.
    pub target: Amount,
    /// Value reached as the plan prints it.
    pub actual: Amount,
    /// 约束性 / 预期性.
    pub attribute: Text,
    /// 完成情况 in the plan's word.
    pub done: Text,
    /// What a reader must know; printed under the table.
    pub note: Text,
}

/// The plan's indicators in the plan's own form, with the columns of the evaluation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IndicatorTable {
    /// What the plan calls the table, `专栏2`; also the name of the sheet.
    pub label: Text,
    /// Title of the table in the plan.
    pub title: Text,
    /// Year of the base values.
    pub base_year: i32,
    /// Year of the targets.
    pub target_year: i32,
    /// Year that the forecasts are for; empty if there are none.
    pub forecast_year: String,
    /// Rows in the plan's order.
    pub rows: Vec<IndicatorLine>,
    /// Lines under the table.
    pub notes: Vec<Text>,
}

/// One indicator of the plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IndicatorLine {
    /// Group of the plan, `（一）环境治理`.
    pub group: Text,
    /// Number in the plan, `1`.
    pub number: String,
    /// Indicator.
    pub name: Text,
    /// Unit; may be empty.
    pub unit: Text,
    /// Base value as the plan prints it.
    pub base: Amount,
    /// Target as the plan prints it.
    pub target: Amount,
    /// Sum over the plan's years as the plan prints it.
    pub cumulative: Amount,
    /// 约束性 / 预期性.
    pub attribute: Text,
    /// Value that is judged.
    pub value: Amount,
    /// Its year; empty if there is no value.
    pub value_year: String,
    /// Value of the path to the target in the year evaluated.
    pub path: Amount,
    /// State.
    pub state: Standing,
    /// Why that state.
    pub why: Text,
    /// Forecast.
    pub forecast: Amount,
    /// Lower end of the forecast's interval; empty if not stated.
    pub forecast_low: String,
    /// Upper end of the forecast's interval; empty if not stated.
    pub forecast_high: String,
    /// Where the value comes from: document, or rule and series.
    pub basis: Text,
    /// Responsible body.
    pub responsible: Text,
    /// What a reader must know; printed under the table.
    pub note: Text,
}

/// One of the plan's other targets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TargetLine {
    /// Id, `T01`.
    pub id: String,
    /// The plan's words.
    pub quote: Text,
    /// Where they stand in the plan, `第327行`; may be empty.
    pub place: Text,
    /// The target, short, `≥70 %`.
    pub target: Text,
    /// Deadline as the plan says it.
    pub deadline: Text,
    /// Reported or computed value.
    pub value: Amount,
    /// State.
    pub state: Standing,
    /// Why that state.
    pub why: Text,
    /// Document or rule the value rests on.
    pub evidence: Text,
    /// Responsible body.
    pub responsible: Text,
}

/// What is known of one indicator; its name, target and state stand in the row of the same number.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Detail {
    /// Number of its row in [`IndicatorTable`].
    pub number: String,
    /// Territory and points.
    pub scope: Text,
    /// Values and path by year, base year first. A year to come has a path only.
    pub history: Vec<YearValue>,
    /// The values of the year evaluated side by side: official, raw, adjusted, computed.
    pub sides: Vec<Side>,
    /// What the value is made of, by section, plot, project …
    pub contributions: Contributions,
    /// How complete the data are.
    pub completeness: Vec<Share>,
    /// Standards and rules it rests on.
    pub rules: Vec<UsedRule>,
    /// What is missing to judge it, or to judge it better.
    pub missing: Vec<Text>,
    /// What the years say of its trend, with the test used; may be empty.
    pub trend: Text,
    /// How the forecast was made, and how well it did on past years; may be empty.
    pub forecast_note: Text,
    /// What would become of it if …
    pub scenarios: Vec<Scenario>,
}

/// What an indicator would be under an assumption.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scenario {
    /// The assumption, `若甲断面达到Ⅲ类`.
    pub assumption: Text,
    /// Value under it.
    pub value: Amount,
    /// Difference from the judged value as printed.
    pub difference: Amount,
    /// State under it.
    pub state: Standing,
}

/// Value and path of one year.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct YearValue {
    /// Calendar year.
    pub year: i32,
    /// Value judged in that year.
    pub value: Amount,
    /// Value of the path.
    pub path: Amount,
    /// Kind of the value, `上报` / `reported`.
    pub kind: Text,
    /// Document or rule it rests on.
    pub basis: Text,
}

/// One of several values of the same year.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Side {
    /// Kind: 上报, 原始, 扣除后, 计算.
    pub kind: Text,
    /// Value.
    pub value: Amount,
    /// Difference from the judged value as printed; missing for the judged one itself.
    pub difference: Amount,
    /// Whether it is the one that is judged.
    pub judged: bool,
    /// Document or rule it rests on.
    pub basis: Text,
}

/// What an indicator is made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Contributions {
    /// What the parts are, `断面` / `section`; head of the first column.
    pub part_head: Text,
    /// What is stated of each, `水质类别`; head of the second column.
    pub value_head: Text,
    /// What each adds, `影响（百分点）`; head of the third column.
    pub amount_head: Text,
    /// Parts, greatest first.
    pub rows: Vec<Contribution>,
    /// Which parts are not shown, `其余 12 个断面均达标`; may be empty.
    pub rest: Text,
}

/// One part of an indicator.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Contribution {
    /// Code of the part; may be empty.
    pub code: String,
    /// Name.
    pub name: Text,
    /// What is stated of it.
    pub value: Amount,
    /// What it adds.
    pub amount: Amount,
    /// Remark, `主要污染物：总磷（0.3）`.
    pub note: Text,
}

/// So many of so many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// What is counted, `有效日` / `valid days`.
    pub name: Text,
    /// How many there are.
    pub have: u32,
    /// How many there should be.
    pub of: u32,
    /// Remark; may be empty.
    pub note: Text,
}

/// A rule that an indicator rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UsedRule {
    /// Number as printed, `HJ 663—2013`.
    pub number: String,
    /// Clause or table; may be empty.
    pub clause: Text,
    /// Confidence in the clause.
    pub confidence: Confidence,
}

/// Counts of things in groups (rows) by state (columns).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CountTable {
    /// The states.
    pub states: Vec<Text>,
    /// The groups in their order.
    pub rows: Vec<CountLine>,
    /// All groups together.
    pub total: CountLine,
    /// Lines under the table.
    pub notes: Vec<Text>,
}

/// The counts of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CountLine {
    /// Code of the group, `专栏3`, `W`; may be empty.
    pub code: Text,
    /// Name of the group.
    pub name: Text,
    /// All of them.
    pub total: u32,
    /// One count a state, in the order of [`CountTable::states`].
    pub counts: Vec<u32>,
}

/// A project, or a system, in the workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListLine {
    /// Id in the plan's catalog.
    pub id: String,
    /// Box or group.
    pub group: Text,
    /// Name.
    pub name: Text,
    /// Area or place; may be empty.
    pub area: Text,
    /// State as printed.
    pub state: Text,
    /// Document, scenario or reason that the state rests on.
    pub evidence: Text,
    /// Responsible body; may be empty.
    pub responsible: Text,
}

impl Standing {
    /// Every state, in printed order.
    pub const ALL: [Standing; 6] =
        [Standing::Achieved, Standing::OnTrack, Standing::Behind, Standing::NoData, Standing::Text, Standing::NotDue];

    /// By the code of the state of a plan's row: `on-track`; `None` for another word.
    pub fn of_code(code: &str) -> Option<Standing> {
        Standing::ALL.into_iter().find(|standing| standing.code() == code)
    }

    /// The code, as in the data of the template.
    pub fn code(self) -> &'static str {
        match self {
            Standing::Achieved => "achieved",
            Standing::OnTrack => "on-track",
            Standing::Behind => "behind",
            Standing::NoData => "no-data",
            Standing::Text => "text",
            Standing::NotDue => "not-due",
        }
    }
}

impl Tally {
    /// Counts the states of rows, so that whoever fills in a report need not.
    pub fn of(name: Text, states: impl IntoIterator<Item = Standing>) -> Tally {
        let mut tally = Tally { name, ..Tally::default() };
        for state in states {
            tally.total += 1;
            tally.counts[state as usize] += 1;
        }
        tally
    }
}
