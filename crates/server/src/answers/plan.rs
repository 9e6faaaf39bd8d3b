//! A plan and where it stands.

use super::{Confidence, Number, Text};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A value as the plan prints it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ValueText {
    /// As printed.
    pub text: String,
    /// The number in it, if there is one.
    pub number: Option<Number>,
    /// `number`, `at-least`, `at-most`, `cumulative`, `text` or `absent`.
    pub kind: String,
}

/// A plan.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Plan {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Area code.
    pub area: String,
    /// First year.
    pub from: i16,
    /// Last year.
    pub to: i16,
    /// Year of the base values.
    pub base_year: i16,
    /// Groups of indicators in the plan's order.
    pub groups: Vec<Group>,
    /// Where it was read.
    pub source: Text,
}

/// A group of indicators.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Group {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
}

/// One indicator of a plan and where it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanRow {
    /// Number in the plan.
    pub no: u16,
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Unit.
    pub unit: String,
    /// Group id.
    pub group: String,
    /// `binding` (约束性) or `expected` (预期性).
    pub attribute: String,
    /// Base value.
    pub base: ValueText,
    /// Target.
    pub target: ValueText,
    /// Cumulative change over the plan.
    pub cumulative: ValueText,
    /// Year of the target.
    pub target_year: i16,
    /// Newest value up to the asked year.
    pub value: Option<ValueText>,
    /// Year of that value.
    pub value_year: Option<i16>,
    /// `computed` or `reported`.
    pub source: Option<String>,
    /// Value of the straight path to the target in the asked year.
    pub path: Option<Number>,
    /// `achieved`, `on-track`, `behind`, `no-data`, `text` or `not-due`.
    pub state: String,
    /// Why, quoting the numbers.
    pub why: Text,
    /// Indicator it is computed by.
    pub indicator: Option<String>,
    /// Document of a reported value.
    pub document: Option<String>,
    /// Confidence.
    pub confidence: Confidence,
}

/// One indicator of the preceding plan (专栏1).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PastRow {
    /// Group.
    pub group: Text,
    /// Title.
    pub title: Text,
    /// Unit.
    pub unit: String,
    /// Value of 2015.
    pub base2015: ValueText,
    /// Target for 2020.
    pub target2020: ValueText,
    /// Value of 2020.
    pub actual2020: ValueText,
    /// Attribute as printed.
    pub attribute: String,
    /// Whether it was done, as printed.
    pub done: Text,
}

/// Another target of the plan's text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TargetRow {
    /// Id.
    pub id: String,
    /// The plan's words.
    pub quote: String,
    /// Value as the plan has it.
    pub value: String,
    /// Deadline as the plan has it.
    pub deadline: String,
    /// Line of the plan's text.
    pub line: u32,
    /// State.
    pub state: String,
    /// Why.
    pub why: Text,
}

/// Where a plan stands in a year.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanStatus {
    /// Plan id.
    pub plan: String,
    /// Area code.
    pub area: String,
    /// Year.
    pub year: i16,
    /// Indicators.
    pub rows: Vec<PlanRow>,
    /// The preceding plan.
    pub past: Vec<PastRow>,
    /// Other targets.
    pub targets: Vec<TargetRow>,
    /// Indicators by state.
    pub counts: BTreeMap<String, u32>,
}

/// A value of the past.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HistoryPoint {
    /// Year.
    pub year: i16,
    /// Value.
    pub value: Option<ValueText>,
    /// `computed` or `reported`.
    pub source: Option<String>,
    /// Document of a reported value.
    pub document: Option<String>,
    /// Confidence.
    pub confidence: Confidence,
}

/// A point of the path from base to target.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PathPoint {
    /// Year.
    pub year: i16,
    /// Value.
    pub value: Option<Number>,
}

/// How many polluted days a year can still afford.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Budget {
    /// Year.
    pub year: i16,
    /// Its days.
    pub days_in_year: u32,
    /// Good days the target needs.
    pub good_days_needed: u32,
    /// Good days so far.
    pub good_so_far: u32,
    /// Polluted days so far.
    pub polluted_so_far: u32,
    /// Days still to come.
    pub days_left: u32,
    /// Polluted days the rest of the year can afford.
    pub polluted_affordable: i32,
    /// Whether the target can be reached at all.
    pub reachable: bool,
    /// The same in words.
    pub text: Text,
}

/// What polluted days are made of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Costs {
    /// Polluted days of the city.
    pub polluted_days: u32,
    /// By primary pollutant, most first.
    pub by_pollutant: Vec<PollutantCost>,
    /// By station, most first.
    pub by_station: Vec<StationCost>,
    /// The days.
    pub days: Vec<PollutedDay>,
}

/// Polluted days of one primary pollutant.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PollutantCost {
    /// Item.
    pub item: String,
    /// Its name.
    pub name: Text,
    /// Days.
    pub days: u32,
}

/// Polluted days of a station.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StationCost {
    /// Station.
    pub station: String,
    /// Name.
    pub name: Text,
    /// Polluted station-days.
    pub station_days: u32,
    /// By primary pollutant.
    pub by_pollutant: Vec<ItemDays>,
}

/// Days of an item.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ItemDays {
    /// Item.
    pub item: String,
    /// Days.
    pub days: u32,
}

/// A polluted day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PollutedDay {
    /// Date.
    pub date: String,
    /// Index.
    pub aqi: Option<u16>,
    /// Primary pollutants.
    pub primary: Vec<String>,
}

/// Everything of one indicator of the plan.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IndicatorPage {
    /// Where it stands.
    pub row: PlanRow,
    /// Values by year.
    pub history: Vec<HistoryPoint>,
    /// Path from base to target.
    pub path: Vec<PathPoint>,
    /// Budget of polluted days, for the good-days ratio.
    pub budget: Option<Budget>,
    /// What the polluted days are made of.
    pub costs: Option<Costs>,
}
