//! A series → flags beside its values, by the tests of QARTOD and a few that air and water monitoring adds.
//!
//! Values are never changed: a flag stands beside each, with the test that set it. Limits are rows of
//! `catalog/qc/*.csv` by parameter and kind of site; [`QcCatalog::for_series`] makes the [`QcPlan`] of a series, [`run`]
//! tests a whole series, [`QcState`] one point at a time with the same result. `server` calls both.
//!
//! Range, climatology, spike, rate, flat line and attenuated signal give what `ioos-qc` 3.0.0 gives, point for point.

pub mod attenuated;
pub mod beside;
pub mod catalog;
pub mod drift;
pub mod flag;
pub mod flat;
pub mod gap;
pub mod plan;
pub mod range;
pub mod rate;
mod row;
pub mod run;
pub mod series;
pub mod spike;
pub mod state;
pub mod words;

#[cfg(test)]
mod tests;

pub use beside::Beside;
pub use catalog::QcCatalog;
pub use flag::{QcFlag, QcFlags, TestKind};
pub use plan::{PlannedTest, QcPlan, QcTest};
pub use run::{Companions, aggregate, run};
pub use series::{QcSeries, Times};
pub use state::{Arrived, QcState};
