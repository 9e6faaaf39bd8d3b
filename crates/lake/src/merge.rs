//! A sorted buffer meets what the lake knows: new, unchanged, or a new revision.
//!
//! Called by the worker of an import. A fresh import looks nothing up: files are ruled out by their times,
//! parameters and stations first, and only rows of the very series and times are read from the rest.
//!
//! Rules, in order, for a reading whose key (station, parameter, span, time) is known already:
//! 1. The same value and flag: unchanged, not kept again.
//! 2. The known value came from this very file, and the reading is a declared gap: the gap says less than the
//!    value, so it is not kept; the repetition is reported.
//! 3. Anything else is a new revision, also a gap that meets the value of an earlier file: the newest file says
//!    what its source holds now, and the earlier value stays readable by its time. How many values were
//!    withdrawn so is reported, because a download with holes looks the same as a withdrawal.

use crate::buffer::{Raw, Slice, Sorted};
use crate::commit::FileEntry;
use crate::cursor::{Columns, Cursor, Taker};
use crate::error::LakeError;
use crate::run::{Names, Row, RunWriter, Written};
use crate::schema::{self, Footer, NONE};
use domain::Span;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// How many repeated keys are reported one by one.
pub(crate) const DETAILS: usize = 1000;

/// A file that may hold keys of the import.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// Where it is.
    pub path: PathBuf,
    /// Whether this very import wrote it.
    pub own: bool,
}

/// What an import came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// First of their key.
    pub new: u64,
    /// Known already.
    pub unchanged: u64,
    /// New revisions.
    pub revised: u64,
    /// Keys of which the file has more than one, differing.
    pub repeated: u64,
    /// The first of them.
    pub repetitions: Vec<Repetition>,
    /// Values of earlier imports that became a gap.
    pub withdrawn: u64,
    /// Row of the first of them.
    pub first_withdrawn: u64,
}

/// A key that the file has twice with different values.
#[derive(Clone, Debug)]
pub(crate) struct Repetition {
    /// Station code.
    pub station: String,
    /// Parameter code.
    pub parameter: String,
    /// Span.
    pub span: Span,
    /// End of the span, ms.
    pub time: i64,
    /// Millionths or [`NONE`].
    pub first: i64,
    /// Millionths or [`NONE`].
    pub second: i64,
    /// Row of the second.
    pub row: u64,
}

/// The latest revision of a key.
#[derive(Clone, Copy, Debug)]
struct Latest {
    time: i64,
    value: i64,
    flag: u8,
    revision: i32,
    own: bool,
}

/// Constants of an import's rows.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    /// Import identifier.
    pub import: String,
    /// How the values were obtained.
    pub method: String,
    /// Commit number.
    pub commit: u32,
}

/// Known rows of one file that may meet the partition, read in file order.
struct Source {
    taker: Taker,
    /// Rows to take for each slice.
    wanted: Vec<u64>,
    own: bool,
}

/// Writes one partition of a buffer to `path`.
pub(crate) fn merge_partition(
    path: &Path,
    partition: (Span, i32),
    sorted: &Sorted,
    known: &mut dyn FnMut() -> Result<Vec<(Known, Footer)>, LakeError>,
    (stamp, counts): (&Stamp, &mut Counts),
) -> Result<Option<Written>, LakeError> {
    let slices = &sorted.partitions[&partition];
    let mut sources = Vec::new();
    for (file, footer) in known()? {
        sources.extend(source(&file, &footer, sorted, slices)?);
    }
    let names =
        Names { methods: vec![stamp.method.clone()], imports: vec![stamp.import.clone()], ..sorted.names.clone() };
    let mut run = RunWriter::create(path, partition, names, false)?;
    let mut latest: Vec<Latest> = Vec::new();
    for (position, slice) in slices.iter().enumerate() {
        latest.clear();
        for source in &mut sources {
            source.read(position, &mut latest)?;
        }
        // Sources come in the order in which later rows prevail, so of equal times the last counts.
        latest.sort_by_key(|known| (known.time, known.revision));
        run.begin_series(slice.parameter, slice.station);
        let mut series = SeriesMerge { latest: &latest, at: 0, stamp, counts: &mut *counts, last: None };
        for raw in &sorted.rows[slice.rows.clone()] {
            if let Some((row, before)) =
                series.meet(raw, |first| repetition(&sorted.names, slice, partition.0, first, raw))
            {
                run.push(&row, before)?;
            }
        }
    }
    run.finish()
}

struct SeriesMerge<'a> {
    latest: &'a [Latest],
    at: usize,
    stamp: &'a Stamp,
    counts: &'a mut Counts,
    /// What the key of the reading before holds now.
    last: Option<Latest>,
}

impl SeriesMerge<'_> {
    /// Decides about one reading; the row to keep, and whether its key had a value that counts before.
    fn meet(&mut self, raw: &Raw, repetition: impl FnOnce(i64) -> Repetition) -> Option<(Row, bool)> {
        let known = self.known(raw.time);
        let (revision, before) = match known {
            None => {
                self.counts.new += 1;
                (0, false)
            }
            Some(known) if known.value == raw.value && known.flag == raw.flag => {
                self.counts.unchanged += 1;
                return None;
            }
            Some(known) => {
                if known.own {
                    self.counts.repeated += 1;
                    if self.counts.repetitions.len() < DETAILS {
                        self.counts.repetitions.push(repetition(known.value));
                    }
                    if raw.value == NONE && known.value != NONE {
                        self.counts.unchanged += 1;
                        return None;
                    }
                } else if raw.value == NONE && known.value != NONE {
                    if self.counts.withdrawn == 0 {
                        self.counts.first_withdrawn = raw.row;
                    }
                    self.counts.withdrawn += 1;
                }
                self.counts.revised += 1;
                (known.revision + 1, schema::counts(known.value, known.flag))
            }
        };
        self.last = Some(Latest { time: raw.time, value: raw.value, flag: raw.flag, revision, own: true });
        let row = Row {
            time: raw.time,
            value: raw.value,
            flag: raw.flag,
            method: 0,
            import: 0,
            row: i64::try_from(raw.row).unwrap_or(i64::MAX),
            revision,
            commit: self.stamp.commit as i32,
            recorded: 0,
        };
        Some((row, before))
    }

    fn known(&mut self, time: i64) -> Option<Latest> {
        if let Some(last) = self.last.filter(|last| last.time == time) {
            return Some(last);
        }
        while self.at < self.latest.len() && self.latest[self.at].time < time {
            self.at += 1;
        }
        let same = self.latest[self.at..].iter().take_while(|known| known.time == time);
        same.last().copied()
    }
}

impl Source {
    fn read(&mut self, position: usize, latest: &mut Vec<Latest>) -> Result<(), LakeError> {
        let own = self.own;
        self.taker.take(self.wanted[position], |block, rows| {
            for row in rows {
                latest.push(Latest {
                    time: block.time[row],
                    value: block.value[row],
                    flag: block.flag[row],
                    revision: block.revision[row],
                    own,
                });
            }
        })
    }
}

/// Opens a file for the series and times that the slices touch; `None` if they touch none.
fn source(file: &Known, footer: &Footer, sorted: &Sorted, slices: &[Slice]) -> Result<Option<Source>, LakeError> {
    let mut wanted = vec![0; slices.len()];
    let mut ranges: Vec<Range<u64>> = Vec::new();
    for (position, slice) in slices.iter().enumerate() {
        let parameter = &sorted.names.parameters[slice.parameter as usize];
        let station = &sorted.names.stations[slice.station as usize];
        let rows = &sorted.rows[slice.rows.clone()];
        let (Some(run), Some(first), Some(last)) = (footer.index.find(parameter, station), rows.first(), rows.last())
        else {
            continue;
        };
        let known = run.rows_within(first.time, last.time);
        if known.is_empty() {
            continue;
        }
        wanted[position] = known.end - known.start;
        match ranges.last_mut().filter(|range| range.end == known.start) {
            Some(range) => range.end = known.end,
            None => ranges.push(known),
        }
    }
    if ranges.is_empty() {
        return Ok(None);
    }
    let columns = Columns { time: true, value: true, flag: true, revision: true, ..Columns::default() };
    let cursor = Cursor::open(&file.path, footer, columns, &ranges)?;
    Ok(Some(Source { taker: Taker::new(cursor), wanted, own: file.own }))
}

fn repetition(names: &Names, slice: &Slice, span: Span, first: i64, raw: &Raw) -> Repetition {
    Repetition {
        station: names.stations[slice.station as usize].clone(),
        parameter: names.parameters[slice.parameter as usize].clone(),
        span,
        time: raw.time,
        first,
        second: raw.value,
        row: raw.row,
    }
}

/// Whether a file can hold keys of the slices, judged by its entry alone.
pub(crate) fn may_touch(entry: &FileEntry, partition: (Span, i32), sorted: &Sorted) -> bool {
    if (entry.span, entry.year) != partition {
        return false;
    }
    let slices = &sorted.partitions[&partition];
    let names = &sorted.names;
    let first = slices.iter().map(|slice| sorted.rows[slice.rows.start].time).min();
    let last = slices.iter().map(|slice| sorted.rows[slice.rows.end - 1].time).max();
    let times =
        first.is_some_and(|first| first <= entry.time_max.0) && last.is_some_and(|last| entry.time_min.0 <= last);
    times
        && slices.iter().any(|slice| {
            let station = names.stations[slice.station as usize].as_str();
            station >= entry.station_min.as_str()
                && station <= entry.station_max.as_str()
                && entry.parameters.binary_search(&names.parameters[slice.parameter as usize]).is_ok()
        })
}
