//! Series → Mann and Kendall's test, and the score, variance and judgement that the whole family shares.

use super::series::Present;
use super::slope::{Slope, line};
use super::{Direction, checked_level};
use crate::error::ModelError;
use crate::numbers::{compare, critical, inversions, ties, two_sided};

/// What a test of the Mann–Kendall family says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kendall {
    /// Up, down, or neither at this level.
    pub direction: Direction,
    /// Whether there is a trend at this level (`h`).
    pub significant: bool,
    /// Two-sided probability of such a score without a trend; below about 1e-16 it is 0.
    pub p: f64,
    /// Standardised score.
    pub z: f64,
    /// Kendall's τ: score over number of pairs, −1 to 1.
    pub tau: f64,
    /// Score: pairs that rise less pairs that fall.
    pub s: f64,
    /// Variance of the score without a trend, as the method corrects it.
    pub var_s: f64,
    /// Sen's slope and intercept.
    pub line: Slope,
    /// Values used.
    pub n: usize,
    /// Places without a value.
    pub missing: usize,
}

/// Score, variance and number of pairs, before they are judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Score {
    pub s: f64,
    pub var_s: f64,
    pub tau: f64,
}

/// Mann and Kendall's test of an even series with gaps.
///
/// ```text
/// S = Σ over i < j of sign(xⱼ − xᵢ)
/// var(S) = (n(n−1)(2n+5) − Σ t(t−1)(2t+5)) / 18
/// z = (S ∓ 1) / √var(S) for S > 0 / S < 0, else 0;  p = 2(1 − Φ(|z|))
/// ```
/// x: values that are there [any unit], n: how many, t: sizes of groups of equal values.
/// Assumes values that do not depend on their neighbours and have no season. Needs two values; from about ten on
/// the normal approximation is good. Checked against pymannkendall 1.4.3 `original_test`.
/// Reference: Mann 1945; Kendall 1975; Gilbert 1987, chapter 16.
///
/// ```
/// let rising: Vec<Option<f64>> = (0..10).map(|n| Some(f64::from(n))).collect();
/// let got = models::trend::original(&rising, 0.05).unwrap();
/// assert_eq!((got.s, got.tau, got.significant), (45.0, 1.0, true));
/// ```
pub fn original(series: &[Option<f64>], alpha: f64) -> Result<Kendall, ModelError> {
    checked_level(alpha)?;
    let present = Present::of(series)?.at_least(2)?;
    let score = Score::of(&present.values);
    judge(score, Origin { line: line(&present)?, n: present.len(), missing: present.missing }, alpha)
}

/// What stands beside the score in a result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub line: Slope,
    pub n: usize,
    pub missing: usize,
}

impl Score {
    /// Of values without gaps, two or more.
    pub fn of(values: &[f64]) -> Score {
        let s = score(values) as f64;
        Score { s, var_s: variance(values), tau: s / pairs(values.len()) }
    }
}

/// Judges a score by its continuity-corrected z.
pub(crate) fn judge(score: Score, origin: Origin, alpha: f64) -> Result<Kendall, ModelError> {
    let z = match compare(score.s, 0.0) {
        // A variance that is not positive can still be no obstacle: no score, no trend.
        std::cmp::Ordering::Equal => 0.0,
        side => (score.s - f64::from(side as i8)) / positive(score.var_s)?.sqrt(),
    };
    Ok(judge_z(score, z, origin, alpha))
}

/// Judges a score whose z is known.
pub(crate) fn judge_z(score: Score, z: f64, origin: Origin, alpha: f64) -> Kendall {
    let significant = z.abs() > critical(alpha);
    let Score { s, var_s, tau } = score;
    let Origin { line, n, missing } = origin;
    Kendall {
        direction: Direction::of(z, significant),
        significant,
        p: two_sided(z),
        z,
        tau,
        s,
        var_s,
        line,
        n,
        missing,
    }
}

/// Refuses a variance that cannot be divided by.
pub(crate) fn positive(variance: f64) -> Result<f64, ModelError> {
    if variance > 0.0 && variance.is_finite() { Ok(variance) } else { Err(ModelError::NoVariance { variance }) }
}

/// Number of pairs of `n` values.
pub(crate) fn pairs(n: usize) -> f64 {
    0.5 * n as f64 * (n as f64 - 1.0)
}

/// Pairs that rise less pairs that fall, by counting the inversions.
pub(crate) fn score(values: &[f64]) -> i64 {
    let n = values.len() as i64;
    let tied: i64 = ties(values).into_iter().map(|t| (t * (t - 1) / 2) as i64).sum();
    let mut falling = 0;
    inversions(&mut values.to_vec(), &mut vec![0.0; values.len()], &mut |rest, _| falling += rest.len() as i64);
    n * (n - 1) / 2 - tied - 2 * falling
}

/// Variance of the score without a trend, with ties.
pub(crate) fn variance(values: &[f64]) -> f64 {
    let term = |n: i128| n * (n - 1) * (2 * n + 5);
    let tied: i128 = ties(values).into_iter().map(|t| term(i128::from(t))).sum();
    (term(values.len() as i128) - tied) as f64 / 18.0
}
