//! The file of records: what events, secrets, operators and judged values are read from and written to.

use crate::error::StoreError;
use crate::schema;
use crate::sqlite::{self, Reader, Readers};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

#[derive(Debug)]
pub(crate) struct RecordsFile {
    pub(crate) path: PathBuf,
    writable: bool,
    /// `None` until the next write when the last one failed.
    writer: Mutex<Option<Connection>>,
    readers: Readers,
}

impl RecordsFile {
    pub(crate) fn open(path: &Path, writable: bool) -> Result<RecordsFile, StoreError> {
        let file =
            RecordsFile { path: path.to_path_buf(), writable, writer: Mutex::new(None), readers: Readers::default() };
        if writable {
            let connection = file.connect().map_err(|error| sqlite::explain(path, error))?;
            *sqlite::lock(&file.writer) = Some(connection);
        } else if path.exists() {
            schema::check(&sqlite::reading(path)?, path, schema::RECORDS)?;
        }
        Ok(file)
    }

    /// Runs `change` in one durable transaction.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        if !self.writable {
            return Err(StoreError::ReadOnly { path: self.path.clone() });
        }
        let mut slot = sqlite::lock(&self.writer);
        let result = self.write_with(&mut slot, change);
        result.map_err(|error| {
            // A full disk needs no new connection; making one would need space itself.
            if !matches!(error, StoreError::Full { .. }) {
                *slot = None;
            }
            sqlite::explain(&self.path, error)
        })
    }

    /// Reads with an idle connection. A store opened for reading before there were any records has none.
    pub(crate) fn read<T: Default>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        if !self.writable && !self.path.exists() {
            return Ok(T::default());
        }
        let sql = StoreError::sql(&self.path);
        self.readers.with(&self.path, |reader: &mut Reader| read(&reader.connection).map_err(&sql))
    }

    fn write_with<T>(
        &self,
        slot: &mut Option<Connection>,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let sql = StoreError::sql(&self.path);
        let connection = match slot.take() {
            Some(connection) if connection.is_autocommit() => slot.insert(connection),
            _ => slot.insert(self.connect()?),
        };
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&sql)?;
        let value = change(&transaction).map_err(&sql)?;
        transaction.commit().map_err(&sql)?;
        Ok(value)
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        private(&self.path)?;
        let mut connection = sqlite::writing(&self.path)?;
        schema::upgrade(&mut connection, &self.path, schema::RECORDS, |_| Ok(()))?;
        Ok(connection)
    }
}

/// Passwords and keys are nobody else's: the file is made readable for its owner only, and the files that
/// SQLite puts beside it follow it.
fn private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ()).map_err(|source| StoreError::io(path, &source))
}
