//! The few pure leaves that several statistics share: medians, ranks, the normal distribution.
//!
//! Called by [`crate::trend`].

use std::cmp::Ordering;

/// The median, by partial sorting of what is given; `None` of no values.
///
/// Of an even number of values it is half the sum of the two in the middle.
pub fn median(values: &mut [f64]) -> Option<f64> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let (below, middle, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    let upper = *middle;
    if n % 2 == 1 {
        return Some(upper);
    }
    let lower =
        below.iter().copied().max_by(f64::total_cmp).expect("an even number of values has one below the middle");
    Some((lower + upper) / 2.0)
}

/// Ranks from 1 in the order of the values; equal values share the mean of their ranks.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| compare(values[*a], values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let tied = order[from..].iter().take_while(|at| values[**at] == values[order[from]]).count();
        let shared = (2 * from + tied + 1) as f64 / 2.0;
        order[from..from + tied].iter().for_each(|at| ranks[*at] = shared);
        from += tied;
    }
    ranks
}

/// The order of two finite values: −0 and 0 are equal.
pub fn compare(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or(Ordering::Equal)
}

/// Sorts a list by merging and shows every pair that stood in falling order: all of a slice with one that was smaller.
///
/// `spare` has the length of the list. In time n·log n and what `see` takes, however many pairs there are.
pub fn inversions<T: Copy + PartialOrd>(list: &mut [T], spare: &mut [T], see: &mut impl FnMut(&[T], T)) {
    let n = list.len();
    if n < 2 {
        return;
    }
    let half = n / 2;
    inversions(&mut list[..half], spare, see);
    inversions(&mut list[half..], spare, see);
    let (mut left, mut right) = (0, half);
    for place in spare[..n].iter_mut() {
        if right == n || (left < half && list[left] <= list[right]) {
            *place = list[left];
            left += 1;
        } else {
            *place = list[right];
            see(&list[left..half], list[right]);
            right += 1;
        }
    }
    list.copy_from_slice(&spare[..n]);
}

/// How often each value occurs that occurs more than once.
pub fn ties(values: &[f64]) -> Vec<u64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(|a, b| compare(*a, *b));
    sorted.chunk_by(|a, b| a == b).map(|group| group.len() as u64).filter(|count| *count > 1).collect()
}

/// Probability that a standard normal value lies further from zero than `z`.
///
/// ```text
/// p = 2 · (1 − Φ(|z|))
/// ```
/// Formed by subtraction as `scipy.stats.norm` programs do, so that a p below about 1e-16 is 0.
pub fn two_sided(z: f64) -> f64 {
    let x = z.abs() * std::f64::consts::FRAC_1_SQRT_2;
    let below = if x < 1.0 { 0.5 + 0.5 * libm::erf(x) } else { 1.0 - 0.5 * libm::erfc(x) };
    2.0 * (1.0 - below)
}

/// The `z` beyond which a standard normal value lies with probability `alpha` / 2 on the upper side: 1.96 of 0.05.
///
/// Newton's steps from zero on the upper tail, which is convex there: they approach from below and never overshoot.
pub fn critical(alpha: f64) -> f64 {
    let wanted = alpha / 2.0;
    let mut z = 0.0_f64;
    for _ in 0..1000 {
        let tail = 0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2);
        let density = libm::exp(-z * z / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
        let next = z + (tail - wanted) / density;
        if (next - z).abs() <= 1e-15 * next.abs() {
            return next;
        }
        z = next;
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.17.1, `norm.ppf(1 - alpha / 2)`.
    #[test]
    fn critical_values_of_the_normal_distribution() {
        for (alpha, z) in [(0.05, 1.959963984540054), (0.01, 2.5758293035489004), (0.1, 1.6448536269514722), (1.0, 0.0)]
        {
            assert!((critical(alpha) - z).abs() < 1e-14, "{alpha}: {}", critical(alpha));
            assert!((two_sided(z) - alpha).abs() < 1e-15, "{alpha}");
        }
    }

    #[test]
    fn equal_values_share_their_ranks() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 0.0, -0.0]), [4.5, 3.0, 4.5, 1.5, 1.5]);
        assert_eq!(ties(&[3.0, 1.0, 3.0, 0.0, -0.0]), [2, 2]);
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&mut [4.0, 1.0, 3.0]), Some(3.0));
        assert_eq!(median(&mut []), None);
    }
}
