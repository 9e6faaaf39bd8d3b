//! A table file and a mapping → [`Chunks`] of readings, records, problems and rejects, in bounded memory.
//!
//! [`open`] looks at the file's first bytes, finds the header and binds the mapping to it; what makes the
//! whole file unreadable is its `Err`. Then each chunk holds up to some ten thousand rows. A workbook's
//! sheet is the one thing that is held in memory whole.

mod bind;
mod bytes;
mod cell;
mod clock;
mod columnar;
mod decode;
mod features;
mod ledger;
mod opening;
mod readings;
mod records;
mod sheet;
mod text;
mod value;

#[cfg(test)]
mod tests;

use crate::problems::{FileFault, RowFault};
use crate::{Context, Mapping, Mappings, Source};
use cell::{Cells, Rows, Step};
use domain::{Problem, ReadingBatch, Record};
use ledger::Ledger;
use readings::ReadingMaker;
use records::RecordMaker;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

pub use opening::open;

/// Most rows in a chunk.
const CHUNK_ROWS: u64 = 65_536;
/// A chunk ends early at this many readings …
const CHUNK_READINGS: usize = 400_000;
/// … or at this many problems or refused rows, so that a file full of mistakes stays bounded too.
const CHUNK_FAULTS: usize = 8192;

/// A part of a file.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// Readings of a mapping into observations. Its dictionaries hold all codes of the file so far.
    pub readings: ReadingBatch,
    /// Records of a mapping into a small table.
    pub records: Vec<Record>,
    /// Problems, in the order of their rows.
    pub problems: Vec<Problem>,
    /// Rows of which anything was refused.
    pub rejects: Vec<Reject>,
    /// Rows of data read, blank ones not counted.
    pub rows: u64,
    /// Problems counted but not listed singly; the last chunk says which.
    pub folded: u64,
    /// Bytes of the file read so far, packed ones if it is packed.
    pub bytes_read: u64,
}

/// A row of which anything was refused, whole, so that it can be corrected and imported again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Row in the source, from 1.
    pub row: u64,
    /// Its cells as they stand in the file, in the order of [`Chunks::header`].
    pub cells: Vec<String>,
    /// What is wrong, column by column, in Chinese and English.
    pub reasons: String,
}

/// The parts of a file, one after the other.
pub struct Chunks {
    rows: Reader,
    maker: Maker,
    ledger: Ledger,
    width: usize,
    bytes: Arc<AtomicU64>,
    blank: u64,
    read: u64,
    done: bool,
}

enum Reader {
    Text(Box<text::TextRows>),
    Sheet(Box<sheet::SheetRows>),
    Columns(Box<columnar::ParquetRows>),
    Features(Box<features::FeatureRows>),
}

enum Maker {
    Readings(Box<ReadingMaker>),
    Records(Box<RecordMaker>),
}

/// Why a chunk ended.
#[derive(Debug)]
enum Stop {
    Full,
    End,
}

impl Chunks {
    /// The header as in the file, for the rejects file.
    pub fn header(&self) -> Vec<String> {
        self.ledger.header().to_vec()
    }
}

impl std::fmt::Debug for Chunks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chunks")
            .field("header", &self.ledger.header())
            .field("rows", &self.read)
            .finish_non_exhaustive()
    }
}

impl Iterator for Chunks {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        if self.done {
            return None;
        }
        let before = self.read;
        let Chunks { rows, maker, ledger, width, blank, read, .. } = self;
        let mut state = Pass { ledger, width: *width, blank, read };
        let stop = match rows {
            Reader::Text(rows) => state.pass(rows.as_mut(), maker),
            Reader::Sheet(rows) => state.pass(rows.as_mut(), maker),
            Reader::Columns(rows) => state.pass(rows.as_mut(), maker),
            Reader::Features(rows) => state.pass(rows.as_mut(), maker),
        };
        if matches!(stop, Stop::End) {
            self.finish();
        }
        let mut chunk = Chunk {
            problems: std::mem::take(&mut self.ledger.problems),
            rejects: std::mem::take(&mut self.ledger.rejects),
            rows: self.read - before,
            folded: std::mem::take(&mut self.ledger.folded),
            bytes_read: self.bytes.load(Ordering::Relaxed),
            ..Chunk::default()
        };
        match &mut self.maker {
            Maker::Readings(maker) => chunk.readings = maker.take(),
            Maker::Records(maker) => chunk.records = maker.take(),
        }
        Some(chunk)
    }
}

impl Chunks {
    fn finish(&mut self) {
        self.done = true;
        if let Reader::Text(rows) = &self.rows
            && let Some(encoding) = rows.encoding_found()
        {
            self.ledger.file(FileFault::ReadAs(encoding), "");
        }
        if self.blank > 0 {
            self.ledger.file(FileFault::BlankRows(self.blank), "");
        }
        if self.read == 0 {
            self.ledger.file(FileFault::NoRows, "");
        }
        self.ledger.finish();
    }
}

/// One pass over the rows of a chunk.
struct Pass<'a> {
    ledger: &'a mut Ledger,
    width: usize,
    blank: &'a mut u64,
    read: &'a mut u64,
}

impl Pass<'_> {
    /// Reads rows until the chunk is full.
    fn pass<R: Rows>(&mut self, rows: &mut R, maker: &mut Maker) -> Stop {
        let limit = *self.read + CHUNK_ROWS;
        loop {
            match rows.step() {
                Step::Row(row) => {
                    if is_blank(rows) {
                        *self.blank += 1;
                    } else {
                        *self.read += 1;
                        self.row(row, rows, maker);
                    }
                }
                Step::Odd(row, fault) => {
                    *self.read += 1;
                    self.ledger.row(row, rows, &fault);
                }
                Step::Broken(problem) => {
                    self.ledger.problems.push(*problem);
                    return Stop::End;
                }
                Step::End => return Stop::End,
            }
            let made = match maker {
                Maker::Readings(maker) => maker.len(),
                Maker::Records(maker) => maker.len(),
            };
            let faults = self.ledger.problems.len().max(self.ledger.rejects.len());
            if *self.read >= limit || made >= CHUNK_READINGS || faults >= CHUNK_FAULTS {
                return Stop::Full;
            }
        }
    }

    #[inline]
    fn row<C: Cells>(&mut self, row: u64, cells: &C, maker: &mut Maker) {
        let found = cells.count();
        if found != self.width {
            let extra = (self.width..found).any(|column| !cells.cell(column).is_blank());
            if found < self.width || extra {
                let fault = RowFault::CellCount { found, expected: self.width };
                return self.ledger.row(row, cells, &fault);
            }
        }
        match maker {
            Maker::Readings(maker) => maker.row(row, cells, self.ledger),
            Maker::Records(maker) => maker.row(row, cells, self.ledger),
        }
        self.ledger.end_row(row, cells);
    }
}

#[inline]
fn is_blank(cells: &impl Cells) -> bool {
    (0..cells.count()).all(|column| cells.cell(column).is_blank())
}

/// The built-in mappings, for fuzzing.
fn fuzzed() -> &'static (Mappings, Context) {
    static MAPPINGS: OnceLock<(Mappings, Context)> = OnceLock::new();
    MAPPINGS.get_or_init(|| (Mappings::builtin(), Context::builtin()))
}

/// Reads any bytes as a table by every built-in mapping, for fuzzing: nothing may panic, and every row
/// that has an error is among the rejects.
pub fn fuzz_csv(bytes: &[u8]) {
    for mapping in fuzzed().0.iter() {
        fuzz_by(&mapping.at_station("fuzz"), bytes);
    }
}

/// Reads any bytes by the built-in mappings that understand GeoJSON, for fuzzing: as [`fuzz_csv`], and every
/// feature is a row. Gives the codes of the problems.
pub fn fuzz_geojson(bytes: &[u8]) -> std::collections::BTreeSet<&'static str> {
    let geo = |mapping: &&Mapping| mapping.formats.iter().any(|format| format == "geojson");
    fuzzed().0.iter().filter(geo).flat_map(|mapping| fuzz_by(mapping, bytes)).collect()
}

fn fuzz_by(mapping: &Mapping, bytes: &[u8]) -> Vec<&'static str> {
    let chunks = match open(Source::bytes("fuzz", bytes.to_vec()), mapping, &fuzzed().1) {
        Ok(chunks) => chunks,
        Err(problem) => return vec![problem.code],
    };
    let mut codes = Vec::new();
    for chunk in chunks {
        let errors = chunk.problems.iter().filter(|problem| problem.severity == domain::Severity::Error);
        let rows: std::collections::BTreeSet<u64> = errors.filter_map(|problem| problem.place.row).collect();
        let broken = chunk.problems.iter().filter(|problem| matches!(problem.code, "unreadable" | "truncated-gzip"));
        let kept: std::collections::BTreeSet<u64> = chunk.rejects.iter().map(|reject| reject.row).collect();
        assert!(rows.difference(&kept).count() <= broken.count(), "a refused row is not among the rejects");
        codes.extend(chunk.problems.iter().map(|problem| problem.code));
    }
    codes
}
