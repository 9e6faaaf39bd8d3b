//! Values after silence, and values that only repeat: the gap test and the stuck test, a point at a time.

use super::flag::QcFlag;
use super::series::MS;

/// Limits of the gap test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Silent for longer: suspect [s].
    pub suspect_s: Option<i64>,
    /// Silent for longer: fail [s].
    pub fail_s: Option<i64>,
}

/// When the last value came.
#[derive(Clone, Copy, Debug, Default)]
pub struct GapState {
    last_ms: Option<i64>,
}

impl Gap {
    /// Gap test: the time since the last value that is there.
    ///
    /// The first value is unknown; the batch and [`first`] then give it the flag of the second.
    /// Reference: QARTOD test 1 (gap); `ioos-qc` 3.0.0, `time_gap_test`, where a missing value is a time that is not
    /// there.
    pub fn at(&self, state: &mut GapState, ms: i64, value: f64) -> QcFlag {
        if !value.is_finite() {
            return QcFlag::Missing;
        }
        let Some(last) = state.last_ms.replace(ms) else { return QcFlag::Unknown };
        let limit = |own: Option<i64>| own.is_some_and(|limit_s| ms - last > limit_s * MS);
        if limit(self.fail_s) {
            QcFlag::Fail
        } else if limit(self.suspect_s) {
            QcFlag::Suspect
        } else {
            QcFlag::Good
        }
    }
}

/// The flag of the first point of a series by that of the second: the same, or unknown where the second is missing.
pub fn first(own: QcFlag, second: QcFlag) -> QcFlag {
    if own != QcFlag::Missing && second != QcFlag::Missing { second } else { own }
}

/// Limits of the stuck test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stuck {
    /// Smallest step the instrument shows [unit of the series].
    pub resolution: f64,
    /// So many equal readings in a row: suspect.
    pub suspect_count: u32,
    /// So many: fail.
    pub fail_count: u32,
    /// Readings up to this may repeat, such as a dry gauge or one at its detection limit.
    pub quiet_up_to: Option<f64>,
}

/// The run of equal readings so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct StuckState {
    reading: f64,
    count: u32,
}

impl Stuck {
    /// Stuck test: the length of the run of readings that are equal at the instrument's resolution.
    ///
    /// Two readings are equal when they differ by less than half of the resolution from the first of the run. A
    /// missing value neither ends nor lengthens a run.
    pub fn at(&self, state: &mut StuckState, value: f64) -> QcFlag {
        if !value.is_finite() {
            return QcFlag::Missing;
        }
        if self.quiet_up_to.is_some_and(|quiet| value <= quiet) {
            *state = StuckState::default();
            return QcFlag::Good;
        }
        let same = state.count > 0 && (value - state.reading).abs() < self.resolution / 2.0;
        *state = if same {
            StuckState { count: state.count.saturating_add(1), ..*state }
        } else {
            StuckState { reading: value, count: 1 }
        };
        match state.count {
            count if count >= self.fail_count => QcFlag::Fail,
            count if count >= self.suspect_count => QcFlag::Suspect,
            _ => QcFlag::Good,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use QcFlag::{Fail, Good, Missing, Suspect, Unknown};

    const NAN: f64 = f64::NAN;

    /// Hand calculation.
    #[test]
    fn a_gap_is_counted_from_the_last_value_there() {
        let gap = Gap { suspect_s: Some(3600), fail_s: Some(3 * 3600) };
        let mut state = GapState::default();
        let values = [1.0, 2.0, NAN, 3.0, NAN, NAN, NAN, 4.0];
        let got: Vec<QcFlag> = values
            .iter()
            .enumerate()
            .map(|(hour, value)| gap.at(&mut state, hour as i64 * 3_600_000, *value))
            .collect();
        assert_eq!(got, [Unknown, Good, Missing, Suspect, Missing, Missing, Missing, Fail]);
        assert_eq!(first(Unknown, Good), Good);
        assert_eq!(first(Unknown, Missing), Unknown);
    }

    /// Hand calculation: readings of 0.1 resolution, one missing in the run, zeros quiet.
    #[test]
    fn repeats_are_counted_at_the_resolution() {
        let stuck = Stuck { resolution: 0.1, suspect_count: 3, fail_count: 4, quiet_up_to: Some(0.0) };
        let mut state = StuckState::default();
        let values = [5.0, 5.04, NAN, 4.96, 5.0, 5.1, 0.0, 0.0, 0.0, 0.0, 5.1, 5.1, 5.1];
        let got: Vec<QcFlag> = values.iter().map(|value| stuck.at(&mut state, *value)).collect();
        assert_eq!(got, [Good, Good, Missing, Suspect, Fail, Good, Good, Good, Good, Good, Good, Good, Suspect]);
    }
}
