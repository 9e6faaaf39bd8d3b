//! One file of the journal as questions see it: which numbers and days of data it has, and its frames after
//! the last run.

use super::day_of;
use super::tail::{Entry, Tail};
use crate::error::StoreError;
use crate::schema;
use crate::sqlite::{self, Reader, Readers};
use domain::{Day, FrameId, Instant};
use rusqlite::Connection;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

/// A file of the journal, for people who look after the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalFile {
    /// Where it is.
    pub path: PathBuf,
    /// Day of receipt, UTC+8.
    pub day: Day,
    /// Its first frame.
    pub first: FrameId,
    /// Its last frame.
    pub last: FrameId,
    /// Bytes, with the log beside it.
    pub bytes: u64,
    /// Whether it stands in `archive/`.
    pub archived: bool,
}

/// A file of the journal.
#[derive(Debug)]
pub(super) struct DayFile {
    pub(super) path: PathBuf,
    /// Day of receipt of its first frame.
    pub(super) day: Day,
    pub(super) archived: bool,
    /// Number of its first frame.
    pub(super) first: u64,
    state: RwLock<State>,
}

/// What grows with the file.
#[derive(Debug, Default)]
pub(super) struct State {
    /// First frames of its runs.
    pub(super) runs: Vec<i64>,
    /// Frames after them.
    pub(super) tail: Tail,
    /// Earliest and latest moment of receipt.
    received: Option<(i64, i64)>,
    /// Cadence and day of the data it has.
    data_days: HashSet<(u8, i32)>,
}

impl DayFile {
    pub(super) fn new(path: PathBuf, day: Day, first: u64) -> DayFile {
        let state = State { tail: Tail::starting_at(first), ..State::default() };
        DayFile { path, day, archived: false, first, state: RwLock::new(state) }
    }

    /// `None` for a file that a process made and did not live to fill.
    pub(super) fn look(reader: &Reader, day: Day, archived: bool) -> Result<Option<DayFile>, StoreError> {
        if schema::version(&reader.connection, &reader.path)? == 0 {
            return Ok(None);
        }
        schema::check(&reader.connection, &reader.path, schema::FRAMES)?;
        reader.begin()?;
        let (first, _) = head(&reader.connection, &reader.path)?;
        let state = State::read(reader)?;
        reader.end()?;
        Ok(Some(DayFile { path: reader.path.clone(), day, archived, first, state: RwLock::new(state) }))
    }

    /// Number of the last frame; `first - 1` while there is none.
    pub(super) fn last(&self) -> u64 {
        self.with(|state| state.tail.last())
    }

    pub(super) fn frames(&self) -> u64 {
        self.last() + 1 - self.first
    }

    /// Whether it may have data of this cadence in days from ≤ d ≤ to.
    pub(super) fn has_data(&self, cadence: u8, from: Day, to: Day) -> bool {
        self.with(|state| {
            let days = i64::from(to.0) - i64::from(from.0) + 1;
            if days <= state.data_days.len() as i64 {
                return (from.0..=to.0).any(|day| state.data_days.contains(&(cadence, day)));
            }
            state.data_days.iter().any(|&(has, day)| has == cadence && (from.0..=to.0).contains(&day))
        })
    }

    /// Whether it may have frames received in from ≤ t < to.
    pub(super) fn was_receiving(&self, from: Option<Instant>, to: Option<Instant>) -> bool {
        self.with(|state| {
            let Some((first, last)) = state.received else { return false };
            from.is_none_or(|from| last >= from.0) && to.is_none_or(|to| first < to.0)
        })
    }

    /// Takes over the frames of a committed batch.
    pub(super) fn grow(&self, entries: Vec<Entry>) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            state.push(entry);
        }
    }

    /// How many frames wait to be derived from.
    pub(super) fn waiting(&self) -> usize {
        self.with(|state| state.tail.entries.len())
    }

    /// Writes what helps to find and count the frames after the last run, and forgets them.
    pub(super) fn derive(&self, connection: &mut Connection) -> Result<(), StoreError> {
        if self.waiting() == 0 {
            return Ok(());
        }
        let sql = StoreError::sql(&self.path);
        let transaction = connection.transaction().map_err(&sql)?;
        self.with(|state| state.tail.write(&transaction)).map_err(&sql)?;
        // Readers must see the frames in the tables or here, not in both: they take their view of the tables
        // while they hold the state.
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        transaction.commit().map_err(&sql)?;
        let next = state.tail.last() + 1;
        let run = state.tail.first as i64;
        state.runs.push(run);
        state.tail = Tail::starting_at(next);
        Ok(())
    }

    /// Reads with one view of the file: `note` takes what it needs from the state, `read` asks the tables as
    /// they stood at that moment.
    pub(super) fn view<N, T>(
        &self,
        readers: &Readers,
        note: impl FnOnce(&State, &mut Reader) -> Result<N, StoreError>,
        read: impl FnOnce(&mut Reader, N) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        readers.with(&self.path, |reader| {
            let noted = {
                let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
                reader.begin()?;
                note(&state, reader)?
            };
            let value = read(reader, noted)?;
            reader.end()?;
            Ok(value)
        })
    }

    /// Takes over what another process added.
    pub(super) fn refresh(&self, reader: &Reader) -> Result<(), StoreError> {
        reader.begin()?;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let (_, derived) = head(&reader.connection, &reader.path)?;
        if derived + 1 == state.tail.first {
            state.read_on(reader)?;
        } else {
            *state = State::read(reader)?;
        }
        reader.end()
    }

    pub(super) fn describe(&self) -> JournalFile {
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |found| found.len());
        JournalFile {
            path: self.path.clone(),
            day: self.day,
            first: FrameId(self.first),
            last: FrameId(self.last()),
            bytes: size(&self.path) + size(&sqlite::log(&self.path)),
            archived: self.archived,
        }
    }

    fn with<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn push(&mut self, entry: Entry) {
        self.note(&entry);
        self.tail.push(entry);
    }

    fn note(&mut self, entry: &Entry) {
        let (first, last) = self.received.unwrap_or((entry.received, entry.received));
        self.received = Some((first.min(entry.received), last.max(entry.received)));
        if let Some((cadence, data_time)) = entry.place {
            self.data_days.insert((cadence, day_of(Instant(data_time)).0));
        }
    }

    fn read(reader: &Reader) -> Result<State, StoreError> {
        let sql = StoreError::sql(&reader.path);
        let (_, derived) = head(&reader.connection, &reader.path)?;
        let mut state = State { tail: Tail::starting_at(derived + 1), ..State::default() };
        let mut statement =
            reader.connection.prepare_cached("SELECT run, earliest, latest FROM runs ORDER BY run").map_err(&sql)?;
        let runs = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)));
        for run in runs.map_err(&sql)? {
            let (run, earliest, latest) = run.map_err(&sql)?;
            let (first, last) = state.received.unwrap_or((earliest, latest));
            state.received = Some((first.min(earliest), last.max(latest)));
            state.runs.push(run);
        }
        let mut statement = reader.connection.prepare_cached("SELECT cadence, day FROM data_days").map_err(&sql)?;
        let days = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(&sql)?;
        state.data_days = days.collect::<Result<_, _>>().map_err(&sql)?;
        state.read_on(reader)?;
        Ok(state)
    }

    fn read_on(&mut self, reader: &Reader) -> Result<(), StoreError> {
        let known = self.tail.entries.len();
        self.tail.read_on(reader)?;
        for at in known..self.tail.entries.len() {
            let entry = self.tail.entries[at];
            self.note(&entry);
        }
        Ok(())
    }
}

/// First frame, and last frame of the last run.
fn head(connection: &Connection, path: &Path) -> Result<(u64, u64), StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT first_id, derived FROM head").map_err(StoreError::sql(path))?;
    let row = statement.query_row([], |row| Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64)));
    row.map_err(StoreError::sql(path))
}
