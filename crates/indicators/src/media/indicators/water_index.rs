//! Judged sections → the index that cities are ranked by: rivers and lakes each from the means of their sections.

use crate::definition::Definition;
use crate::graph::{NodeValue, Part, Reader};
use crate::media::bench::Benches;
use crate::media::bodies::year_values;
use crate::media::indicators::frame::{Of, framed, part};
use crate::media::indicators::words;
use crate::media::month::last_day;
use crate::media::point_year::PointYear;
use domain::{Day, Ratio, Text};
use serde::Deserialize;
use standards::media::{Limits, Sample};
use standards::water::{MeanWay, WaterIndex, mean_sample};

/// Which index, of which points.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which points.
    pub of: Of,
    /// Standard of the index.
    pub index: String,
}

pub(crate) fn compute(rule: &Rule, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
    let points = rule.of.points(reader);
    if points.list.is_empty() {
        return rule.of.no_points();
    }
    let catalog = reader.standards(&rule.index);
    let end = last_day(points.through.unwrap_or(reader.year().last_day().month()));
    let (Some(index), Some((rules, _))) =
        (catalog.water_index(&rule.index), catalog.monitoring(rule.of.medium.code(), end))
    else {
        return NodeValue::absent(words::no_rule(&rule.index));
    };
    let benches = Benches::new(catalog, rules);
    let used: Vec<bool> = points.list.iter().map(|own| own.enough(points.elapsed)).collect();
    let (mut rivers, mut lakes) = (Vec::new(), Vec::new());
    for (own, used) in points.list.iter().zip(&used) {
        if let (true, Some(sample)) = (used, unrounded(&benches, own, end)) {
            let side = if rules.lakes.contains(&own.point.kind) { &mut lakes } else { &mut rivers };
            side.push(sample);
        }
    }
    let (river, lake) = (side_index(index, &benches, &rivers), side_index(index, &benches, &lakes));
    let count = |samples: &[(&Limits, Sample)]| samples.len() as u32;
    let exact = match (&river, &lake) {
        (Err(_), _) | (_, Err(_)) => None,
        (Ok(river), Ok(lake)) => index.city((*river, count(&rivers)), (*lake, count(&lakes))),
    };
    let missing: Vec<Text> =
        [&river, &lake].into_iter().filter_map(|own| own.as_ref().err()).flatten().cloned().collect();
    let why = words::index(count(&rivers), count(&lakes), &missing);
    let mut value = framed(definition, &points, exact, why);
    value.n = count(&rivers) + count(&lakes);
    value.counts = words::counted(rule.of.medium);
    value.valid = exact.is_some() && value.n == value.of && points.is_whole_year();
    value.confidence = value.confidence.and(index.confidence);
    value.standards.push(rule.index.clone());
    value.parts = points
        .list
        .iter()
        .zip(&used)
        .map(|(own, used)| {
            let sample = unrounded(&benches, own, end);
            let alone = sample.and_then(|(limits, sample)| index.index(limits, &sample).ok());
            let shown = alone.map_or_else(|| own.class_id.clone(), |own| own.round(value.digits).to_string());
            Part { value: shown, ..part(reader, own, *used) }
        })
        .collect();
    value
}

/// The index of the mean of some sections; the error is the names of the items that are missing.
fn side_index(
    index: &WaterIndex,
    benches: &Benches<'_>,
    samples: &[(&Limits, Sample)],
) -> Result<Option<Ratio>, Vec<Text>> {
    let Some((limits, _)) = samples.first() else { return Ok(None) };
    let evaluation = benches.rules.evaluation.as_deref().and_then(|id| benches.catalog.surface_evaluation(id));
    let way = |item: &str| evaluation.map_or(MeanWay::default(), |own| own.mean_way(item));
    let samples: Vec<Sample> = samples.iter().map(|(_, own)| own.clone()).collect();
    let Some(mean) = mean_sample(limits, &samples, way) else { return Ok(None) };
    let name = |code: &String| limits.item(code).map_or_else(|| Text::new(code, code), |item| item.name.clone());
    index.index(limits, &mean).map(Some).map_err(|missing| missing.iter().map(name).collect())
}

/// The year's values of a section as a sample, not rounded, with the limits that judge it.
fn unrounded<'a>(benches: &Benches<'a>, own: &PointYear, end: Day) -> Option<(&'a Limits, Sample)> {
    let bench = benches.of(&own.point.kind, end).into_iter().next()?;
    (!own.values.is_empty()).then(|| (bench.limits, bench.sample(&year_values(own))))
}
