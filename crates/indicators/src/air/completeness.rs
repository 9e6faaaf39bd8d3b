//! How complete a year of day values is, month by month, against what the standard needs.

use domain::{Day, Month, Year};
use standards::AirEvaluation;

/// Completeness of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completeness {
    /// Valid days.
    pub days: u32,
    /// Days of the year.
    pub of: u32,
    /// Valid days needed.
    pub needed: u32,
    /// Each month.
    pub months: Vec<MonthCompleteness>,
    /// Whether year and every month have what they need.
    pub valid: bool,
}

/// Completeness of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthCompleteness {
    /// The month.
    pub month: Month,
    /// Valid days.
    pub days: u32,
    /// Valid days needed.
    pub needed: u32,
}

/// Counts the valid days of a year.
///
/// Reference: GB 3095, table 4: at least `year_days` day values in the year and `month_days` in every
/// month (`february_days` in February).
pub fn completeness(evaluation: &AirEvaluation, year: Year, valid: impl Iterator<Item = Day>) -> Completeness {
    let needs = &evaluation.completeness;
    let first = year.first_day().month();
    let mut months = Vec::with_capacity(12);
    let mut ends = [Day(0); 12];
    for (index, end) in ends.iter_mut().enumerate() {
        let month = Month(first.0 + index as i32);
        let needed = if month.month_of_year() == 2 { needs.february_days } else { needs.month_days };
        *end = Day(month.first_day().0 + month.days() as i32);
        months.push(MonthCompleteness { month, days: 0, needed });
    }
    let (from, to) = (year.first_day(), year.last_day());
    let mut at = 0;
    for day in valid.filter(|day| (from..=to).contains(day)) {
        // Days come in order, so the month is nearly always the one before.
        if day >= ends[at] || at > 0 && day < ends[at - 1] {
            at = ends.partition_point(|end| *end <= day);
        }
        months[at].days += 1;
    }
    let days = months.iter().map(|month| month.days).sum();
    let enough = days >= needs.year_days && months.iter().all(|month| month.days >= month.needed);
    Completeness { days, of: year.len(), needed: needs.year_days, months, valid: enough }
}
