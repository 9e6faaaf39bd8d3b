//! The same year under two rule sets.

use crate::answers::air::{ChangedDay, CompareSide, CompareSummary, ComparedDay, Comparison};
use crate::data::View;
use crate::jobs::judge::{AreaYear, judge};
use crate::trouble::Trouble;
use domain::{Area, Ratio, Year};
use indicators::air::cost::primary;
use indicators::air::{AirYear, CityDay};

/// Figures of both, and the days whose class differs.
pub fn compare(view: &View, area: &Area, year: Year, a: &str, b: &str) -> Result<Comparison, Trouble> {
    let judged = |rules: &str| judge(view, &AreaYear { area: area.clone(), year, rules: rules.to_string() });
    let (one, two) = (judged(a)?, judged(b)?);
    let days = one.year.city.iter().zip(&two.year.city);
    let changed = days
        .map(|(left, right)| ChangedDay {
            date: left.day.to_string(),
            a: compared(&one.year, left),
            b: compared(&two.year, right),
        })
        .filter(|day| day.a.level != day.b.level)
        .collect();
    Ok(Comparison {
        a: a.to_string(),
        b: b.to_string(),
        summary: CompareSummary { a: side(&one.year), b: side(&two.year) },
        changed,
        days: year.len(),
    })
}

fn compared(year: &AirYear, day: &CityDay) -> ComparedDay {
    let rules = year.rules_of(day.day);
    let level = day.cell.aqi.and_then(|aqi| rules.index.level(aqi)).map(|level| level.level);
    ComparedDay { aqi: day.cell.aqi, level, primary: primary(rules, &day.cell) }
}

fn side(year: &AirYear) -> CompareSide {
    let (mut good, mut heavy, mut valid) = (0_u32, 0_u32, 0_u32);
    for day in &year.city {
        let Some(level) = day.cell.aqi.and_then(|aqi| year.rules_of(day.day).index.level(aqi)) else { continue };
        valid += 1;
        good += u32::from(level.good);
        heavy += u32::from(level.heavy);
    }
    let share = (valid > 0).then(|| Ratio::new(i128::from(good) * 100, i128::from(valid)).round(1).into());
    CompareSide { good_days: good, valid_days: valid, good_ratio: share, heavy_days: heavy }
}
