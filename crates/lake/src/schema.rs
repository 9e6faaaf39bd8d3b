//! The Parquet files of observations, as any tool can read them.
//!
//! Folder: `observations/span=<span>/year=<year>/<commit>-<n>.parquet`. Every file is sorted by
//! (parameter, station, time, revision), compressed with Zstandard, in row groups of 131,072 rows.
//!
//! | column | type | meaning |
//! |---|---|---|
//! | station | dictionary of text | station code |
//! | parameter | dictionary of text | parameter code |
//! | span | dictionary of text | `instant`, `hour`, `day`, `month`, `year` |
//! | time | timestamp ms, +08:00 | phenomenon time: **end** of the span |
//! | value | decimal(18,6), null | in the parameter's canonical unit; null when the source says missing |
//! | flag | dictionary of text | `good`, `missing`, `suspect`, `invalid`, `below` |
//! | method | dictionary of text | `automatic`, `manual`, … |
//! | import | dictionary of text | import that brought it |
//! | row | int64 | row in the source file, header = 1 |
//! | revision | int32 | 0 for the first value of (station, parameter, span, time), then 1, 2 … |
//! | commit | int32 | commit that made it visible |
//! | recorded | timestamp ms, +08:00 | when that was |
//!
//! Which files count is said by `commits/*.json` alone. A reader that ignores them may see a value twice
//! for a moment while a compaction replaces files, and never sees a wrong one.
//!
//! The footer's key `jingce.series` lists the runs of equal (parameter, station) in file order, so that our own
//! reader goes straight to the rows of a series without looking at its text columns.

use crate::error::LakeError;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use domain::period::HOUR_MS;
use domain::{Flag, Instant, Span};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::metadata::PageIndexPolicy;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Rows of a row group: small enough that statistics prune, large enough that columns compress.
pub(crate) const ROW_GROUP: usize = 131_072;
/// Footer key of the series index.
pub(crate) const SERIES_KEY: &str = "jingce.series";
/// Marks a row without a value, in memory.
pub(crate) const NONE: i64 = i64::MIN;
/// Time zone of every timestamp column.
pub(crate) const ZONE: &str = "+08:00";

/// Every flag, at the position that stands for it in memory and in the files' dictionaries.
pub(crate) const FLAGS: [Flag; 5] = [Flag::Good, Flag::Missing, Flag::Suspect, Flag::Invalid, Flag::Below];

/// Position of a flag in [`FLAGS`].
pub(crate) fn flag_code(flag: Flag) -> u8 {
    FLAGS.iter().position(|other| *other == flag).expect("FLAGS holds every flag") as u8
}

/// Whether a value with this flag takes part in statistics.
pub(crate) fn counts(value: i64, flag: u8) -> bool {
    value != NONE && FLAGS.get(usize::from(flag)).is_some_and(|flag| flag.counts())
}

/// The partition year of a phenomenon time: the year of the span that ends then.
pub(crate) fn year_of(span: Span, time_ms: i64) -> i32 {
    let inside = if span == Span::Instant { time_ms } else { time_ms.saturating_sub(1) };
    i32::from(Instant(inside).civil().0.year().0)
}

/// Folder of a partition, relative to the lake.
pub(crate) fn partition_dir(span: Span, year: i32) -> String {
    format!("{}/span={}/year={year:04}", crate::files::OBSERVATIONS, span.code())
}

/// A timestamp column's type.
pub(crate) fn timestamp() -> DataType {
    DataType::Timestamp(TimeUnit::Millisecond, Some(ZONE.into()))
}

/// A text column with few distinct values.
pub(crate) fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// How values arrive in memory: SQL wants 128 bits, our own reader the 64 that are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueType {
    /// For files and SQL.
    Decimal128,
    /// For our own reader.
    Decimal64,
}

/// The columns of a finished file, or (`stamped` false) of one whose commit is not made yet.
pub(crate) fn observation_schema(value: ValueType, stamped: bool) -> SchemaRef {
    let value = match value {
        ValueType::Decimal128 => DataType::Decimal128(18, 6),
        ValueType::Decimal64 => DataType::Decimal64(18, 6),
    };
    let mut fields = vec![
        Field::new("station", dictionary(), false),
        Field::new("parameter", dictionary(), false),
        Field::new("span", dictionary(), false),
        Field::new("time", timestamp(), false),
        Field::new("value", value, true),
        Field::new("flag", dictionary(), false),
        Field::new("method", dictionary(), false),
        Field::new("import", dictionary(), false),
        Field::new("row", DataType::Int64, false),
        Field::new("revision", DataType::Int32, false),
        Field::new("commit", DataType::Int32, false),
    ];
    if stamped {
        fields.push(Field::new("recorded", timestamp(), false));
    }
    Arc::new(Schema::new(fields))
}

/// How observation files are encoded. Times and rows rise steadily, so their differences are stored.
pub(crate) fn writer_properties() -> WriterProperties {
    let zstd = Compression::ZSTD(ZstdLevel::try_new(1).expect("level 1 exists"));
    let mut properties = WriterProperties::builder()
        .set_compression(zstd)
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_created_by("jingce lake".to_string());
    for column in ["time", "row"] {
        properties = properties
            .set_column_dictionary_enabled(ColumnPath::from(column), false)
            .set_column_encoding(ColumnPath::from(column), Encoding::DELTA_BINARY_PACKED);
    }
    properties.build()
}

/// The rows of one station and parameter within a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Series {
    /// Position in [`FileIndex::parameters`].
    pub parameter: u32,
    /// Position in [`FileIndex::stations`].
    pub station: u32,
    /// First row in the file.
    pub start: u64,
    /// Number of rows.
    pub rows: u64,
    /// By how many its rows raise the number of keys with a value that counts.
    pub values: i64,
    /// Earliest time, ms.
    pub first: i64,
    /// Latest time, ms.
    pub last: i64,
    /// Whether its rows are on the hour, at most one an hour.
    pub hourly: bool,
    /// Rows with a value that does not count, because of its flag.
    pub uncounted: u64,
}

/// The runs of a file, in file order: by parameter, then station, in byte order of their codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileIndex {
    /// Parameter codes, sorted.
    pub parameters: Vec<String>,
    /// Station codes, sorted.
    pub stations: Vec<String>,
    /// The runs.
    pub series: Vec<Series>,
}

/// [`FileIndex`] as it stands in the footer.
#[derive(Serialize, Deserialize)]
struct IndexText {
    parameters: Vec<String>,
    stations: Vec<String>,
    series: Vec<SeriesText>,
}

/// Parameter, station, rows, values, first, last, hourly, uncounted: as in [`Series`].
type SeriesText = (u32, u32, u64, i64, i64, i64, u8, u64);

impl Series {
    /// Hours from the first to the last that have no row; `None` if its rows are not hourly.
    fn gaps(&self) -> Option<u64> {
        let hours = (self.last - self.first) / HOUR_MS + 1;
        self.hourly.then(|| (hours as u64).saturating_sub(self.rows))
    }

    /// Whether it has a row for every hour from its first to its last.
    pub fn regular(&self) -> bool {
        self.gaps() == Some(0)
    }

    /// Rows of the file that hold all of this run's rows from one time to another, both inclusive, and others
    /// only as far as the gaps make it doubtful.
    pub fn rows_within(&self, from: i64, to: i64) -> Range<u64> {
        if self.last < from || to < self.first {
            return self.start..self.start;
        }
        let Some(gaps) = self.gaps() else { return self.start..self.start + self.rows };
        // Of the `before` hours before `from` at most `gaps` have no row; up to `to` each hour has one at most.
        let before = (from.saturating_sub(self.first).max(0) as u64).div_ceil(HOUR_MS as u64);
        let until = (to.min(self.last) - self.first) as u64 / HOUR_MS as u64 + 1;
        let start = before.saturating_sub(gaps);
        self.start + start..self.start + until.min(self.rows).max(start)
    }
}

impl FileIndex {
    /// The run of a station and parameter.
    pub fn find(&self, parameter: &str, station: &str) -> Option<&Series> {
        let parameter = self.parameters.binary_search_by(|code| code.as_str().cmp(parameter)).ok()? as u32;
        let station = self.stations.binary_search_by(|code| code.as_str().cmp(station)).ok()? as u32;
        let at = self.series.binary_search_by_key(&(parameter, station), |run| (run.parameter, run.station)).ok()?;
        Some(&self.series[at])
    }

    /// Number of rows in the file.
    pub fn rows(&self) -> u64 {
        self.series.last().map_or(0, |run| run.start + run.rows)
    }

    /// Codes of a run: parameter, station.
    pub fn codes(&self, run: &Series) -> (&str, &str) {
        (&self.parameters[run.parameter as usize], &self.stations[run.station as usize])
    }

    /// The footer entry.
    pub fn to_key_value(&self) -> KeyValue {
        let text = IndexText {
            parameters: self.parameters.clone(),
            stations: self.stations.clone(),
            series: self
                .series
                .iter()
                .map(|run| {
                    let hourly = u8::from(run.hourly);
                    (run.parameter, run.station, run.rows, run.values, run.first, run.last, hourly, run.uncounted)
                })
                .collect(),
        };
        KeyValue::new(SERIES_KEY.to_string(), serde_json::to_string(&text).expect("the index is plain data"))
    }

    fn from_text(path: &Path, text: &str) -> Result<FileIndex, LakeError> {
        let text: IndexText = serde_json::from_str(text).map_err(|error| LakeError::corrupt(path, error))?;
        let mut start = 0;
        let mut series = Vec::with_capacity(text.series.len());
        for (parameter, station, rows, values, first, last, hourly, uncounted) in text.series {
            let known = (parameter as usize) < text.parameters.len() && (station as usize) < text.stations.len();
            if !known {
                return Err(LakeError::corrupt(path, "its series index names a code that it does not have"));
            }
            let hourly = hourly != 0;
            series.push(Series { parameter, station, start, rows, values, first, last, hourly, uncounted });
            start += rows;
        }
        Ok(FileIndex { parameters: text.parameters, stations: text.stations, series })
    }
}

/// An observation file's footer, read once and kept.
#[derive(Clone, Debug)]
pub(crate) struct Footer {
    /// What the Parquet reader wants.
    pub metadata: ArrowReaderMetadata,
    /// Where each series is.
    pub index: Arc<FileIndex>,
}

impl Footer {
    /// Reads it. `stamped` as in [`observation_schema`].
    pub fn read(path: &Path, stamped: bool) -> Result<Footer, LakeError> {
        let file = File::open(path).map_err(LakeError::io(path))?;
        let schema = observation_schema(ValueType::Decimal64, stamped);
        let options = ArrowReaderOptions::new().with_schema(schema).with_offset_index_policy(PageIndexPolicy::Optional);
        let metadata = ArrowReaderMetadata::load(&file, options).map_err(LakeError::parquet(path))?;
        let pairs = metadata.metadata().file_metadata().key_value_metadata();
        let text = pairs
            .and_then(|pairs| pairs.iter().find(|pair| pair.key == SERIES_KEY))
            .and_then(|pair| pair.value.as_deref())
            .ok_or_else(|| LakeError::corrupt(path, format!("it has no `{SERIES_KEY}` in its footer")))?;
        let index = FileIndex::from_text(path, text)?;
        if index.rows() != metadata.metadata().file_metadata().num_rows() as u64 {
            return Err(LakeError::corrupt(path, "its series index does not cover its rows"));
        }
        Ok(Footer { metadata, index: Arc::new(index) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_a_time_are_found_without_looking() {
        for holes in [vec![], vec![3, 4, 9], vec![1, 2, 5, 6, 7, 8]] {
            let hours: Vec<i64> = (0..12).filter(|hour| !holes.contains(hour)).collect();
            let run = Series {
                parameter: 0,
                station: 0,
                start: 100,
                rows: hours.len() as u64,
                values: 0,
                first: 0,
                last: 11 * HOUR_MS,
                hourly: true,
                uncounted: 0,
            };
            assert_eq!(run.regular(), holes.is_empty());
            for from in -3..15 {
                for to in from..15 {
                    let range = run.rows_within(from * HOUR_MS, to * HOUR_MS);
                    assert!(run.start <= range.start && range.end <= run.start + run.rows, "{range:?}");
                    let inside: Vec<u64> =
                        (0..run.rows).filter(|row| (from..=to).contains(&hours[*row as usize])).collect();
                    assert!(inside.iter().all(|row| range.contains(&(row + 100))), "{holes:?} {from}..{to}: {range:?}");
                    let most = inside.len() + 2 * holes.len();
                    assert!((range.end - range.start) as usize <= most, "{holes:?} {from}..{to}: {range:?}");
                }
            }
        }
    }
}
