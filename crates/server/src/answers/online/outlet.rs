//! Outlets: lists and the page of one.

use super::alerts::Alert;
use super::marks::Mark;
use super::wall::WallDevice;
use super::{AreaName, OutletRef, Parameter};
use crate::answers::Text;
use serde::Serialize;
use utoipa::ToSchema;

/// Outlet list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OutletList {
    /// Outlets.
    pub outlets: Vec<OutletRow>,
    /// Areas.
    pub areas: Vec<AreaName>,
    /// Simulated.
    pub simulated: bool,
}

/// One outlet of the list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OutletRow {
    /// Outlet.
    pub outlet: OutletRef,
    /// Lon.
    pub lon: Option<f64>,
    /// Lat.
    pub lat: Option<f64>,
    /// MN of its devices.
    pub devices: Vec<String>,
    /// Simulated.
    pub simulated: bool,
}

/// Outlet page.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OutletPage {
    /// Now.
    pub now: String,
    /// Outlet.
    pub outlet: Outlet,
    /// Devices.
    pub devices: Vec<WallDevice>,
    /// Channels.
    pub channels: Vec<OutletChannel>,
    /// Limits.
    pub limits: Vec<OutletLimit>,
    /// What is held, one row a cadence that has data, in the order realtime, minute, hour, day.
    pub held: Vec<HeldSpan>,
    /// Marks that touch the last 31 days.
    pub marks: Vec<Mark>,
    /// The newest fifty.
    pub alerts: Vec<Alert>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Simulated.
    pub simulated: bool,
}

/// Outlet.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Outlet {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Kind.
    pub kind: String,
    /// Area.
    pub area: AreaName,
    /// Enterprise.
    pub enterprise: String,
    /// Lon.
    pub lon: Option<f64>,
    /// Lat.
    pub lat: Option<f64>,
    /// Section m2.
    pub section_m2: Option<String>,
    /// Velocity factor.
    pub velocity_factor: Option<String>,
    /// Reference o2 percent.
    pub reference_o2_percent: Option<String>,
    /// Reference air ratio.
    pub reference_air_ratio: Option<String>,
    /// Note.
    pub note: String,
    /// Simulated.
    pub simulated: bool,
}

/// Outlet channel.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OutletChannel {
    /// Mn.
    pub mn: String,
    /// Code.
    pub code: String,
    /// Unit.
    pub unit: String,
    /// Resolution.
    pub resolution: Option<String>,
    /// Range low.
    pub range_low: Option<String>,
    /// Range high.
    pub range_high: Option<String>,
}

/// Outlet limit.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OutletLimit {
    /// Code.
    pub code: String,
    /// Statistic.
    pub statistic: String,
    /// Basis.
    pub basis: String,
    /// Kind.
    pub kind: String,
    /// Days; `to` null while it has no end.
    pub from: String,
    /// To.
    pub to: Option<String>,
    /// Low.
    pub low: Option<String>,
    /// High.
    pub high: Option<String>,
    /// Unit.
    pub unit: String,
    /// Document and clause.
    pub document: String,
}

/// Held span.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HeldSpan {
    /// Cadence.
    pub cadence: String,
    /// First.
    pub first: String,
    /// Last.
    pub last: String,
}
