//! A computed node → the facts that it looked for and did not find, so that an office knows what to hand in.
//!
//! Read from what the node wrote down, through every indicator it is made of; called for pages and reports.

use crate::definition::{Definitions, Method};
use crate::facts::items::Item;
use crate::graph::{Graph, GraphMethod, Leaf, NodeKey, Use, World};
use domain::{FactKey, ProjectState, Text};
use std::collections::{BTreeMap, BTreeSet};

/// A fact that an indicator needs and does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What it would be about: area, project, point, polygon.
    pub feature: String,
    /// Item.
    pub item: String,
    /// Its name.
    pub name: Text,
    /// Period, `2025` or `2025-03`.
    pub period: String,
    /// Unit to state it in.
    pub unit: String,
    /// Why a fact that is there was not used; nothing where there is none.
    pub refused: Option<Text>,
    /// Whether the value can do without: a blank has a meaning, or another account gave the value.
    pub optional: bool,
}

/// What is missing for an indicator of an area and a year, most needed first.
///
/// A fact that the areas below state instead is not missing; where only some of them do, the others' are.
pub fn missing(key: &NodeKey, graph: &mut Graph, world: &World, definitions: &Definitions) -> Vec<Missing> {
    let value = graph.value(key, world, definitions);
    let (mut asked, mut nodes) = (BTreeSet::new(), BTreeSet::new());
    looked_for(key, graph, &mut asked, &mut nodes);
    let optional = blanks(&nodes, definitions);
    drop_idle_years(key.year, &mut asked, world);
    let mut by_item: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for key in &asked {
        by_item.entry((&key.item, &key.period)).or_default().insert(&key.feature);
    }
    let mut found = Vec::new();
    for ((code, period), features) in by_item {
        let Some(item) = definitions.items().get(code) else { continue };
        let look = Look { item, period, features: &features, world, definitions };
        for feature in features.iter().filter(|feature| !look.is_below(feature)) {
            let optional = value.value.is_some() || optional.contains(code) || is_not_due(feature, world);
            look.lacking(feature, optional, &mut found);
        }
    }
    found.sort_by(|a, b| {
        (a.optional, &a.item, &a.period, &a.feature).cmp(&(b.optional, &b.item, &b.period, &b.feature))
    });
    found
}

/// One item and period, of the features that were looked at.
struct Look<'a> {
    item: &'a Item,
    period: &'a str,
    features: &'a BTreeSet<&'a str>,
    world: &'a World,
    definitions: &'a Definitions,
}

impl Look<'_> {
    fn parent(&self, feature: &str) -> Option<&str> {
        self.world.areas.iter().find(|area| area.id == feature).map(|area| area.parent.as_str())
    }

    fn is_below(&self, feature: &str) -> bool {
        self.parent(feature).is_some_and(|parent| parent != feature && self.features.contains(parent))
    }

    fn below(&self, feature: &str) -> Vec<&str> {
        let own = |other: &&&str| **other != feature && self.parent(other) == Some(feature);
        self.features.iter().filter(own).copied().collect()
    }

    /// What is stated of a feature: nothing, a usable number, or one that is refused.
    fn stated(&self, feature: &str) -> Option<Result<(), Text>> {
        let fact = self.world.city.fact(feature, &self.item.code, self.period)?;
        Some(self.definitions.items().number(self.item, fact).map(|_| ()))
    }

    fn is_there(&self, feature: &str) -> bool {
        let below = self.below(feature);
        matches!(self.stated(feature), Some(Ok(())))
            || (!below.is_empty() && below.iter().all(|other| self.is_there(other)))
    }

    fn lacking(&self, feature: &str, optional: bool, found: &mut Vec<Missing>) {
        if self.is_there(feature) {
            return;
        }
        let below = self.below(feature);
        if below.iter().any(|other| self.is_there(other)) {
            below.iter().for_each(|other| self.lacking(other, optional, found));
            return;
        }
        found.push(Missing {
            feature: feature.to_string(),
            item: self.item.code.clone(),
            name: self.item.name.clone(),
            period: self.period.to_string(),
            unit: self.item.unit.clone(),
            refused: self.stated(feature).and_then(Result::err),
            optional,
        });
    }
}

/// The facts that a node looked at, and those of every node that it is made of.
fn looked_for(key: &NodeKey, graph: &Graph, facts: &mut BTreeSet<FactKey>, nodes: &mut BTreeSet<NodeKey>) {
    if !nodes.insert(key.clone()) {
        return;
    }
    for used in graph.node(key).into_iter().flat_map(|node| &node.uses) {
        match used {
            Use::Leaf(Leaf::Fact(fact)) => {
                facts.insert(fact.clone());
            }
            Use::Node(other) => looked_for(other, graph, facts, nodes),
            Use::Leaf(_) => {}
        }
    }
}

/// A project need not state every year: those in which it states something are looked at, or the asked one.
fn drop_idle_years(year: i16, asked: &mut BTreeSet<FactKey>, world: &World) {
    let is_project = |key: &FactKey| world.city.projects.contains_key(&key.feature);
    let mut busy: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for key in asked.iter().filter(|key| is_project(key) && world.city.facts.contains_key(key)) {
        busy.entry(key.feature.clone()).or_default().insert(key.period.clone());
    }
    let year = year.to_string();
    asked.retain(|key| {
        !is_project(key) || busy.get(&key.feature).map_or(key.period == year, |periods| periods.contains(&key.period))
    });
}

/// A project that is not finished, or was rejected, owes nothing.
fn is_not_due(feature: &str, world: &World) -> bool {
    let counts = |state| matches!(state, ProjectState::Accepted | ProjectState::Verified);
    world.city.projects.get(feature).is_some_and(|project| !counts(project.state))
}

/// Items whose blank has a meaning.
fn blanks<'a>(nodes: &BTreeSet<NodeKey>, definitions: &'a Definitions) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    for definition in nodes.iter().filter_map(|key| definitions.get(&key.indicator)) {
        if let Method::Graph(GraphMethod::Expression(rule)) = &definition.method {
            found.extend(rule.optional_items(definitions));
        }
        if let Method::Graph(GraphMethod::Amounts(_)) = &definition.method {
            let inputs =
                definitions.classes().values().flat_map(|class| &class.cuts).flat_map(|cut| cut.inputs.values());
            found.extend(inputs.filter(|input| input.blank.is_some()).map(|input| input.item.as_str()));
        }
    }
    found
}
