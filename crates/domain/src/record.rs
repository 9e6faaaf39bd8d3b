//! Small tables beside the observations: stations, areas, reported values, exclusions. Rows are text by
//! column name, kept as they came and typed when read.

use crate::period::Instant;
use std::collections::BTreeMap;

/// Which small table a record belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Areas: cities, counties.
    Areas,
    /// Monitoring stations.
    Stations,
    /// Values reported by a department, with their document.
    Reported,
    /// Exceptional periods taken out of assessment statistics.
    Exclusions,
    /// Outlets and stations that are watched online.
    Outlets,
    /// Instruments' loggers.
    Devices,
    /// Pollutants of each device, with the unit of the site.
    Channels,
    /// Permit and standard limits of outlets.
    Limits,
}

/// One row of a small table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Values by column name; absent and empty are the same.
    pub fields: BTreeMap<String, String>,
    /// Row in the source, from 1.
    pub row: u64,
    /// Import that brought it (empty before it is kept).
    pub import: String,
    /// When it was recorded (zero before it is kept).
    pub recorded: Instant,
}

impl Table {
    /// Every table.
    pub const ALL: [Table; 8] = [
        Table::Areas,
        Table::Stations,
        Table::Reported,
        Table::Exclusions,
        Table::Outlets,
        Table::Devices,
        Table::Channels,
        Table::Limits,
    ];

    /// The word used in files, mappings and SQL.
    pub fn code(self) -> &'static str {
        match self {
            Table::Areas => "areas",
            Table::Stations => "stations",
            Table::Reported => "reported",
            Table::Exclusions => "exclusions",
            Table::Outlets => "outlets",
            Table::Devices => "devices",
            Table::Channels => "channels",
            Table::Limits => "limits",
        }
    }

    /// Columns, the key columns first. A later record with the same key replaces the earlier one.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Table::Areas => &["area", "name_zh", "name_en", "parent", "plan", "map", "note", "note_en"],
            Table::Stations => &[
                "station",
                "name_zh",
                "name_en",
                "area",
                "lon",
                "lat",
                "datum",
                "level",
                "from",
                "to",
                "source_name",
                "note",
            ],
            Table::Reported => &["area", "indicator", "year", "kind", "value", "unit", "document", "note"],
            Table::Exclusions => &["area", "from", "to", "parameters", "reason", "document", "note"],
            Table::Outlets => &[
                "outlet",
                "name_zh",
                "name_en",
                "enterprise",
                "area",
                "kind",
                "lon",
                "lat",
                "datum",
                "section_m2",
                "velocity_factor",
                "reference_o2",
                "reference_air_ratio",
                "simulated",
                "note",
            ],
            Table::Devices => &[
                "mn",
                "outlet",
                "st",
                "generation",
                "vendor",
                "model",
                "networks",
                "minute_interval",
                "realtime_interval",
                "from",
                "to",
                "note",
            ],
            Table::Channels => &["mn", "code", "unit", "resolution", "range_low", "range_high", "note"],
            Table::Limits => &[
                "outlet",
                "code",
                "statistic",
                "basis",
                "kind",
                "from",
                "to",
                "low",
                "high",
                "unit",
                "document",
                "note",
            ],
        }
    }

    /// How many of [`Table::columns`] make the key.
    pub fn key_len(self) -> usize {
        match self {
            Table::Areas | Table::Stations | Table::Outlets | Table::Devices => 1,
            Table::Channels => 2,
            Table::Reported | Table::Exclusions => 4,
            Table::Limits => 6,
        }
    }
}

impl Record {
    /// A record fresh from a file.
    pub fn new(fields: BTreeMap<String, String>, row: u64) -> Record {
        Record { fields, row, import: String::new(), recorded: Instant(0) }
    }

    /// A field, empty when absent.
    pub fn get(&self, column: &str) -> &str {
        self.fields.get(column).map_or("", String::as_str)
    }

    /// The key of the record in `table`.
    pub fn key(&self, table: Table) -> Vec<&str> {
        table.columns()[..table.key_len()].iter().map(|column| self.get(column)).collect()
    }
}
