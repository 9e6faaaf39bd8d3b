//! Flags of values → the flag of their period.

use domain::DataFlag;

/// How many values have which flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlagCounts {
    counts: [u32; DataFlag::ALL.len()],
}

/// How a period's flag is made; the numbers are a standard's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derivation<'a> {
    /// Flag of a normal value.
    pub normal: DataFlag,
    /// Normal values needed [% of those due].
    pub normal_percent: u32,
    /// One value that is not normal makes the period not normal.
    pub one_abnormal: bool,
    /// The most frequent flag is taken; else always `otherwise`.
    pub dominant: bool,
    /// Where no value says why.
    pub otherwise: DataFlag,
    /// Flags that are not normal, the first prevailing when two are as frequent.
    pub order: &'a [DataFlag],
}

impl FlagCounts {
    /// Adds `many` values with a flag.
    pub fn add(&mut self, flag: DataFlag, many: u32) {
        self.counts[position(flag)] += many;
    }

    /// How many values have a flag.
    pub fn of(&self, flag: DataFlag) -> u32 {
        self.counts[position(flag)]
    }

    /// How many values there are.
    pub fn total(&self) -> u32 {
        self.counts.iter().sum()
    }
}

fn position(flag: DataFlag) -> usize {
    DataFlag::ALL.iter().position(|own| *own == flag).expect("ALL lists every flag")
}

/// The flag of a period of `due` values.
///
/// Normal with at least `normal_percent` of the values **due** normal, and, where one counts, none that is not;
/// else the most frequent of the flags that are not normal, else `otherwise`. Reference: HJ 212-2017, notes to
/// tables C.16 to C.18 (they say D for every gas period that is not normal; that a more frequent reason is
/// named instead is the catalog's `dominant`).
///
/// ```
/// use domain::DataFlag::*;
/// use observe::online::{Derivation, FlagCounts, derive_flag};
/// let rule = Derivation { normal: N, normal_percent: 75, one_abnormal: false, dominant: true, otherwise: D, order: &[F, M, C, S, T, B, D] };
/// let mut counts = FlagCounts::default();
/// counts.add(N, 45);
/// assert_eq!(derive_flag(&counts, 60, &rule), N);
/// let mut fewer = FlagCounts::default();
/// fewer.add(N, 44);
/// assert_eq!(derive_flag(&fewer, 60, &rule), D);
/// fewer.add(M, 16);
/// assert_eq!(derive_flag(&fewer, 60, &rule), M);
/// ```
pub fn derive_flag(counts: &FlagCounts, due: u32, rule: &Derivation<'_>) -> DataFlag {
    let normal = counts.of(rule.normal);
    let abnormal = counts.total() - normal;
    let enough = normal > 0 && u64::from(normal) * 100 >= u64::from(rule.normal_percent) * u64::from(due);
    if enough && !(rule.one_abnormal && abnormal > 0) {
        return rule.normal;
    }
    if !rule.dominant {
        return rule.otherwise;
    }
    let mut best = (0, rule.otherwise);
    for flag in rule.order.iter().filter(|flag| **flag != rule.normal) {
        if counts.of(*flag) > best.0 {
            best = (counts.of(*flag), *flag);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use DataFlag::{B, C, D, F, M, N, S, T};

    const ORDER: [DataFlag; 7] = [F, M, C, S, T, B, D];

    fn derive(flags: &[(DataFlag, u32)], one_abnormal: bool) -> DataFlag {
        let mut counts = FlagCounts::default();
        flags.iter().for_each(|(flag, many)| counts.add(*flag, *many));
        let rule =
            Derivation { normal: N, normal_percent: 75, one_abnormal, dominant: true, otherwise: D, order: &ORDER };
        derive_flag(&counts, 60, &rule)
    }

    #[test]
    fn gas_needs_three_quarters_water_needs_all() {
        assert_eq!(derive(&[(N, 45), (M, 15)], false), N);
        assert_eq!(derive(&[(N, 44), (M, 10), (C, 6)], false), M);
        assert_eq!(derive(&[(N, 59), (T, 1)], true), T);
        assert_eq!(derive(&[(N, 60)], true), N);
        assert_eq!(derive(&[(F, 60)], false), F);
        assert_eq!(derive(&[], false), D);
    }

    #[test]
    fn of_two_as_frequent_the_first_of_the_order_prevails() {
        assert_eq!(derive(&[(C, 20), (M, 20)], false), M);
        assert_eq!(derive(&[(D, 30), (F, 30)], false), F);
    }
}
