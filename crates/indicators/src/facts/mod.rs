//! What departments state → indicators, by formulas of the catalog.
//!
//! * `items.csv` of the catalog lists what can be stated ([`Items`]); a fact in another dimension is refused;
//! * `factors.toml` with `factors.csv` are dated factors ([`FactorTable`]);
//! * an indicator's folder names the method `expression` with its inputs and its formula ([`Rule`]).
//!
//! Another rate, growth or weighted sum of stated numbers is a folder of the catalog, and no code.

mod check;
mod combine;
pub(crate) mod expression;
mod factors;
pub(crate) mod gather;
mod items;
mod missing;
mod rule;
#[cfg(test)]
mod tests;

pub use check::check;
pub use factors::{FactorRow, FactorTable, FactorTables, Picked};
pub use items::{About, Item, Items, PeriodKind};
pub use missing::{Missing, missing};
pub use rule::{Account, Condition, Input, Rule, Word};

use domain::Text;

/// Several sentences as one.
pub(crate) fn joined<'a>(texts: impl Iterator<Item = &'a Text>) -> Text {
    let (zh, en): (Vec<&str>, Vec<&str>) = texts.map(|text| (text.zh.as_str(), text.en.as_str())).unzip();
    Text::new(zh.join("；"), en.join("; "))
}
