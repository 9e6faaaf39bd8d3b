//! Frames by number, by device and time, by verdict: which files, which runs, in which order.

use super::day::{DayFile, State};
use super::rows::{self, COLUMNS, cadence_number, verdict_number};
use super::tail::Entry;
use super::{Journal, day_of};
use crate::error::StoreError;
use crate::frame::{Frame, FrameQuery, Verdict};
use crate::sqlite::Reader;
use domain::{Cadence, Day, FrameId, Instant};
use rusqlite::{ToSql, params};
use std::collections::{HashMap, HashSet};

/// Candidates that are read at once, at least.
const CHUNK: usize = 256;

/// A question in the numbers of one file.
#[derive(Debug)]
struct Filter {
    mn: Option<i64>,
    cn: Option<i64>,
    cadence: Option<u8>,
    verdict: Option<u8>,
    /// Texts that list the departure.
    deviations: Option<Vec<i64>>,
    data: (i64, i64),
    received: (i64, i64),
    before: i64,
    limit: usize,
}

impl Journal {
    /// One frame.
    pub fn frame(&self, id: FrameId) -> Result<Option<Frame>, StoreError> {
        let files = self.files()?;
        let at = files.partition_point(|file| file.last() < id.0);
        let Some(file) = files.get(at).filter(|file| file.first <= id.0) else { return Ok(None) };
        let frames = self.readers.with(&file.path, |reader| rows::by_ids(reader, &[id.0 as i64]))?;
        Ok(frames.into_iter().next())
    }

    /// Frames that fit a question, the newest first.
    pub fn frames(&self, query: &FrameQuery) -> Result<Vec<Frame>, StoreError> {
        let mut frames = Vec::new();
        for file in self.files()?.iter().rev() {
            let rest = query.limit - frames.len();
            if rest == 0 {
                break;
            }
            if !may_fit(file, query) {
                continue;
            }
            let note = |state: &State, reader: &mut Reader| {
                let Some(filter) = Filter::of(reader, query, rest)? else { return Ok(None) };
                let of_tail = filter.of_tail(state);
                Ok(Some((filter, of_tail, state.runs.clone(), state.tail.first as i64)))
            };
            frames.extend(file.view(&self.readers, note, |reader, noted| {
                let Some((filter, of_tail, runs, first)) = noted else { return Ok(Vec::new()) };
                let mut frames = rows::by_ids(reader, &of_tail)?;
                let filter = Filter { before: filter.before.min(first), ..filter };
                filter.of_tables(reader, &runs, &mut frames)?;
                Ok(frames)
            })?);
        }
        Ok(frames)
    }

    /// Frames after `after` in the order of their numbers, at most `limit`.
    pub fn scan(&self, after: FrameId, limit: usize) -> Result<Vec<Frame>, StoreError> {
        let mut frames: Vec<Frame> = Vec::new();
        let statement = format!("SELECT {COLUMNS} FROM frames AS f WHERE f.id > ? ORDER BY f.id LIMIT ?");
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
            "SELECT {COLUMNS} FROM runs
             CROSS JOIN places AS p ON p.run = runs.run AND p.mn = ? AND p.cadence = ?
                                   AND p.data_time >= ? AND p.data_time < ?
             CROSS JOIN frames AS f ON f.id = p.frame
             WHERE f.verdict <> ?"
        );
        let broken = verdict_number(Verdict::Broken);
        let mut all: Vec<Frame> = Vec::new();
        for file in self.files()?.iter().filter(|file| file.has_data(number, day_of(from), day_of(Instant(to.0 - 1)))) {
            let note = |state: &State, reader: &mut Reader| {
                let Some(mn) = reader.number(mn)? else { return Ok(None) };
                let fits = |entry: &Entry| {
                    let in_time = |(cadence, time)| cadence == number && (from.0..to.0).contains(&time);
                    entry.mn == mn && entry.verdict != broken && entry.place.is_some_and(in_time)
                };
                let of_tail = state.tail.backwards().filter(|(_, entry)| fits(entry)).map(|(id, _)| id);
                Ok(Some((mn, of_tail.collect::<Vec<i64>>())))
            };
            all.extend(file.view(&self.readers, note, |reader, noted| {
                let Some((mn, of_tail)) = noted else { return Ok(Vec::new()) };
                let values: [&dyn ToSql; 5] = [&mn, &number, &from.0, &to.0, &broken];
                let mut frames = rows::read(reader, &statement, &values)?;
                frames.extend(rows::by_ids(reader, &of_tail)?);
                Ok(frames)
            })?);
        }
        Ok(newest_received(all))
    }
}

/// Whether a file must be opened for a question.
fn may_fit(file: &DayFile, query: &FrameQuery) -> bool {
    let older = query.before.is_none_or(|before| file.first < before.0);
    let received = file.was_receiving(query.received_from, query.received_to);
    older && received && may_have_data(file, query)
}

fn may_have_data(file: &DayFile, query: &FrameQuery) -> bool {
    if query.data_from.is_none() && query.data_to.is_none() {
        return true;
    }
    let from = query.data_from.map_or(Day(i32::MIN), day_of);
    let to = query.data_to.map_or(Day(i32::MAX), |to| day_of(Instant(to.0.saturating_sub(1))));
    let cadences = query.cadence.map_or(Cadence::ALL.to_vec(), |cadence| vec![cadence]);
    cadences.into_iter().any(|cadence| file.has_data(cadence_number(cadence), from, to))
}

impl Filter {
    /// `None` when a text of the question never was in the file.
    fn of(reader: &mut Reader, query: &FrameQuery, limit: usize) -> Result<Option<Filter>, StoreError> {
        let mut numbers = [None, None];
        for (number, text) in numbers.iter_mut().zip([&query.mn, &query.cn]) {
            let Some(text) = text else { continue };
            *number = reader.number(text)?;
            if number.is_none() {
                return Ok(None);
            }
        }
        let deviations = query.deviation.as_ref().map(|code| texts_with(reader, code)).transpose()?;
        if deviations.as_ref().is_some_and(Vec::is_empty) {
            return Ok(None);
        }
        let span = |from: Option<Instant>, to: Option<Instant>| {
            (from.map_or(i64::MIN, |from| from.0), to.map_or(i64::MAX, |to| to.0))
        };
        Ok(Some(Filter {
            mn: numbers[0],
            cn: numbers[1],
            cadence: query.cadence.map(cadence_number),
            verdict: query.verdict.map(verdict_number),
            deviations,
            data: span(query.data_from, query.data_to),
            received: span(query.received_from, query.received_to),
            before: query.before.map_or(i64::MAX, |id| i64::try_from(id.0).unwrap_or(i64::MAX)),
            limit,
        }))
    }

    /// Frames after the last run, the newest first.
    fn of_tail(&self, state: &State) -> Vec<i64> {
        let fitting = state.tail.backwards().filter(|(id, entry)| *id < self.before && self.fits(entry));
        fitting.map(|(id, _)| id).take(self.limit).collect()
    }

    fn fits(&self, entry: &Entry) -> bool {
        let is = |asked: Option<i64>, has: i64| asked.is_none_or(|asked| asked == has);
        let within = |(from, to): (i64, i64), time: i64| from <= time && time < to;
        let any_data = self.data == (i64::MIN, i64::MAX) && self.cadence.is_none();
        is(self.mn, entry.mn)
            && is(self.cn, entry.cn)
            && is(self.verdict.map(i64::from), i64::from(entry.verdict))
            && self.deviations.as_ref().is_none_or(|texts| texts.contains(&entry.deviations))
            && within(self.received, entry.received)
            && (any_data
                || entry.place.is_some_and(|(cadence, time)| {
                    is(self.cadence.map(i64::from), i64::from(cadence)) && within(self.data, time)
                }))
    }

    /// Adds frames of the runs, the newest first, up to the limit.
    fn of_tables(&self, reader: &mut Reader, runs: &[i64], frames: &mut Vec<Frame>) -> Result<(), StoreError> {
        let (low, high) = self.bounds(reader)?;
        let terms = self.terms();
        let marked = self.deviations.is_some() || self.verdict.is_some_and(|verdict| verdict != 0);
        if self.mn.is_none() && !marked {
            let rest = (self.limit - frames.len()) as i64;
            let statement = format!(
                "SELECT {COLUMNS} FROM frames AS f WHERE f.id BETWEEN ? AND ? AND {terms} ORDER BY f.id DESC LIMIT ?"
            );
            frames.extend(rows::read(reader, &statement, &[&low, &high, &rest])?);
            return Ok(());
        }
        for (at, &run) in runs.iter().enumerate().rev() {
            let next = runs.get(at + 1).copied().unwrap_or(i64::MAX);
            if run > high || next <= low {
                continue;
            }
            let ids = self.candidates(reader, run, (low, high))?;
            for chunk in ids.chunks(CHUNK.max(self.limit)) {
                let rest = self.limit - frames.len();
                if rest == 0 {
                    return Ok(());
                }
                frames.extend(rows::by_ids_where(reader, chunk, &terms)?.into_iter().take(rest));
            }
        }
        Ok(())
    }

    /// Numbers between which the frames asked for lie.
    fn bounds(&self, reader: &Reader) -> Result<(i64, i64), StoreError> {
        let high = self.before.saturating_sub(1);
        if self.received == (i64::MIN, i64::MAX) {
            return Ok((0, high));
        }
        let text =
            "SELECT coalesce(min(first), 0), coalesce(max(last), -1) FROM blocks WHERE latest >= ? AND earliest < ?";
        let sql = StoreError::sql(&reader.path);
        let mut statement = reader.connection.prepare_cached(text).map_err(&sql)?;
        let (low, last): (i64, i64) = statement
            .query_row(params![self.received.0, self.received.1], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(&sql)?;
        Ok((low, last.min(high)))
    }

    /// Frames of a run that may fit, the newest first: by device if one is asked for, else by what is wrong.
    fn candidates(&self, reader: &Reader, run: i64, (low, high): (i64, i64)) -> Result<Vec<i64>, StoreError> {
        let statement = match self.mn {
            Some(mn) => {
                let (cadences, data) = match (self.cadence, self.data) {
                    (None, (i64::MIN, i64::MAX)) => ("-1, 0, 1, 2, 3".to_string(), String::new()),
                    (None, (from, to)) => {
                        ("0, 1, 2, 3".to_string(), format!("AND data_time >= {from} AND data_time < {to}"))
                    }
                    (Some(cadence), (from, to)) => {
                        (cadence.to_string(), format!("AND data_time >= {from} AND data_time < {to}"))
                    }
                };
                format!("SELECT frame FROM places WHERE run = ? AND mn = {mn} AND cadence IN ({cadences}) {data}")
            }
            None => {
                let verdicts = self.verdict.map_or("0, 1, 2".to_string(), |verdict| verdict.to_string());
                let texts = self.deviations.as_ref().map(|texts| format!("AND deviations IN ({})", list(texts)));
                format!(
                    "SELECT frame FROM marks WHERE run = ? AND verdict IN ({verdicts}) {}",
                    texts.unwrap_or_default()
                )
            }
        };
        let sql = StoreError::sql(&reader.path);
        let mut statement = reader.connection.prepare_cached(&statement).map_err(&sql)?;
        let rows = statement.query_map([run], |row| row.get(0)).map_err(&sql)?;
        let mut ids: Vec<i64> = rows.collect::<Result<_, _>>().map_err(&sql)?;
        ids.retain(|id| (low..=high).contains(id));
        ids.sort_unstable_by(|a, b| b.cmp(a));
        Ok(ids)
    }

    /// What a row of `frames AS f` must fulfil. All values are numbers.
    fn terms(&self) -> String {
        let mut terms = vec!["true".to_string()];
        let numbers = [
            ("f.mn =", self.mn),
            ("f.cn =", self.cn),
            ("f.cadence =", self.cadence.map(i64::from)),
            ("f.verdict =", self.verdict.map(i64::from)),
            ("f.data_time >=", Some(self.data.0).filter(|from| *from > i64::MIN)),
            ("f.data_time <", Some(self.data.1).filter(|to| *to < i64::MAX)),
            ("f.received >=", Some(self.received.0).filter(|from| *from > i64::MIN)),
            ("f.received <", Some(self.received.1).filter(|to| *to < i64::MAX)),
        ];
        terms.extend(numbers.into_iter().filter_map(|(term, value)| Some(format!("{term} {}", value?))));
        terms.extend(self.deviations.as_ref().map(|texts| format!("f.deviations IN ({})", list(texts))));
        terms.join(" AND ")
    }
}

fn list(numbers: &[i64]) -> String {
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// Numbers of the texts that list `code`, alone or among others.
fn texts_with(reader: &Reader, code: &str) -> Result<Vec<i64>, StoreError> {
    let sql = StoreError::sql(&reader.path);
    let text = "SELECT id FROM texts WHERE instr(' ' || text || ' ', ' ' || ? || ' ') > 0";
    let mut statement = reader.connection.prepare_cached(text).map_err(&sql)?;
    let rows = statement.query_map([code], |row| row.get(0)).map_err(&sql)?;
    rows.collect::<Result<_, _>>().map_err(&sql)
}

/// Of frames for the same time, system code, command and part the one with the highest number.
fn newest_received(mut frames: Vec<Frame>) -> Vec<Frame> {
    frames.sort_by_key(|frame| (frame.data_time, frame.id));
    let mut newest: HashMap<(Option<Instant>, &str, &str, u32), FrameId> = HashMap::new();
    for frame in &frames {
        newest.insert((frame.data_time, &frame.st, &frame.cn, frame.pno), frame.id);
    }
    if newest.len() == frames.len() {
        return frames;
    }
    let keep: HashSet<FrameId> = newest.into_values().collect();
    frames.retain(|frame| keep.contains(&frame.id));
    frames
}
