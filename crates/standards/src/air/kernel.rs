//! The index for whole columns of millionths, in integers only; identical to [`AirIndex::cell`], and fast.
//!
//! The index grows with the concentration, and so does rounding, so for every index value there is one
//! largest concentration that still gives it. Those thresholds are computed once, exactly. A table of
//! buckets, narrow enough to hold one threshold at most, then answers each value with one load and one
//! comparison. Called by `lake` (SQL functions) and by the benchmarks.

use crate::air::index::{AirIndex, IndexItem, MAX_ITEMS, Missing, Period};
use domain::fixed::PLACES;

/// Results for whole columns. Row `i` belongs to the `i`-th value of every input column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AqiColumns {
    /// Index of each item, in the order of [`AirIndex::items`]; [`AqiColumns::NONE`] where there is none.
    pub iaqi: Vec<Vec<u16>>,
    /// The AQI as it may be published; [`AqiColumns::NONE`] where there is none.
    pub aqi: Vec<u16>,
    /// Primary pollutants, one bit an item.
    pub primary: Vec<u16>,
    /// Level; 0 where there is none.
    pub level: Vec<u8>,
}

impl AqiColumns {
    /// Marks a row without an index.
    pub const NONE: u16 = u16::MAX;

    fn resize(&mut self, items: usize, rows: usize) {
        self.iaqi.resize_with(items, Vec::new);
        for column in &mut self.iaqi {
            column.resize(rows, 0);
        }
        self.aqi.resize(rows, 0);
        self.primary.resize(rows, 0);
        self.level.resize(rows, 0);
    }
}

impl AirIndex {
    /// Judges columns of concentrations in millionths of the items' units, in the order of
    /// [`AirIndex::items`]. [`domain::HourSeries::GAP`] is a missing value, and so is every negative one.
    ///
    /// There are as many rows as the longest column has; a shorter column is missing below its end, and so
    /// is a column that is not given. `out` is overwritten; reusing it saves the allocation.
    ///
    /// ```
    /// use standards::{AqiColumns, Catalog, Period};
    /// let catalog = Catalog::builtin();
    /// let index = catalog.index("hj633-2026").unwrap();
    /// let pm25 = index.items(Period::Hour).iter().position(|item| item.item == "pm25").unwrap();
    /// let mut columns: Vec<&[i64]> = vec![&[0]; 6];
    /// columns[pm25] = &[35_400_000]; // rounds to 35
    /// let mut out = AqiColumns::default();
    /// index.columns(Period::Hour, &columns, &mut out);
    /// assert_eq!((out.aqi[0], out.level[0]), (50, 1));
    /// ```
    pub fn columns(&self, period: Period, columns: &[&[i64]], out: &mut AqiColumns) {
        let kernel = self.kernel(period);
        let items = kernel.lookups.len();
        let columns = &columns[..columns.len().min(items)];
        let rows = columns.iter().map(|column| column.len()).max().unwrap_or(0);
        out.resize(items, rows);
        for (position, lookup) in kernel.lookups.iter().enumerate() {
            let given = columns.get(position).copied().unwrap_or(&[]);
            let (filled, rest) = out.iaqi[position].split_at_mut(given.len());
            lookup.fill(given, filled);
            rest.fill(0);
        }
        kernel.combine(out);
    }

    /// The same for one item only.
    pub fn item_column(&self, period: Period, item: usize, values: &[i64], out: &mut Vec<u16>) {
        out.clear();
        out.resize(values.len(), 0);
        if let Some(lookup) = self.kernel(period).lookups.get(item) {
            lookup.fill(values, out);
        }
        for code in out {
            *code = code.wrapping_sub(1);
        }
    }
}

/// The tables of one report. Inside, a *code* is an index plus one, and 0 is none.
#[derive(Clone, Debug)]
pub(crate) struct Kernel {
    lookups: Vec<Lookup>,
    required: Vec<bool>,
    primary_above: u16,
    publish_above: Option<u16>,
    levels: Vec<u8>,
}

const BLOCK: usize = 1024;

impl Kernel {
    /// From the items and rules of a report; `levels[aqi]` is the level of each index.
    pub fn new(items: &[IndexItem], primary_above: u16, missing: Missing, levels: Vec<u8>) -> Kernel {
        Kernel {
            lookups: items.iter().map(Lookup::new).collect(),
            required: items.iter().map(|item| item.required).collect(),
            primary_above,
            publish_above: match missing {
                Missing::Rest => None,
                Missing::RestAbove(above) => Some(above),
            },
            levels,
        }
    }

    /// From the codes of every item in `out.iaqi` to everything else, block by block.
    fn combine(&self, out: &mut AqiColumns) {
        let rows = out.aqi.len();
        for start in (0..rows).step_by(BLOCK) {
            let range = start..(start + BLOCK).min(rows);
            let aqi = &mut out.aqi[range.clone()];
            let primary = &mut out.primary[range.clone()];
            self.worst(&out.iaqi, range.clone(), aqi);
            self.name_primary(&out.iaqi, range.clone(), aqi, primary);
            for (level, code) in out.level[range.clone()].iter_mut().zip(aqi.iter_mut()) {
                *level = self.levels.get(usize::from(*code)).copied().unwrap_or(0);
                *code = code.wrapping_sub(1);
            }
            for column in &mut out.iaqi {
                for code in &mut column[range.clone()] {
                    *code = code.wrapping_sub(1);
                }
            }
        }
    }

    /// The largest code of each row, 0 where it may not be published.
    fn worst(&self, iaqi: &[Vec<u16>], range: std::ops::Range<usize>, aqi: &mut [u16]) {
        aqi.fill(0);
        for column in iaqi {
            for (worst, code) in aqi.iter_mut().zip(&column[range.clone()]) {
                *worst = (*worst).max(*code);
            }
        }
        let Some(above) = self.publish_above else { return };
        let mut least = [u16::MAX; BLOCK];
        for (column, required) in iaqi.iter().zip(&self.required) {
            if *required {
                for (least, code) in least.iter_mut().zip(&column[range.clone()]) {
                    *least = (*least).min(*code);
                }
            }
        }
        for (worst, least) in aqi.iter_mut().zip(&least) {
            let withheld = *least == 0 && *worst <= above + 1;
            *worst = if withheld { 0 } else { *worst };
        }
    }

    fn name_primary(&self, iaqi: &[Vec<u16>], range: std::ops::Range<usize>, aqi: &[u16], primary: &mut [u16]) {
        primary.fill(0);
        for (position, column) in iaqi.iter().enumerate().take(MAX_ITEMS) {
            let bit = 1_u16 << position;
            for ((named, code), worst) in primary.iter_mut().zip(&column[range.clone()]).zip(aqi) {
                let ties = code == worst && *worst > self.primary_above + 1;
                *named |= if ties { bit } else { 0 };
            }
        }
    }
}

/// From millionths to the code of one item.
#[derive(Clone, Debug)]
struct Lookup {
    /// A bucket is `2^shift` millionths wide.
    shift: u32,
    /// `low`: offset in the bucket up to which `at_most` holds; `at_most`, `above`: codes.
    buckets: Vec<Bucket>,
    /// Largest concentration of each code, where the buckets would be too many.
    thresholds: Vec<(i64, u16)>,
    above_last: u16,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    low: u32,
    at_most: u16,
    above: u16,
}

/// A table of buckets larger than this would leave the cache; such an item is searched instead.
const MAX_BUCKETS: i64 = 1 << 16;

impl Lookup {
    fn new(item: &IndexItem) -> Lookup {
        let thresholds = thresholds(item);
        let above_last = item.above_last.map_or(0, |index| index + 1);
        let gap = thresholds.windows(2).map(|pair| pair[1].0 - pair[0].0).min().unwrap_or(1).max(1);
        let shift = gap.ilog2().min(31);
        let last = thresholds.last().map_or(0, |(threshold, _)| *threshold);
        let mut lookup = Lookup { shift, buckets: Vec::new(), thresholds, above_last };
        if (last >> shift) < MAX_BUCKETS {
            lookup.buckets = (0..=(last >> shift)).map(|number| lookup.bucket(number)).collect();
            // Two more, so that no value needs a branch: everything above, and everything negative.
            lookup.buckets.push(Bucket { low: 0, at_most: above_last, above: above_last });
            lookup.buckets.push(Bucket { low: 0, at_most: 0, above: 0 });
        }
        lookup
    }

    fn bucket(&self, number: i64) -> Bucket {
        let from = number << self.shift;
        let below = (number + 1) << self.shift;
        let at = self.thresholds.partition_point(|(threshold, _)| *threshold < from);
        let code = |position: usize| self.thresholds.get(position).map_or(self.above_last, |(_, code)| *code);
        match self.thresholds.get(at) {
            Some((threshold, _)) if *threshold < below => {
                Bucket { low: (threshold - from) as u32, at_most: code(at), above: code(at + 1) }
            }
            _ => Bucket { low: u32::MAX, at_most: code(at), above: code(at) },
        }
    }

    fn fill(&self, values: &[i64], out: &mut [u16]) {
        if self.buckets.is_empty() {
            for (code, value) in out.iter_mut().zip(values) {
                *code = self.search(*value);
            }
            return;
        }
        let negative = self.buckets.len() - 1;
        let over = negative as u64 - 1;
        let mask = (1_u64 << self.shift) - 1;
        for (code, value) in out.iter_mut().zip(values) {
            let number = ((*value as u64) >> self.shift).min(over) as usize;
            let bucket = self.buckets[if *value < 0 { negative } else { number }];
            let low = (*value as u64 & mask) as u32;
            *code = if low <= bucket.low { bucket.at_most } else { bucket.above };
        }
    }

    fn search(&self, value: i64) -> u16 {
        if value < 0 {
            return 0;
        }
        let at = self.thresholds.partition_point(|(threshold, _)| *threshold < value);
        self.thresholds.get(at).map_or(self.above_last, |(_, code)| *code)
    }
}

/// The largest concentration of each code, ascending, without codes that no concentration has.
fn thresholds(item: &IndexItem) -> Vec<(i64, u16)> {
    let mut list: Vec<(i64, u16)> = Vec::new();
    let mut keep = |exact: i128, index: u16| {
        let threshold = match item.digits {
            Some(digits) if digits < PLACES => largest_rounding_to(exact, 10_i128.pow(PLACES - digits)),
            _ => exact,
        };
        let threshold = i64::try_from(threshold).unwrap_or(i64::MAX);
        if list.last().is_none_or(|(last, _)| *last < threshold) {
            list.push((threshold, index + 1));
        }
    };
    if let Some((concentration, index)) = item.breakpoints.first() {
        keep(i128::from(concentration.millionths()), *index);
    }
    for pair in item.breakpoints.windows(2) {
        let (from, to) = (i128::from(pair[0].0.millionths()), i128::from(pair[1].0.millionths()));
        let (low, high) = (i128::from(pair[0].1), i128::from(pair[1].1));
        for index in pair[0].1 + 1..=pair[1].1 {
            keep(from + ((i128::from(index) - low) * (to - from)).div_euclid(high - low), index);
        }
    }
    list
}

/// The largest whole number of millionths that rounds (half to even) to a multiple of `step` not above `exact`.
fn largest_rounding_to(exact: i128, step: i128) -> i128 {
    let multiple = exact.div_euclid(step);
    multiple * step + step / 2 - i128::from(multiple % 2 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use domain::{Fixed, HourSeries, Ratio};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::builtin);

    const PERIODS: [Period; 2] = [Period::Day, Period::Hour];

    /// The exact path, written in the kernel's words.
    fn exact(index: &AirIndex, period: Period, values: &[i64]) -> (Vec<u16>, u16, u16, u8) {
        let ratio = |value: &i64| (*value != HourSeries::GAP).then(|| Ratio::from(Fixed::from_millionths(*value)));
        let values: Vec<Option<Ratio>> = values.iter().map(ratio).collect();
        let cell = index.cell(period, &values);
        let iaqi = (0..index.items(period).len()).map(|item| cell.iaqi[item].unwrap_or(AqiColumns::NONE)).collect();
        let level = cell.aqi.and_then(|aqi| index.level(aqi)).map_or(0, |level| level.level);
        (iaqi, cell.aqi.unwrap_or(AqiColumns::NONE), cell.primary, level)
    }

    fn check(index: &AirIndex, period: Period, rows: &[Vec<i64>]) {
        let items = index.items(period).len();
        let columns: Vec<Vec<i64>> = (0..items).map(|item| rows.iter().map(|row| row[item]).collect()).collect();
        let views: Vec<&[i64]> = columns.iter().map(Vec::as_slice).collect();
        let mut out = AqiColumns::default();
        index.columns(period, &views, &mut out);
        for (number, row) in rows.iter().enumerate() {
            let got = (
                out.iaqi.iter().map(|column| column[number]).collect::<Vec<_>>(),
                out.aqi[number],
                out.primary[number],
                out.level[number],
            );
            assert_eq!(got, exact(index, period, row), "{} {period} {row:?}", index.id);
        }
    }

    /// Every concentration at which an index changes, one millionth to each side, and half-way roundings.
    fn corners(item: &IndexItem) -> Vec<i64> {
        let mut values = vec![HourSeries::GAP, -1, 0, 1, i64::MAX, 499_999, 500_000, 500_001];
        for (threshold, _) in thresholds(item) {
            values.extend([threshold - 1, threshold, threshold + 1]);
        }
        for pair in item.breakpoints.windows(2) {
            let (from, to) = (pair[0].0.millionths(), pair[1].0.millionths());
            for step in 0..=200 {
                let at = from + (to - from) / 200 * step;
                values.extend([at - 1, at, at + 1, at + 500_000, at + 50_000]);
            }
        }
        values.iter().map(|value| (*value).min(9_000_000_000_000)).collect()
    }

    #[test]
    fn the_kernel_agrees_at_every_corner_of_every_item() {
        for index in CATALOG.standards().filter_map(|standard| standard.index()) {
            for period in PERIODS {
                let items = index.items(period);
                for (position, item) in items.iter().enumerate() {
                    let rows: Vec<Vec<i64>> = corners(item)
                        .into_iter()
                        .map(|value| {
                            let mut row = vec![HourSeries::GAP; items.len()];
                            row[position] = value;
                            row
                        })
                        .collect();
                    check(index, period, &rows);
                }
            }
        }
    }

    #[test]
    fn short_and_absent_columns_are_missing() {
        let catalog = Catalog::builtin();
        let index = catalog.index("hj633-2012").expect("built in");
        let mut out = AqiColumns::default();
        index.columns(Period::Day, &[&[50_000_000, 100_000_000, 0], &[80_000_000]], &mut out);
        assert_eq!(out.aqi, [100, 75, 0], "SO2 50, 100 and 0; NO2 80 in the first row only");
        assert_eq!(out.primary, [0b10, 0b01, 0]);
        assert_eq!(out.iaqi[1], [100, AqiColumns::NONE, AqiColumns::NONE]);
        index.columns(Period::Day, &[], &mut out);
        assert!(out.aqi.is_empty());
        let too_many = vec![&[0_i64][..]; 40];
        index.columns(Period::Day, &too_many, &mut out);
        assert_eq!((out.aqi.as_slice(), out.iaqi.len()), (&[0][..], 7));
    }

    #[test]
    fn one_item_alone_is_the_same() {
        let catalog = Catalog::builtin();
        let index = catalog.index("hj633-2026").expect("built in");
        let mut out = Vec::new();
        index.item_column(Period::Day, 5, &[36_000_000, HourSeries::GAP, 76_000_000], &mut out);
        assert_eq!(out, [52, AqiColumns::NONE, 115]);
        index.item_column(Period::Day, 99, &[1], &mut out);
        assert_eq!(out, [AqiColumns::NONE]);
    }

    /// The search that stands in for a table of buckets gives the same.
    #[test]
    fn search_and_buckets_agree() {
        let catalog = Catalog::builtin();
        for item in catalog.index("hj633-2026").expect("built in").items(Period::Day) {
            let lookup = Lookup::new(item);
            let values = corners(item);
            let mut codes = vec![0; values.len()];
            lookup.fill(&values, &mut codes);
            let searched: Vec<u16> = values.iter().map(|value| lookup.search(*value)).collect();
            assert_eq!(codes, searched, "{}", item.item);
        }
    }

    proptest! {
        #[test]
        fn the_kernel_agrees_with_the_exact_path(
            rows in proptest::collection::vec(
                proptest::collection::vec(
                    prop_oneof![
                        2 => Just(HourSeries::GAP),
                        6 => 0_i64..400_000_000,
                        4 => (0_i64..700).prop_map(|whole| whole * 1_000_000),
                        2 => 0_i64..60_000_000,
                        1 => 0_i64..4_000_000_000,
                        1 => -5_i64..5,
                    ],
                    7,
                ),
                1..40,
            ),
        ) {
            for index in CATALOG.standards().filter_map(|standard| standard.index()) {
                for period in PERIODS {
                    let items = index.items(period).len();
                    let rows: Vec<Vec<i64>> = rows.iter().map(|row| row[..items].to_vec()).collect();
                    check(index, period, &rows);
                }
            }
        }
    }

    /// Run with `cargo test --release -p standards -- --ignored --nocapture speed` for the figure.
    #[test]
    #[ignore = "a measurement, meaningful in release only"]
    fn speed() {
        const ROWS: usize = 1 << 20;
        let catalog = Catalog::builtin();
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut random = |top: i64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            if state.is_multiple_of(50) { HourSeries::GAP } else { (state >> 20) as i64 % top }
        };
        for (id, period) in [("hj633-2012", Period::Hour), ("hj633-2026", Period::Hour), ("hj633-2026", Period::Day)] {
            let index = catalog.index(id).expect("built in");
            let columns: Vec<Vec<i64>> = index
                .items(period)
                .iter()
                .map(|item| {
                    let top = item.breakpoints[item.breakpoints.len() / 2].0.millionths();
                    (0..ROWS).map(|_| random(top)).collect()
                })
                .collect();
            let views: Vec<&[i64]> = columns.iter().map(Vec::as_slice).collect();
            let mut out = AqiColumns::default();
            index.columns(period, &views, &mut out);
            let start = std::time::Instant::now();
            for _ in 0..16 {
                index.columns(period, std::hint::black_box(&views), &mut out);
            }
            let rate = (16 * ROWS) as f64 / start.elapsed().as_secs_f64() / 1e6;
            println!("{id} {period}: {rate:.1} M station-hours/s with {} items", views.len());
        }
    }
}
