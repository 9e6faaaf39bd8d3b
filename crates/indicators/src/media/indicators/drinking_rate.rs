//! Drinking sources → how many of them, or how much of their water, meets the standard.

use crate::definition::Definition;
use crate::graph::{NodeValue, Part, Reader};
use crate::media::indicators::frame::{Of, Stated, framed, part};
use crate::media::indicators::words;
use crate::media::point_year::PointYear;
use domain::Ratio;
use serde::Deserialize;
use standards::water::{DrinkingSource, drinking_rates};

/// Which sources, and which of the two accounts is the value; the other stands beside it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which points.
    pub of: Of,
    /// By number or by volume.
    pub by: By,
    /// Item of a fact: water taken from a source in a year.
    pub volume: String,
}

/// How sources are weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Each source counts once.
    Number,
    /// By the water that is taken.
    Volume,
}

pub(crate) fn compute(rule: &Rule, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
    let points = rule.of.points(reader);
    if points.list.is_empty() {
        return rule.of.no_points();
    }
    let period = reader.year().to_string();
    let mut facts = Stated::default();
    let source = |own: &PointYear| DrinkingSource {
        meets: own.good.filter(|_| own.enough(points.elapsed)),
        volume: facts.number(reader, &own.point.code, &rule.volume, &period),
    };
    let sources: Vec<DrinkingSource> = points.list.iter().map(source).collect();
    let rates = drinking_rates(&sources);
    let (exact, other, title) = match rule.by {
        By::Number => (rates.by_number, rates.by_volume, words::by_volume()),
        By::Volume => (rates.by_volume, rates.by_number, words::by_number()),
    };
    let why =
        words::sources(rates.met, rates.judged, points.list.len() as u32, rule.by == By::Volume && exact.is_none());
    let mut value = framed(definition, &points, exact, why);
    value.n = rates.judged;
    value.counts = words::counted(rule.of.medium);
    value.valid = exact.is_some() && value.n == value.of && points.is_whole_year();
    value.variants.push((title, other.map(|other| other.round(value.digits))));
    let whole = sources.iter().filter(|own| own.meets.is_some()).filter_map(|own| own.volume).fold(zero(), Ratio::plus);
    for (own, source) in points.list.iter().zip(&sources) {
        let met = source.meets == Some(true);
        let weight = match rule.by {
            By::Number => Some(Ratio::new(100, i128::from(rates.judged.max(1)))),
            By::Volume => source.volume.filter(|_| whole.num() > 0).map(|own| own.times(100).divided_by(whole)),
        };
        let contribution = weight.map(|own| if met { own } else { zero() }).filter(|_| source.meets.is_some());
        let met = source.meets;
        let shown = words::meets(own.good);
        value.parts.push(Part { met, contribution, value: shown.zh.clone(), ..part(reader, own, met.is_some()) });
    }
    facts.into_value(&mut value);
    value.notes.extend(points.list.iter().flat_map(|own| own.notes.iter().map(|note| words::of_point(own, note))));
    value
}

fn zero() -> Ratio {
    Ratio::new(0, 1)
}
