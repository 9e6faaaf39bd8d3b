//! Frames by number, by device and time, by verdict: which files, which index, in which order.

use super::Journal;
use super::files::DayFile;
use super::rows::{self, COLUMNS, cadence_number, verdict_number};
use crate::error::StoreError;
use crate::frame::{Frame, FrameQuery, Verdict};
use crate::sqlite::Reader;
use domain::{Cadence, Day, FrameId, Instant};
use rusqlite::types::Value;
use rusqlite::{ToSql, params};
use std::collections::{BTreeMap, HashMap};

impl Journal {
    /// One frame.
    pub fn frame(&self, id: FrameId) -> Result<Option<Frame>, StoreError> {
        let files = self.files()?;
        let at = files.partition_point(|file| file.last() < id.0);
        let Some(file) = files.get(at).filter(|file| file.first <= id.0) else { return Ok(None) };
        let statement = format!("SELECT {COLUMNS} FROM frames WHERE id = ?");
        let frames = self.readers.with(&file.path, |reader| rows::read(reader, &statement, &[&(id.0 as i64)]))?;
        Ok(frames.into_iter().next())
    }

    /// Frames that fit a question, the newest first.
    pub fn frames(&self, query: &FrameQuery) -> Result<Vec<Frame>, StoreError> {
        let mut frames = Vec::new();
        for file in self.files()?.iter().rev() {
            if frames.len() >= query.limit {
                break;
            }
            if may_fit(file, query) {
                let rest = query.limit - frames.len();
                frames.extend(self.readers.with(&file.path, |reader| fitting(reader, query, rest))?);
            }
        }
        Ok(frames)
    }

    /// Frames after `after` in the order of their numbers, at most `limit`.
    pub fn scan(&self, after: FrameId, limit: usize) -> Result<Vec<Frame>, StoreError> {
        let mut frames: Vec<Frame> = Vec::new();
        let statement = format!("SELECT {COLUMNS} FROM frames WHERE id > ? ORDER BY id LIMIT ?");
        for file in self.files()?.iter().filter(|file| file.last() > after.0) {
            if frames.len() >= limit {
                break;
            }
            let rest = i64::try_from(limit - frames.len()).unwrap_or(i64::MAX);
            let values: [&dyn ToSql; 2] = [&(after.0 as i64), &rest];
            frames.extend(self.readers.with(&file.path, |reader| rows::read(reader, &statement, &values))?);
        }
        Ok(frames)
    }

    /// What a device sent of a cadence for from ≤ `DataTime` < to, by `DataTime`, then by number.
    ///
    /// Of frames that were sent again – same time, system code, command and part – only the newest received
    /// is here. Broken frames say no value and are left out.
    pub fn messages(&self, mn: &str, cadence: Cadence, from: Instant, to: Instant) -> Result<Vec<Frame>, StoreError> {
        if from >= to {
            return Ok(Vec::new());
        }
        let number = cadence_number(cadence);
        let statement = format!(
            "SELECT {COLUMNS} FROM frames INDEXED BY frames_by_value
             WHERE mn = ? AND cadence = ? AND data_time >= ? AND data_time < ? AND verdict <> ? ORDER BY data_time"
        );
        let mut all: Vec<Frame> = Vec::new();
        for file in self.files()?.iter().filter(|file| file.has_data(number, day(from), day(Instant(to.0 - 1)))) {
            all.extend(self.readers.with(&file.path, |reader| {
                let Some(mn) = reader.number(mn)? else { return Ok(Vec::new()) };
                let values: [&dyn ToSql; 5] = [&mn, &number, &from.0, &to.0, &verdict_number(Verdict::Broken)];
                rows::read(reader, &statement, &values)
            })?);
        }
        Ok(newest_received(all))
    }

    /// First and last `DataTime` of what a device sent of a cadence; none when it sent nothing readable.
    pub fn held(&self, mn: &str, cadence: Cadence) -> Result<Option<(Instant, Instant)>, StoreError> {
        let statement = "SELECT min(data_time), max(data_time) FROM frames INDEXED BY frames_by_value
                         WHERE mn = ? AND cadence = ? AND data_time IS NOT NULL";
        let mut span: Option<(Instant, Instant)> = None;
        for file in self.files()?.iter() {
            let own = self.readers.with(&file.path, |reader| {
                let Some(mn) = reader.number(mn)? else { return Ok(None) };
                let sql = StoreError::sql(&file.path);
                let mut statement = reader.connection.prepare_cached(statement).map_err(&sql)?;
                let ends: (Option<i64>, Option<i64>) = statement
                    .query_row(params![mn, cadence_number(cadence)], |row| Ok((row.get(0)?, row.get(1)?)))
                    .map_err(&sql)?;
                Ok(ends.0.zip(ends.1))
            })?;
            if let Some((first, last)) = own.map(|(first, last)| (Instant(first), Instant(last))) {
                span = Some(span.map_or((first, last), |(a, b)| (a.min(first), b.max(last))));
            }
        }
        Ok(span)
    }

    /// The newest message of a cadence of every device and system code, all its parts, by device.
    ///
    /// Newest by the earlier of `DataTime` and receipt, so that a device whose clock is ahead does not keep
    /// showing its future, and data sent later for an earlier time do not replace newer ones.
    pub fn latest(&self, cadence: Cadence) -> Result<Vec<Frame>, StoreError> {
        let files = self.files()?;
        let Some(newest) = files.last() else { return Ok(Vec::new()) };
        let mut ids = self.readers.with(&newest.path, |reader| latest_ids(reader, cadence))?;
        ids.sort_unstable();
        let statement = format!("SELECT {COLUMNS} FROM frames WHERE id = ?");
        let mut frames = Vec::with_capacity(ids.len());
        for file in &files {
            let from = ids.partition_point(|&id| id < file.first as i64);
            let to = ids.partition_point(|&id| id <= file.last() as i64);
            if from == to {
                continue;
            }
            self.readers.with(&file.path, |reader| {
                for id in &ids[from..to] {
                    frames.extend(rows::read(reader, &statement, &[id])?);
                }
                Ok(())
            })?;
        }
        frames.sort_by(|a, b| (&a.mn, &a.st, a.pno).cmp(&(&b.mn, &b.st, b.pno)));
        Ok(frames)
    }
}

fn day(moment: Instant) -> Day {
    moment.civil().0
}

/// Whether a file must be opened for a question.
fn may_fit(file: &DayFile, query: &FrameQuery) -> bool {
    let older = query.before.is_none_or(|before| file.first < before.0);
    let received = file.was_receiving(query.received_from, query.received_to);
    let (from, to) = (query.data_from.unwrap_or(Instant(i64::MIN / 2)), query.data_to.unwrap_or(Instant(i64::MAX / 2)));
    let data = match query.cadence {
        _ if query.data_from.is_none() && query.data_to.is_none() => true,
        Some(cadence) => file.has_data(cadence_number(cadence), day(from), day(to)),
        None => Cadence::ALL.into_iter().any(|cadence| file.has_data(cadence_number(cadence), day(from), day(to))),
    };
    older && received && data
}

/// Frames of one file that fit, the newest first.
fn fitting(reader: &mut Reader, query: &FrameQuery, limit: usize) -> Result<Vec<Frame>, StoreError> {
    let Some((terms, values)) = terms(reader, query)? else { return Ok(Vec::new()) };
    // A device has few of the file's frames; without one, walking back by number ends soon.
    let index = if query.mn.is_some() { "INDEXED BY frames_by_value" } else { "" };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let statement = format!("SELECT {COLUMNS} FROM frames {index} WHERE {terms} ORDER BY id DESC LIMIT {limit}");
    let values: Vec<&dyn ToSql> = values.iter().map(|value| value as &dyn ToSql).collect();
    rows::read(reader, &statement, &values)
}

/// Conditions and their values; `None` when a text of the question never was in the file.
fn terms(reader: &mut Reader, query: &FrameQuery) -> Result<Option<(String, Vec<Value>)>, StoreError> {
    let mut terms = vec!["true".to_string()];
    let mut values = Vec::new();
    for (column, text) in [("mn", &query.mn), ("cn", &query.cn)] {
        let Some(text) = text else { continue };
        let Some(number) = reader.number(text)? else { return Ok(None) };
        terms.push(format!("{column} = ?"));
        values.push(Value::Integer(number));
    }
    let numbers = [
        ("cadence = ?", query.cadence.map(|cadence| i64::from(cadence_number(cadence)))),
        ("verdict = ?", query.verdict.map(|verdict| i64::from(verdict_number(verdict)))),
        ("data_time >= ?", query.data_from.map(|time| time.0)),
        ("data_time < ?", query.data_to.map(|time| time.0)),
        ("received >= ?", query.received_from.map(|time| time.0)),
        ("received < ?", query.received_to.map(|time| time.0)),
        ("id < ?", query.before.map(|id| id.0 as i64)),
    ];
    for (term, value) in numbers {
        let Some(value) = value else { continue };
        terms.push(term.to_string());
        values.push(Value::Integer(value));
    }
    if let Some(code) = &query.deviation {
        let sets = sets_with(reader, code)?;
        if sets.is_empty() {
            return Ok(None);
        }
        let sets: Vec<String> = sets.iter().map(i64::to_string).collect();
        terms.push(format!("deviations IN ({})", sets.join(", ")));
    }
    Ok(Some((terms.join(" AND "), values)))
}

/// Numbers of the texts that list `code` among others.
fn sets_with(reader: &mut Reader, code: &str) -> Result<Vec<i64>, StoreError> {
    let sql = StoreError::sql(&reader.path);
    let statement = "SELECT id FROM texts WHERE instr(' ' || text || ' ', ' ' || ? || ' ') > 0
                     AND EXISTS (SELECT 1 FROM frames WHERE deviations = texts.id)";
    let mut statement = reader.connection.prepare_cached(statement).map_err(&sql)?;
    let rows = statement.query_map(params![code], |row| row.get(0)).map_err(&sql)?;
    rows.collect::<Result<_, _>>().map_err(&sql)
}

/// Ids of `latest`, without parts of messages older than the newest of the device.
fn latest_ids(reader: &mut Reader, cadence: Cadence) -> Result<Vec<i64>, StoreError> {
    let sql = StoreError::sql(&reader.path);
    let mut statement = reader
        .connection
        .prepare_cached("SELECT mn, st, moment, data_time, frame FROM latest WHERE cadence = ?")
        .map_err(&sql)?;
    let rows = statement
        .query_map([cadence_number(cadence)], |row| {
            Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(4)?), row.get(3)?))
        })
        .map_err(&sql)?;
    type Part = ((i64, i64), (i64, i64), i64);
    let parts: Vec<Part> = rows.collect::<Result<_, _>>().map_err(&sql)?;
    let mut newest: HashMap<(i64, i64), ((i64, i64), i64)> = HashMap::new();
    for &(device, order, data_time) in &parts {
        let entry = newest.entry(device).or_insert((order, data_time));
        if order > entry.0 {
            *entry = (order, data_time);
        }
    }
    let of_newest = parts.iter().filter(|(device, _, data_time)| newest[device].1 == *data_time);
    Ok(of_newest.map(|(_, (_, frame), _)| *frame).collect())
}

/// Of frames for the same time, system code, command and part the one with the highest number.
fn newest_received(mut frames: Vec<Frame>) -> Vec<Frame> {
    frames.sort_by_key(|frame| (frame.data_time, frame.id));
    let mut newest: BTreeMap<(Option<Instant>, &str, &str, u32), FrameId> = BTreeMap::new();
    for frame in &frames {
        newest.insert((frame.data_time, &frame.st, &frame.cn, frame.pno), frame.id);
    }
    if newest.len() == frames.len() {
        return frames;
    }
    let keep: std::collections::HashSet<FrameId> = newest.into_values().collect();
    frames.retain(|frame| keep.contains(&frame.id));
    frames
}
