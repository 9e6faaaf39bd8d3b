//! What is kept of an alert: one event a step, with a body that alone tells the story.
//!
//! Made by `threshold`, kept by `server` under its once-key, folded by `alert`.

use crate::rule::{Basis, Grade, Method};
use crate::wire;
use domain::{Cadence, Confidence, Fixed, FrameId, Instant};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A step in the life of an alert that a rule makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// It begins.
    Raised,
    /// It lasts, or is worse.
    Updated,
    /// It is over.
    Recovered,
}

/// Why an alert is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Values are back within the limit, by the rule's hysteresis.
    Back,
    /// The value that raised it was revised and is within the limit.
    Revised,
    /// The value came late; what came before it had been judged already.
    Late,
    /// Data come again.
    DataAgain,
    /// The value changes again.
    Changes,
    /// The rule or the limit is no longer in force, or the device belongs elsewhere.
    NoLongerWatched,
}

/// On which side of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Above the upper bound.
    Above,
    /// Below the lower bound.
    Below,
}

/// The limit that a value was held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitRef {
    /// `permit`, `standard`, or `fixed` for a number of the rule.
    pub kind: String,
    /// Which bound.
    pub side: Side,
    /// The bound.
    #[serde(with = "wire::maybe_number")]
    pub bound: Option<Fixed>,
    /// Its unit.
    pub unit: String,
    /// Which values it is set for.
    pub statistic: Cadence,
    /// Document and clause.
    pub document: String,
}

/// What an alert is about: the rule, and the series or device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Id of the rule.
    pub rule: String,
    /// Its method.
    pub method: Method,
    /// How much it matters.
    pub grade: Grade,
    /// Confidence in the rule.
    pub confidence: Confidence,
    /// Outlet.
    pub outlet: String,
    /// Device.
    pub mn: String,
    /// Code of the pollutant; empty when the whole device is meant.
    pub code: String,
    /// Cadence of the values.
    pub cadence: Cadence,
    /// What they are; none when the whole device is meant.
    pub basis: Option<Basis>,
    /// Unit of the values.
    pub unit: String,
}

/// One step of one alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertEvent {
    /// Which step.
    pub step: Step,
    /// Id of the alert: the same for the same rule, series and start, however often values are fed.
    pub alert: String,
    /// What it is about.
    #[serde(flatten)]
    pub about: About,
    /// Time of the first value that counted, or the end of the last data; none when data never came.
    #[serde(with = "wire::maybe_moment")]
    pub began: Option<Instant>,
    /// Time of the value, or the moment, that made this step.
    #[serde(with = "wire::moment")]
    pub time: Instant,
    /// When the rule said so.
    #[serde(with = "wire::moment")]
    pub at: Instant,
    /// First value that counted.
    #[serde(with = "wire::maybe_number")]
    pub first: Option<Fixed>,
    /// Value that made this step.
    #[serde(with = "wire::maybe_number")]
    pub value: Option<Fixed>,
    /// Worst value so far.
    #[serde(with = "wire::maybe_number")]
    pub worst: Option<Fixed>,
    /// How many values were beyond so far.
    pub count: u32,
    /// The limit.
    pub limit: Option<LimitRef>,
    /// Frames of the first value and of this one.
    pub frames: Vec<FrameId>,
    /// Why it is over.
    pub reason: Option<Reason>,
}

impl Step {
    /// Every step.
    pub const ALL: [Step; 3] = [Step::Raised, Step::Updated, Step::Recovered];

    /// Kind of the event in the store.
    pub fn kind(self) -> &'static str {
        match self {
            Step::Raised => "alert-raised",
            Step::Updated => "alert-updated",
            Step::Recovered => "alert-recovered",
        }
    }
}

impl AlertEvent {
    /// Kind of the event in the store.
    pub fn kind(&self) -> &'static str {
        self.step.kind()
    }

    /// Key under which the store takes the event once, so that feeding again after a crash adds nothing.
    pub fn once(&self) -> String {
        match self.step {
            Step::Raised | Step::Recovered => format!("{}/{}", self.kind(), self.alert),
            Step::Updated => format!("{}/{}/{}", self.kind(), self.alert, self.time.0),
        }
    }

    /// Body of the event in the store.
    pub fn body(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("an event has only text keys and finite numbers")
    }
}

/// Id of an alert: a digest of what makes it the same alert, so that a replay gives the same.
pub(crate) fn alert_id(parts: &[&str]) -> String {
    digest_id("a", parts)
}

/// `prefix-` and 16 hex digits of SHA-256 over the parts, each ended by a byte that text does not hold.
pub(crate) fn digest_id(prefix: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0xff]);
    }
    let digest = hash.finalize();
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{prefix}-{hex}")
}
