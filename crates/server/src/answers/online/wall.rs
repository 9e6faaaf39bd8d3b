//! The wall of devices and their newest values.

use super::{AreaName, OutletRef, Parameter};
use serde::Serialize;
use utoipa::ToSchema;

/// Wall.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Wall {
    /// Now.
    pub now: String,
    /// Every registered device and every unknown one that sent something, by outlet code, then MN.
    pub devices: Vec<WallDevice>,
    /// Every code that stands in `devices`, by code.
    pub parameters: Vec<Parameter>,
    /// Every area that stands in `devices`, by code.
    pub areas: Vec<AreaName>,
    /// Simulated.
    pub simulated: bool,
}

/// Wall device.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WallDevice {
    /// Mn.
    pub mn: String,
    /// null when no register has the device.
    pub outlet: Option<OutletRef>,
    /// State.
    pub state: String,
    /// A connection is open now.
    pub connected: bool,
    /// When its newest frame came; null when none ever did.
    pub last_seen: Option<String>,
    /// The moment its newest values are of.
    pub data_time: Option<String>,
    /// `2005`, `2017`, `2025` or `mqtt`: what it speaks, or should when it has not spoken; null when unknown.
    pub generation: Option<String>,
    /// Vendor.
    pub vendor: Option<String>,
    /// Its newest value of every channel, in the register's order.
    pub values: Vec<WallValue>,
    /// Alerts not recovered.
    pub alerts: u64,
    /// Deviations counted since midnight.
    pub deviations_today: u64,
    /// Frames today.
    pub frames_today: u64,
    /// Simulated.
    pub simulated: bool,
}

/// Wall value.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WallValue {
    /// Code.
    pub code: String,
    /// Unit.
    pub unit: String,
    /// Time.
    pub time: String,
    /// Value.
    pub value: Option<String>,
    /// Converted to reference oxygen, when the instrument or the register gives it.
    pub converted: Option<String>,
    /// Flag.
    pub flag: Option<String>,
    /// Worst series test of this value; null when none was run yet.
    pub qc: Option<u8>,
    /// Limit in force, not below and not above: of this cadence, else of the hour; and which of the two values it is for.
    pub low: Option<String>,
    /// High.
    pub high: Option<String>,
    /// Basis.
    pub basis: Option<String>,
    /// Over.
    pub over: bool,
    /// The frame it came in.
    pub frame: Option<u64>,
}

/// The newest values of a device. `values` has only the parameters that came.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ValuesOf {
    /// Mn.
    pub mn: String,
    /// Outlet.
    pub outlet: Option<String>,
    /// Cadence.
    pub cadence: String,
    /// Data time.
    pub data_time: String,
    /// Received.
    pub received: String,
    /// Frame.
    pub frame: u64,
    /// Frames today.
    pub frames_today: u64,
    /// Deviations today.
    pub deviations_today: u64,
    /// Values.
    pub values: Vec<WallValue>,
}
