//! The register of online monitoring: outlets, devices, their channels and limits. All come from imports.
//!
//! A row that cannot be read whole is told by [`Register::load`]; the rest stays usable. `server` loads it from
//! the lake's records; the gateway, the rules and the pages look things up in it.

mod load;

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
    /// Minutes between minute values; 10 where the register does not say (our choice, told as a note).
    pub minute_interval_min: u32,
    /// Seconds between real-time values; 60 where the register does not say (our choice, told as a note).
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
    /// Value it is for, one of [`OutletLimit::STATISTICS`].
    pub statistic: String,
    /// One of [`OutletLimit::BASES`]: as measured, converted to reference oxygen, or an amount in the period.
    pub basis: String,
    /// One of [`OutletLimit::KINDS`].
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

impl OutletLimit {
    /// Words of `statistic`.
    pub const STATISTICS: [&str; 4] = ["realtime", "minute", "hour", "day"];
    /// Words of `basis`.
    pub const BASES: [&str; 3] = ["measured", "converted", "mass"];
    /// Words of `kind`.
    pub const KINDS: [&str; 2] = ["permit", "standard"];

    /// Whether it is in force on a day; first and last day included.
    pub fn in_force(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

impl Device {
    /// Whether it is in use on a day; first and last day included, an unstated end is open.
    pub fn in_use(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

impl Register {
    /// A device by its MN.
    pub fn device(&self, mn: &str) -> Option<&Device> {
        self.devices.get(mn)
    }

    /// The outlet that a device speaks for; `None` for an unknown device and for one whose outlet is not listed.
    pub fn outlet_of(&self, mn: &str) -> Option<&Outlet> {
        self.outlets.get(&self.devices.get(mn)?.outlet)
    }

    /// Whether a device is known and in use on a day.
    pub fn in_use(&self, mn: &str, day: Day) -> bool {
        self.device(mn).is_some_and(|device| device.in_use(day))
    }

    /// The devices of an outlet, in order of MN, in use or not.
    pub fn devices_of(&self, outlet: &str) -> impl Iterator<Item = &Device> {
        self.devices.values().filter(move |device| device.outlet == outlet)
    }

    /// One channel of a device.
    pub fn channel(&self, mn: &str, code: &str) -> Option<&Channel> {
        self.channels.get(&(mn.to_string(), code.to_string()))
    }

    /// The channels of a device, in order of code.
    pub fn channels_of(&self, mn: &str) -> impl Iterator<Item = &Channel> {
        let first = (mn.to_string(), String::new());
        self.channels.range(first..).map(|(_, channel)| channel).take_while(move |channel| channel.mn == mn)
    }

    /// Every limit of an outlet for a pollutant, in force or not, in order of statistic, basis, kind and first day.
    pub fn all_limits_of(&self, outlet: &str, code: &str) -> &[OutletLimit] {
        self.limits.get(&(outlet.to_string(), code.to_string())).map_or(&[], Vec::as_slice)
    }

    /// The limits of an outlet for a pollutant that are in force on a day.
    pub fn limits_of(&self, outlet: &str, code: &str, day: Day) -> Vec<&OutletLimit> {
        self.all_limits_of(outlet, code).iter().filter(|limit| limit.in_force(day)).collect()
    }
}

#[cfg(test)]
mod tests;
