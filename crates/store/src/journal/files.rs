//! The folder of the journal → its files in the order of their frames, each with what a question must know
//! before it opens it: which numbers, which days of data.

use crate::error::StoreError;
use crate::schema;
use crate::sqlite::{self, Reader, Readers};
use domain::{Day, FrameId, Instant};
use rusqlite::{Connection, OpenFlags};
use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

/// Where in a file of SQLite stands how it is written: 2 with a log beside it, 1 without.
const WRITE_VERSION_AT: usize = 18;

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
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// Number of its last frame; `first - 1` while it has none.
    pub(super) last: u64,
    /// Earliest and latest moment of receipt.
    pub(super) received: Option<(i64, i64)>,
    /// Cadence and day of the data it has.
    pub(super) data_days: HashSet<(u8, i32)>,
}

impl DayFile {
    pub(super) fn new(path: PathBuf, day: Day, first: u64) -> DayFile {
        let state = State { last: first - 1, ..State::default() };
        DayFile { path, day, archived: false, first, state: RwLock::new(state) }
    }

    pub(super) fn last(&self) -> u64 {
        self.state.read().unwrap_or_else(PoisonError::into_inner).last
    }

    pub(super) fn frames(&self) -> u64 {
        self.last() + 1 - self.first
    }

    /// Whether it may have data of this cadence in days from ≤ d ≤ to.
    pub(super) fn has_data(&self, cadence: u8, from: Day, to: Day) -> bool {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let days = i64::from(to.0) - i64::from(from.0) + 1;
        if days <= state.data_days.len() as i64 {
            return (from.0..=to.0).any(|day| state.data_days.contains(&(cadence, day)));
        }
        state.data_days.iter().any(|&(has, day)| has == cadence && (from.0..=to.0).contains(&day))
    }

    /// Whether it may have frames received in from ≤ t < to.
    pub(super) fn was_receiving(&self, from: Option<Instant>, to: Option<Instant>) -> bool {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let Some((first, last)) = state.received else { return false };
        from.is_none_or(|from| last >= from.0) && to.is_none_or(|to| first < to.0)
    }

    /// Takes over what a committed batch added.
    pub(super) fn grow(&self, last: u64, received: (i64, i64), data_days: impl Iterator<Item = (u8, i32)>) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.last = last;
        let (first, latest) = state.received.unwrap_or(received);
        state.received = Some((first.min(received.0), latest.max(received.1)));
        state.data_days.extend(data_days);
    }

    /// Reads again what another process may have added.
    pub(super) fn refresh(&self, reader: &mut Reader) -> Result<(), StoreError> {
        let state = read_state(reader, self.first)?;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
        Ok(())
    }

    pub(super) fn describe(&self) -> JournalFile {
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |found| found.len());
        JournalFile {
            path: self.path.clone(),
            day: self.day,
            first: FrameId(self.first),
            last: FrameId(self.last()),
            bytes: size(&self.path) + size(&beside(&self.path, "-wal")),
            archived: self.archived,
        }
    }
}

/// Name of the file of a day; `nth` above 1 when the clock was set back and the day has files already.
pub(super) fn name(day: Day, nth: u32) -> String {
    match nth {
        1 => format!("frames-{day}.sqlite"),
        _ => format!("frames-{day}-{nth}.sqlite"),
    }
}

/// Every file of the journal in the order of their frames.
pub(super) fn find(folder: &Path, readers: &Readers, writable: bool) -> Result<Vec<DayFile>, StoreError> {
    let mut files = Vec::new();
    for (place, archived) in [(folder.to_path_buf(), false), (folder.join("archive"), true)] {
        for (path, day) in list(&place)? {
            if writable && !archived {
                upgrade(&path)?;
            }
            files.extend(readers.with(&path, |reader| look(reader, day, archived))?);
        }
    }
    files.sort_by_key(|file| (file.first, file.archived));
    // One that was copied to the archive and not moved stands there twice.
    files.dedup_by(|again, file| again.archived && again.first == file.first && again.last() <= file.last());
    for pair in files.windows(2) {
        if pair[1].first <= pair[0].last() {
            let reason = format!("its frames {}… stand in {} too", pair[1].first, pair[0].path.display());
            return Err(StoreError::Corrupt { path: pair[1].path.clone(), reason });
        }
    }
    Ok(files)
}

/// Moves the log of a file into it and does without one from now on. Fails silently: it is read all the same.
pub(super) fn close(path: &Path, readers: &Readers) {
    if !has_log(path) {
        return;
    }
    readers.close(path);
    let Ok(connection) = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE) else { return };
    let _ = connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()));
}

fn has_log(path: &Path) -> bool {
    let mut head = [0_u8; WRITE_VERSION_AT + 1];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head[WRITE_VERSION_AT] == 2
}

/// Files with a name of the journal, and their days.
fn list(folder: &Path) -> Result<Vec<(PathBuf, Day)>, StoreError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io(folder, &error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|source| StoreError::io(folder, &source))?;
        let name = entry.file_name();
        if let Some(day) = name.to_str().and_then(day_of) {
            files.push((entry.path(), day));
        }
    }
    files.sort();
    Ok(files)
}

fn day_of(name: &str) -> Option<Day> {
    let stem = name.strip_prefix("frames-")?.strip_suffix(".sqlite")?;
    let (day, nth) = (stem.get(..10)?, &stem[10..]);
    let nth = nth.is_empty() || nth.strip_prefix('-').is_some_and(|nth| nth.parse::<u32>().is_ok());
    day.parse().ok().filter(|_| nth)
}

/// Brings a file to the newest layout. One that never got its first is left for the writer to fill.
fn upgrade(path: &Path) -> Result<(), StoreError> {
    let found = schema::version(&sqlite::reading(path)?, path)? as usize;
    if found == 0 || found >= schema::FRAMES.len() {
        return Ok(());
    }
    schema::upgrade(&mut sqlite::writing(path)?, path, schema::FRAMES, |_| Ok(()))
}

/// `None` for a file that a process made and did not live to fill.
fn look(reader: &mut Reader, day: Day, archived: bool) -> Result<Option<DayFile>, StoreError> {
    if schema::version(&reader.connection, &reader.path)? == 0 {
        return Ok(None);
    }
    schema::check(&reader.connection, &reader.path, schema::FRAMES)?;
    let first: i64 = reader
        .connection
        .query_row("SELECT first_id FROM head", [], |row| row.get(0))
        .map_err(StoreError::sql(&reader.path))?;
    let state = read_state(reader, first as u64)?;
    Ok(Some(DayFile { path: reader.path.clone(), day, archived, first: first as u64, state: RwLock::new(state) }))
}

fn read_state(reader: &mut Reader, first: u64) -> Result<State, StoreError> {
    let sql = StoreError::sql(&reader.path);
    let bounds =
        "SELECT (SELECT max(id) FROM frames), (SELECT min(received) FROM frames), (SELECT max(received) FROM frames)";
    let (last, earliest, latest): (Option<i64>, Option<i64>, Option<i64>) =
        reader.connection.query_row(bounds, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(&sql)?;
    let mut statement = reader.connection.prepare_cached("SELECT cadence, day FROM data_days").map_err(&sql)?;
    let days = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(&sql)?;
    Ok(State {
        last: last.map_or(first - 1, |last| last as u64),
        received: earliest.zip(latest),
        data_days: days.collect::<Result<_, _>>().map_err(&sql)?,
    })
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(end);
    PathBuf::from(name)
}
