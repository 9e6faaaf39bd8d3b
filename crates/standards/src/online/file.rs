//! The part `[online]` of `standard.toml` and its tables → the sections a standard gives.

use super::{Channel, FlagRule, FlowUnit, MarkKind, Rates, Scoped, State, Substitution, Validity};
use super::{channels, marks, substitution};
use crate::problem::CatalogProblem;
use crate::standard::Header;
use domain::catalog::Files;
use domain::{Confidence, Fixed, OutletKind};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

/// `[online]` as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnlineFile {
    #[serde(default)]
    validity: Vec<SectionFile<Validity>>,
    #[serde(default)]
    flags: Vec<SectionFile<FlagRule>>,
    #[serde(default)]
    state: Vec<SectionFile<State>>,
    #[serde(default)]
    rates: Vec<SectionFile<Rates>>,
    #[serde(default)]
    substitution: Vec<SectionFile<substitution::SubstitutionFile>>,
    /// File of the table of channels.
    channels: Option<String>,
    /// File of the table of flow units.
    flow_units: Option<String>,
    /// File of the table of kinds of marks.
    marks: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionFile<T> {
    outlets: Vec<String>,
    clause: String,
    confidence: Option<Confidence>,
    rule: T,
}

/// The sections of one standard.
#[derive(Clone, Debug)]
pub(crate) struct OnlinePart {
    pub validity: Vec<Scoped<Validity>>,
    pub flags: Vec<Scoped<FlagRule>>,
    pub state: Vec<Scoped<State>>,
    pub rates: Vec<Scoped<Rates>>,
    pub substitution: Vec<Scoped<Substitution>>,
    pub channels: Vec<Scoped<Channel>>,
    pub flow_units: Vec<FlowUnit>,
    pub marks: Vec<Scoped<MarkKind>>,
}

/// Reads an exact number written as an integer or as text.
pub(crate) fn exact<'de, D: Deserializer<'de>>(from: D) -> Result<Fixed, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Whole(i64),
        Text(String),
    }
    let text = match Written::deserialize(from)? {
        Written::Whole(whole) => whole.to_string(),
        Written::Text(text) => text,
    };
    text.parse().map_err(|error| D::Error::custom(format!("`{text}`: {error}")))
}

/// Reads what the part names.
pub(crate) fn read(
    files: &Files,
    header: &Header,
    own: &OnlineFile,
    problems: &mut Vec<CatalogProblem>,
) -> Option<OnlinePart> {
    let before = problems.len();
    let mut rows = Vec::new();
    for section in &own.substitution {
        let rule = substitution::read(files, header, &section.rule, problems);
        rows.extend(scoped(header, section, rule, problems));
    }
    let part = OnlinePart {
        validity: sections(header, &own.validity, problems),
        flags: sections(header, &own.flags, problems),
        state: sections(header, &own.state, problems),
        rates: sections(header, &own.rates, problems),
        substitution: rows,
        channels: own.channels.iter().flat_map(|file| channels::read(files, header, file, problems)).collect(),
        flow_units: own
            .flow_units
            .iter()
            .flat_map(|file| channels::flow_units(files, header, file, problems))
            .collect(),
        marks: own.marks.iter().flat_map(|file| marks::read(files, header, file, problems)).collect(),
    };
    (problems.len() == before).then_some(part)
}

fn sections<T: Clone>(
    header: &Header,
    written: &[SectionFile<T>],
    problems: &mut Vec<CatalogProblem>,
) -> Vec<Scoped<T>> {
    written.iter().filter_map(|section| scoped(header, section, section.rule.clone(), problems)).collect()
}

fn scoped<T, R>(
    header: &Header,
    section: &SectionFile<T>,
    rule: R,
    problems: &mut Vec<CatalogProblem>,
) -> Option<Scoped<R>> {
    match outlets(section.outlets.iter().map(String::as_str)) {
        Ok(outlets) => Some(Scoped {
            outlets,
            clause: section.clause.clone(),
            confidence: section.confidence.unwrap_or(header.confidence),
            rule,
        }),
        Err(word) => {
            let known = kinds();
            problems.push(CatalogProblem::file(
                header.path("standard.toml"),
                format!("排放口类型 `{word}` 未知；可用：{known}"),
                format!("unknown kind of outlet `{word}`; the known ones are {known}"),
            ));
            None
        }
    }
}

/// Kinds of outlet from their words; the first unknown word otherwise.
pub(crate) fn outlets<'a>(words: impl Iterator<Item = &'a str>) -> Result<Vec<OutletKind>, String> {
    words.map(|word| OutletKind::from_code(word).ok_or_else(|| word.to_string())).collect()
}

/// Every known kind of outlet, for messages.
pub(crate) fn kinds() -> String {
    OutletKind::ALL.map(OutletKind::code).join(", ")
}
