//! What a method may look at. Every look is written down, so that the node knows what it depends on.

use crate::definition::{Definition, Definitions};
use crate::graph::compute::Run;
use crate::graph::node::{Leaf, NodeKey, NodeValue, Use};
use crate::graph::world::{LayerFigures, PointMonth, World};
use crate::plan::ReportedValue;
use domain::{Area, Fact, FactKey, Fixed, Medium, Month, Parcel, Point, Project, Year};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The view of one node being computed.
#[derive(Debug)]
pub struct Reader<'a> {
    run: &'a Run<'a>,
    key: &'a NodeKey,
    uses: RefCell<BTreeSet<Use>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(run: &'a Run<'a>, key: &'a NodeKey) -> Reader<'a> {
        Reader { run, key, uses: RefCell::default() }
    }

    pub(super) fn into_uses(self) -> BTreeSet<Use> {
        self.uses.into_inner()
    }

    /// Which node is computed.
    pub fn key(&self) -> &NodeKey {
        self.key
    }

    /// The year asked about.
    pub fn year(&self) -> Year {
        Year(self.key.year)
    }

    /// The area and everything below it, the area first.
    pub fn areas(&self) -> Vec<&'a Area> {
        self.note(Leaf::Areas);
        self.world().areas_below(&self.key.area)
    }

    /// Codes of the area and everything below it; the asked code even where no such area is listed.
    pub fn area_codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = self.areas().iter().map(|area| area.id.clone()).collect();
        if codes.is_empty() {
            codes.push(self.key.area.clone());
        }
        codes
    }

    /// The rows of the points of a medium that lie in the area and hold on any day of the year, by code and time.
    pub fn points(&self, medium: Medium) -> Vec<&'a Point> {
        self.note(Leaf::Points(medium));
        self.note(Leaf::Areas);
        self.world().points_of(medium, &self.key.area, self.year())
    }

    /// A month of a point.
    pub fn month(&self, point: &str, month: Month) -> Option<&'a PointMonth> {
        self.note(Leaf::Month(point.to_string(), month));
        self.world().months.get(&(point.to_string(), month))
    }

    /// A fact of a feature; an assumption of a scenario prevails.
    pub fn fact(&self, feature: &str, item: &str, period: &str) -> Option<&'a Fact> {
        let key = FactKey { feature: feature.to_string(), item: item.to_string(), period: period.to_string() };
        self.note(Leaf::Fact(key.clone()));
        self.world().city.facts.get(&key)
    }

    /// The number of a fact: assumed, or stated.
    pub fn fact_value(&self, feature: &str, item: &str, period: &str) -> Option<Fixed> {
        let stated = self.fact(feature, item, period).map(|fact| fact.value);
        self.assumed(feature, item).and_then(|value| value.parse().ok()).or(stated)
    }

    /// Projects of a class in the area, by code.
    pub fn projects(&self, class: &str) -> Vec<&'a Project> {
        self.note(Leaf::Projects(class.to_string()));
        let areas = self.area_codes();
        let own = |project: &&Project| project.class == class && areas.contains(&project.area);
        self.world().city.projects.values().filter(own).collect()
    }

    /// Polygons of a layer in the area that hold at the end of the year.
    pub fn parcels(&self, layer: &str) -> Vec<&'a Parcel> {
        self.note(Leaf::Parcels(layer.to_string()));
        let (areas, last) = (self.area_codes(), self.year().last_day());
        let own = |parcel: &&Parcel| parcel.layer == layer && areas.contains(&parcel.area) && parcel.holds(last);
        self.world().city.parcels.iter().filter(own).collect()
    }

    /// What a comparison of layers found for the area and year.
    pub fn layer(&self, comparison: &str) -> Option<&'a LayerFigures> {
        let key = (self.key.area.clone(), comparison.to_string(), self.key.year);
        self.note(Leaf::Layer(key.0.clone(), key.1.clone(), key.2));
        self.world().layers.get(&key)
    }

    /// Another indicator's value of the same area, `years` later (negative: earlier).
    pub fn indicator(&self, id: &str, years: i16) -> Arc<NodeValue> {
        self.node(&NodeKey { indicator: id.to_string(), area: self.key.area.clone(), year: self.key.year + years })
    }

    /// Another node's value.
    pub fn node(&self, key: &NodeKey) -> Arc<NodeValue> {
        self.uses.borrow_mut().insert(Use::Node(key.clone()));
        self.run.value(key)
    }

    /// A value made elsewhere, such as an air indicator.
    pub(super) fn given(&self) -> Option<&'a NodeValue> {
        self.note(Leaf::Given(self.key.clone()));
        self.world().given.get(self.key)
    }

    /// Values reported for the area under an id.
    pub fn reported(&self, indicator: &str) -> Vec<&'a ReportedValue> {
        self.note(Leaf::Reported(self.key.area.clone(), indicator.to_string()));
        let all = self.world().reported.get(&self.key.area).map_or(&[][..], Vec::as_slice);
        all.iter().filter(|own| own.indicator == indicator).collect()
    }

    /// The limits of a standard, for methods that judge.
    pub fn standards(&self, id: &str) -> &'a standards::Catalog {
        self.note(Leaf::Standard(id.to_string()));
        &self.world().standards
    }

    /// All standards; whoever uses one writes it down with [`Reader::standards`].
    pub(crate) fn catalog(&self) -> &'a standards::Catalog {
        &self.world().standards
    }

    /// What a scenario assumes of a feature.
    pub fn assumed(&self, feature: &str, item: &str) -> Option<&'a str> {
        let assumed = &self.world().assumed;
        assumed.iter().find(|own| own.feature == feature && own.item == item).map(|own| own.value.as_str())
    }

    /// The definition of an indicator.
    pub fn definition(&self, id: &str) -> Option<&'a Definition> {
        self.definitions().get(id)
    }

    /// The catalog of indicators, with its items and factors.
    pub(crate) fn definitions(&self) -> &'a Definitions {
        self.run.definitions
    }

    fn world(&self) -> &'a World {
        self.run.world
    }

    fn note(&self, leaf: Leaf) {
        self.uses.borrow_mut().insert(Use::Leaf(leaf));
    }
}
