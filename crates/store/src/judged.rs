//! Judged values: what `observe::online` made of frames, with every revision. `server` puts and reads them.

use crate::error::StoreError;
use crate::events::json;
use crate::records::RecordsFile;
use domain::{Instant, Span};
use rusqlite::types::Value as Sql;
use rusqlite::{OptionalExtension, Row, Transaction, params, params_from_iter};
use std::sync::Arc;

/// Judged values and their revisions.
#[derive(Debug)]
pub struct Judged(pub(crate) Arc<RecordsFile>);

/// A judged value: key (outlet, code, span, start).
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedRow {
    /// Outlet or station.
    pub outlet: String,
    /// Pollutant.
    pub code: String,
    /// Over how long.
    pub span: Span,
    /// Start of the period.
    pub start: Instant,
    /// When it was computed.
    pub computed: Instant,
    /// Value, validity, reasons, sources.
    pub body: serde_json::Value,
}

/// Which judged values are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedQuery {
    /// Of this outlet or station.
    pub outlet: String,
    /// Of this pollutant; every one when `None`.
    pub code: Option<String>,
    /// Over how long.
    pub span: Span,
    /// Start of the period not before.
    pub from: Instant,
    /// Start of the period before.
    pub to: Instant,
    /// As it stood then; the newest when `None`.
    pub as_of: Option<Instant>,
}

impl Judged {
    /// Keeps values in one transaction. A value is a new revision only when its body differs from the
    /// newest revision; returns how many were.
    pub fn put(&self, rows: &[JudgedRow]) -> Result<usize, StoreError> {
        if rows.is_empty() {
            return Ok(0);
        }
        self.0.write(|transaction| {
            let mut new = 0;
            for row in rows {
                new += usize::from(put(transaction, row)?);
            }
            Ok(new)
        })
    }

    /// The revision that counts of every period, by code and start.
    pub fn get(&self, query: &JudgedQuery) -> Result<Vec<JudgedRow>, StoreError> {
        let code = if query.code.is_some() { "AND j.code = ?6" } else { "" };
        let text = format!(
            "SELECT outlet, code, span, start, computed, body FROM judged AS j
             WHERE outlet = ?1 AND span = ?2 AND start >= ?3 AND start < ?4 {code}
               AND revision = (SELECT max(r.revision) FROM judged AS r WHERE r.outlet = j.outlet AND r.span = j.span
                               AND r.code = j.code AND r.start = j.start AND r.computed <= ?5)
             ORDER BY code, start"
        );
        let mut values = vec![
            Sql::Text(query.outlet.clone()),
            Sql::Text(query.span.code().to_string()),
            Sql::Integer(query.from.0),
            Sql::Integer(query.to.0),
            Sql::Integer(query.as_of.map_or(i64::MAX, |as_of| as_of.0)),
        ];
        values.extend(query.code.clone().map(Sql::Text));
        self.0.read(|connection| {
            let mut statement = connection.prepare_cached(&text)?;
            statement.query_map(params_from_iter(values), judged)?.collect()
        })
    }

    /// Every revision of one period, the oldest first.
    pub fn revisions(
        &self,
        outlet: &str,
        code: &str,
        span: Span,
        start: Instant,
    ) -> Result<Vec<JudgedRow>, StoreError> {
        self.0.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT outlet, code, span, start, computed, body FROM judged
                 WHERE outlet = ? AND span = ? AND code = ? AND start = ? ORDER BY revision",
            )?;
            statement.query_map(params![outlet, span.code(), code, start.0], judged)?.collect()
        })
    }

    /// The newest period of every outlet and pollutant, as judged last.
    pub fn newest(&self, span: Span) -> Result<Vec<JudgedRow>, StoreError> {
        self.0.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT n.outlet, n.code, n.span, n.start, j.computed, j.body
                 FROM judged_newest AS n JOIN judged AS j USING (outlet, span, code, start)
                 WHERE n.span = ?1 AND j.revision =
                     (SELECT max(r.revision) FROM judged AS r WHERE r.outlet = n.outlet AND r.span = n.span
                      AND r.code = n.code AND r.start = n.start)
                 ORDER BY n.outlet, n.code",
            )?;
            statement.query_map([span.code()], judged)?.collect()
        })
    }
}

fn put(transaction: &Transaction<'_>, row: &JudgedRow) -> rusqlite::Result<bool> {
    let span = row.span.code();
    let mut statement = transaction.prepare_cached(
        "SELECT revision, body FROM judged WHERE outlet = ? AND span = ? AND code = ? AND start = ?
         ORDER BY revision DESC LIMIT 1",
    )?;
    let newest = statement
        .query_row(params![row.outlet, span, row.code, row.start.0], |found| {
            Ok((found.get::<_, i64>(0)?, json(found, 1)?))
        })
        .optional()?;
    let revision = match newest {
        Some((_, body)) if body == row.body => return Ok(false),
        Some((revision, _)) => revision + 1,
        None => 1,
    };
    transaction
        .prepare_cached(
            "INSERT INTO judged (outlet, span, code, start, revision, computed, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![row.outlet, span, row.code, row.start.0, revision, row.computed.0, row.body.to_string()])?;
    transaction
        .prepare_cached(
            "INSERT INTO judged_newest (span, outlet, code, start) VALUES (?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET start = excluded.start WHERE excluded.start > start",
        )?
        .execute(params![span, row.outlet, row.code, row.start.0])?;
    Ok(true)
}

fn judged(row: &Row<'_>) -> rusqlite::Result<JudgedRow> {
    Ok(JudgedRow {
        outlet: row.get(0)?,
        code: row.get(1)?,
        span: row.get_ref(2)?.as_str()?.parse().map_err(|_| rusqlite::Error::InvalidQuery)?,
        start: Instant(row.get(3)?),
        computed: Instant(row.get(4)?),
        body: json(row, 5)?,
    })
}
