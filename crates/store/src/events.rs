//! Events: what happened, when it was recorded and who did it; only ever appended. `server` and `gateway`
//! append; the state of alerts, marks and reviews is made of them.

use crate::error::StoreError;
use crate::records::RecordsFile;
use domain::Instant;
use rusqlite::types::Value as Sql;
use rusqlite::{Row, Transaction, params, params_from_iter};
use std::sync::Arc;

/// The append-only list of events.
#[derive(Debug)]
pub struct Events(pub(crate) Arc<RecordsFile>);

/// Number of an event, rising in the order in which events became durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u64);

/// An event that is to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// When it is recorded.
    pub recorded: Instant,
    /// What kind of thing happened, such as `alert-opened`.
    pub kind: String,
    /// To whom or what: an outlet, a device, an alert.
    pub subject: String,
    /// Who did it: a person's name, or the name of the part of the system.
    pub actor: String,
    /// Everything else.
    pub body: serde_json::Value,
    /// With this key it happens once, however often it is appended.
    pub once: Option<String>,
}

/// An event of the list. Fields as in [`NewEvent`].
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// When it was recorded.
    pub recorded: Instant,
    /// What kind of thing happened.
    pub kind: String,
    /// To whom or what.
    pub subject: String,
    /// Who did it.
    pub actor: String,
    /// Everything else.
    pub body: serde_json::Value,
    /// Its key, if it happens once.
    pub once: Option<String>,
}

/// Which events are asked for; what is empty or `None` does not restrict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventQuery {
    /// Of one of these kinds.
    pub kinds: Vec<String>,
    /// Of this subject.
    pub subject: Option<String>,
    /// Later than this event.
    pub after: Option<EventId>,
    /// Recorded at or before this moment.
    pub as_of: Option<Instant>,
    /// At most so many.
    pub limit: usize,
}

impl Default for EventQuery {
    fn default() -> EventQuery {
        EventQuery { kinds: Vec::new(), subject: None, after: None, as_of: None, limit: usize::MAX }
    }
}

impl Events {
    /// Keeps an event durably. `None`: one with that once-key is there already, and nothing changed.
    pub fn append(&self, event: NewEvent) -> Result<Option<EventId>, StoreError> {
        let ids = self.append_all(std::slice::from_ref(&event))?;
        Ok(ids.into_iter().next().flatten())
    }

    /// Keeps several events in one transaction: all or none.
    pub fn append_all(&self, events: &[NewEvent]) -> Result<Vec<Option<EventId>>, StoreError> {
        self.0.write(|transaction| events.iter().map(|event| insert(transaction, event)).collect())
    }

    /// Events in the order in which they were kept.
    pub fn list(&self, query: &EventQuery) -> Result<Vec<Event>, StoreError> {
        self.select(query, "ASC")
    }

    /// The same, the newest first.
    pub fn newest(&self, query: &EventQuery) -> Result<Vec<Event>, StoreError> {
        self.select(query, "DESC")
    }

    /// Number of the newest event, 0 before the first.
    pub fn last_id(&self) -> Result<EventId, StoreError> {
        let last: i64 = self
            .0
            .read(|connection| connection.query_row("SELECT coalesce(max(id), 0) FROM events", [], |row| row.get(0)))?;
        Ok(EventId(last as u64))
    }

    fn select(&self, query: &EventQuery, order: &str) -> Result<Vec<Event>, StoreError> {
        let (filter, values) = filter(query);
        let text = format!(
            "SELECT id, recorded, kind, subject, actor, body, once FROM events WHERE {filter} ORDER BY id {order} LIMIT {}",
            i64::try_from(query.limit).unwrap_or(i64::MAX)
        );
        self.0.read(|connection| {
            let mut statement = connection.prepare_cached(&text)?;
            statement.query_map(params_from_iter(values), event)?.collect()
        })
    }
}

fn insert(transaction: &Transaction<'_>, event: &NewEvent) -> rusqlite::Result<Option<EventId>> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO events (recorded, kind, subject, actor, body, once) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (once) DO NOTHING",
    )?;
    let body = event.body.to_string();
    let added =
        statement.execute(params![event.recorded.0, event.kind, event.subject, event.actor, body, event.once])?;
    Ok((added > 0).then(|| EventId(transaction.last_insert_rowid() as u64)))
}

fn filter(query: &EventQuery) -> (String, Vec<Sql>) {
    let mut terms = vec!["id > ?".to_string()];
    let mut values = vec![Sql::Integer(query.after.map_or(0, |id| id.0 as i64))];
    if !query.kinds.is_empty() {
        terms.push(format!("kind IN ({})", vec!["?"; query.kinds.len()].join(", ")));
        values.extend(query.kinds.iter().map(|kind| Sql::Text(kind.clone())));
    }
    if let Some(subject) = &query.subject {
        terms.push("subject = ?".to_string());
        values.push(Sql::Text(subject.clone()));
    }
    if let Some(as_of) = query.as_of {
        terms.push("recorded <= ?".to_string());
        values.push(Sql::Integer(as_of.0));
    }
    (terms.join(" AND "), values)
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        id: EventId(row.get::<_, i64>(0)? as u64),
        recorded: Instant(row.get(1)?),
        kind: row.get(2)?,
        subject: row.get(3)?,
        actor: row.get(4)?,
        body: json(row, 5)?,
        once: row.get(6)?,
    })
}

/// A column that holds JSON.
pub(crate) fn json(row: &Row<'_>, column: usize) -> rusqlite::Result<serde_json::Value> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}
