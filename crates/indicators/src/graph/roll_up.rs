//! Values of the areas directly below → the value of the area.

use crate::definition::Definition;
use crate::graph::node::{NodeKey, NodeValue, Part};
use crate::graph::reader::Reader;
use domain::{Confidence, Ratio, RatioSum, Text};
use serde::Deserialize;

/// Which indicator is put together, and how.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The indicator of the areas below.
    pub of: String,
    /// How.
    pub how: How,
}

/// How values of several areas become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Their sum.
    Sum,
    /// Their arithmetic mean.
    Mean,
}

pub(super) fn compute(rule: &Rule, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
    let own = reader.key();
    let below: Vec<_> = reader.areas().into_iter().filter(|area| area.parent == own.area).collect();
    let mut sum = RatioSum::default();
    let mut parts = Vec::new();
    let mut confidence = Confidence::Confirmed;
    let mut simulated = false;
    for area in &below {
        let value = reader.node(&NodeKey::new(&rule.of, &area.id, own.year));
        confidence = confidence.and(value.confidence);
        simulated |= value.simulated;
        if let Some(exact) = value.exact {
            sum.add(exact);
        }
        parts.push(Part {
            feature: area.id.clone(),
            name: Text::new(&area.name_zh, &area.name_en),
            value: value.value.map_or_else(String::new, |value| format!("{value} {}", definition.unit)),
            contribution: value.exact,
            why: value.why.clone(),
            counted: value.exact.is_some(),
            ..Part::default()
        });
    }
    let (n, of) = (sum.count(), below.len() as u32);
    let exact = match rule.how {
        How::Sum => (n > 0).then(|| sum.total()),
        How::Mean => sum.mean(),
    };
    if rule.how == How::Mean && n > 0 {
        let whole = Ratio::new(i128::from(n), 1);
        parts.iter_mut().for_each(|part| part.contribution = part.contribution.map(|own| own.divided_by(whole)));
    }
    let why = Text::new(format!("{of} 个下级区域中 {n} 个有值"), format!("{n} of {of} areas below have a value"));
    let mut value = match exact {
        Some(exact) => NodeValue::of(exact, definition.digits.unwrap_or(2), why),
        None => NodeValue::absent(why),
    };
    value.valid = n > 0 && n == of;
    (value.n, value.of, value.parts, value.confidence, value.simulated) = (n, of, parts, confidence, simulated);
    value
}
