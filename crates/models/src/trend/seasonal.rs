//! Several series side by side, or one cut into its seasons → one test of all of them.

use super::checked_level;
use super::kendall::{Kendall, Origin, Score, judge, judge_z, pairs, positive, score, variance};
use super::series::{Present, columns, seasons};
use super::slope::{columns_slope, sens_slope};
use crate::error::ModelError;
use crate::numbers::ranks;

/// The test of several columns together: scores and variances are added.
///
/// ```text
/// S = Σ S(c);  var(S) = Σ var(S(c));  τ = S / Σ n(c)(n(c)−1)/2
/// ```
/// Gaps are left out column by column. Assumes that columns do not depend on each other.
/// The slope's unit of time is one row. Checked against pymannkendall 1.4.3 `multivariate_test` and `regional_test`
/// (whose level is always 0.05; here it is the one asked for).
/// Reference: Hirsch and Slack 1984, Water Resour. Res. 20:727; Helsel and Frans 2006.
pub fn multivariate(table: &[Vec<Option<f64>>], alpha: f64) -> Result<Kendall, ModelError> {
    checked_level(alpha)?;
    columns(table)?;
    let (mut sum, mut number, mut n, mut missing) = (Score { s: 0.0, var_s: 0.0, tau: 0.0 }, 0.0, 0, 0);
    for column in table {
        let present = Present::of(column)?;
        sum.s += score(&present.values) as f64;
        sum.var_s += variance(&present.values);
        number += pairs(present.len());
        n += present.len();
        missing += present.missing;
    }
    let line = columns_slope(table)?;
    judge(Score { tau: sum.s / number, ..sum }, Origin { line, n, missing }, alpha)
}

/// The test of several places in one region: [`multivariate`] with a column a place.
pub fn regional(table: &[Vec<Option<f64>>], alpha: f64) -> Result<Kendall, ModelError> {
    multivariate(table, alpha)
}

/// The seasonal Kendall test: [`multivariate`] with a column a season, such as all Januaries.
///
/// The slope is a cycle's, the intercept is at the first place. Needs a season with two values.
/// Checked against pymannkendall 1.4.3 `seasonal_test`. Reference: Hirsch, Slack and Smith 1982, Water Resour. Res. 18:107.
pub fn seasonal(series: &[Option<f64>], period: usize, alpha: f64) -> Result<Kendall, ModelError> {
    trimmed(multivariate(&seasons(series, period)?, alpha), series)
}

/// The test of several columns that depend on each other: rows with a gap are left out whole.
///
/// ```text
/// var(S) = Σ over c, d of (K(c,d) + 4 Σ R(i,c) R(i,d) − n(n+1)²) / 3;  z = S / √var(S)
/// K(c,d) = Σ over i < j of sign((x(j,c) − x(i,c)) (x(j,d) − x(i,d)));  R: ranks, ties shared
/// ```
/// Checked against pymannkendall 1.4.3 `correlated_multivariate_test`.
/// Reference: Dietz and Killeen 1981; Libiseller and Grimvall 2002, Environmetrics 13:71.
pub fn correlated_multivariate(table: &[Vec<Option<f64>>], alpha: f64) -> Result<Kendall, ModelError> {
    checked_level(alpha)?;
    let (whole, missing) = whole_rows(table)?;
    let n = whole[0].len();
    let s: f64 = whole.iter().map(|column| score(column) as f64).sum();
    let ranked: Vec<Vec<f64>> = whole.iter().map(|column| ranks(column)).collect();
    let mut thirds = 0.0;
    for c in 0..whole.len() {
        for d in 0..=c {
            let both = if c == d { 1.0 } else { 2.0 };
            thirds += both * thrice_covariance((&whole[c], &ranked[c]), (&whole[d], &ranked[d]));
        }
    }
    let var_s = thirds / 3.0;
    // No score needs no variance: seasons that cancel out can leave none.
    let z = if s == 0.0 { 0.0 } else { s / positive(var_s)?.sqrt() };
    let tau = s / (pairs(n) * whole.len() as f64);
    let origin = Origin { line: columns_slope(table)?, n: n * whole.len(), missing };
    Ok(judge_z(Score { s, var_s, tau }, z, origin, alpha))
}

/// The seasonal Kendall test for seasons that depend on each other: cycles with a gap are left out whole.
///
/// Checked against pymannkendall 1.4.3 `correlated_seasonal_test` (whose level is always 0.05; here it is the one
/// asked for). Reference: Hirsch and Slack 1984; Hipel and McLeod 1994.
pub fn correlated_seasonal(series: &[Option<f64>], period: usize, alpha: f64) -> Result<Kendall, ModelError> {
    trimmed(correlated_multivariate(&seasons(series, period)?, alpha), series)
}

/// The test of a series with the influence of another one taken away: rows with a gap in either are left out.
///
/// ```text
/// S = Sx − ρ Sy;  var(S) = (1 − ρ²) n(n−1)(2n+5)/18;  z = S / √var(S)
/// ρ = (K(x,y) + 4 Σ R(x) R(y) − n(n+1)²) / 3 / (n(n−1)(2n+5)/18)
/// ```
/// The slope is that of the first series. Checked against pymannkendall 1.4.3 `partial_test`.
/// Reference: Libiseller and Grimvall 2002.
pub fn partial(series: &[Option<f64>], influence: &[Option<f64>], alpha: f64) -> Result<Kendall, ModelError> {
    checked_level(alpha)?;
    let (whole, missing) = whole_rows(&[series.to_vec(), influence.to_vec()])?;
    let (x, y) = (&whole[0], &whole[1]);
    let n = x.len() as f64;
    let without_ties = n * (n - 1.0) * (2.0 * n + 5.0);
    let rho = thrice_covariance((x, &ranks(x)), (y, &ranks(y))) / 3.0 / (without_ties / 18.0);
    let own = score(x) as f64;
    let s = own - rho * score(y) as f64;
    let var_s = (1.0 - rho * rho) * without_ties / 18.0;
    let z = s / positive(var_s)?.sqrt();
    let origin = Origin { line: sens_slope(series)?, n: x.len(), missing };
    Ok(judge_z(Score { s, var_s, tau: own / pairs(x.len()) }, z, origin, alpha))
}

/// Three times the covariance of two columns' scores without a trend, of (values, ranks): a whole number.
fn thrice_covariance(x: (&[f64], &[f64]), y: (&[f64], &[f64])) -> f64 {
    let n = x.0.len() as f64;
    let ranks: f64 = x.1.iter().zip(y.1).map(|(a, b)| a * b).sum();
    together(x.0, y.0) as f64 + 4.0 * ranks - n * (n + 1.0) * (n + 1.0)
}

/// Pairs that move the same way in both columns less pairs that move against each other.
fn together(x: &[f64], y: &[f64]) -> i64 {
    let sign = |a: f64, b: f64| i64::from(a > b) - i64::from(a < b);
    let mut sum = 0;
    for i in 0..x.len() {
        for j in i + 1..x.len() {
            sum += sign(x[j], x[i]) * sign(y[j], y[i]);
        }
    }
    sum
}

/// The rows in which every column has a value, as columns, and the values missing or left out with their row.
fn whole_rows(table: &[Vec<Option<f64>>]) -> Result<(Vec<Vec<f64>>, usize), ModelError> {
    let rows = columns(table)?;
    for column in table {
        Present::of(column)?;
    }
    let kept: Vec<usize> = (0..rows).filter(|row| table.iter().all(|column| column[*row].is_some())).collect();
    if kept.len() < 2 {
        return Err(ModelError::TooFew { have: kept.len(), need: 2 });
    }
    let whole = table.iter().map(|column| kept.iter().filter_map(|row| column[*row]).collect()).collect();
    Ok((whole, (rows - kept.len()) * table.len()))
}

/// Counts as missing what the series lacks, not what fills up its last cycle.
fn trimmed(result: Result<Kendall, ModelError>, series: &[Option<f64>]) -> Result<Kendall, ModelError> {
    result.map(|kendall| Kendall { missing: series.len().saturating_sub(kendall.n), ..kendall })
}
