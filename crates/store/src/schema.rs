//! Layouts of the SQLite files: numbered steps from `schema/*.sql`, each applied once, in order.

use crate::error::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// Steps of a file of frames.
pub(crate) const FRAMES: &[&str] = &[include_str!("../schema/frames-1.sql")];
/// Steps of the file of records.
pub(crate) const RECORDS: &[&str] = &[include_str!("../schema/records-1.sql")];

/// Brings a file to the newest layout in one transaction, with what `and` adds to a new file.
pub(crate) fn upgrade(
    connection: &mut Connection,
    path: &Path,
    steps: &[&str],
    and: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sql = StoreError::sql(path);
    let found = version(connection, path)?;
    if found as usize == steps.len() {
        return Ok(());
    }
    known(path, found, steps)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&sql)?;
    for step in &steps[found as usize..] {
        transaction.execute_batch(step).map_err(&sql)?;
    }
    transaction.pragma_update(None, "user_version", steps.len() as i64).map_err(&sql)?;
    if found == 0 {
        and(&transaction)?;
    }
    transaction.commit().map_err(&sql)
}

/// Refuses a file that this program cannot read as it is.
pub(crate) fn check(connection: &Connection, path: &Path, steps: &[&str]) -> Result<(), StoreError> {
    let found = version(connection, path)?;
    known(path, found, steps)?;
    if (found as usize) < steps.len() {
        return Err(StoreError::Version { path: path.to_path_buf(), found, known: steps.len() as u32 });
    }
    Ok(())
}

/// The layout of a file; 0 when nothing was laid out yet.
pub(crate) fn version(connection: &Connection, path: &Path) -> Result<u32, StoreError> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(StoreError::sql(path))
}

fn known(path: &Path, found: u32, steps: &[&str]) -> Result<(), StoreError> {
    if found as usize > steps.len() {
        return Err(StoreError::Version { path: path.to_path_buf(), found, known: steps.len() as u32 });
    }
    Ok(())
}
