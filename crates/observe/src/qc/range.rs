//! Values against fixed spans: gross range, and climatology with spans by month.

use super::flag::QcFlag;
use super::series::Times;
use domain::Instant;

/// Two spans, the inner one optional.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spans {
    /// Below or above: fail [unit of the series].
    pub fail: Option<(f64, f64)>,
    /// Below or above: suspect [unit of the series].
    pub suspect: Option<(f64, f64)>,
}

/// Spans of a climatology by month of the year, in UTC+8.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Climatology {
    /// January first; months without a span are not evaluated.
    pub months: [Option<Spans>; 12],
}

impl Spans {
    /// The flag of one value.
    #[inline]
    pub fn at(&self, value: f64) -> QcFlag {
        if !value.is_finite() {
            QcFlag::Missing
        } else if self.fail.is_some_and(|(low, high)| value < low || value > high) {
            QcFlag::Fail
        } else if self.suspect.is_some_and(|(low, high)| value < low || value > high) {
            QcFlag::Suspect
        } else {
            QcFlag::Good
        }
    }
}

/// Gross range test: outside the fail span fails, outside the suspect span is suspect; the ends belong to the spans.
///
/// Reference: QARTOD test 4 (gross range); `ioos-qc` 3.0.0, `gross_range_test`.
pub fn gross_range(values: &[f64], spans: &Spans, out: &mut [QcFlag]) {
    // Spans without ends compare with infinity, so that the loop has no branch.
    const ALL: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
    let (fail_low, fail_high) = spans.fail.unwrap_or(ALL);
    let (low, high) = spans.suspect.unwrap_or(ALL);
    for (&value, flag) in values.iter().zip(out) {
        let mut number = QcFlag::Good;
        number = if (value < low) | (value > high) { QcFlag::Suspect } else { number };
        number = if (value < fail_low) | (value > fail_high) { QcFlag::Fail } else { number };
        *flag = if value.is_finite() { number } else { QcFlag::Missing };
    }
}

impl Climatology {
    /// The flag of one value.
    pub fn at(&self, ms: i64, value: f64) -> QcFlag {
        let month = Instant(ms).civil().0.month().month_of_year();
        match &self.months[(month - 1) as usize] {
            Some(spans) => spans.at(value),
            None if value.is_finite() => QcFlag::Unknown,
            None => QcFlag::Missing,
        }
    }
}

/// Climatology test: the gross range test with the spans of the month; unknown in a month without spans.
///
/// Reference: QARTOD test 5 (climatology); `ioos-qc` 3.0.0, `climatology_test` with `period = "month"`, except that it
/// calls a missing value of such a month good.
pub fn climatology(values: &[f64], times: &Times, climate: &Climatology, out: &mut [QcFlag]) {
    for (index, (&value, flag)) in values.iter().zip(out).enumerate() {
        *flag = climate.at(times.ms(index), value);
    }
}
