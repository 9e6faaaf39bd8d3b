//! Hourly series of an area's stations → its year of judged days, for stations and for the city.
//!
//! Called by the jobs of `server`; [`crate::air::value`] makes indicators of it. The rule set is picked
//! by the date of each day, or asked for; annual statistics follow the rule set of the year's last day.

use crate::air::rules::{DayRules, RulesChoice, YearRules};
use domain::{Day, Exclusion, HourSeries, Ratio, RatioSum, Year};
use observe::{DayValue, day_value};
use standards::{AqiCell, Catalog, EvaluationItem, RuleSet};

/// A judged year of one area.
#[derive(Clone, Debug)]
pub struct AirYear {
    /// The year.
    pub year: Year,
    /// Rules by day and for the annual statistics.
    pub rules: YearRules,
    /// The city, one entry a day from 1 January to 31 December.
    pub city: Vec<CityDay>,
    /// Its stations, in order of their code.
    pub stations: Vec<StationYear>,
    /// Exceptional periods that touch the year.
    pub exclusions: Vec<Exclusion>,
}

/// One day of a city.
#[derive(Clone, Debug)]
pub struct CityDay {
    /// The day.
    pub day: Day,
    /// One value an item, in the order of [`AirYear::items`].
    pub items: Vec<CityItem>,
    /// AQI from all data, as published.
    pub cell: AqiCell,
    /// AQI for assessment, without excluded items; equal to `cell` where nothing is excluded.
    pub assessed: AqiCell,
    /// Bit `i` is set when item `i` is excluded on this day.
    pub excluded: u16,
}

/// A city's value of one item on one day.
#[derive(Clone, Copy, Debug)]
pub struct CityItem {
    /// Mean of the stations' valid day values.
    pub value: Option<Ratio>,
    /// Stations with a valid day value.
    pub stations: u16,
}

/// A station's year.
#[derive(Clone, Debug)]
pub struct StationYear {
    /// Station code.
    pub station: String,
    /// One entry a day.
    pub days: Vec<StationDay>,
}

/// One day of a station.
#[derive(Clone, Debug)]
pub struct StationDay {
    /// One value an item, in the order of [`AirYear::items`].
    pub items: Vec<DayValue>,
    /// AQI of the station.
    pub cell: AqiCell,
}

impl AirYear {
    /// Items of the daily evaluation, in the order of every `items` vector.
    pub fn items(&self) -> &[EvaluationItem] {
        &self.rules.annual.evaluation.items
    }

    /// Position of an item by its code.
    pub fn item(&self, code: &str) -> Option<usize> {
        self.items().iter().position(|item| item.item == code)
    }

    /// The rule set of a day of the year.
    pub fn rules_of(&self, day: Day) -> &RuleSet {
        &self.rules.of(day).set
    }
}

/// Judges a year.
///
/// `series` are the hourly series of the area's stations, any order, one per station and parameter.
pub fn air_year(
    catalog: &Catalog,
    choice: &RulesChoice,
    year: Year,
    series: &[HourSeries],
    exclusions: &[Exclusion],
) -> AirYear {
    let rules = YearRules::new(catalog, choice, year);
    let stations = stations(&rules, year, series);
    let exclusions: Vec<Exclusion> = exclusions
        .iter()
        .filter(|exclusion| exclusion.from <= year.last_day() && exclusion.to >= year.first_day())
        .cloned()
        .collect();
    let city = year
        .days()
        .enumerate()
        .map(|(index, day)| city_day(&rules, day, index, &stations, &exclusions))
        .collect();
    AirYear { year, rules, city, stations, exclusions }
}

fn stations(rules: &YearRules, year: Year, series: &[HourSeries]) -> Vec<StationYear> {
    let mut codes: Vec<&str> = series.iter().map(|series| series.station.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
        .into_iter()
        .map(|code| {
            let own: Vec<&HourSeries> = series.iter().filter(|series| series.station == code).collect();
            let by_item: Vec<Option<&HourSeries>> = rules
                .annual
                .evaluation
                .items
                .iter()
                .map(|item| own.iter().find(|series| series.parameter == item.parameter).copied())
                .collect();
            let days = year.days().map(|day| station_day(rules.of(day), day, &by_item)).collect();
            StationYear { station: code.to_string(), days }
        })
        .collect()
}

fn station_day(rules: &DayRules, day: Day, by_item: &[Option<&HourSeries>]) -> StationDay {
    let items: Vec<DayValue> = by_item
        .iter()
        .zip(&rules.day_rules)
        .map(|(series, rule)| match (series, rule) {
            (Some(series), Some(rule)) => day_value(series, day, rule),
            _ => DayValue::NONE,
        })
        .collect();
    let cell = rules.judge(|item| items[item].value());
    StationDay { items, cell }
}

fn city_day(rules: &YearRules, day: Day, index: usize, stations: &[StationYear], exclusions: &[Exclusion]) -> CityDay {
    let today = rules.of(day);
    let items: Vec<CityItem> =
        (0..rules.annual.evaluation.items.len()).map(|item| city_item(today, index, item, stations)).collect();
    let cell = today.judge(|item| items[item].value);
    let mut excluded = 0_u16;
    for (position, item) in rules.annual.evaluation.items.iter().enumerate() {
        if exclusions.iter().any(|exclusion| exclusion.covers(&item.parameter, day)) {
            excluded |= 1 << position;
        }
    }
    let assessed = match excluded {
        0 => cell,
        mask => today.judge(|item| items[item].value.filter(|_| mask & (1 << item) == 0)),
    };
    CityDay { day, items, cell, assessed, excluded }
}

/// Mean of the stations' valid day values, if enough stations have one.
///
/// Reference: HJ 663-2013, city evaluation: concentrations are averaged over stations before anything is
/// indexed; never the mean of station indices.
fn city_item(rules: &DayRules, index: usize, item: usize, stations: &[StationYear]) -> CityItem {
    let mut sum = RatioSum::default();
    for station in stations {
        if let Some(value) = station.days[index].items[item].value() {
            sum.add(value);
        }
    }
    let count = sum.count();
    let enough = u64::from(count) * 100 >= stations.len() as u64 * u64::from(rules.min_station_percent);
    CityItem { value: sum.mean().filter(|_| enough), stations: count as u16 }
}
