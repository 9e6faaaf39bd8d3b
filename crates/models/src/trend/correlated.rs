//! Series whose neighbours depend on each other → the Mann–Kendall test with its variance, or its values, corrected.

use super::checked_level;
use super::kendall::{Kendall, Origin, Score, judge};
use super::series::Present;
use super::slope::line;
use crate::error::ModelError;
use crate::numbers::{critical, ranks};

/// Hamed and Rao's test: the variance corrected by the significant autocorrelations of the detrended ranks.
///
/// ```text
/// var*(S) = var(S) · (1 + 2 / (n(n−1)(n−2)) · Σ (n−k)(n−k−1)(n−k−2) ρₖ)   over 1 ≤ k ≤ lag with |ρₖ| > z(1−α/2)/√n
/// ```
/// ρₖ: autocorrelation at lag k of the ranks of x − Sen's line; `lag` `None`: all lags.
/// Gaps are closed up, so that neighbours across a gap count as neighbours. Needs three values.
/// Checked against pymannkendall 1.4.3 `hamed_rao_modification_test`.
/// Reference: Hamed and Rao 1998, J. Hydrol. 204:182, equation 13.
pub fn hamed_rao(series: &[Option<f64>], alpha: f64, lag: Option<usize>) -> Result<Kendall, ModelError> {
    let (present, origin) = prepared(series, alpha, 3)?;
    let n = present.len();
    let most = lags(lag, n)?;
    if present.constant() {
        return flat(&present, origin, alpha);
    }
    let correlation = autocorrelation(&ranks(&detrended(&present.values, origin.line.slope)), most)?;
    let bound = critical(alpha) / (n as f64).sqrt();
    let falling = |k: usize| (n - k) as f64 * (n as f64 - k as f64 - 1.0) * (n as f64 - k as f64 - 2.0);
    let sum: f64 = (1..=most).filter(|k| correlation[*k].abs() > bound).map(|k| falling(k) * correlation[k]).sum();
    let whole = n as f64;
    let factor = 1.0 + 2.0 / (whole * (whole - 1.0) * (whole - 2.0)) * sum;
    corrected(&present, factor, origin, alpha)
}

/// Yue and Wang's test: the variance corrected by all autocorrelations of the detrended values.
///
/// ```text
/// var*(S) = var(S) · (1 + 2 Σ (1 − k/n) ρₖ)   over 1 ≤ k ≤ lag
/// ```
/// ρₖ: autocorrelation at lag k of x − Sen's line; `lag` `None`: all lags. Needs two values.
/// With all lags the correction is very strong: a trend is found in many series that have none; a lag of 1 is usual.
/// Checked against pymannkendall 1.4.3 `yue_wang_modification_test`.
/// Reference: Yue and Wang 2004, Water Resour. Manage. 18:201.
pub fn yue_wang(series: &[Option<f64>], alpha: f64, lag: Option<usize>) -> Result<Kendall, ModelError> {
    let (present, origin) = prepared(series, alpha, 2)?;
    let n = present.len();
    let most = lags(lag, n)?;
    if present.constant() {
        return flat(&present, origin, alpha);
    }
    let correlation = autocorrelation(&detrended(&present.values, origin.line.slope), most)?;
    let sum: f64 = (1..=most).map(|k| (1.0 - k as f64 / n as f64) * correlation[k]).sum();
    corrected(&present, 1.0 + 2.0 * sum, origin, alpha)
}

/// The test of what is left when the dependence on the value before is taken away.
///
/// ```text
/// yᵢ = xᵢ₊₁ − ρ₁ xᵢ
/// ```
/// ρ₁: autocorrelation of x at lag 1. Takes away a part of the trend, too. Needs three values.
/// The slope is that of the series as it is. Checked against pymannkendall 1.4.3 `pre_whitening_modification_test`.
/// Reference: von Storch 1995; Yue and Wang 2002, Water Resour. Res. 38(6).
pub fn pre_whitening(series: &[Option<f64>], alpha: f64) -> Result<Kendall, ModelError> {
    let (present, origin) = prepared(series, alpha, 3)?;
    if present.constant() {
        return flat(&present, origin, alpha);
    }
    let white = whitened(&present.values)?;
    judge(Score::of(&white), origin, alpha)
}

/// The same with the trend taken away before, and laid upon the rest again.
///
/// ```text
/// dᵢ = xᵢ − b·i;  yᵢ = dᵢ₊₁ − ρ₁ dᵢ + b·i
/// ```
/// b: Sen's slope, ρ₁: autocorrelation of d at lag 1. Needs three values.
/// Checked against pymannkendall 1.4.3 `trend_free_pre_whitening_modification_test`.
/// Reference: Yue, Pilon, Phinney and Cavadias 2002, Hydrol. Process. 16:1807.
pub fn trend_free_pre_whitening(series: &[Option<f64>], alpha: f64) -> Result<Kendall, ModelError> {
    let (present, origin) = prepared(series, alpha, 3)?;
    if present.constant() {
        return flat(&present, origin, alpha);
    }
    let slope = origin.line.slope;
    let white = whitened(&detrended(&present.values, slope))?;
    let trended: Vec<f64> = white.iter().enumerate().map(|(at, value)| value + (at + 1) as f64 * slope).collect();
    judge(Score::of(&trended), origin, alpha)
}

fn prepared(series: &[Option<f64>], alpha: f64, need: usize) -> Result<(Present, Origin), ModelError> {
    checked_level(alpha)?;
    let present = Present::of(series)?.at_least(need)?;
    let origin = Origin { line: line(&present)?, n: present.len(), missing: present.missing };
    Ok((present, origin))
}

fn corrected(present: &Present, factor: f64, origin: Origin, alpha: f64) -> Result<Kendall, ModelError> {
    let plain = Score::of(&present.values);
    judge(Score { var_s: plain.var_s * factor, ..plain }, origin, alpha)
}

/// Values that are all equal have no trend, and nothing that a correction could be made of.
fn flat(present: &Present, origin: Origin, alpha: f64) -> Result<Kendall, ModelError> {
    judge(Score::of(&present.values), origin, alpha)
}

/// The largest lag to look at.
fn lags(asked: Option<usize>, n: usize) -> Result<usize, ModelError> {
    match asked {
        Some(lag) if lag >= n => Err(ModelError::Lag { lag, n }),
        Some(lag) => Ok(lag),
        None => Ok(n - 1),
    }
}

/// Values less the line of this slope, counted from 1 as if there were no gaps.
fn detrended(values: &[f64], slope: f64) -> Vec<f64> {
    values.iter().enumerate().map(|(at, value)| value - (at + 1) as f64 * slope).collect()
}

/// Each value less ρ₁ times the one before; one fewer than there were.
fn whitened(values: &[f64]) -> Result<Vec<f64>, ModelError> {
    let first = autocorrelation(values, 1)?[1];
    Ok(values.windows(2).map(|pair| pair[1] - pair[0] * first).collect())
}

/// Autocorrelations at lags 0 to `most`.
///
/// ```text
/// ρₖ = Σ (xᵢ − x̄)(xᵢ₊ₖ − x̄) / Σ (xᵢ − x̄)²
/// ```
/// Refuses values that are all equal: what lies exactly on a line has no rest to be corrected by.
fn autocorrelation(values: &[f64], most: usize) -> Result<Vec<f64>, ModelError> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let y: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let at = |lag: usize| y.iter().zip(&y[lag..]).map(|(a, b)| a * b).sum::<f64>() / n;
    let whole = at(0);
    if whole <= 0.0 {
        return Err(ModelError::NoRest { n: values.len() });
    }
    Ok((0..=most).map(|lag| at(lag) / whole).collect())
}
