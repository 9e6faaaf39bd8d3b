//! An air indicator → what each day of the year adds to it, so that the rest of the year can be foretold.

use crate::air::value::{belongs, item_value};
use crate::air::year::AirYear;
use crate::definition::{Definition, Method, Statistic};
use domain::Day;

/// Day by day, as assessed.
#[derive(Clone, Debug, PartialEq)]
pub enum Course {
    /// Whether a judged day is of the class that is counted.
    Share(Vec<(Day, Option<bool>)>),
    /// The day's value, in the unit of the item.
    Mean(Vec<(Day, Option<f64>)>),
}

/// The course of an indicator in a year; `None` for indicators that are neither a share of days nor a mean.
pub fn course(year: &AirYear, definition: &Definition) -> Option<Course> {
    match &definition.method {
        Method::DayShare(class) => {
            Some(Course::Share(year.city.iter().map(|day| (day.day, belongs(year, day, class, true))).collect()))
        }
        Method::DayStatistic { item, statistic: Statistic::Mean } => {
            let value = |day| item_value(year, day, item, true).map(|value| value.to_f64());
            Some(Course::Mean(year.city.iter().map(|day| (day.day, value(day))).collect()))
        }
        _ => None,
    }
}
