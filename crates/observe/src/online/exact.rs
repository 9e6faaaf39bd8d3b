//! Multiplication and division of exact fractions that never overflow silently.
//!
//! A chain of conversions, each minute with its own oxygen and temperature, has a denominator of its own for
//! every minute; their exact sum would need thousands of digits. So the value of **one** minute is rounded to
//! 10⁻¹² once, half to even, and everything above it is exact again. The result is the same for every order of
//! adding, and six digits finer than what is kept.

use domain::Ratio;

/// Digits kept of a minute's value.
const FINE: i128 = 1_000_000_000_000;
/// Denominators above this are rounded to [`FINE`] before they are used again.
const WIDE: i128 = 1_000_000_000_000_000_000;

/// `a · b`; `None` if it does not fit (more than about 10¹⁴).
///
/// ```
/// use domain::Ratio;
/// use observe::online::exact::times;
/// assert_eq!(times(Ratio::new(2, 3), Ratio::new(3, 4)), Some(Ratio::new(1, 2)));
/// ```
pub fn times(a: Ratio, b: Ratio) -> Option<Ratio> {
    // Means of long fractions can be too long to multiply exactly: then both are rounded first.
    product(a, b).or_else(|| product(fine(a)?, fine(b)?))
}

fn product(a: Ratio, b: Ratio) -> Option<Ratio> {
    let (a, b) = (a.reduced(), b.reduced());
    let left = Ratio::new(a.num(), b.den()).reduced();
    let right = Ratio::new(b.num(), a.den()).reduced();
    let num = left.num().checked_mul(right.num())?;
    let den = left.den().checked_mul(right.den())?;
    narrow(Ratio::new(num, den))
}

/// `a / b`; `None` if `b` is zero or the result does not fit.
pub fn over(a: Ratio, b: Ratio) -> Option<Ratio> {
    match b.num() {
        0 => None,
        num if num < 0 => times(a, Ratio::new(-b.den(), num.checked_neg()?)),
        num => times(a, Ratio::new(b.den(), num)),
    }
}

/// `a · num / den` of whole numbers, `den` > 0.
pub fn scaled(a: Ratio, num: i64, den: i64) -> Option<Ratio> {
    times(a, Ratio::new(i128::from(num), i128::from(den)))
}

/// The same number with a denominator that sums can bear.
fn narrow(value: Ratio) -> Option<Ratio> {
    if value.den() <= WIDE { Some(value) } else { fine(value) }
}

/// Rounded to 10⁻¹², half to even; `None` if it does not fit.
///
/// ```
/// use domain::Ratio;
/// use observe::online::exact::fine;
/// assert_eq!(fine(Ratio::new(1, 3)), Some(Ratio::new(333_333_333_333, 1_000_000_000_000)));
/// ```
pub fn fine(value: Ratio) -> Option<Ratio> {
    // Two steps, so that the remainder times a power of ten fits.
    const STEP: i128 = 1_000_000;
    const LAST: i128 = FINE / STEP;
    let value = value.reduced();
    if FINE % value.den() == 0 {
        return Some(value);
    }
    let (whole, rest) = (value.num().div_euclid(value.den()), value.num().rem_euclid(value.den()));
    let first = rest.checked_mul(STEP)?;
    let (high, rest) = (first / value.den(), first % value.den());
    let second = rest.checked_mul(LAST)?;
    let (low, rest) = (second / value.den(), second % value.den());
    let digits = high * LAST + low;
    let twice = rest.checked_mul(2)?;
    let up = twice > value.den() || (twice == value.den() && digits % 2 != 0);
    let num = whole.checked_mul(FINE)?.checked_add(digits + i128::from(up))?;
    Some(Ratio::new(num, FINE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn division_by_nothing_is_no_number() {
        assert_eq!(over(Ratio::new(5, 1), Ratio::new(0, 1)), None);
        assert_eq!(over(Ratio::new(5, 1), Ratio::new(-2, 1)), Some(Ratio::new(-5, 2)));
    }

    #[test]
    fn halves_go_to_the_even_digit() {
        let at = |num: i128| fine(Ratio::new(num, 2 * FINE)).map(|value| value.times(1_000_000_000_000).round(0));
        assert_eq!(at(1).map(|value| value.to_string()).as_deref(), Some("0"));
        assert_eq!(at(3).map(|value| value.to_string()).as_deref(), Some("2"));
        assert_eq!(at(5).map(|value| value.to_string()).as_deref(), Some("2"));
    }

    proptest! {
        #[test]
        fn fine_is_within_half_a_step(num in -1_000_000_000_000_i128..1_000_000_000_000, den in 1_i128..1_000_000_000) {
            let value = Ratio::new(num, den);
            let gap = fine(value).expect("small").minus(value);
            prop_assert!(gap <= Ratio::new(1, 2 * FINE) && gap >= Ratio::new(-1, 2 * FINE), "{gap}");
        }

        #[test]
        fn times_undoes_over(a in -1_000_000_000_i128..1_000_000_000, b in 1_i128..1_000_000, c in 1_i128..1_000_000) {
            let (value, divisor) = (Ratio::new(a, b), Ratio::new(c, 7));
            prop_assert_eq!(times(over(value, divisor).expect("small"), divisor), Some(value));
        }

        #[test]
        fn never_panics(a in any::<i64>(), b in 1_i64..i64::MAX, c in any::<i64>(), d in 1_i64..i64::MAX) {
            let (x, y) = (Ratio::new(a.into(), b.into()), Ratio::new(c.into(), d.into()));
            let _ = (times(x, y), over(x, y), fine(x));
        }
    }
}
