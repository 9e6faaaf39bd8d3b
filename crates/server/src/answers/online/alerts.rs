//! Alerts as they are answered: made by `jobs::online::alerts`, given by the API and the stream of events.

use super::{Act, OutletRef, Parameter};
use crate::answers::{Confidence, Text};
use serde::Serialize;
use utoipa::ToSchema;

/// Alert list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AlertList {
    /// Alerts.
    pub alerts: Vec<Alert>,
    /// Of all alerts, whatever was asked.
    pub counts: AlertCounts,
    /// `before` of the next page; null when there is none.
    pub next: Option<String>,
    /// Simulated.
    pub simulated: bool,
}

/// Alerts by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertCounts {
    /// Still exceeding, nobody has seen it.
    pub open: u64,
    /// Still exceeding, somebody has seen it.
    pub acknowledged: u64,
    /// Over.
    pub recovered: u64,
}

/// Alert.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Alert {
    /// Id.
    pub id: String,
    /// Id of the rule, and what kind it is: `limit`, `no-data`, …
    pub rule: String,
    /// Kind.
    pub kind: String,
    /// Title.
    pub title: Text,
    /// The whole sentence: what was seen, what is allowed, since when.
    pub words: Text,
    /// Outlet.
    pub outlet: OutletRef,
    /// Mn.
    pub mn: String,
    /// null for an alert that is not about one parameter.
    pub parameter: Option<Parameter>,
    /// Cadence.
    pub cadence: Option<String>,
    /// Basis.
    pub basis: Option<String>,
    /// Unit.
    pub unit: String,
    /// The value that raised it, the worst since, and the limit.
    pub value: Option<String>,
    /// Worst.
    pub worst: Option<String>,
    /// Limit.
    pub limit: Option<String>,
    /// Document.
    pub document: Option<String>,
    /// Confidence.
    pub confidence: Confidence,
    /// State.
    pub state: String,
    /// The time of the first value that counted, and the moment the rule raised it.
    pub began: String,
    /// Raised.
    pub raised: String,
    /// Recovered.
    pub recovered: Option<String>,
    /// Acknowledged.
    pub acknowledged: Option<Act>,
    /// Frame.
    pub frame: Option<u64>,
    /// Simulated.
    pub simulated: bool,
}
