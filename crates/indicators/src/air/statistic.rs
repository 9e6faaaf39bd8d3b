//! Day values of a year → one exact statistic.

use crate::definition::Statistic;
use domain::{Ratio, RatioSum};
use standards::methods::percentile;

/// The statistic of the given day values; `None` of no values.
///
/// * mean: Σ x / n, exact;
/// * percentile: HJ 663-2013 annex A, see [`standards::methods::percentile`];
/// * max: the largest.
pub fn statistic(values: &[Ratio], which: Statistic) -> Option<Ratio> {
    match which {
        Statistic::Mean => {
            let mut sum = RatioSum::default();
            for value in values {
                sum.add(*value);
            }
            sum.mean()
        }
        Statistic::Percentile(p) => {
            let sorted = sorted(values);
            (!sorted.is_empty()).then(|| percentile(&sorted, p))
        }
        Statistic::Max => values.iter().copied().max(),
    }
}

/// Ascending, exactly: sorted by a float key, then neighbours whose keys are too close to tell are put in order
/// by their fractions.
pub(crate) fn sorted(values: &[Ratio]) -> Vec<Ratio> {
    let key = |value: &Ratio| value.num() as f64 / value.den() as f64;
    let mut keyed: Vec<(f64, u32)> =
        values.iter().enumerate().map(|(position, value)| (key(value), position as u32)).collect();
    keyed.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut sorted: Vec<Ratio> = keyed.iter().map(|(_, position)| values[*position as usize]).collect();
    for end in 1..sorted.len() {
        let mut at = end;
        // Keys are rounded by parts in 10¹⁶; a gap of parts in 10⁹ cannot be an error of theirs.
        while at > 0 && near(keyed[at - 1].0, keyed[at].0) && sorted[at - 1] > sorted[at] {
            keyed.swap(at - 1, at);
            sorted.swap(at - 1, at);
            at -= 1;
        }
    }
    sorted
}

fn near(a: f64, b: f64) -> bool {
    (b - a).abs() <= 1e-9 * (a.abs() + b.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(list: &[i128]) -> Vec<Ratio> {
        list.iter().map(|value| Ratio::new(*value, 1)).collect()
    }

    /// Fractions that differ by parts in 10¹⁷ have one float; the fractions decide.
    #[test]
    fn fractions_that_floats_cannot_tell_are_sorted() {
        let tiny = 10_i128.pow(20);
        let up = |more: i128| Ratio::new(35 * tiny + more, tiny);
        let list = [up(3), up(1), up(2), up(0), Ratio::new(34, 1), up(1)];
        let mut plain = list.to_vec();
        plain.sort();
        assert_eq!(sorted(&list), plain);
        assert!(sorted(&list).windows(2).all(|pair| pair[0] <= pair[1]));
    }

    /// Hand: k = 1 + 3·0.9 = 3.7, so 30 + 0.7·10 = 37 (also numpy.percentile([10,20,30,40], 90)).
    #[test]
    fn percentile_interpolates() {
        let got = statistic(&values(&[40, 10, 30, 20]), Statistic::Percentile(90)).expect("four values");
        assert_eq!(got, Ratio::new(37, 1));
        assert_eq!(statistic(&values(&[5]), Statistic::Percentile(98)), Some(Ratio::new(5, 1)));
        assert_eq!(statistic(&[], Statistic::Mean), None);
        assert_eq!(statistic(&values(&[1, 2]), Statistic::Mean), Some(Ratio::new(3, 2)));
    }
}
