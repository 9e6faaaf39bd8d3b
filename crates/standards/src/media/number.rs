//! A decimal as written → an exact fraction, with all its digits: limits of some poisons need more places
//! than [`domain::Fixed`] keeps. Used by the tables and cells of this module.

use domain::{Fixed, Ratio};

/// Digits that are kept exactly, and the largest power of ten either way.
const DIGITS_MAX: usize = 20;
const POWER_MAX: i32 = 16;
/// Denominators up to this stay as they are.
const SHORT: i128 = 1_000_000_000;

/// The number a text stands for, exactly; `None` where it is none or too large to be a measurement.
///
/// Takes `12`, `-0.5`, `.5`, `1e-6`. More digits than twenty are taken at six decimal places.
///
/// ```
/// use standards::media::exact;
/// assert_eq!(exact("0.0000028"), Some(domain::Ratio::new(28, 10_000_000)));
/// assert_eq!(exact("2.8e-6"), exact("0.0000028"));
/// assert_eq!(exact("1,5"), None);
/// ```
pub fn exact(text: &str) -> Option<Ratio> {
    let (mantissa, power) = match text.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, power.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let count = whole.len() + decimals.len();
    let plain = count > 0 && whole.bytes().chain(decimals.bytes()).all(|byte| byte.is_ascii_digit());
    if !plain || power.abs() > POWER_MAX {
        return None;
    }
    if count > DIGITS_MAX {
        return text.parse::<Fixed>().ok().map(Ratio::from);
    }
    let number = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<i128>().ok() };
    let scale = 10_i128.pow(u32::try_from(decimals.len()).ok()?);
    let top = number(whole)?.checked_mul(scale)?.checked_add(number(decimals)?)?;
    let top = if negative { -top } else { top };
    let shift = 10_i128.pow(power.unsigned_abs());
    let value = if power < 0 { Ratio::new(top, scale * shift) } else { Ratio::new(top * shift, scale) };
    // Lowest terms cost more than all the rest and matter only where products would grow too long.
    let value = if value.den() > SHORT { value.reduced() } else { value };
    // Beyond twelve digits before the point nothing is a measurement.
    (value.num().unsigned_abs() / value.den().unsigned_abs() < 10_u128.pow(12)).then_some(value)
}

/// Reads an exact number that a TOML file writes as text.
pub(crate) fn written<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Ratio, D::Error> {
    let text = <String as serde::Deserialize>::deserialize(deserializer)?;
    exact(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a number")))
}

/// `value` as a plain decimal, rounded once to `places`, without trailing zeros.
pub(crate) fn shown(value: Ratio, places: u32) -> String {
    value.round(places).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_numbers_with_all_their_digits() {
        for (text, num, den) in [
            ("12", 12, 1),
            ("-0.5", -1, 2),
            (".5", 1, 2),
            ("5.", 5, 1),
            ("1e3", 1000, 1),
            ("0.000001", 1, 1_000_000),
            ("1E-9", 1, 1_000_000_000),
            ("+7.10", 71, 10),
        ] {
            assert_eq!(exact(text), Some(Ratio::new(num, den)), "{text}");
        }
        for text in ["", ".", "-", "1,5", "NaN", "0x1", "1e99", "5mg/L", "1e400", "99999999999999", "e5", "--1"] {
            assert_eq!(exact(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_stored_decimal(units in -999_999_999_999_i64..999_999_999_999) {
            let fixed = Fixed::from_millionths(units);
            prop_assert_eq!(exact(&fixed.to_string()), Some(Ratio::from(fixed)));
        }

        #[test]
        fn never_panics(text in "\\PC*") {
            let _ = exact(&text);
        }

        #[test]
        fn never_panics_on_number_like_text(text in "[-+]?[0-9]{0,40}\\.?[0-9]{0,40}([eE][-+]?[0-9]{1,4})?") {
            let _ = exact(&text);
        }
    }
}
