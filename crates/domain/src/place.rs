//! Places: areas, stations, and the exceptional periods of an area. All come from imports, none from code.

use crate::period::Day;
use crate::record::Record;

/// A city or county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Code, by custom the GB/T 2260 code of the place.
    pub id: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Code of the area it belongs to, or empty.
    pub parent: String,
    /// Plan that it is measured against, or empty.
    pub plan: String,
    /// Boundary file of the map, or empty.
    pub map: String,
    /// What a reader should know, such as an attribution.
    pub note: String,
    /// The same in English, or empty.
    pub note_en: String,
}

/// A monitoring station.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// Code, unique.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Code of its area.
    pub area: String,
    /// Longitude, degrees, in `datum`.
    pub lon_deg: Option<f64>,
    /// Latitude, degrees, in `datum`.
    pub lat_deg: Option<f64>,
    /// `wgs84`, `cgcs2000`, `gcj02`, `bd09`, or `unknown`.
    pub datum: String,
    /// National, provincial, city control point, or empty.
    pub level: String,
    /// First day in use, if stated.
    pub from: Option<Day>,
    /// Last day in use, if stated.
    pub to: Option<Day>,
}

/// A documented exceptional period (sand-dust, fireworks …). It never deletes data: statistics are made
/// with and without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Area it applies to.
    pub area: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Parameter codes; empty means all.
    pub parameters: Vec<String>,
    /// Why.
    pub reason: String,
    /// The document that says so.
    pub document: String,
}

impl Area {
    /// From a kept record.
    pub fn from_record(record: &Record) -> Area {
        let text = |column: &str| record.get(column).to_string();
        Area {
            id: text("area"),
            name_zh: text("name_zh"),
            name_en: text("name_en"),
            parent: text("parent"),
            plan: text("plan"),
            map: text("map"),
            note: text("note"),
            note_en: text("note_en"),
        }
    }

    /// The note in both languages; the Chinese one stands in for an English one that is not there.
    pub fn note(&self) -> crate::text::Text {
        let en = if self.note_en.is_empty() { &self.note } else { &self.note_en };
        crate::text::Text::new(&self.note, en)
    }

    /// Whether a person who typed `name` means this area: its code, its Chinese name with or without 市,
    /// its English name in any case.
    pub fn is_called(&self, name: &str) -> bool {
        let name = name.trim();
        let short = |text: &str| text.trim_end_matches(['市', '县', '区']).to_string();
        !name.is_empty()
            && (self.id == name
                || self.name_zh == name
                || (!self.name_zh.is_empty() && short(&self.name_zh) == short(name))
                || self.name_en.eq_ignore_ascii_case(name))
    }
}

impl Station {
    /// From a kept record.
    pub fn from_record(record: &Record) -> Station {
        let text = |column: &str| record.get(column).to_string();
        Station {
            code: text("station"),
            name_zh: text("name_zh"),
            name_en: text("name_en"),
            area: text("area"),
            lon_deg: record.get("lon").parse().ok(),
            lat_deg: record.get("lat").parse().ok(),
            datum: text("datum"),
            level: text("level"),
            from: record.get("from").parse().ok(),
            to: record.get("to").parse().ok(),
        }
    }
}

impl Exclusion {
    /// From a kept record; `None` if its dates cannot be read.
    pub fn from_record(record: &Record) -> Option<Exclusion> {
        Some(Exclusion {
            area: record.get("area").to_string(),
            from: record.get("from").parse().ok()?,
            to: record.get("to").parse().ok()?,
            parameters: record
                .get("parameters")
                .split([';', ' '])
                .filter(|p| !p.is_empty())
                .map(str::to_string)
                .collect(),
            reason: record.get("reason").to_string(),
            document: record.get("document").to_string(),
        })
    }

    /// Whether it covers a parameter on a day.
    pub fn covers(&self, parameter: &str, day: Day) -> bool {
        self.from <= day
            && day <= self.to
            && (self.parameters.is_empty() || self.parameters.iter().any(|code| code == parameter))
    }
}
