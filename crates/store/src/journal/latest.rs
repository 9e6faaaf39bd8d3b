//! The newest message of every device: the table `latest` of the newest file and the frames after its last run.

use super::Journal;
use super::day::{DayFile, State};
use super::rows::{self, cadence_number};
use super::tail::{Newest, PartKey};
use crate::error::StoreError;
use crate::frame::Frame;
use crate::sqlite::{Reader, Readers};
use domain::{Cadence, Instant};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, HashMap};

/// The newest frame of one part, with its texts.
pub(super) struct NamedPart {
    cadence: u8,
    mn: String,
    st: String,
    pno: u32,
    newest: Newest,
}

impl Journal {
    /// The newest message of a cadence of every device and system code, all its parts, by device.
    ///
    /// Newest by the earlier of `DataTime` and receipt, so that a device whose clock is ahead does not keep
    /// showing its future, and data sent later for an earlier time do not replace newer ones.
    pub fn latest(&self, cadence: Cadence) -> Result<Vec<Frame>, StoreError> {
        let files = self.files()?;
        let Some(newest) = files.last() else { return Ok(Vec::new()) };
        let cadences = [cadence_number(cadence)];
        let parts = newest.view(
            &self.readers,
            |state, _| Ok(of_tail(state, &cadences)),
            |reader, tail| merged(reader, &cadences, tail),
        )?;
        let mut ids = of_newest(&parts);
        ids.sort_unstable();
        let mut frames = Vec::with_capacity(ids.len());
        for file in &files {
            let from = ids.partition_point(|&id| id < file.first as i64);
            let to = ids.partition_point(|&id| id <= file.last() as i64);
            if from < to {
                frames.extend(self.readers.with(&file.path, |reader| rows::by_ids(reader, &ids[from..to]))?);
            }
        }
        frames.sort_by(|a, b| (&a.mn, &a.st, a.pno).cmp(&(&b.mn, &b.st, b.pno)));
        Ok(frames)
    }

    /// First and last `DataTime` of what a device ever sent of a cadence, broken frames left out; `None` when
    /// it sent nothing.
    pub fn held(&self, mn: &str, cadence: Cadence) -> Result<Option<(Instant, Instant)>, StoreError> {
        let files = self.files()?;
        let Some(newest) = files.last() else { return Ok(None) };
        let cadence = cadence_number(cadence);
        let note = |state: &State, reader: &mut Reader| {
            let Some(mn) = reader.number(mn)? else { return Ok(None) };
            let parts = state.tail.latest.range((cadence, mn, i64::MIN, 0)..=(cadence, mn, i64::MAX, u32::MAX));
            Ok(Some((mn, parts.map(|(_, part)| (part.first, part.last)).collect::<Vec<_>>())))
        };
        newest.view(&self.readers, note, |reader, noted| {
            let Some((mn, mut spans)) = noted else { return Ok(None) };
            let sql = StoreError::sql(&reader.path);
            let text = "SELECT first, last FROM latest WHERE cadence = ? AND mn = ?";
            let mut statement = reader.connection.prepare_cached(text).map_err(&sql)?;
            let rows = statement.query_map(params![cadence, mn], |row| Ok((row.get(0)?, row.get(1)?))).map_err(&sql)?;
            for row in rows {
                spans.push(row.map_err(&sql)?);
            }
            let first = spans.iter().map(|span| span.0).min();
            let last = spans.iter().map(|span| span.1).max();
            Ok(first.map(Instant).zip(last.map(Instant)))
        })
    }
}

/// Everything a file knows as newest, for the file after it.
pub(super) fn by_name(file: &DayFile, readers: &Readers) -> Result<Vec<NamedPart>, StoreError> {
    let cadences = Cadence::ALL.map(cadence_number);
    file.view(
        readers,
        |state, _| Ok(of_tail(state, &cadences)),
        |reader, tail| {
            let mut parts = Vec::new();
            for ((cadence, mn, st, pno), newest) in merged(reader, &cadences, tail)? {
                let (mn, st) = (reader.text(mn)?.to_string(), reader.text(st)?.to_string());
                parts.push(NamedPart { cadence, mn, st, pno, newest });
            }
            Ok(parts)
        },
    )
}

/// Puts it into a new file.
pub(super) fn carry_over(
    connection: &Connection,
    known: &mut HashMap<String, i64>,
    parts: &[NamedPart],
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(
        "INSERT INTO latest (cadence, mn, st, pno, moment, data_time, frame, first, last)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for NamedPart { cadence, mn, st, pno, newest } in parts {
        let mn = rows::text_number(connection, known, mn)?;
        let st = rows::text_number(connection, known, st)?;
        let Newest { moment, data_time, frame, first, last } = newest;
        statement.execute(params![cadence, mn, st, pno, moment, data_time, frame, first, last])?;
    }
    Ok(())
}

type Parts = BTreeMap<PartKey, Newest>;

fn of_tail(state: &State, cadences: &[u8]) -> Parts {
    let of_cadence = state.tail.latest.iter().filter(|(key, _)| cadences.contains(&key.0));
    of_cadence.map(|(key, newest)| (*key, *newest)).collect()
}

/// The table with the tail over it.
fn merged(reader: &mut Reader, cadences: &[u8], tail: Parts) -> Result<Parts, StoreError> {
    let sql = StoreError::sql(&reader.path);
    let mut parts = Parts::new();
    let text = "SELECT mn, st, pno, moment, data_time, frame, first, last FROM latest WHERE cadence = ?";
    let mut statement = reader.connection.prepare_cached(text).map_err(&sql)?;
    for &cadence in cadences {
        let rows = statement.query_map([cadence], |row| {
            let newest = Newest {
                moment: row.get(3)?,
                data_time: row.get(4)?,
                frame: row.get(5)?,
                first: row.get(6)?,
                last: row.get(7)?,
            };
            Ok(((cadence, row.get(0)?, row.get(1)?, row.get(2)?), newest))
        });
        for row in rows.map_err(&sql)? {
            let (key, newest) = row.map_err(&sql)?;
            parts.insert(key, newest);
        }
    }
    for (key, newest) in tail {
        parts.entry(key).or_insert(newest).follow(newest);
    }
    Ok(parts)
}

/// Frames of the newest message of every device and system code: parts of older messages are left out.
fn of_newest(parts: &Parts) -> Vec<i64> {
    let mut newest: HashMap<(i64, i64), Newest> = HashMap::new();
    for ((_, mn, st, _), part) in parts {
        let known = newest.entry((*mn, *st)).or_insert(*part);
        if (part.moment, part.frame) > (known.moment, known.frame) {
            *known = *part;
        }
    }
    let of_newest = parts.iter().filter(|((_, mn, st, _), part)| newest[&(*mn, *st)].data_time == part.data_time);
    of_newest.map(|(_, part)| part.frame).collect()
}
