//! Which standard judges a row: named in the query, picked by the time of the data, or the one in force.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit, TimestampMillisecondType};
use datafusion::common::exec_err;
use datafusion::error::Result;
use domain::{Day, Instant};
use standards::{AirIndex, Catalog, Period};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The catalog, and the rule set taken when a query names none.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    catalog: Arc<Catalog>,
    default: String,
}

/// The index of each row: a list, and positions in it.
pub(super) struct Chosen<'a> {
    /// Different indices.
    pub list: Vec<&'a AirIndex>,
    /// Position of each row's; empty when all rows have `list[0]`.
    pub rows: Vec<Option<usize>>,
}

impl Rules {
    /// `day`: rules in force then are taken when a query names none.
    pub fn new(catalog: Arc<Catalog>, day: Day) -> Rules {
        let default = catalog.rules_in_force(day).0.id.clone();
        Rules { catalog, default }
    }

    /// Codes of the items that the first rule set needs for a day, in its order: the arguments of `aqi`. They do
    /// not change when rules do, so a query keeps its meaning.
    pub fn items(&self) -> Vec<&str> {
        let first = self.catalog.rule_sets().first().map(|set| set.index.items(Period::Day)).unwrap_or_default();
        first.iter().filter(|item| item.required).map(|item| item.item.as_str()).collect()
    }

    fn named(&self, name: &str) -> Result<&AirIndex> {
        if let Some(index) = self.catalog.rule_set(name).map(|set| &set.index).or_else(|| self.catalog.index(name)) {
            return Ok(index);
        }
        let known = self.catalog.rule_sets().iter().map(|set| set.id.as_str());
        let known: Vec<&str> = known.chain(self.catalog.evaluable()).collect();
        exec_err!("unknown rules `{name}`; known are {}, or give the time of the data", known.join(", "))
    }

    /// Indices for a column of rule names or times, or the default without one.
    pub fn choose(&self, column: Option<&ArrayRef>) -> Result<Chosen<'_>> {
        let Some(column) = column else {
            return Ok(Chosen { list: vec![self.named(&self.default)?], rows: Vec::new() });
        };
        if matches!(column.data_type(), DataType::Timestamp(..) | DataType::Date32 | DataType::Date64) {
            return self.by_time(column);
        }
        let texts = cast(column, &DataType::Utf8)?;
        let texts = texts.as_string::<i32>();
        let mut chosen = Chosen { list: Vec::new(), rows: Vec::with_capacity(texts.len()) };
        let mut names: Vec<&str> = Vec::new();
        for name in texts {
            let position = match name {
                None => None,
                Some(name) => Some(match names.iter().position(|known| *known == name) {
                    Some(position) => position,
                    None => {
                        names.push(name);
                        chosen.list.push(self.named(name)?);
                        names.len() - 1
                    }
                }),
            };
            chosen.rows.push(position);
        }
        Ok(chosen)
    }

    /// The time is the end of a span, so a midnight belongs to the day before.
    fn by_time(&self, column: &ArrayRef) -> Result<Chosen<'_>> {
        let is_date = matches!(column.data_type(), DataType::Date32 | DataType::Date64);
        let zone = (!is_date).then(|| crate::schema::ZONE.into());
        let times = cast(column, &DataType::Timestamp(TimeUnit::Millisecond, zone))?;
        let times = times.as_primitive::<TimestampMillisecondType>();
        let mut chosen = Chosen { list: Vec::new(), rows: Vec::with_capacity(times.len()) };
        let mut ids: Vec<&str> = Vec::new();
        let mut last: Option<(Day, usize)> = None;
        for time in times {
            let Some(time) = time else {
                chosen.rows.push(None);
                continue;
            };
            let day = if is_date {
                Day((time.div_euclid(86_400_000)) as i32)
            } else {
                Instant(time.saturating_sub(1)).civil().0
            };
            let position = match last.filter(|(known, _)| *known == day) {
                Some((_, position)) => position,
                None => {
                    let set = self.catalog.rules_in_force(day).0;
                    match ids.iter().position(|id| *id == set.id) {
                        Some(position) => position,
                        None => {
                            ids.push(&set.id);
                            chosen.list.push(&set.index);
                            ids.len() - 1
                        }
                    }
                }
            };
            last = Some((day, position));
            chosen.rows.push(Some(position));
        }
        Ok(chosen)
    }
}

impl Chosen<'_> {
    /// Runs `judge` once for each index over all `rows`, and takes each row from its own.
    pub fn each<T: Clone>(
        &self,
        rows: usize,
        mut judge: impl FnMut(&AirIndex) -> Result<Vec<Option<T>>>,
    ) -> Result<Vec<Option<T>>> {
        if self.rows.is_empty() {
            return self.list.first().map_or_else(|| Ok(vec![None; rows]), |index| judge(index));
        }
        let mut merged: Vec<Option<T>> = vec![None; rows];
        for (position, index) in self.list.iter().enumerate() {
            let judged = judge(index)?;
            for ((out, mine), judged) in merged.iter_mut().zip(&self.rows).zip(judged) {
                if *mine == Some(position) {
                    *out = judged;
                }
            }
        }
        Ok(merged)
    }
}

impl PartialEq for Rules {
    fn eq(&self, other: &Rules) -> bool {
        Arc::ptr_eq(&self.catalog, &other.catalog) && self.default == other.default
    }
}

impl Eq for Rules {}

impl Hash for Rules {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.default.hash(state);
    }
}
