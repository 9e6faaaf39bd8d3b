//! Rule sets, standards and levels as the web lists them.

use super::{Confidence, Text};
use serde::Serialize;
use utoipa::ToSchema;

/// The standards that judge together in a span of dates.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RuleSet {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// First day in force.
    pub from: String,
    /// Last day in force.
    pub to: Option<String>,
    /// What it is made of.
    pub standards: Vec<RuleSetPart>,
}

/// A standard in a rule set.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RuleSetPart {
    /// Catalog id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Number.
    pub number: String,
    /// Confidence.
    pub confidence: Confidence,
}

/// A level of the air quality index.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Level {
    /// 1 to 6.
    pub level: u8,
    /// 优, 良 …
    pub class: Text,
    /// 一级 …
    pub name: Text,
    /// Colour of the standard, `#00E400`.
    pub color: String,
    /// First index value.
    pub aqi_from: u16,
    /// Last index value; null for the open class.
    pub aqi_to: Option<u16>,
    /// Effect on health.
    pub effect: Text,
    /// Advice.
    pub advice: Text,
}

/// A standard of the catalog.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Standard {
    /// Catalog id.
    pub id: String,
    /// Number as printed.
    pub number: String,
    /// Title.
    pub title: Text,
    /// Kind of standard.
    pub kind: String,
    /// First day in force.
    pub from: String,
    /// Last day in force.
    pub to: Option<String>,
    /// Confidence.
    pub confidence: Confidence,
    /// Where the numbers were read.
    pub source: String,
    /// Tables.
    pub tables: u32,
    /// Worked cases.
    pub cases: u32,
}
