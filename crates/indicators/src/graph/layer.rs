//! A comparison of polygon layers → the area now, and what is asked of it: not smaller, nothing lost, no land class
//! changed, no function lost.
//!
//! The polygons are measured and compared by the crate of geometry, and come here as [`LayerFigures`].

use crate::definition::{Definition, DefinitionProblem, Definitions};
use crate::facts::gather::{Got, stated};
use crate::graph::node::{NodeValue, Part};
use crate::graph::reader::Reader;
use crate::graph::world::LayerFigures;
use domain::{Ratio, Text};
use serde::Deserialize;

/// Which comparison, and which facts stand beside it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name of the comparison.
    pub comparison: String,
    /// Square metres of one unit of the value, such as 1000000 for km².
    pub m2_per_unit: i64,
    /// Item of the area whose value must not fall below that of the base year: an index of function.
    #[serde(default)]
    pub function: Option<String>,
    /// Year whose index must be kept.
    #[serde(default)]
    pub base_year: Option<i16>,
    /// Item of the area that must be zero: unapproved activities.
    #[serde(default)]
    pub none_of: Option<String>,
}

impl Rule {
    /// What the catalog cannot serve.
    pub(crate) fn check(&self, id: &str, definitions: &Definitions) -> Vec<DefinitionProblem> {
        let items = self.function.iter().chain(&self.none_of);
        let unknown = items.filter(|item| definitions.items().get(item).is_none());
        let problem = |item: &String| DefinitionProblem {
            path: format!("{id}/indicator.toml"),
            message: Text::new(format!("没有项目“{item}”"), format!("no item `{item}`")),
        };
        unknown.map(problem).collect()
    }
}

pub(super) fn compute(rule: &Rule, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
    let (comparison, area, year) = (&rule.comparison, &reader.key().area, reader.key().year);
    let figures = reader.layer(comparison);
    let digits = definition.digits.unwrap_or(2);
    let in_units = |m2: Option<Ratio>| m2.map(|m2| m2.divided_by(Ratio::new(i128::from(rule.m2_per_unit.max(1)), 1)));
    let current = in_units(figures.and_then(|own| own.current_m2));
    let mut value = match (figures, current) {
        (Some(_), Some(current)) => NodeValue::of(
            current,
            digits,
            Text::new(
                format!("{year} 年末有效图斑的椭球面积（{comparison}）"),
                format!("area on the ellipsoid of the polygons that hold at the end of {year} ({comparison})"),
            ),
        ),
        (Some(_), None) => NodeValue::absent(Text::new(
            format!("{area} {year} 年没有可用的现状图斑，原因见说明"),
            format!("no usable current polygons of {area} for {year}: see the notes"),
        )),
        (None, _) => NodeValue::absent(Text::new(
            format!("缺少 {area} 的“{comparison}”图斑；请导入 parcels 表的基线与现状图层"),
            format!(
                "the polygons of `{comparison}` of {area} are missing: import the layers of baseline and present into the table `parcels`"
            ),
        )),
    };
    if let Some(figures) = figures {
        value.parts = tests(figures, digits, &definition.unit, &in_units);
        value.notes = figures.notes.clone();
        value.simulated = figures.simulated;
        value.documents.extend(Some(figures.document.clone()).filter(|document| !document.is_empty()));
    }
    beside(rule, reader, &mut value);
    value.n = value.parts.iter().filter(|part| part.met.is_some()).count() as u32;
    value.of = value.parts.iter().filter(|part| part.met.is_some() || !part.counted).count() as u32;
    value.counts = Text::new("项判定", "tests");
    value
}

/// What the polygons alone tell.
fn tests(
    figures: &LayerFigures,
    digits: u32,
    unit: &str,
    in_units: &dyn Fn(Option<Ratio>) -> Option<Ratio>,
) -> Vec<Part> {
    let zero = Ratio::new(0, 1);
    let part = |feature: &str, name: Text, area: Option<Ratio>, met: Option<bool>, asked: bool| Part {
        feature: feature.to_string(),
        name,
        value: in_units(area).map_or_else(String::new, |own| format!("{own} {unit}")),
        met,
        counted: area.is_some() || !asked,
        why: match area {
            Some(_) => Text::default(),
            None => Text::new("没有图斑可比对", "no polygons to compare"),
        },
        ..Part::default()
    };
    let rounded = |area: Option<Ratio>| in_units(area).map(|own| own.round(digits));
    let kept = rounded(figures.current_m2).zip(rounded(figures.baseline_m2)).map(|(now, base)| now >= base);
    let none = |area: Option<Ratio>| area.map(|area| area == zero);
    vec![
        part("baseline", Text::new("基线面积", "area of the baseline"), figures.baseline_m2, None, false),
        part("current", Text::new("面积不减少", "area not reduced"), figures.current_m2, kept, true),
        part(
            "lost",
            Text::new("基线内没有缺失部分", "no part of the baseline lost"),
            figures.lost_m2,
            none(figures.lost_m2),
            true,
        ),
        part("gained", Text::new("基线外新增部分", "part beyond the baseline"), figures.gained_m2, None, false),
        part(
            "class-changed",
            Text::new("性质不改（地类未变为建设用地）", "nature not changed: no land turned into building land"),
            figures.class_changed_m2,
            none(figures.class_changed_m2),
            true,
        ),
    ]
}

/// What departments state beside the polygons.
fn beside(rule: &Rule, reader: &Reader<'_>, value: &mut NodeValue) {
    let year = reader.key().year;
    let read = |item: &str, year: i16| {
        let item = reader.definitions().items().get(item)?;
        Some(stated(item, &reader.key().area, year, reader))
    };
    if let (Some(item), Some(base_year)) = (&rule.function, rule.base_year)
        && let (Some(now), Some(base)) = (read(item, year), read(item, base_year))
    {
        let kept = now.value.zip(base.value).map(|(now, base)| now >= base);
        let name =
            Text::new(format!("功能不降（不低于 {base_year} 年）"), format!("function not lower than in {base_year}"));
        value.parts.push(stated_part(item, name, kept, [&now, &base]));
        rest_on(value, [&now, &base]);
    }
    if let Some(item) = &rule.none_of
        && let Some(now) = read(item, year)
    {
        let none = now.value.map(|own| own == Ratio::new(0, 1));
        let name = now.title.clone();
        let name = Text::new(format!("没有：{}", name.zh), format!("none: {}", name.en));
        value.parts.push(stated_part(item, name, none, [&now, &now]));
        rest_on(value, [&now, &now]);
    }
}

fn stated_part(item: &str, name: Text, met: Option<bool>, stated: [&Got; 2]) -> Part {
    let [now, base] = stated;
    Part {
        feature: item.to_string(),
        name,
        value: now.value.map_or_else(String::new, |value| format!("{value} {}", now.unit)),
        met,
        why: crate::facts::joined(
            now.missing.iter().chain(base.missing.iter().filter(|own| !now.missing.contains(own))),
        ),
        counted: met.is_some(),
        ..Part::default()
    }
}

fn rest_on(value: &mut NodeValue, stated: [&Got; 2]) {
    for got in stated {
        value.simulated |= got.simulated;
        let new: Vec<String> = got.documents.iter().filter(|own| !value.documents.contains(own)).cloned().collect();
        value.documents.extend(new);
    }
}
