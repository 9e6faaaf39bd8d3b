//! A plan with everything: forecast, accounts, bodies, evidence, parts, scenario, changes.

use super::plan::{PastRow, PlanRow, TargetRow};
use super::{Confidence, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Where a plan stands, with all that belongs to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanFull {
    /// Plan id.
    pub plan: String,
    /// Area code.
    pub area: String,
    /// Year.
    pub year: i16,
    /// Indicators.
    pub rows: Vec<FullRow>,
    /// Other targets.
    pub targets: Vec<FullTarget>,
    /// The preceding plan.
    pub past: Vec<PastRow>,
    /// Indicators by state.
    pub counts: BTreeMap<String, u32>,
    /// Other targets by state.
    pub target_counts: BTreeMap<String, u32>,
    /// What a reader must know.
    pub notes: Vec<Text>,
    /// Whether any of it is made up for demonstration.
    pub simulated: bool,
}

/// One indicator.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FullRow {
    /// Where it stands.
    pub row: PlanRow,
    /// Forecast.
    pub forecast: Option<Forecast>,
    /// Why there is none.
    pub forecast_why: Option<Text>,
    /// Other accounts of the value, the judged one first.
    pub variants: Vec<Variant>,
    /// Responsible bodies.
    pub bodies: Vec<Body>,
    /// What it rests on.
    pub evidence: Text,
    /// Parts it has.
    pub parts: u32,
    /// Parts judged.
    pub n: u32,
    /// Parts there should be.
    pub of: u32,
    /// Whether it is complete enough.
    pub valid: bool,
    /// What is missing.
    pub missing: Vec<Text>,
    /// What a reader must know.
    pub notes: Vec<Text>,
    /// Whether any of it is made up for demonstration.
    pub simulated: bool,
}

/// A body that answers for a row or a target.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Body {
    /// Name.
    pub name: Text,
    /// Whether it leads; else it takes part.
    pub lead: bool,
    /// Confidence in who it is: the plan's text names few.
    pub confidence: Confidence,
    /// Where it is said.
    pub source: Option<Text>,
}

/// One account of a value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Variant {
    /// Name.
    pub name: Text,
    /// Value.
    pub value: Option<String>,
    /// Whether it is the judged one.
    pub judged: bool,
    /// Document or rule.
    pub basis: Option<Text>,
}

/// What is to be expected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Forecast {
    /// Year it is for.
    pub year: i16,
    /// Value.
    pub value: String,
    /// Lower end.
    pub low: Option<String>,
    /// Upper end.
    pub high: Option<String>,
    /// Probability of the interval [%].
    pub level: Option<String>,
    /// How.
    pub method: Text,
    /// What the same method would have said of past years.
    pub honesty: Vec<HonestyRow>,
    /// Mean absolute error over those years.
    pub mean_error: Option<String>,
    /// That of “as last year”.
    pub naive_error: Option<String>,
    /// Whether the method is better than “as last year”.
    pub better: Option<bool>,
}

/// A past year's forecast and what came.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HonestyRow {
    /// Year.
    pub year: i16,
    /// What the method would have said.
    pub said: String,
    /// Lower end.
    pub low: Option<String>,
    /// Upper end.
    pub high: Option<String>,
    /// What came.
    pub came: String,
    /// Whether it came within the interval.
    pub within: Option<bool>,
}

/// Another target of the plan's text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FullTarget {
    /// Where it stands.
    pub target: TargetRow,
    /// Responsible bodies.
    pub bodies: Vec<Body>,
    /// What it rests on.
    pub evidence: Text,
    /// Value.
    pub value: Option<String>,
    /// Unit.
    pub unit: String,
    /// Year of the value.
    pub value_year: Option<i16>,
    /// `computed` or `reported`.
    pub source: Option<String>,
    /// Number of the indicator it repeats.
    pub same_as: Option<u16>,
    /// What is missing.
    pub missing: Vec<Text>,
    /// Whether any of it is made up for demonstration.
    pub simulated: bool,
}

/// What an indicator is made of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IndicatorParts {
    /// Number in the plan.
    pub no: u16,
    /// Year.
    pub year: i16,
    /// Area.
    pub area: String,
    /// Value.
    pub value: Option<String>,
    /// Before rounding.
    pub exact: Option<String>,
    /// Unit.
    pub unit: String,
    /// Parts judged.
    pub n: u32,
    /// Parts there should be.
    pub of: u32,
    /// Whether it is complete enough.
    pub valid: bool,
    /// Weakest confidence.
    pub confidence: Confidence,
    /// How it came about.
    pub why: Text,
    /// What its parts are.
    pub part_name: Text,
    /// Parts.
    pub parts: Vec<IndicatorPart>,
    /// Other accounts.
    pub variants: Vec<Variant>,
    /// Standards.
    pub standards: Vec<UsedStandard>,
    /// Documents.
    pub documents: Vec<String>,
    /// What a reader must know.
    pub notes: Vec<Text>,
    /// What is missing.
    pub missing: Vec<Text>,
    /// By county.
    pub areas: Vec<AreaPart>,
    /// What can be assumed of a part.
    pub assume: Vec<AssumptionKind>,
    /// Forecast.
    pub forecast: Option<Forecast>,
    /// Why there is none.
    pub forecast_why: Option<Text>,
    /// Responsible bodies.
    pub bodies: Vec<Body>,
    /// What it rests on.
    pub evidence: Text,
    /// Whether any of it is made up for demonstration.
    pub simulated: bool,
}

/// A standard that was used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UsedStandard {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Title.
    pub title: Text,
    /// Confidence.
    pub confidence: Confidence,
}

/// A part of an indicator.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IndicatorPart {
    /// Code.
    pub feature: String,
    /// Name.
    pub name: Text,
    /// Value.
    pub value: String,
    /// Whether it meets what is asked.
    pub met: Option<bool>,
    /// What it adds.
    pub contribution: Option<String>,
    /// Why.
    pub why: Text,
    /// Whether it counts.
    pub counted: bool,
    /// Where it has a page.
    pub link: Option<PartLink>,
}

/// A page of a part.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartLink {
    /// `point` or `indicator`.
    pub kind: String,
    /// Code or number.
    pub id: String,
    /// Medium of a point.
    pub medium: Option<String>,
    /// Area of an indicator.
    pub area: Option<String>,
}

/// The value of an area below.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AreaPart {
    /// Area.
    pub area: String,
    /// Name.
    pub name: Text,
    /// Value.
    pub value: Option<String>,
    /// Parts judged.
    pub n: u32,
    /// Parts there should be.
    pub of: u32,
    /// Why.
    pub why: Option<Text>,
}

/// What can be assumed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssumptionKind {
    /// Item.
    pub item: String,
    /// Name.
    pub name: Text,
    /// Unit.
    pub unit: String,
    /// Values to choose; empty for a number.
    pub values: Vec<AssumptionValue>,
}

/// A value that can be assumed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssumptionValue {
    /// Value.
    pub value: String,
    /// Name.
    pub name: Text,
}

/// An indicator before and after.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IndicatorChanges {
    /// Number in the plan.
    pub no: u16,
    /// Moment before.
    pub since: String,
    /// Value then.
    pub before: Option<String>,
    /// Value now.
    pub after: Option<String>,
    /// Unit.
    pub unit: String,
    /// In words.
    pub why: Text,
    /// Parts that became others.
    pub parts: Vec<PartChange>,
    /// The plan's other indicators that became others.
    pub other: Vec<RowChange>,
}

/// A part before and after.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartChange {
    /// Code.
    pub feature: String,
    /// Name.
    pub name: Text,
    /// Then.
    pub before: Option<String>,
    /// Now.
    pub after: Option<String>,
    /// Why then.
    pub why_before: Option<Text>,
    /// Why now.
    pub why_after: Option<Text>,
}

/// Another indicator before and after.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RowChange {
    /// Number.
    pub no: u16,
    /// Title.
    pub title: Text,
    /// Unit.
    pub unit: String,
    /// Then.
    pub before: Option<String>,
    /// Now.
    pub after: Option<String>,
}

/// What is asked of a scenario.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ScenarioAsk {
    /// Area.
    pub area: String,
    /// Year.
    pub year: i16,
    /// Assumptions.
    pub assumptions: Vec<Assumption>,
}

/// An assumption.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Assumption {
    /// Code of the part.
    pub feature: String,
    /// What of it.
    pub item: String,
    /// Value.
    pub value: String,
}

/// What a scenario makes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScenarioAnswer {
    /// Indicators that became others.
    pub rows: Vec<ScenarioRow>,
    /// What was assumed, and what could not be.
    pub notes: Vec<Text>,
    /// Whether any of it is made up for demonstration.
    pub simulated: bool,
}

/// An indicator under a scenario.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScenarioRow {
    /// Number.
    pub no: u16,
    /// Title.
    pub title: Text,
    /// Unit.
    pub unit: String,
    /// As it is.
    pub before: Option<String>,
    /// Under the scenario.
    pub after: Option<String>,
    /// State as it is.
    pub state_before: String,
    /// State under the scenario.
    pub state_after: String,
}
