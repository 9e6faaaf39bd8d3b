//! Values of years → Spearman's rank correlation with time, against the critical value of the rules.

use super::Direction;
use super::catalog::SpearmanTable;
use super::series::Present;
use crate::error::ModelError;
use crate::numbers::ranks;
use domain::Confidence;

/// What Spearman's coefficient says.
#[derive(Clone, Debug, PartialEq)]
pub struct Spearman {
    /// The coefficient, −1 to 1.
    pub r: f64,
    /// What its size is held against; `None` where the table has no such number of values.
    pub critical: Option<f64>,
    /// Whether it is larger; `None` without a critical value.
    pub significant: Option<bool>,
    /// Up, down, or neither shown.
    pub direction: Direction,
    /// Confidence in the critical value.
    pub confidence: Confidence,
    /// Values used.
    pub n: usize,
    /// Places without a value.
    pub missing: usize,
}

/// Spearman's rank correlation of a series with time, as the rules of air and water have it.
///
/// ```text
/// r = 1 − 6 Σ dᵢ² / (n³ − n);  significant where |r| > Wp(n)
/// ```
/// dᵢ: rank of the value less rank of its period; equal values share the mean of their ranks. n: values there are;
/// periods without one are left out and the others keep their order. Range: n ≥ 5.
/// Reference: HJ 663-2013 annex B; 地表水环境质量评价办法 2011.
pub fn spearman(series: &[Option<f64>], table: &SpearmanTable) -> Result<Spearman, ModelError> {
    let present = Present::of(series)?.at_least(table.least)?;
    let n = present.len();
    // Whole numbers, so that a coefficient exactly at the critical value is not moved by rounding.
    let twice: f64 =
        ranks(&present.values).iter().zip(1..).map(|(rank, at)| (2.0 * rank - f64::from(2 * at)).powi(2)).sum();
    let bottom = 2.0 * (n as f64).powi(3) - 2.0 * n as f64;
    let r = (bottom - 3.0 * twice) / bottom;
    let critical = table.critical(n);
    let significant = critical.map(|critical| r.abs() > critical);
    let direction = Direction::of(r, significant == Some(true));
    Ok(Spearman { r, critical, significant, direction, confidence: table.confidence, n, missing: present.missing })
}
