//! Values against both neighbours in time: the spike test.

use super::flag::QcFlag;

/// How a spike is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpikeMethod {
    /// `|xᵢ − (xᵢ₋₁ + xᵢ₊₁)/2|`: distance from the mean of both neighbours.
    Average,
    /// `min(|xᵢ − xᵢ₋₁|, |xᵢ₊₁ − xᵢ|)` where the two steps go in opposite directions, else 0.
    Differential,
}

/// Limits of the spike test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spike {
    /// How it is measured.
    pub method: SpikeMethod,
    /// Above: suspect [unit of the series].
    pub suspect: Option<f64>,
    /// Above: fail [unit of the series].
    pub fail: Option<f64>,
}

impl Spike {
    /// The flag of a value between its neighbours.
    #[inline]
    pub fn at(&self, before: f64, value: f64, after: f64) -> QcFlag {
        // A limit of 0 is no limit, as in the reference program.
        let limit = |own: Option<f64>| own.filter(|limit| *limit != 0.0).unwrap_or(f64::INFINITY);
        let size = match self.method {
            SpikeMethod::Average => average(before, value, after),
            SpikeMethod::Differential => differential(before, value, after),
        };
        judge(value, size, limit(self.suspect), limit(self.fail))
    }
}

/// Spike test. The first and the last value and those beside a missing one are unknown.
///
/// Reference: QARTOD test 6 (spike); `ioos-qc` 3.0.0, `spike_test`, both methods.
pub fn spikes(values: &[f64], spike: &Spike, out: &mut [QcFlag]) {
    match spike.method {
        SpikeMethod::Average => inner(values, spike, average, out),
        SpikeMethod::Differential => inner(values, spike, differential, out),
    }
    let ends = [values.len().checked_sub(1), Some(0)];
    for end in ends.into_iter().flatten().filter(|end| *end < values.len()) {
        out[end] = if values[end].is_finite() { QcFlag::Unknown } else { QcFlag::Missing };
    }
}

#[inline(always)]
fn inner(values: &[f64], spike: &Spike, size_of: impl Fn(f64, f64, f64) -> f64, out: &mut [QcFlag]) {
    if values.len() < 3 {
        return;
    }
    let limit = |own: Option<f64>| own.filter(|limit| *limit != 0.0).unwrap_or(f64::INFINITY);
    let (suspect, fail) = (limit(spike.suspect), limit(spike.fail));
    let n = values.len() - 2;
    let (before, middle, after) = (&values[..n], &values[1..=n], &values[2..]);
    for (((&before, &value), &after), flag) in before.iter().zip(middle).zip(after).zip(&mut out[1..=n]) {
        *flag = judge(value, size_of(before, value, after), suspect, fail);
    }
}

#[inline(always)]
fn judge(value: f64, size: f64, suspect: f64, fail: f64) -> QcFlag {
    let mut flag = QcFlag::Good;
    flag = if size > suspect { QcFlag::Suspect } else { flag };
    flag = if size > fail { QcFlag::Fail } else { flag };
    flag = if size.is_finite() { flag } else { QcFlag::Unknown };
    if value.is_finite() { flag } else { QcFlag::Missing }
}

#[inline(always)]
fn average(before: f64, value: f64, after: f64) -> f64 {
    (value - (before + after) / 2.0).abs()
}

#[inline(always)]
fn differential(before: f64, value: f64, after: f64) -> f64 {
    let (rise, fall) = (value - before, after - value);
    let least = if rise.abs() < fall.abs() { rise.abs() } else { fall.abs() };
    // The sum carries the NaN of either step, which the comparisons would lose.
    let known = (rise + fall) * 0.0;
    (if rise * fall < 0.0 { least } else { 0.0 }) + known
}
