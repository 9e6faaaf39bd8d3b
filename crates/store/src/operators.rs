//! People who may do things: a name, a token that only they have, and scopes. `server` asks who a token is.

use crate::error::StoreError;
use crate::records::RecordsFile;
use rusqlite::{ErrorCode, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;

/// People with their scopes. Of a token only the SHA-256 is kept: 256 random bits need no slow hash.
#[derive(Debug)]
pub struct Operators(pub(crate) Arc<RecordsFile>);

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Ask devices for things and control them.
    Control,
    /// Propose changes to judged values.
    Review,
    /// Approve what another person proposed.
    Approve,
    /// Acknowledge alerts.
    Acknowledge,
    /// Change registers, secrets and marks.
    Register,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Name, as it stands in events.
    pub name: String,
    /// What they may do.
    pub scopes: BTreeSet<Scope>,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Scope; 5] = [Scope::Control, Scope::Review, Scope::Approve, Scope::Acknowledge, Scope::Register];

    /// The word used on the command line and in answers.
    pub fn code(self) -> &'static str {
        match self {
            Scope::Control => "control",
            Scope::Review => "review",
            Scope::Approve => "approve",
            Scope::Acknowledge => "acknowledge",
            Scope::Register => "register",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

impl Operator {
    /// Whether the person may do what needs `scope`.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

impl Operators {
    /// Adds a person and returns their token, which is shown this once and kept nowhere.
    pub fn add(&self, name: &str, scopes: &[Scope]) -> Result<String, StoreError> {
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).map_err(|error| StoreError::Io {
            path: self.0.path.clone(),
            reason: format!("no random bytes: {error}"),
        })?;
        let token: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let scopes: BTreeSet<Scope> = scopes.iter().copied().collect();
        let scopes: Vec<&str> = scopes.into_iter().map(Scope::code).collect();
        let taken = self.0.write(|transaction| {
            let added = transaction.execute(
                "INSERT INTO operators (name, token_hash, scopes) VALUES (?, ?, ?)",
                params![name, hash(&token), scopes.join(" ")],
            );
            match added {
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => Ok(true),
                other => other.map(|_| false),
            }
        })?;
        if taken {
            return Err(StoreError::Exists { name: name.to_string() });
        }
        Ok(token)
    }

    /// Whose token it is.
    pub fn check(&self, token: &str) -> Result<Option<Operator>, StoreError> {
        self.0.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT name, scopes FROM operators WHERE token_hash = ?")?;
            statement.query_row([hash(token)], operator).optional()
        })
    }

    /// Everybody, by name.
    pub fn list(&self) -> Result<Vec<Operator>, StoreError> {
        self.0.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT name, scopes FROM operators ORDER BY name")?;
            statement.query_map([], operator)?.collect()
        })
    }

    /// Takes a person's token away; `false` when there is nobody of that name. Their events stay.
    pub fn remove(&self, name: &str) -> Result<bool, StoreError> {
        let removed =
            self.0.write(|transaction| transaction.execute("DELETE FROM operators WHERE name = ?", [name]))?;
        Ok(removed > 0)
    }
}

fn operator(row: &Row<'_>) -> rusqlite::Result<Operator> {
    let scopes = row.get_ref(1)?.as_str()?;
    Ok(Operator { name: row.get(0)?, scopes: scopes.split(' ').filter_map(Scope::from_code).collect() })
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.trim().as_bytes()).to_vec()
}
