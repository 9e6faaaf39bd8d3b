//! Readings as they come → the same, sorted by (span, parameter, station, time), in bounded memory.
//!
//! Filled by the import writer on the caller's thread, sorted and emptied by its worker. Sorting goes by small
//! whole numbers, never by text, and takes linear time when the times of each station already rise.

use crate::run::Names;
use crate::schema::{self, NONE, year_of};
use domain::{Reading, ReadingBatch, Span};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

const SPANS: [Span; 5] = [Span::Instant, Span::Hour, Span::Day, Span::Month, Span::Year];

/// One reading, without its names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw {
    /// Position in [`Directory::series`].
    pub series: u32,
    /// Position in [`schema::FLAGS`].
    pub flag: u8,
    /// End of the span, ms.
    pub time: i64,
    /// Millionths, or [`NONE`].
    pub value: i64,
    /// Row in the source.
    pub row: u64,
}

/// Names met so far in an import, and their combinations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directory {
    parameters: Vec<String>,
    stations: Vec<String>,
    /// Span (position in `SPANS`), parameter, station.
    series: Vec<(u8, u32, u32)>,
}

/// The filling side: remembers names between batches.
#[derive(Debug, Default)]
pub(crate) struct Filler {
    directory: Directory,
    parameter_ids: HashMap<String, u32>,
    station_ids: HashMap<String, u32>,
    /// Series by (parameter · spans + span), then station; `u32::MAX` where there is none yet.
    series_ids: Vec<Vec<u32>>,
    rows: Vec<Raw>,
}

/// A full buffer on its way to the worker.
#[derive(Debug)]
pub(crate) struct Full {
    directory: Directory,
    rows: Vec<Raw>,
}

/// A buffer in order.
#[derive(Debug)]
pub(crate) struct Sorted {
    /// The names, sorted.
    pub names: Names,
    /// Rows by series, then time; equal times in the order of the file.
    pub rows: Vec<Raw>,
    /// For each partition its series in the order of `names`.
    pub partitions: BTreeMap<(Span, i32), Vec<Slice>>,
}

/// The rows of one series within one partition.
#[derive(Clone, Debug)]
pub(crate) struct Slice {
    /// Position in [`Names::parameters`].
    pub parameter: u32,
    /// Position in [`Names::stations`].
    pub station: u32,
    /// Where in [`Sorted::rows`].
    pub rows: Range<usize>,
}

impl Filler {
    /// Rows held.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Takes rows of a batch from `from` on, until `limit` rows are held; returns how many were taken.
    pub fn fill(&mut self, batch: &ReadingBatch, from: usize, limit: usize) -> usize {
        let stations: Vec<u32> =
            batch.stations.iter().map(|code| id(&mut self.station_ids, &mut self.directory.stations, code)).collect();
        let parameters: Vec<u32> = batch
            .parameters
            .iter()
            .map(|code| id(&mut self.parameter_ids, &mut self.directory.parameters, code))
            .collect();
        if self.rows.capacity() == 0 {
            self.rows.reserve_exact(limit.min(batch.rows.len().max(4096)));
        }
        let take = limit.saturating_sub(self.rows.len()).min(batch.rows.len() - from);
        for reading in &batch.rows[from..from + take] {
            let station = stations[reading.station as usize];
            let parameter = parameters[usize::from(reading.parameter)];
            let series = self.series(span_position(reading.span), parameter, station);
            self.rows.push(raw(reading, series));
        }
        take
    }

    fn series(&mut self, span: u8, parameter: u32, station: u32) -> u32 {
        let lane = parameter as usize * SPANS.len() + usize::from(span);
        if lane >= self.series_ids.len() {
            self.series_ids.resize(lane + 1, Vec::new());
        }
        let lane = &mut self.series_ids[lane];
        let place = station as usize;
        if place >= lane.len() {
            lane.resize(place + 1, u32::MAX);
        }
        if lane[place] == u32::MAX {
            lane[place] = self.directory.series.len() as u32;
            self.directory.series.push((span, parameter, station));
        }
        lane[place]
    }

    /// Hands over what is held.
    pub fn take(&mut self) -> Full {
        let capacity = self.rows.len();
        let rows = std::mem::replace(&mut self.rows, Vec::with_capacity(capacity.min(1 << 20)));
        Full { directory: self.directory.clone(), rows }
    }
}

fn id(ids: &mut HashMap<String, u32>, names: &mut Vec<String>, code: &str) -> u32 {
    if let Some(id) = ids.get(code) {
        return *id;
    }
    let id = names.len() as u32;
    names.push(code.to_string());
    ids.insert(code.to_string(), id);
    id
}

fn span_position(span: Span) -> u8 {
    SPANS.iter().position(|other| *other == span).expect("SPANS holds every span") as u8
}

fn raw(reading: &Reading, series: u32) -> Raw {
    Raw {
        series,
        flag: schema::flag_code(reading.flag),
        time: reading.time.0,
        value: reading.value.map_or(NONE, |value| value.millionths()),
        row: reading.row,
    }
}

impl Full {
    /// Sorts the buffer.
    pub fn sort(self) -> Sorted {
        let Full { directory, rows } = self;
        let (parameters, parameter_rank) = ranked(&directory.parameters);
        let (stations, station_rank) = ranked(&directory.stations);
        let mut order: Vec<u32> = (0..directory.series.len() as u32).collect();
        let key = |series: &u32| {
            let (span, parameter, station) = directory.series[*series as usize];
            (span, parameter_rank[parameter as usize], station_rank[station as usize])
        };
        order.sort_unstable_by_key(key);

        // Counting sort by series keeps the order of the file within each.
        let mut counts = vec![0_usize; directory.series.len()];
        for row in &rows {
            counts[row.series as usize] += 1;
        }
        let mut next = vec![0_usize; counts.len()];
        let mut start = 0;
        for series in &order {
            next[*series as usize] = start;
            start += counts[*series as usize];
        }
        let Some(filler) = rows.first().copied() else {
            return Sorted { names: Names::default(), rows, partitions: BTreeMap::new() };
        };
        let mut sorted = vec![filler; rows.len()];
        for row in rows {
            let place = &mut next[row.series as usize];
            sorted[*place] = row;
            *place += 1;
        }

        let mut partitions: BTreeMap<(Span, i32), Vec<Slice>> = BTreeMap::new();
        let mut start = 0;
        for series in &order {
            let end = start + counts[*series as usize];
            let (span, parameter, station) = key(series);
            let rows = &mut sorted[start..end];
            if !rows.is_sorted_by_key(|row| row.time) {
                rows.sort_by_key(|row| row.time);
            }
            let span = SPANS[usize::from(span)];
            for_each_year(span, rows, |year, range| {
                let rows = start + range.start..start + range.end;
                partitions.entry((span, year)).or_default().push(Slice { parameter, station, rows });
            });
            start = end;
        }
        Sorted { names: Names { parameters, stations, ..Names::default() }, rows: sorted, partitions }
    }
}

fn for_each_year(span: Span, rows: &[Raw], mut each: impl FnMut(i32, Range<usize>)) {
    let mut start = 0;
    while start < rows.len() {
        let year = year_of(span, rows[start].time);
        let end = start + rows[start..].partition_point(|row| year_of(span, row.time) <= year);
        each(year, start..end.max(start + 1));
        start = end.max(start + 1);
    }
}

/// Names in byte order, and the place of each in it.
fn ranked(names: &[String]) -> (Vec<String>, Vec<u32>) {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_unstable_by_key(|at| names[*at].as_str());
    let mut rank = vec![0; names.len()];
    for (place, at) in order.iter().enumerate() {
        rank[*at] = place as u32;
    }
    (order.iter().map(|at| names[*at].clone()).collect(), rank)
}
