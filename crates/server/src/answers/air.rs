//! Air: statistics, days, stations, hours, series, wind, comparison.

use super::{Confidence, Number, Text};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One annual statistic, or one indicator of a plan applied to the area.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Statistic {
    /// Indicator id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Value, rounded once by the standard.
    pub value: Option<Number>,
    /// The value as printed, with all its places; for a plan's indicator in words, the words.
    pub value_text: Option<String>,
    /// The value before rounding.
    pub exact: Option<String>,
    /// Unit.
    pub unit: String,
    /// Whether the year is complete enough.
    pub valid: bool,
    /// Days it was made of.
    pub n: u32,
    /// Days of the year.
    pub of: u32,
    /// Target of the plan.
    pub target: Option<Number>,
    /// The target as the plan prints it.
    pub target_text: Option<String>,
    /// Limit of the standard.
    pub limit: Option<Number>,
    /// Against the target, or else against the limit: `achieved`, `on-track`, `behind`, `no-data`, `text`, `not-due`.
    pub state: Option<String>,
    /// Rule sets used.
    pub rules: String,
    /// Confidence of the weakest rule.
    pub confidence: Confidence,
    /// The value from all data, where listed exclusions changed it.
    pub all_data: Option<Number>,
    /// What a reader must know.
    pub notes: Vec<Text>,
}

/// A value of an item with its individual index.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ItemValue {
    /// Rounded as the standard prints it.
    pub value: Option<Number>,
    /// Before rounding.
    pub exact: Option<String>,
    /// Individual index.
    pub iaqi: Option<u16>,
    /// Stations it is the mean of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stations: Option<u16>,
    /// Hours (or windows) it was made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<u8>,
    /// Whether it is complete enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid: Option<bool>,
}

/// A city's day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AirDay {
    /// Date.
    pub date: String,
    /// Index.
    pub aqi: Option<u16>,
    /// Level.
    pub level: Option<u8>,
    /// Primary pollutants.
    pub primary: Vec<String>,
    /// Whether there is an index.
    pub valid: bool,
    /// Rule set.
    pub rules: String,
    /// Items by code.
    pub items: BTreeMap<String, ItemValue>,
    /// Whether an exceptional period covers the day.
    pub excluded: bool,
}

/// A station's day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StationDay {
    /// Station.
    pub station: String,
    /// Name.
    pub name: Text,
    /// Index.
    pub aqi: Option<u16>,
    /// Level.
    pub level: Option<u8>,
    /// Primary pollutants.
    pub primary: Vec<String>,
    /// Items by code.
    pub items: BTreeMap<String, ItemValue>,
}

/// A day of a city with its stations.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayOfStations {
    /// Date.
    pub date: String,
    /// The city.
    pub city: Option<AirDay>,
    /// Its stations.
    pub stations: Vec<StationDay>,
    /// Rule set.
    pub rules: String,
}

/// An hour of a station as it was kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HourRow {
    /// Station.
    pub station: String,
    /// `2020-01-01 24:00`, the end of the hour.
    pub hour: String,
    /// Parameter code.
    pub parameter: String,
    /// Its name.
    pub name: Text,
    /// Unit.
    pub unit: String,
    /// Value, exact.
    pub value: Option<String>,
    /// Quality flag.
    pub flag: String,
    /// Revision, 0 for the first.
    pub revision: u16,
    /// Import it came by.
    pub import: String,
    /// File of that import.
    pub file: String,
    /// Row in the file.
    pub row: Option<u64>,
    /// When it was recorded.
    pub recorded: String,
    /// Earlier revisions, newest first.
    pub earlier: Vec<EarlierHour>,
}

/// An earlier revision of an hour.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EarlierHour {
    /// Value.
    pub value: Option<String>,
    /// Revision.
    pub revision: u16,
    /// When it was recorded.
    pub recorded: String,
    /// File.
    pub file: String,
    /// Row.
    pub row: Option<u64>,
}

/// A station on the map.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StationPoint {
    /// Station.
    pub station: String,
    /// Name.
    pub name: Text,
    /// Longitude [°].
    pub lon: Option<f64>,
    /// Latitude [°].
    pub lat: Option<f64>,
    /// Datum of the position.
    pub datum: String,
    /// Index.
    pub aqi: Option<u16>,
    /// Level.
    pub level: Option<u8>,
    /// Colour of the level.
    pub color: Option<String>,
    /// Primary pollutants.
    pub primary: Option<Vec<String>>,
    /// Items by code.
    pub items: BTreeMap<String, ItemValue>,
}

/// Stations on a day or in an hour.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StationMap {
    /// Date.
    pub date: String,
    /// 1 to 24, or null for the day.
    pub hour: Option<u8>,
    /// Stations.
    pub stations: Vec<StationPoint>,
}

/// A series for a chart.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Series {
    /// Unit.
    pub unit: String,
    /// Name of the parameter.
    pub name: Text,
    /// Label and value.
    pub points: Vec<(String, Option<f64>)>,
    /// Limit to be drawn.
    pub limit: Option<Number>,
}

/// A wind rose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Wind {
    /// Stations it is made of.
    pub stations: Vec<String>,
    /// Share of calm hours, 0 to 1.
    pub calm_share: Option<f64>,
    /// Number of sectors.
    pub sectors: u8,
    /// Speed classes.
    pub bins: Vec<WindBin>,
    /// Hours by sector and speed class.
    pub counts: Vec<Vec<u32>>,
    /// Mean of a pollutant by sector.
    pub pollutant: Option<WindPollutant>,
    /// Hours with speed and direction.
    pub hours: u32,
}

/// A speed class [m/s].
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WindBin {
    /// As printed.
    pub label: String,
    /// From.
    pub from: f64,
    /// To, exclusive.
    pub to: Option<f64>,
}

/// Mean of a pollutant by wind sector.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WindPollutant {
    /// Parameter code.
    pub parameter: String,
    /// Mean by sector.
    pub mean: Vec<Option<f64>>,
}

/// The same year under two rule sets.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// First rule set.
    pub a: String,
    /// Second rule set.
    pub b: String,
    /// Figures.
    pub summary: CompareSummary,
    /// Days whose class differs.
    pub changed: Vec<ChangedDay>,
    /// Days of the year.
    pub days: u32,
}

/// Figures of both sides.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CompareSummary {
    /// First.
    pub a: CompareSide,
    /// Second.
    pub b: CompareSide,
}

/// Figures under one rule set.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CompareSide {
    /// Good days.
    pub good_days: u32,
    /// Days with an index.
    pub valid_days: u32,
    /// Share of good days [%].
    pub good_ratio: Option<Number>,
    /// Heavily polluted days.
    pub heavy_days: u32,
}

/// A day that changes class.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangedDay {
    /// Date.
    pub date: String,
    /// Under the first.
    pub a: ComparedDay,
    /// Under the second.
    pub b: ComparedDay,
}

/// A day under one rule set.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComparedDay {
    /// Index.
    pub aqi: Option<u16>,
    /// Level.
    pub level: Option<u8>,
    /// Primary pollutants.
    pub primary: Vec<String>,
}

/// A station in the ranking.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RankedStation {
    /// Station.
    pub station: String,
    /// Name.
    pub name: Text,
    /// Good days.
    pub good_days: u32,
    /// Days with an index.
    pub valid_days: u32,
    /// Share of good days [%].
    pub good_ratio: Option<Number>,
    /// One annual statistic of each item, in the order of the items.
    pub statistics: Vec<RankedValue>,
    /// Composite index.
    pub composite: Option<Number>,
    /// Place, from 1; equal index, equal place.
    pub rank: Option<u32>,
}

/// An annual statistic of a ranked station.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RankedValue {
    /// Item code.
    pub item: String,
    /// Indicator id.
    pub indicator: String,
    /// Title of the indicator.
    pub title: Text,
    /// As printed, with all its places.
    pub value: Option<String>,
    /// Unit.
    pub unit: String,
    /// Whether the station's year is complete enough.
    pub valid: bool,
}
