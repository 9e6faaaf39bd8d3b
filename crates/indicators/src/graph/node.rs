//! A node: an indicator of an area and a year, its value, and what it was made of.

use domain::{Confidence, FactKey, Fixed, Medium, Month, Ratio, Text};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which indicator, where, when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeKey {
    /// Id of the indicator.
    pub indicator: String,
    /// Code of the area.
    pub area: String,
    /// Calendar year.
    pub year: i16,
}

/// The value of a node, able to account for itself.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeValue {
    /// The value, rounded once to the definition's places.
    pub value: Option<Fixed>,
    /// The value before rounding.
    pub exact: Option<Ratio>,
    /// The value in words, for indicators that are words.
    pub words: Option<Text>,
    /// Decimal places of `value`.
    pub digits: u32,
    /// Parts it was made of: judged sections, stated inputs.
    pub n: u32,
    /// Parts there should be.
    pub of: u32,
    /// What `n` and `of` count: sections, inputs.
    pub counts: Text,
    /// Whether it is complete enough to be judged by.
    pub valid: bool,
    /// Weakest confidence of what it rests on.
    pub confidence: Confidence,
    /// How it came about; where there is no value, what is missing.
    pub why: Text,
    /// Sections, sources, plots, projects, inputs, each with its contribution.
    pub parts: Vec<Part>,
    /// The same value by another account, such as with upstream inflow deducted: its name and value.
    pub variants: Vec<(Text, Option<Fixed>)>,
    /// Standards and rules used, by id.
    pub standards: Vec<String>,
    /// Documents it rests on.
    pub documents: Vec<String>,
    /// What a reader must know.
    pub notes: Vec<Text>,
    /// Whether anything in it is made up for demonstration (模拟).
    pub simulated: bool,
}

/// A part of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Code of the point, plot, project, area, or name of the input.
    pub feature: String,
    /// Name.
    pub name: Text,
    /// Its value as shown, with its unit: a class, tonnes.
    pub value: String,
    /// Whether it meets what is asked of it; `None` where nothing is asked.
    pub met: Option<bool>,
    /// What it adds to the value, in the value's unit; the contributions add up to the value where this makes sense.
    pub contribution: Option<Ratio>,
    /// Why it is so: main pollutants with their multiple, the formula with its numbers, what is missing.
    pub why: Text,
    /// Whether it is in the value at all: a rejected project is listed and not counted.
    pub counted: bool,
}

/// A datum outside the graph that a node looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leaf {
    /// The list of areas.
    Areas,
    /// The points of a medium.
    Points(Medium),
    /// A month of a point.
    Month(String, Month),
    /// A fact, stated or not.
    Fact(FactKey),
    /// The projects of a class.
    Projects(String),
    /// The polygons of a layer.
    Parcels(String),
    /// A comparison of layers: area, comparison, year.
    Layer(String, String, i16),
    /// A value made elsewhere.
    Given(NodeKey),
    /// What was reported for an area under an indicator's id.
    Reported(String, String),
    /// A standard.
    Standard(String),
}

/// Something a node looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// A datum.
    Leaf(Leaf),
    /// Another indicator.
    Node(NodeKey),
}

/// A computed node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its value.
    pub value: Arc<NodeValue>,
    /// What it looked at, found or not.
    pub uses: BTreeSet<Use>,
}

impl NodeKey {
    /// Of its three parts.
    pub fn new(indicator: &str, area: &str, year: i16) -> NodeKey {
        NodeKey { indicator: indicator.to_string(), area: area.to_string(), year }
    }
}

impl NodeValue {
    /// No value, and why.
    pub fn absent(why: Text) -> NodeValue {
        NodeValue {
            value: None,
            exact: None,
            words: None,
            digits: 0,
            n: 0,
            of: 0,
            counts: Text::new("组成项", "parts"),
            valid: false,
            confidence: Confidence::Confirmed,
            why,
            parts: Vec::new(),
            variants: Vec::new(),
            standards: Vec::new(),
            documents: Vec::new(),
            notes: Vec::new(),
            simulated: false,
        }
    }

    /// An exact value, rounded once to `digits` places by GB/T 8170.
    pub fn of(exact: Ratio, digits: u32, why: Text) -> NodeValue {
        NodeValue {
            value: Some(exact.round(digits)),
            exact: Some(exact),
            digits,
            valid: true,
            ..NodeValue::absent(why)
        }
    }
}
