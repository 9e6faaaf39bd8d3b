//! Levels of days and nights of zone points → the share of point-times that meet the limits of their zone.

use crate::definition::Definition;
use crate::graph::{MonthValue, NodeValue, Part, PointMonth, Reader, Source};
use crate::media::bench::{Bench, Benches};
use crate::media::indicators::frame::{Of, framed};
use crate::media::indicators::words;
use crate::media::look::Look;
use crate::media::medium_year::percent;
use crate::media::month::last_day;
use crate::media::point_year::PointYear;
use serde::Deserialize;
use standards::media::Reading;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Which levels are counted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which points.
    pub of: Of,
    /// Parameter: the level of the day or of the night.
    pub parameter: String,
}

/// Point-times of a point: those that meet their limit, and all.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    met: u32,
    all: u32,
}

pub(crate) fn compute(rule: &Rule, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
    let points = rule.of.points(reader);
    if points.list.is_empty() {
        return rule.of.no_points();
    }
    let look: &dyn Look = reader;
    let end = points.through.unwrap_or(look.year().last_day().month());
    let Some((rules, _)) = look.catalog().monitoring(rule.of.medium.code(), last_day(end)) else {
        return NodeValue::absent(words::no_rule(rule.of.medium.code()));
    };
    let benches = Benches::new(look.catalog(), rules);
    let times: Vec<Times> = points.list.iter().map(|own| times_of(rule, look, &benches, own)).collect();
    let (met, all) = times.iter().fold((0, 0), |(met, all), own| (met + own.met, all + own.all));
    let known = times.iter().filter(|own| own.all > 0).count() as u32;
    let why = words::point_times(met, all, known, points.list.len() as u32);
    let mut value = framed(definition, &points, percent(met, all), why);
    value.n = known;
    value.counts = words::counted(rule.of.medium);
    value.valid = known > 0 && known == value.of && points.is_whole_year();
    value.parts = points
        .list
        .iter()
        .zip(&times)
        .map(|(own, times)| Part {
            feature: own.point.code.clone(),
            name: own.point.name(),
            value: format!("{}/{}", times.met, times.all),
            met: (times.all > 0).then_some(times.met == times.all),
            contribution: percent(times.met, all).filter(|_| times.all > 0),
            why: words::zone_times(&own.point.kind, times.met, times.all),
            counted: times.all > 0,
        })
        .collect();
    value
}

/// The day (or night) levels of a point's year against the limits of its zone. A month without day levels counts its
/// own level as one point-time.
fn times_of(rule: &Rule, look: &dyn Look, benches: &Benches<'_>, own: &PointYear) -> Times {
    let mut times = Times::default();
    for verdict in &own.months {
        let Some(month) = look.month(&own.point.code, verdict.month) else { continue };
        let Some(bench) = benches.of(&verdict.kind, last_day(verdict.month)).into_iter().next() else { continue };
        for level in levels(month, &rule.parameter) {
            if let Some(met) = meets(&bench, &rule.parameter, level) {
                times.all += 1;
                times.met += u32::from(met);
            }
        }
    }
    times
}

fn levels(month: &PointMonth, parameter: &str) -> Vec<Reading> {
    match month.days.get(parameter) {
        Some(days) if !days.is_empty() => days.values().copied().collect(),
        _ => month.values.get(parameter).map(|own| own.reading).into_iter().collect(),
    }
}

fn meets(bench: &Rc<Bench<'_>>, parameter: &str, reading: Reading) -> Option<bool> {
    let value = MonthValue { reading, source: Source::Automatic, n: 1, of: 1 };
    bench.judge(&BTreeMap::from([(parameter.to_string(), value)]), None).good
}
