//! One row of a plan over the years: what is known of it, and the straight line to its target.

use crate::plan::known::{ComputedValue, ReportedKind, ValueSource, by_year, read_reported};
use crate::plan::model::{Plan, PlanIndicator};
use crate::plan::value::ValueText;
use domain::{Confidence, Fixed, Ratio, Record};

/// A value of one year. A year with several values has several points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPoint {
    /// Year.
    pub year: i16,
    /// The value.
    pub value: ValueText,
    /// Computed or reported.
    pub source: ValueSource,
    /// Kind of report; `computed` for values of this software.
    pub kind: ReportedKind,
    /// The document of a reported value.
    pub document: Option<String>,
    /// Confidence.
    pub confidence: Confidence,
    /// Whether a computed value rests on complete data.
    pub valid: bool,
    /// Whether this point is the one that is judged among those of its year.
    pub prevails: bool,
}

/// Everything known of row `no`, in order of years, the prevailing value of a year first.
///
/// The plan's own base value stands in where the records lack one for its year.
pub fn history(plan: &Plan, no: u16, computed: &[ComputedValue], reported: &[Record]) -> Vec<HistoryPoint> {
    let Some(row) = plan.row(no) else { return Vec::new() };
    let (values, _) = read_reported(reported);
    let mut points = Vec::new();
    for (year, own) in by_year(&values, computed, |name| row.is_called(name)) {
        let chosen = own.chosen(plan, year, row.digits);
        let first = points.len();
        for value in &own.reported {
            points.push(HistoryPoint {
                year,
                value: value.value.clone(),
                source: ValueSource::Reported,
                kind: value.kind,
                document: Some(value.document.clone()).filter(|document| !document.is_empty()),
                confidence: Confidence::Confirmed,
                valid: true,
                prevails: false,
            });
        }
        if let Some(value) = own.computed {
            points.push(HistoryPoint {
                year,
                value: ValueText::of_number(value.value.unwrap_or_default(), row.digits),
                source: ValueSource::Computed,
                kind: ReportedKind::Computed,
                document: None,
                confidence: value.confidence,
                valid: value.valid,
                prevails: false,
            });
        }
        let best = chosen.and_then(|best| {
            points[first..].iter().position(|point| point.source == best.source && point.kind == best.kind)
        });
        if let Some(best) = best {
            points[first..].swap(0, best);
            points[first].prevails = true;
        }
    }
    with_base(plan, row, points)
}

fn with_base(plan: &Plan, row: &PlanIndicator, mut points: Vec<HistoryPoint>) -> Vec<HistoryPoint> {
    if row.base.is_absent() || points.iter().any(|point| point.year == row.base_year) {
        return points;
    }
    let at = points.partition_point(|point| point.year < row.base_year);
    points.insert(at, base_point(plan, row));
    points
}

fn base_point(plan: &Plan, row: &PlanIndicator) -> HistoryPoint {
    HistoryPoint {
        year: row.base_year,
        value: row.base.clone(),
        source: ValueSource::Reported,
        kind: ReportedKind::Official,
        document: Some(base_document(plan, row)),
        confidence: Confidence::Confirmed,
        valid: true,
        prevails: true,
    }
}

/// The plan and the line that print a row.
pub(crate) fn base_document(plan: &Plan, row: &PlanIndicator) -> String {
    format!("{}，第{}行", plan.title.zh, row.line)
}

/// The straight line from base to goal, one point a year; `None` where the plan gives no two numbers.
///
/// ```text
/// p(y) = b + (g − b) · (y − y_b) / (y_t − y_b)     [unit of the row]
/// ```
/// b base value [unit], g goal [unit], y_b base year, y_t target year. It is a reading aid, not a target: the
/// plan sets none for the years between.
pub fn path(row: &PlanIndicator) -> Vec<(i16, Option<Fixed>)> {
    (row.base_year..=row.target_year).map(|year| (year, path_at(row, year))).collect()
}

/// The path's value of a year, to six places.
pub(crate) fn path_at(row: &PlanIndicator, year: i16) -> Option<Fixed> {
    path_exact(row, year).map(|exact| exact.round(domain::fixed::PLACES))
}

/// The path's value of a year, exactly; `None` outside of the plan's years.
pub(crate) fn path_exact(row: &PlanIndicator, year: i16) -> Option<Ratio> {
    let (start, goal) = (row.start()?, row.goal()?);
    row.relation()?;
    let span = i128::from(row.target_year) - i128::from(row.base_year);
    let passed = i128::from(year) - i128::from(row.base_year);
    if span <= 0 || passed < 0 || passed > span {
        return None;
    }
    let rise = i128::from(goal.millionths()) - i128::from(start.millionths());
    let num = i128::from(start.millionths()) * span + rise * passed;
    Some(Ratio::new(num, span * i128::from(domain::fixed::ONE)))
}
