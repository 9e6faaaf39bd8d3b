//! The methods that an indicator's folder may name, beside those of the air.
//!
//! A method is a `Rule` read from `params` and a function from a [`Reader`] to a [`NodeValue`]. A new method is a
//! module with these two and one line in each of the three places below.

use crate::amounts;
use crate::definition::{Definition, DefinitionProblem, Definitions};
use crate::facts;
use crate::graph::layer;
use crate::graph::node::NodeValue;
use crate::graph::reader::Reader;
use crate::graph::roll_up;
use crate::media::indicators::{
    black_odorous, class_share, drinking_rate, flow_rate, noise_level, noise_rate, water_index,
};
use domain::Text;
use serde::de::DeserializeOwned;

/// A method with its parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum GraphMethod {
    /// Values of the areas directly below, put together.
    RollUp(roll_up::Rule),
    /// A formula over stated facts and other indicators.
    Expression(Box<facts::Rule>),
    /// Tonnes cut by projects.
    Amounts(amounts::Rule),
    /// A comparison of polygon layers.
    Layer(layer::Rule),
    /// Share of monitored points by class.
    ClassShare(class_share::Rule),
    /// Index of a city's surface water.
    WaterIndex(water_index::Rule),
    /// Drinking sources that meet the standard.
    DrinkingRate(drinking_rate::Rule),
    /// How often ecological flows were there.
    FlowRate(flow_rate::Rule),
    /// Point-times of noise that meet the limits of their zone.
    NoiseRate(noise_rate::Rule),
    /// Level of a city's noise and its grade.
    NoiseLevel(Box<noise_level::Rule>),
    /// Black-odorous water bodies.
    BlackOdorous(black_odorous::Rule),
}

impl GraphMethod {
    /// Names of the methods, for messages.
    pub const NAMES: [&str; 11] = [
        "roll-up",
        "expression",
        "class-share",
        "water-index",
        "drinking-rate",
        "flow-rate",
        "noise-rate",
        "noise-level",
        "black-odorous",
        "amounts",
        "layer",
    ];

    /// From its name and parameters; `None` for a name that is none of these.
    pub fn read(name: &str, params: &toml::Table) -> Option<Result<GraphMethod, Text>> {
        Some(match name {
            "roll-up" => rule(params).map(GraphMethod::RollUp),
            "expression" => rule(params).map(|own| GraphMethod::Expression(Box::new(own))),
            "amounts" => rule(params).map(GraphMethod::Amounts),
            "layer" => rule(params).map(GraphMethod::Layer),
            "class-share" => rule(params).map(GraphMethod::ClassShare),
            "water-index" => rule(params).map(GraphMethod::WaterIndex),
            "drinking-rate" => rule(params).map(GraphMethod::DrinkingRate),
            "flow-rate" => rule(params).map(GraphMethod::FlowRate),
            "noise-rate" => rule(params).map(GraphMethod::NoiseRate),
            "noise-level" => rule(params).map(|own| GraphMethod::NoiseLevel(Box::new(own))),
            "black-odorous" => rule(params).map(GraphMethod::BlackOdorous),
            _ => return None,
        })
    }

    /// What the catalog cannot serve.
    pub(crate) fn check(&self, id: &str, definitions: &Definitions) -> Vec<DefinitionProblem> {
        match self {
            GraphMethod::Expression(rule) => rule.check(id, definitions),
            GraphMethod::Amounts(rule) => rule.check(id, definitions),
            GraphMethod::Layer(rule) => rule.check(id, definitions),
            _ => Vec::new(),
        }
    }

    pub(super) fn compute(&self, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
        match self {
            GraphMethod::RollUp(rule) => roll_up::compute(rule, definition, reader),
            GraphMethod::Expression(rule) => facts::expression::compute(rule, definition, reader),
            GraphMethod::Amounts(rule) => amounts::compute(rule, definition, reader),
            GraphMethod::Layer(rule) => layer::compute(rule, definition, reader),
            GraphMethod::ClassShare(rule) => class_share::compute(rule, definition, reader),
            GraphMethod::WaterIndex(rule) => water_index::compute(rule, definition, reader),
            GraphMethod::DrinkingRate(rule) => drinking_rate::compute(rule, definition, reader),
            GraphMethod::FlowRate(rule) => flow_rate::compute(rule, definition, reader),
            GraphMethod::NoiseRate(rule) => noise_rate::compute(rule, definition, reader),
            GraphMethod::NoiseLevel(rule) => noise_level::compute(rule, definition, reader),
            GraphMethod::BlackOdorous(rule) => black_odorous::compute(rule, definition, reader),
        }
    }
}

fn rule<T: DeserializeOwned>(params: &toml::Table) -> Result<T, Text> {
    params.clone().try_into().map_err(|error: toml::de::Error| {
        let reason = error.message().to_string();
        Text::new(format!("params 无法读取：{reason}"), format!("params cannot be read: {reason}"))
    })
}
