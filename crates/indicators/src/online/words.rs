//! How exact numbers and times are written in statements: as text, like everywhere else in the answers; and the
//! notes that go with a value.

use domain::{Fixed, Instant, Text};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// Numbers and days as text.
pub(super) mod plain {
    use super::*;
    use std::fmt::Display;
    use std::str::FromStr;

    pub fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| D::Error::custom(format!("`{text}` cannot be read")))
    }
}

/// Numbers that may be absent.
pub(super) mod number {
    use super::*;

    pub fn serialize<S: Serializer>(value: &Option<Fixed>, to: S) -> Result<S::Ok, S::Error> {
        value.map(|value| value.to_string()).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Fixed>, D::Error> {
        match Option::<String>::deserialize(from)? {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|error| D::Error::custom(format!("`{text}`: {error}"))),
        }
    }
}

/// Moments as `2020-01-01T08:00:00+08:00`.
pub(super) mod time {
    use super::*;

    pub fn serialize<S: Serializer>(value: &Instant, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&value.to_iso())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Instant, D::Error> {
        let text = String::deserialize(from)?;
        Instant::parse(&text).map_err(|error| D::Error::custom(format!("`{text}`: {error}")))
    }
}

/// Moments that may be absent.
pub(super) mod moment {
    use super::*;

    pub fn serialize<S: Serializer>(value: &Option<Instant>, to: S) -> Result<S::Ok, S::Error> {
        value.map(Instant::to_iso).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Instant>, D::Error> {
        match Option::<String>::deserialize(from)? {
            None => Ok(None),
            Some(text) => {
                Instant::parse(&text).map(Some).map_err(|error| D::Error::custom(format!("`{text}`: {error}")))
            }
        }
    }
}

/// What a reader of a value should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// The period is not over.
    InProgress,
    /// Values came without a flag and were taken as normal.
    NoFlag,
    /// Values that could not be brought to the unit of judgement.
    UnitUnknown,
    /// No unit is registered; the usual one was taken.
    UnitAssumed,
    /// The number is too large to compute with, or physically impossible.
    OutOfRange,
    /// Oxygen at or above the guard: there is no converted value.
    OxygenTooHigh,
    /// Oxygen at or above the guard: the measured value stands in for the converted one.
    MeasuredAsConverted,
    /// No valid oxygen at the same time.
    NoOxygen,
    /// No reference oxygen is registered: converted is measured.
    NoReference,
    /// No valid temperature or pressure to bring the value to the standard state.
    NoState,
    /// Atmospheric pressure was assumed.
    AtmosphereAssumed,
    /// No valid flow at the same time.
    NoFlow,
    /// Nothing flowed: there is no mean weighted by flow.
    ZeroFlow,
    /// Flow was made of velocity and cross-section.
    FlowFromVelocity,
    /// The value is the sum of its parts.
    SumOfParts,
    /// Minutes were made of real-time values.
    FromRealTime,
    /// There are no minutes: the instrument's own hour was taken.
    FromInstrumentHour,
    /// Values made invalid by a mark.
    MarkedInvalid,
    /// Values during a marked stop.
    MarkedStopped,
    /// Values that a mark exempts from the limit.
    MarkedExempt,
    /// Values accepted by a review.
    ReviewedValid,
    /// Values rejected by a review.
    ReviewedInvalid,
    /// Rules are those of the nearest date; none is in force.
    RulesNotInForce,
    /// Days outside the range asked for are not known.
    PartOfMonth,
}

/// A note, and how many values or minutes it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// The note.
    pub note: Note,
    /// Of how many minutes (in an hour) or hours (in a day or month).
    pub count: u32,
}

/// Notes being gathered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Notes(BTreeMap<Note, u32>);

impl Notes {
    pub fn add(&mut self, note: Note, count: u32) {
        if count > 0 {
            *self.0.entry(note).or_default() += count;
        }
    }

    pub fn add_all(&mut self, other: &Notes) {
        other.0.iter().for_each(|(note, count)| self.add(*note, *count));
    }

    /// Each note of `other` counts once: it is of one hour.
    pub fn add_hour(&mut self, other: &Notes) {
        other.0.keys().for_each(|note| self.add(*note, 1));
    }

    pub fn list(&self) -> Vec<Noted> {
        self.0.iter().map(|(note, count)| Noted { note: *note, count: *count }).collect()
    }
}

impl Note {
    /// In words.
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            Note::InProgress => ("该时段尚未结束", "the period is not over"),
            Note::NoFlag => ("数据未带标志，按正常处理", "values came without a flag and were taken as normal"),
            Note::UnitUnknown => (
                "单位无法换算，数据未使用；请在通道登记表中更正单位",
                "the unit cannot be converted, the values are not used: correct it in the register of channels",
            ),
            Note::UnitAssumed => ("通道未登记单位，按常用单位处理", "no unit is registered; the usual one was taken"),
            Note::OutOfRange => (
                "数值过大或物理上不可能，未参与计算",
                "the number is too large or physically impossible and was left out",
            ),
            Note::OxygenTooHigh => (
                "含氧量不低于 21 %，无法折算，不给出折算值",
                "oxygen is 21 % or more: nothing to convert by, there is no converted value",
            ),
            Note::MeasuredAsConverted => (
                "含氧量不低于 21 %，以实测值代替折算值",
                "oxygen is 21 % or more: the measured value stands in for the converted one",
            ),
            Note::NoOxygen => ("同一时刻没有有效的含氧量，未折算", "no valid oxygen at the same time: not converted"),
            Note::NoReference => (
                "未登记基准含氧量，折算值等于实测值",
                "no reference oxygen is registered: the converted value is the measured one",
            ),
            Note::NoState => (
                "缺少有效的温度、压力或湿度，无法换算到标准干态",
                "no valid temperature, pressure or moisture to bring it to the dry standard state",
            ),
            Note::AtmosphereAssumed => {
                ("无大气压数据，采用假定值", "no atmospheric pressure is measured; the assumed one was taken")
            }
            Note::NoFlow => ("同一时刻没有有效流量", "no valid flow at the same time"),
            Note::ZeroFlow => ("流量为零，没有流量加权均值", "nothing flowed: there is no mean weighted by flow"),
            Note::FlowFromVelocity => ("流量由流速和截面积计算", "flow was made of velocity and cross-section"),
            Note::SumOfParts => ("由分项求和得到", "the value is the sum of its parts"),
            Note::FromRealTime => {
                ("无分钟数据，由实时数据求得", "there are no minute values; they were made of real-time ones")
            }
            Note::FromInstrumentHour => {
                ("无分钟数据，采用仪器自报小时值", "there are no minute values; the instrument's own hour was taken")
            }
            Note::MarkedInvalid => ("标记为无效", "marked as invalid"),
            Note::MarkedStopped => ("标记为停运", "marked as standing still"),
            Note::MarkedExempt => ("标记为不判超标", "marked as not to be judged by the limit"),
            Note::ReviewedValid => ("经审核认定有效", "accepted by a review"),
            Note::ReviewedInvalid => ("经审核认定无效", "rejected by a review"),
            Note::RulesNotInForce => {
                ("当日无生效规则，采用日期最近的规则", "no rule is in force on the day; the nearest in time was taken")
            }
            Note::PartOfMonth => ("仅含所查询的日期", "only the days asked for are in it"),
        };
        Text::new(zh, en)
    }
}
