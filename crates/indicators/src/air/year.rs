//! Hourly series of an area's stations → its year of judged days, for stations and for the city.
//!
//! Called by the jobs of `server`; [`crate::air::value`] makes indicators of it. The rule set is picked
//! by the date of each day, or asked for; annual statistics follow the rule set of the year's last day.

use crate::air::rules::{DayRules, RulesChoice, YearRules};
use domain::{Day, Exclusion, HourSeries, Ratio, RatioSum, Year};
use observe::{DayValue, day_value};
use standards::{AqiCell, Catalog, EvaluationItem, RuleSet};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A judged year of one area.
#[derive(Clone, Debug)]
pub struct AirYear {
    /// The year.
    pub year: Year,
    /// Rules by day and for the annual statistics.
    pub rules: Arc<YearRules>,
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
    air_year_under(&Arc::new(YearRules::new(catalog, choice, year)), series, exclusions)
}

/// Judges a year under rules resolved before: for many areas in a row, which then share them.
pub fn air_year_under(rules: &Arc<YearRules>, series: &[HourSeries], exclusions: &[Exclusion]) -> AirYear {
    let year = rules.year();
    let stations = stations(rules, year, series);
    let touching = |exclusion: &&Exclusion| exclusion.from <= year.last_day() && exclusion.to >= year.first_day();
    let exclusions: Vec<Exclusion> = exclusions.iter().filter(touching).cloned().collect();
    let day = |(index, day)| city_day(rules, day, index, &stations, &exclusions);
    let city = year.days().enumerate().map(day).collect();
    AirYear { year, rules: Arc::clone(rules), city, stations, exclusions }
}

impl AirYear {
    /// The year of one of its stations, as if it were an area of its own: what station statistics and the
    /// ranking are made of.
    pub fn of_station(&self, position: usize) -> Option<AirYear> {
        let station = self.stations.get(position)?;
        let day = |(city, own): (&CityDay, &StationDay)| {
            let item = |value: &DayValue| CityItem { value: value.value(), stations: u16::from(value.valid) };
            let items: Vec<CityItem> = own.items.iter().map(item).collect();
            let assessed = assessed(self.rules.of(city.day), &items, own.cell, city.excluded);
            CityDay { day: city.day, items, cell: own.cell, assessed, excluded: city.excluded }
        };
        Some(AirYear {
            year: self.year,
            rules: Arc::clone(&self.rules),
            city: self.city.iter().zip(&station.days).map(day).collect(),
            stations: Vec::new(),
            exclusions: self.exclusions.clone(),
        })
    }

    /// Whether any day or item of the year is excluded from assessment.
    pub fn has_excluded(&self) -> bool {
        self.city.iter().any(|day| day.excluded != 0)
    }
}

fn stations(rules: &YearRules, year: Year, series: &[HourSeries]) -> Vec<StationYear> {
    let items = &rules.annual.evaluation.items;
    let mut by_station: BTreeMap<&str, Vec<Option<&HourSeries>>> = BTreeMap::new();
    for own in series {
        let slots = by_station.entry(&own.station).or_insert_with(|| vec![None; items.len()]);
        for (slot, item) in slots.iter_mut().zip(items) {
            if item.parameter == own.parameter {
                *slot = Some(slot.unwrap_or(own));
            }
        }
    }
    let station = |(code, by_item): (&str, Vec<Option<&HourSeries>>)| StationYear {
        station: code.to_string(),
        days: year.days().map(|day| station_day(rules.of(day), day, &by_item)).collect(),
    };
    by_station.into_iter().map(station).collect()
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
    let assessed = assessed(today, &items, cell, excluded);
    CityDay { day, items, cell, assessed, excluded }
}

/// The AQI without the excluded items.
fn assessed(rules: &DayRules, items: &[CityItem], cell: AqiCell, excluded: u16) -> AqiCell {
    match excluded {
        0 => cell,
        mask => rules.judge(|item| items[item].value.filter(|_| mask & (1 << item) == 0)),
    }
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
    let enough = sum.count() >= rules.set.evaluation.stations_needed(stations.len() as u32);
    CityItem { value: sum.mean().filter(|_| enough), stations: sum.count() as u16 }
}
