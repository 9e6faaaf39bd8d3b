//! Frames → what helps to find and count them, kept in memory until a run of them is written at once.
//!
//! Written with every batch, the same would touch a page of every device that sent something: several
//! kilobytes for a frame of 300 bytes. It can be lost at any time, since frames say it again.

use super::day_of;
use super::rows::{cadence_number, verdict_number};
use crate::error::StoreError;
use crate::frame::{NewFrame, Verdict};
use crate::sqlite::Reader;
use domain::Instant;
use rusqlite::{Row, Transaction, params};
use std::collections::BTreeMap;

/// Frames whose times of receipt are known together.
const BLOCK: usize = 1024;
/// Columns of a frame that [`Entry`] takes.
const ENTRY: &str = "mn, st, cn, cadence, data_time, pno, verdict, coalesce(deviations, 0), received";

/// What is known of a frame besides its number; texts by their numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) mn: i64,
    pub(super) st: i64,
    pub(super) cn: i64,
    /// Cadence and time of the data.
    pub(super) place: Option<(u8, i64)>,
    pub(super) pno: u32,
    pub(super) verdict: u8,
    /// 0 for none.
    pub(super) deviations: i64,
    pub(super) received: i64,
}

/// Frames of one device, verdict, departures and day of receipt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    pub(super) frames: i64,
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) example: i64,
}

/// The newest frame of one part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Newest {
    pub(super) moment: i64,
    pub(super) data_time: i64,
    pub(super) frame: i64,
    /// Earliest and latest time of data there ever was of it.
    pub(super) first: i64,
    pub(super) last: i64,
}

/// (mn, verdict, deviations, day of receipt)
pub(super) type LedgerKey = (i64, u8, i64, i32);
/// (cadence, mn, st, pno)
pub(super) type PartKey = (u8, i64, i64, u32);

/// The frames after the last run.
#[derive(Debug, Default)]
pub(super) struct Tail {
    /// Number of the first of them.
    pub(super) first: u64,
    pub(super) entries: Vec<Entry>,
    pub(super) ledger: BTreeMap<LedgerKey, Sum>,
    pub(super) latest: BTreeMap<PartKey, Newest>,
    pub(super) data_days: BTreeMap<(u8, i32), i64>,
}

impl Entry {
    pub(super) fn new(frame: &NewFrame, [mn, st, cn]: [i64; 3], deviations: i64) -> Entry {
        Entry {
            mn,
            st,
            cn,
            place: frame.cadence.map(cadence_number).zip(frame.data_time.map(|time| time.0)),
            pno: frame.pno,
            verdict: verdict_number(frame.verdict),
            deviations,
            received: frame.received.0,
        }
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
        Ok(Entry {
            mn: row.get(0)?,
            st: row.get(1)?,
            cn: row.get(2)?,
            place: row.get::<_, Option<u8>>(3)?.zip(row.get(4)?),
            pno: row.get(5)?,
            verdict: row.get(6)?,
            deviations: row.get(7)?,
            received: row.get(8)?,
        })
    }

    fn says_values(&self) -> bool {
        self.verdict != verdict_number(Verdict::Broken)
    }
}

impl Newest {
    /// Takes over what is known of frames received later.
    pub(super) fn follow(&mut self, later: Newest) {
        let (first, last) = (self.first.min(later.first), self.last.max(later.last));
        if later.moment >= self.moment {
            *self = later;
        }
        (self.first, self.last) = (first, last);
    }
}

impl Tail {
    pub(super) fn starting_at(first: u64) -> Tail {
        Tail { first, ..Tail::default() }
    }

    /// Number of its last frame.
    pub(super) fn last(&self) -> u64 {
        self.first + self.entries.len() as u64 - 1
    }

    /// Takes a frame, the next in order.
    pub(super) fn push(&mut self, entry: Entry) {
        let id = (self.first + self.entries.len() as u64) as i64;
        let received = entry.received;
        let day = day_of(Instant(received)).0;
        let sum = self.ledger.entry((entry.mn, entry.verdict, entry.deviations, day)).or_insert(Sum {
            frames: 0,
            first: received,
            last: received,
            example: id,
        });
        sum.frames += 1;
        sum.first = sum.first.min(received);
        sum.last = sum.last.max(received);
        if let Some((cadence, data_time)) = entry.place {
            *self.data_days.entry((cadence, day_of(Instant(data_time)).0)).or_insert(0) += 1;
            if entry.says_values() {
                let moment = data_time.min(received);
                let newest = Newest { moment, data_time, frame: id, first: data_time, last: data_time };
                let key = (cadence, entry.mn, entry.st, entry.pno);
                self.latest.entry(key).or_insert(newest).follow(newest);
            }
        }
        self.entries.push(entry);
    }

    /// Takes the frames that the file has after those it has already.
    pub(super) fn read_on(&mut self, reader: &Reader) -> Result<(), StoreError> {
        let sql = StoreError::sql(&reader.path);
        let text = format!("SELECT {ENTRY} FROM frames WHERE id > ? ORDER BY id");
        let mut statement = reader.connection.prepare_cached(&text).map_err(&sql)?;
        for entry in statement.query_map([self.last() as i64], Entry::read).map_err(&sql)? {
            self.push(entry.map_err(&sql)?);
        }
        Ok(())
    }

    /// Numbers and entries of the frames, the newest first.
    pub(super) fn backwards(&self) -> impl Iterator<Item = (i64, &Entry)> {
        let after = self.last() as i64 + 1;
        (1..).zip(self.entries.iter().rev()).map(move |(back, entry)| (after - back, entry))
    }

    /// Earliest and latest time of receipt.
    pub(super) fn received(&self) -> Option<(i64, i64)> {
        span(&self.entries)
    }

    /// Writes all of it into the tables of the file.
    pub(super) fn write(&self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let Some((earliest, latest)) = self.received() else { return Ok(()) };
        let (run, last) = (self.first as i64, self.last() as i64);
        transaction.execute(
            "INSERT INTO runs (run, last, earliest, latest) VALUES (?, ?, ?, ?)",
            params![run, last, earliest, latest],
        )?;
        self.write_index(transaction, run)?;
        self.write_sums(transaction)?;
        transaction.execute("UPDATE head SET derived = ?", [last])?;
        Ok(())
    }

    /// Rows in the order of their keys, so that they go to the ends of their tables.
    fn write_index(&self, transaction: &Transaction<'_>, run: i64) -> rusqlite::Result<()> {
        let mut places: Vec<(i64, i8, i64, i64)> = Vec::with_capacity(self.entries.len());
        let mut marks: Vec<(u8, i64, i64)> = Vec::new();
        for (id, entry) in (run..).zip(&self.entries) {
            let (cadence, data_time) = entry.place.map_or((-1, 0), |(cadence, time)| (cadence as i8, time));
            places.push((entry.mn, cadence, data_time, id));
            if entry.verdict != verdict_number(Verdict::Conforms) || entry.deviations != 0 {
                marks.push((entry.verdict, entry.deviations, id));
            }
        }
        places.sort_unstable();
        marks.sort_unstable();
        let mut insert = transaction
            .prepare_cached("INSERT INTO places (run, mn, cadence, data_time, frame) VALUES (?, ?, ?, ?, ?)")?;
        for (mn, cadence, data_time, id) in places {
            insert.execute(params![run, mn, cadence, data_time, id])?;
        }
        let mut insert =
            transaction.prepare_cached("INSERT INTO marks (run, verdict, deviations, frame) VALUES (?, ?, ?, ?)")?;
        for (verdict, deviations, id) in marks {
            insert.execute(params![run, verdict, deviations, id])?;
        }
        let mut insert =
            transaction.prepare_cached("INSERT INTO blocks (first, last, earliest, latest) VALUES (?, ?, ?, ?)")?;
        for (first, block) in (run..).step_by(BLOCK).zip(self.entries.chunks(BLOCK)) {
            let (earliest, latest) = span(block).expect("a chunk has entries");
            insert.execute(params![first, first + block.len() as i64 - 1, earliest, latest])?;
        }
        Ok(())
    }

    fn write_sums(&self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut ledger = transaction.prepare_cached(
            "INSERT INTO ledger (mn, verdict, deviations, day, frames, first, last, example)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET frames = frames + excluded.frames,
                 first = min(first, excluded.first), last = max(last, excluded.last)",
        )?;
        for ((mn, verdict, deviations, day), sum) in &self.ledger {
            ledger.execute(params![mn, verdict, deviations, day, sum.frames, sum.first, sum.last, sum.example])?;
        }
        let mut latest = transaction.prepare_cached(
            "INSERT INTO latest (cadence, mn, st, pno, moment, data_time, frame, first, last)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET
                 first = min(first, excluded.first), last = max(last, excluded.last),
                 data_time = iif(excluded.moment >= moment, excluded.data_time, data_time),
                 frame = iif(excluded.moment >= moment, excluded.frame, frame),
                 moment = max(moment, excluded.moment)",
        )?;
        for ((cadence, mn, st, pno), newest) in &self.latest {
            let Newest { moment, data_time, frame, first, last } = newest;
            latest.execute(params![cadence, mn, st, pno, moment, data_time, frame, first, last])?;
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

fn span(entries: &[Entry]) -> Option<(i64, i64)> {
    let received = || entries.iter().map(|entry| entry.received);
    received().min().zip(received().max())
}
