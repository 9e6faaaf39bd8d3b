//! The deviation ledger and the counts of frames by verdict, summed over files.

use super::day::State;
use super::rows::verdict_of;
use super::tail::{LedgerKey, Sum};
use super::{Journal, day_of};
use crate::error::StoreError;
use crate::frame::{DeviationCount, DeviationQuery, FrameCount, Verdict};
use crate::sqlite::Reader;
use domain::{Day, FrameId, Instant};
use rusqlite::params;
use std::collections::BTreeMap;

/// Days of receipt and device that are asked for.
#[derive(Clone, Copy)]
struct Part {
    from: i32,
    to: i32,
    /// Its number in the file.
    mn: Option<i64>,
}

impl Journal {
    /// The deviation ledger: how often each device departed from the standard in which way, by device and code.
    pub fn deviations(&self, query: &DeviationQuery) -> Result<Vec<DeviationCount>, StoreError> {
        let mut counts: BTreeMap<(String, String), DeviationCount> = BTreeMap::new();
        self.each_sum(query, |reader, key, sum| {
            if key.2 == 0 {
                return Ok(());
            }
            let (mn, codes) = (reader.text(key.0)?, reader.text(key.2)?);
            let mut codes: Vec<&str> = codes.split(' ').collect();
            codes.sort_unstable();
            codes.dedup();
            for code in codes {
                let count = counts.entry((mn.to_string(), code.to_string())).or_insert_with(|| DeviationCount {
                    mn: mn.to_string(),
                    code: code.to_string(),
                    count: 0,
                    first: Instant(sum.first),
                    last: Instant(sum.last),
                    example: FrameId(sum.example as u64),
                });
                count.count += sum.frames as u64;
                count.first = count.first.min(Instant(sum.first));
                count.last = count.last.max(Instant(sum.last));
                count.example = count.example.min(FrameId(sum.example as u64));
            }
            Ok(())
        })?;
        Ok(counts.into_values().collect())
    }

    /// How many frames of each device came with which verdict, by device.
    pub fn counts(&self, query: &DeviationQuery) -> Result<Vec<FrameCount>, StoreError> {
        let mut counts: BTreeMap<String, FrameCount> = BTreeMap::new();
        self.each_sum(query, |reader, key, sum| {
            let mn = reader.text(key.0)?;
            let count = counts.entry(mn.to_string()).or_insert_with(|| FrameCount {
                mn: mn.to_string(),
                conforms: 0,
                deviates: 0,
                broken: 0,
                first: Instant(sum.first),
                last: Instant(sum.last),
            });
            match verdict_of(key.1) {
                Verdict::Conforms => count.conforms += sum.frames as u64,
                Verdict::Deviates => count.deviates += sum.frames as u64,
                Verdict::Broken => count.broken += sum.frames as u64,
            }
            count.first = count.first.min(Instant(sum.first));
            count.last = count.last.max(Instant(sum.last));
            Ok(())
        })?;
        Ok(counts.into_values().collect())
    }

    /// How many frames of one device are kept; `None` when there are none.
    pub fn count_by(&self, mn: &str) -> Result<Option<FrameCount>, StoreError> {
        let query = DeviationQuery { mn: Some(mn.to_string()), ..DeviationQuery::default() };
        Ok(self.counts(&query)?.into_iter().next())
    }

    /// Calls `take` for every row of the ledger that is asked for, of the tables and of the tails.
    fn each_sum(
        &self,
        query: &DeviationQuery,
        mut take: impl FnMut(&mut Reader, LedgerKey, Sum) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let day_before = |to: Instant| day_of(Instant(to.0.saturating_sub(1)));
        let from = query.from.map(day_of);
        let to = query.to.map(day_before);
        let start = from.map(|day| Instant::from_civil(day, 0));
        let end = to.map(|day| Instant::from_civil(Day(day.0 + 1), 0));
        for file in self.files()?.iter().filter(|file| file.was_receiving(start, end)) {
            let note = |state: &State, reader: &mut Reader| {
                let mn = match &query.mn {
                    None => None,
                    Some(mn) => match reader.number(mn)? {
                        None => return Ok(None),
                        number => number,
                    },
                };
                let part = Part { from: from.map_or(i32::MIN, |day| day.0), to: to.map_or(i32::MAX, |day| day.0), mn };
                Ok(Some((part, of_tail(state, part))))
            };
            file.view(&self.readers, note, |reader, noted| {
                let Some((part, tail)) = noted else { return Ok(()) };
                for (key, sum) in of_tables(reader, part)?.into_iter().chain(tail) {
                    take(reader, key, sum)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

fn of_tail(state: &State, part: Part) -> Vec<(LedgerKey, Sum)> {
    let fits = |key: &LedgerKey| (part.from..=part.to).contains(&key.3) && part.mn.is_none_or(|mn| mn == key.0);
    state.tail.ledger.iter().filter(|(key, _)| fits(key)).map(|(key, sum)| (*key, *sum)).collect()
}

fn of_tables(reader: &mut Reader, part: Part) -> Result<Vec<(LedgerKey, Sum)>, StoreError> {
    let sql = StoreError::sql(&reader.path);
    let (low, high) = part.mn.map_or((i64::MIN, i64::MAX), |mn| (mn, mn));
    let text = "SELECT mn, verdict, deviations, day, frames, first, last, example FROM ledger
                WHERE mn BETWEEN ? AND ? AND day BETWEEN ? AND ?";
    let mut statement = reader.connection.prepare_cached(text).map_err(&sql)?;
    let rows = statement.query_map(params![low, high, part.from, part.to], |row| {
        let key = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        Ok((key, Sum { frames: row.get(4)?, first: row.get(5)?, last: row.get(6)?, example: row.get(7)? }))
    });
    rows.map_err(&sql)?.collect::<Result<_, _>>().map_err(&sql)
}
