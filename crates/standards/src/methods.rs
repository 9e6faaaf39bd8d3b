//! The methods of the standards, as pure functions that know no pollutant: exact numbers in, exact numbers
//! out. Called by the tables in [`crate::air`] and by `indicators`.

use domain::fixed::ONE;
use domain::{Fixed, Ratio, RatioSum};

/// A point of a piecewise linear index: a concentration and the index at it.
pub type Breakpoint = (Fixed, u16);

/// The piecewise linear index of a value, rounded up to a whole number.
///
/// ```text
/// I = ⌈ (I_hi − I_lo) / (B_hi − B_lo) · (C − B_lo) + I_lo ⌉
/// ```
/// * `C`: the value [unit of the breakpoints]; `B`: breakpoints, ascending; `I`: index at them [1].
///
/// Exact: the fraction is never a float, so a value that meets a whole index exactly is not pushed to the
/// next one. `None` below the first breakpoint and above the last; what holds there is the table's to say.
///
/// Reference: HJ 633-2012 4.2 and 6.2; HJ 633-2026 formula (1) and 4.2.6.
///
/// ```
/// use domain::{Fixed, Ratio};
/// use standards::methods::piecewise_up;
/// let at = |text: &str| text.parse::<Fixed>().unwrap();
/// let table = [(at("0"), 0), (at("2"), 50), (at("4"), 100)];
/// assert_eq!(piecewise_up(&table, Ratio::from(at("2.2"))), Some(55));
/// assert_eq!(piecewise_up(&table, Ratio::from(at("2.200001"))), Some(56));
/// assert_eq!(piecewise_up(&table, Ratio::from(at("4.1"))), None);
/// ```
pub fn piecewise_up(table: &[Breakpoint], value: Ratio) -> Option<u16> {
    let first = table.first()?;
    if value < Ratio::from(first.0) {
        return None;
    }
    let upper = table.iter().position(|point| value <= Ratio::from(point.0))?;
    if upper == 0 {
        return Some(first.1);
    }
    let (low, high) = (table[upper - 1], table[upper]);
    // A fraction too long for 128 bits is taken at six places, which only a sum of sums can be.
    interpolate_up(low, high, value).or_else(|| interpolate_up(low, high, Ratio::from(value.round(6))))
}

fn interpolate_up(low: Breakpoint, high: Breakpoint, value: Ratio) -> Option<u16> {
    let (from, to) = (i128::from(low.0.millionths()), i128::from(high.0.millionths()));
    let rise = i128::from(high.1) - i128::from(low.1);
    let above = value.num().checked_mul(i128::from(ONE))?.checked_sub(from.checked_mul(value.den())?)?;
    let top = above.checked_mul(rise)?;
    let bottom = value.den().checked_mul(to - from)?;
    if bottom <= 0 {
        return None;
    }
    let whole = top.div_euclid(bottom) + i128::from(top.rem_euclid(bottom) > 0);
    u16::try_from(i128::from(low.1) + whole).ok()
}

/// The largest of the given indices, and a bit for each that reaches it.
///
/// Reference: HJ 633-2012 4.4, HJ 633-2026 formula (2): AQI = max IAQI; ties are all named.
///
/// ```
/// use standards::methods::worst_of;
/// assert_eq!(worst_of(&[Some(80), None, Some(120), Some(120)]), (Some(120), 0b1100));
/// assert_eq!(worst_of(&[None]), (None, 0));
/// ```
pub fn worst_of(indices: &[Option<u16>]) -> (Option<u16>, u16) {
    let worst = indices.iter().flatten().copied().max();
    let mut named = 0;
    for (position, index) in indices.iter().enumerate().take(16) {
        if worst.is_some() && *index == worst {
            named |= 1 << position;
        }
    }
    (worst, named)
}

/// The p-th percentile of values in ascending order, interpolated between neighbours.
///
/// ```text
/// k = 1 + (n − 1) · p / 100,   s = ⌊k⌋,   m = X(s) + (X(s+1) − X(s)) · (k − s)
/// ```
/// * `X`: the values, ascending; `n`: how many; `p`: 0 to 100.
///
/// Reference: HJ 663-2013 annex A (the same as Excel's PERCENTILE.INC and numpy's default).
///
/// `sorted` must not be empty: a caller without values has no percentile to ask for.
///
/// ```
/// use domain::Ratio;
/// use standards::methods::percentile;
/// let values: Vec<Ratio> = [10, 20, 30, 40].iter().map(|value| Ratio::new(*value, 1)).collect();
/// assert_eq!(percentile(&values, 90), Ratio::new(37, 1));
/// ```
pub fn percentile(sorted: &[Ratio], p: u8) -> Ratio {
    assert!(!sorted.is_empty(), "a percentile needs at least one value");
    let steps = (sorted.len() - 1) * usize::from(p.min(100));
    let (below, rest) = (steps / 100, steps % 100);
    let low = sorted[below];
    if rest == 0 {
        return low;
    }
    let gap = sorted[below + 1].minus(low);
    low.plus(gap.times(rest as i64).divided_by(Ratio::new(100, 1)))
}

/// The class of a value under ascending limits: 1 when it meets the first, one more for each it exceeds;
/// `limits.len() + 1` when it exceeds them all. Meeting a limit exactly is meeting it.
///
/// ```
/// use domain::{Fixed, Ratio};
/// use standards::methods::class_of;
/// let limits = [Fixed::from_integer(15), Fixed::from_integer(35)];
/// assert_eq!(class_of(&limits, Ratio::new(35, 1)), 2);
/// assert_eq!(class_of(&limits, Ratio::new(351, 10)), 3);
/// ```
pub fn class_of(limits: &[Fixed], value: Ratio) -> usize {
    1 + limits.iter().filter(|limit| value > Ratio::from(**limit)).count()
}

/// The class of a set is that of its worst member; `None` of an empty set.
pub fn class_of_set(classes: &[usize]) -> Option<usize> {
    classes.iter().copied().max()
}

/// How many times a value exceeds a limit.
///
/// ```text
/// B = (C − S) / S
/// ```
/// * `C`: the value, `S`: the limit [same unit]; zero or negative when the limit is met.
///
/// Reference: HJ 663-2013 annex A. `None` for a limit that is not positive.
pub fn exceed_multiple(value: Ratio, limit: Fixed) -> Option<Ratio> {
    if limit <= Fixed::ZERO {
        return None;
    }
    Some(value.minus(Ratio::from(limit)).divided_by(Ratio::from(limit)))
}

/// Compliance rate: days that meet the limit per valid day [%].
///
/// Reference: HJ 663-2013 annex A. `None` without a valid day.
pub fn compliance_rate(compliant: u32, valid: u32) -> Option<Ratio> {
    (valid > 0).then(|| Ratio::new(i128::from(compliant) * 100, i128::from(valid)))
}

/// A weighted sum of ratios to a standard.
///
/// ```text
/// I = Σ wᵢ · Cᵢ / Sᵢ
/// ```
/// * `Cᵢ`: statistic, `Sᵢ`: its standard value [same unit], `wᵢ`: weight [1].
///
/// Reference: 城市环境空气质量排名技术规定 (2018). Every part must be given: there is no sum of some.
pub fn composite(parts: &[(Ratio, Fixed, u32)]) -> Option<Ratio> {
    let mut sum = RatioSum::default();
    for (value, standard, weight) in parts {
        if *standard <= Fixed::ZERO {
            return None;
        }
        sum.add(value.divided_by(Ratio::from(*standard)).times(i64::from(*weight)));
    }
    (!parts.is_empty()).then(|| sum.total())
}

/// Spearman's rank correlation of yearly values with time.
///
/// ```text
/// r = 1 − 6 Σ dᵢ² / (n³ − n),   dᵢ = (rank of value i) − (rank of year i)
/// ```
/// Equal values share the mean of their ranks.
///
/// Reference: HJ 663-2013 annex B; meant for at least five periods, `None` below two.
///
/// ```
/// use domain::Ratio;
/// use standards::methods::spearman;
/// let falling: Vec<Ratio> = [90, 80, 70, 60, 50].iter().map(|value| Ratio::new(*value, 1)).collect();
/// assert_eq!(spearman(&falling), Some(Ratio::new(-1, 1)));
/// ```
pub fn spearman(values: &[Ratio]) -> Option<Ratio> {
    let n = values.len() as i128;
    if n < 2 {
        return None;
    }
    let mut squares = 0_i128; // of twice the difference, so that shared ranks stay whole
    for (position, value) in values.iter().enumerate() {
        let below = values.iter().filter(|other| *other < value).count() as i128;
        let equal = values.iter().filter(|other| *other == value).count() as i128;
        let twice_rank = 2 * below + equal + 1;
        let difference = twice_rank - 2 * (position as i128 + 1);
        squares += difference * difference;
    }
    let bottom = 2 * (n * n * n - n);
    Some(Ratio::new(bottom - 3 * squares, bottom))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(list: &[i128]) -> Vec<Ratio> {
        list.iter().map(|value| Ratio::new(*value, 1)).collect()
    }

    /// Hand: a mean of 23 hours that lies exactly on a whole index stays there.
    #[test]
    fn an_exact_fraction_is_not_pushed_up() {
        let table = [(Fixed::ZERO, 0), (Fixed::from_integer(23), 50)];
        assert_eq!(piecewise_up(&table, Ratio::new(23 * 7, 23)), Some(16), "7/23 · 50 = 15.2");
        assert_eq!(piecewise_up(&table, Ratio::new(23, 50)), Some(1), "0.46 is exactly index 1");
        assert_eq!(piecewise_up(&table, Ratio::new(24, 50)), Some(2));
        assert_eq!(piecewise_up(&table, Ratio::new(-1, 50)), None);
        assert_eq!(piecewise_up(&[], Ratio::new(1, 1)), None);
    }

    /// Hand: k = 1 + 4·0.4 = 2.6, so 20 + 0.6·15 = 29.
    #[test]
    fn percentile_interpolates_between_neighbours() {
        assert_eq!(percentile(&whole(&[15, 20, 35, 40, 50]), 40), Ratio::new(29, 1));
        assert_eq!(percentile(&whole(&[5]), 98), Ratio::new(5, 1));
        assert_eq!(percentile(&whole(&[1, 2]), 100), Ratio::new(2, 1));
        assert_eq!(percentile(&whole(&[1, 2]), 255), Ratio::new(2, 1), "there is nothing above the largest");
    }

    #[test]
    fn exceeding_and_complying() {
        let limit = Fixed::from_integer(35);
        assert_eq!(exceed_multiple(Ratio::new(70, 1), limit), Some(Ratio::new(1, 1)));
        assert_eq!(exceed_multiple(Ratio::new(35, 2), limit), Some(Ratio::new(-1, 2)));
        assert_eq!(exceed_multiple(Ratio::new(70, 1), Fixed::ZERO), None);
        assert_eq!(compliance_rate(332, 365).map(|rate| rate.round(1).to_string()), Some("91".to_string()));
        assert_eq!(compliance_rate(0, 0), None);
        assert_eq!(composite(&[]), None);
    }

    /// Hand: shared ranks 1.5, 1.5 against 1, 2, then 3: Σd² = 0.5, r = 1 − 6·0.5/24.
    #[test]
    fn equal_values_share_their_ranks() {
        assert_eq!(spearman(&whole(&[4, 4, 9])), Some(Ratio::new(7, 8)));
        assert_eq!(spearman(&whole(&[1, 2, 3, 4])), Some(Ratio::new(1, 1)));
        assert_eq!(spearman(&whole(&[1])), None);
    }

    proptest! {
        #[test]
        fn the_index_grows_with_the_concentration(a in 0_i64..60_000_000, b in 0_i64..60_000_000, den in 1_i128..100) {
            let table = [(Fixed::ZERO, 0), (Fixed::from_integer(2), 50), (Fixed::from_integer(4), 100), (Fixed::from_integer(60), 500)];
            let at = |value: i64| piecewise_up(&table, Ratio::new(i128::from(value), den * i128::from(ONE)));
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(at(low) <= at(high));
        }

        #[test]
        fn the_class_of_a_set_is_that_of_its_worst_member(values in proptest::collection::vec(0_i128..200, 1..20)) {
            let limits = [Fixed::from_integer(15), Fixed::from_integer(35), Fixed::from_integer(75)];
            let classes: Vec<usize> = values.iter().map(|value| class_of(&limits, Ratio::new(*value, 1))).collect();
            let worst = values.iter().max().map(|value| class_of(&limits, Ratio::new(*value, 1)));
            prop_assert_eq!(class_of_set(&classes), worst);
        }

        #[test]
        fn a_percentile_lies_between_its_neighbours(mut values in proptest::collection::vec(0_i128..10_000, 1..400), p in 0_u8..=100) {
            values.sort_unstable();
            let sorted = whole(&values);
            let got = percentile(&sorted, p);
            prop_assert!(got >= sorted[0] && got <= sorted[sorted.len() - 1]);
            // The share of values not above it is at least p % of the gaps.
            let not_above = sorted.iter().filter(|value| **value <= got).count();
            prop_assert!(not_above * 100 >= (sorted.len() - 1) * usize::from(p));
        }

        #[test]
        fn rank_correlation_stays_in_its_range(values in proptest::collection::vec(-50_i128..50, 2..40)) {
            let r = spearman(&whole(&values)).expect("two values or more");
            prop_assert!(r >= Ratio::new(-1, 1) && r <= Ratio::new(1, 1));
        }

        #[test]
        fn long_fractions_do_not_overflow(num in any::<i128>(), den in 1_i128..i128::MAX) {
            let table = [(Fixed::ZERO, 0), (Fixed::from_integer(35), 50), (Fixed::from_integer(500), 500)];
            let _ = piecewise_up(&table, Ratio::new(num / 4, den));
        }
    }
}
