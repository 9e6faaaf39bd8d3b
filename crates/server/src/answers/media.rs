//! Points of a medium, their classes, months and sources.

use super::{Confidence, Text};
use serde::Serialize;
use utoipa::ToSchema;

/// A medium that an area has points of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Medium {
    /// Id, such as `surface-water`.
    pub medium: String,
    /// Name.
    pub name: Text,
    /// Points in the register in its newest year.
    pub points: u32,
    /// First month with data.
    pub from: Option<String>,
    /// Last month with data.
    pub to: Option<String>,
    /// Years with data, newest first.
    pub years: Vec<i16>,
    /// Weakest confidence of the standards in use.
    pub confidence: Confidence,
    /// Whether any of it is made up for demonstration.
    pub simulated: bool,
}

/// A medium of an area in a year or a month.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MediumPage {
    /// Id.
    pub medium: String,
    /// Name.
    pub name: Text,
    /// Area code.
    pub area: String,
    /// Year.
    pub year: i16,
    /// `YYYY-MM`; none for the year.
    pub month: Option<String>,
    /// Months of the year with data.
    pub months: Vec<String>,
    /// Standards and rules in use.
    pub rules: Vec<MediumRule>,
    /// Classes from best to worst.
    pub classes: Vec<MediumClass>,
    /// Columns of the table.
    pub items: Vec<MediumItem>,
    /// Points.
    pub points: Vec<PointRow>,
    /// Points by class.
    pub shares: Vec<ClassShare>,
    /// Points that could not be judged.
    pub unjudged: u32,
    /// Rivers, lakes, basins.
    pub bodies: Vec<WaterBody>,
    /// Against the year before.
    pub change: Option<Text>,
    /// Month by month.
    pub monthly: Vec<MonthShares>,
    /// What a reader must know.
    pub notes: Vec<Text>,
    /// Whether any of it is made up for demonstration.
    pub simulated: bool,
}

/// A standard in use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MediumRule {
    /// Id in the catalog.
    pub standard: String,
    /// Number, such as GB 3838-2002.
    pub number: String,
    /// Title.
    pub title: Text,
    /// Clause.
    pub clause: String,
    /// Confidence.
    pub confidence: Confidence,
    /// What is not confirmed or was chosen.
    pub note: Option<Text>,
}

/// A class.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MediumClass {
    /// Id, such as Ⅲ.
    pub class: String,
    /// Name.
    pub name: Text,
    /// Colour.
    pub color: String,
    /// Whether it counts as good.
    pub met: bool,
}

/// An item.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MediumItem {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Short name.
    pub symbol: Option<String>,
    /// Unit.
    pub unit: String,
    /// Limit that holds for all points.
    pub limit: Option<String>,
}

/// A point in a year or month.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PointRow {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Kind in words.
    pub kind: Text,
    /// Water body.
    pub water_body: String,
    /// Basin.
    pub basin: String,
    /// Level.
    pub level: String,
    /// What it must reach.
    pub target: Option<String>,
    /// Longitude on CGCS2000.
    pub lon: Option<f64>,
    /// Latitude on CGCS2000.
    pub lat: Option<f64>,
    /// Class.
    pub class: Option<String>,
    /// Colour of the class.
    pub color: Option<String>,
    /// Whether its target is met.
    pub met: Option<bool>,
    /// Main pollutants.
    pub main: Vec<MainItem>,
    /// Its items.
    pub cells: Vec<PointCell>,
    /// Months with data.
    pub months: u32,
    /// Months there should be.
    pub months_of: u32,
    /// Why there is no class, or what to know of it.
    pub why: Option<Text>,
    /// Note.
    pub note: Option<Text>,
    /// Weakest confidence.
    pub confidence: Confidence,
    /// Whether it is made up for demonstration.
    pub simulated: bool,
}

/// A main pollutant.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MainItem {
    /// Item.
    pub item: String,
    /// Value.
    pub value: String,
    /// Times above the limit.
    pub multiple: Option<String>,
}

/// An item of a point.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PointCell {
    /// Item.
    pub item: String,
    /// Value as shown.
    pub value: Option<String>,
    /// Class of this item.
    pub class: Option<String>,
    /// Colour of the class.
    pub color: Option<String>,
    /// Limit it is held against.
    pub limit: Option<String>,
    /// Whether it is over the limit.
    pub over: bool,
    /// Times above the limit.
    pub exceed: Option<String>,
    /// `automatic`, `manual` or `both`.
    pub source: Option<String>,
    /// Values it was made of.
    pub n: u32,
    /// Values there should be.
    pub of: u32,
    /// Below detection.
    pub below: bool,
}

/// Points of a class.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClassShare {
    /// Class.
    pub class: String,
    /// Colour.
    pub color: String,
    /// Points.
    pub count: u32,
    /// Of the judged ones [%].
    pub percent: Option<String>,
}

/// A month's shares.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MonthShares {
    /// Month.
    pub month: String,
    /// Points by class.
    pub shares: Vec<ClassShare>,
    /// Points judged.
    pub judged: u32,
    /// Share of good ones [%].
    pub good_percent: Option<String>,
}

/// A river, lake or basin.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WaterBody {
    /// Name.
    pub name: Text,
    /// `river`, `lake`, `basin` or `area`.
    pub kind: String,
    /// Grade.
    pub grade: Option<Text>,
    /// Colour.
    pub color: Option<String>,
    /// Sections.
    pub sections: u32,
    /// Sections judged.
    pub judged: u32,
    /// Share of good ones [%].
    pub good_percent: Option<String>,
    /// Share of the worst class [%].
    pub bad_percent: Option<String>,
    /// Main pollutants.
    pub main: Vec<BodyItem>,
    /// Trophic state of a lake.
    pub tli: Option<BodyTrophic>,
    /// By which rule.
    pub why: Option<Text>,
}

/// A main pollutant of a water body.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BodyItem {
    /// Item.
    pub item: String,
    /// Share of sections over [%].
    pub percent: Option<String>,
}

/// Trophic state.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BodyTrophic {
    /// TLI(Σ).
    pub value: String,
    /// State.
    pub state: Text,
}

/// A point through time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PointPage {
    /// Medium.
    pub medium: String,
    /// Its name.
    pub name: Text,
    /// Area.
    pub area: String,
    /// Year.
    pub year: i16,
    /// Standards in use.
    pub rules: Vec<MediumRule>,
    /// Classes.
    pub classes: Vec<MediumClass>,
    /// Items.
    pub items: Vec<MediumItem>,
    /// The point in the year.
    pub point: PointRow,
    /// Months.
    pub months: Vec<PointMonth>,
    /// Years.
    pub years: Vec<PointYear>,
    /// What a reader must know.
    pub notes: Vec<Text>,
    /// Whether any of it is made up for demonstration.
    pub simulated: bool,
}

/// A month of a point.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PointMonth {
    /// Month.
    pub month: String,
    /// Class.
    pub class: Option<String>,
    /// Colour.
    pub color: Option<String>,
    /// Whether the target is met.
    pub met: Option<bool>,
    /// The point's own word, such as 断流.
    pub state: String,
    /// Why there is no class.
    pub why: Option<Text>,
    /// Main pollutants.
    pub main: Vec<MainItem>,
    /// Items, for the months of the asked year.
    pub cells: Vec<PointCell>,
    /// Whether it is made up for demonstration.
    pub simulated: bool,
}

/// A year of a point.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PointYear {
    /// Year.
    pub year: i16,
    /// Class.
    pub class: Option<String>,
    /// Colour.
    pub color: Option<String>,
    /// Whether the target is met.
    pub met: Option<bool>,
    /// Main pollutants.
    pub main: Vec<MainItem>,
    /// Months with data.
    pub months: u32,
}

/// An item of a point, month by month, with its trends.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PointSeries {
    /// Item.
    pub item: String,
    /// Name.
    pub name: Text,
    /// Unit.
    pub unit: String,
    /// Limit for the chart.
    pub limit: Option<String>,
    /// Limit in words.
    pub limit_text: Option<Text>,
    /// Every month of the span.
    pub points: Vec<SeriesMonth>,
    /// Trends.
    pub trends: Vec<TrendResult>,
    /// Against the year before.
    pub yoy: Option<YearOnYear>,
    /// Whether any of it is made up for demonstration.
    pub simulated: bool,
}

/// A month of a series.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SeriesMonth {
    /// Month.
    pub month: String,
    /// Value.
    pub value: Option<String>,
    /// Below detection.
    pub below: bool,
    /// `automatic`, `manual` or `both`.
    pub source: Option<String>,
    /// Values it was made of.
    pub n: u32,
    /// Values there should be.
    pub of: u32,
}

/// The result of a trend test.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrendResult {
    /// Test.
    pub test: String,
    /// Name.
    pub name: Text,
    /// What it takes for granted.
    pub assumes: Text,
    /// Result in a sentence, or why there is none.
    pub result: Text,
    /// `up`, `down` or `none`.
    pub direction: Option<String>,
    /// Slope.
    pub slope: Option<String>,
    /// Its unit.
    pub slope_unit: Option<String>,
    /// Lower end of the slope's interval.
    pub low: Option<String>,
    /// Upper end of the slope's interval.
    pub high: Option<String>,
    /// Probability.
    pub p: Option<String>,
    /// Values.
    pub n: u32,
    /// Gaps.
    pub missing: u32,
    /// Whether it is significant.
    pub significant: Option<bool>,
    /// Time of a change point.
    pub at: Option<String>,
}

/// The newest months against the same of the year before.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct YearOnYear {
    /// First month.
    pub from: String,
    /// Last month.
    pub to: String,
    /// Months that both years have.
    pub months: u32,
    /// Mean before.
    pub before: String,
    /// Mean after.
    pub after: String,
    /// Change [%].
    pub change_percent: Option<String>,
    /// In a sentence.
    pub result: Text,
}

/// The observations behind a month's value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PointSources {
    /// Item.
    pub item: String,
    /// Name.
    pub name: Text,
    /// Unit.
    pub unit: String,
    /// Month.
    pub month: String,
    /// The month's value.
    pub value: Option<String>,
    /// How it was made.
    pub how: Text,
    /// Observations in time; every revision, the newest first.
    pub rows: Vec<SourceRow>,
    /// Whether any of it is made up for demonstration.
    pub simulated: bool,
}

/// An observation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceRow {
    /// Time.
    pub time: String,
    /// Value.
    pub value: Option<String>,
    /// Below detection.
    pub below: bool,
    /// Flag.
    pub flag: String,
    /// `automatic` or `manual`.
    pub method: String,
    /// Import.
    pub import: String,
    /// File.
    pub file: String,
    /// Row of the file.
    pub row: Option<u64>,
    /// Revision.
    pub revision: u16,
    /// When it was recorded.
    pub recorded: String,
    /// Whether it is in the month's value.
    pub used: bool,
    /// Why not.
    pub why: Option<Text>,
}
