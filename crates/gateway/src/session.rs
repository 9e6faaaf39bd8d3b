//! Bytes of one connection → frames to be kept, each with the answer it gets once it is durable. Sans-IO:
//! driven by [`crate::connection`], given bytes and moments.
//!
//! Whoever connects is nobody until a frame names a device of the register, with its password and from an
//! allowed address. Frames of others are kept, bounded in number, and get no answer.

use crate::answer;
use crate::config::Config;
use crate::dialogues::Word;
use crate::moment::Moment;
use crate::roll::{Admitted, Roll};
use crate::rules::{ADDRESS_NOT_ALLOWED, GARBAGE, UNKNOWN_MN, WRONG_PASSWORD};
use crate::writer::Tag;
use domain::FrameId;
use intake::hj212::{self, Decoded, Framer, FramerLimits, Piece, Protocol};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{NewFrame, Source, Verdict};

/// What a waiting frame needs beside its raw bytes, about.
const COST_BESIDE: usize = 512;
/// Devices that one connection may speak for, as far as its end is told to them.
const DEVICES_OF_A_CONNECTION: usize = 4_096;

/// Why a connection must be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// No whole frame in time after connecting.
    FirstFrame,
    /// A frame that began did not become whole in time.
    Slow,
    /// Nothing for too long.
    Idle,
    /// Too much garbage.
    Garbage,
    /// Enough frames of an unknown or false sender.
    Stranger,
}

/// What a session needs to know of the rest.
pub(crate) struct Knowledge<'a> {
    pub roll: &'a Roll,
    pub protocol: &'a Protocol,
}

/// One connection's conversation.
#[derive(Debug)]
pub(crate) struct Session {
    connection: u64,
    peer: SocketAddr,
    framer: Framer,
    lines: Lines,
    opened: Instant,
    /// When the last whole frame came.
    whole: Option<Instant>,
    /// Since when a frame is incomplete.
    partial: Option<Instant>,
    strangers: u32,
    garbage_bytes: usize,
    /// The device that spoke last.
    device: Option<Arc<Admitted>>,
    /// Every device that spoke.
    mns: Vec<Arc<str>>,
    end: Option<End>,
}

#[derive(Debug)]
struct Lines {
    idle: Duration,
    first_frame: Duration,
    frame: Duration,
    garbage_bytes: usize,
    stranger_frames: u32,
}

impl Session {
    /// A connection that was just opened.
    pub fn new(connection: u64, peer: SocketAddr, config: &Config, now: Moment) -> Session {
        let seconds = |s: u32| Duration::from_secs(u64::from(s));
        Session {
            connection,
            peer,
            framer: Framer::new(FramerLimits { max_frame_bytes: config.max_frame_bytes }),
            lines: Lines {
                idle: seconds(config.idle_s),
                first_frame: seconds(config.first_frame_s),
                frame: seconds(config.limits.frame_s),
                garbage_bytes: config.limits.garbage_bytes,
                stranger_frames: config.limits.stranger_frames.max(1),
            },
            opened: now.steady,
            whole: None,
            partial: None,
            strangers: 0,
            garbage_bytes: 0,
            device: None,
            mns: Vec::new(),
            end: None,
        }
    }

    /// Takes bytes. [`Session::next`] follows until it has nothing.
    pub fn push(&mut self, bytes: &[u8]) {
        self.framer.push(bytes);
    }

    /// The next frame to keep.
    pub fn next(&mut self, now: Moment, known: &Knowledge<'_>) -> Option<(NewFrame, Tag)> {
        if self.end.is_some() {
            return None;
        }
        match self.framer.next() {
            Some(piece) => Some(self.keep(piece, now, known)),
            None => {
                let incomplete = self.framer.buffered() > 0;
                self.partial = if incomplete { self.partial.or(Some(now.steady)) } else { None };
                None
            }
        }
    }

    /// The peer sends no more: what is left, as the frame it would have become.
    pub fn finish(&mut self, now: Moment, known: &Knowledge<'_>) -> Option<(NewFrame, Tag)> {
        if self.end.is_some() {
            return None;
        }
        self.framer.finish().map(|piece| self.keep(piece, now, known))
    }

    /// Why it must be closed, if it must.
    pub fn end(&self) -> Option<End> {
        self.end
    }

    /// When [`Session::expire`] has something to say at the earliest.
    pub fn deadline(&self) -> Instant {
        let quiet = match self.whole {
            Some(whole) => whole + self.lines.idle,
            None => self.opened + self.lines.first_frame,
        };
        self.partial.map_or(quiet, |since| quiet.min(since + self.lines.frame))
    }

    /// Ends a session whose time is over.
    pub fn expire(&mut self, now: Instant) {
        if self.end.is_some() || now < self.deadline() {
            return;
        }
        self.end = Some(match (self.partial, self.whole) {
            (Some(since), _) if now >= since + self.lines.frame => End::Slow,
            (_, Some(_)) => End::Idle,
            (_, None) => End::FirstFrame,
        });
    }

    /// It was not read for a while, which is no fault of the peer.
    pub fn excuse(&mut self, now: Instant) {
        self.opened = self.opened.max(now);
        self.whole = self.whole.map(|_| now);
        self.partial = self.partial.map(|_| now);
    }

    /// The devices that spoke.
    pub fn devices(&self) -> &[Arc<str>] {
        &self.mns
    }

    fn keep(&mut self, piece: Piece, now: Moment, known: &Knowledge<'_>) -> (NewFrame, Tag) {
        self.partial = None;
        match piece {
            Piece::Garbage(raw) => self.keep_garbage(raw, now),
            Piece::Frame(raw) => self.keep_frame(raw, now, known),
        }
    }

    fn keep_garbage(&mut self, raw: Vec<u8>, now: Moment) -> (NewFrame, Tag) {
        self.garbage_bytes += raw.len();
        if self.garbage_bytes > self.lines.garbage_bytes {
            self.end = Some(End::Garbage);
        }
        let mn = self.device.as_ref().map(|device| device.mn.to_string()).unwrap_or_default();
        let tag = Tag { trusted: self.device.is_some(), cost: cost(&raw), ..Tag::default() };
        let frame = NewFrame {
            connection: self.connection,
            peer: self.peer.to_string(),
            source: Source::Hj212,
            mn,
            verdict: Verdict::Broken,
            deviations: vec![GARBAGE.to_string()],
            ..NewFrame::new(now.wall, raw)
        };
        (frame, tag)
    }

    fn keep_frame(&mut self, raw: Vec<u8>, now: Moment, known: &Knowledge<'_>) -> (NewFrame, Tag) {
        self.whole = Some(now.steady);
        let (decoded, found) = self.decode(&raw, known);
        let objection = match &found {
            Some(device) => device.objection(&decoded.pw, self.peer.ip()),
            None => Some(UNKNOWN_MN),
        };
        // A frame whose bytes were damaged says nothing sure of its sender: it counts for the connection's.
        let (mn, objection) = match (&self.device, objection) {
            (Some(device), Some(_)) if !decoded.ok => (device.mn.to_string(), None),
            _ => (decoded.mn.to_string(), objection),
        };
        let trusted = objection.is_none();
        match found {
            Some(sender) if trusted && decoded.ok => self.judge_good(raw.len(), sender),
            // A known device whose frames are all damaged is listened to on.
            _ if trusted => {}
            _ => self.judge_stranger(),
        }
        let mut deviations: Vec<String> = decoded.deviations.iter().map(|found| found.code.to_string()).collect();
        deviations.extend(objection.map(str::to_string));
        // What cannot be read of a value is among the deviations already.
        let message = if decoded.ok { hj212::message(&decoded, FrameId(0), known.protocol).0 } else { None };
        let indexed = message.as_ref().filter(|_| !matches!(objection, Some(WRONG_PASSWORD | ADDRESS_NOT_ALLOWED)));
        let answered = trusted && decoded.ok;
        let tag = Tag {
            trusted,
            generation: decoded.generation,
            word: if answered { Word::of(&decoded, known.protocol) } else { None },
            cost: cost(&raw),
            answer: if answered { answer::to(&decoded, known.protocol) } else { Vec::new() },
            ..Tag::default()
        };
        let frame = NewFrame {
            received: now.wall,
            connection: self.connection,
            peer: self.peer.to_string(),
            source: Source::Hj212,
            mn,
            st: decoded.st.to_string(),
            cn: decoded.cn.to_string(),
            qn: decoded.qn.to_string(),
            cadence: indexed.map(|message| message.cadence),
            data_time: indexed.map(|message| message.time),
            pnum: decoded.part().0,
            pno: decoded.part().1,
            verdict: match (decoded.ok, deviations.is_empty()) {
                (false, _) => Verdict::Broken,
                (true, false) => Verdict::Deviates,
                (true, true) => Verdict::Conforms,
            },
            deviations,
            raw: Vec::new(),
        };
        drop(decoded);
        (NewFrame { raw, ..frame }, Tag { message: message.filter(|_| trusted), ..tag })
    }

    /// Reads a frame with the key of its sender, who is mostly the one who spoke last.
    fn decode<'r>(&self, raw: &'r [u8], known: &Knowledge<'_>) -> (Decoded<'r>, Option<Arc<Admitted>>) {
        let last = self.device.as_ref();
        let decoded = hj212::decode(raw, last.and_then(|device| device.keys.first()), known.protocol);
        let sender = match last {
            Some(device) if *device.mn == *decoded.mn => known.roll.find(&device.mn),
            _ => known.roll.find(&decoded.mn),
        };
        if decoded.encrypted && !decoded.ok {
            for key in sender.iter().flat_map(|device| &device.keys) {
                let again = hj212::decode(raw, Some(key), known.protocol);
                if again.ok {
                    return (again, sender.cloned());
                }
            }
        }
        (decoded, sender.cloned())
    }

    /// A frame of someone who is not who it says, or is not known.
    fn judge_stranger(&mut self) {
        self.strangers += 1;
        if self.strangers >= self.lines.stranger_frames {
            self.end = Some(End::Stranger);
        }
    }

    /// A good frame of a known device makes up for what went before.
    fn judge_good(&mut self, bytes: usize, sender: Arc<Admitted>) {
        self.strangers = 0;
        self.garbage_bytes = self.garbage_bytes.saturating_sub(bytes);
        if self.device.as_ref().is_none_or(|device| device.mn != sender.mn) {
            let is_new = !self.mns.iter().any(|mn| **mn == *sender.mn);
            if is_new && self.mns.len() < DEVICES_OF_A_CONNECTION {
                self.mns.push(sender.mn.clone());
            }
        }
        self.device = Some(sender);
    }
}

/// Bytes that a frame takes of the budget while it waits.
pub(crate) fn cost(raw: &[u8]) -> u32 {
    u32::try_from(raw.len() + COST_BESIDE).unwrap_or(u32::MAX)
}
