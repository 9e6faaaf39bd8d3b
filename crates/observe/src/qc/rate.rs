//! Steps against a largest rate: the rate-of-change test.

use super::flag::QcFlag;
use super::series::{MS, Times};

/// Limits of the rate-of-change test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Above: suspect [unit of the series per second].
    pub suspect_per_s: f64,
    /// Above: fail [unit of the series per second].
    pub fail_per_s: Option<f64>,
}

impl Rate {
    /// The flag of a value by the one before it, `dt_s` whole seconds earlier.
    #[inline(always)]
    pub fn at(&self, before: f64, value: f64, dt_s: f64) -> QcFlag {
        let fail = self.fail_per_s.unwrap_or(f64::INFINITY);
        let step = value - before;
        // Two values at one moment: the step itself is compared, as in the reference program.
        let rate = (if dt_s == 0.0 { step } else { step / dt_s }).abs();
        let mut flag = QcFlag::Good;
        flag = if rate > self.suspect_per_s { QcFlag::Suspect } else { flag };
        flag = if rate > fail { QcFlag::Fail } else { flag };
        flag = if step.is_finite() { flag } else { QcFlag::Good };
        if value.is_finite() { flag } else { QcFlag::Missing }
    }

    /// The flag of a value with none before it.
    pub fn first(&self, value: f64) -> QcFlag {
        if value.is_finite() { QcFlag::Good } else { QcFlag::Missing }
    }
}

/// Rate-of-change test: `|xᵢ − xᵢ₋₁| / (tᵢ − tᵢ₋₁)`, the time in whole seconds.
///
/// The first value and one after a missing value are good: there is no rate to hold against them.
/// Reference: QARTOD test 7 (rate of change); `ioos-qc` 3.0.0, `rate_of_change_test`.
pub fn rate_of_change(values: &[f64], times: &Times, rate: &Rate, out: &mut [QcFlag]) {
    let (Some(first), Some(flag)) = (values.first(), out.first_mut()) else { return };
    *flag = rate.first(*first);
    let pairs = values.iter().zip(&values[1..]).zip(&mut out[1..]);
    match times {
        Times::Even { step_ms, .. } => {
            let dt_s = (step_ms / MS) as f64;
            for ((&before, &value), flag) in pairs {
                *flag = rate.at(before, value, dt_s);
            }
        }
        Times::At { ms, .. } => {
            for (((&before, &value), flag), time) in pairs.zip(ms.windows(2)) {
                *flag = rate.at(before, value, ((time[1] - time[0]) / MS) as f64);
            }
        }
    }
}
