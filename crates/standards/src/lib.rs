//! Observations → verdicts: a catalog of dated national standards, and the methods that apply them.
//!
//! Every number of a standard stands in `catalog/<id>/` with its clause, dates in force, source, confidence
//! and worked cases; nothing here knows a pollutant. A rule set (`catalog/rule-sets/<id>/`) names the
//! standards that judge together, and the date of the data picks it. Called by `indicators` (days and
//! years), `lake` (the columnar kernel) and `server` (listing, stateless evaluation, `catalog check`).

pub mod air;
pub mod cases;
pub mod catalog;
pub mod ecology;
pub mod media;
pub mod methods;
pub mod monitoring;
pub mod online;
pub mod problem;
pub mod rule_set;
mod sheet;
pub mod soil;
pub mod standard;
pub mod water;

pub use air::composite::{CompositeItem, CompositeRule};
pub use air::evaluation::{
    AirEvaluation, Annual, CompletenessNeeds, DayStatistic, EvaluationItem, FewStations, TrendCritical,
};
pub use air::index::{AirIndex, AqiCell, Evaluated, IndexItem, Level, Missing, Period, SensitiveGroup};
pub use air::kernel::AqiColumns;
pub use air::limits::{AirLimits, Condition, Limit};
pub use cases::CaseResult;
pub use catalog::Catalog;
pub use online::OnlineRules;
pub use problem::CatalogProblem;
pub use rule_set::{RuleSet, StandardRef};
pub use standard::{Clause, Kind, Standard, TableInfo};
