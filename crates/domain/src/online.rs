//! Online monitoring: what an instrument's message says, before anything is judged. Made by
//! `intake::hj212` and `intake::micro`, kept raw by `store`, judged by `observe::online`.
//!
//! Codes are those of HJ 212-2017 Annex B, whichever generation sent them; a code nobody knows stays as
//! it was sent.

use crate::fixed::Fixed;
use crate::period::Instant;
use serde::{Deserialize, Serialize};

/// Number of a raw frame in the journal, rising in the order in which frames became durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FrameId(pub u64);

/// How often a value of a message comes: HJ 212 commands 2011, 2051, 2061 and 2031.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cadence {
    /// One reading; its time is the moment of the reading.
    RealTime,
    /// Mean of some minutes; its time is the **start** of the period.
    Minute,
    /// Mean of an hour as the instrument has it; its time is the **start** of the hour.
    Hour,
    /// Mean of a day as the instrument has it; its time is the **start** of the day.
    Day,
}

/// The mark an instrument sets on a value (HJ 212-2017, 6.6.4 and notes to C.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DataFlag {
    /// 正常: normal.
    N,
    /// 停运: the monitored plant or outlet stands still.
    F,
    /// 维护: maintenance.
    M,
    /// 手工设定: set by hand.
    S,
    /// 故障: instrument fault.
    D,
    /// 校准: calibration.
    C,
    /// 超测量上限: above the measuring range.
    T,
    /// 与数采仪通讯异常: no connection between instrument and logger.
    B,
}

/// One item of a message: all that it says of one pollutant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnlineItem {
    /// Code of HJ 212-2017 Annex B, or as sent when it is not in any table.
    pub code: String,
    /// Code as it stands in the frame.
    pub sent_code: String,
    /// `-Rtd`.
    pub rtd: Option<Fixed>,
    /// `-Min`.
    pub min: Option<Fixed>,
    /// `-Avg` (or `-Data` of noise).
    pub avg: Option<Fixed>,
    /// `-Max`.
    pub max: Option<Fixed>,
    /// `-Cou`: the amount in the period.
    pub cou: Option<Fixed>,
    /// `-ZsRtd`, converted to reference oxygen by the instrument.
    pub zs_rtd: Option<Fixed>,
    /// `-ZsMin`.
    pub zs_min: Option<Fixed>,
    /// `-ZsAvg`.
    pub zs_avg: Option<Fixed>,
    /// `-ZsMax`.
    pub zs_max: Option<Fixed>,
    /// `-Flag`, if it is one of the eight.
    pub flag: Option<DataFlag>,
    /// `-SampleTime`.
    pub sample_time: Option<Instant>,
    /// Every other field, or one whose value could not be read, as sent.
    pub other: Vec<(String, String)>,
}

/// What one frame (one part of a message) says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlineMessage {
    /// Where the raw frame is.
    pub frame: FrameId,
    /// Device, as it names itself.
    pub mn: String,
    /// System code `ST`.
    pub st: String,
    /// Which kind of data.
    pub cadence: Cadence,
    /// `DataTime`: see [`Cadence`] for what it means.
    pub time: Instant,
    /// `(PNUM, PNO)`, `(1, 1)` when the message has one part.
    pub part: (u32, u32),
    /// Sent again (`RF=1` of HJ 212-2025).
    pub resent: bool,
    /// Items in the order sent.
    pub items: Vec<OnlineItem>,
}

impl OnlineMessage {
    /// Days after its receipt that the time of a message may lie: simulated time runs ahead. Our choice.
    pub const AHEAD_DAYS: i64 = 31;
    /// No message is of a time before: 2000-01-01T00:00+08:00, years before the first generation. Our choice.
    pub const EARLIEST: Instant = Instant(946_656_000_000);

    /// Whether its time can be meant: one far ahead of its receipt, or before there were instruments that speak so, is a
    /// clock gone wrong. Such a message is kept and told, but is nobody's value.
    pub fn is_plausible(&self, received: Instant) -> bool {
        const DAY_MS: i64 = 24 * crate::period::HOUR_MS;
        OnlineMessage::EARLIEST <= self.time
            && self.time.0.saturating_sub(received.0) <= OnlineMessage::AHEAD_DAYS * DAY_MS
    }
}

impl Cadence {
    /// Every cadence.
    pub const ALL: [Cadence; 4] = [Cadence::RealTime, Cadence::Minute, Cadence::Hour, Cadence::Day];

    /// The word used in files, SQL and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Cadence::RealTime => "realtime",
            Cadence::Minute => "minute",
            Cadence::Hour => "hour",
            Cadence::Day => "day",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<Cadence> {
        Cadence::ALL.into_iter().find(|cadence| cadence.code() == code)
    }
}

impl DataFlag {
    /// Every flag.
    pub const ALL: [DataFlag; 8] =
        [DataFlag::N, DataFlag::F, DataFlag::M, DataFlag::S, DataFlag::D, DataFlag::C, DataFlag::T, DataFlag::B];

    /// The letter.
    pub fn letter(self) -> char {
        match self {
            DataFlag::N => 'N',
            DataFlag::F => 'F',
            DataFlag::M => 'M',
            DataFlag::S => 'S',
            DataFlag::D => 'D',
            DataFlag::C => 'C',
            DataFlag::T => 'T',
            DataFlag::B => 'B',
        }
    }

    /// Back from its letter; lower case is accepted.
    pub fn from_letter(letter: char) -> Option<DataFlag> {
        let letter = letter.to_ascii_uppercase();
        DataFlag::ALL.into_iter().find(|flag| flag.letter() == letter)
    }
}
