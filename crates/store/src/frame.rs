//! The nouns of the journal: a frame before and after it is kept, and what is asked about frames.

use domain::{Cadence, FrameId, Instant};

/// By which way a frame came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A frame of HJ 212 over TCP.
    #[default]
    Hj212,
    /// A payload of MQTT.
    Mqtt,
}

/// How a frame stands to its standard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing to say.
    #[default]
    Conforms,
    /// Whole and readable, but departs from the standard.
    Deviates,
    /// Not whole or not readable: kept and counted, but its values are nobody's.
    Broken,
}

/// A frame that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFrame {
    /// When its last byte arrived, by the platform's clock.
    pub received: Instant,
    /// Number of the connection.
    pub connection: u64,
    /// Address of the sender, `host:port` for TCP.
    pub peer: String,
    /// By which way it came.
    pub source: Source,
    /// Device, as the frame names it; empty when it could not be read.
    pub mn: String,
    /// System code.
    pub st: String,
    /// Command.
    pub cn: String,
    /// Request number, as sent.
    pub qn: String,
    /// Which kind of data, for data frames.
    pub cadence: Option<Cadence>,
    /// `DataTime`: see [`Cadence`] for what it means.
    pub data_time: Option<Instant>,
    /// Number of parts of the message.
    pub pnum: u32,
    /// Which part this is.
    pub pno: u32,
    /// How it stands to its standard.
    pub verdict: Verdict,
    /// Codes of its departures from the standard, kebab-case.
    pub deviations: Vec<String>,
    /// The bytes as they arrived.
    pub raw: Vec<u8>,
}

/// A frame of the journal. Fields as in [`NewFrame`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its number.
    pub id: FrameId,
    /// When its last byte arrived, by the platform's clock.
    pub received: Instant,
    /// Number of the connection.
    pub connection: u64,
    /// Address of the sender.
    pub peer: String,
    /// By which way it came.
    pub source: Source,
    /// Device, as the frame names it.
    pub mn: String,
    /// System code.
    pub st: String,
    /// Command.
    pub cn: String,
    /// Request number, as sent.
    pub qn: String,
    /// Which kind of data, for data frames.
    pub cadence: Option<Cadence>,
    /// `DataTime`.
    pub data_time: Option<Instant>,
    /// Number of parts of the message.
    pub pnum: u32,
    /// Which part this is.
    pub pno: u32,
    /// How it stands to its standard.
    pub verdict: Verdict,
    /// Codes of its departures from the standard.
    pub deviations: Vec<String>,
    /// The bytes as they arrived.
    pub raw: Vec<u8>,
}

/// Which frames are asked for; what is `None` does not restrict. Times are half-open: from ≤ t < to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameQuery {
    /// Of this device.
    pub mn: Option<String>,
    /// With this kind of data.
    pub cadence: Option<Cadence>,
    /// With this command.
    pub cn: Option<String>,
    /// `DataTime` not before.
    pub data_from: Option<Instant>,
    /// `DataTime` before.
    pub data_to: Option<Instant>,
    /// Received not before.
    pub received_from: Option<Instant>,
    /// Received before.
    pub received_to: Option<Instant>,
    /// With this verdict.
    pub verdict: Option<Verdict>,
    /// With this departure from the standard.
    pub deviation: Option<String>,
    /// Older than this frame: the last one of the page before.
    pub before: Option<FrameId>,
    /// At most so many.
    pub limit: usize,
}

/// Which part of the deviation ledger is asked for. The ledger counts whole days of receipt in UTC+8: a
/// day counts if any moment of it is in from ≤ t < to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviationQuery {
    /// From the day of this moment.
    pub from: Option<Instant>,
    /// To the day before which this moment lies.
    pub to: Option<Instant>,
    /// Of this device only.
    pub mn: Option<String>,
}

/// How often a device departed from the standard in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviationCount {
    /// Device.
    pub mn: String,
    /// Code of the departure.
    pub code: String,
    /// Frames that had it.
    pub count: u64,
    /// First time it was received.
    pub first: Instant,
    /// Last time it was received.
    pub last: Instant,
    /// The first such frame.
    pub example: FrameId,
}

/// How many frames of a device came, by verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameCount {
    /// Device.
    pub mn: String,
    /// Frames that conform.
    pub conforms: u64,
    /// Frames that deviate.
    pub deviates: u64,
    /// Frames that are broken.
    pub broken: u64,
    /// First received.
    pub first: Instant,
    /// Last received.
    pub last: Instant,
}

impl NewFrame {
    /// A frame of one part of which nothing is known but its bytes and when they arrived.
    pub fn new(received: Instant, raw: Vec<u8>) -> NewFrame {
        NewFrame {
            received,
            connection: 0,
            peer: String::new(),
            source: Source::default(),
            mn: String::new(),
            st: String::new(),
            cn: String::new(),
            qn: String::new(),
            cadence: None,
            data_time: None,
            pnum: 1,
            pno: 1,
            verdict: Verdict::default(),
            deviations: Vec::new(),
            raw,
        }
    }

    /// The same with its number.
    pub fn kept_as(self, id: FrameId) -> Frame {
        Frame {
            id,
            received: self.received,
            connection: self.connection,
            peer: self.peer,
            source: self.source,
            mn: self.mn,
            st: self.st,
            cn: self.cn,
            qn: self.qn,
            cadence: self.cadence,
            data_time: self.data_time,
            pnum: self.pnum,
            pno: self.pno,
            verdict: self.verdict,
            deviations: self.deviations,
            raw: self.raw,
        }
    }
}

impl Default for FrameQuery {
    fn default() -> FrameQuery {
        FrameQuery {
            mn: None,
            cadence: None,
            cn: None,
            data_from: None,
            data_to: None,
            received_from: None,
            received_to: None,
            verdict: None,
            deviation: None,
            before: None,
            limit: 100,
        }
    }
}

impl FrameCount {
    /// All frames.
    pub fn total(&self) -> u64 {
        self.conforms + self.deviates + self.broken
    }
}

impl Source {
    /// The word used in files, SQL and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Source::Hj212 => "hj212",
            Source::Mqtt => "mqtt",
        }
    }
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Verdict; 3] = [Verdict::Conforms, Verdict::Deviates, Verdict::Broken];

    /// The word used in files, SQL and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Conforms => "conforms",
            Verdict::Deviates => "deviates",
            Verdict::Broken => "broken",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.code() == code)
    }
}
