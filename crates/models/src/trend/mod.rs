//! Series with gaps → whether they rise or fall, how fast, and since when.
//!
//! [`run`] is the one door by name; the functions behind it can be called one by one.
//!
//! * [`original`], [`hamed_rao`], [`yue_wang`], [`pre_whitening`], [`trend_free_pre_whitening`]: one series;
//! * [`seasonal`], [`correlated_seasonal`], [`multivariate`], [`regional`], [`correlated_multivariate`], [`partial`]:
//!   seasons or columns;
//! * [`sens_slope`], [`seasonal_sens_slope`], [`theil_sen`]: the slope;
//! * [`spearman`]: rank correlation by the rules of air and water;
//! * [`pettitt`], [`breaks`]: changes of the level;
//! * [`TrendCatalog`]: names, assumptions and critical values.

mod catalog;
mod change;
mod correlated;
mod kendall;
mod run;
mod seasonal;
mod select;
mod series;
mod slope;
mod spearman;
#[cfg(test)]
mod tests;

pub use catalog::{SpearmanTable, TestWords, TrendCatalog};
pub use change::{Breaks, Partition, Pettitt, breaks, pettitt};
pub use correlated::{hamed_rao, pre_whitening, trend_free_pre_whitening, yue_wang};
pub use kendall::{Kendall, original};
pub use run::{Detail, Options, SlopeWithin, Test, TrendResult, run, run_with};
pub use seasonal::{correlated_multivariate, correlated_seasonal, multivariate, partial, regional, seasonal};
pub use slope::{Slope, TheilSen, columns_slope, seasonal_sens_slope, sens_slope, theil_sen, theil_sen_at};
pub use spearman::{Spearman, spearman};

use crate::error::ModelError;

/// Where a series goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Up, at the level asked for.
    Increasing,
    /// Down, at the level asked for.
    Decreasing,
    /// Neither is shown at the level asked for.
    NoTrend,
}

impl Direction {
    /// By the sign of a statistic, if it is significant.
    pub(crate) fn of(statistic: f64, significant: bool) -> Direction {
        match significant {
            true if statistic > 0.0 => Direction::Increasing,
            true if statistic < 0.0 => Direction::Decreasing,
            _ => Direction::NoTrend,
        }
    }

    /// The word used in files and answers, the same as pymannkendall's.
    pub fn code(self) -> &'static str {
        match self {
            Direction::Increasing => "increasing",
            Direction::Decreasing => "decreasing",
            Direction::NoTrend => "no trend",
        }
    }
}

/// Refuses a level outside of 0 to 1.
pub(crate) fn checked_level(alpha: f64) -> Result<(), ModelError> {
    if alpha > 0.0 && alpha < 1.0 { Ok(()) } else { Err(ModelError::Level(alpha)) }
}
