//! The register of online monitoring: outlets, devices, their channels and limits. All come from imports.
//!
//! A row that cannot be read whole is told by [`Register::load`]; the rest stays usable.

use crate::fixed::Fixed;
use crate::period::Day;

/// What an outlet lets out, or what a station watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutletKind {
    /// Flue gas (HJ 75, HJ 76).
    Gas,
    /// Waste water (HJ 353 to HJ 356).
    Water,
    /// An ambient air station.
    Air,
    /// A surface-water station.
    SurfaceWater,
    /// A noise station.
    Noise,
    /// A micro-station that speaks MQTT.
    Micro,
}

/// A place where something is measured online: a stack, a waste-water outlet, a station.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlet {
    /// Code, unique (HJ 608: DA001, DW001 after the enterprise's code; a station's code for stations).
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Enterprise or operator, as text.
    pub enterprise: String,
    /// Code of its area.
    pub area: String,
    /// What it is.
    pub kind: OutletKind,
    /// Longitude, degrees (WGS 84).
    pub lon_deg: Option<f64>,
    /// Latitude, degrees (WGS 84).
    pub lat_deg: Option<f64>,
    /// Cross-section of the stack at the sampling point, m².
    pub section_m2: Option<Fixed>,
    /// Velocity field coefficient Kv of HJ 75.
    pub velocity_factor: Option<Fixed>,
    /// Reference oxygen of the emission standard, %.
    pub reference_o2_percent: Option<Fixed>,
    /// Reference excess-air ratio α_s, for standards that give that instead.
    pub reference_air_ratio: Option<Fixed>,
    /// All that it says is simulated.
    pub simulated: bool,
    /// What a reader should know.
    pub note: String,
}

/// An instrument's logger, that speaks for one outlet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Device code `MN`.
    pub mn: String,
    /// Code of its outlet.
    pub outlet: String,
    /// System code `ST` it should send.
    pub st: String,
    /// Protocol generation it should speak: `2005`, `2017`, `2025`, `mqtt`.
    pub generation: String,
    /// Vendor.
    pub vendor: String,
    /// Model.
    pub model: String,
    /// Addresses it may come from: single addresses or `a.b.c.d/n`, empty for any.
    pub networks: Vec<String>,
    /// Minutes between minute values.
    pub minute_interval_min: u32,
    /// Seconds between real-time values.
    pub realtime_interval_s: u32,
    /// First day in use, if stated.
    pub from: Option<Day>,
    /// Last day in use, if stated.
    pub to: Option<Day>,
}

/// One pollutant of one device: its unit at this site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Device code.
    pub mn: String,
    /// Code of HJ 212-2017 Annex B.
    pub code: String,
    /// Unit in which this site sends it (Annex B's own default is not trusted).
    pub unit: String,
    /// Smallest step of the instrument, in `unit`.
    pub resolution: Option<Fixed>,
    /// Lower end of the measuring range, in `unit`.
    pub range_low: Option<Fixed>,
    /// Upper end of the measuring range, in `unit`.
    pub range_high: Option<Fixed>,
}

/// A permit's or a standard's limit for an outlet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutletLimit {
    /// Code of the outlet.
    pub outlet: String,
    /// Code of HJ 212-2017 Annex B.
    pub code: String,
    /// Value it is for: `realtime`, `minute`, `hour`, `day`.
    pub statistic: String,
    /// `measured`, `converted` (to reference oxygen), `mass` (kg in the period).
    pub basis: String,
    /// `permit` or `standard`.
    pub kind: String,
    /// First day.
    pub from: Day,
    /// Last day, if stated.
    pub to: Option<Day>,
    /// Not below.
    pub low: Option<Fixed>,
    /// Not above.
    pub high: Option<Fixed>,
    /// Unit of both.
    pub unit: String,
    /// Document and clause.
    pub document: String,
}

/// The whole register, as the gateway, the rules and the pages use it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Register {
    /// Outlets by code.
    pub outlets: std::collections::BTreeMap<String, Outlet>,
    /// Devices by MN.
    pub devices: std::collections::BTreeMap<String, Device>,
    /// Channels by (MN, code).
    pub channels: std::collections::BTreeMap<(String, String), Channel>,
    /// Limits, by outlet then code.
    pub limits: std::collections::BTreeMap<(String, String), Vec<OutletLimit>>,
}

impl OutletKind {
    /// Every kind.
    pub const ALL: [OutletKind; 6] = [
        OutletKind::Gas,
        OutletKind::Water,
        OutletKind::Air,
        OutletKind::SurfaceWater,
        OutletKind::Noise,
        OutletKind::Micro,
    ];

    /// The word used in files, SQL and addresses.
    pub fn code(self) -> &'static str {
        match self {
            OutletKind::Gas => "gas",
            OutletKind::Water => "water",
            OutletKind::Air => "air",
            OutletKind::SurfaceWater => "surface-water",
            OutletKind::Noise => "noise",
            OutletKind::Micro => "micro",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<OutletKind> {
        OutletKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
