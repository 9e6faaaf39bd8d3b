//! The same year under two rule sets.

use crate::answers::Number;
use crate::answers::air::{ChangedDay, CompareSide, CompareSummary, ComparedDay, Comparison};
use crate::data::View;
use crate::jobs::judge::{AreaYear, judge};
use crate::trouble::Trouble;
use domain::{Area, Year};
use indicators::air;

/// Decimal places of a share of days [%].
const SHARE_PLACES: u32 = 1;

/// Figures of both, and the days whose class differs.
pub fn compare(view: &View, area: &Area, year: Year, a: &str, b: &str) -> Result<Comparison, Trouble> {
    let judged = |rules: &str| judge(view, &AreaYear { area: area.clone(), year, rules: rules.to_string() });
    let (one, two) = (judged(a)?, judged(b)?);
    let own = air::compare(&one.year, &two.year);
    Ok(Comparison {
        a: a.to_string(),
        b: b.to_string(),
        summary: CompareSummary { a: side(&own.summary_a), b: side(&own.summary_b) },
        changed: own
            .changed
            .into_iter()
            .map(|day| ChangedDay { date: day.day.to_string(), a: day_of(day.a), b: day_of(day.b) })
            .collect(),
        days: own.days,
    })
}

fn day_of(own: air::ComparedDay) -> ComparedDay {
    ComparedDay { aqi: own.aqi, level: own.level, primary: own.primary }
}

fn side(own: &air::CompareSide) -> CompareSide {
    CompareSide {
        good_days: own.good_days,
        valid_days: own.valid_days,
        good_ratio: own.good_ratio.map(|ratio| Number(ratio.round(SHARE_PLACES))),
        heavy_days: own.heavy_days,
    }
}
