//! Files of hourly observations → dense series, and any observations → every revision with its origin.
//!
//! Called by [`crate::Snapshot`]. Series are read straight from Parquet: which rows belong to which series is in
//! the files' indexes, so no text is looked at, and a series without gaps needs its values only. Work is split
//! by series, never by file, and files are applied in the order of their commits: the result depends neither on
//! the number of threads nor on how rows are spread over files.

use crate::commit::FileEntry;
use crate::cursor::{Block, Columns, Cursor, Taker};
use crate::error::LakeError;
use crate::lake::Shared;
use crate::schema::{self, FLAGS, Footer, NONE, Series};
use domain::period::HOUR_MS;
use domain::{Fixed, Flag, Hour, HourSeries, Instant, Observation, Span};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Which hourly series are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesQuery {
    /// Station codes; empty means all.
    pub stations: Vec<String>,
    /// Parameter codes; empty means all.
    pub parameters: Vec<String>,
    /// First hour.
    pub first: Hour,
    /// Last hour.
    pub last: Hour,
}

/// Which observations are wanted, with every revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservationQuery {
    /// Station codes; empty means all.
    pub stations: Vec<String>,
    /// Parameter codes; empty means all.
    pub parameters: Vec<String>,
    /// Averaging span.
    pub span: Span,
    /// Earliest phenomenon time, inclusive (it is the end of a span: the hour 00:00–01:00 has time 01:00).
    pub from: Instant,
    /// Latest phenomenon time, inclusive.
    pub to: Instant,
}

/// An open file: its entry and footer.
type Open = (Arc<FileEntry>, Footer);

/// Rows of one series in one file.
#[derive(Clone, Copy, Debug)]
struct Piece {
    file: usize,
    start: u64,
    rows: u64,
    /// Time of the first row, ms, when the rows are one an hour.
    regular_from: Option<i64>,
    uncounted: bool,
}

/// One series to make.
#[derive(Debug)]
struct Target<'a> {
    parameter: &'a str,
    station: &'a str,
    pieces: Vec<Piece>,
}

/// The hours of a query.
#[derive(Clone, Copy, Debug)]
struct Hours {
    first: i64,
    len: usize,
}

/// Dense series of all that a query matches, by parameter and then station.
pub(crate) fn hour_series(
    shared: &Shared,
    files: &[Arc<FileEntry>],
    commit: u32,
    query: &SeriesQuery,
) -> Result<Vec<HourSeries>, LakeError> {
    let Some(len) = (i64::from(query.last.0) - i64::from(query.first.0)).checked_add(1).filter(|len| *len > 0) else {
        return Ok(Vec::new());
    };
    let hours = Hours { first: i64::from(query.first.0), len: len as usize };
    let (from, to) = (query.first.end(), query.last.end());
    let open = open_files(shared, files, |file| {
        file.span == Span::Hour && file.time_min <= to && from <= file.time_max && file.commit_min <= commit
    })?;
    let targets = targets(&open, query);
    let blocks = blocks(&targets, threads());
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Vec<HourSeries>)>, LakeError> {
        let mut done = Vec::new();
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            let Some(range) = blocks.get(block) else { return Ok(done) };
            done.push((block, read_block(shared, &open, &targets[range.clone()], (commit, query.first, hours))?));
        }
    };
    let mut done = if blocks.len() < 2 {
        work()?
    } else {
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads().min(blocks.len())).map(|_| scope.spawn(work)).collect();
            let mut done = Vec::new();
            for thread in running {
                done.extend(thread.join().map_err(|_| LakeError::WriterStopped)??);
            }
            Ok::<_, LakeError>(done)
        })?
    };
    done.sort_by_key(|(block, _)| *block);
    Ok(done.into_iter().flat_map(|(_, series)| series).collect())
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn open_files(
    shared: &Shared,
    files: &[Arc<FileEntry>],
    wanted: impl Fn(&FileEntry) -> bool,
) -> Result<Vec<Open>, LakeError> {
    files.iter().filter(|file| wanted(file)).map(|file| Ok((file.clone(), shared.footer(file)?))).collect()
}

/// Every series that the query matches, with its pieces in the order of the files.
fn targets<'a>(open: &'a [Open], query: &SeriesQuery) -> Vec<Target<'a>> {
    let all = |list: fn(&Open) -> &[String], wanted: &[String]| -> Vec<&'a str> {
        let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
        let names: BTreeSet<&'a str> = open.iter().flat_map(|file| list(file).iter().map(String::as_str)).collect();
        names.into_iter().filter(|name| wanted.is_empty() || wanted.contains(name)).collect()
    };
    let parameters = all(|file| &file.1.index.parameters, &query.parameters);
    let stations = all(|file| &file.1.index.stations, &query.stations);
    let mut table: Vec<Vec<Piece>> = vec![Vec::new(); parameters.len() * stations.len()];
    let (from, to) = (query.first.end().0, query.last.end().0);
    for (file, (_, footer)) in open.iter().enumerate() {
        let place = |names: &[&str], list: &[String]| -> Vec<Option<usize>> {
            list.iter().map(|name| names.binary_search(&name.as_str()).ok()).collect()
        };
        let parameter_place = place(&parameters, &footer.index.parameters);
        let station_place = place(&stations, &footer.index.stations);
        for run in &footer.index.series {
            let places = (parameter_place[run.parameter as usize], station_place[run.station as usize]);
            let (Some(parameter), Some(station)) = places else { continue };
            if run.first <= to && from <= run.last {
                table[parameter * stations.len() + station].push(piece(file, run, from, to));
            }
        }
    }
    let named = parameters.iter().flat_map(|parameter| stations.iter().map(move |station| (*parameter, *station)));
    named
        .zip(table)
        .filter(|(_, pieces)| !pieces.is_empty())
        .map(|((parameter, station), pieces)| Target { parameter, station, pieces })
        .collect()
}

/// The part of a run that the hours from `from` to `to` (ends, ms) can need.
fn piece(file: usize, run: &Series, from: i64, to: i64) -> Piece {
    let rows = run.rows_within(from, to);
    let skipped = (rows.start - run.start) as i64;
    Piece {
        file,
        start: rows.start,
        rows: rows.end - rows.start,
        regular_from: run.regular().then(|| run.first + skipped * HOUR_MS),
        uncounted: run.uncounted > 0,
    }
}

/// Targets in runs of about equal work, several for each thread.
fn blocks(targets: &[Target<'_>], threads: usize) -> Vec<Range<usize>> {
    let rows = |target: &Target<'_>| target.pieces.iter().map(|piece| piece.rows).sum::<u64>();
    let total: u64 = targets.iter().map(rows).sum();
    let share = (total / (threads as u64 * 4)).max(50_000);
    let mut blocks = Vec::new();
    let (mut start, mut held) = (0, 0);
    for (position, target) in targets.iter().enumerate() {
        held += rows(target);
        if held >= share {
            blocks.push(start..position + 1);
            (start, held) = (position + 1, 0);
        }
    }
    if start < targets.len() {
        blocks.push(start..targets.len());
    }
    blocks
}

fn read_block(
    shared: &Shared,
    open: &[Open],
    targets: &[Target<'_>],
    (commit, first, hours): (u32, Hour, Hours),
) -> Result<Vec<HourSeries>, LakeError> {
    let mut series: Vec<HourSeries> = targets
        .iter()
        .map(|target| HourSeries {
            station: target.station.to_string(),
            parameter: target.parameter.to_string(),
            first,
            values: vec![HourSeries::GAP; hours.len],
        })
        .collect();
    let mut seen = vec![false; targets.len()];
    let mut by_file: Vec<Vec<(usize, Piece)>> = vec![Vec::new(); open.len()];
    for (target, pieces) in targets.iter().map(|target| &target.pieces).enumerate() {
        for piece in pieces {
            by_file[piece.file].push((target, *piece));
        }
    }
    for (file, pieces) in by_file.into_iter().enumerate().filter(|(_, pieces)| !pieces.is_empty()) {
        let (entry, footer) = &open[file];
        let columns = Columns {
            value: true,
            time: pieces.iter().any(|(_, piece)| piece.regular_from.is_none()),
            flag: pieces.iter().any(|(_, piece)| piece.uncounted),
            commit: entry.commit_max > commit,
            ..Columns::default()
        };
        let ranges = joined(pieces.iter().map(|(_, piece)| piece.start..piece.start + piece.rows));
        let mut taker = Taker::new(Cursor::open(&shared.path(entry), footer, columns, &ranges)?);
        for (target, piece) in pieces {
            let values = &mut series[target].values;
            let seen = &mut seen[target];
            let mut at = 0;
            taker.take(piece.rows, |block, rows| {
                let count = rows.len() as i64;
                let from = piece.regular_from.map(|from| from + at * HOUR_MS);
                *seen |= scatter(block, rows, from, hours, values, commit);
                at += count;
            })?;
        }
    }
    // A run may begin before the hours asked for and end after them, with nothing between; and in a compacted
    // file all of its rows may be later than the commit.
    let mut seen = seen.into_iter();
    series.retain(|_| seen.next().unwrap_or(false));
    Ok(series)
}

/// Adjacent ranges as one.
fn joined(ranges: impl Iterator<Item = Range<u64>>) -> Vec<Range<u64>> {
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match joined.last_mut().filter(|last| last.end == range.start) {
            Some(last) => last.end = range.end,
            None => joined.push(range),
        }
    }
    joined
}

/// Puts rows of a series at their hours, and says whether there were any. A row without a value that counts empties its hour: it is the newest.
fn scatter(
    block: &Block,
    rows: Range<usize>,
    regular_from: Option<i64>,
    hours: Hours,
    values: &mut [i64],
    commit: u32,
) -> bool {
    let plain = block.flag.is_empty() && block.commit.is_empty();
    let hour = |time: i64| (time + domain::period::UTC_OFFSET_MS).div_euclid(HOUR_MS) - hours.first;
    if let Some(from) = regular_from.filter(|_| plain) {
        // The marks of a gap are the same in files and series, so the values are copied as they are.
        let start = hour(from);
        let skip = (-start).max(0) as usize;
        let take = rows.len().min(usize::try_from(hours.len as i64 - start).unwrap_or(0));
        if skip < take {
            let to = (start + skip as i64) as usize;
            values[to..to + take - skip].copy_from_slice(&block.value[rows.start + skip..rows.start + take]);
        }
        return skip < take;
    }
    let mut seen = false;
    let base = rows.start;
    for row in rows {
        if block.commit.get(row).is_some_and(|made| *made as u32 > commit) {
            continue;
        }
        let time = match regular_from {
            Some(from) => from + (row - base) as i64 * HOUR_MS,
            None => block.time[row],
        };
        let on_the_hour = time.rem_euclid(HOUR_MS) == 0;
        let Some(value) = usize::try_from(hour(time)).ok().and_then(|at| values.get_mut(at)).filter(|_| on_the_hour)
        else {
            continue;
        };
        let flag = block.flag.get(row).copied().unwrap_or(0);
        *value = if schema::counts(block.value[row], flag) { block.value[row] } else { HourSeries::GAP };
        seen = true;
    }
    seen
}

/// Every revision of what a query matches, by station, parameter, time and revision.
pub(crate) fn observations(
    shared: &Shared,
    files: &[Arc<FileEntry>],
    commit: u32,
    query: &ObservationQuery,
) -> Result<Vec<Observation>, LakeError> {
    let open = open_files(shared, files, |file| {
        file.span == query.span && file.time_min <= query.to && query.from <= file.time_max && file.commit_min <= commit
    })?;
    let wanted = |list: &[String], name: &str| list.is_empty() || list.iter().any(|code| code == name);
    let mut found = Vec::new();
    for (entry, footer) in &open {
        let index = &footer.index;
        let runs: Vec<&Series> = index
            .series
            .iter()
            .filter(|run| {
                let (parameter, station) = index.codes(run);
                run.first <= query.to.0
                    && query.from.0 <= run.last
                    && wanted(&query.parameters, parameter)
                    && wanted(&query.stations, station)
            })
            .collect();
        let rows_of = |run: &Series| run.rows_within(query.from.0, query.to.0);
        let ranges = joined(runs.iter().map(|run| rows_of(run)));
        if ranges.is_empty() {
            continue;
        }
        let mut taker = Taker::new(Cursor::open(&shared.path(entry), footer, Columns::ALL, &ranges)?);
        for run in runs {
            let (parameter, station) = index.codes(run);
            let rows = rows_of(run);
            taker.take(rows.end - rows.start, |block, rows| {
                for row in rows {
                    let inside = query.from.0 <= block.time[row] && block.time[row] <= query.to.0;
                    if inside && block.commit[row] as u32 <= commit {
                        found.push(observation(block, row, (station, parameter, query.span)));
                    }
                }
            })?;
        }
    }
    found.sort_by(|a, b| {
        (&a.station, &a.parameter, a.time, a.revision).cmp(&(&b.station, &b.parameter, b.time, b.revision))
    });
    Ok(found)
}

fn observation(block: &Block, row: usize, (station, parameter, span): (&str, &str, Span)) -> Observation {
    let value = block.value[row];
    Observation {
        station: station.to_string(),
        parameter: parameter.to_string(),
        span,
        time: Instant(block.time[row]),
        value: (value != NONE).then(|| Fixed::from_millionths(value)),
        flag: FLAGS.get(usize::from(block.flag[row])).copied().unwrap_or(Flag::Invalid),
        method: block.method.get(row),
        import: block.import.get(row),
        row: block.row[row] as u64,
        revision: u16::try_from(block.revision[row]).unwrap_or(u16::MAX),
        commit: block.commit[row] as u32,
        recorded: Instant(block.recorded[row]),
    }
}

/// What one file adds to the coverage of a series.
#[derive(Clone, Debug)]
pub(crate) struct Covered {
    /// Parameter code.
    pub parameter: String,
    /// Station code.
    pub station: String,
    /// Earliest time, ms.
    pub first: i64,
    /// Latest time, ms.
    pub last: i64,
    /// By how many it raises the number of values that count.
    pub values: i64,
}

/// What one file adds to the coverage of its series, as of a commit.
pub(crate) fn file_coverage(shared: &Shared, entry: &FileEntry, commit: u32) -> Result<Vec<Covered>, LakeError> {
    let footer = shared.footer(entry)?;
    let named = |run: &Series| {
        let (parameter, station) = footer.index.codes(run);
        (parameter.to_string(), station.to_string())
    };
    if entry.commit_max <= commit {
        let whole = footer.index.series.iter().map(|run| {
            let (parameter, station) = named(run);
            Covered { parameter, station, first: run.first, last: run.last, values: run.values }
        });
        return Ok(whole.collect());
    }
    // A compacted file that holds later rows too: count those that were there. All revisions of a key stand
    // side by side in it.
    let columns = Columns { time: true, value: true, flag: true, commit: true, ..Columns::default() };
    let all = 0..footer.index.rows();
    let mut taker = Taker::new(Cursor::open(&shared.path(entry), &footer, columns, std::slice::from_ref(&all))?);
    let mut found = Vec::new();
    for run in &footer.index.series {
        let (mut first, mut last, mut values) = (i64::MAX, i64::MIN, 0);
        let mut before: Option<(i64, bool)> = None;
        taker.take(run.rows, |block, rows| {
            for row in rows.filter(|row| block.commit[*row] as u32 <= commit) {
                let time = block.time[row];
                let counted = schema::counts(block.value[row], block.flag[row]);
                let replaced = before.is_some_and(|(earlier, counted)| earlier == time && counted);
                values += i64::from(counted) - i64::from(replaced);
                before = Some((time, counted));
                (first, last) = (first.min(time), last.max(time));
            }
        })?;
        if first <= last {
            let (parameter, station) = named(run);
            found.push(Covered { parameter, station, first, last, values });
        }
    }
    Ok(found)
}
