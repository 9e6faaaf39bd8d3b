//! Air: hourly series of an area → judged days → annual indicators, with everything they were made of.
//!
//! * [`air_year`]: series → a judged year; [`air_year_under`] for many areas under rules resolved once;
//! * [`air_value`]: a judged year + a definition → one value; [`annual_statistics`] for city and stations;
//! * [`explain`]: the same value taken apart; [`costs`]: what polluted days are made of;
//! * [`compare`]: two rule sets on the same days; [`ranking`]: stations in order.

pub mod compare;
pub mod completeness;
pub mod cost;
mod course;
pub mod explain;
mod explain_steps;
mod node;
pub mod ranking;
pub mod rules;
pub mod statistic;
pub mod value;
pub mod year;

#[cfg(test)]
mod tests;

pub use compare::{ChangedDay, CompareSide, ComparedDay, Comparison, compare};
pub use completeness::{Completeness, MonthCompleteness};
pub use cost::{Costs, StationCost, costs, primary};
pub use course::{Course, course};
pub use explain::{ExplainedDay, ExplainedExclusion, ExplainedRule, Explanation, explain};
pub use ranking::{AnnualStatistics, RankedStation, annual_statistics, ranking};
pub use rules::{DayRules, RulesChoice, YearRules};
pub use value::{AirValue, RuleRef, air_value, composite_parts, days_so_far};
pub use year::{AirYear, CityDay, CityItem, StationDay, StationYear, air_year, air_year_under};
