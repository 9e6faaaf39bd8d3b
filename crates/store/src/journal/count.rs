//! The deviation ledger and the tally of frames, summed over files.

use super::Journal;
use super::rows::verdict_of;
use crate::error::StoreError;
use crate::frame::{DeviationCount, DeviationQuery, FrameCount, Verdict};
use crate::sqlite::Reader;
use domain::{FrameId, Instant};
use rusqlite::params;
use std::collections::BTreeMap;

impl Journal {
    /// The deviation ledger: how often each device departed from the standard in which way, by device and code.
    pub fn deviations(&self, query: &DeviationQuery) -> Result<Vec<DeviationCount>, StoreError> {
        let mut sums: BTreeMap<(String, String), DeviationCount> = BTreeMap::new();
        self.each_file(query, |reader, days| {
            for count in ledger(reader, query, days)? {
                match sums.get_mut(&(count.mn.clone(), count.code.clone())) {
                    Some(sum) => {
                        sum.count += count.count;
                        sum.first = sum.first.min(count.first);
                        sum.last = sum.last.max(count.last);
                        sum.example = sum.example.min(count.example);
                    }
                    None => {
                        sums.insert((count.mn.clone(), count.code.clone()), count);
                    }
                }
            }
            Ok(())
        })?;
        Ok(sums.into_values().collect())
    }

    /// How many frames of each device came with which verdict, by device.
    pub fn counts(&self, query: &DeviationQuery) -> Result<Vec<FrameCount>, StoreError> {
        let mut sums: BTreeMap<String, FrameCount> = BTreeMap::new();
        self.each_file(query, |reader, days| {
            for (mn, verdict, frames, first, last) in tally(reader, query, days)? {
                let sum = sums.entry(mn.clone()).or_insert(FrameCount {
                    mn,
                    conforms: 0,
                    deviates: 0,
                    broken: 0,
                    first,
                    last,
                });
                match verdict {
                    Verdict::Conforms => sum.conforms += frames,
                    Verdict::Deviates => sum.deviates += frames,
                    Verdict::Broken => sum.broken += frames,
                }
                sum.first = sum.first.min(first);
                sum.last = sum.last.max(last);
            }
            Ok(())
        })?;
        Ok(sums.into_values().collect())
    }

    /// How many frames of one device are kept; `None` when there are none.
    pub fn count_by(&self, mn: &str) -> Result<Option<FrameCount>, StoreError> {
        let query = DeviationQuery { mn: Some(mn.to_string()), ..DeviationQuery::default() };
        Ok(self.counts(&query)?.into_iter().next())
    }

    /// Calls `read` for the files of a span of time, with the first and the last day of it.
    fn each_file(
        &self,
        query: &DeviationQuery,
        mut read: impl FnMut(&mut Reader, (i32, i32)) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let from = query.from.map_or(i32::MIN, |from| from.civil().0.0);
        let to = query.to.map_or(i32::MAX, |to| Instant(to.0 - 1).civil().0.0);
        let start = query.from.map(|from| Instant::from_civil(from.civil().0, 0));
        let end = query.to.map(|to| Instant::from_civil(domain::Day(Instant(to.0 - 1).civil().0.0 + 1), 0));
        for file in self.files()?.iter().filter(|file| file.was_receiving(start, end)) {
            self.readers.with(&file.path, |reader| read(reader, (from, to)))?;
        }
        Ok(())
    }
}

fn ledger(reader: &mut Reader, query: &DeviationQuery, days: (i32, i32)) -> Result<Vec<DeviationCount>, StoreError> {
    let sql = StoreError::sql(&reader.path);
    let statement = "SELECT mn.text, code.text, sum(l.frames), min(l.first), max(l.last), min(l.example)
         FROM ledger AS l JOIN texts AS mn ON mn.id = l.mn JOIN texts AS code ON code.id = l.code
         WHERE l.day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR mn.text = ?3) GROUP BY l.mn, l.code";
    let mut statement = reader.connection.prepare_cached(statement).map_err(&sql)?;
    let rows = statement
        .query_map(params![days.0, days.1, query.mn], |row| {
            Ok(DeviationCount {
                mn: row.get(0)?,
                code: row.get(1)?,
                count: row.get::<_, i64>(2)? as u64,
                first: Instant(row.get(3)?),
                last: Instant(row.get(4)?),
                example: FrameId(row.get::<_, i64>(5)? as u64),
            })
        })
        .map_err(&sql)?;
    rows.collect::<Result<_, _>>().map_err(&sql)
}

type TallyRow = (String, Verdict, u64, Instant, Instant);

fn tally(reader: &mut Reader, query: &DeviationQuery, days: (i32, i32)) -> Result<Vec<TallyRow>, StoreError> {
    let sql = StoreError::sql(&reader.path);
    let statement = "SELECT mn.text, t.verdict, sum(t.frames), min(t.first), max(t.last)
         FROM tally AS t JOIN texts AS mn ON mn.id = t.mn
         WHERE t.day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR mn.text = ?3) GROUP BY t.mn, t.verdict";
    let mut statement = reader.connection.prepare_cached(statement).map_err(&sql)?;
    let rows = statement
        .query_map(params![days.0, days.1, query.mn], |row| {
            Ok((
                row.get(0)?,
                verdict_of(row.get(1)?),
                row.get::<_, i64>(2)? as u64,
                Instant(row.get(3)?),
                Instant(row.get(4)?),
            ))
        })
        .map_err(&sql)?;
    rows.collect::<Result<_, _>>().map_err(&sql)
}
