//! Observations: readings once the lake has kept them, bitemporal and never changed.

use crate::fixed::Fixed;
use crate::period::{Hour, Instant, Span};
use serde::{Deserialize, Serialize};

/// Quality flag of a value. It stands beside the value and never changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flag {
    /// No doubt known.
    Good,
    /// The source says the value is missing.
    Missing,
    /// Taken, with a doubt.
    Suspect,
    /// The source marks it invalid: kept, not used.
    Invalid,
    /// Below the detection limit: the value is the limit.
    Below,
}

/// One kept value with everything that tells where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Station code.
    pub station: String,
    /// Parameter code.
    pub parameter: String,
    /// Averaging span.
    pub span: Span,
    /// Phenomenon time: end of the span.
    pub time: Instant,
    /// Value in the parameter's canonical unit.
    pub value: Option<Fixed>,
    /// Quality flag.
    pub flag: Flag,
    /// How it was obtained: `automatic`, `manual`, …
    pub method: String,
    /// Import that brought it.
    pub import: String,
    /// Row in the source file.
    pub row: u64,
    /// 0 for the first value of this place and time, 1 for its first correction …
    pub revision: u16,
    /// Number of the commit that made it visible.
    pub commit: u32,
    /// When it was recorded.
    pub recorded: Instant,
}

/// A dense run of hourly values of one station and parameter, as the averaging functions want it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourSeries {
    /// Station code.
    pub station: String,
    /// Parameter code.
    pub parameter: String,
    /// The hour of `values[0]`.
    pub first: Hour,
    /// One value an hour, in millionths of the canonical unit; [`HourSeries::GAP`] where there is none.
    pub values: Vec<i64>,
}

impl Flag {
    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Flag::Good => "good",
            Flag::Missing => "missing",
            Flag::Suspect => "suspect",
            Flag::Invalid => "invalid",
            Flag::Below => "below",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<Flag> {
        [Flag::Good, Flag::Missing, Flag::Suspect, Flag::Invalid, Flag::Below]
            .into_iter()
            .find(|flag| flag.code() == code)
    }

    /// Whether a value with this flag takes part in statistics.
    pub fn counts(self) -> bool {
        matches!(self, Flag::Good | Flag::Suspect | Flag::Below)
    }
}

impl HourSeries {
    /// Marks an hour without a valid value.
    pub const GAP: i64 = i64::MIN;

    /// The value of an hour, if there is one.
    pub fn at(&self, hour: Hour) -> Option<Fixed> {
        let index = usize::try_from(i64::from(hour.0) - i64::from(self.first.0)).ok()?;
        self.values.get(index).filter(|value| **value != HourSeries::GAP).map(|value| Fixed::from_millionths(*value))
    }
}
