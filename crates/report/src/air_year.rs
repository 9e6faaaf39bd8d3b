//! The yearly air evaluation of a city as plain data: what the job of `server` fills in and
//! `catalog/air-year/template.typ` and the workbook print.
//!
//! Every list may be empty; a document of an empty [`AirYear`] says that there are no data.

use crate::amount::Amount;
use domain::{Confidence, Text};
use serde::Serialize;

/// Everything a yearly air evaluation prints.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AirYear {
    /// Code of the area, by GB/T 2260.
    pub area: String,
    /// Name of the area as in a title, `北京市` / `Beijing`.
    pub name: Text,
    /// Calendar year.
    pub year: i32,
    /// When the document was made, as printed (`2026-11-24 17:20`, UTC+8).
    pub generated_at: String,
    /// Reading time of the data if not the newest, as printed; empty means all that is recorded.
    pub as_of: String,
    /// Who issues it; may be empty.
    pub issuer: Text,
    /// Marks on the cover and every page, such as 模拟 (simulated) or 示例 (example).
    pub marks: Vec<Text>,
    /// Attribution and other statements on the data, printed with the sources.
    pub statements: Vec<Text>,
    /// Whether the rules are those in force at the date of the data (`false`: another set was asked for).
    pub rules_in_force: bool,
    /// The rules used.
    pub rules: Vec<Rule>,
    /// The evaluated items; the order of every per-item list below.
    pub items: Vec<Item>,
    /// Annual statistics, in printed order.
    pub statistics: Vec<Statistic>,
    /// Counts of days.
    pub days: DayCounts,
    /// Levels of the index, best first.
    pub levels: Vec<Level>,
    /// Every day of the year, 1 January first.
    pub calendar: Vec<Day>,
    /// January to December.
    pub months: Vec<Month>,
    /// Stations, best first.
    pub stations: Vec<Station>,
    /// Polluted days, by date.
    pub polluted: Vec<PollutedDay>,
    /// Polluted days by primary pollutant, most first.
    pub polluted_by_primary: Vec<PrimaryCount>,
    /// Composite index of the year.
    pub composite: Composite,
    /// Documented exceptional periods.
    pub exclusions: Vec<Exclusion>,
    /// The same days under other rule sets.
    pub comparisons: Vec<Comparison>,
    /// Targets of the plan that concern air.
    pub targets: Vec<Target>,
    /// Files the data came from.
    pub sources: Vec<Source>,
    /// What a reader must know (incomplete data, unconfirmed clauses …).
    pub notes: Vec<Text>,
}

/// A standard and what was applied of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rule {
    /// Id in the catalog, `hj633-2026`.
    pub id: String,
    /// Number as printed, `HJ 633—2026`.
    pub number: String,
    /// Title.
    pub title: Text,
    /// Clauses and tables applied.
    pub clauses: Vec<String>,
    /// Dates in force as printed, `2026-03-01 –`.
    pub in_force: String,
    /// Confidence in the weakest of the clauses.
    pub confidence: Confidence,
}

/// An evaluated item.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// Code, `pm25`, `o3_8h`.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Symbol with Unicode subscripts, `PM₂.₅`; printed with real subscripts.
    pub symbol: String,
    /// Unit, `µg/m³`.
    pub unit: String,
}

/// One annual statistic.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Statistic {
    /// Indicator id, `air.pm25.mean`.
    pub id: String,
    /// Symbol of the item, `PM₂.₅`.
    pub symbol: String,
    /// What is stated, `年平均` / `annual mean`.
    pub name: Text,
    /// Value as published.
    pub value: Amount,
    /// Unit.
    pub unit: String,
    /// Limit of grade 2; missing if the standard has none.
    pub limit: Amount,
    /// Times over the limit, `0.14`; missing if within it.
    pub exceed: Amount,
    /// Whether it is within the limit; `None` if it cannot be said.
    pub passes: Option<bool>,
    /// Valid days.
    pub days: u32,
    /// Days of the year.
    pub of: u32,
    /// Whether the year is complete enough for it.
    pub valid: bool,
    /// The same from all data, where exclusions changed it.
    pub all_data: Option<Amount>,
    /// Value of the year before.
    pub last_year: Option<Amount>,
    /// Change on the year before as printed, `-5.3 %`.
    pub change: Option<String>,
    /// Clauses it rests on, `HJ 663—2013 附录 A.6`.
    pub clauses: Vec<String>,
}

/// Counts of days of the city.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DayCounts {
    /// Days of the year.
    pub of: u32,
    /// Days with a valid index.
    pub valid: u32,
    /// Good and moderate days.
    pub good: u32,
    /// Polluted days.
    pub polluted: u32,
    /// Heavily polluted days and worse.
    pub heavy: u32,
    /// Share of good days, per cent.
    pub good_ratio: Amount,
    /// The same of the year before.
    pub last_good_ratio: Option<Amount>,
    /// Whether the year is complete enough to be evaluated.
    pub complete: bool,
}

/// A level of the index.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Level {
    /// Code used in [`Day::level`].
    pub code: String,
    /// Number as printed, `一级`, and class, `优`.
    pub name: Text,
    /// Colour of the standard, `#00E400`.
    pub colour: String,
    /// Range of the index as printed, `0–50`.
    pub range: String,
    /// Days of the year.
    pub days: u32,
    /// Share of the valid days, per cent.
    pub share: Amount,
}

/// A day of the city.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Day {
    /// `2024-01-31`.
    pub date: String,
    /// Index.
    pub aqi: Option<u16>,
    /// Code of its level; empty if none.
    pub level: String,
    /// Symbols of the primary pollutants.
    pub primary: Vec<String>,
    /// One value an item, in the order of [`AirYear::items`].
    pub values: Vec<Amount>,
    /// Whether an exceptional period covers it.
    pub excluded: bool,
    /// Why there is no index, or another remark; may be empty.
    pub note: Text,
}

/// A month of the city.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Month {
    /// 1 to 12.
    pub month: u8,
    /// Days of the month.
    pub of: u32,
    /// Days with a valid index.
    pub valid: u32,
    /// Good and moderate days.
    pub good: u32,
    /// Share of good days, per cent.
    pub good_ratio: Amount,
    /// Days by level, in the order of [`AirYear::levels`].
    pub by_level: Vec<u32>,
    /// Statistic of each item (a mean, or the percentile that the standard names), in the order of
    /// [`AirYear::items`].
    pub values: Vec<Amount>,
    /// Valid days of each item, in the same order.
    pub item_days: Vec<u32>,
}

/// A station of the city.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Station {
    /// Place in the order, from 1; `None` if not ranked.
    pub rank: Option<u32>,
    /// Code.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Valid days.
    pub valid: u32,
    /// Good and moderate days.
    pub good: u32,
    /// Share of good days, per cent.
    pub good_ratio: Amount,
    /// Statistic of each item, in the order of [`AirYear::items`].
    pub values: Vec<Amount>,
    /// Composite index.
    pub composite: Amount,
}

/// A polluted day.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PollutedDay {
    /// Date.
    pub date: String,
    /// Index.
    pub aqi: u16,
    /// Code of its level.
    pub level: String,
    /// Symbols of the primary pollutants.
    pub primary: Vec<String>,
    /// What made it so: value and unit of each primary pollutant, as printed; may be empty.
    pub values: Vec<String>,
    /// Whether an exceptional period covers it.
    pub excluded: bool,
}

/// Polluted days of one primary pollutant.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PrimaryCount {
    /// Symbol.
    pub symbol: String,
    /// Days.
    pub days: u32,
}

/// The composite index and its parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Composite {
    /// Index of the year.
    pub value: Amount,
    /// Index of the year before.
    pub last_year: Option<Amount>,
    /// Single index of each item with its share, in printed order.
    pub parts: Vec<CompositePart>,
    /// Rule it rests on, as printed.
    pub rule: Text,
}

/// A part of the composite index.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CompositePart {
    /// Symbol of the item.
    pub symbol: String,
    /// Single index.
    pub value: Amount,
    /// Share, per cent.
    pub share: Amount,
}

/// A documented exceptional period.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Exclusion {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Symbols of the items; empty means all.
    pub items: Vec<String>,
    /// Why.
    pub reason: String,
    /// The document that says so.
    pub document: String,
}

/// The same year under two rule sets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Comparison {
    /// Rule set of this report, as printed, `HJ 633—2012`.
    pub base: String,
    /// The other.
    pub other: String,
    /// Figures of the two side by side.
    pub figures: Vec<ComparedFigure>,
    /// Days whose class differs.
    pub days: Vec<ComparedDay>,
    /// Confidence in the other rule set.
    pub confidence: Option<Confidence>,
}

/// A figure under two rule sets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ComparedFigure {
    /// What it is.
    pub name: Text,
    /// Unit.
    pub unit: Text,
    /// Under the report's rules.
    pub base: Amount,
    /// Under the other.
    pub other: Amount,
}

/// A day whose class differs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ComparedDay {
    /// Date.
    pub date: String,
    /// Index under the report's rules.
    pub base_aqi: Option<u16>,
    /// Its level.
    pub base_level: Text,
    /// Colour of it.
    pub base_colour: String,
    /// Index under the other.
    pub other_aqi: Option<u16>,
    /// Its level.
    pub other_level: Text,
    /// Colour of it.
    pub other_colour: String,
    /// Symbols of the primary pollutants under the other.
    pub primary: Vec<String>,
}

/// A target of a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Target {
    /// Indicator.
    pub name: Text,
    /// Unit.
    pub unit: Text,
    /// Value of the year.
    pub value: Amount,
    /// Target as printed, `≥90.8`.
    pub target: String,
    /// Year of the target.
    pub target_year: String,
    /// 约束性 / 预期性.
    pub attribute: Text,
    /// State as printed, `达到` / `met`.
    pub state: Text,
    /// Whether it is met; `None` if it cannot be said.
    pub met: Option<bool>,
    /// Plan and line.
    pub source: Text,
}

/// A file that data came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Source {
    /// File name.
    pub file: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// When it was recorded, as printed.
    pub recorded: String,
    /// Rows used.
    pub rows: u64,
    /// Who provides it and under which licence; may be empty.
    pub attribution: String,
}
