//! A series that slowly leaves its reference: the drift test, a point at a time.

use super::beside::{Beside, median};
use super::flag::QcFlag;
use super::series::MS;
use std::collections::VecDeque;

/// What a series is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The median of the neighbours at each point.
    Neighbours,
    /// Nothing: the series' own trend, which may be real; leave `fail` empty then.
    Own,
}

/// Limits of the drift test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drift {
    /// What it is compared with.
    pub reference: Reference,
    /// Length of a block, whose median counts once [s].
    pub block_s: i64,
    /// Differences needed in a block.
    pub least: usize,
    /// Blocks of the window; at least two thirds of them must be there.
    pub blocks: usize,
    /// A shift over the window above this: suspect [unit of the series].
    pub suspect: f64,
    /// As `suspect`, for fail.
    pub fail: Option<f64>,
}

/// What the test remembers.
#[derive(Clone, Debug, Default)]
pub struct DriftState {
    block: Option<i64>,
    differences: Vec<f64>,
    medians: VecDeque<(i64, f64)>,
    said: Option<QcFlag>,
    work: Vec<f64>,
}

impl Drift {
    /// Drift test: the robust trend of the difference from the reference over the last whole blocks.
    ///
    /// ```text
    /// dⱼ = median over block j of (xᵢ − rᵢ),   slope = median over j < k of (dₖ − dⱼ)/(k − j)   [unit per block]
    /// shift = |slope| · blocks
    /// ```
    /// All points of a block get the flag of the blocks before it, so that a point's flag never waits for later ones.
    /// Blocks begin at midnight UTC+8. Unknown with fewer than two thirds of the blocks.
    /// Reference: Theil (1950), Sen (1968) for the slope; no standard gives the limits.
    pub fn at(&self, state: &mut DriftState, (ms, value): (i64, f64), beside: &Beside<'_>) -> QcFlag {
        let block = (ms + domain::period::UTC_OFFSET_MS).div_euclid((self.block_s * MS).max(1));
        if state.block != Some(block) {
            self.close(state);
            state.block = Some(block);
            state.medians.retain(|(own, _)| *own >= block - self.blocks as i64);
            state.said = self.judge(state);
        }
        if !value.is_finite() {
            return QcFlag::Missing;
        }
        let reference = match self.reference {
            Reference::Own => Some(0.0),
            Reference::Neighbours => {
                state.work.clear();
                state.work.extend(beside.neighbours.iter().copied().filter(|value| value.is_finite()));
                median(&mut state.work)
            }
        };
        state.differences.extend(reference.map(|reference| value - reference));
        state.said.unwrap_or(QcFlag::Unknown)
    }

    fn close(&self, state: &mut DriftState) {
        if let Some(block) = state.block.filter(|_| state.differences.len() >= self.least.max(1)) {
            state.medians.extend(median(&mut state.differences).map(|middle| (block, middle)));
        }
        state.differences.clear();
    }

    fn judge(&self, state: &mut DriftState) -> Option<QcFlag> {
        let n = state.medians.len();
        if n < 2 || n * 3 < self.blocks * 2 {
            return None;
        }
        state.work.clear();
        for (index, (from, before)) in state.medians.iter().enumerate() {
            let later = state.medians.iter().skip(index + 1);
            state.work.extend(later.map(|(to, after)| (after - before) / (to - from) as f64));
        }
        let shift = median(&mut state.work)?.abs() * self.blocks as f64;
        Some(QcFlag::above(shift, Some(self.suspect), self.fail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(slope_per_day: f64, step_day: Option<i64>) -> Vec<QcFlag> {
        let drift = Drift {
            reference: Reference::Neighbours,
            block_s: 86_400,
            least: 12,
            blocks: 6,
            suspect: 5.0,
            fail: Some(10.0),
        };
        let mut state = DriftState::default();
        let flag = |hour: i64| {
            let truth = (hour as f64 / 4.0).sin() * 20.0;
            let step = step_day.filter(|day| hour / 24 == *day).map_or(0.0, |_| 100.0);
            let neighbours = [truth - 1.0, truth, truth + 2.0];
            let beside = Beside { parameters: &[], neighbours: &neighbours };
            let ms = hour * 3_600_000 - domain::period::UTC_OFFSET_MS;
            drift.at(&mut state, (ms, truth + slope_per_day * hour as f64 / 24.0 + step), &beside)
        };
        (0..10 * 24).map(flag).collect()
    }

    /// Hand calculation: a slope of 1 a day is 6 over six days, of 2 a day 12; four blocks of six are enough.
    #[test]
    fn a_slow_shift_is_found_and_a_swing_of_all_is_not() {
        for (slope, flag) in [(0.0, QcFlag::Good), (0.8, QcFlag::Good), (1.0, QcFlag::Suspect), (-2.0, QcFlag::Fail)] {
            let got = flags(slope, None);
            assert!(got[..4 * 24].iter().all(|own| *own == QcFlag::Unknown));
            assert!(got[4 * 24..].iter().all(|own| *own == flag), "{slope}: {got:?}");
        }
    }

    #[test]
    fn one_bad_day_is_no_drift() {
        assert!(flags(0.0, Some(5))[4 * 24..].iter().all(|own| *own == QcFlag::Good));
    }
}
