//! A kept value of a point, as the months are made of it. Filled by `server` from the lake.

use crate::graph::Source;
use domain::{Day, Fixed, Flag, Instant, Month, Observation, Ratio, Span, Text};
use standards::media::Reading;

/// The word of [`Observation::method`] that means a sample; every other is automatic.
const MANUAL: &str = "manual";

/// A value, a gap or a mark of one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// Parameter code.
    pub parameter: String,
    /// Averaging span.
    pub span: Span,
    /// End of the span, or the moment itself.
    pub time: Instant,
    /// Value in the parameter's unit; with [`Flag::Below`] the detection limit.
    pub value: Option<Fixed>,
    /// Quality flag.
    pub flag: Flag,
    /// Automatic or a sample.
    pub source: Source,
}

/// What became of a value: whether it is in the month's value, and why not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Whether it is in the month's value of its parameter.
    pub used: bool,
    /// Why not.
    pub why: Option<Text>,
}

impl Sampled {
    /// From the newest revision of an observation.
    pub fn of(own: &Observation) -> Sampled {
        Sampled {
            parameter: own.parameter.clone(),
            span: own.span,
            time: own.time,
            value: own.value,
            flag: own.flag,
            source: if own.method == MANUAL { Source::Manual } else { Source::Automatic },
        }
    }

    /// From a dense series of hours, which holds good values only.
    pub fn hour(parameter: &str, end: Instant, value: Fixed) -> Sampled {
        Sampled {
            parameter: parameter.to_string(),
            span: Span::Hour,
            time: end,
            value: Some(value),
            flag: Flag::Good,
            source: Source::Automatic,
        }
    }

    /// The day it belongs to: a span is named by its end, a sample by its moment.
    pub fn day(&self) -> Day {
        match self.span {
            Span::Instant => self.time.civil().0,
            Span::Hour | Span::Day | Span::Month | Span::Year => Instant(self.time.0 - 1).civil().0,
        }
    }

    /// The month it belongs to.
    pub fn month(&self) -> Month {
        self.day().month()
    }

    /// What it says; the error is why it cannot be used.
    pub(crate) fn reading(&self) -> Result<Reading, Text> {
        let value = match (self.flag, self.value) {
            (Flag::Missing, _) | (_, None) => return Err(Text::new("缺测", "missing")),
            (Flag::Invalid, _) => return Err(Text::new("标记为无效", "marked invalid")),
            (Flag::Good | Flag::Suspect | Flag::Below, Some(value)) => Ratio::from(value),
        };
        Ok(if self.flag == Flag::Below { Reading::Below(value) } else { Reading::Value(value) })
    }
}
