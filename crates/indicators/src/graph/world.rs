//! Everything that indicators are made of, as plain data. Filled by `server` from the lake.

use crate::graph::node::{Leaf, NodeKey, NodeValue};
use crate::plan::ReportedValue;
use domain::{Area, City, Day, Medium, Month, Point, Ratio, Year};
use standards::media::Reading;
use std::collections::BTreeMap;

/// What is known of a city.
#[derive(Clone, Debug)]
pub struct World {
    /// Areas; a county's parent is its city.
    pub areas: Vec<Area>,
    /// Points, facts, projects, polygons.
    pub city: City,
    /// What each point measured in each month, automatic and manual data merged.
    pub months: BTreeMap<(String, Month), PointMonth>,
    /// What the polygons of a layer make, by area, comparison and year.
    pub layers: BTreeMap<(String, String, i16), LayerFigures>,
    /// Values made elsewhere, such as the air indicators of a judged year.
    pub given: BTreeMap<NodeKey, NodeValue>,
    /// Values that departments report with a document, by area.
    pub reported: BTreeMap<String, Vec<ReportedValue>>,
    /// Standards.
    pub standards: std::sync::Arc<standards::Catalog>,
    /// “If this section reached Ⅲ”: assumptions of a scenario; empty for what is so.
    pub assumed: Vec<Assumption>,
}

/// A month of a point.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PointMonth {
    /// By parameter.
    pub values: BTreeMap<String, MonthValue>,
    /// Day values of the parameters whose days matter beside the month, such as a flow or a sound level.
    pub days: BTreeMap<String, BTreeMap<Day, Reading>>,
    /// Why there is nothing, where that is known: the point's word of the month, such as 断流.
    pub state: String,
    /// What a reader must know of how the month was made.
    pub notes: Vec<domain::Text>,
    /// Whether anything in it is made up for demonstration (模拟).
    pub simulated: bool,
}

/// A month's value of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonthValue {
    /// The value in the parameter's unit, or the detection limit that it stayed below.
    pub reading: Reading,
    /// Which monitoring it comes from.
    pub source: Source,
    /// Values it was made of: valid days of automatic data, or samples.
    pub n: u32,
    /// Values there should be.
    pub of: u32,
}

/// Which monitoring a month's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Automatic station.
    Automatic,
    /// Samples in a laboratory.
    Manual,
}

/// What a comparison of polygon layers found, made by the space crate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayerFigures {
    /// Area of the frozen baseline [m²].
    pub baseline_m2: Option<Ratio>,
    /// Area now [m²].
    pub current_m2: Option<Ratio>,
    /// Part of the baseline that is not in the current polygons, beyond the tolerance [m²].
    pub lost_m2: Option<Ratio>,
    /// Part of the current polygons that was not in the baseline, beyond the tolerance [m²].
    pub gained_m2: Option<Ratio>,
    /// Area whose land class changed [m²].
    pub class_changed_m2: Option<Ratio>,
    /// Why polygons could not be used, and what a reader must know.
    pub notes: Vec<domain::Text>,
    /// Whether anything in it is made up for demonstration (模拟).
    pub simulated: bool,
    /// Document of the polygons.
    pub document: String,
}

/// One assumption of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// Point, plot, project or area.
    pub feature: String,
    /// What of it: a fact's item, `class` for a point's class, `state` for a project's.
    pub item: String,
    /// The assumed value, as written.
    pub value: String,
}

impl World {
    /// Nothing but standards.
    pub fn new(standards: std::sync::Arc<standards::Catalog>) -> World {
        World {
            areas: Vec::new(),
            city: City::default(),
            months: BTreeMap::new(),
            layers: BTreeMap::new(),
            given: BTreeMap::new(),
            reported: BTreeMap::new(),
            standards,
            assumed: Vec::new(),
        }
    }

    /// An area and everything below it, the area first.
    pub fn areas_below(&self, area: &str) -> Vec<&Area> {
        let mut found: Vec<&Area> = self.areas.iter().filter(|own| own.id == area).collect();
        let mut at = 0;
        while at < found.len() {
            let parent = found[at].id.as_str();
            let below = self.areas.iter().filter(|own| own.parent == parent);
            let below: Vec<&Area> = below.filter(|own| !found.iter().any(|known| known.id == own.id)).collect();
            found.extend(below);
            at += 1;
        }
        found
    }

    /// The rows of the points of a medium that lie in an area or below and hold on any day of a year, by code and
    /// time.
    pub fn points_of(&self, medium: Medium, area: &str, year: Year) -> Vec<&Point> {
        let areas: Vec<&str> = self.areas_below(area).into_iter().map(|own| own.id.as_str()).collect();
        let inside = |own: &Point| own.area == area || areas.contains(&own.area.as_str());
        let (first, last) = (year.first_day(), year.last_day());
        let holds = |own: &Point| own.from.is_none_or(|from| from <= last) && own.to.is_none_or(|to| first <= to);
        self.city.points.iter().filter(|own| own.medium == medium && inside(own) && holds(own)).collect()
    }

    /// Replaces a month of a point; the leaf to recompute, if it became another.
    pub fn put_month(&mut self, point: &str, month: Month, own: Option<PointMonth>) -> Option<Leaf> {
        let key = (point.to_string(), month);
        let same = self.months.get(&key) == own.as_ref();
        match own {
            Some(own) => self.months.insert(key, own),
            None => self.months.remove(&key),
        };
        (!same).then(|| Leaf::Month(point.to_string(), month))
    }

    /// Replaces the register; the leaves that became others.
    pub fn put_city(&mut self, city: City) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        let facts = self.city.facts.keys().chain(city.facts.keys());
        leaves.extend(facts.filter(|key| self.city.facts.get(key) != city.facts.get(key)).cloned().map(Leaf::Fact));
        let codes = self.city.projects.keys().chain(city.projects.keys());
        for code in codes {
            let (old, new) = (self.city.projects.get(code), city.projects.get(code));
            if old != new {
                leaves.extend(old.into_iter().chain(new).map(|own| Leaf::Projects(own.class.clone())));
            }
        }
        let points = self.city.points.iter().filter(|own| !city.points.contains(own));
        let points = points.chain(city.points.iter().filter(|own| !self.city.points.contains(own)));
        leaves.extend(points.map(|own| Leaf::Points(own.medium)));
        let parcels = self.city.parcels.iter().filter(|own| !city.parcels.contains(own));
        let parcels = parcels.chain(city.parcels.iter().filter(|own| !self.city.parcels.contains(own)));
        leaves.extend(parcels.map(|own| Leaf::Parcels(own.layer.clone())));
        self.city = city;
        leaves.sort();
        leaves.dedup();
        leaves
    }
}
