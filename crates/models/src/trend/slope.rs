//! Series → Sen's slope with its interval, with and without seasons. Called by every test that gives a slope.

use super::kendall::variance;
use super::select::{Points, Slopes};
use super::series::{Present, columns};
use crate::error::ModelError;
use crate::numbers::{critical, median};

/// A line through a series, robust against outliers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    /// Change over one step, or over one whole cycle where the series was taken by seasons [unit of the series].
    pub slope: f64,
    /// Value of the line at the first place [unit of the series].
    pub intercept: f64,
}

/// Sen's slope with the interval in which the true one lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TheilSen {
    /// The line.
    pub line: Slope,
    /// Lower end of the interval of the slope.
    pub low: f64,
    /// Upper end of the interval of the slope.
    pub high: f64,
    /// Values used.
    pub n: usize,
    /// Places without a value.
    pub missing: usize,
}

/// Sen's slope of an even series with gaps, and the Kendall–Theil line's intercept.
///
/// ```text
/// b = median over i < j of (xⱼ − xᵢ) / (j − i)
/// a = median(x) − b · median(places with a value)
/// ```
/// x: values [unit of the series], i, j: places from 0 [steps]. Needs two values.
/// Checked against pymannkendall 1.4.3 `sens_slope`.
/// Reference: Sen 1968, J. Am. Stat. Assoc. 63:1379; intercept Conover 1980.
///
/// ```
/// let slope = models::trend::sens_slope(&[Some(1.0), None, Some(5.0), Some(6.0)]).unwrap();
/// assert_eq!((slope.slope, slope.intercept), (5.0 / 3.0, 5.0 - 2.0 * (5.0 / 3.0)));
/// ```
pub fn sens_slope(series: &[Option<f64>]) -> Result<Slope, ModelError> {
    line(&Present::of(series)?.at_least(2)?)
}

/// Sen's slope over all pairs of one season; one whole cycle is the unit of time.
///
/// ```text
/// b = median over seasons s and cycles i < j of (x(s, j) − x(s, i)) / (j − i)
/// a = median(x) − b · median(places with a value) / period
/// ```
/// Checked against pymannkendall 1.4.3 `seasonal_sens_slope`. Reference: Hirsch, Slack and Smith 1982; Hipel 1994.
pub fn seasonal_sens_slope(series: &[Option<f64>], period: usize) -> Result<Slope, ModelError> {
    columns_slope(&super::series::seasons(series, period)?)
}

/// The same of columns that stand side by side: seasons of a cycle, or stations.
pub fn columns_slope(table: &[Vec<Option<f64>>]) -> Result<Slope, ModelError> {
    let rows = columns(table)?;
    let present: Vec<Present> = table.iter().map(|column| Present::of(column)).collect::<Result<_, _>>()?;
    let slope = Slopes::of(present.iter().map(points).collect()).median().ok_or(ModelError::NoSeason { need: 2 })?;
    let flat: Vec<Option<f64>> = (0..rows).flat_map(|row| table.iter().map(move |column| column[row])).collect();
    let mut flat = Present::of(&flat)?;
    let value = median(&mut flat.values).expect("a slope has two values");
    let place = median(&mut flat.places).expect("a slope has two values");
    Ok(Slope { slope, intercept: value - place / table.len() as f64 * slope })
}

/// Sen's slope with his interval.
///
/// ```text
/// C = z(1 − α/2) · √var(S);  N slopes in order
/// low = slope number round((N − C)/2), high = slope number round((N + C)/2) + 1
/// ```
/// var(S): Kendall's variance with ties. α: the interval holds the true slope with probability 1 − α.
/// Needs two values; of fewer than about ten the normal approximation is rough and the interval tends to the extremes.
/// Checked against scipy 1.17.1 `theilslopes`. Reference: Sen 1968, equation 2.6; Hollander and Wolfe 1973, p. 207.
pub fn theil_sen(series: &[Option<f64>], alpha: f64) -> Result<TheilSen, ModelError> {
    interval(Present::of(series)?, alpha)
}

/// The same at uneven places, such as days: points (place, value), of which no two share a place.
pub fn theil_sen_at(points: &[(f64, f64)], alpha: f64) -> Result<TheilSen, ModelError> {
    let mut sorted = points.to_vec();
    if let Some(at) = sorted.iter().position(|(place, value)| !place.is_finite() || !value.is_finite()) {
        return Err(ModelError::NotFinite { at });
    }
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    if let Some(twin) = sorted.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(ModelError::Columns(format!("{} × 2", twin[0].0)));
    }
    let (places, values) = sorted.into_iter().unzip();
    interval(Present { places, values, missing: 0 }, alpha)
}

fn interval(present: Present, alpha: f64) -> Result<TheilSen, ModelError> {
    super::checked_level(alpha)?;
    let present = present.at_least(2)?;
    let slopes = Slopes::of(vec![points(&present)]);
    let reach = critical(alpha) * variance(&present.values).sqrt();
    let count = slopes.count();
    let upper = (((count as f64 + reach) / 2.0).round_ties_even() as u64).min(count - 1);
    let lower = (((count as f64 - reach) / 2.0).round_ties_even() - 1.0).max(0.0) as u64;
    let (low, high) = (slopes.at(lower), slopes.at(upper));
    let slope = slopes.median().expect("two values make a slope");
    let line = through(&present, slope);
    Ok(TheilSen { line, low, high, n: present.len(), missing: present.missing })
}

/// The line through values that are already cut out.
pub(crate) fn line(present: &Present) -> Result<Slope, ModelError> {
    let slope =
        Slopes::of(vec![points(present)]).median().ok_or(ModelError::TooFew { have: present.len(), need: 2 })?;
    Ok(through(present, slope))
}

/// The line of this slope through the medians.
fn through(present: &Present, slope: f64) -> Slope {
    let value = median(&mut present.values.clone()).expect("two values or more");
    let place = median(&mut present.places.clone()).expect("two values or more");
    Slope { slope, intercept: value - place * slope }
}

fn points(present: &Present) -> Points<'_> {
    Points { places: &present.places, values: &present.values }
}
