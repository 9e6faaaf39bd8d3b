//! Exact fractions: what a mean is before somebody rounds it.
//!
//! A mean of 23 hours has no finite decimal. Rounding it to some places first and again by the standard
//! would round twice, so means travel as fractions and are rounded once, at the end (GB/T 8170).

use crate::fixed::{Fixed, ONE};
use std::cmp::Ordering;
use std::fmt;

/// An exact fraction `num / den` of the parameter's unit, `den` > 0; not necessarily in lowest terms.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    num: i128,
    den: i128,
}

impl Ratio {
    /// `num / den`. Panics if `den` is not positive: a caller divides by a count it has checked.
    pub fn new(num: i128, den: i128) -> Ratio {
        assert!(den > 0, "a fraction needs a positive denominator, got {den}");
        Ratio { num, den }
    }

    /// Mean of `count` values whose sum is `sum_millionths`; `None` of no values.
    pub fn mean(sum_millionths: i128, count: u32) -> Option<Ratio> {
        (count > 0).then(|| Ratio::new(sum_millionths, i128::from(count) * i128::from(ONE)))
    }

    /// The numerator.
    pub fn num(self) -> i128 {
        self.num
    }

    /// The denominator.
    pub fn den(self) -> i128 {
        self.den
    }

    /// Rounded by GB/T 8170 (half to even) to `places` ≤ 6 decimal places, once.
    pub fn round(self, places: u32) -> Fixed {
        let places = places.min(crate::fixed::PLACES);
        let step = 10_i64.pow(crate::fixed::PLACES - places);
        let scaled = self.reduced();
        let Some(top) = scaled.num.checked_mul(i128::from(10_i64.pow(places))) else {
            return coarse(scaled).round(places);
        };
        let (down, rest) = (top.div_euclid(scaled.den), top.rem_euclid(scaled.den));
        let up = match (rest * 2).cmp(&scaled.den) {
            Ordering::Greater => true,
            Ordering::Equal => down % 2 != 0,
            Ordering::Less => false,
        };
        let units = (down + i128::from(up)) * i128::from(step);
        Fixed::from_millionths(i64::try_from(units).unwrap_or(if units < 0 { i64::MIN } else { i64::MAX }))
    }

    /// In lowest terms.
    pub fn reduced(self) -> Ratio {
        let divisor = gcd(self.num.unsigned_abs(), self.den.unsigned_abs()) as i128;
        Ratio { num: self.num / divisor, den: self.den / divisor }
    }

    /// `self · factor`.
    pub fn times(self, factor: i64) -> Ratio {
        let me = self.reduced();
        Ratio { num: me.num * i128::from(factor), den: me.den }
    }

    /// `self / divisor`, `divisor` > 0.
    pub fn divided_by(self, divisor: Ratio) -> Ratio {
        let (a, b) = (self.reduced(), divisor.reduced());
        assert!(b.num > 0, "division by {b}");
        let cross = Ratio::new(a.num, b.num).reduced();
        let other = Ratio::new(b.den, a.den).reduced();
        Ratio { num: cross.num * other.num, den: cross.den * other.den }.reduced()
    }

    /// `self + other`.
    pub fn plus(self, other: Ratio) -> Ratio {
        let mut sum = RatioSum::default();
        sum.add(self);
        sum.add(other);
        sum.total()
    }

    /// `self − other`.
    pub fn minus(self, other: Ratio) -> Ratio {
        self.plus(Ratio { num: -other.num, den: other.den })
    }

    /// For charts and maps only, never for a verdict.
    pub fn to_f64(self) -> f64 {
        let me = self.reduced();
        me.num as f64 / me.den as f64
    }
}

impl From<Fixed> for Ratio {
    fn from(value: Fixed) -> Ratio {
        Ratio { num: i128::from(value.millionths()), den: i128::from(ONE) }
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Ratio) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> Ordering {
        let (left, right) = (self.num.checked_mul(other.den), other.num.checked_mul(self.den));
        match (left, right) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => {
                let (a, b) = (self.reduced(), other.reduced());
                match (a.num.checked_mul(b.den), b.num.checked_mul(a.den)) {
                    (Some(left), Some(right)) => left.cmp(&right),
                    _ => a.to_f64().total_cmp(&b.to_f64()),
                }
            }
        }
    }
}

impl fmt::Display for Ratio {
    /// Six decimal places at most, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.round(crate::fixed::PLACES), f)
    }
}

/// A multiple of every 1 to 24, in millionths: means of up to 24 hours share this denominator.
const DAY: i64 = 5_354_228_880 * ONE;

/// A sum of fractions that stays exact: means of up to 24 values meet in one denominator at once, others
/// keep one running numerator per denominator and meet only in [`RatioSum::total`].
#[derive(Clone, Debug, Default)]
pub struct RatioSum {
    days: i128,
    parts: Vec<(i128, i128)>,
    count: u32,
}

impl RatioSum {
    /// Adds one fraction.
    pub fn add(&mut self, value: Ratio) {
        self.count += 1;
        if let Ok(den) = i64::try_from(value.den)
            && DAY % den == 0
            && let Some(num) = value.num.checked_mul(i128::from(DAY / den))
        {
            self.days += num;
            return;
        }
        match self.parts.iter_mut().find(|(den, _)| *den == value.den) {
            Some((_, num)) => *num += value.num,
            None => self.parts.push((value.den, value.num)),
        }
    }

    /// How many were added.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The exact sum.
    ///
    /// Should the common denominator pass 10³⁷ (it cannot with fewer than about thirty different station
    /// counts in one sum), the parts are first rounded to 10⁻¹⁵, far below any rounding of a standard.
    pub fn total(&self) -> Ratio {
        let mut sum = Ratio { num: self.days, den: i128::from(DAY) };
        if self.parts.is_empty() {
            return sum;
        }
        sum = sum.reduced();
        for &(den, num) in &self.parts {
            let part = Ratio { num, den }.reduced();
            sum = match add_exact(sum, part) {
                Some(exact) => exact,
                None => add_exact(coarse(sum), coarse(part)).unwrap_or(sum),
            };
        }
        sum
    }

    /// The exact mean; `None` of no values.
    pub fn mean(&self) -> Option<Ratio> {
        if self.count == 0 {
            return None;
        }
        let total = self.total();
        Some(Ratio { num: total.num, den: total.den.checked_mul(i128::from(self.count))? })
    }
}

fn add_exact(a: Ratio, b: Ratio) -> Option<Ratio> {
    let divisor = gcd(a.den.unsigned_abs(), b.den.unsigned_abs()) as i128;
    let (fa, fb) = (b.den / divisor, a.den / divisor);
    let num = a.num.checked_mul(fa)?.checked_add(b.num.checked_mul(fb)?)?;
    // Head-room for one multiplication by a power of ten when the sum is rounded.
    let den = a.den.checked_mul(fa)?;
    (num.unsigned_abs() < 1 << 106 && den < 1 << 106).then(|| Ratio { num, den }.reduced())
}

fn coarse(value: Ratio) -> Ratio {
    const FINE: i128 = 1_000_000_000_000_000;
    let whole = value.num.div_euclid(value.den);
    let rest = value.num.rem_euclid(value.den);
    let fine = (rest as f64 / value.den as f64 * FINE as f64).round() as i128;
    Ratio { num: whole.saturating_mul(FINE).saturating_add(fine), den: FINE }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tie_that_a_float_would_miss() {
        // Means of thirds that add up to exactly one half.
        let mut sum = RatioSum::default();
        sum.add(Ratio::new(1, 3));
        sum.add(Ratio::new(2, 3));
        sum.add(Ratio::new(1, 2));
        assert_eq!(sum.total(), Ratio::new(3, 2));
        assert_eq!(sum.total().round(0).to_string(), "2");
        assert_eq!(sum.mean().expect("three values").round(1).to_string(), "0.5");
    }

    #[test]
    fn many_denominators_stay_sane() {
        let mut sum = RatioSum::default();
        for den in 1..=400_i128 {
            sum.add(Ratio::new(7 * den + 1, den));
        }
        let mean = sum.mean().expect("400 values");
        let harmonic: f64 = (1..=400).map(|n| 1.0 / f64::from(n)).sum();
        assert!((mean.to_f64() - (7.0 + harmonic / 400.0)).abs() < 1e-12, "{mean}");
    }

    proptest! {
        #[test]
        fn the_order_of_adding_does_not_matter(values in proptest::collection::vec((0_i128..10_000_000_000, 20_i128..25), 1..400)) {
            let mut forward = RatioSum::default();
            let mut backward = RatioSum::default();
            for (num, den) in &values {
                forward.add(Ratio::new(*num, *den * i128::from(ONE)));
            }
            for (num, den) in values.iter().rev() {
                backward.add(Ratio::new(*num, *den * i128::from(ONE)));
            }
            prop_assert_eq!(forward.mean(), backward.mean());
        }

        #[test]
        fn rounding_is_within_half_a_step(num in -1_000_000_000_i128..1_000_000_000, den in 1_i128..5000, places in 0_u32..4) {
            let value = Ratio::new(num, den);
            let gap = value.minus(Ratio::from(value.round(places)));
            let half = Ratio::new(1, 2 * 10_i128.pow(places));
            prop_assert!(gap <= half && gap >= Ratio::new(-half.num(), half.den()));
        }
    }
}
