//! What device and platform know of each other: password and SM4 key. Kept here and never in the lake,
//! because queries see the lake. `gateway` checks them, `server` sets them.

use crate::error::StoreError;
use crate::records::RecordsFile;
use domain::Instant;
use rusqlite::{Row, params};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Passwords and keys by device.
#[derive(Debug)]
pub struct Secrets(pub(crate) Arc<RecordsFile>);

/// Password and key of a device since some moment.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// `PW` of its frames.
    pub password: String,
    /// SM4 key in hexadecimal digits, for devices that encrypt.
    pub key_hex: Option<String>,
    /// Since when it counts.
    pub since: Instant,
}

impl Secrets {
    /// Gives a device a new secret; the earlier ones stay in its history.
    pub fn set(&self, mn: &str, secret: Secret) -> Result<(), StoreError> {
        self.0.write(|transaction| {
            transaction.execute(
                "INSERT INTO secrets (mn, password, key_hex, since) VALUES (?, ?, ?, ?)",
                params![mn, secret.password, secret.key_hex, secret.since.0],
            )
        })?;
        Ok(())
    }

    /// The newest secret of a device.
    pub fn get(&self, mn: &str) -> Result<Option<Secret>, StoreError> {
        Ok(self.history(mn)?.into_iter().next())
    }

    /// Every secret a device had, the newest first: while a key is changed the earlier one may still be used.
    pub fn history(&self, mn: &str) -> Result<Vec<Secret>, StoreError> {
        self.0.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT password, key_hex, since FROM secrets WHERE mn = ? ORDER BY since DESC, id DESC",
            )?;
            statement.query_map([mn], |row| secret(row, 0))?.collect()
        })
    }

    /// The newest secret of every device.
    pub fn all(&self) -> Result<BTreeMap<String, Secret>, StoreError> {
        self.0.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT mn, password, key_hex, since FROM secrets ORDER BY since, id")?;
            statement.query_map([], |row| Ok((row.get(0)?, secret(row, 1)?)))?.collect()
        })
    }
}

fn secret(row: &Row<'_>, from: usize) -> rusqlite::Result<Secret> {
    Ok(Secret { password: row.get(from)?, key_hex: row.get(from + 1)?, since: Instant(row.get(from + 2)?) })
}

/// Logs and panics show that there is a secret, not which.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret(since {}, key {})", self.since.to_iso(), if self.key_hex.is_some() { "set" } else { "none" })
    }
}
