//! What polluted days cost the good-days ratio: which days, which pollutants, which station-days.

use crate::air::value::class_days;
use crate::air::year::AirYear;
use crate::definition::DayClass;
use domain::Day;
use standards::{AqiCell, Period, RuleSet};

/// The polluted days of a year and where they came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Costs {
    /// Polluted city days with their AQI and primary pollutants (item codes).
    pub days: Vec<(Day, u16, Vec<String>)>,
    /// Polluted city days by primary pollutant, most first.
    pub by_pollutant: Vec<(String, u32)>,
    /// Stations by polluted station-days, most first.
    pub by_station: Vec<StationCost>,
}

/// Polluted days of one station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationCost {
    /// Station code.
    pub station: String,
    /// Its polluted days.
    pub station_days: u32,
    /// The same by primary pollutant, most first.
    pub by_pollutant: Vec<(String, u32)>,
}

/// Counts what the polluted days of a year are made of.
pub fn costs(year: &AirYear) -> Costs {
    let (polluted, _) = class_days(year, &DayClass::Polluted, false);
    let mut costs = Costs::default();
    let first = year.year.first_day();
    for day in polluted {
        let cell = year.city[(day.0 - first.0) as usize].cell;
        let primary = primary(year.rules_of(day), &cell);
        count(&mut costs.by_pollutant, &primary);
        costs.days.push((day, cell.aqi.unwrap_or(0), primary));
    }
    for station in &year.stations {
        let mut own = StationCost { station: station.station.clone(), station_days: 0, by_pollutant: Vec::new() };
        for (index, day) in station.days.iter().enumerate() {
            let rules = year.rules_of(Day(first.0 + index as i32));
            let polluted = day.cell.aqi.and_then(|aqi| rules.index.level(aqi)).is_some_and(|level| !level.good);
            if polluted {
                own.station_days += 1;
                count(&mut own.by_pollutant, &primary(rules, &day.cell));
            }
        }
        most_first(&mut own.by_pollutant);
        costs.by_station.push(own);
    }
    most_first(&mut costs.by_pollutant);
    costs.by_station.sort_by(|a, b| b.station_days.cmp(&a.station_days).then_with(|| a.station.cmp(&b.station)));
    costs
}

/// Item codes of the primary pollutants of a cell.
pub fn primary(rules: &RuleSet, cell: &AqiCell) -> Vec<String> {
    let items = rules.index.items(Period::Day).iter().enumerate();
    items.filter(|(index, _)| cell.primary & (1 << index) != 0).map(|(_, item)| item.item.clone()).collect()
}

fn count(counts: &mut Vec<(String, u32)>, names: &[String]) {
    for name in names {
        match counts.iter_mut().find(|(own, _)| own == name) {
            Some((_, n)) => *n += 1,
            None => counts.push((name.clone(), 1)),
        }
    }
}

fn most_first(counts: &mut [(String, u32)]) {
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
}
