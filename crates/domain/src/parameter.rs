//! What is measured: `catalog/parameters.csv`, one line a parameter, with the codes other systems use.

use crate::fixed::Fixed;
use crate::text::Text;
use crate::unit::{UnitError, Units};
use std::collections::BTreeMap;

/// One measured quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Our code, lower case, such as `pm25`.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Symbol for tables and charts, such as `PM₂.₅`.
    pub symbol: String,
    /// `air`, `weather`, `surface-water`, …
    pub medium: String,
    /// Canonical unit: every kept value is in it.
    pub unit: String,
    /// Smallest value that can be real.
    pub min: Option<Fixed>,
    /// Largest value that can be real.
    pub max: Option<Fixed>,
    /// Code of HJ 212-2017 Annex B, or empty.
    pub hj212_2017: String,
    /// Code of HJ/T 212-2005, or empty.
    pub hj212_2005: String,
}

/// Every parameter.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    list: Vec<Parameter>,
    by_name: BTreeMap<String, usize>,
}

/// Why the catalog cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parameters.csv line {line}: {reason}")]
pub struct ParameterError {
    /// Line, from 1.
    pub line: u64,
    /// What is wrong.
    pub reason: String,
}

impl Parameters {
    /// The built-in catalog.
    pub fn builtin() -> Parameters {
        Parameters::parse(include_str!("../catalog/parameters.csv"), &Units::builtin())
            .expect("the built-in parameters are tested")
    }

    /// From the text of `parameters.csv`.
    pub fn parse(text: &str, units: &Units) -> Result<Parameters, ParameterError> {
        let mut all = Parameters::default();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for (index, row) in reader.records().enumerate() {
            let line = index as u64 + 2;
            let fail = |reason: String| ParameterError { line, reason };
            let row = row.map_err(|error| fail(error.to_string()))?;
            let text = |column: usize| row.get(column).unwrap_or("").to_string();
            let bound = |column: usize| match text(column).as_str() {
                "" => Ok(None),
                number => number.parse().map(Some).map_err(|_| fail(format!("`{number}` is not a number"))),
            };
            let parameter = Parameter {
                code: text(0),
                name: Text::new(text(1), text(2)),
                symbol: text(3),
                medium: text(4),
                unit: text(5),
                min: bound(6)?,
                max: bound(7)?,
                hj212_2017: text(8),
                hj212_2005: text(9),
            };
            units.get(&parameter.unit).map_err(|error: UnitError| fail(error.to_string()))?;
            let names = [parameter.code.clone(), parameter.hj212_2017.clone(), parameter.name.zh.clone()];
            let position = all.list.len();
            all.list.push(parameter);
            for name in names.into_iter().filter(|name| !name.is_empty()) {
                if all.by_name.insert(name.clone(), position).is_some_and(|other| other != position) {
                    return Err(fail(format!("`{name}` is used twice")));
                }
            }
        }
        Ok(all)
    }

    /// By our code, HJ 212-2017 code or Chinese name.
    pub fn get(&self, name: &str) -> Option<&Parameter> {
        self.by_name.get(name).map(|index| &self.list[*index])
    }

    /// All, in catalog order.
    pub fn iter(&self) -> impl Iterator<Item = &Parameter> {
        self.list.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_six_are_there_under_every_name() {
        let all = Parameters::builtin();
        for (name, code, unit) in [
            ("pm25", "pm25", "µg/m³"),
            ("a34004", "pm25", "µg/m³"),
            ("一氧化碳", "co", "mg/m³"),
            ("a05024", "o3", "µg/m³"),
        ] {
            let parameter = all.get(name).unwrap_or_else(|| panic!("{name} is in the catalog"));
            assert_eq!((parameter.code.as_str(), parameter.unit.as_str()), (code, unit));
        }
        assert!(all.get("PM2.5").is_none(), "what a sheet calls it is the mapping's business");
    }
}
