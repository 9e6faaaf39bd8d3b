//! Air: hourly series of an area → judged days → annual indicators, with everything they were made of.

pub mod completeness;
pub mod cost;
pub mod rules;
pub mod statistic;
pub mod value;
pub mod year;

pub use completeness::{Completeness, MonthCompleteness};
pub use cost::{Costs, StationCost, costs};
pub use rules::{DayRules, RulesChoice, YearRules};
pub use value::{AirValue, RuleRef, air_value};
pub use year::{AirYear, CityDay, CityItem, StationDay, StationYear, air_year};
