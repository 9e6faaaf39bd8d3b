//! A frame that became durable, as those who follow the gateway get it.

use domain::{FrameId, Instant, OnlineMessage};
use store::Verdict;

/// One durable frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// Where its raw bytes are.
    pub frame: FrameId,
    /// When it was received.
    pub received: Instant,
    /// Device as it names itself, or that of the connection for bytes without one.
    pub mn: String,
    /// Command.
    pub cn: String,
    /// What it says, if it is data of a sender who is who it says.
    pub message: Option<OnlineMessage>,
    /// How well it kept to the standard.
    pub verdict: Verdict,
    /// Each departure, by code.
    pub deviations: Vec<String>,
    /// Whether the sender is who it says: known, with its password, from an allowed address.
    pub trusted: bool,
}
