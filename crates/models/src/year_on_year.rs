//! Two years of day or month values → their means over only those slots of the calendar that both have.
//!
//! Called by `server` for comparisons with the year before (同比). A year with a gap in winter must not look cleaner
//! than one without: what only one of the two years has is left out on its side, and counted.

use crate::error::ModelError;
use domain::ratio::RatioSum;
use domain::{Day, Month, Ratio};
use std::collections::BTreeMap;

/// A place in the calendar, whatever the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalendarSlot {
    /// Month 1 to 12.
    Month(i8),
    /// Month 1 to 12 and day 1 to 31.
    Day(i8, i8),
}

/// One year of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// Mean over the common slots [unit of the values].
    pub mean: Ratio,
    /// Slots that have a value but no counterpart.
    pub dropped: usize,
    /// Slots given without a value.
    pub missing: usize,
}

/// Two years beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearOnYear {
    /// The earlier year.
    pub before: Side,
    /// The later year.
    pub after: Side,
    /// Slots that both have.
    pub n: usize,
    /// After − before [unit of the values].
    pub difference: Ratio,
    /// Difference over the mean before [%]; `None` where that mean is not above zero.
    pub percent: Option<Ratio>,
}

impl CalendarSlot {
    /// Of a day.
    pub fn of_day(day: Day) -> CalendarSlot {
        let (_, month, day) = day.ymd();
        CalendarSlot::Day(month, day)
    }

    /// Of a month.
    pub fn of_month(month: Month) -> CalendarSlot {
        CalendarSlot::Month(month.month_of_year())
    }
}

/// Two years compared over the slots that both have.
///
/// ```text
/// x̄ = Σ x / n over common slots;  Δ = x̄(after) − x̄(before);  % = 100 Δ / x̄(before)
/// ```
/// x: day or month values [any one unit], exact; nothing is rounded here. 29 February is common only to two leap years.
/// A slot given twice is refused: then more than one year stands on that side.
///
/// ```
/// use domain::Ratio;
/// use models::year_on_year::{CalendarSlot, year_on_year};
/// let month = |month, value| (CalendarSlot::Month(month), Some(Ratio::new(value, 1)));
/// let got = year_on_year(&[month(1, 90), month(2, 40), month(3, 50)], &[month(2, 30), month(3, 51)]).unwrap();
/// assert_eq!((got.n, got.before.dropped, got.after.dropped), (2, 1, 0));
/// assert_eq!(got.difference, Ratio::new(-9, 2), "45 before, 40.5 after: January is not counted against the year before");
/// assert_eq!(got.percent, Some(Ratio::new(-10, 1)));
/// ```
pub fn year_on_year(
    before: &[(CalendarSlot, Option<Ratio>)],
    after: &[(CalendarSlot, Option<Ratio>)],
) -> Result<YearOnYear, ModelError> {
    let (old, new) = (by_slot(before)?, by_slot(after)?);
    let (mut old_sum, mut new_sum) = (RatioSum::default(), RatioSum::default());
    for (slot, value) in &old {
        if let Some(other) = new.get(slot) {
            old_sum.add(*value);
            new_sum.add(*other);
        }
    }
    let n = old_sum.count() as usize;
    let need = ModelError::TooFew { have: n, need: 1 };
    let (old_mean, new_mean) = old_sum.mean().zip(new_sum.mean()).ok_or(need)?;
    let difference = new_mean.minus(old_mean);
    let side = |mean, values: &BTreeMap<_, _>, given: usize| Side {
        mean,
        dropped: values.len() - n,
        missing: given - values.len(),
    };
    Ok(YearOnYear {
        before: side(old_mean, &old, before.len()),
        after: side(new_mean, &new, after.len()),
        n,
        difference,
        percent: percent(difference, old_mean),
    })
}

/// The values that are there, each slot once.
fn by_slot(values: &[(CalendarSlot, Option<Ratio>)]) -> Result<BTreeMap<CalendarSlot, Ratio>, ModelError> {
    let mut seen = BTreeMap::new();
    for (slot, value) in values {
        if seen.insert(*slot, *value).is_some() {
            return Err(ModelError::Columns(format!("{slot} × 2")));
        }
    }
    Ok(seen.into_iter().filter_map(|(slot, value)| Some((slot, value?))).collect())
}

/// 100 · part / whole, exact where it fits into 128 bits and else to 10⁻¹².
fn percent(part: Ratio, whole: Ratio) -> Option<Ratio> {
    let (part, whole) = (part.reduced(), whole.reduced());
    if whole.num() <= 0 {
        return None;
    }
    let exact = || {
        let num = part.num().checked_mul(whole.den())?.checked_mul(100)?;
        Some(Ratio::new(num, part.den().checked_mul(whole.num())?).reduced())
    };
    const FINE: f64 = 1e12;
    let close = || Ratio::new((100.0 * part.to_f64() / whole.to_f64() * FINE).round() as i128, FINE as i128);
    Some(exact().unwrap_or_else(close))
}

impl std::fmt::Display for CalendarSlot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CalendarSlot::Month(month) => write!(f, "{month:02}"),
            CalendarSlot::Day(month, day) => write!(f, "{month:02}-{day:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Year;
    use proptest::prelude::*;

    fn year(year: i16, value: impl Fn(usize) -> Option<i128>) -> Vec<(CalendarSlot, Option<Ratio>)> {
        let days = Year(year).days().enumerate();
        days.map(|(at, day)| (CalendarSlot::of_day(day), value(at).map(|value| Ratio::new(value, 1)))).collect()
    }

    /// By hand: 2020 has 29 February, 2021 lacks its first ten days.
    #[test]
    fn a_leap_day_and_a_gap_are_left_out_on_their_side() {
        let before = year(2020, |at| Some(if at < 10 { 1000 } else { 20 }));
        let after = year(2021, |at| (at >= 10).then_some(15));
        let got = year_on_year(&before, &after).expect("355 common days");
        assert_eq!((got.n, got.before.dropped, got.after.dropped), (355, 11, 0));
        assert_eq!((got.before.missing, got.after.missing), (0, 10));
        assert_eq!(got.percent, Some(Ratio::new(-25, 1)));
    }

    #[test]
    fn nothing_in_common_or_two_years_on_one_side_is_refused() {
        let none = year_on_year(&year(2020, |_| None), &year(2021, |_| Some(1)));
        assert_eq!(none, Err(ModelError::TooFew { have: 0, need: 1 }));
        let twice = [year(2020, |_| Some(1)), year(2021, |_| Some(1))].concat();
        assert_eq!(year_on_year(&twice, &twice), Err(ModelError::Columns("01-01 × 2".to_string())));
    }

    #[test]
    fn a_mean_that_is_not_above_zero_has_no_percentage() {
        let got = year_on_year(&year(2021, |_| Some(-2)), &year(2022, |_| Some(1))).expect("common days");
        assert_eq!((got.difference, got.percent), (Ratio::new(3, 1), None));
    }

    proptest! {
        /// Exchanging the years turns the difference round; means of many denominators never panic.
        #[test]
        fn the_other_way_round(
            values in proptest::collection::vec([1_i128..1_000_000_000, 1_i128..400, 1_i128..1_000_000_000, 1_i128..400], 1..300),
        ) {
            let days: Vec<_> = Year(2020).days().map(CalendarSlot::of_day).collect();
            let side = |num: usize, den: usize| -> Vec<_> {
                days.iter().zip(&values).map(|(slot, v)| (*slot, Some(Ratio::new(v[num], v[den] * 1_000_000)))).collect()
            };
            let (before, after) = (side(0, 1), side(2, 3));
            let there = year_on_year(&before, &after).expect("common days");
            let back = year_on_year(&after, &before).expect("common days");
            prop_assert!((there.difference.to_f64() + back.difference.to_f64()).abs() < 1e-9);
            let ratio = 1.0 + there.percent.expect("positive").to_f64() / 100.0;
            let other = 1.0 + back.percent.expect("positive").to_f64() / 100.0;
            prop_assert!((ratio * other - 1.0).abs() < 1e-6, "{ratio} {other}");
        }
    }
}
