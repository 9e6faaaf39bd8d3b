//! `channels.csv` → what a code of HJ 212 is at an outlet, and how it is averaged.

use super::Scoped;
use super::file::{kinds, outlets};
use crate::problem::CatalogProblem;
use crate::sheet::{Row, Sheet};
use crate::standard::Header;
use domain::catalog::Files;
use domain::{Confidence, Fixed, Text};

/// What a code measures, as the formulas ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A concentration.
    Pollutant,
    /// Oxygen of the flue gas [%].
    Oxygen,
    /// Flow of waste gas or water.
    Flow,
    /// Velocity of flue gas.
    Velocity,
    /// Temperature of flue gas.
    Temperature,
    /// Static pressure of flue gas, above the atmosphere.
    Pressure,
    /// Moisture of flue gas [%].
    Moisture,
    /// Atmospheric pressure.
    Atmosphere,
    /// Anything else.
    Other,
}

/// How a code is averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MeanRule {
    /// Σx / n.
    Arithmetic,
    /// ΣC·Q / ΣQ, with the arithmetic mean beside it.
    FlowWeighted,
    /// The middle value, with the arithmetic mean beside it.
    Median,
    /// 10·lg(Σ10^(L/10) / n) of sound levels.
    Energy,
}

/// One code that a sum is made of: `times` × its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Code of HJ 212-2017 Annex B.
    pub code: String,
    /// Numerator of the factor.
    pub num: u32,
    /// Denominator of the factor.
    pub den: u32,
}

/// A code at a kind of outlet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Code of HJ 212-2017 Annex B; `*` for every code that has no line of its own.
    pub code: String,
    /// Name.
    pub name: Text,
    /// What it is.
    pub role: Role,
    /// The unit it is judged in; empty to leave it as sent.
    pub unit: String,
    /// How it is averaged.
    pub mean: MeanRule,
    /// Whether it is converted to the reference oxygen.
    pub convert: bool,
    /// Whether its amount is counted.
    pub mass: bool,
    /// The values sent are at the actual state and must be brought to the standard one.
    pub actual_state: bool,
    /// The values sent are of wet gas and must be brought to dry.
    pub wet: bool,
    /// Molar mass, for values in parts per million [g/mol].
    pub molar_g: Option<Fixed>,
    /// What it is the sum of where it is not sent itself.
    pub made_of: Vec<Part>,
    /// Confidence in the line.
    pub confidence: Confidence,
}

/// A unit of flow as a fraction of cubic metres an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowUnit {
    /// Symbol.
    pub unit: String,
    /// Cubic metres …
    pub m3: u32,
    /// … in so many seconds.
    pub seconds: u32,
    /// `m3` is to be divided by this.
    pub parts: u32,
}

const COLUMNS: [&str; 15] = [
    "outlets",
    "code",
    "name_zh",
    "name_en",
    "role",
    "unit",
    "mean",
    "convert",
    "mass",
    "actual",
    "wet",
    "molar_g",
    "made_of",
    "clause",
    "confidence",
];
const FLOW_COLUMNS: [&str; 4] = ["unit", "m3", "parts", "seconds"];
const ROLES: [(&str, Role); 9] = [
    ("pollutant", Role::Pollutant),
    ("oxygen", Role::Oxygen),
    ("flow", Role::Flow),
    ("velocity", Role::Velocity),
    ("temperature", Role::Temperature),
    ("pressure", Role::Pressure),
    ("moisture", Role::Moisture),
    ("atmosphere", Role::Atmosphere),
    ("other", Role::Other),
];
const MEANS: [(&str, MeanRule); 4] = [
    ("arithmetic", MeanRule::Arithmetic),
    ("flow-weighted", MeanRule::FlowWeighted),
    ("median", MeanRule::Median),
    ("energy", MeanRule::Energy),
];

impl Role {
    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        ROLES.iter().find(|(_, own)| *own == self).map_or("other", |(word, _)| word)
    }
}

impl MeanRule {
    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        MEANS.iter().find(|(_, own)| *own == self).map_or("arithmetic", |(word, _)| word)
    }
}

pub(super) fn read(
    files: &Files,
    header: &Header,
    file: &str,
    problems: &mut Vec<CatalogProblem>,
) -> Vec<Scoped<Channel>> {
    match Sheet::read_columns(files, &header.path(file), &COLUMNS) {
        Ok(sheet) => sheet.map(problems, |row| channel(row, header)),
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    }
}

fn channel(row: &Row, header: &Header) -> Result<Scoped<Channel>, CatalogProblem> {
    Ok(Scoped {
        outlets: row_outlets(row)?,
        clause: row.text("clause").to_string(),
        confidence: row.confidence("confidence", header.confidence)?,
        rule: Channel {
            code: row.required("code")?.to_string(),
            name: row.both("name")?,
            role: word(row, "role", &ROLES)?,
            unit: row.text("unit").to_string(),
            mean: word(row, "mean", &MEANS)?,
            convert: row.yes("convert")?,
            mass: row.yes("mass")?,
            actual_state: row.yes("actual")?,
            wet: row.yes("wet")?,
            molar_g: row.amount("molar_g")?,
            made_of: parts(row)?,
            confidence: row.confidence("confidence", header.confidence)?,
        },
    })
}

/// The column `outlets`: kinds joined by `;`.
pub(super) fn row_outlets(row: &Row) -> Result<Vec<domain::OutletKind>, CatalogProblem> {
    outlets(row.required("outlets")?.split(';')).map_err(|word| {
        let known = kinds();
        row.problem(
            format!("排放口类型 `{word}` 未知；可用：{known}"),
            format!("unknown kind of outlet `{word}`; the known ones are {known}"),
        )
    })
}

/// One of some words.
pub(super) fn word<T: Copy>(row: &Row, column: &str, known: &[(&str, T)]) -> Result<T, CatalogProblem> {
    let text = row.required(column)?;
    known.iter().find(|(own, _)| *own == text).map(|(_, value)| *value).ok_or_else(|| {
        let words = known.iter().map(|(own, _)| *own).collect::<Vec<_>>().join(", ");
        row.problem(
            format!("`{column}` 的值 `{text}` 未知；可用：{words}"),
            format!("`{column}` is `{text}`; write one of {words}"),
        )
    })
}

/// `a21003:46/30;a21004:1/1`.
fn parts(row: &Row) -> Result<Vec<Part>, CatalogProblem> {
    let text = row.text("made_of");
    let one = |part: &str| -> Option<Part> {
        let (code, factor) = part.split_once(':')?;
        let (num, den) = factor.split_once('/')?;
        let (num, den) = (num.parse().ok()?, den.parse().ok().filter(|den| *den > 0)?);
        Some(Part { code: code.to_string(), num, den })
    };
    text.split(';').filter(|part| !part.is_empty()).map(one).collect::<Option<Vec<Part>>>().ok_or_else(|| {
        row.problem(
            format!("`made_of` 的值 `{text}` 应写成 code:分子/分母;…"),
            format!("`made_of` is `{text}`: write code:numerator/denominator;…"),
        )
    })
}

pub(super) fn flow_units(
    files: &Files,
    header: &Header,
    file: &str,
    problems: &mut Vec<CatalogProblem>,
) -> Vec<FlowUnit> {
    match Sheet::read_columns(files, &header.path(file), &FLOW_COLUMNS) {
        Ok(sheet) => sheet.map(problems, |row| {
            let positive = |column: &str| match row.value::<u32>(column)? {
                0 => Err(row.problem(format!("`{column}` 不能为 0"), format!("`{column}` must not be 0"))),
                value => Ok(value),
            };
            Ok(FlowUnit {
                unit: row.required("unit")?.to_string(),
                m3: positive("m3")?,
                parts: positive("parts")?,
                seconds: positive("seconds")?,
            })
        }),
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    }
}
