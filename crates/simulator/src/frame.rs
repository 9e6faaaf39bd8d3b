//! Parts of a message → frames as bytes. Called by `events` for what is planned, and by the player when an answer
//! did not come or history is asked for.

use crate::city::{City, Device};
use crate::malformed::Kind;
use domain::{Cadence, Instant};
use intake::hj212::{Generation, Outgoing, encode};
use std::hash::Hasher;

/// What is to become of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Sent in time, to be held.
    Held,
    /// Sent after the line was down, to be held.
    Late,
    /// Sent a second time, not to be doubled.
    Resent,
    /// Spoilt.
    Malformed(Kind),
}

/// How the bytes of a frame go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// At once.
    Whole,
    /// In several segments.
    Split,
    /// In one segment with the frame that follows.
    JoinNext,
}

/// A frame to be sent, with the truth about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Place of its device in [`City::devices`].
    pub device: usize,
    /// Kind of data.
    pub cadence: Cadence,
    /// `DataTime`.
    pub data_time: Instant,
    /// QN as sent.
    pub qn: String,
    /// `(PNUM, PNO)`.
    pub part: (u32, u32),
    /// CP without its `&&`, in the clear.
    pub cp: String,
    /// What it says, as the truth file has it.
    pub items: String,
    /// What is to become of it.
    pub expected: Expected,
    /// Whether its values are to be held.
    pub held: bool,
    /// Whether an answer with its QN is waited for.
    pub awaited: bool,
    /// How the bytes go out.
    pub shape: Shape,
    /// The bytes, with CR LF.
    pub bytes: Vec<u8>,
    /// Digest of the bytes from `##` to the CRC of a spoilt frame, 0 of others.
    pub raw: u64,
}

/// Bits of a Flag (HJ 212-2017, table 4): answer wanted, parts numbered.
mod flag {
    pub(super) const ANSWER: u8 = 1;
    pub(super) const PARTS: u8 = 2;
}

/// The command of a cadence.
pub(crate) fn command(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::RealTime => "2011",
        Cadence::Minute => "2051",
        Cadence::Hour => "2061",
        Cadence::Day => "2031",
    }
}

/// Version bits of a Flag of a generation.
pub(crate) fn version(generation: Generation) -> u8 {
    match generation {
        Generation::G2005 => 0,
        Generation::G2017 => 4,
        Generation::G2025 => 8,
    }
}

impl City {
    /// Bytes of a frame, as its device sends them; marked as sent again where its generation can say so.
    pub fn encode(&self, frame: &Frame, again: bool) -> Vec<u8> {
        let device = &self.devices[frame.device];
        let parts = frame.part.0 > 1;
        encode(&Outgoing {
            generation: device.generation,
            qn: frame.qn.clone(),
            st: self.site(device).st.clone(),
            cn: command(frame.cadence).to_string(),
            pw: device.password.clone(),
            mn: device.mn.clone(),
            flag: Some(version(device.generation) | flag::ANSWER | if parts { flag::PARTS } else { 0 }),
            pnum: parts.then_some(frame.part.0),
            pno: parts.then_some(frame.part.1),
            rf: again && device.generation == Generation::G2025,
            cp: frame.cp.clone(),
            key: device.key.clone(),
        })
    }

    /// Whether a device gives all parts of a message one QN, as some do, against the examples of the standard.
    pub(crate) fn one_qn(&self, device: &Device) -> bool {
        device.chance.of(ONE_QN).pick(0, 5) == 0
    }
}

/// Stream of chance of the devices that have one QN for all parts.
const ONE_QN: u64 = 201;

impl Expected {
    /// The word of the truth file.
    pub fn code(self) -> &'static str {
        match self {
            Expected::Held => "held",
            Expected::Late => "late",
            Expected::Resent => "resent",
            Expected::Malformed(_) => "malformed",
        }
    }
}

/// Digest of a frame's bytes from `##` to the CRC, without what ends the line.
pub fn raw_digest(bytes: &[u8]) -> u64 {
    let end = bytes.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |at| at + 1);
    digest(&bytes[..end])
}

/// FNV-1a, 64 bits: the same on every machine and in every version of the tools.
pub(crate) fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = Fnv(0xCBF2_9CE4_8422_2325);
    hasher.write(bytes);
    hasher.finish()
}

struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
