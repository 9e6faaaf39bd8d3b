//! How the gateway does, and who the operator is.

use crate::answers::Text;
use serde::Serialize;
use utoipa::ToSchema;

/// Gateway health.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GatewayHealth {
    /// The server's clock.
    pub now: String,
    /// True while frames are taken, made durable and answered.
    pub accepting: bool,
    /// Why not, when it is not: `off`, `disk-full`, `read-only`, `corrupt`, `io`, `stopping`. The words say what to do.
    pub reason: Option<GatewayReason>,
    /// Since when it is in this state.
    pub since: String,
    /// Where instruments connect (`127.0.0.1:9212`); null when it does not listen.
    pub hj212: Option<String>,
    /// The broker messages are read from; null without one.
    pub mqtt: Option<String>,
    /// Connections.
    pub connections: u64,
    /// Max connections.
    pub max_connections: u64,
    /// Frames read and not yet durable.
    pub queue: u64,
    /// In flight bytes.
    pub in_flight_bytes: u64,
    /// In flight limit bytes.
    pub in_flight_limit_bytes: u64,
    /// Memory of the process; null when the system does not tell.
    pub memory_bytes: Option<u64>,
    /// Frames in the journal, and the newest one.
    pub journal_frames: u64,
    /// Journal last.
    pub journal_last: Option<u64>,
    /// Counted since the start: at least `frames`, `answered`, `conforms`, `deviates`, `broken`, `refused`.
    pub counters: Vec<GatewayCounter>,
    /// Simulated.
    pub simulated: bool,
}

/// Gateway reason.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GatewayReason {
    /// Code.
    pub code: String,
    /// Message.
    pub message: Text,
}

/// Gateway counter.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GatewayCounter {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Value.
    pub value: u64,
}

/// Who the token is; 401 `no-operator` when nobody.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Operator {
    /// Name.
    pub name: String,
    /// Scopes.
    pub scopes: Vec<String>,
}
