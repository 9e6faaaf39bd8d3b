//! Exact decimals for columns: a whole number of millionths in 64 bits.
//!
//! A binary float cannot hold 0.1, so a value that a standard rounds is never one. `Fixed` is what the
//! lake stores (Parquet `DECIMAL(18,6)`) and what the vectorised standards compute on.

use rust_decimal::Decimal;
use std::fmt;
use std::str::FromStr;

/// Decimal places that a [`Fixed`] keeps.
pub const PLACES: u32 = 6;
/// How many units of [`Fixed`] make one.
pub const ONE: i64 = 1_000_000;
/// Largest magnitude accepted, so that the Parquet type `DECIMAL(18,6)` holds it: 10¹² − 10⁻⁶.
const LIMIT: i64 = 999_999_999_999_999_999;

/// An exact decimal with six places.
///
/// ```
/// use domain::Fixed;
/// let co: Fixed = "2.2".parse().unwrap();
/// assert_eq!(co.millionths(), 2_200_000);
/// assert_eq!(co.to_string(), "2.2");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fixed(i64);

/// Why a text is not a [`Fixed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FixedError {
    /// The text is not a decimal number.
    #[error("not a number")]
    NotANumber,
    /// The number does not fit in twelve digits before the point.
    #[error("too large to be a measurement")]
    TooLarge,
}

impl Fixed {
    /// Zero.
    pub const ZERO: Fixed = Fixed(0);

    /// From a count of millionths.
    pub const fn from_millionths(millionths: i64) -> Fixed {
        Fixed(millionths)
    }

    /// From a whole number.
    pub const fn from_integer(whole: i32) -> Fixed {
        Fixed(whole as i64 * ONE)
    }

    /// The count of millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// The same number as a [`Decimal`], exactly.
    pub fn to_decimal(self) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(self.0), PLACES).normalize()
    }

    /// From a [`Decimal`]; more than six places are rounded once, half to even.
    pub fn from_decimal(value: Decimal) -> Result<Fixed, FixedError> {
        let mut scaled = value.round_dp(PLACES);
        scaled.rescale(PLACES);
        match i64::try_from(scaled.mantissa()) {
            Ok(units) if units.abs() <= LIMIT => Ok(Fixed(units)),
            _ => Err(FixedError::TooLarge),
        }
    }

    /// For charts and maps only, never for a verdict.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / ONE as f64
    }

    /// Rounded by GB/T 8170 (half to even) to `places` decimal places, `places` ≤ 6.
    ///
    /// Reference: GB/T 8170-2008, 3.2 (四舍六入五成双), once, on the exact value.
    ///
    /// ```
    /// use domain::Fixed;
    /// let round = |text: &str, places| text.parse::<Fixed>().unwrap().round(places).to_string();
    /// assert_eq!(round("2.5", 0), "2");
    /// assert_eq!(round("3.5", 0), "4");
    /// assert_eq!(round("0.25", 1), "0.2");
    /// assert_eq!(round("-2.5", 0), "-2");
    /// ```
    pub fn round(self, places: u32) -> Fixed {
        if places >= PLACES {
            return self;
        }
        let step = 10_i64.pow(PLACES - places);
        let (down, rest) = (self.0.div_euclid(step), self.0.rem_euclid(step));
        let up = rest * 2 > step || (rest * 2 == step && down % 2 != 0);
        Fixed((down + i64::from(up)) * step)
    }
}

impl FromStr for Fixed {
    type Err = FixedError;

    /// Reads `12`, `-0.5`, `.5`, `1e3`; no thousands separators, no units, no white space.
    fn from_str(text: &str) -> Result<Fixed, FixedError> {
        match parse_plain(text.as_bytes()) {
            Some(fixed) => Ok(fixed),
            None => parse_general(text),
        }
    }
}

/// The common case without allocation: optional sign, at most 12 digits, a point, at most 6 digits.
fn parse_plain(bytes: &[u8]) -> Option<Fixed> {
    let (negative, digits) = match bytes.first()? {
        b'-' => (true, &bytes[1..]),
        b'+' => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    let mut units: i64 = 0;
    let mut whole = 0_u32;
    let mut places: Option<u32> = None;
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                match &mut places {
                    None => whole += 1,
                    Some(count) => *count += 1,
                }
                if whole > 12 || places > Some(PLACES) {
                    return None;
                }
                units = units * 10 + i64::from(byte - b'0');
            }
            b'.' if places.is_none() => places = Some(0),
            _ => return None,
        }
    }
    let places = places.unwrap_or(0);
    if whole + places == 0 {
        return None;
    }
    units *= 10_i64.pow(PLACES - places);
    Some(Fixed(if negative { -units } else { units }))
}

fn parse_general(text: &str) -> Result<Fixed, FixedError> {
    // Only digits, sign, point and exponent: `NaN`, `inf`, `1_000` and `0x1` are not measurements.
    let decimal_like = !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'))
        && text.bytes().any(|b| b.is_ascii_digit());
    if !decimal_like {
        return Err(FixedError::NotANumber);
    }
    let value = if text.contains(['e', 'E']) { Decimal::from_scientific(text) } else { Decimal::from_str(text) };
    Fixed::from_decimal(value.or_else(|_| beyond_decimal(text))?)
}

/// A number with more digits than [`Decimal`] holds, such as `7.016709298534875e-15`: all of its six
/// places are within the precision of a double.
fn beyond_decimal(text: &str) -> Result<Decimal, FixedError> {
    let value: f64 = text.parse().map_err(|_| FixedError::NotANumber)?;
    if value.abs() >= 1e9 {
        return Err(FixedError::TooLarge);
    }
    Decimal::from_str(&format!("{value:.9}")).map_err(|_| FixedError::TooLarge)
}

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_decimal(), f)
    }
}

impl fmt::Debug for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fixed(text: &str) -> Fixed {
        text.parse().expect("a number in the test")
    }

    #[test]
    fn reads_what_sheets_hold() {
        for (text, millionths) in [
            ("12", 12_000_000),
            ("-0.5", -500_000),
            (".5", 500_000),
            ("5.", 5_000_000),
            ("1e3", 1_000_000_000),
            ("4.7225", 4_722_500),
            ("59.99999999999999", 60_000_000),
            ("0.0000005", 0),
            ("7.016709298534875e-15", 0),
            ("-2.77555756156289e-17", 0),
            ("1.2345678901234567890123456789012e2", 123_456_789),
        ] {
            assert_eq!(fixed(text).millionths(), millionths, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["", "-", ".", "NaN", "inf", "1_000", "12a", "1,5", "0x10", "--1", "1e", "e5"] {
            assert_eq!(text.parse::<Fixed>(), Err(FixedError::NotANumber), "{text:?}");
        }
        for text in ["1e300", "9999999999999", "123456789012345678901234567890123"] {
            assert_eq!(text.parse::<Fixed>(), Err(FixedError::TooLarge), "{text:?}");
        }
    }

    /// Values of GB/T 8170-2008 3.2 and of the reference page on rounding.
    #[test]
    fn rounds_half_to_even() {
        for (text, places, expect) in [
            ("2.5", 0, "2"),
            ("3.5", 0, "4"),
            ("2.51", 0, "3"),
            ("0.25", 1, "0.2"),
            ("0.35", 1, "0.4"),
            ("-2.5", 0, "-2"),
            ("-3.5", 0, "-4"),
            ("12.1498", 1, "12.1"),
        ] {
            assert_eq!(fixed(text).round(places).to_string(), expect, "{text} to {places}");
        }
    }

    proptest! {
        #[test]
        fn text_round_trip(units in -LIMIT..=LIMIT) {
            let value = Fixed(units);
            prop_assert_eq!(fixed(&value.to_string()), value);
        }

        #[test]
        fn rounding_agrees_with_the_decimal_library(units in -1_000_000_000_i64..1_000_000_000, places in 0_u32..6) {
            let value = Fixed(units);
            prop_assert_eq!(value.round(places).to_decimal(), value.to_decimal().round_dp(places).normalize());
        }

        #[test]
        fn never_panics(text in "\\PC*") {
            let _ = text.parse::<Fixed>();
        }
    }
}
