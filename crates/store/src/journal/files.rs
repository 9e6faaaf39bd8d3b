//! The folder of the journal → its files in the order of their frames, each with what a question must know
//! before it opens it: which numbers, which days of data.

use super::day::DayFile;
use crate::error::StoreError;
use crate::schema;
use crate::sqlite::{self, Readers};
use domain::Day;
use rusqlite::{Connection, OpenFlags};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Where in a file of SQLite stands how it is written: 2 with a log beside it, 1 without.
const WRITE_VERSION_AT: usize = 18;

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
            files.extend(readers.with(&path, |reader| DayFile::look(reader, day, archived))?);
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
