//! Tests of the lake as a whole, and what they share: a small lake in a temporary folder, readings from a few
//! words.

mod compaction;
mod damage;
mod import;
mod query;
mod reading;
mod speed;

use crate::{ImportInfo, ImportMeta, ImportWriter, Lake, LakeError, SeriesQuery, Snapshot};
use domain::{Day, Fixed, Flag, Hour, HourSeries, Instant, Reading, ReadingBatch, Span};

pub(crate) struct Place {
    pub dir: tempfile::TempDir,
    pub lake: Lake,
}

pub(crate) fn place() -> Place {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let lake = Lake::create_or_open(dir.path()).expect("an empty lake");
    Place { dir, lake }
}

/// A lake that writes a file after every `rows` readings.
pub(crate) fn place_with_buffer(rows: usize) -> Place {
    let dir = tempfile::tempdir().expect("a temporary folder");
    Lake::create_or_open(dir.path()).expect("an empty lake");
    let lake = Lake::open_with_buffer(dir.path(), rows).expect("it exists");
    Place { dir, lake }
}

pub(crate) fn meta(name: &str) -> ImportMeta {
    ImportMeta {
        file: format!("{name}.csv"),
        sha256: format!("{name:0>64}"),
        mapping: "test".to_string(),
        method: "automatic".to_string(),
        ..ImportMeta::default()
    }
}

/// The n-th hour of 2020.
pub(crate) fn hour(n: i32) -> Hour {
    Hour(Hour::of(Day::from_ymd(2020, 1, 1).expect("it exists"), 1).0 + n)
}

/// Station, parameter, hour of 2020, value (`None` = missing).
pub(crate) type Cell<'a> = (&'a str, &'a str, i32, Option<&'a str>);

pub(crate) fn batch(cells: &[Cell<'_>]) -> ReadingBatch {
    let mut batch = ReadingBatch::default();
    for (number, (station, parameter, at, value)) in cells.iter().enumerate() {
        let position = |list: &mut Vec<String>, code: &str| match list.iter().position(|other| other == code) {
            Some(position) => position,
            None => {
                list.push(code.to_string());
                list.len() - 1
            }
        };
        let station = position(&mut batch.stations, station) as u32;
        let parameter = position(&mut batch.parameters, parameter) as u16;
        let value: Option<Fixed> = value.map(|text| text.parse().expect("a number"));
        batch.rows.push(Reading {
            station,
            parameter,
            span: Span::Hour,
            time: hour(*at).end(),
            value,
            flag: if value.is_some() { Flag::Good } else { Flag::Missing },
            row: number as u64 + 2,
        });
    }
    batch
}

pub(crate) fn begin(lake: &Lake, name: &str) -> ImportWriter {
    lake.begin(meta(name)).expect("nobody else writes")
}

pub(crate) fn import(lake: &Lake, name: &str, at: i64, cells: &[Cell<'_>]) -> ImportInfo {
    let mut writer = begin(lake, name);
    writer.add_readings(&batch(cells)).expect("it is taken");
    writer.commit(Instant(at)).expect("it is kept")
}

pub(crate) fn now(lake: &Lake) -> Snapshot {
    lake.snapshot(None).expect("the log is sound")
}

/// Every hourly series of the first `hours` hours of 2020.
pub(crate) fn series(snapshot: &Snapshot, hours: i32) -> Vec<HourSeries> {
    let query = SeriesQuery { stations: vec![], parameters: vec![], first: hour(0), last: hour(hours - 1) };
    snapshot.hour_series(&query).expect("the files are sound")
}

/// Values of one series as text, `-` for gaps.
pub(crate) fn shown(snapshot: &Snapshot, station: &str, parameter: &str, hours: i32) -> String {
    let all = series(snapshot, hours);
    let Some(one) = all.iter().find(|one| one.station == station && one.parameter == parameter) else {
        return "none".to_string();
    };
    let value = |value: &i64| match *value {
        HourSeries::GAP => "-".to_string(),
        value => Fixed::from_millionths(value).to_string(),
    };
    one.values.iter().map(value).collect::<Vec<_>>().join(" ")
}

pub(crate) fn is_busy<T>(result: Result<T, LakeError>) -> bool {
    matches!(result, Err(LakeError::Busy { .. }))
}

/// A small generator of pseudo-random numbers, so that a failing case can be repeated.
pub(crate) struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}
