//! A mapping once checked, as `tables` works with it.

use super::items::Items;
use crate::time::{DateOrder, HourLabel};
use domain::{Fixed, Flag, Span};
use std::collections::BTreeMap;

/// Formats that a mapping may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Text with delimiters, packed by gzip or not.
    Csv,
    /// A workbook, `.xlsx` or the older `.xls`.
    Xlsx,
    /// Parquet.
    Parquet,
    /// A collection of features, each a row.
    GeoJson,
}

/// How bytes become text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TextEncoding {
    /// By byte order mark, else UTF-8, else GB 18030 if the bytes are not UTF-8.
    Auto,
    /// As declared.
    Stated(&'static encoding_rs::Encoding),
}

/// A column by its possible names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    /// As the mapping writes them.
    pub names: Vec<String>,
    /// Folded for comparing.
    pub keys: Vec<String>,
}

/// Everything needed to read a file.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub formats: Vec<Format>,
    pub delimiters: Vec<u8>,
    pub encoding: TextEncoding,
    pub sheets: Vec<String>,
    pub header_within: u64,
    /// Over how many rows a header may stretch.
    pub header_rows: u64,
    pub missing: Missing,
    /// Folded names of columns that are known and not wanted.
    pub ignore: Vec<String>,
    pub body: Body,
}

/// What stands where there is no value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Missing {
    /// Texts, compared without regard to ASCII case.
    pub texts: Vec<String>,
    /// Numbers such as −999, compared as numbers.
    pub numbers: Vec<Fixed>,
}

/// What a row is.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    /// Measured values.
    Observations(Box<Observations>),
    /// A row of a small table.
    Records(Records),
}

#[derive(Clone, Debug)]
pub(crate) struct Observations {
    pub time: Time,
    pub station: StationFrom,
    /// Station codes in the file → ours.
    pub station_codes: BTreeMap<String, String>,
    pub flag: Option<FlagColumn>,
    pub below: Below,
    pub states: States,
    pub shape: Shape,
}

#[derive(Clone, Debug)]
pub(crate) struct Time {
    pub span: Span,
    pub zone_ms: i64,
    pub label: HourLabel,
    pub order: DateOrder,
    /// Ways in which a file may state its time; the first that it has in full is used.
    pub ways: Vec<TimeWay>,
}

#[derive(Clone, Debug)]
pub(crate) enum TimeWay {
    /// Date and time in one column.
    One(Column),
    /// A date and an hour.
    DateHour(Column, Column),
    /// Year, month, day and perhaps hour.
    Parts { year: Column, month: Column, day: Column, hour: Option<Column> },
}

#[derive(Clone, Debug)]
pub(crate) enum StationFrom {
    /// From a column.
    Column(StationColumn),
    /// Always this one.
    Constant(String),
    /// From whoever imports the file.
    Given,
    /// Every value column names its own, or the header row does.
    Header,
}

/// Columns that name stations.
#[derive(Clone, Debug)]
pub(crate) struct StationColumn {
    /// Its code, or the only name that there is.
    pub code: Column,
    /// Its name, read where a file has no code.
    pub name: Option<Column>,
    /// What it is unique within.
    pub within: Option<Column>,
}

#[derive(Clone, Debug)]
pub(crate) struct FlagColumn {
    pub column: Column,
    /// Word in the file (folded) → flag.
    pub words: Vec<(String, Flag)>,
}

/// Marks of values below the detection limit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Below {
    pub prefixes: Vec<String>,
    pub suffixes: Vec<String>,
    pub words: Vec<String>,
}

/// Words for what a place was like, such as 断流: no value, and a value of 1 of a parameter that says so.
#[derive(Clone, Debug, Default)]
pub(crate) struct States {
    /// Column besides those of values in which a word may stand.
    pub column: Option<Column>,
    /// Folded word → parameter.
    pub words: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// One column a parameter.
    Wide(Vec<ValueColumn>),
    /// One row a value.
    Long { parameter: Column, value: Column, unit: Option<Column>, limit: Option<Column>, names: NameTable },
    /// One column a station, one row a parameter.
    ByStation { parameter: Column, names: NameTable },
}

#[derive(Clone, Debug)]
pub(crate) struct ValueColumn {
    pub column: Column,
    pub parameter: String,
    pub unit: String,
    pub optional: bool,
    pub station: Option<String>,
    /// Texts that stand for numbers, such as compass points.
    pub words: Vec<(String, Fixed)>,
    pub factor: Option<Factor>,
    pub limit: Option<Fixed>,
}

/// `value × by` is in the unit `to`.
#[derive(Clone, Debug)]
pub(crate) struct Factor {
    pub by: Fixed,
    pub to: String,
}

/// Names of parameters as a file writes them.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameTable {
    /// Folded name → parameter and unit.
    pub names: BTreeMap<String, NamedParameter>,
    /// Folded names that are known and not wanted.
    pub ignore: Vec<String>,
    /// Whether the parameter catalog's own codes and names are understood.
    pub catalog: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct NamedParameter {
    pub parameter: String,
    /// `None`: the file's unit column says.
    pub unit: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Records {
    pub fields: Vec<Field>,
    pub constants: BTreeMap<String, String>,
    pub items: Items,
    pub wide: Option<Wide>,
}

/// Fields of a record that a column of an item fills.
#[derive(Clone, Debug)]
pub(crate) struct Wide {
    pub item: String,
    pub value: String,
    pub unit: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub column: Column,
    pub field: String,
    pub kind: FieldKind,
    pub need: bool,
    /// A field with a day that this one's must not be before.
    pub not_before: Option<String>,
    /// Text in the file → text kept.
    pub translate: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug)]
pub(crate) enum FieldKind {
    Text,
    /// A number within bounds, both included.
    Number(Option<Fixed>, Option<Fixed>),
    Day,
    Year,
    /// Codes of the parameter catalog; none at all means every parameter, so a wrong one costs the row.
    Parameters,
    /// A year or a month: `2025`, `2025-03`.
    Period,
    /// An item of the table of items, kept as its code.
    Item,
    /// The unit of the row's value, which must be of the dimension of the row's item.
    Unit,
    /// WKT or GeoJSON, kept as it stands.
    Geometry,
}

impl NameTable {
    /// Adds a name unless the table has it already.
    pub(super) fn add(&mut self, key: &str, named: NamedParameter) {
        self.names.entry(key.to_string()).or_insert(named);
    }
}

impl Body {
    /// Whether a cell may hold a geometry.
    pub(crate) fn has_geometry(&self) -> bool {
        matches!(self, Body::Records(body) if body.fields.iter().any(|field| matches!(field.kind, FieldKind::Geometry)))
    }

    /// Every name that a column of values, items or fields may have.
    pub(crate) fn column_names(&self) -> Vec<&str> {
        let columns: Vec<&Column> = match self {
            Body::Observations(body) => match &body.shape {
                Shape::Wide(values) => values.iter().map(|value| &value.column).collect(),
                Shape::Long { .. } | Shape::ByStation { .. } => Vec::new(),
            },
            Body::Records(body) => {
                let items = body.wide.iter().flat_map(|_| body.items.list.iter().map(|item| &item.names));
                body.fields.iter().map(|field| &field.column).chain(items).collect()
            }
        };
        columns.into_iter().flat_map(|column| column.names.iter().map(String::as_str)).collect()
    }
}
