//! Values of a period → their mean, with how many there were, the smallest and the largest.

use domain::{Fixed, Ratio, RatioSum};

/// The smallest and the largest of some values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Smallest.
    pub min: Ratio,
    /// Largest.
    pub max: Ratio,
}

/// A mean being made.
#[derive(Clone, Debug, Default)]
pub struct Mean {
    sum: RatioSum,
    extent: Option<Extent>,
}

impl Extent {
    /// Of both.
    pub fn and(self, other: Extent) -> Extent {
        Extent { min: self.min.min(other.min), max: self.max.max(other.max) }
    }
}

impl Mean {
    /// Adds one value.
    pub fn add(&mut self, value: Ratio) {
        self.sum.add(value);
        let one = Extent { min: value, max: value };
        self.extent = Some(self.extent.map_or(one, |extent| extent.and(one)));
    }

    /// How many values.
    pub fn count(&self) -> u32 {
        self.sum.count()
    }

    /// Their sum.
    pub fn total(&self) -> Ratio {
        self.sum.total()
    }

    /// Σx / n.
    pub fn value(&self) -> Option<Ratio> {
        self.sum.mean()
    }

    /// Smallest and largest.
    pub fn extent(&self) -> Option<Extent> {
        self.extent
    }
}

/// The arithmetic mean Σx / n; `None` of no values.
pub fn arithmetic(values: &[Ratio]) -> Option<Ratio> {
    let mut mean = Mean::default();
    values.iter().for_each(|value| mean.add(*value));
    mean.value()
}

/// The middle value, or the mean of the two in the middle; `None` of no values.
pub fn median(values: &[Ratio]) -> Option<Ratio> {
    let mut sorted = values.to_vec();
    sorted.sort();
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(sorted[middle]),
        _ => arithmetic(&sorted[middle - 1..=middle]),
    }
}

/// The level of the mean energy: 10·lg(Σ 10^(L/10) / n) [dB].
///
/// A logarithm is no fraction: computed in binary, in order of size so that the order of arrival does not matter,
/// and rounded to six places. Reference: definition of the equivalent level, GB 3096-2008 3.1.
///
/// ```
/// use domain::Ratio;
/// use observe::online::energy;
/// let level = |db: i128| Ratio::new(db, 1);
/// assert_eq!(energy(&[level(60), level(60)]).unwrap().to_string(), "60");
/// // Ten times the energy in half of the time: 10·lg((10⁶ + 10⁷)/2) = 67.403627.
/// assert_eq!(energy(&[level(60), level(70)]).unwrap().to_string(), "67.403627");
/// ```
pub fn energy(levels: &[Ratio]) -> Option<Fixed> {
    if levels.is_empty() {
        return None;
    }
    let mut sorted = levels.to_vec();
    sorted.sort();
    let sum: f64 = sorted.iter().map(|level| 10_f64.powf(level.to_f64() / 10.0)).sum();
    let level = 10.0 * (sum / sorted.len() as f64).log10();
    format!("{level:.6}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn middles() {
        let at = |list: &[i128]| median(&list.iter().map(|n| Ratio::new(*n, 1)).collect::<Vec<_>>());
        assert_eq!(at(&[]), None);
        assert_eq!(at(&[3, 1, 2]), Some(Ratio::new(2, 1)));
        assert_eq!(at(&[4, 1, 2, 3]), Some(Ratio::new(5, 2)));
    }

    proptest! {
        #[test]
        fn a_mean_lies_between_its_ends(values in proptest::collection::vec(-1_000_000_i128..1_000_000, 1..100)) {
            let mut mean = Mean::default();
            values.iter().for_each(|value| mean.add(Ratio::new(*value, 1000)));
            let (got, ends) = (mean.value().expect("values"), mean.extent().expect("values"));
            prop_assert!(ends.min <= got && got <= ends.max);
        }

        #[test]
        fn energy_is_at_least_the_arithmetic_mean(values in proptest::collection::vec(200_i128..1_300, 1..100)) {
            let levels: Vec<Ratio> = values.iter().map(|value| Ratio::new(*value, 10)).collect();
            let plain = arithmetic(&levels).expect("values").to_f64();
            prop_assert!(energy(&levels).expect("values").to_f64() >= plain - 1e-6);
        }
    }
}
