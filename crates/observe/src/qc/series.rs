//! A series as the tests want it: times and numbers side by side, a missing value as NaN.
//!
//! Binary floats on purpose: no standard rounds here, and the results must be those of `ioos-qc`, which computes in
//! doubles. A value in millionths becomes the double nearest to its decimal, the one a reader of the file would get.

use domain::{Fixed, HourSeries, Instant};

const SCALE: f64 = 1e6;
/// Milliseconds of a second.
pub(super) const MS: i64 = 1000;
/// Seconds of an hour.
pub(super) const HOUR_S: i64 = domain::period::HOUR_MS / MS;

/// Times of a series, rising.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Times {
    /// One point every `step_ms`.
    Even {
        /// Time of the first point, ms since 1970-01-01T00:00Z.
        first_ms: i64,
        /// Milliseconds from one point to the next.
        step_ms: i64,
    },
    /// As they came.
    At {
        /// Time of each point, ms since 1970-01-01T00:00Z.
        ms: Vec<i64>,
        /// The usual step, whole seconds: tests that count points in a period use it.
        step_s: i64,
    },
}

/// A series to be tested.
#[derive(Clone, Debug, PartialEq)]
pub struct QcSeries {
    /// Time of each point.
    pub times: Times,
    /// Values in the canonical unit; what is not finite is missing.
    pub values: Vec<f64>,
}

/// A number in millionths as the nearest double; NaN for [`HourSeries::GAP`].
pub fn number_of(millionths: i64) -> f64 {
    // The product is exact up to 9e9 in the unit; the division rounds once, to the double nearest to the decimal.
    if millionths == HourSeries::GAP { f64::NAN } else { millionths as f64 / SCALE }
}

/// Columns of values in millionths as doubles, NaN for gaps.
pub fn numbers_of(millionths: &[i64]) -> Vec<f64> {
    millionths.iter().map(|value| number_of(*value)).collect()
}

impl Times {
    /// Times as they came, in which the usual step is the median one.
    ///
    /// Reference: `ioos-qc` 3.0.0, `flat_line_test`: median of the differences in whole seconds.
    pub fn at(ms: Vec<i64>) -> Times {
        let mut steps: Vec<i64> = ms.windows(2).map(|pair| pair[1] - pair[0]).collect();
        steps.sort_unstable();
        let half = steps.len() / 2;
        let step_s = match steps.len() {
            0 => 0,
            n if n % 2 == 1 => steps[half] / MS,
            _ => (steps[half - 1] + steps[half]) / (2 * MS),
        };
        Times::At { ms, step_s }
    }

    /// Time of a point, ms.
    pub fn ms(&self, index: usize) -> i64 {
        match self {
            Times::Even { first_ms, step_ms } => first_ms + step_ms * index as i64,
            Times::At { ms, .. } => ms[index],
        }
    }

    /// The usual step, whole seconds.
    pub fn step_s(&self) -> i64 {
        match self {
            Times::Even { step_ms, .. } => step_ms / MS,
            Times::At { step_s, .. } => *step_s,
        }
    }
}

impl QcSeries {
    /// From a dense run of hours; a point's time is the end of its hour.
    pub fn of_hours(series: &HourSeries) -> QcSeries {
        let times = Times::Even { first_ms: series.first.end().0, step_ms: domain::period::HOUR_MS };
        QcSeries { times, values: numbers_of(&series.values) }
    }

    /// From points in order of time; `None` is a missing value.
    pub fn of_points(points: &[(Instant, Option<Fixed>)]) -> QcSeries {
        let values = points.iter().map(|(_, value)| value.map_or(f64::NAN, |value| number_of(value.millionths())));
        QcSeries { times: Times::at(points.iter().map(|(time, _)| time.0).collect()), values: values.collect() }
    }

    /// How many points.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Hour;
    use proptest::prelude::*;

    #[test]
    fn hours_are_named_by_their_end() {
        let hours =
            HourSeries { station: "s".into(), parameter: "p".into(), first: Hour(1), values: vec![5, HourSeries::GAP] };
        let series = QcSeries::of_hours(&hours);
        assert_eq!(series.times.ms(1) - series.times.ms(0), 3_600_000);
        assert_eq!(series.times.step_s(), 3600);
        assert!(series.values[1].is_nan());
    }

    /// numpy: median of the differences of [0, 1000, 1500, 5000] ms is 1000 ms, of [0, 1000, 2500] 1250 ms.
    #[test]
    fn the_usual_step_is_the_median() {
        assert_eq!(Times::at(vec![0, 1000, 1500, 5000]).step_s(), 1);
        assert_eq!(Times::at(vec![0, 1000, 2500]).step_s(), 1);
        assert_eq!(Times::at(vec![0, 1000, 4000]).step_s(), 2);
        assert_eq!(Times::at(vec![7]).step_s(), 0);
    }

    proptest! {
        #[test]
        fn millionths_are_the_double_of_their_decimal(units in -1_000_000_000_000_i64..1_000_000_000_000) {
            let text = Fixed::from_millionths(units).to_string();
            prop_assert_eq!(number_of(units), text.parse::<f64>().expect("a decimal"));
        }
    }
}
