//! Levels of grid points or roads → the level of a city by day or night and its grade.

use crate::definition::Definition;
use crate::graph::{NodeValue, Part, Reader};
use crate::media::combine::value as number;
use crate::media::indicators::frame::{Of, Stated, framed};
use crate::media::indicators::words;
use domain::{Confidence, Ratio, Text};
use observe::noise::{region_level, road_level};
use serde::Deserialize;
use standards::media::{Limits, Reading};

/// Which points, and by which grades.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which points.
    pub of: Of,
    /// Parameter: the level of the day or of the night.
    pub parameter: String,
    /// Standard of the grades.
    pub grades: String,
    /// Words that pick its limits, by column.
    pub words: std::collections::BTreeMap<String, String>,
    /// Item of a fact: the length of a point's road; without it points count alike.
    #[serde(default)]
    pub length: Option<String>,
}

pub(crate) fn compute(rule: &Rule, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
    let points = rule.of.points(reader);
    if points.list.is_empty() {
        return rule.of.no_points();
    }
    let period = reader.year().to_string();
    let mut levels: Vec<(Ratio, Ratio)> = Vec::new();
    let mut parts = Vec::new();
    let mut facts = Stated::default();
    for own in &points.list {
        let level = own.values.get(&rule.parameter).and_then(|own| number(own.value.reading));
        let length = match &rule.length {
            Some(item) => facts.number(reader, &own.point.code, item, &period),
            None => Some(Ratio::new(1, 1)),
        };
        let known = level.zip(length).filter(|(_, length)| length.num() > 0);
        levels.extend(known);
        parts.push(Part {
            feature: own.point.code.clone(),
            name: own.point.name(),
            value: level.map_or_else(String::new, |own| format!("{} {}", own.round(1), definition.unit)),
            why: words::level(level.is_some(), length, rule.length.is_some()),
            counted: known.is_some(),
            ..Part::default()
        });
    }
    let level = match rule.length {
        Some(_) => road_level(&levels),
        None => region_level(&levels.iter().map(|(level, _)| *level).collect::<Vec<_>>()),
    };
    let grade = reader.standards(&rule.grades).limits(&rule.grades).zip(level).and_then(|(limits, level)| {
        let digits = definition.digits.unwrap_or(1);
        grade(limits, &rule.words, level.round(digits).into())
    });
    let known = levels.len() as u32;
    let why = words::levels(known, points.list.len() as u32, rule.length.is_some());
    let mut value = framed(definition, &points, level, why);
    (value.n, value.parts) = (known, parts);
    value.counts = words::counted(rule.of.medium);
    value.valid = known > 0 && known == value.of;
    facts.into_value(&mut value);
    value.standards.push(rule.grades.clone());
    if let Some((words, confidence)) = grade {
        value.words = Some(words);
        value.confidence = value.confidence.and(confidence);
    }
    // A year of grid points is complete when every point was measured once.
    value.notes.retain(|note| *note != words::year_so_far(points.elapsed));
    value
}

/// The grade of a rounded level.
fn grade(
    limits: &Limits,
    words: &std::collections::BTreeMap<String, String>,
    level: Ratio,
) -> Option<(Text, Confidence)> {
    let mut sample = limits.sample();
    words.iter().for_each(|(column, word)| sample.say(limits, column, word));
    let item = limits.items.first()?;
    sample.set(limits, &item.code, Reading::Value(level));
    let verdict = limits.judge(&sample, &limits.default_items());
    let class = limits.class(verdict.class?)?;
    let said = Text::new(format!("{}（{}）", class.id, class.name.zh), format!("{} ({})", class.id, class.name.en));
    Some((said, verdict.confidence))
}
