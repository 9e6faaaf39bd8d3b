//! Units with their dimension, from `catalog/units.csv`. A conversion between dimensions is refused with
//! its reason, never guessed.

use crate::fixed::{Fixed, FixedError};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::str::FromStr;

/// One unit of measurement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Canonical symbol, such as `µg/m³`.
    pub symbol: String,
    /// Dimension, such as `mass-concentration`.
    pub dimension: String,
    /// Multiplied by this it is in the dimension's base unit …
    pub factor: Decimal,
    /// … after this was added (temperatures).
    pub offset: Decimal,
}

/// Every unit, by symbol and alias.
#[derive(Clone, Debug, Default)]
pub struct Units {
    by_name: BTreeMap<String, Unit>,
}

/// Why a conversion was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// Not in the catalog.
    #[error("unknown unit `{0}`; see `jingce catalog list units`")]
    Unknown(String),
    /// Different dimensions.
    #[error("`{from}` ({from_dimension}) cannot become `{to}` ({to_dimension})")]
    Dimension {
        /// Unit given.
        from: String,
        /// Its dimension.
        from_dimension: String,
        /// Unit wanted.
        to: String,
        /// Its dimension.
        to_dimension: String,
    },
    /// The converted number does not fit.
    #[error("{0}")]
    Number(#[from] FixedError),
    /// A line of the catalog cannot be read.
    #[error("units.csv line {line}: {reason}")]
    Catalog {
        /// Line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
}

/// A checked conversion, made once per column and applied to each value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    factor: Decimal,
    add_before: Decimal,
    subtract_after: Decimal,
    identity: bool,
}

impl Units {
    /// The built-in catalog.
    pub fn builtin() -> Units {
        Units::parse(include_str!("../catalog/units.csv")).expect("the built-in units are tested")
    }

    /// From the text of `units.csv`: `symbol,dimension,factor,offset,aliases`.
    pub fn parse(text: &str) -> Result<Units, UnitError> {
        let mut units = Units::default();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for (index, row) in reader.records().enumerate() {
            let line = index as u64 + 2;
            let fail = |reason: String| UnitError::Catalog { line, reason };
            let row = row.map_err(|error| fail(error.to_string()))?;
            let number = |column: usize| {
                let text = row.get(column).unwrap_or("");
                Decimal::from_str(text).map_err(|_| fail(format!("`{text}` is not a number")))
            };
            let unit = Unit {
                symbol: row.get(0).unwrap_or("").to_string(),
                dimension: row.get(1).unwrap_or("").to_string(),
                factor: number(2)?,
                offset: number(3)?,
            };
            let aliases = row.get(4).unwrap_or("").split(';').filter(|alias| !alias.is_empty());
            for name in std::iter::once(unit.symbol.as_str()).chain(aliases) {
                if let Some(other) = units.by_name.insert(fold(name), unit.clone()) {
                    return Err(fail(format!("`{name}` already means {}", other.symbol)));
                }
            }
        }
        Ok(units)
    }

    /// Every unit once, by symbol.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.by_name.iter().filter(|(name, unit)| **name == fold(&unit.symbol)).map(|(_, unit)| unit)
    }

    /// A unit by symbol or alias.
    pub fn get(&self, name: &str) -> Result<&Unit, UnitError> {
        self.by_name.get(&fold(name)).ok_or_else(|| UnitError::Unknown(name.to_string()))
    }

    /// The conversion of `from` to `to`.
    ///
    /// ```
    /// use domain::{Units, Fixed};
    /// let units = Units::builtin();
    /// let milli = units.conversion("ug/m3", "mg/m³").unwrap();
    /// assert_eq!(milli.apply("1300".parse().unwrap()).unwrap().to_string(), "1.3");
    /// assert!(units.conversion("ppm", "mg/m³").is_err());
    /// ```
    pub fn conversion(&self, from: &str, to: &str) -> Result<Conversion, UnitError> {
        let (a, b) = (self.get(from)?, self.get(to)?);
        if a.dimension != b.dimension {
            return Err(UnitError::Dimension {
                from: a.symbol.clone(),
                from_dimension: a.dimension.clone(),
                to: b.symbol.clone(),
                to_dimension: b.dimension.clone(),
            });
        }
        Ok(Conversion {
            factor: (a.factor / b.factor).normalize(),
            add_before: a.offset,
            subtract_after: b.offset,
            identity: a.factor == b.factor && a.offset == b.offset,
        })
    }
}

impl Conversion {
    /// Whether both units are the same one by other names.
    pub fn is_identity(&self) -> bool {
        self.identity
    }

    /// Converts one value; exact unless the factor has no finite decimal.
    pub fn apply(&self, value: Fixed) -> Result<Fixed, FixedError> {
        if self.identity {
            return Ok(value);
        }
        let converted = (value.to_decimal() + self.add_before).checked_mul(self.factor).ok_or(FixedError::TooLarge)?;
        Fixed::from_decimal(converted - self.subtract_after)
    }
}

/// `ug/m3`, `μg/m³` (Greek mu) and `µg/m³` (micro sign) are one unit.
fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.trim().chars() {
        match c {
            'μ' | 'µ' => folded.push('u'),
            '³' => folded.push('3'),
            '²' => folded.push('2'),
            '℃' => folded.push_str("degC"),
            '°' => folded.push_str("deg"),
            other => folded.push(other),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn convert(value: &str, from: &str, to: &str) -> String {
        let value: Fixed = value.parse().expect("a number");
        Units::builtin().conversion(from, to).expect("same dimension").apply(value).expect("fits").to_string()
    }

    #[test]
    fn converts_what_sheets_use() {
        for (value, from, to, expect) in [
            ("300", "µg/m³", "mg/m³", "0.3"),
            ("0.3", "mg/m3", "μg/m3", "300"),
            ("12", "ng/m³", "µg/m³", "0.012"),
            ("1", "mg/L", "g/m³", "1"),
            ("25", "℃", "K", "298.15"),
            ("298.15", "K", "°C", "25"),
            ("1013.25", "hPa", "kPa", "101.325"),
            ("36", "km/h", "m/s", "10"),
        ] {
            assert_eq!(convert(value, from, to), expect, "{value} {from} to {to}");
        }
    }

    #[test]
    fn refuses_another_dimension_and_says_why() {
        let error = Units::builtin().conversion("ppb", "µg/m³").expect_err("ppb needs a molar mass and a state");
        assert_eq!(error.to_string(), "`ppb` (mole-fraction) cannot become `µg/m³` (mass-concentration)");
        assert!(matches!(Units::builtin().get("furlong"), Err(UnitError::Unknown(_))));
    }

    proptest! {
        #[test]
        fn there_and_back(units in -1_000_000_000_i64..1_000_000_000) {
            let value = Fixed::from_millionths(units * 1000);
            let all = Units::builtin();
            let there = all.conversion("mg/m³", "µg/m³").expect("same dimension");
            let back = all.conversion("µg/m³", "mg/m³").expect("same dimension");
            prop_assert_eq!(back.apply(there.apply(value).expect("fits")).expect("fits"), value);
        }
    }
}
