//! Sound levels of hours → those of day times and nights.

use crate::media::combine::combine;
use crate::media::sampled::{Sampled, Usage};
use crate::media::words;
use domain::{Day, Hour, Instant, Month, Text};
use standards::media::{DayHours, Reading};
use standards::monitoring::{DayNightOf, Monitoring};
use std::collections::BTreeMap;

/// Hours of a day.
const HOURS: u8 = 24;

/// Levels of hours, by the day or night they belong to.
#[derive(Debug, Default)]
pub(super) struct Levels {
    day: BTreeMap<Day, Vec<(usize, Reading)>>,
    night: BTreeMap<Day, Vec<(usize, Reading)>>,
}

/// The day times, or the nights, of a month.
#[derive(Debug)]
pub(super) struct PeriodLevels {
    pub parameter: String,
    pub days: BTreeMap<Day, Reading>,
}

impl PeriodLevels {
    pub fn readings(&self) -> Vec<Reading> {
        self.days.values().copied().collect()
    }
}

impl Levels {
    /// Adds the level of an hour, if its day time or night belongs to the month; whether it does. A night belongs to
    /// the day on whose evening it begins.
    pub fn add(&mut self, place: usize, row: &Sampled, hours: DayHours, at: Month, usage: &mut Usage) -> bool {
        let Some(hour) = Hour::ending_at(Instant(row.time.0)) else {
            usage.why = Some(Text::new("不是整点小时值", "not the value of a whole hour"));
            return false;
        };
        let begins = hour.hour_of_day() - 1;
        let is_day = (hours.day_from..hours.night_from).contains(&begins);
        let own = if begins < hours.day_from { Day(hour.day().0 - 1) } else { hour.day() };
        if own.month() != at {
            usage.why = Some(Text::new("不属于本月", "of another month"));
            return false;
        }
        match row.reading() {
            Ok(reading) => {
                let list = if is_day { &mut self.day } else { &mut self.night };
                list.entry(own).or_default().push((place, reading));
            }
            Err(why) => usage.why = Some(why),
        }
        true
    }

    /// The levels of the days and nights that have enough hours.
    pub fn periods(
        self,
        rules: &Monitoring,
        own: &DayNightOf,
        hours: DayHours,
        usage: &mut [Usage],
    ) -> Vec<PeriodLevels> {
        let light = hours.night_from.saturating_sub(hours.day_from);
        let parts = [(&own.day, self.day, light), (&own.night, self.night, HOURS.saturating_sub(light))];
        let way = rules.mean_way(&own.hour);
        let mut found = Vec::new();
        for (parameter, groups, full) in parts {
            let mut days = BTreeMap::new();
            for (day, cells) in groups {
                let n = cells.len() as u32;
                let valid = rules.day_is_valid(n, u32::from(full));
                let list: Vec<Reading> = cells.iter().map(|(_, reading)| *reading).collect();
                if valid {
                    days.extend(combine(way, &list).map(|reading| (day, reading)));
                }
                for (place, _) in cells {
                    let why = (!valid).then(|| words::few_values(n, u32::from(full)));
                    usage[place] = Usage { used: valid, why };
                }
            }
            if !days.is_empty() {
                found.push(PeriodLevels { parameter: parameter.clone(), days });
            }
        }
        found
    }
}
