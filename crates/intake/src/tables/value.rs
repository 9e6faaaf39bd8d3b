//! A cell → a value in the parameter's own unit, or what is wrong with it.

use super::cell::Cell;
use crate::mapping::{Below, Missing, ValueColumn};
use crate::problems::{CellFault, folded};
use domain::fixed::{FixedError, ONE};
use domain::unit::{Conversion, UnitError};
use domain::{Fixed, Parameter, Units};

/// Longest cell that can be a number, in bytes.
const LONGEST_NUMBER: usize = 64;

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Declared missing.
    Missing,
    /// A value.
    Good(Fixed),
    /// Below a detection limit: the limit.
    Below(Fixed),
}

/// How cells of one parameter and unit are read.
#[derive(Clone, Debug)]
pub(crate) struct ValueReader {
    parameter: Parameter,
    scale: Scale,
    words: Vec<(String, Fixed)>,
    /// Detection limit in the file's unit.
    limit: Option<Fixed>,
}

/// The marks that all columns of a mapping share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks<'a> {
    pub missing: &'a Missing,
    pub below: &'a Below,
}

#[derive(Clone, Debug)]
enum Scale {
    Same,
    /// A thousandth, the common conversion, without a decimal library when it comes out even.
    Milli(Conversion),
    By(Conversion),
    Factor(Fixed, Conversion),
}

impl Scale {
    fn of(conversion: Conversion) -> Scale {
        let is = |from: i64, to: i64| conversion.apply(Fixed::from_millionths(from)) == Ok(Fixed::from_millionths(to));
        if is(0, 0) && is(ONE, ONE) && is(1, 1) {
            Scale::Same
        } else if is(0, 0) && is(1000, 1) && is(ONE * ONE, ONE * 1000) {
            Scale::Milli(conversion)
        } else {
            Scale::By(conversion)
        }
    }

    fn apply(&self, value: Fixed) -> Result<Fixed, FixedError> {
        match self {
            Scale::Same => Ok(value),
            Scale::Milli(_) if value.millionths() % 1000 == 0 => Ok(Fixed::from_millionths(value.millionths() / 1000)),
            Scale::Milli(conversion) | Scale::By(conversion) => conversion.apply(value),
            Scale::Factor(by, conversion) => {
                let product = value.to_decimal().checked_mul(by.to_decimal()).ok_or(FixedError::TooLarge)?;
                conversion.apply(Fixed::from_decimal(product)?)
            }
        }
    }
}

impl ValueReader {
    /// For a parameter whose values stand in `unit`.
    pub(crate) fn new(parameter: &Parameter, unit: &str, units: &Units) -> Result<ValueReader, UnitError> {
        let scale = Scale::of(units.conversion(unit, &parameter.unit)?);
        Ok(ValueReader { parameter: parameter.clone(), scale, words: Vec::new(), limit: None })
    }

    /// For a value column, with `unit` from the header if it states one.
    pub(crate) fn of_column(
        column: &ValueColumn,
        parameter: &Parameter,
        unit: &str,
        units: &Units,
    ) -> Result<ValueReader, UnitError> {
        let mut reader = match &column.factor {
            None => ValueReader::new(parameter, unit, units)?,
            Some(factor) => {
                units.conversion(unit, &column.unit)?;
                let scale = Scale::Factor(factor.by, units.conversion(&factor.to, &parameter.unit)?);
                ValueReader { parameter: parameter.clone(), scale, words: Vec::new(), limit: None }
            }
        };
        reader.words = column.words.clone();
        reader.limit = column.limit;
        Ok(reader)
    }

    /// Reads a cell.
    #[inline]
    pub(crate) fn read(&self, cell: Cell<'_>, marks: Marks<'_>) -> Result<Value, CellFault> {
        match cell {
            Cell::Empty => Ok(Value::Missing),
            Cell::Text(bytes) => {
                let bytes = bytes.trim_ascii();
                if bytes.is_empty() {
                    return Ok(Value::Missing);
                }
                match plain_number(bytes) {
                    Some(number) => self.number(number, marks),
                    None => self.words(bytes, marks),
                }
            }
            Cell::Float(value) if value.is_nan() && marks.missing.has_text("nan") => Ok(Value::Missing),
            Cell::Float(value) | Cell::Sheet(value) => self.number(exact(value)?, marks),
            Cell::Int(value) => match value.checked_mul(ONE) {
                Some(units) => self.number(Fixed::from_millionths(units), marks),
                None => Err(CellFault::TooLarge),
            },
            Cell::Exact(number) => self.number(number, marks),
            Cell::Fault(_) => Err(CellFault::SheetError),
            Cell::Bool(_) | Cell::Time(_) => Err(CellFault::NotANumber),
        }
    }

    /// A value that stayed below the detection limit that another cell of the row states.
    #[cold]
    pub(crate) fn below(&self, limit: Cell<'_>, marks: Marks<'_>) -> Result<Value, CellFault> {
        match self.read(limit, marks) {
            Ok(Value::Good(limit) | Value::Below(limit)) => Ok(Value::Below(limit)),
            Ok(Value::Missing) | Err(_) => Err(CellFault::BelowWithoutLimit),
        }
    }

    #[inline]
    fn number(&self, number: Fixed, marks: Marks<'_>) -> Result<Value, CellFault> {
        if !marks.missing.numbers.is_empty() && marks.missing.numbers.contains(&number) {
            return Ok(Value::Missing);
        }
        self.scaled(number).map(Value::Good)
    }

    #[inline]
    fn scaled(&self, number: Fixed) -> Result<Fixed, CellFault> {
        let value = self.scale.apply(number).map_err(|_| CellFault::TooLarge)?;
        let low = self.parameter.min.is_some_and(|min| value < min);
        if low || self.parameter.max.is_some_and(|max| value > max) {
            return Err(self.out_of_range(value));
        }
        Ok(value)
    }

    #[cold]
    fn out_of_range(&self, value: Fixed) -> CellFault {
        let bound = |bound: Option<Fixed>| bound.map_or("…".to_string(), |bound| bound.to_string());
        let name = self.parameter.name.clone();
        if value < Fixed::ZERO && self.parameter.min == Some(Fixed::ZERO) {
            return CellFault::Negative { name };
        }
        let (min, max) = (bound(self.parameter.min), bound(self.parameter.max));
        CellFault::OutOfRange { name, min, max, unit: self.parameter.unit.clone() }
    }

    /// Everything that is not a plain number.
    #[cold]
    fn words(&self, bytes: &[u8], marks: Marks<'_>) -> Result<Value, CellFault> {
        let Ok(text) = std::str::from_utf8(bytes) else { return Err(CellFault::Undecodable) };
        let text = text.trim();
        if marks.missing.has_text(text) {
            return Ok(Value::Missing);
        }
        if let Some((_, number)) = self.words.iter().find(|(word, _)| word == text) {
            return self.scaled(*number).map(Value::Good);
        }
        if bytes.len() > LONGEST_NUMBER {
            return Err(CellFault::NotANumber);
        }
        let plain = folded(text);
        if marks.missing.has_text(&plain) {
            return Ok(Value::Missing);
        }
        if marks.below.words.iter().any(|word| folded(word) == plain) {
            let limit = self.limit.ok_or(CellFault::BelowWithoutLimit)?;
            return self.scaled(limit).map(Value::Below);
        }
        if let Some(limit) = marks.below.limit(&plain) {
            return match limit.parse() {
                Ok(limit) => self.scaled(limit).map(Value::Below),
                Err(_) if limit.is_empty() => Err(CellFault::BelowWithoutLimit),
                Err(_) => Err(CellFault::NotANumber),
            };
        }
        match plain.parse() {
            // Exponents and full-width digits: as good as plain ones, unless a space was inside.
            Ok(number) if !text.contains(char::is_whitespace) => self.number(number, marks),
            Err(FixedError::TooLarge) => Err(CellFault::TooLarge),
            _ if matches!(plain.trim_start_matches(['+', '-']), "nan" | "inf" | "infinity" | "∞") => {
                Err(CellFault::NotFinite)
            }
            _ => Err(CellFault::NotANumber),
        }
    }
}

impl Missing {
    /// Whether a text stands for no value.
    pub(crate) fn has_text(&self, text: &str) -> bool {
        self.texts.iter().any(|missing| missing.eq_ignore_ascii_case(text))
    }
}

impl Below {
    /// What is left of a folded text when its mark is taken off.
    fn limit<'a>(&self, text: &'a str) -> Option<&'a str> {
        let after = self.prefixes.iter().find_map(|mark| text.strip_prefix(folded(mark).as_str()));
        after.or_else(|| self.suffixes.iter().find_map(|mark| text.strip_suffix(folded(mark).as_str())))
    }
}

/// A decimal in its plain form; anything else takes the slow way.
#[inline]
fn plain_number(bytes: &[u8]) -> Option<Fixed> {
    let starts = matches!(bytes[0], b'0'..=b'9' | b'-' | b'+' | b'.');
    if !starts || bytes.len() > 24 || !bytes.is_ascii() {
        return None;
    }
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

/// The decimal that a binary number was written as: its shortest form, to six places.
fn exact(value: f64) -> Result<Fixed, CellFault> {
    if !value.is_finite() {
        return Err(CellFault::NotFinite);
    }
    let scaled = value * ONE as f64;
    let whole = scaled.round();
    // Below 10⁹ a double is finer than a millionth, so a product this near to a whole number is it.
    if value.abs() < 1e9 && (scaled - whole).abs() < 0.01 {
        return Ok(Fixed::from_millionths(whole as i64));
    }
    match value.to_string().parse() {
        Ok(number) => Ok(number),
        Err(FixedError::TooLarge) => Err(CellFault::TooLarge),
        Err(FixedError::NotANumber) => Err(CellFault::NotANumber),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Parameters;
    use proptest::prelude::*;

    fn read(parameter: &str, unit: &str, cell: Cell<'_>) -> Result<Value, CellFault> {
        let parameters = Parameters::builtin();
        let parameter = parameters.get(parameter).expect("in the catalog");
        let reader = ValueReader::new(parameter, unit, &Units::builtin()).expect("same dimension");
        let missing =
            Missing { texts: vec!["".into(), "NA".into(), "—".into()], numbers: vec![Fixed::from_integer(-999)] };
        let below = Below { prefixes: vec!["<".into()], suffixes: vec!["L".into()], words: vec!["未检出".into()] };
        reader.read(cell, Marks { missing: &missing, below: &below })
    }

    fn text(parameter: &str, unit: &str, text: &str) -> Result<String, &'static str> {
        match read(parameter, unit, Cell::Text(text.as_bytes())) {
            Ok(Value::Missing) => Ok("missing".to_string()),
            Ok(Value::Good(value)) => Ok(value.to_string()),
            Ok(Value::Below(value)) => Ok(format!("below {value}")),
            Err(fault) => Err(fault.kind().1),
        }
    }

    /// By hand: 300 µg/m³ = 0.3 mg/m³; marks as lab sheets use them (HJ 630: 检出限加 L).
    #[test]
    fn reads_what_sheets_hold() {
        for (parameter, unit, cell, expect) in [
            ("pm25", "µg/m³", "35", Ok("35")),
            ("pm25", "µg/m³", " 35.0 ", Ok("35")),
            ("co", "µg/m³", "300", Ok("0.3")),
            ("co", "µg/m³", "300.0005", Ok("0.3")),
            ("co", "mg/m³", "0.9", Ok("0.9")),
            ("temperature", "K", "298.15", Ok("25")),
            ("temperature", "°C", "-12.5", Ok("-12.5")),
            ("pm25", "µg/m³", "１２．５", Ok("12.5")),
            ("pm25", "µg/m³", "na", Ok("missing")),
            ("pm25", "µg/m³", "—", Ok("missing")),
            ("pm25", "µg/m³", "-999.0", Ok("missing")),
            ("tp", "mg/L", "<0.01", Ok("below 0.01")),
            ("tp", "mg/L", "＜0.01", Ok("below 0.01")),
            ("tp", "mg/L", "0.01L", Ok("below 0.01")),
            ("tp", "mg/L", "未检出", Err("below-without-limit")),
            ("tp", "mg/L", "<", Err("below-without-limit")),
            ("pm25", "µg/m³", "-3", Err("negative")),
            ("pm25", "µg/m³", "1e9", Err("out-of-range")),
            ("pm25", "µg/m³", "1e300", Err("out-of-range")),
            ("temperature", "°C", "80", Err("out-of-range")),
            ("pm25", "µg/m³", "12a", Err("not-a-number")),
            ("pm25", "µg/m³", "1 2", Err("not-a-number")),
            ("pm25", "µg/m³", "1,200", Err("not-a-number")),
            ("pm25", "µg/m³", "NaN", Err("not-finite")),
            ("pm25", "µg/m³", "-inf", Err("not-finite")),
        ] {
            assert_eq!(text(parameter, unit, cell), expect.map(str::to_string), "{parameter} {cell:?}");
        }
    }

    proptest! {
        /// A Parquet or XLSX double gives the same value as its shortest text in a CSV.
        #[test]
        fn a_double_is_read_like_its_text(value in prop_oneof![-1e4..1e5_f64, (0..10_000_000_i32).prop_map(|n| f64::from(n) / 100.0)]) {
            let as_text = value.to_string();
            let from_text = read("cod", "mg/L", Cell::Text(as_text.as_bytes()));
            prop_assert_eq!(read("cod", "mg/L", Cell::Float(value)), from_text);
        }
    }
}
