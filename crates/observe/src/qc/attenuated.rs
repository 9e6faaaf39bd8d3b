//! Values that change less than they should: the attenuated-signal test.

use super::flag::QcFlag;
use super::series::Times;

const MS: i64 = 1000;

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

impl Attenuated {
    /// The flag of the last point of its window.
    pub fn at_last(&self, window: &[f64]) -> QcFlag {
        match window.last() {
            Some(value) if value.is_finite() => self.judge(self.by.of(window, self.least)),
            _ => QcFlag::Missing,
        }
    }

    fn judge(&self, liveliness: Option<f64>) -> QcFlag {
        match liveliness {
            None => QcFlag::Unknown,
            Some(value) if value < self.fail => QcFlag::Fail,
            Some(value) if value < self.suspect => QcFlag::Suspect,
            Some(_) => QcFlag::Good,
        }
    }

    /// The window of the last of some times.
    pub fn window_from(&self, ms: &[i64]) -> usize {
        let after = ms.last().map_or(0, |last| last - self.period_s * MS);
        ms.partition_point(|time| *time <= after).min(ms.len().saturating_sub(1))
    }
}

impl Liveliness {
    /// Of a window with at least `least` values; of the values that are there.
    fn of(self, window: &[f64], least: usize) -> Option<f64> {
        let there = || window.iter().copied().filter(|value| value.is_finite());
        let n = there().count();
        if n < least.max(1) || (self == Liveliness::Range && n < window.len()) {
            return None;
        }
        let low = there().fold(f64::INFINITY, f64::min);
        let high = there().fold(f64::NEG_INFINITY, f64::max);
        if self == Liveliness::Range || low == high {
            return Some(high - low);
        }
        let mean = there().sum::<f64>() / n as f64;
        Some((there().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n as f64).sqrt())
    }
}

/// Attenuated-signal test over a window that ends with each point.
///
/// ```text
/// deviation: √( Σ (xⱼ − x̄)² / n ),   range: max xⱼ − min xⱼ,   over tᵢ − period < tⱼ ≤ tᵢ
/// ```
/// Reference: QARTOD test 10 (attenuated signal); `ioos-qc` 3.0.0, `attenuated_signal_test` with `test_period`.
pub fn attenuated(values: &[f64], times: &Times, test: &Attenuated, out: &mut [QcFlag]) {
    let mut from = 0;
    for (index, flag) in out.iter_mut().enumerate().take(values.len()) {
        let after = times.ms(index) - test.period_s * MS;
        while from < index && times.ms(from) <= after {
            from += 1;
        }
        *flag = test.at_last(&values[from..=index]);
    }
}

/// Attenuated-signal test over the whole series: every value there is gets the same flag. `period_s` and `least`
/// have no part in it.
///
/// Reference: `ioos-qc` 3.0.0, `attenuated_signal_test` without `test_period`.
pub fn attenuated_whole(values: &[f64], test: &Attenuated, out: &mut [QcFlag]) {
    let there: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let said = test.judge(test.by.of(&there, 1));
    for (value, flag) in values.iter().zip(out) {
        *flag = if value.is_finite() { said } else { QcFlag::Missing };
    }
}
