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

/// Ascending, exactly: a float key decides where it can, the fractions where it cannot.
pub(crate) fn sorted(values: &[Ratio]) -> Vec<Ratio> {
    let mut keyed: Vec<(f64, Ratio)> =
        values.iter().map(|value| (value.num() as f64 / value.den() as f64, *value)).collect();
    keyed.sort_unstable_by(|a, b| {
        let near = (a.0 - b.0).abs() <= 1e-9 * (a.0.abs() + b.0.abs());
        if near { a.1.cmp(&b.1) } else { a.0.total_cmp(&b.0) }
    });
    keyed.into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(list: &[i128]) -> Vec<Ratio> {
        list.iter().map(|value| Ratio::new(*value, 1)).collect()
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
