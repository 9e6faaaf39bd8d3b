//! A plan as data → where every indicator stands in a year, with the reason in words.
//!
//! A plan is a folder of the catalog (`catalog/plans/<id>/`): another city, or the next five-year plan, is
//! another folder. Everything here is a pure function of the plan, the year asked about, the values computed
//! from observations and the values reported with a document; nothing reads a clock. Called by `server`.
//!
//! * [`Plans::load`]: files → plans and problems;
//! * [`plan_status`]: every row of the plan, the past plan's table and the other targets in one year;
//! * [`history`] and [`path`]: one row over the years;
//! * [`budget`]: how many polluted days a year can still afford;
//! * [`coverage`]: what of all that the plan asks for works, is declared, or is missing.

pub mod budget;
pub mod coverage;
pub mod coverage_lists;
mod coverage_load;
pub mod history;
pub mod judge;
pub mod known;
pub mod load;
pub mod model;
pub mod status;
pub mod target;
pub mod value;

#[cfg(test)]
mod coverage_tests;
#[cfg(test)]
mod tests;

pub use budget::{Budget, BudgetTarget, DaysSoFar, budget};
pub use coverage::{Coverage, Known, ProjectRow, RelationRow, SystemRow, SystemState, Totals, coverage, read_stories};
pub use coverage_lists::{PlanActor, PlanBody, PlanCatalog, PlanEntity, PlanProject, PlanRelation, PlanSystem};
pub use history::{HistoryPoint, history, path};
pub use known::{ComputedValue, ReportedKind, ReportedValue, ValueSource, read_reported};
pub use load::{PlanProblem, Plans};
pub use model::{
    Attribute, Direction, Group, PastIndicator, PastTable, Plan, PlanIndicator, PlanTarget, Relation, TextRule,
};
pub use status::{PastRow, PlanRow, PlanStatus, State, TargetRow, plan_status, plan_status_of};
pub use value::{ValueKind, ValueText, print};
