//! Flows of days or months → how often the ecological flow was there, at each control point and in all.

use crate::definition::Definition;
use crate::graph::{NodeValue, Part, Reader};
use crate::media::indicators::frame::{Of, Stated, framed};
use crate::media::indicators::words;
use crate::media::look::Look;
use crate::media::point_year::PointYear;
use domain::{Month, Ratio, RatioSum, Year};
use serde::Deserialize;
use standards::media::{Reading, exact};
use standards::water::{FlowSatisfaction, flow_satisfaction};

/// How satisfaction is counted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which points.
    pub of: Of,
    /// Parameter of the flow.
    pub parameter: String,
    /// Means of days or of months; the other stands beside.
    pub by: By,
    /// How the points become one value.
    pub how: How,
    /// What each point must reach [%].
    pub at_least: String,
    /// Item of a fact: the target of a month or a year; without one the register's.
    pub target: String,
}

/// Which means are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Day means.
    Days,
    /// Month means.
    Months,
}

/// How the points become one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The least of them.
    Min,
    /// Their arithmetic mean.
    Mean,
}

pub(crate) fn compute(rule: &Rule, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
    let points = rule.of.points(reader);
    if points.list.is_empty() {
        return rule.of.no_points();
    }
    let least = exact(&rule.at_least).unwrap_or(Ratio::new(100, 1));
    let mut rates = Vec::new();
    let mut parts = Vec::new();
    let mut facts = Stated::default();
    for own in &points.list {
        let rate = rate_of(rule, reader, own, &mut facts, (points.elapsed, rule.by));
        let share = rate.as_ref().and_then(|own| own.rate);
        parts.push(Part {
            feature: own.point.code.clone(),
            name: own.point.name(),
            value: share.map_or_else(String::new, |share| format!("{} %", share.round(1))),
            met: share.map(|share| share >= least),
            contribution: None,
            why: words::flow(rate, &own.point.target, rule.by == By::Days),
            counted: share.is_some(),
        });
        rates.push(share);
    }
    let other = if rule.by == By::Days { By::Months } else { By::Days };
    let beside: Vec<Option<Ratio>> = points
        .list
        .iter()
        .map(|own| rate_of(rule, reader, own, &mut facts, (points.elapsed, other)).and_then(|own| own.rate))
        .collect();
    let known = rates.iter().flatten().count() as u32;
    let why = words::flow_points(known, points.list.len() as u32, rule.how == How::Min);
    let mut value = framed(definition, &points, together(&rates, rule.how), why);
    (value.n, value.parts) = (known, parts);
    value.counts = words::counted(rule.of.medium);
    value.valid = known > 0 && known == value.of && points.is_whole_year();
    value
        .variants
        .push((words::flow_by(other == By::Days), together(&beside, rule.how).map(|own| own.round(value.digits))));
    facts.into_value(&mut value);
    value.notes.push(words::flow_reading());
    value
}

fn together(rates: &[Option<Ratio>], how: How) -> Option<Ratio> {
    match how {
        How::Min => rates.iter().flatten().copied().min(),
        How::Mean => {
            let mut sum = RatioSum::default();
            rates.iter().flatten().for_each(|rate| sum.add(*rate));
            sum.mean()
        }
    }
}

/// How often a point reached its target; `None` without a target.
fn rate_of(
    rule: &Rule,
    reader: &Reader<'_>,
    own: &PointYear,
    facts: &mut Stated,
    (elapsed, by): (u32, By),
) -> Option<FlowSatisfaction> {
    let look: &dyn Look = reader;
    let code = &own.point.code;
    let year = look.year();
    let whole = facts.number(reader, code, &rule.target, &year.to_string()).or_else(|| written(&own.point.target));
    let mut flows: Vec<(Option<Ratio>, Ratio)> = Vec::new();
    for month in months(year, elapsed) {
        let stated = facts.number(reader, code, &rule.target, &period(month));
        let Some(target) = stated.or(whole) else { continue };
        let found = look.month(code, month);
        match by {
            By::Months => {
                let reading = found.and_then(|own| own.values.get(&rule.parameter)).map(|own| own.reading);
                flows.push((reading.and_then(number), target));
            }
            By::Days => {
                let days = found.and_then(|own| own.days.get(&rule.parameter));
                let known = days.into_iter().flatten().map(|(_, reading)| (number(*reading), target));
                let before = flows.len();
                flows.extend(known);
                let missing = (month.days() as usize).saturating_sub(flows.len() - before);
                flows.extend(std::iter::repeat_n((None, target), missing));
            }
        }
    }
    (!flows.is_empty()).then(|| flow_satisfaction(&flows))
}

fn months(year: Year, elapsed: u32) -> impl Iterator<Item = Month> {
    let first = year.first_day().month().0;
    (first..first + elapsed as i32).map(Month)
}

/// The period of a fact of a month.
fn period(month: Month) -> String {
    format!("{}-{:02}", month.year(), month.month_of_year())
}

/// A target as the register writes it: a number, its unit behind it is left alone.
fn written(text: &str) -> Option<Ratio> {
    let text = text.trim().trim_start_matches(['≥', '>', '=']).trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    exact(&text[..end])
}

fn number(reading: Reading) -> Option<Ratio> {
    crate::media::combine::value(reading)
}
