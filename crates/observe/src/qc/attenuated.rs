//! Values that change less than they should: the attenuated-signal test.

use super::flag::QcFlag;
use super::series::{MS, Times};
use std::collections::VecDeque;

/// How the liveliness of a window is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Liveliness {
    /// Standard deviation over what is there, divided by n.
    Deviation,
    /// Largest minus smallest; unknown when a value of the window is missing.
    Range,
}

/// Limits of the attenuated-signal test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attenuated {
    /// How liveliness is measured.
    pub by: Liveliness,
    /// The window `(t − period, t]` [s].
    pub period_s: i64,
    /// Values needed in a window.
    pub least: usize,
    /// Below: suspect [unit of the series].
    pub suspect: f64,
    /// Below: fail [unit of the series].
    pub fail: f64,
}

/// The window that ends with the last point.
#[derive(Clone, Debug, Default)]
pub struct AttenuatedState {
    window: VecDeque<(i64, f64)>,
    moving: Moving,
}

impl Attenuated {
    /// The flag of the next point, in order of time.
    ///
    /// ```text
    /// deviation: √( Σ (xⱼ − x̄)² / n ),   range: max xⱼ − min xⱼ,   over tᵢ − period < tⱼ ≤ tᵢ
    /// ```
    /// Reference: QARTOD test 10 (attenuated signal); `ioos-qc` 3.0.0, `attenuated_signal_test` with `test_period`.
    pub fn at(&self, state: &mut AttenuatedState, ms: i64, value: f64) -> QcFlag {
        state.step(ms - self.period_s * MS, (ms, value));
        if !value.is_finite() {
            return QcFlag::Missing;
        }
        let n = state.moving.n;
        let whole = self.by == Liveliness::Deviation || n == state.window.len();
        self.judge((n >= self.least && whole).then(|| match self.by {
            Liveliness::Deviation => state.moving.deviation(),
            Liveliness::Range => range(state.window.iter().map(|(_, value)| *value)),
        }))
    }

    fn judge(&self, liveliness: Option<f64>) -> QcFlag {
        match liveliness {
            None => QcFlag::Unknown,
            Some(value) if value < self.fail => QcFlag::Fail,
            Some(value) if value < self.suspect => QcFlag::Suspect,
            Some(_) => QcFlag::Good,
        }
    }
}

/// Attenuated-signal test over a window that ends with each point.
pub fn attenuated(values: &[f64], times: &Times, test: &Attenuated, out: &mut [QcFlag]) {
    let mut state = AttenuatedState::default();
    for (index, (&value, flag)) in values.iter().zip(out).enumerate() {
        *flag = test.at(&mut state, times.ms(index), value);
    }
}

/// Attenuated-signal test over the whole series: every value there is gets the same flag. `period_s` and `least`
/// have no part in it.
///
/// Reference: `ioos-qc` 3.0.0, `attenuated_signal_test` without `test_period`.
pub fn attenuated_whole(values: &[f64], test: &Attenuated, out: &mut [QcFlag]) {
    let there: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let n = there.len() as f64;
    let said = test.judge((!there.is_empty()).then(|| match test.by {
        Liveliness::Range => range(there.iter().copied()),
        Liveliness::Deviation => {
            let mean = there.iter().sum::<f64>() / n;
            (there.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n).sqrt()
        }
    }));
    for (value, flag) in values.iter().zip(out) {
        *flag = if value.is_finite() { said } else { QcFlag::Missing };
    }
}

fn range(values: impl Iterator<Item = f64>) -> f64 {
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (value.min(low), value.max(high)));
    high - low
}

impl AttenuatedState {
    /// Moves the window to the next point: what is at or before `after_ms` leaves it.
    fn step(&mut self, after_ms: i64, point: (i64, f64)) {
        while self.window.front().is_some_and(|(ms, _)| *ms <= after_ms) {
            if let Some((_, value)) = self.window.pop_front() {
                self.moving.remove(value);
            }
        }
        let fresh = self.window.is_empty();
        self.window.push_back(point);
        if !fresh {
            self.moving.add(point.1);
        }
        if fresh || self.moving.cancelled {
            self.moving = Moving::default();
            for (_, value) in &self.window {
                self.moving.add(*value);
            }
            self.moving.cancelled = false;
        }
    }
}

/// Mean and sum of squared deviations of a window that moves.
///
/// Welford's recurrences (Technometrics 4, 1962) with Kahan's compensation of the mean. Subtracting what leaves loses
/// digits; when nearly all of the sum is lost the window is summed anew. Where a deviation is exactly at a limit the
/// last digit decides, so the order of operations and the point of renewal are those that `ioos-qc` gets from its
/// libraries: found by comparing results, bit for bit, with pandas 3.1.1.
#[derive(Clone, Copy, Debug, Default)]
struct Moving {
    n: usize,
    mean: f64,
    squares: f64,
    lost_adding: f64,
    lost_removing: f64,
    cancelled: bool,
}

/// The sum is renewed when less than this share of it is left.
const LEFT: f64 = 1000.0 * f64::EPSILON;

impl Moving {
    fn add(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        self.n += 1;
        let before = self.mean - self.lost_adding;
        let rest = value - self.lost_adding;
        let distance = rest - self.mean;
        self.lost_adding = distance + self.mean - rest;
        self.mean += distance / self.n as f64;
        self.change((value - before) * (value - self.mean));
    }

    fn remove(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        self.n -= 1;
        if self.n == 0 {
            (self.mean, self.squares) = (0.0, 0.0);
            return;
        }
        let before = self.mean - self.lost_removing;
        let rest = value - self.lost_removing;
        let distance = rest - self.mean;
        self.lost_removing = distance + self.mean - rest;
        self.mean -= distance / self.n as f64;
        self.change(-((value - before) * (value - self.mean)));
    }

    fn change(&mut self, by: f64) {
        let before = self.squares;
        self.squares += by;
        self.cancelled |= self.squares < before * LEFT;
    }

    fn deviation(&self) -> f64 {
        if self.n == 1 { 0.0 } else { (self.squares / self.n as f64).max(0.0).sqrt() }
    }
}
