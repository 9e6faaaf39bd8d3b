//! Connections: one that writes durably, many that read; and why the system refused, by trying it.

use crate::error::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a statement waits for a lock that another process holds.
const WAIT: Duration = Duration::from_secs(2);
/// The log beside a file is moved into it when it has grown to so many pages of 4 KiB.
const CHECKPOINT_PAGES: i64 = 4096;
/// What a log that grew beyond this under long reads is cut back to.
const LOG_BYTES: i64 = 64 << 20;
/// Reading connections kept open; a file costs three descriptors.
const IDLE_READERS: usize = 32;
/// Texts a reading connection remembers; hostile frames may bring any number of them.
const REMEMBERED_TEXTS: usize = 100_000;
/// What the probe writes: more than any page, less than anybody misses.
const PROBE_BYTES: usize = 64 << 10;

/// Opens a file for writing: a transaction is on the disk when it has been committed.
pub(crate) fn writing(path: &Path) -> Result<Connection, StoreError> {
    let sql = StoreError::sql(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(&sql)?;
    connection.busy_timeout(WAIT).map_err(&sql)?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).map_err(&sql)?;
    let pragmas = format!(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};
         PRAGMA journal_size_limit = {LOG_BYTES}; PRAGMA cache_size = -65536;
         PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = ON; PRAGMA temp_store = MEMORY"
    );
    connection.execute_batch(&pragmas).map_err(&sql)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// Opens a file for reading. One on a disk that cannot be written to is read as it is, if no log waits
/// beside it whose frames would then be passed over.
pub(crate) fn reading(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let open = |connection: &str| -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(connection, flags)?;
        connection.busy_timeout(WAIT)?;
        connection.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192")?;
        connection.set_prepared_statement_cache_capacity(32);
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    };
    let uri = uri(path);
    let error = match open(&uri) {
        Ok(connection) => return Ok(connection),
        Err(error) => error,
    };
    if std::fs::metadata(log(path)).is_ok_and(|log| log.len() > 0) {
        return Err(StoreError::sql(path)(error));
    }
    open(&format!("{uri}?immutable=1")).map_err(|_| StoreError::sql(path)(error))
}

/// Begins the log beside a file anew when readers that overlap without a pause have kept it from being so.
/// Waits for those that read now; later ones need no log then.
pub(crate) fn bound_log(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    if std::fs::metadata(log(path)).is_ok_and(|log| log.len() > LOG_BYTES as u64) {
        connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(())).map_err(StoreError::sql(path))?;
    }
    Ok(())
}

/// The log that SQLite keeps beside a file.
pub(crate) fn log(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push("-wal");
    PathBuf::from(name)
}

/// Why a write failed: the engine does not say whether a refusal of the system means a full disk, so a
/// small file beside it is tried.
pub(crate) fn explain(path: &Path, error: StoreError) -> StoreError {
    match error {
        StoreError::Io { .. } | StoreError::ReadOnly { .. } => match probe(path.parent().unwrap_or(path)) {
            Err(found @ (StoreError::Full { .. } | StoreError::ReadOnly { .. })) => found,
            _ => error,
        },
        other => other,
    }
}

/// Whether a folder can be written to, by doing it.
pub(crate) fn probe(folder: &Path) -> Result<(), StoreError> {
    let path = folder.join("probe");
    let tried = std::fs::File::create(&path).and_then(|mut file| {
        std::io::Write::write_all(&mut file, &[0; PROBE_BYTES])?;
        file.sync_all()
    });
    // A probe that stays behind is overwritten by the next one.
    let _ = std::fs::remove_file(&path);
    tried.map_err(|source| StoreError::io(folder, &source))
}

/// Makes the entry of a new file durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    let synced = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| StoreError::io(folder, &source))
}

/// A lock whose holder may have panicked: what it guards is checked or rebuilt by whoever comes next.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn uri(path: &Path) -> String {
    let path = path.display().to_string();
    format!("file:{}", path.replace('%', "%25").replace('?', "%3f").replace('#', "%23"))
}

/// A reading connection with the texts it has met.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    texts: HashMap<i64, Arc<str>>,
}

impl Reader {
    pub(crate) fn open(path: &Path) -> Result<Reader, StoreError> {
        Ok(Reader { connection: reading(path)?, path: path.to_path_buf(), texts: HashMap::new() })
    }

    /// Begins to read: until [`Reader::end`] the file stands still for this connection.
    pub(crate) fn begin(&self) -> Result<(), StoreError> {
        let sql = StoreError::sql(&self.path);
        self.connection.prepare_cached("BEGIN").and_then(|mut begin| begin.execute([])).map_err(&sql)?;
        // The view is taken by the first thing that is read.
        let mut touch = self.connection.prepare_cached("SELECT 1 FROM head").map_err(&sql)?;
        touch.query_row([], |_| Ok(())).map_err(&sql)
    }

    /// Ends what [`Reader::begin`] began. After an error the connection is given up instead.
    pub(crate) fn end(&self) -> Result<(), StoreError> {
        let end = self.connection.prepare_cached("COMMIT").and_then(|mut end| end.execute([]));
        end.map(|_| ()).map_err(StoreError::sql(&self.path))
    }

    /// The text of a number in `texts`.
    pub(crate) fn text(&mut self, id: i64) -> Result<Arc<str>, StoreError> {
        if let Some(text) = self.texts.get(&id) {
            return Ok(text.clone());
        }
        let sql = StoreError::sql(&self.path);
        let mut statement = self.connection.prepare_cached("SELECT text FROM texts WHERE id = ?").map_err(&sql)?;
        let text: Arc<str> = statement.query_row([id], |row| row.get::<_, String>(0)).map_err(&sql)?.into();
        if self.texts.len() >= REMEMBERED_TEXTS {
            self.texts.clear();
        }
        self.texts.insert(id, text.clone());
        Ok(text)
    }

    /// The number of a text, `None` when the file never had it.
    pub(crate) fn number(&self, text: &str) -> Result<Option<i64>, StoreError> {
        let sql = StoreError::sql(&self.path);
        let mut statement = self.connection.prepare_cached("SELECT id FROM texts WHERE text = ?").map_err(&sql)?;
        let mut rows = statement.query([text]).map_err(&sql)?;
        rows.next().map_err(&sql)?.map(|row| row.get(0)).transpose().map_err(&sql)
    }
}

/// Idle reading connections, the longest unused given up first.
#[derive(Debug, Default)]
pub(crate) struct Readers(Mutex<VecDeque<Reader>>);

impl Readers {
    /// Reads `path` with an idle connection or a new one.
    pub(crate) fn with<T>(
        &self,
        path: &Path,
        read: impl FnOnce(&mut Reader) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = {
            let mut idle = lock(&self.0);
            idle.iter().rposition(|reader| reader.path == path).and_then(|at| idle.remove(at))
        };
        let mut reader = match idle {
            Some(reader) => reader,
            None => Reader::open(path)?,
        };
        // A connection whose read failed is not used again.
        let value = read(&mut reader)?;
        let mut idle = lock(&self.0);
        idle.push_back(reader);
        if idle.len() > IDLE_READERS {
            idle.pop_front();
        }
        Ok(value)
    }

    /// Closes the idle connections to `path`.
    pub(crate) fn close(&self, path: &Path) {
        lock(&self.0).retain(|reader| reader.path != path);
    }
}
