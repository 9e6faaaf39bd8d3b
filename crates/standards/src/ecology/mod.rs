//! Indices of parts → one index of ecological quality. Pure; the weights are a catalog's. Called by `indicators`.

mod file;

pub(crate) use file::{EcologyFile, of_ecology, read};

use domain::{Confidence, Ratio, RatioSum, Text};

/// A weighted index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightedIndex {
    /// Standard id.
    pub id: String,
    /// Confidence in the weights.
    pub confidence: Confidence,
    /// Decimal places in which it is given.
    pub digits: u32,
    /// What it is made of.
    pub parts: Vec<WeightedPart>,
    /// The standard of limits that classes the index, and its item.
    pub classed_by: (String, String),
    /// Names of changes by their size, ascending: below which size [points], unsigned.
    pub changes: Vec<(Option<Ratio>, Text)>,
}

/// One part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightedPart {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Weight [1].
    pub weight: Ratio,
    /// Where a high value is the bad one the part counts as `full − value`; otherwise `None`.
    pub reversed_from: Option<Ratio>,
}

impl WeightedIndex {
    /// The index of parts given by code.
    ///
    /// ```text
    /// I = Σ wⱼ · xⱼ     with  full − xⱼ  for a part whose high values are bad
    /// ```
    /// * `x`: index of a part, 0 to 100 [1]; `w`: weight [1].
    ///
    /// The error is the parts that are missing: there is no index of some.
    pub fn index(&self, given: impl Fn(&str) -> Option<Ratio>) -> Result<Ratio, Vec<String>> {
        let mut sum = RatioSum::default();
        let mut missing = Vec::new();
        for part in &self.parts {
            match given(&part.code) {
                None => missing.push(part.code.clone()),
                Some(value) => {
                    let value = part.reversed_from.map_or(value, |full| full.minus(value)).reduced();
                    let weight = part.weight.reduced();
                    sum.add(Ratio::new(value.num() * weight.num(), value.den() * weight.den()).reduced());
                }
            }
        }
        if missing.is_empty() { Ok(sum.total()) } else { Err(missing) }
    }

    /// The name of a change of the index, by its size.
    pub fn change(&self, before: Ratio, after: Ratio) -> Option<&Text> {
        let by = if after > before { after.minus(before) } else { before.minus(after) };
        self.changes.iter().find(|(below, _)| below.is_none_or(|below| by < below)).map(|(_, name)| name)
    }
}
