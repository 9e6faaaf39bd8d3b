//! The same days under two rule sets → what each counts, and the days that change class.

use crate::air::cost::primary;
use crate::air::value::class_days;
use crate::air::year::{AirYear, CityDay};
use crate::definition::DayClass;
use domain::{Day, Ratio};

/// Two judgements of one year side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// First rule set, or several joined by `+`.
    pub a: String,
    /// Second.
    pub b: String,
    /// What the first counts.
    pub summary_a: CompareSide,
    /// What the second counts.
    pub summary_b: CompareSide,
    /// Days whose level differs, or that only one of them judges.
    pub changed: Vec<ChangedDay>,
    /// Days that at least one of them judges.
    pub days: u32,
}

/// What one rule set counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CompareSide {
    /// Good days.
    pub good_days: u32,
    /// Days with an AQI.
    pub valid_days: u32,
    /// Good days per valid day [%], exact.
    pub good_ratio: Option<Ratio>,
    /// Days of heavy pollution.
    pub heavy_days: u32,
}

/// A day that changes class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedDay {
    /// The day.
    pub day: Day,
    /// Under the first rule set.
    pub a: ComparedDay,
    /// Under the second.
    pub b: ComparedDay,
}

/// A day under one rule set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComparedDay {
    /// AQI.
    pub aqi: Option<u16>,
    /// Level.
    pub level: Option<u8>,
    /// Item codes of its primary pollutants.
    pub primary: Vec<String>,
}

/// Compares two judgements of the same area and year, from all data (no exclusions).
pub fn compare(a: &AirYear, b: &AirYear) -> Comparison {
    let mut changed = Vec::new();
    let mut days = 0;
    for (own, other) in a.city.iter().zip(&b.city) {
        let (left, right) = (compared(a, own), compared(b, other));
        days += u32::from(left.aqi.is_some() || right.aqi.is_some());
        if left.level != right.level {
            changed.push(ChangedDay { day: own.day, a: left, b: right });
        }
    }
    Comparison { a: name(a), b: name(b), summary_a: side(a), summary_b: side(b), changed, days }
}

fn name(year: &AirYear) -> String {
    let ids: Vec<&str> = year.rules.sets().map(|set| set.id.as_str()).collect();
    ids.join("+")
}

fn side(year: &AirYear) -> CompareSide {
    let (good, judged) = class_days(year, &DayClass::Good, false);
    let (heavy, _) = class_days(year, &DayClass::Heavy, false);
    let ratio = (!judged.is_empty()).then(|| Ratio::new(good.len() as i128 * 100, judged.len() as i128));
    CompareSide {
        good_days: good.len() as u32,
        valid_days: judged.len() as u32,
        good_ratio: ratio,
        heavy_days: heavy.len() as u32,
    }
}

fn compared(year: &AirYear, day: &CityDay) -> ComparedDay {
    let rules = year.rules_of(day.day);
    ComparedDay {
        aqi: day.cell.aqi,
        level: day.cell.aqi.and_then(|aqi| rules.index.level(aqi)).map(|level| level.level),
        primary: primary(rules, &day.cell),
    }
}
