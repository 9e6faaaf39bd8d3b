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
