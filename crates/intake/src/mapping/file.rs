//! The text form of a mapping: what a person may write in `mapping.toml`, before it is checked.
//! Every key is named here and nowhere else; an unknown key is refused, so that a slip is seen.

use domain::Text;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One word or a list of words.
#[derive(Clone, Debug, Deserialize, Default)]
#[serde(untagged)]
pub(super) enum Names {
    /// Nothing.
    #[default]
    None,
    /// `column = "time"`.
    One(String),
    /// `column = ["time", "时间"]`.
    Many(Vec<String>),
}

impl Names {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Names::None => Vec::new(),
            Names::One(name) => vec![name],
            Names::Many(names) => names,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingFile {
    pub id: String,
    pub title: Text,
    pub description: Text,
    pub into: String,
    pub formats: Vec<String>,
    /// Where the form comes from.
    pub source: String,
    #[serde(default)]
    pub method: Option<String>,
    #[serde(default)]
    pub delimiters: Option<Vec<String>>,
    #[serde(default)]
    pub encoding: Option<String>,
    #[serde(default)]
    pub sheets: Names,
    #[serde(default)]
    pub header_within: Option<u64>,
    #[serde(default)]
    pub header_rows: Option<u64>,
    #[serde(default)]
    pub missing: Option<Vec<String>>,
    #[serde(default)]
    pub ignore: Vec<String>,
    #[serde(default)]
    pub time: Option<TimePart>,
    #[serde(default)]
    pub station: Option<StationPart>,
    #[serde(default)]
    pub flag: Option<FlagPart>,
    #[serde(default)]
    pub below: Option<BelowPart>,
    #[serde(default)]
    pub states: Option<StatesPart>,
    /// A CSV beside the mapping with the columns `item,unit,names,limit`.
    #[serde(default)]
    pub items: Option<String>,
    #[serde(default)]
    pub values: Vec<ValuePart>,
    #[serde(default)]
    pub long: Option<LongPart>,
    #[serde(default)]
    pub by_station: Option<ByStationPart>,
    #[serde(default)]
    pub wide: Option<WidePart>,
    #[serde(default)]
    pub fields: Vec<FieldPart>,
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimePart {
    pub span: String,
    #[serde(default)]
    pub zone: Option<String>,
    #[serde(default)]
    pub hour_label: Option<String>,
    #[serde(default)]
    pub why: Option<Text>,
    #[serde(default)]
    pub order: Option<String>,
    /// Date and time in one column.
    #[serde(default)]
    pub column: Names,
    #[serde(default)]
    pub date: Names,
    #[serde(default)]
    pub year: Names,
    #[serde(default)]
    pub month: Names,
    #[serde(default)]
    pub day: Names,
    #[serde(default)]
    pub hour: Names,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StationPart {
    #[serde(default)]
    pub column: Names,
    /// Columns that name the station where a file has no `column`; beside one they are passed over.
    #[serde(default)]
    pub or: Names,
    /// What the names of the column are unique within, such as a province.
    #[serde(default)]
    pub within: Names,
    #[serde(default)]
    pub constant: Option<String>,
    /// Named by whoever imports the file.
    #[serde(default)]
    pub given: bool,
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FlagPart {
    pub column: Names,
    #[serde(default)]
    pub words: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BelowPart {
    #[serde(default)]
    pub prefixes: Vec<String>,
    #[serde(default)]
    pub suffixes: Vec<String>,
    #[serde(default)]
    pub words: Vec<String>,
}

/// Words that say what a place was like rather than what was measured there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatesPart {
    /// Columns besides those of values in which the words may stand.
    #[serde(default)]
    pub column: Names,
    /// Word → parameter that is 1 where the word stands.
    pub words: BTreeMap<String, String>,
}

/// One column an item, each a record of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WidePart {
    /// Field that gets the item's code.
    pub item: String,
    /// Field that gets the number.
    pub value: String,
    /// Field that gets the unit.
    pub unit: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ValuePart {
    pub column: Names,
    pub parameter: String,
    pub unit: String,
    #[serde(default)]
    pub optional: bool,
    #[serde(default)]
    pub station: Option<String>,
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    #[serde(default)]
    pub factor: Option<FactorPart>,
    /// Detection limit in `unit`, for words such as 未检出.
    #[serde(default)]
    pub limit: Option<String>,
}

/// A factor that no table of units can know, such as ppb to µg/m³ of one gas.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactorPart {
    pub by: String,
    pub to: String,
    pub source: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LongPart {
    pub parameter: Names,
    pub value: Names,
    #[serde(default)]
    pub unit: Names,
    /// Detection limit, in the unit of the row.
    #[serde(default)]
    pub limit: Names,
    /// Whether codes and names of the parameter catalog are understood.
    #[serde(default)]
    pub catalog: bool,
    #[serde(default)]
    pub names: BTreeMap<String, NamePart>,
    #[serde(default)]
    pub ignore_names: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ByStationPart {
    pub parameter: Names,
    pub names: BTreeMap<String, NamePart>,
    #[serde(default)]
    pub ignore_names: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamePart {
    pub parameter: String,
    #[serde(default)]
    pub unit: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldPart {
    pub column: Names,
    pub field: String,
    #[serde(default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub need: bool,
    #[serde(default)]
    pub min: Option<String>,
    #[serde(default)]
    pub max: Option<String>,
    /// Another field of kind `day`.
    #[serde(default)]
    pub not_before: Option<String>,
    /// A CSV beside the mapping with the columns `from,to`.
    #[serde(default)]
    pub translate: Option<String>,
}
