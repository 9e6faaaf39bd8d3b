//! Exact fractions as the numbers of the formula library: every operation is exact, or says why there is no result.
//!
//! Used by `formula` only.

use domain::Ratio;
use std::str::FromStr;

/// A number of a formula.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    /// Exact.
    Is(Ratio),
    /// Something was divided by zero.
    DividedByZero,
    /// An exact fraction would not fit in 128 bits.
    TooLarge,
}

/// Decimal digits that fit in 128 bits whatever they are.
const MOST_DIGITS: usize = 37;

impl Default for Number {
    fn default() -> Number {
        Number::Is(Ratio::new(0, 1))
    }
}

impl FromStr for Number {
    type Err = String;

    /// Reads `12`, `0.0341`, `.5`: exactly, with any number of places.
    fn from_str(text: &str) -> Result<Number, String> {
        let (whole, places) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{places}");
        let number = digits.len() <= MOST_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        let read = number.then(|| digits.parse::<i128>().ok()).flatten();
        read.map(|number| Number::Is(Ratio::new(number, 10_i128.pow(places.len() as u32))))
            .ok_or_else(|| format!("`{text}` is not a decimal number"))
    }
}

impl Number {
    pub(super) fn plus(self, other: Number) -> Number {
        self.with(other, sum)
    }

    pub(super) fn minus(self, other: Number) -> Number {
        self.plus(other.negated())
    }

    pub(super) fn times(self, other: Number) -> Number {
        self.with(other, product)
    }

    pub(super) fn over(self, other: Number) -> Number {
        match other {
            Number::Is(divisor) if divisor.num() == 0 => match self {
                Number::TooLarge => Number::TooLarge,
                _ => Number::DividedByZero,
            },
            Number::Is(divisor) => self.with(Number::Is(inverse(divisor)), product),
            none => self.with(none, product),
        }
    }

    pub(super) fn least(self, other: Number) -> Number {
        self.with(other, |a, b| Some(a.min(b)))
    }

    pub(super) fn most(self, other: Number) -> Number {
        self.with(other, |a, b| Some(a.max(b)))
    }

    pub(super) fn negated(self) -> Number {
        match self {
            Number::Is(own) => Number::Is(Ratio::new(-own.num(), own.den())),
            none => none,
        }
    }

    fn with(self, other: Number, operation: impl Fn(Ratio, Ratio) -> Option<Ratio>) -> Number {
        match (self, other) {
            (Number::Is(a), Number::Is(b)) => operation(a, b).map_or(Number::TooLarge, Number::Is),
            (Number::Is(_), none) | (none, _) => none,
        }
    }
}

/// `a + b`, exactly.
fn sum(a: Ratio, b: Ratio) -> Option<Ratio> {
    let (a, b) = (a.reduced(), b.reduced());
    let cross = Ratio::new(a.den(), b.den()).reduced();
    let left = a.num().checked_mul(cross.den())?;
    let right = b.num().checked_mul(cross.num())?;
    Some(Ratio::new(left.checked_add(right)?, a.den().checked_mul(cross.den())?).reduced())
}

/// `a · b`, exactly.
fn product(a: Ratio, b: Ratio) -> Option<Ratio> {
    let (left, right) = (Ratio::new(a.num(), b.den()).reduced(), Ratio::new(b.num(), a.den()).reduced());
    Some(Ratio::new(left.num().checked_mul(right.num())?, left.den().checked_mul(right.den())?))
}

/// `1 / a`, `a` not zero.
fn inverse(a: Ratio) -> Ratio {
    Ratio::new(a.den() * a.num().signum(), a.num().abs())
}
