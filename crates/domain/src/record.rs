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
    /// Monitoring points of water, soil and noise, over the times for which what is said of them holds.
    Points,
    /// Numbers that departments state of a place, a project or a plot for a year or a month.
    Facts,
    /// Projects, such as those that cut emissions.
    Projects,
    /// Polygons: red line, plots, built-up areas.
    Parcels,
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
    pub const ALL: [Table; 12] = [
        Table::Areas,
        Table::Stations,
        Table::Reported,
        Table::Exclusions,
        Table::Outlets,
        Table::Devices,
        Table::Channels,
        Table::Limits,
        Table::Points,
        Table::Facts,
        Table::Projects,
        Table::Parcels,
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
            Table::Points => "points",
            Table::Facts => "facts",
            Table::Projects => "projects",
            Table::Parcels => "parcels",
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
            Table::Points | Table::Facts | Table::Projects | Table::Parcels => self.city_columns(),
        }
    }

    /// Columns of the tables of a city's points, facts, projects and polygons.
    fn city_columns(self) -> &'static [&'static str] {
        match self {
            Table::Points => &[
                "point",
                "from",
                "to",
                "name_zh",
                "name_en",
                "medium",
                "kind",
                "area",
                "water_body",
                "basin",
                "level",
                "target",
                "networks",
                "source_name",
                "lon",
                "lat",
                "datum",
                "simulated",
                "document",
                "note",
            ],
            Table::Facts => {
                &["feature", "item", "period", "value", "unit", "department", "document", "simulated", "note"]
            }
            Table::Projects => &[
                "project",
                "plan_project",
                "name_zh",
                "name_en",
                "area",
                "class",
                "facility",
                "state",
                "from",
                "to",
                "document",
                "simulated",
                "note",
            ],
            Table::Parcels => &[
                "parcel",
                "layer",
                "from",
                "to",
                "name_zh",
                "name_en",
                "area",
                "land_class",
                "datum",
                "geometry",
                "document",
                "simulated",
                "note",
            ],
            _ => &[],
        }
    }

    /// How many of [`Table::columns`] make the key.
    pub fn key_len(self) -> usize {
        match self {
            Table::Areas | Table::Stations | Table::Outlets | Table::Devices | Table::Projects => 1,
            Table::Channels | Table::Points => 2,
            Table::Facts | Table::Parcels => 3,
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
