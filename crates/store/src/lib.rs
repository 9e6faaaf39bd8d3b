//! Records at rest, in SQLite: raw frames become durable in the journal; events, secrets, operators and
//! judged values are kept in a file beside it. `gateway` appends frames, `server` reads and appends the rest.
//!
//! ```text
//! DIR/online/frames-2026-11-25.sqlite   one per day of receipt; only the newest is written to
//! DIR/online/archive/frames-….sqlite    older files that were moved there are still read
//! DIR/online/records.sqlite             events, secrets, operators, judged values
//! ```
//!
//! One process writes at a time (`lock`); readers have their own connections and never wait for the writer.

mod error;
mod events;
mod frame;
mod journal;
mod judged;
mod operators;
mod records;
mod schema;
mod secrets;
mod sqlite;
#[cfg(test)]
mod tests;

pub use error::StoreError;
pub use events::{Event, EventId, EventQuery, Events, NewEvent};
pub use frame::{DeviationCount, DeviationQuery, Frame, FrameCount, FrameQuery, NewFrame, Source, Verdict};
pub use journal::{Journal, JournalFile};
pub use judged::{Judged, JudgedQuery, JudgedRow};
pub use operators::{Operator, Operators, Scope};
pub use secrets::{Secret, Secrets};

use crate::records::RecordsFile;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything that online monitoring keeps in a data folder.
#[derive(Debug)]
pub struct Store {
    journal: Journal,
    events: Events,
    secrets: Secrets,
    operators: Operators,
    judged: Judged,
    /// Held while this process may write; the system frees it when the process ends, however it ends.
    _lock: Option<Lock>,
}

/// The locked file.
#[derive(Debug)]
struct Lock(File);

impl Drop for Lock {
    /// Said aloud, because a process that is just being started may still share the file.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

impl Store {
    /// Opens `dir/online/` for reading and writing, making it if need be. One process at a time.
    pub fn open(dir: &Path) -> Result<Store, StoreError> {
        let folder = dir.join("online");
        std::fs::create_dir_all(&folder).map_err(|source| StoreError::io(&folder, &source))?;
        let lock = lock(&folder)?;
        Store::assemble(&folder, Some(lock))
    }

    /// Opens `dir/online/` for reading only, also while another process writes to it. What that process
    /// appends to files that were there is seen; frames of a new day are seen after opening again.
    pub fn open_for_reading(dir: &Path) -> Result<Store, StoreError> {
        Store::assemble(&dir.join("online"), None)
    }

    /// Opens `dir/online/` beside a process that writes frames: the journal for reading, and the records (events,
    /// secrets, operators) for writing, which the engine lets several processes do in turn.
    pub fn open_beside(dir: &Path) -> Result<Store, StoreError> {
        let folder = dir.join("online");
        Store::over(Journal::open(&folder, false)?, RecordsFile::open(&folder.join("records.sqlite"), true)?, None)
    }

    /// Whether this process may append frames; only one may at a time.
    pub fn appends(&self) -> bool {
        self._lock.is_some()
    }

    /// Raw frames.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// What happened and who did it.
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// Passwords and keys of devices.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// People who may do things.
    pub fn operators(&self) -> &Operators {
        &self.operators
    }

    /// Judged values and their revisions.
    pub fn judged(&self) -> &Judged {
        &self.judged
    }

    fn assemble(folder: &Path, lock: Option<Lock>) -> Result<Store, StoreError> {
        let journal = Journal::open(folder, lock.is_some())?;
        Store::over(journal, RecordsFile::open(&folder.join("records.sqlite"), lock.is_some())?, lock)
    }

    fn over(journal: Journal, records: RecordsFile, lock: Option<Lock>) -> Result<Store, StoreError> {
        let records = Arc::new(records);
        Ok(Store {
            journal,
            events: Events(records.clone()),
            secrets: Secrets(records.clone()),
            operators: Operators(records.clone()),
            judged: Judged(records),
            _lock: lock,
        })
    }
}

fn lock(folder: &Path) -> Result<Lock, StoreError> {
    let path: PathBuf = folder.join("lock");
    let io = |source: std::io::Error| StoreError::io(&path, &source);
    let file = File::options().create(true).write(true).truncate(false).open(&path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy { path: folder.to_path_buf() }),
        Err(TryLockError::Error(source)) => Err(StoreError::io(&path, &source)),
    }
}
