//! Values that do not change for too long: the flat-line test.

use super::flag::QcFlag;

/// Points that one pass handles, so that its working copies stay in the cache.
const CHUNK: usize = 2048;
/// With fewer points there is nothing to compare.
const LEAST: usize = 3;

/// Limits of the flat-line test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlatLine {
    /// Flat for so long: suspect [s].
    pub suspect_s: i64,
    /// Flat for so long: fail [s].
    pub fail_s: i64,
    /// A range below this is flat [unit of the series].
    pub tolerance: f64,
}

/// The thresholds of a flat-line test in steps between points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// Of the suspect threshold.
    pub suspect: usize,
    /// Of the fail threshold.
    pub fail: usize,
}

impl FlatLine {
    /// The thresholds in whole steps; `None` where there is no step.
    pub fn steps(&self, step_s: i64) -> Option<Steps> {
        let steps = |threshold_s: i64| usize::try_from(threshold_s.checked_div(step_s)?).ok();
        Some(Steps { suspect: steps(self.suspect_s)?, fail: steps(self.fail_s)? })
    }

    /// The flag of the last of some points; `Steps` of at least two.
    pub fn at_last(&self, values: &[f64], steps: Steps) -> QcFlag {
        let flat = |count: usize| {
            let window = values.len().checked_sub(count + 1).map(|from| &values[from..]);
            window.is_some_and(|window| range(window) < self.tolerance)
        };
        match values.last() {
            Some(value) if !value.is_finite() => QcFlag::Missing,
            _ if flat(steps.fail) => QcFlag::Fail,
            _ if flat(steps.suspect) => QcFlag::Suspect,
            _ => QcFlag::Good,
        }
    }
}

/// Largest minus smallest of what is there; infinite when nothing is.
fn range(window: &[f64]) -> f64 {
    let there = window.iter().copied().filter(|value| value.is_finite());
    let (low, high) =
        there.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (value.min(low), value.max(high)));
    (high - low).abs()
}

/// Flat-line test: the range over the last `steps` steps and this point is below the tolerance.
///
/// ```text
/// max(xᵢ₋ₖ … xᵢ) − min(xᵢ₋ₖ … xᵢ) < tolerance,   k = ⌊threshold / step⌋
/// ```
/// Missing values in a window are passed over. The first `k` points are good, and all are, even missing ones, in a
/// series of fewer than three.
/// Reference: QARTOD test 8 (flat line); `ioos-qc` 3.0.0, `flat_line_test`.
pub fn flat_line(values: &[f64], steps: Steps, tolerance: f64, out: &mut [QcFlag]) {
    out.fill(QcFlag::Good);
    if values.len() < LEAST {
        return;
    }
    let longest = steps.suspect.max(steps.fail);
    let mut work = Work::new((CHUNK + longest).min(values.len()));
    for (count, flag) in [(steps.suspect, QcFlag::Suspect), (steps.fail, QcFlag::Fail)] {
        let mut from = count;
        while from < values.len() {
            let to = values.len().min(from + CHUNK);
            let ranges = work.ranges(&values[from - count..to], count + 1);
            for (range, own) in ranges.zip(&mut out[from..to]) {
                *own = if range < tolerance { flag } else { *own };
            }
            from = to;
        }
    }
    for (value, own) in values.iter().zip(out) {
        *own = if value.is_finite() { *own } else { QcFlag::Missing };
    }
}

/// Smallest and largest of windows, each in two buffers that take turns.
struct Work {
    low: [Vec<f64>; 2],
    high: [Vec<f64>; 2],
}

impl Work {
    fn new(len: usize) -> Work {
        let buffer = || vec![0.0; len];
        Work { low: [buffer(), buffer()], high: [buffer(), buffer()] }
    }

    /// The range of every window of `width` points, by doubling: windows of 1, 2, 4 … points, then two of these
    /// that overlap.
    fn ranges(&mut self, values: &[f64], width: usize) -> impl Iterator<Item = f64> {
        let n = values.len();
        let Work { low: [low, low_next], high: [high, high_next] } = self;
        for ((&value, low), high) in values.iter().zip(low.iter_mut()).zip(high.iter_mut()) {
            let there = value.is_finite();
            *low = if there { value } else { f64::INFINITY };
            *high = if there { value } else { f64::NEG_INFINITY };
        }
        let mut have = 1;
        while have * 2 <= width {
            let windows = n + 1 - have * 2;
            merge(&low[..windows + have], have, &mut low_next[..windows], |a, b| if a < b { a } else { b });
            merge(&high[..windows + have], have, &mut high_next[..windows], |a, b| if a > b { a } else { b });
            std::mem::swap(low, low_next);
            std::mem::swap(high, high_next);
            have *= 2;
        }
        let windows = n + 1 - width;
        let shift = width - have;
        let lows = low[..windows].iter().zip(&low[shift..shift + windows]);
        let highs = high[..windows].iter().zip(&high[shift..shift + windows]);
        lows.zip(highs).map(|((&a, &b), (&c, &d))| {
            let low = if a < b { a } else { b };
            let high = if c > d { c } else { d };
            (high - low).abs()
        })
    }
}

#[inline(always)]
fn merge(from: &[f64], shift: usize, to: &mut [f64], pick: impl Fn(f64, f64) -> f64) {
    for ((&a, &b), own) in from.iter().zip(&from[shift..]).zip(to) {
        *own = pick(a, b);
    }
}
