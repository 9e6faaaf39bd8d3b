//! HJ 212: bytes of instruments → messages, for all three generations (HJ/T 212-2005, HJ 212-2017,
//! HJ 212-2025), and back to bytes for everything that platform and devices say.
//!
//! Sans-IO, used by the gateway, the simulator and the command line:
//! [`Framer`] cuts the stream; [`decode`] reads a frame as far as it can be understood and, always beside
//! that, tells each departure from the standard; [`message`] makes data of it in the codes of 2017;
//! [`Assembler`] joins the parts of a message; [`say`] and [`encode`] make frames. What the standards say is
//! data, in `protocol/hj212/`.

mod area;
mod assemble;
mod catalog;
mod cp;
mod crc;
mod decode;
mod deviation;
mod encode;
mod framer;
mod fuzz;
mod head;
mod header;
mod index;
pub mod json;
mod load;
mod message;
mod names;
pub mod say;
mod secret;
#[cfg(test)]
mod tests;
mod time;

pub use assemble::{Assembled, Assembler, AssemblerLimits};
pub use catalog::{Code, Command, Field, Form, Format, GenerationRules, Named, Protocol, Sender, Slot, ValueName};
pub use cp::{Cp, Group};
pub use crc::{Crc, crc16};
pub use decode::{Decoded, decode};
pub use deviation::{Deviation, DeviationKind};
pub use encode::{Answer, Outgoing, Parts, encode};
pub use framer::{Framer, FramerLimits, Piece};
pub use fuzz::{fuzz_decode, fuzz_framer};
pub use message::message;
pub use secret::Key;
pub use time::{parse_qn, parse_time, qn_of, time_of};

use serde::{Deserialize, Serialize};

/// A generation of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Generation {
    /// HJ/T 212-2005.
    #[serde(rename = "2005")]
    G2005,
    /// HJ 212-2017.
    #[serde(rename = "2017")]
    G2017,
    /// HJ 212-2025.
    #[serde(rename = "2025")]
    G2025,
}

impl Generation {
    /// Every generation, oldest first.
    pub const ALL: [Generation; 3] = [Generation::G2005, Generation::G2017, Generation::G2025];

    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Generation::G2005 => "2005",
            Generation::G2017 => "2017",
            Generation::G2025 => "2025",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<Generation> {
        Generation::ALL.into_iter().find(|generation| generation.code() == code)
    }
}
