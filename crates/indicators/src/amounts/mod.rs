//! Emission-cutting projects and their facts → tonnes of a pollutant cut since a year.
//!
//! A class of the catalog (`class.toml`) holds the formula; an indicator names the method `amounts` with a pollutant.
//! The earlier project of a facility is counted; a later one only if it states the former's cut as its base. What
//! is not counted is listed with the reason.

mod classes;
mod compute;
mod cut;
mod guard;
#[cfg(test)]
mod tests;

pub use classes::{Class, Classes, Cut, CutInput};
pub use compute::Rule;
pub(crate) use compute::compute;
