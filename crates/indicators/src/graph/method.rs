//! The methods that an indicator's folder may name, beside those of the air.
//!
//! A method is a `Rule` read from `params` and a function from a [`Reader`] to a [`NodeValue`]. A new method is a
//! module with these two and one line in each of the three places below.

use crate::definition::{Definition, DefinitionProblem, Definitions};
use crate::facts;
use crate::graph::node::NodeValue;
use crate::graph::reader::Reader;
use crate::graph::roll_up;
use domain::Text;
use serde::de::DeserializeOwned;

/// A method with its parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum GraphMethod {
    /// Values of the areas directly below, put together.
    RollUp(roll_up::Rule),
    /// A formula over stated facts and other indicators.
    Expression(Box<facts::Rule>),
}

impl GraphMethod {
    /// Names of the methods, for messages.
    pub const NAMES: [&str; 2] = ["roll-up", "expression"];

    /// From its name and parameters; `None` for a name that is none of these.
    pub fn read(name: &str, params: &toml::Table) -> Option<Result<GraphMethod, Text>> {
        Some(match name {
            "roll-up" => rule(params).map(GraphMethod::RollUp),
            "expression" => rule(params).map(|own| GraphMethod::Expression(Box::new(own))),
            _ => return None,
        })
    }

    /// What the catalog cannot serve.
    pub(crate) fn check(&self, id: &str, definitions: &Definitions) -> Vec<DefinitionProblem> {
        match self {
            GraphMethod::Expression(rule) => rule.check(id, definitions),
            _ => Vec::new(),
        }
    }

    pub(super) fn compute(&self, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
        match self {
            GraphMethod::RollUp(rule) => roll_up::compute(rule, definition, reader),
            GraphMethod::Expression(rule) => facts::expression::compute(rule, definition, reader),
        }
    }
}

fn rule<T: DeserializeOwned>(params: &toml::Table) -> Result<T, Text> {
    params.clone().try_into().map_err(|error: toml::de::Error| {
        let reason = error.message().to_string();
        Text::new(format!("params 无法读取：{reason}"), format!("params cannot be read: {reason}"))
    })
}
