//! Batches of frames → one durable transaction each, in the file of their day.

use super::day::DayFile;
use super::tail::Entry;
use super::{Journal, day_of};
use super::{files, latest, rows};
use crate::error::StoreError;
use crate::frame::NewFrame;
use crate::schema;
use crate::sqlite;
use domain::{Day, FrameId, Instant, period};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

/// A clock set back by less than this stays in the newest file: frames of two connections may be handed
/// over in another order than they were received.
const CLOCK_SLACK_MS: i64 = period::HOUR_MS;
/// Texts the writer remembers; hostile frames may bring any number of them.
const REMEMBERED_TEXTS: usize = 200_000;

/// The connection that writes to the newest file.
#[derive(Debug)]
pub(super) struct Writer {
    connection: Connection,
    file: Arc<DayFile>,
    texts: HashMap<String, i64>,
}

impl Journal {
    /// Keeps a batch of frames in one transaction: when this returns, all of them are on the disk, counted in
    /// the ledger and seen by readers, with rising numbers; after an error none of them is.
    pub fn append(&self, frames: &[NewFrame]) -> Result<Vec<FrameId>, StoreError> {
        let Some(received) = frames.iter().map(|frame| frame.received).max() else { return Ok(Vec::new()) };
        if !self.writable {
            return Err(StoreError::ReadOnly { path: self.folder.clone() });
        }
        let mut slot = sqlite::lock(&self.writer);
        let result = self.writer_for(&mut slot, received).and_then(|writer| writer.append(frames, self.run));
        result.map_err(|error| {
            if let Some(writer) = slot.as_mut() {
                // Texts of the lost transaction have no number any more.
                writer.texts.clear();
            }
            // A full disk needs no new connection; making one would need space itself.
            if !matches!(error, StoreError::Full { .. }) {
                *slot = None;
            }
            sqlite::explain(&self.folder.join("frames"), error)
        })
    }

    /// The writer of the file that frames received then go to.
    fn writer_for<'a>(&self, slot: &'a mut Option<Writer>, received: Instant) -> Result<&'a mut Writer, StoreError> {
        if slot.as_ref().is_some_and(|writer| !writer.connection.is_autocommit()) {
            *slot = None;
        }
        let newest = self.files.read().unwrap_or_else(PoisonError::into_inner).last().cloned();
        let Some(file) = newest.filter(|file| !file.archived) else {
            return Ok(slot.insert(self.new_day(day_of(received))?));
        };
        let mut writer = match slot.take() {
            Some(writer) => writer,
            None => Writer { connection: sqlite::writing(&file.path)?, file: file.clone(), texts: HashMap::new() },
        };
        if !belongs(file.day, received) {
            file.derive(&mut writer.connection)?;
            drop(writer);
            writer = self.new_day(day_of(received))?;
            self.close_old_days()?;
        }
        Ok(slot.insert(writer))
    }

    /// Makes the file of a day, whole or not at all.
    fn new_day(&self, day: Day) -> Result<Writer, StoreError> {
        let known: Vec<_> = self.files.read().unwrap_or_else(PoisonError::into_inner).clone();
        let first = known.last().map_or(1, |file| file.last() + 1);
        let taken = |name: &str| known.iter().any(|file| file.path.ends_with(name));
        let name = (1..).map(|nth| files::name(day, nth)).find(|name| !taken(name)).expect("numbers do not end");
        let path = self.folder.join(name);
        let newest = match known.last() {
            Some(file) => latest::by_name(file, &self.readers)?,
            None => Vec::new(),
        };
        let mut connection = sqlite::writing(&path)?;
        let mut texts = HashMap::new();
        schema::upgrade(&mut connection, &path, schema::FRAMES, |connection| {
            let sql = StoreError::sql(&path);
            let head = "INSERT INTO head (one, first_id, derived) VALUES (1, ?, ?)";
            connection.execute(head, [first as i64, first as i64 - 1]).map_err(&sql)?;
            latest::carry_over(connection, &mut texts, &newest).map_err(&sql)
        })?;
        sqlite::sync_folder(&self.folder)?;
        let file = Arc::new(DayFile::new(path, day, first));
        self.files.write().unwrap_or_else(PoisonError::into_inner).push(file.clone());
        Ok(Writer { connection, file, texts })
    }
}

/// Whether frames received then still go to the file of `day`.
fn belongs(day: Day, received: Instant) -> bool {
    let then = day_of(received);
    then == day || then < day && day_of(Instant(received.0.saturating_add(CLOCK_SLACK_MS))) == day
}

impl Writer {
    fn append(&mut self, frames: &[NewFrame], run: usize) -> Result<Vec<FrameId>, StoreError> {
        let sql = StoreError::sql(&self.file.path);
        if self.file.waiting() >= run {
            self.file.derive(&mut self.connection)?;
            sqlite::bound_log(&self.connection, &self.file.path)?;
        }
        if self.texts.len() > REMEMBERED_TEXTS {
            self.texts.clear();
        }
        let first = self.file.last() + 1;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&sql)?;
        let entries = insert(&transaction, &mut self.texts, first, frames).map_err(&sql)?;
        transaction.commit().map_err(&sql)?;
        self.file.grow(entries);
        Ok((first..first + frames.len() as u64).map(FrameId).collect())
    }
}

fn insert(
    transaction: &Transaction<'_>,
    texts: &mut HashMap<String, i64>,
    first: u64,
    frames: &[NewFrame],
) -> rusqlite::Result<Vec<Entry>> {
    let mut entries = Vec::with_capacity(frames.len());
    let mut statement = transaction.prepare_cached(
        "INSERT INTO frames (id, received, connection, host, port, source, mn, st, cn, qn, cadence, data_time,
                             pnum, pno, verdict, deviations, raw)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for (id, frame) in (first as i64..).zip(frames) {
        let (host, port) = rows::split_peer(&frame.peer);
        let mn = rows::text_number(transaction, texts, &frame.mn)?;
        let st = rows::text_number(transaction, texts, &frame.st)?;
        let deviations = match frame.deviations.as_slice() {
            [] => None,
            codes => Some(rows::text_number(transaction, texts, &codes.join(" "))?),
        };
        let cn = rows::text_number(transaction, texts, &frame.cn)?;
        let entry = Entry::new(frame, [mn, st, cn], deviations.unwrap_or(0));
        statement.execute(params![
            id,
            frame.received.0,
            frame.connection as i64,
            rows::text_number(transaction, texts, host)?,
            port,
            rows::source_number(frame.source),
            mn,
            st,
            cn,
            rows::qn_value(&frame.qn),
            frame.cadence.map(rows::cadence_number),
            frame.data_time.map(|time| time.0),
            frame.pnum,
            frame.pno,
            entry.verdict,
            deviations,
            frame.raw,
        ])?;
        entries.push(entry);
    }
    Ok(entries)
}

/// Means for tests of what cannot be had otherwise.
#[cfg(test)]
impl Journal {
    /// Lets runs be shorter, so that a test has many.
    pub(crate) fn set_run(&mut self, frames: usize) {
        self.run = frames;
    }

    /// Does something to the connection that writes, such as taking its space away.
    pub(crate) fn spoil(&self, pragma: &str) {
        let slot = sqlite::lock(&self.writer);
        let writer = slot.as_ref().expect("something was appended");
        writer
            .connection
            .query_row(pragma, [], |_| Ok(()))
            .or_else(|_| writer.connection.execute_batch(pragma))
            .expect("a pragma");
    }
}
