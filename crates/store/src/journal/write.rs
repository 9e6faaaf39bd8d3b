//! Batches of frames → one durable transaction each, in the file of their day.

use super::Journal;
use super::files::{self, DayFile};
use super::rows::{self, cadence_number, source_number, verdict_number};
use crate::error::StoreError;
use crate::frame::{NewFrame, Verdict};
use crate::schema;
use crate::sqlite;
use domain::{Day, FrameId, Instant, period};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::collections::BTreeMap;
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

/// What a batch adds to the small tables, summed up before they are touched.
#[derive(Default)]
struct Sums {
    /// By (mn, code, day).
    ledger: BTreeMap<(i64, i64, i32), Sum>,
    /// By (mn, verdict, day).
    tally: BTreeMap<(i64, u8, i32), Sum>,
    /// By (cadence, mn, st, pno).
    latest: BTreeMap<(u8, i64, i64, u32), Newest>,
    /// By (cadence, day): frames.
    data_days: BTreeMap<(u8, i32), i64>,
}

/// Frames of one kind in a batch.
struct Sum {
    frames: i64,
    first: i64,
    last: i64,
    /// The first of them.
    example: i64,
}

/// The newest frame of one part in a batch.
struct Newest {
    moment: i64,
    data_time: i64,
    frame: i64,
}

/// What the small tables know a frame by.
struct Numbers {
    id: i64,
    mn: i64,
    st: i64,
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
        let result = self.writer_for(&mut slot, received).and_then(|writer| writer.append(frames));
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
        let usable =
            slot.as_ref().is_some_and(|writer| writer.connection.is_autocommit() && belongs(writer.file.day, received));
        if !usable {
            *slot = None;
            *slot = Some(self.writer_anew(received)?);
        }
        Ok(slot.as_mut().expect("it was just put there"))
    }

    fn writer_anew(&self, received: Instant) -> Result<Writer, StoreError> {
        let newest = self.files.read().unwrap_or_else(PoisonError::into_inner).last().cloned();
        if let Some(file) = newest.as_ref().filter(|file| !file.archived && belongs(file.day, received)) {
            let connection = sqlite::writing(&file.path)?;
            return Ok(Writer { connection, file: file.clone(), texts: HashMap::new() });
        }
        let writer = self.new_day(received.civil().0, newest.as_deref())?;
        self.files.write().unwrap_or_else(PoisonError::into_inner).push(writer.file.clone());
        self.close_old_days();
        Ok(writer)
    }

    /// Makes the file of a day, whole or not at all.
    fn new_day(&self, day: Day, before: Option<&DayFile>) -> Result<Writer, StoreError> {
        let first = before.map_or(1, |file| file.last() + 1);
        let known: Vec<_> = self.files.read().unwrap_or_else(PoisonError::into_inner).clone();
        let taken = |name: &str| known.iter().any(|file| file.path.ends_with(name));
        let name = (1..).map(|nth| files::name(day, nth)).find(|name| !taken(name)).expect("numbers do not end");
        let path = self.folder.join(name);
        let latest = match before {
            Some(file) => self.readers.with(&file.path, rows::latest_by_name)?,
            None => Vec::new(),
        };
        let mut connection = sqlite::writing(&path)?;
        let mut texts = HashMap::new();
        schema::upgrade(&mut connection, &path, schema::FRAMES, |connection| {
            let sql = StoreError::sql(&path);
            connection.execute("INSERT INTO head (one, first_id) VALUES (1, ?)", [first as i64]).map_err(&sql)?;
            rows::carry_over(connection, &mut texts, &latest).map_err(&sql)
        })?;
        sqlite::sync_folder(&self.folder)?;
        Ok(Writer { connection, file: Arc::new(DayFile::new(path, day, first)), texts })
    }
}

/// Whether frames received then still go to the file of `day`.
fn belongs(day: Day, received: Instant) -> bool {
    received.civil().0 == day || Instant(received.0 + CLOCK_SLACK_MS).civil().0 == day && received.civil().0 < day
}

impl Writer {
    fn append(&mut self, frames: &[NewFrame]) -> Result<Vec<FrameId>, StoreError> {
        let path = self.file.path.clone();
        let sql = StoreError::sql(&path);
        let first = self.file.last() + 1;
        if self.texts.len() > REMEMBERED_TEXTS {
            self.texts.clear();
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&sql)?;
        let sums = insert(&transaction, &mut self.texts, first, frames).map_err(&sql)?;
        sums.write(&transaction).map_err(&sql)?;
        transaction.commit().map_err(&sql)?;
        let last = first + frames.len() as u64 - 1;
        let times = frames.iter().map(|frame| frame.received.0);
        let received = times.clone().min().zip(times.max()).expect("a batch has frames");
        self.file.grow(last, received, sums.data_days.keys().copied());
        Ok((first..=last).map(FrameId).collect())
    }
}

fn insert(
    transaction: &Transaction<'_>,
    texts: &mut HashMap<String, i64>,
    first: u64,
    frames: &[NewFrame],
) -> rusqlite::Result<Sums> {
    let mut sums = Sums::default();
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
        statement.execute(params![
            id,
            frame.received.0,
            frame.connection as i64,
            rows::text_number(transaction, texts, host)?,
            port,
            source_number(frame.source),
            mn,
            st,
            rows::text_number(transaction, texts, &frame.cn)?,
            rows::qn_value(&frame.qn),
            frame.cadence.map(cadence_number),
            frame.data_time.map(|time| time.0),
            frame.pnum,
            frame.pno,
            verdict_number(frame.verdict),
            deviations,
            frame.raw,
        ])?;
        sums.add(frame, &Numbers { id, mn, st });
        for code in unique(&frame.deviations) {
            let code = rows::text_number(transaction, texts, code)?;
            sums.add_deviation(frame, id, (mn, code));
        }
    }
    Ok(sums)
}

/// The codes of a frame, each once.
fn unique(codes: &[String]) -> impl Iterator<Item = &String> {
    codes.iter().enumerate().filter(|(at, code)| !codes[..*at].contains(code)).map(|(_, code)| code)
}

impl Sum {
    fn new(frame: i64, received: i64) -> Sum {
        Sum { frames: 0, first: received, last: received, example: frame }
    }

    fn add(&mut self, received: i64) {
        self.frames += 1;
        self.first = self.first.min(received);
        self.last = self.last.max(received);
    }
}

impl Sums {
    fn add(&mut self, frame: &NewFrame, numbers: &Numbers) {
        let Numbers { id, mn, st } = *numbers;
        let received = frame.received.0;
        let day = frame.received.civil().0.0;
        let key = (mn, verdict_number(frame.verdict), day);
        self.tally.entry(key).or_insert_with(|| Sum::new(id, received)).add(received);
        let (Some(cadence), Some(data_time)) = (frame.cadence, frame.data_time) else { return };
        let cadence = cadence_number(cadence);
        *self.data_days.entry((cadence, data_time.civil().0.0)).or_insert(0) += 1;
        if frame.verdict == Verdict::Broken {
            return;
        }
        let moment = data_time.0.min(received);
        let newest = Newest { moment, data_time: data_time.0, frame: id };
        let known = self.latest.entry((cadence, mn, st, frame.pno)).or_insert(Newest { moment: i64::MIN, ..newest });
        if newest.moment >= known.moment {
            *known = newest;
        }
    }

    fn add_deviation(&mut self, frame: &NewFrame, id: i64, (mn, code): (i64, i64)) {
        let received = frame.received.0;
        let day = frame.received.civil().0.0;
        self.ledger.entry((mn, code, day)).or_insert_with(|| Sum::new(id, received)).add(received);
    }

    fn write(&self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut ledger = transaction.prepare_cached(
            "INSERT INTO ledger (mn, code, day, frames, first, last, example) VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET frames = frames + excluded.frames,
                 first = min(first, excluded.first), last = max(last, excluded.last)",
        )?;
        for ((mn, code, day), sum) in &self.ledger {
            ledger.execute(params![mn, code, day, sum.frames, sum.first, sum.last, sum.example])?;
        }
        let mut tally = transaction.prepare_cached(
            "INSERT INTO tally (mn, verdict, day, frames, first, last) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET frames = frames + excluded.frames,
                 first = min(first, excluded.first), last = max(last, excluded.last)",
        )?;
        for ((mn, verdict, day), sum) in &self.tally {
            tally.execute(params![mn, verdict, day, sum.frames, sum.first, sum.last])?;
        }
        let mut latest = transaction.prepare_cached(
            "INSERT INTO latest (cadence, mn, st, pno, moment, data_time, frame) VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET moment = excluded.moment, data_time = excluded.data_time, frame = excluded.frame
             WHERE excluded.moment >= moment",
        )?;
        for ((cadence, mn, st, pno), newest) in &self.latest {
            latest.execute(params![cadence, mn, st, pno, newest.moment, newest.data_time, newest.frame])?;
        }
        let mut days = transaction.prepare_cached(
            "INSERT INTO data_days (cadence, day, frames) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET frames = frames + excluded.frames",
        )?;
        for ((cadence, day), frames) in &self.data_days {
            days.execute(params![cadence, day, frames])?;
        }
        Ok(())
    }
}
