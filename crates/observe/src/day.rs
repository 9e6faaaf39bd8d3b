//! A station's hours of one day → its day value, exact, with the number of hours it was made of.

use domain::{Day, Fixed, Hour, HourSeries, Ratio};

const HOURS: usize = 24;
const GAP: i64 = HourSeries::GAP;

/// How the hours of a natural day (labels 01:00 to 24:00) become one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayRule {
    /// Arithmetic mean, valid with at least `min_hours` hourly values.
    Mean {
        /// Hours needed.
        min_hours: u8,
    },
    /// The largest running mean over `window_hours`, all of whose hours lie in the day.
    ///
    /// A window counts with at least `min_hours` values; the day is valid with at least `min_windows`
    /// windows, or with fewer when the largest exceeds `exceed_above`.
    MaxRunning {
        /// Length of the window.
        window_hours: u8,
        /// Hours needed in a window.
        min_hours: u8,
        /// Windows needed in a day.
        min_windows: u8,
        /// A largest mean above this makes the day valid all the same.
        exceed_above: Option<Fixed>,
    },
    /// The largest hourly value, valid with at least `min_hours` values.
    MaxHour {
        /// Hours needed.
        min_hours: u8,
    },
}

/// A day's value and how complete it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayValue {
    /// The value if anything could be computed, valid or not.
    pub computed: Option<Ratio>,
    /// Whether it is complete enough to be used.
    pub valid: bool,
    /// Hourly values (or valid windows) it was made of.
    pub n: u8,
    /// How many there could be.
    pub of: u8,
}

impl DayValue {
    /// A day with nothing.
    pub const NONE: DayValue = DayValue { computed: None, valid: false, n: 0, of: HOURS as u8 };

    /// The value if it may be used.
    pub fn value(&self) -> Option<Ratio> {
        self.computed.filter(|_| self.valid)
    }
}

/// One day of a series.
///
/// ```text
/// mean:         x̄ = Σ xᵢ / n                         over the n hourly values of the day [unit of the series]
/// max running:  max over k = w … 24 of  Σ x(k−w+1 … k) / n(k)
/// ```
/// Reference: GB 3095 (definitions of 日平均 and 8小时平均; table 4), HJ 663-2013 annex A for the rule; the thresholds are `rule`'s.
///
/// ```
/// use domain::{Day, Hour, HourSeries};
/// use observe::{DayRule, day_value};
/// let day: Day = "2020-01-01".parse().unwrap();
/// let mut values = vec![10_000_000; 24];
/// values[..5].fill(HourSeries::GAP);
/// let series = HourSeries { station: "s".into(), parameter: "p".into(), first: Hour::of(day, 1), values };
/// let got = day_value(&series, day, &DayRule::Mean { min_hours: 20 });
/// assert_eq!((got.n, got.valid), (19, false));
/// assert_eq!(got.computed.unwrap().round(0).to_string(), "10");
/// ```
pub fn day_value(series: &HourSeries, day: Day, rule: &DayRule) -> DayValue {
    let mut hours = [GAP; HOURS];
    let offset = i64::from(Hour::of(day, 1).0) - i64::from(series.first.0);
    for (index, slot) in hours.iter_mut().enumerate() {
        let position = offset + index as i64;
        if let Some(value) = usize::try_from(position).ok().and_then(|position| series.values.get(position)) {
            *slot = *value;
        }
    }
    of_hours(&hours, rule)
}

/// Every day from `first` to `last`, in order.
pub fn day_values(series: &HourSeries, first: Day, last: Day, rule: &DayRule) -> Vec<DayValue> {
    (first.0..=last.0).map(|day| day_value(series, Day(day), rule)).collect()
}

fn of_hours(hours: &[i64; HOURS], rule: &DayRule) -> DayValue {
    match *rule {
        DayRule::Mean { min_hours } => mean(hours, min_hours),
        DayRule::MaxHour { min_hours } => max_hour(hours, min_hours),
        DayRule::MaxRunning { window_hours, min_hours, min_windows, exceed_above } => {
            max_running(hours, usize::from(window_hours), min_hours, min_windows, exceed_above)
        }
    }
}

fn mean(hours: &[i64; HOURS], min_hours: u8) -> DayValue {
    let mut sum = 0_i128;
    let mut n = 0_u8;
    for &value in hours {
        if value != GAP {
            sum += i128::from(value);
            n += 1;
        }
    }
    DayValue { computed: Ratio::mean(sum, u32::from(n)), valid: n > 0 && n >= min_hours, n, of: HOURS as u8 }
}

fn max_hour(hours: &[i64; HOURS], min_hours: u8) -> DayValue {
    let present = hours.iter().filter(|value| **value != GAP);
    let n = present.clone().count() as u8;
    let computed = present.max().and_then(|value| Ratio::mean(i128::from(*value), 1));
    DayValue { computed, valid: n > 0 && n >= min_hours, n, of: HOURS as u8 }
}

fn max_running(
    hours: &[i64; HOURS],
    window: usize,
    min_hours: u8,
    min_windows: u8,
    exceed_above: Option<Fixed>,
) -> DayValue {
    let window = window.clamp(1, HOURS);
    let mut sums = [(0_i128, 0_i128); HOURS + 1];
    for (index, &value) in hours.iter().enumerate() {
        let (sum, n) = sums[index];
        sums[index + 1] = if value == GAP { (sum, n) } else { (sum + i128::from(value), n + 1) };
    }
    let mut largest: Option<(i128, i128)> = None;
    let mut windows = 0_u8;
    for end in window..=HOURS {
        let (sum, n) = (sums[end].0 - sums[end - window].0, sums[end].1 - sums[end - window].1);
        if n == 0 || n < i128::from(min_hours) {
            continue;
        }
        windows += 1;
        if largest.is_none_or(|(top, count)| sum * count > top * n) {
            largest = Some((sum, n));
        }
    }
    let computed = largest.and_then(|(sum, n)| Ratio::mean(sum, n as u32));
    let exceeds = match (computed, exceed_above) {
        (Some(value), Some(limit)) => value > Ratio::from(limit),
        _ => false,
    };
    let valid = computed.is_some() && (windows >= min_windows || exceeds);
    DayValue { computed, valid, n: windows, of: (HOURS - window + 1) as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EIGHT_HOURS: DayRule =
        DayRule::MaxRunning { window_hours: 8, min_hours: 6, min_windows: 14, exceed_above: None };

    fn series(hours: &[Option<i64>]) -> (HourSeries, Day) {
        let day: Day = "2021-06-01".parse().expect("a day");
        let values = hours.iter().map(|value| value.map_or(GAP, |value| value * 1_000_000)).collect();
        (HourSeries { station: "a".into(), parameter: "x".into(), first: Hour::of(day, 1), values }, day)
    }

    /// Hand: hours 1..24 hold 1..24; the last window (17..24) has mean 20.5.
    #[test]
    fn the_running_maximum_stays_inside_the_day() {
        let hours: Vec<_> = (1..=24).map(Some).collect();
        let (series, day) = series(&hours);
        let got = day_value(&series, day, &EIGHT_HOURS);
        assert_eq!((got.n, got.of, got.valid), (17, 17, true));
        assert_eq!(got.value().expect("valid").round(1).to_string(), "20.5");
    }

    /// Hand: the six hours 3..8 and 9..: dropping hours 1 and 2 leaves the first window with 6 values.
    #[test]
    fn a_window_needs_its_hours() {
        let mut hours = vec![Some(10); 24];
        hours[0] = None;
        hours[1] = None;
        hours[2] = None;
        let (series, day) = series(&hours);
        assert_eq!(day_value(&series, day, &EIGHT_HOURS).n, 16, "the window of hours 1 to 8 has five values only");
    }

    /// GB 3095 and HJ 663: fewer than 14 windows count only when the largest exceeds the limit.
    #[test]
    fn an_exceedance_saves_an_incomplete_day() {
        let mut hours = vec![None; 24];
        hours[8..16].fill(Some(170));
        let (series, day) = series(&hours);
        let limit = |text: &str| DayRule::MaxRunning {
            window_hours: 8,
            min_hours: 6,
            min_windows: 14,
            exceed_above: Some(text.parse().expect("a limit")),
        };
        let got = day_value(&series, day, &limit("160"));
        assert_eq!((got.n, got.valid), (5, true));
        assert!(!day_value(&series, day, &limit("170")).valid, "equal is not above");
        assert!(day_value(&series, day, &limit("170")).computed.is_some(), "still shown");
    }

    #[test]
    fn a_day_outside_the_series_is_empty() {
        let (series, day) = series(&[Some(1); 24]);
        assert_eq!(day_value(&series, Day(day.0 + 1), &DayRule::Mean { min_hours: 20 }), DayValue::NONE);
        assert_eq!(day_value(&series, Day(day.0 - 9000), &DayRule::Mean { min_hours: 0 }), DayValue::NONE);
    }

    proptest! {
        #[test]
        fn the_mean_lies_between_the_extremes(hours in proptest::collection::vec(proptest::option::of(0_i64..1000), 24)) {
            let (series, day) = series(&hours);
            let present: Vec<i64> = hours.iter().flatten().copied().collect();
            let got = day_value(&series, day, &DayRule::Mean { min_hours: 20 });
            prop_assert_eq!(usize::from(got.n), present.len());
            prop_assert_eq!(got.valid, present.len() >= 20);
            if let (Some(mean), Some(low), Some(high)) = (got.computed, present.iter().min(), present.iter().max()) {
                prop_assert!(mean >= Ratio::new(i128::from(*low), 1) && mean <= Ratio::new(i128::from(*high), 1));
            }
        }

        #[test]
        fn the_running_maximum_equals_the_plain_definition(hours in proptest::collection::vec(proptest::option::of(0_i64..1000), 24)) {
            let (series, day) = series(&hours);
            let mut best: Option<Ratio> = None;
            for end in 8..=24_usize {
                let part: Vec<i64> = hours[end - 8..end].iter().flatten().copied().collect();
                if part.len() >= 6 {
                    let mean = Ratio::new(i128::from(part.iter().sum::<i64>()), part.len() as i128);
                    best = Some(best.map_or(mean, |top| top.max(mean)));
                }
            }
            prop_assert_eq!(day_value(&series, day, &EIGHT_HOURS).computed, best);
        }
    }
}
