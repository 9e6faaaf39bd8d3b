//! `params` of the method `expression` → where each input comes from, and the formula over them.

use crate::definition::{DefinitionProblem, Definitions};
use crate::formula::Formula;
use domain::{Confidence, Fixed, Medium, ProjectState, Text};
use serde::Deserialize;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// An expression over stated facts and other indicators.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The formula, where there is one account only.
    value: Option<Formula>,
    /// Several ways to the value: the first whose inputs are all there is the value, the others stand beside it.
    #[serde(default)]
    accounts: Vec<Account>,
    /// The names of the formulas.
    pub(crate) inputs: BTreeMap<String, Input>,
    /// Inputs in which the formula is a sum: with those of one county and everything else of the whole, the
    /// formula gives what the county contributes, and the contributions add up.
    #[serde(default)]
    pub(crate) parts: Vec<String>,
    /// What is asked of the inputs, one by one, for targets in words.
    #[serde(default)]
    pub(crate) conditions: Vec<Condition>,
    /// What the value is called, from its lower bound up.
    #[serde(default)]
    pub(crate) words: Vec<Word>,
}

/// One way to the value.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// What it is called.
    #[serde(default)]
    pub title: Text,
    /// The formula.
    pub value: Formula,
    /// Confidence in its numbers.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What a reader must know of it.
    #[serde(default)]
    pub note: Text,
}

/// Something that is asked: a formula within bounds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What is asked, in words.
    pub name: Text,
    /// The formula.
    pub value: Formula,
    /// It is met at or above this number.
    #[serde(default, deserialize_with = "number")]
    pub at_least: Option<Fixed>,
    /// It is met at or below this number.
    #[serde(default, deserialize_with = "number")]
    pub at_most: Option<Fixed>,
    /// It is met above this number.
    #[serde(default, deserialize_with = "number")]
    pub above: Option<Fixed>,
    /// Confidence in the bounds.
    #[serde(default)]
    pub confidence: Option<Confidence>,
}

/// A name for values from a bound on.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// Smallest value that is called so; without it: everything below the others.
    #[serde(default, deserialize_with = "number")]
    pub from: Option<Fixed>,
    /// What it is called.
    pub name: Text,
}

/// An input: what is read, and for which year.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Input {
    /// What is read.
    pub(crate) source: Source,
    /// For which year.
    pub(crate) year: InputYear,
    /// The number that a blank stands for, where the form that is filled in says so.
    pub(crate) blank: Option<Fixed>,
}

/// For which year an input is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InputYear {
    /// So many years after the year asked about.
    After(i16),
    /// A year of its own.
    In(i16),
}

/// Where an input comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// A fact of the area, or the sum over the areas below.
    Fact(String),
    /// A fact of the area itself, for what does not add up: a smallest width, an index, a share.
    Own(String),
    /// The sum of a fact over features.
    Over(String, Features),
    /// The number of features.
    Count(Features),
    /// The sum of facts of the area, each times its factor of a table.
    Weighted(String),
    /// Another indicator.
    Indicator(String),
    /// By how much another indicator grows a year, fitted by least squares from a year on.
    Slope(String, i16),
}

/// Things of the register that are summed over or counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Features {
    /// Projects of a class in one of the states.
    Projects(String, Vec<ProjectState>),
    /// Polygons of a layer.
    Parcels(String),
    /// Points of a medium, of a network unless it is empty.
    Points(Medium, String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    fact: Option<String>,
    #[serde(default)]
    own: bool,
    indicator: Option<String>,
    slope_since: Option<i16>,
    weighted: Option<String>,
    projects: Option<String>,
    #[serde(default)]
    states: Vec<String>,
    parcels: Option<String>,
    points: Option<String>,
    #[serde(default)]
    network: String,
    #[serde(default)]
    years: i16,
    #[serde(rename = "in")]
    year: Option<i16>,
    #[serde(default, deserialize_with = "number")]
    blank: Option<Fixed>,
}

fn number<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Fixed>, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map(Some).map_err(|_| serde::de::Error::custom(format!("`{text}` is not a decimal number")))
}

impl TryFrom<Written> for Input {
    type Error = String;

    fn try_from(own: Written) -> Result<Input, String> {
        let features = features(&own)?;
        let source = match (own.fact, own.indicator, own.weighted, features) {
            (Some(item), None, None, None) if own.own => Source::Own(item),
            (Some(item), None, None, None) => Source::Fact(item),
            (Some(item), None, None, Some(over)) => Source::Over(item, over),
            (None, None, None, Some(over)) => Source::Count(over),
            (None, Some(id), None, None) => match own.slope_since {
                Some(since) => Source::Slope(id, since),
                None => Source::Indicator(id),
            },
            (None, None, Some(table), None) => Source::Weighted(table),
            _ => {
                return Err(
                    "an input is one of: fact, indicator, weighted, or projects/parcels/points with or without fact"
                        .into(),
                );
            }
        };
        let year = match (own.year, own.years) {
            (None, years) => InputYear::After(years),
            (Some(year), 0) => InputYear::In(year),
            (Some(_), _) => return Err("an input has `in` or `years`, not both".into()),
        };
        Ok(Input { source, year, blank: own.blank })
    }
}

fn features(own: &Written) -> Result<Option<Features>, String> {
    Ok(match (&own.projects, &own.parcels, &own.points) {
        (None, None, None) => None,
        (Some(class), None, None) => {
            let states =
                if own.states.is_empty() { &["accepted".to_string(), "verified".to_string()][..] } else { &own.states };
            let state = |word: &String| ProjectState::from_word(word).ok_or_else(|| format!("no state `{word}`"));
            Some(Features::Projects(class.clone(), states.iter().map(state).collect::<Result<_, _>>()?))
        }
        (None, Some(layer), None) => Some(Features::Parcels(layer.clone())),
        (None, None, Some(medium)) => {
            let known = Medium::from_code(medium).ok_or_else(|| format!("no medium `{medium}`"))?;
            Some(Features::Points(known, own.network.clone()))
        }
        _ => return Err("an input sums over one of projects, parcels, points".into()),
    })
}

/// How a value stands to a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    AtLeast,
    AtMost,
    Above,
}

impl Sign {
    pub(crate) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Sign::AtLeast => ordering != Ordering::Less,
            Sign::AtMost => ordering != Ordering::Greater,
            Sign::Above => ordering == Ordering::Greater,
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Sign::AtLeast => "≥",
            Sign::AtMost => "≤",
            Sign::Above => ">",
        }
    }
}

impl Condition {
    /// Its bounds, in one list.
    pub(crate) fn bounds(&self) -> Vec<(Sign, Fixed)> {
        let all = [(Sign::AtLeast, self.at_least), (Sign::AtMost, self.at_most), (Sign::Above, self.above)];
        all.into_iter().filter_map(|(sign, bound)| Some((sign, bound?))).collect()
    }
}

impl InputYear {
    pub(crate) fn of(self, asked: i16) -> i16 {
        match self {
            InputYear::After(years) => asked.saturating_add(years),
            InputYear::In(year) => year,
        }
    }
}

impl Rule {
    /// The ways to the value, in order.
    pub fn accounts(&self) -> Vec<Account> {
        let only = self.value.iter().map(|value| Account {
            title: Text::default(),
            value: value.clone(),
            confidence: None,
            note: Text::default(),
        });
        only.chain(self.accounts.iter().cloned()).collect()
    }

    /// The fact items that it asks for.
    pub fn items<'a>(&'a self, definitions: &'a Definitions) -> Vec<&'a str> {
        let mut items: Vec<&str> = Vec::new();
        for input in self.inputs.values() {
            match &input.source {
                Source::Fact(item) | Source::Own(item) | Source::Over(item, _) => items.push(item),
                Source::Weighted(table) => {
                    items.extend(definitions.factors(table).into_iter().flat_map(|table| table.items()));
                }
                Source::Count(_) | Source::Indicator(_) | Source::Slope(..) => {}
            }
        }
        items
    }

    /// The items that may be left blank: a blank has a meaning, or the table sums what is stated.
    pub(crate) fn optional_items<'a>(&'a self, definitions: &'a Definitions) -> Vec<&'a str> {
        let mut items: Vec<&str> = Vec::new();
        for input in self.inputs.values() {
            match &input.source {
                Source::Fact(item) | Source::Own(item) | Source::Over(item, _) if input.blank.is_some() => {
                    items.push(item)
                }
                Source::Weighted(table) => {
                    items.extend(definitions.factors(table).into_iter().flat_map(|table| table.items()));
                }
                _ => {}
            }
        }
        items
    }

    /// What the catalog cannot serve: unknown items, tables, indicators, names that no input gives.
    pub(crate) fn check(&self, id: &str, definitions: &Definitions) -> Vec<DefinitionProblem> {
        let mut problems = Vec::new();
        let mut tell = |zh: String, en: String| {
            problems.push(DefinitionProblem { path: format!("{id}/indicator.toml"), message: Text::new(zh, en) });
        };
        if self.accounts().is_empty() {
            tell("缺少 value 或 accounts".into(), "`value` or `accounts` is missing".into());
        }
        for (name, input) in &self.inputs {
            let (what, known) = match &input.source {
                Source::Fact(item) | Source::Own(item) | Source::Over(item, _) => {
                    (item, definitions.items().get(item).is_some())
                }
                Source::Weighted(table) => (table, definitions.factors(table).is_some()),
                Source::Indicator(other) | Source::Slope(other, _) => (other, definitions.get(other).is_some()),
                Source::Count(_) => continue,
            };
            if !known {
                tell(
                    format!("输入“{name}”引用的“{what}”不在目录中；请核对拼写或先加入目录"),
                    format!(
                        "the input `{name}` names `{what}`, which the catalog does not have: check the spelling or add it"
                    ),
                );
            }
        }
        let accounts = self.accounts();
        let conditions = self.conditions.iter().flat_map(|condition| condition.value.names());
        let named = accounts.iter().flat_map(|account| account.value.names()).chain(&self.parts).chain(conditions);
        for name in named.filter(|name| !self.inputs.contains_key(name.as_str())) {
            tell(format!("公式中的“{name}”没有对应的输入"), format!("no input gives the formula's `{name}`"));
        }
        problems
    }
}
