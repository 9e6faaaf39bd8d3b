//! Points of black-odorous water bodies → how many bodies still are, and their share.

use crate::definition::Definition;
use crate::graph::{NodeValue, Part, Reader};
use crate::media::indicators::frame::{Of, framed};
use crate::media::indicators::words;
use crate::media::medium_year::percent;
use crate::media::point_year::PointYear;
use domain::{Ratio, Text};
use serde::Deserialize;
use standards::Catalog;
use standards::water::RollUp;
use std::collections::BTreeMap;

/// Which bodies, and what of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which points.
    pub of: Of,
    /// A share or a count.
    pub give: Give,
    /// Which data of the year decide; the other account stands beside.
    pub take: Take,
    /// How points make a body severe, by the id of its standard; without it only black-odorous or not.
    #[serde(default)]
    pub roll_up: Option<String>,
}

/// What is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Give {
    /// Black-odorous bodies of all that are listed and judged [%].
    Share,
    /// How many are black-odorous.
    Count,
}

/// Which data of the year decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Take {
    /// Those of the last month with data.
    Latest,
    /// The worst month.
    Worst,
}

/// A water body.
#[derive(Debug)]
struct Body {
    name: String,
    latest: Option<bool>,
    worst: Option<bool>,
    severe: Option<bool>,
    points: usize,
}

pub(crate) fn compute(rule: &Rule, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
    let points = rule.of.points(reader);
    if points.list.is_empty() {
        return rule.of.no_points();
    }
    let roll_up = match &rule.roll_up {
        Some(id) => match reader.standards(id).roll_up(id) {
            Some(found) => Some(found),
            None => return NodeValue::absent(words::no_rule(id)),
        },
        None => None,
    };
    let mut groups: BTreeMap<&str, Vec<&PointYear>> = BTreeMap::new();
    for own in &points.list {
        let body = if own.point.water_body.is_empty() { &own.point.code } else { &own.point.water_body };
        groups.entry(body).or_default().push(own);
    }
    let catalog = reader.catalog();
    let bodies: Vec<Body> = groups.into_iter().map(|(name, points)| body(catalog, name, &points, roll_up)).collect();
    let count = |take: Take| {
        let known: Vec<bool> = bodies.iter().filter_map(|own| own.black(take)).collect();
        (known.iter().filter(|black| **black).count() as u32, known.len() as u32)
    };
    let give = |(black, known): (u32, u32)| match rule.give {
        Give::Share => percent(black, known),
        Give::Count => (known > 0).then(|| Ratio::new(i128::from(black), 1)),
    };
    let (black, known) = count(rule.take);
    let other = if rule.take == Take::Latest { Take::Worst } else { Take::Latest };
    let why = words::bodies(black, known, bodies.len() as u32);
    let mut value = framed(definition, &points, give((black, known)), why);
    (value.n, value.of) = (known, bodies.len() as u32);
    value.counts = Text::new("水体", "water bodies");
    value.valid = known > 0 && known == value.of;
    value.variants.push((words::black_by(other == Take::Worst), give(count(other)).map(|own| own.round(value.digits))));
    if let Some(rule) = roll_up {
        value.standards.push(rule.id.clone());
        value.confidence = value.confidence.and(rule.confidence);
    }
    let share = give((1, known));
    value.parts = bodies
        .iter()
        .map(|own| {
            let black = own.black(rule.take);
            let zero = Ratio::new(0, 1);
            Part {
                feature: own.name.clone(),
                name: Text::new(&own.name, &own.name),
                value: words::black(black, own.severe).zh,
                met: black.map(|black| !black),
                contribution: black.and_then(|black| share.map(|share| if black { share } else { zero })),
                why: words::body(own.points, own.latest, own.worst),
                counted: black.is_some(),
            }
        })
        .collect();
    value
}

impl Body {
    fn black(&self, take: Take) -> Option<bool> {
        match take {
            Take::Latest => self.latest,
            Take::Worst => self.worst,
        }
    }
}

/// A body by its points: black-odorous where any of them is.
fn body(catalog: &Catalog, name: &str, points: &[&PointYear], roll_up: Option<&RollUp>) -> Body {
    let latest = points.iter().filter_map(|own| latest(own));
    let last = latest.clone().map(|(month, _)| month).max();
    let now: Vec<bool> = latest.filter(|(month, _)| Some(*month) == last).map(|(_, black)| black).collect();
    let ever: Vec<bool> = points.iter().filter_map(|own| own.good.map(|good| !good)).collect();
    let any = |list: &[bool]| (!list.is_empty()).then(|| list.iter().any(|black| *black));
    let severe = roll_up.map(|rule| {
        let points: Vec<bool> = points.iter().map(|own| rule.point_severe(&severe_data(catalog, own))).collect();
        let grade = rule.body(&points);
        grade.body_severe || grade.severe.contains(&true)
    });
    Body { name: name.to_string(), latest: any(&now), worst: any(&ever), severe, points: points.len() }
}

/// The last month of a point with data, and whether it was black-odorous.
fn latest(own: &PointYear) -> Option<(domain::Month, bool)> {
    own.months.iter().rev().find_map(|month| Some((month.month, !month.good?)))
}

/// For each index, how many of its months are at the last grade, of how many.
fn severe_data(catalog: &Catalog, own: &PointYear) -> Vec<(u32, u32)> {
    let mut counts: BTreeMap<usize, (u32, u32)> = BTreeMap::new();
    for judged in own.months.iter().filter_map(|month| month.judged.first()) {
        let Some(last) = catalog.limits(&judged.standard).map(|limits| limits.classes.len()) else { continue };
        for item in &judged.verdict.items {
            let (severe, all) = counts.entry(item.item).or_default();
            *all += 1;
            *severe += u32::from(item.class == last);
        }
    }
    counts.into_values().collect()
}
