//! What a city registers beside its air stations and outlets: monitoring points of the other media, facts that
//! departments state, projects, polygons. Read from records by [`City::load`]; used by `indicators` and `server`.

mod load;
#[cfg(test)]
mod tests;

use crate::fixed::Fixed;
use crate::period::Day;
use std::collections::BTreeMap;

/// The register of a city.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct City {
    /// Monitoring points, by code and then by time. One point has several rows where what is said of it changed.
    pub points: Vec<Point>,
    /// Facts by their key.
    pub facts: BTreeMap<FactKey, Fact>,
    /// Projects by their code.
    pub projects: BTreeMap<String, Project>,
    /// Polygons, by layer, code and time.
    pub parcels: Vec<Parcel>,
}

/// Which medium a point watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Medium {
    /// 地表水断面.
    SurfaceWater,
    /// 集中式饮用水水源.
    DrinkingWater,
    /// 地下水.
    Groundwater,
    /// 黑臭水体.
    BlackOdorous,
    /// 生态流量控制断面.
    Flow,
    /// 土壤.
    Soil,
    /// 声环境.
    Noise,
    /// 排污口.
    Outfall,
}

/// A monitoring point, as it was from one day to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Code.
    pub code: String,
    /// First day for which this row holds; `None`: always.
    pub from: Option<Day>,
    /// Last day for which this row holds; `None`: until further notice.
    pub to: Option<Day>,
    /// Chinese name.
    pub name_zh: String,
    /// English name; the Chinese one where there is none.
    pub name_en: String,
    /// Medium.
    pub medium: Medium,
    /// What its standard asks to know: `river` or `lake`; a source's `river`, `lake` or `groundwater`; a noise
    /// function zone; a land use; `urban` or `rural`.
    pub kind: String,
    /// Area code.
    pub area: String,
    /// River, lake, well field or road.
    pub water_body: String,
    /// Basin.
    pub basin: String,
    /// Level, such as 国控, 省控, 市控, 县控.
    pub level: String,
    /// What it must reach, as text: a class, a flow with its unit.
    pub target: String,
    /// Networks it belongs to; an indicator names the network that it counts.
    pub networks: Vec<String>,
    /// Its name in the files of others.
    pub source_name: String,
    /// Longitude, as given [°].
    pub lon_deg: Option<f64>,
    /// Latitude, as given [°].
    pub lat_deg: Option<f64>,
    /// Datum of the position: `cgcs2000`, `wgs84`, `gcj02`, `bd09`, `unknown`.
    pub datum: String,
    /// Whether its data are made up for demonstration (模拟).
    pub simulated: bool,
    /// Document.
    pub document: String,
    /// Note.
    pub note: String,
}

/// What a fact is about: feature, item, period.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactKey {
    /// Code of the area, point, project or parcel.
    pub feature: String,
    /// Item of the catalog of facts.
    pub item: String,
    /// `2025` or `2025-03`.
    pub period: String,
}

/// A number that a department states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub key: FactKey,
    /// Value, in `unit`.
    pub value: Fixed,
    /// Unit as written.
    pub unit: String,
    /// Who states it.
    pub department: String,
    /// Document.
    pub document: String,
    /// Whether it is made up for demonstration (模拟).
    pub simulated: bool,
    /// Note.
    pub note: String,
    /// Id of its import.
    pub import: String,
    /// Row in the file of its import.
    pub row: u64,
}

/// How far a project is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProjectState {
    /// 计划.
    Planned,
    /// 在建.
    Building,
    /// 已验收.
    Accepted,
    /// 已核定: accepted, and its effect confirmed by the province.
    Verified,
    /// 不予认定.
    Rejected,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Code.
    pub code: String,
    /// Id of the plan's list that it carries out, such as `P5-12`, or empty.
    pub plan_project: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name; the Chinese one where there is none.
    pub name_en: String,
    /// Area code.
    pub area: String,
    /// Class of the reduction formula that applies, or empty.
    pub class: String,
    /// Facility it works on: two projects of one facility are looked at for double counting.
    pub facility: String,
    /// How far it is.
    pub state: ProjectState,
    /// Day from which it works.
    pub from: Option<Day>,
    /// Day it ended.
    pub to: Option<Day>,
    /// Document.
    pub document: String,
    /// Whether it is made up for demonstration (模拟).
    pub simulated: bool,
    /// Note.
    pub note: String,
    /// Id of its import.
    pub import: String,
    /// Row in the file of its import.
    pub row: u64,
}

/// A polygon of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Code.
    pub code: String,
    /// Layer, such as `redline-baseline` or `redline-current`.
    pub layer: String,
    /// First day for which it holds; `None`: always.
    pub from: Option<Day>,
    /// Last day for which it holds; `None`: until further notice.
    pub to: Option<Day>,
    /// Chinese name.
    pub name_zh: String,
    /// English name; the Chinese one where there is none.
    pub name_en: String,
    /// Area code.
    pub area: String,
    /// Land class.
    pub land_class: String,
    /// Datum of the geometry: `cgcs2000`, `wgs84`, `gcj02`, `bd09`, `unknown`.
    pub datum: String,
    /// Geometry as WKT or GeoJSON.
    pub geometry: String,
    /// Document.
    pub document: String,
    /// Whether it is made up for demonstration (模拟).
    pub simulated: bool,
    /// Note.
    pub note: String,
}

impl City {
    /// The row of a point that holds on a day.
    pub fn point(&self, code: &str, day: Day) -> Option<&Point> {
        self.points.iter().find(|point| point.code == code && point.holds(day))
    }

    /// A fact.
    pub fn fact(&self, feature: &str, item: &str, period: &str) -> Option<&Fact> {
        let key = FactKey { feature: feature.to_string(), item: item.to_string(), period: period.to_string() };
        self.facts.get(&key)
    }
}

impl Point {
    /// Whether this row holds on a day.
    pub fn holds(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether it belongs to a network.
    pub fn is_in(&self, network: &str) -> bool {
        self.networks.iter().any(|own| own == network)
    }

    /// Name in both languages.
    pub fn name(&self) -> crate::text::Text {
        named(&self.code, &self.name_zh, &self.name_en)
    }
}

impl Project {
    /// Name in both languages.
    pub fn name(&self) -> crate::text::Text {
        named(&self.code, &self.name_zh, &self.name_en)
    }
}

impl Parcel {
    /// Whether it holds on a day.
    pub fn holds(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Name in both languages.
    pub fn name(&self) -> crate::text::Text {
        named(&self.code, &self.name_zh, &self.name_en)
    }
}

fn named(code: &str, zh: &str, en: &str) -> crate::text::Text {
    let zh = if zh.is_empty() { code } else { zh };
    crate::text::Text::new(zh, if en.is_empty() { zh } else { en })
}

impl Medium {
    /// Every medium.
    pub const ALL: [Medium; 8] = [
        Medium::SurfaceWater,
        Medium::DrinkingWater,
        Medium::Groundwater,
        Medium::BlackOdorous,
        Medium::Flow,
        Medium::Soil,
        Medium::Noise,
        Medium::Outfall,
    ];

    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Medium::SurfaceWater => "surface-water",
            Medium::DrinkingWater => "drinking-water",
            Medium::Groundwater => "groundwater",
            Medium::BlackOdorous => "black-odorous",
            Medium::Flow => "flow",
            Medium::Soil => "soil",
            Medium::Noise => "noise",
            Medium::Outfall => "outfall",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<Medium> {
        Medium::ALL.into_iter().find(|medium| medium.code() == code)
    }
}

impl Medium {
    /// In both languages.
    pub fn name(self) -> crate::text::Text {
        use crate::text::Text;
        match self {
            Medium::SurfaceWater => Text::new("地表水", "surface water"),
            Medium::DrinkingWater => Text::new("饮用水水源", "drinking-water sources"),
            Medium::Groundwater => Text::new("地下水", "groundwater"),
            Medium::BlackOdorous => Text::new("黑臭水体", "black-odorous water"),
            Medium::Flow => Text::new("生态流量", "ecological flow"),
            Medium::Soil => Text::new("土壤", "soil"),
            Medium::Noise => Text::new("声环境", "noise"),
            Medium::Outfall => Text::new("排污口", "outfalls"),
        }
    }
}

impl ProjectState {
    /// Every state, in order.
    pub const ALL: [ProjectState; 5] = [
        ProjectState::Planned,
        ProjectState::Building,
        ProjectState::Accepted,
        ProjectState::Verified,
        ProjectState::Rejected,
    ];

    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            ProjectState::Planned => "planned",
            ProjectState::Building => "building",
            ProjectState::Accepted => "accepted",
            ProjectState::Verified => "verified",
            ProjectState::Rejected => "rejected",
        }
    }

    /// Back from its word, or the word of forms: 计划, 在建, 已验收, 已核定, 不予认定.
    pub fn from_word(word: &str) -> Option<ProjectState> {
        ProjectState::ALL.into_iter().find(|state| state.code() == word || state.name().zh == word)
    }

    /// In both languages.
    pub fn name(self) -> crate::text::Text {
        use crate::text::Text;
        match self {
            ProjectState::Planned => Text::new("计划", "planned"),
            ProjectState::Building => Text::new("在建", "under construction"),
            ProjectState::Accepted => Text::new("已验收", "accepted"),
            ProjectState::Verified => Text::new("已核定", "verified"),
            ProjectState::Rejected => Text::new("不予认定", "not recognised"),
        }
    }
}
