//! Concentrations of one place and period → IAQI of each item, AQI, level and primary pollutants.
//!
//! This is the exact path: fractions in, whole numbers out. [`crate::air::kernel`] does the same for columns
//! of millionths and is tested to be identical. Called by `indicators` (days) and `server` (`evaluate`).

use crate::air::kernel::Kernel;
use crate::methods::{Breakpoint, piecewise_up, worst_of};
use domain::{Confidence, Fixed, Ratio, Text};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// How many items an index may have: one bit each in [`AqiCell::primary`].
pub const MAX_ITEMS: usize = 16;

/// Which report a value belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// The daily report.
    Day,
    /// The real-time (hourly) report.
    Hour,
}

/// An air quality index as one standard defines it.
#[derive(Clone, Debug)]
pub struct AirIndex {
    /// Standard id, such as `hj633-2012`.
    pub id: String,
    /// Number, such as `HJ 633-2012`.
    pub number: String,
    /// Title.
    pub title: Text,
    /// Confidence in its tables.
    pub confidence: Confidence,
    /// Clauses of the daily report.
    pub daily_clause: String,
    /// Clauses of the real-time report.
    pub hourly_clause: String,
    /// Levels, in ascending order.
    pub levels: Vec<Level>,
    /// An AQI above this names its primary pollutants.
    pub primary_above: u16,
    /// What happens to the AQI when a required item has no index.
    pub missing: Missing,
    /// Clause of `missing`.
    pub missing_clause: String,
    /// Who is sensitive when an item's index is high, by parameter.
    pub sensitive: Vec<SensitiveGroup>,
    pub(crate) day: Vec<IndexItem>,
    pub(crate) hour: Vec<IndexItem>,
    pub(crate) columns: Vec<(String, String)>,
    pub(crate) day_kernel: Arc<Kernel>,
    pub(crate) hour_kernel: Arc<Kernel>,
}

/// What happens to the AQI when a required item has no index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The AQI of the other items is published.
    Rest,
    /// It is published only when it is above this; otherwise AQI, level and primary pollutants are `NA`.
    RestAbove(u16),
}

/// One item of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexItem {
    /// Item code, such as `pm25` or `o3_8h`.
    pub item: String,
    /// Parameter code, such as `o3`.
    pub parameter: String,
    /// Unit of the concentration.
    pub unit: String,
    /// Which average the concentration is.
    pub statistic: Text,
    /// Decimal places the concentration is rounded to first; `None` where it is taken as it is.
    pub digits: Option<u32>,
    /// Concentrations and the index at them, ascending from index 0.
    pub breakpoints: Vec<Breakpoint>,
    /// The index above the last breakpoint; `None` where there is none.
    pub above_last: Option<u16>,
    /// What is reported instead where there is none.
    pub instead: Text,
    /// Whether the report is incomplete without it.
    pub required: bool,
    /// Averaging time in the hourly report, ending with the hour [h]; 0 in the daily report.
    pub hours: u8,
    /// Hours that such a mean needs.
    pub min_hours: u8,
    /// Clause or note.
    pub clause: String,
}

/// One level of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// 1 is the best.
    pub level: u8,
    /// Name, such as 一级.
    pub name: Text,
    /// Class, such as 优.
    pub class: Text,
    /// The standard's own colour, `#RRGGBB`.
    pub color: String,
    /// Name of the colour.
    pub color_name: Text,
    /// The standard's own colour for print, `C,M,Y,K` [%].
    pub cmyk: String,
    /// Smallest index of the level.
    pub from: u16,
    /// Largest; `None` where the level is open.
    pub to: Option<u16>,
    /// Whether days of it count as good (优良).
    pub good: bool,
    /// Whether days of it count as heavily polluted (重度及以上).
    pub heavy: bool,
    /// Effect on health.
    pub effect: Text,
    /// Advice.
    pub advice: Text,
}

/// Who is sensitive to a pollutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SensitiveGroup {
    /// Parameter code.
    pub parameter: String,
    /// Applies when the item's index is above this.
    pub above: u16,
    /// The people.
    pub groups: Text,
}

/// The result for one place and period; bit and position `i` mean item `i` of [`AirIndex::items`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AqiCell {
    /// The AQI as it may be published.
    pub aqi: Option<u16>,
    /// Primary pollutants, all that tie; none unless the AQI is published and high enough.
    pub primary: u16,
    /// Index of each item.
    pub iaqi: [Option<u16>; MAX_ITEMS],
    /// The largest index of the items there are, published or not.
    pub highest: Option<u16>,
    /// Required items without an index.
    pub missing: u16,
    /// Items whose concentration is above a table that ends without an index.
    pub beyond: u16,
}

/// The result for one row of a stateless evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluated {
    /// Index of every given item, in the given order; `None` for one this report does not have.
    pub iaqi: Vec<(String, Option<u16>)>,
    /// The AQI as it may be published.
    pub aqi: Option<u16>,
    /// Its level.
    pub level: Option<u8>,
    /// Primary pollutants by item code, all that tie.
    pub primary: Vec<String>,
    /// Required items without an index.
    pub missing: Vec<String>,
    /// Items above the end of their table.
    pub beyond: Vec<String>,
}

impl AirIndex {
    /// The items of a report, in table order.
    pub fn items(&self, period: Period) -> &[IndexItem] {
        match period {
            Period::Day => &self.day,
            Period::Hour => &self.hour,
        }
    }

    /// Every item code of both reports with its unit, in table order: the input columns of `evaluate`.
    pub fn input_columns(&self) -> &[(String, String)] {
        &self.columns
    }

    /// The index of one concentration: rounded first where the item says so, then rounded up.
    ///
    /// A negative concentration is no measurement and has no index.
    pub fn iaqi(&self, item: &IndexItem, value: Ratio) -> Option<u16> {
        match position(item, value) {
            Position::Index(index) => Some(index),
            Position::Beyond | Position::Nothing => None,
        }
    }

    /// Judges one place and period; `values` stand in the order of [`AirIndex::items`], exact and unrounded.
    /// Items past the end of `values` are missing.
    pub fn cell(&self, period: Period, values: &[Option<Ratio>]) -> AqiCell {
        let items = self.items(period);
        let mut cell = AqiCell { aqi: None, primary: 0, iaqi: [None; MAX_ITEMS], highest: None, missing: 0, beyond: 0 };
        for (index, item) in items.iter().enumerate() {
            let value = values.get(index).copied().flatten();
            match value.map_or(Position::Nothing, |value| position(item, value)) {
                Position::Index(iaqi) => cell.iaqi[index] = Some(iaqi),
                Position::Beyond => cell.beyond |= 1 << index,
                Position::Nothing => {}
            }
            if item.required && cell.iaqi[index].is_none() {
                cell.missing |= 1 << index;
            }
        }
        let (highest, named) = worst_of(&cell.iaqi);
        cell.highest = highest;
        cell.aqi = highest.filter(|aqi| self.publishes(*aqi, cell.missing != 0));
        if cell.aqi.is_some_and(|aqi| aqi > self.primary_above) {
            cell.primary = named;
        }
        cell
    }

    /// Judges one row given by item codes, as `evaluate` does.
    ///
    /// ```
    /// use standards::{Catalog, Period};
    /// let catalog = Catalog::builtin();
    /// let row = [("pm25", Some("76".parse().unwrap())), ("co", Some("2.2".parse().unwrap()))];
    /// let old = catalog.index("hj633-2012").unwrap().evaluate(Period::Day, &row);
    /// assert_eq!(old.iaqi, vec![("pm25".to_string(), Some(102)), ("co".to_string(), Some(55))]);
    /// assert_eq!((old.aqi, old.level, old.primary.join(";").as_str()), (Some(102), Some(3), "pm25"));
    /// ```
    pub fn evaluate(&self, period: Period, row: &[(&str, Option<Fixed>)]) -> Evaluated {
        let items = self.items(period);
        let mut values = [None; MAX_ITEMS];
        for (slot, item) in values.iter_mut().zip(items) {
            let given = row.iter().find(|(code, value)| *code == item.item && value.is_some());
            *slot = given.and_then(|(_, value)| *value).map(Ratio::from);
        }
        let cell = self.cell(period, &values);
        let iaqi = row
            .iter()
            .map(|(code, _)| {
                let index = items.iter().position(|item| item.item == *code);
                (code.to_string(), index.and_then(|index| cell.iaqi[index]))
            })
            .collect();
        Evaluated {
            iaqi,
            aqi: cell.aqi,
            level: cell.aqi.and_then(|aqi| self.level(aqi)).map(|level| level.level),
            primary: self.names(period, cell.primary),
            missing: self.names(period, cell.missing),
            beyond: self.names(period, cell.beyond),
        }
    }

    /// The level of an AQI; an index below the first level's start (0 where levels start at 1) is in it.
    pub fn level(&self, aqi: u16) -> Option<&Level> {
        self.levels.iter().find(|level| level.to.is_none_or(|to| aqi <= to))
    }

    /// Item codes of the set bits.
    pub fn names(&self, period: Period, bits: u16) -> Vec<String> {
        let items = self.items(period).iter().enumerate();
        items.filter(|(index, _)| bits & (1 << index) != 0).map(|(_, item)| item.item.clone()).collect()
    }

    /// Who is sensitive, given the indices of a cell.
    pub fn sensitive(&self, period: Period, cell: &AqiCell) -> Vec<&SensitiveGroup> {
        let items = self.items(period);
        let high = |group: &SensitiveGroup| {
            let own = items.iter().zip(cell.iaqi).filter(|(item, _)| item.parameter == group.parameter);
            own.into_iter().any(|(_, iaqi)| iaqi.is_some_and(|iaqi| iaqi > group.above))
        };
        self.sensitive.iter().filter(|group| high(group)).collect()
    }

    pub(crate) fn kernel(&self, period: Period) -> &Kernel {
        match period {
            Period::Day => &self.day_kernel,
            Period::Hour => &self.hour_kernel,
        }
    }

    fn publishes(&self, aqi: u16, incomplete: bool) -> bool {
        match self.missing {
            Missing::RestAbove(above) if incomplete => aqi > above,
            _ => true,
        }
    }
}

/// Where a concentration stands in an item's table.
enum Position {
    Index(u16),
    Beyond,
    Nothing,
}

fn position(item: &IndexItem, value: Ratio) -> Position {
    if value.num() < 0 {
        return Position::Nothing;
    }
    let value = match item.digits {
        Some(digits) => Ratio::from(value.round(digits)),
        None => value,
    };
    match (piecewise_up(&item.breakpoints, value), item.above_last) {
        (Some(index), _) | (None, Some(index)) => Position::Index(index),
        (None, None) => Position::Beyond,
    }
}

impl Period {
    /// The word used in files.
    pub fn code(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::Hour => "hour",
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A word that is neither `day` nor `hour`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a period: write `day` or `hour`")]
pub struct PeriodError(pub String);

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Period, PeriodError> {
        match text.trim() {
            "day" => Ok(Period::Day),
            "hour" => Ok(Period::Hour),
            other => Err(PeriodError(other.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::builtin);

    fn row<'a>(items: &[(&'a str, &str)]) -> Vec<(&'a str, Option<Fixed>)> {
        items.iter().map(|(code, text)| (*code, text.parse().ok())).collect()
    }

    /// Hand values of both generations; each is also a worked case of its catalog folder.
    #[test]
    fn both_generations_by_hand() {
        let catalog = Catalog::builtin();
        for (item, value, old, new) in [
            ("pm25", "36", 52, 52),
            ("pm25", "76", 102, 115),
            ("pm10", "121", 86, 101),
            ("co", "2.2", 55, 55),
            ("so2", "151", 101, 101),
            ("pm25", "35.4", 51, 50),
            ("pm25", "35.5", 51, 52),
        ] {
            for (id, expect) in [("hj633-2012", old), ("hj633-2026", new)] {
                let index = catalog.index(id).expect("built in");
                let got = index.evaluate(Period::Day, &row(&[(item, value)]));
                assert_eq!(got.iaqi[0].1, Some(expect), "{id} {item} {value}");
            }
        }
    }

    /// HJ 633-2012 table 1 notes (2), (3); HJ 633-2026 table 3 notes b, c.
    #[test]
    fn above_the_table_each_generation_rules_alone() {
        let catalog = Catalog::builtin();
        let at = |id: &str, period, given: &[(&str, &str)]| {
            catalog.index(id).expect("built in").evaluate(period, &row(given))
        };
        let old = at("hj633-2012", Period::Hour, &[("so2", "801")]);
        assert_eq!((old.iaqi[0].1, old.aqi, old.beyond), (None, None, vec!["so2".to_string()]));
        let new = at("hj633-2026", Period::Hour, &[("so2", "801")]);
        assert_eq!((new.iaqi[0].1, new.aqi, new.level), (Some(200), Some(200), Some(4)));
        let old = at("hj633-2012", Period::Day, &[("o3_8h", "801"), ("o3_1h", "900")]);
        assert_eq!((old.iaqi[0].1, old.iaqi[1].1, old.aqi), (None, Some(350), Some(350)));
        let new = at("hj633-2026", Period::Day, &[("o3_8h", "801"), ("o3_1h", "900")]);
        assert_eq!((new.iaqi[0].1, new.iaqi[1].1, new.aqi), (Some(300), None, Some(300)));
    }

    #[test]
    fn columns_levels_and_groups() {
        let catalog = Catalog::builtin();
        for (id, start) in [("hj633-2012", 0), ("hj633-2026", 1)] {
            let index = catalog.index(id).expect("built in");
            let mut columns: Vec<&str> = index.input_columns().iter().map(|(code, _)| code.as_str()).collect();
            columns.sort_unstable();
            assert_eq!(columns, ["co", "no2", "o3_1h", "o3_8h", "pm10", "pm25", "so2"], "{id}");
            assert_eq!(index.levels[0].from, start);
            let level = |aqi| index.level(aqi).map(|own| (own.level, own.good, own.heavy, own.color.as_str()));
            assert_eq!(level(0), Some((1, true, false, "#00E400")));
            assert_eq!(level(100), Some((2, true, false, "#FFFF00")));
            assert_eq!(level(101), Some((3, false, false, "#FF7E00")));
            assert_eq!(level(201), Some((5, false, true, "#99004C")));
            assert_eq!(level(500), Some((6, false, true, "#7E0023")));
        }
        let index = catalog.index("hj633-2026").expect("built in");
        let ratio = |value: i128| Some(Ratio::new(value, 1));
        let cell = index.cell(Period::Day, &[ratio(10), ratio(10), ratio(1), ratio(161), ratio(10), ratio(10)]);
        let groups = index.sensitive(Period::Day, &cell);
        assert_eq!(groups.iter().map(|own| own.parameter.as_str()).collect::<Vec<_>>(), ["o3"], "table 2: above 100");
    }

    #[test]
    fn what_is_not_an_item_has_no_index() {
        let catalog = Catalog::builtin();
        let index = catalog.index("hj633-2012").expect("built in");
        let got = index.evaluate(Period::Day, &row(&[("radon", "7"), ("pm25", "")]));
        assert_eq!(got.iaqi, [("radon".to_string(), None), ("pm25".to_string(), None)]);
        assert_eq!((got.aqi, got.level, got.primary.len()), (None, None, 0));
        assert_eq!("week".parse::<Period>(), Err(PeriodError("week".to_string())));
    }

    proptest! {
        #[test]
        fn an_index_grows_with_its_concentration(a in 0_i64..3_000_000_000, b in 0_i64..3_000_000_000) {
            let (low, high) = (a.min(b), a.max(b));
            for index in CATALOG.standards().filter_map(|standard| standard.index()) {
                for period in [Period::Day, Period::Hour] {
                    for item in index.items(period) {
                        let at = |value| index.iaqi(item, Ratio::from(Fixed::from_millionths(value)));
                        // Above a table that ends without an index there is none, however high.
                        if let (Some(low), Some(high)) = (at(low), at(high)) {
                            prop_assert!(low <= high, "{} {}", index.id, item.item);
                        }
                    }
                }
            }
        }

        #[test]
        fn the_aqi_is_the_worst_member_and_primaries_reach_it(values in proptest::collection::vec(proptest::option::of(0_i128..900), 0..9)) {
            for index in CATALOG.standards().filter_map(|standard| standard.index()) {
                let values: Vec<Option<Ratio>> = values.iter().map(|value| value.map(|value| Ratio::new(value, 1))).collect();
                let cell = index.cell(Period::Day, &values);
                prop_assert_eq!(cell.highest, cell.iaqi.iter().flatten().copied().max());
                prop_assert!(cell.aqi.is_none() || cell.aqi == cell.highest);
                for (position, iaqi) in cell.iaqi.iter().enumerate() {
                    let named = cell.primary & (1 << position) != 0;
                    let expect = cell.aqi.is_some_and(|aqi| aqi > 50) && *iaqi == cell.aqi;
                    prop_assert_eq!(named, expect);
                }
            }
        }

        #[test]
        fn any_row_ends_in_an_answer(item in "[a-z0-9_]{0,8}", millionths in any::<i64>(), num in any::<i64>(), den in 1_i64..) {
            for index in CATALOG.standards().filter_map(|standard| standard.index()) {
                let value = Some(Fixed::from_millionths(millionths));
                let _ = index.evaluate(Period::Hour, &[(&item, value), ("pm25", value), ("pm25", None), ("co", value)]);
                let _ = index.cell(Period::Day, &[Some(Ratio::new(i128::from(num) << 40, i128::from(den))); 9]);
            }
        }
    }
}
