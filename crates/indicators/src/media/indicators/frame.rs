//! What the methods of monitored points share: which points, how complete they are, what is said of them.

use crate::definition::Definition;
use crate::graph::{NodeValue, Part, Reader};
use crate::media::indicators::words;
use crate::media::medium_year::{Points, Selection, points_of};
use crate::media::point_year::PointYear;
use domain::{Fact, Medium, Ratio, Text};
use serde::{Deserialize, Deserializer};

/// Which points an indicator is made of; part of its `params`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    /// Medium.
    #[serde(deserialize_with = "medium")]
    pub medium: Medium,
    /// Only points of this network of the register; empty: all.
    #[serde(default)]
    pub network: String,
    /// Only points of these kinds; empty: all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Months that a year needs; without it those of the medium's rules.
    #[serde(default)]
    pub months: Option<u32>,
}

fn medium<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Medium, D::Error> {
    let code = String::deserialize(deserializer)?;
    Medium::from_code(&code).ok_or_else(|| {
        let known = Medium::ALL.map(Medium::code).join(", ");
        serde::de::Error::custom(format!("`{code}` is no medium; use {known}"))
    })
}

impl Of {
    /// The points judged.
    pub fn points(&self, reader: &Reader<'_>) -> Points {
        let selection = Selection {
            network: Some(self.network.clone()).filter(|own| !own.is_empty()),
            kinds: self.kinds.clone(),
            needed: self.months,
            ..Selection::default()
        };
        let points = points_of(reader, self.medium, &selection);
        // Whoever uses a standard writes it down, so that its change is a change of the value.
        points.list.iter().flat_map(|own| &own.standards).for_each(|id| {
            reader.standards(id);
        });
        points
    }

    /// No value, since no such point is registered.
    pub fn no_points(&self) -> NodeValue {
        NodeValue::absent(words::no_points(self.medium, &self.network))
    }
}

/// A value or its absence with everything that its points have in common.
pub(crate) fn framed(definition: &Definition, points: &Points, exact: Option<Ratio>, why: Text) -> NodeValue {
    let digits = definition.digits.unwrap_or(1);
    let mut value = match exact {
        Some(exact) => NodeValue::of(exact, digits, why),
        None => NodeValue { digits, ..NodeValue::absent(why) },
    };
    value.of = points.list.len() as u32;
    for own in &points.list {
        value.confidence = value.confidence.and(own.confidence);
        value.simulated |= own.simulated;
        for id in &own.standards {
            if !value.standards.contains(id) {
                value.standards.push(id.clone());
            }
        }
        if !own.point.document.is_empty() && !value.documents.contains(&own.point.document) {
            value.documents.push(own.point.document.clone());
        }
    }
    if exact.is_some() && !points.is_whole_year() {
        value.notes.push(words::year_so_far(points.elapsed));
    }
    value
}

/// A judged point as a part of a value: its class, whether it is good, and why.
pub(crate) fn part(reader: &Reader<'_>, own: &PointYear, counted: bool) -> Part {
    let target_met = || meets_target(reader, own);
    Part {
        feature: own.point.code.clone(),
        name: own.point.name(),
        value: own.class_id.clone(),
        met: target_met().or(own.good),
        contribution: None,
        why: words::point(reader.catalog(), own, counted),
        counted,
    }
}

/// Whether a point reaches the class that the register asks of it; `None` where it asks for no class of its standard.
pub(crate) fn meets_target(reader: &Reader<'_>, own: &PointYear) -> Option<bool> {
    let limits = reader.catalog().limits(&own.verdict()?.standard)?;
    let target = own.point.target.trim().trim_end_matches('类');
    let needed = limits.classes.iter().position(|class| class.id == target)? + 1;
    Some(own.class? <= needed)
}

/// Facts of points that a value rests on, each in its item's unit.
#[derive(Debug, Default)]
pub(crate) struct Stated {
    documents: Vec<String>,
    notes: Vec<Text>,
    simulated: bool,
}

impl Stated {
    /// The number of a fact: what a scenario assumes, or what is stated, in the unit of its item. One in another
    /// dimension is refused, and the value says so.
    pub fn number(&mut self, reader: &Reader<'_>, feature: &str, item: &str, period: &str) -> Option<Ratio> {
        let fact = reader.fact(feature, item, period);
        if let Some(assumed) = reader.assumed(feature, item).and_then(standards::media::exact) {
            return Some(assumed);
        }
        let fact = fact?;
        let items = reader.definitions().items();
        match items.get(item).map(|own| items.number(own, fact)) {
            Some(Err(why)) => {
                self.notes.push(why);
                None
            }
            Some(Ok(number)) => Some(self.keep(fact, number)),
            None => Some(self.keep(fact, fact.value.into())),
        }
    }

    fn keep(&mut self, fact: &Fact, number: Ratio) -> Ratio {
        self.simulated |= fact.simulated;
        if !fact.document.is_empty() && !self.documents.contains(&fact.document) {
            self.documents.push(fact.document.clone());
        }
        number
    }

    /// Puts documents, notes and the mark of made-up data into a value.
    pub fn into_value(self, value: &mut NodeValue) {
        value.simulated |= self.simulated;
        value.notes.extend(self.notes);
        let new = self.documents.into_iter().filter(|own| !value.documents.contains(own)).collect::<Vec<_>>();
        value.documents.extend(new);
    }
}
