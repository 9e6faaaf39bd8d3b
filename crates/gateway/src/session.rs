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
use crate::rules::{ADDRESS_NOT_ALLOWED, GARBAGE, IMPLAUSIBLE_TIME, UNKNOWN_MN, WRONG_PASSWORD};
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
        // One frame of a wrong clock would otherwise be the newest value for years.
        let astray = message.as_ref().is_some_and(|message| !message.is_plausible(now.wall));
        deviations.extend(astray.then(|| IMPLAUSIBLE_TIME.to_string()));
        let message = message.filter(|_| !astray);
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
            let mut newest = None;
            for key in sender.iter().flat_map(|device| &device.keys) {
                let again = hj212::decode(raw, Some(key), known.protocol);
                if again.ok {
                    return (again, sender.cloned());
                }
                newest.get_or_insert(again);
            }
            // What is wrong with a spoilt frame is told by its sender's key, not by that of whoever spoke last.
            if let Some(newest) = newest {
                return (newest, sender.cloned());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roll::tests::{device, keeper};
    use intake::hj212::say::{self, Area, Party};
    use intake::hj212::{Answer, Generation, encode};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    /// The roll, and the folder that its store needs.
    static STAGE: LazyLock<(tempfile::TempDir, Arc<Roll>)> = LazyLock::new(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let roll = keeper(&[device(MN, &[])], folder.path()).roll();
        (folder, roll)
    });
    const MN: &str = "010000A8900016F000169DC0";

    fn session(config: &Config) -> Session {
        Session::new(1, "192.0.2.1:5000".parse().expect("an address"), config, Moment::now())
    }

    fn config() -> Config {
        Config::new("127.0.0.1:0".parse().expect("an address"))
    }

    fn frame(second: i64, password: &str) -> Vec<u8> {
        let party =
            Party { generation: Generation::G2017, st: "31".into(), pw: password.into(), mn: MN.into(), key: None };
        let at = domain::Instant(1_700_000_000_000 + second * 1000);
        let area = Area::new().time("DataTime", at).item("a21026", &[("Rtd", "1.5".to_string())]);
        encode(&say::upload(&party, at, "2011", area, Answer::Wanted))
    }

    /// What a session keeps of bytes that come in pieces of `sizes`.
    fn kept(bytes: &[u8], sizes: &[usize], config: &Config) -> (Vec<(NewFrame, Vec<u8>)>, Option<End>) {
        let mut session = session(config);
        let known = Knowledge { roll: &STAGE.1, protocol: Protocol::builtin() };
        let now = Moment { wall: domain::Instant(0), steady: Instant::now() };
        let (mut kept, mut rest, mut turn) = (Vec::new(), bytes, 0);
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(sizes[turn % sizes.len()].min(rest.len()));
            session.push(piece);
            while let Some((frame, tag)) = session.next(now, &known) {
                kept.push((frame, tag.answer));
            }
            assert!(session.framer.buffered() <= config.max_frame_bytes + piece.len());
            (rest, turn) = (after, turn + 1);
        }
        kept.extend(std::iter::from_fn(|| session.finish(now, &known)).map(|(frame, tag)| (frame, tag.answer)));
        (kept, session.end())
    }

    fn part() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            4 => (0i64..100).prop_map(|second| frame(second, "123456")),
            1 => Just(frame(0, "000000")),
            1 => prop::collection::vec(any::<u8>(), 0..40),
            1 => ((0i64..100), 0usize..150).prop_map(|(second, cut)| {
                let mut bytes = frame(second, "123456");
                bytes.truncate(cut);
                bytes
            }),
        ]
    }

    proptest! {
        #[test]
        fn how_bytes_are_cut_on_the_way_changes_nothing(
            parts in prop::collection::vec(part(), 1..12),
            sizes in prop::collection::vec(1usize..300, 1..8),
        ) {
            let mut config = config();
            config.limits.stranger_frames = u32::MAX;
            let bytes = parts.concat();
            prop_assert_eq!(kept(&bytes, &sizes, &config), kept(&bytes, &[bytes.len().max(1)], &config));
        }

        #[test]
        fn every_byte_but_line_ends_is_kept_until_the_session_ends(parts in prop::collection::vec(part(), 1..12)) {
            let bytes = parts.concat();
            let mut config = config();
            config.limits.stranger_frames = u32::MAX;
            let raw: Vec<u8> = kept(&bytes, &[64], &config).0.into_iter().flat_map(|(frame, _)| frame.raw).collect();
            let solid = |bytes: &[u8]| bytes.iter().filter(|byte| !byte.is_ascii_whitespace()).copied().collect::<Vec<_>>();
            prop_assert_eq!(solid(&raw), solid(&bytes));
        }
    }

    #[test]
    fn strangers_are_kept_up_to_a_number_and_a_good_frame_makes_up_for_them() {
        let mut config = config();
        config.limits.stranger_frames = 3;
        let (good, wrong) = (frame(1, "123456"), frame(2, "000000"));
        let (frames, end) =
            kept(&[wrong.clone(), wrong.clone(), good.clone(), wrong.clone(), wrong.clone()].concat(), &[100], &config);
        assert_eq!((frames.len(), end), (5, None));
        let answered: Vec<bool> = frames.iter().map(|(_, answer)| !answer.is_empty()).collect();
        assert_eq!(answered, [false, false, true, false, false]);
        let (frames, end) = kept(&wrong.repeat(10), &[1000], &config);
        assert_eq!((frames.len(), end), (3, Some(End::Stranger)));
    }

    #[test]
    fn deadlines_are_those_of_first_frame_incomplete_frame_and_silence() {
        let config = config();
        let mut session = session(&config);
        let opened = session.opened;
        let known = Knowledge { roll: &STAGE.1, protocol: Protocol::builtin() };
        let after = |s: u64| Moment { wall: domain::Instant(0), steady: opened + Duration::from_secs(s) };
        assert_eq!(session.deadline(), opened + Duration::from_secs(600));
        session.push(b"##01");
        assert!(session.next(after(100), &known).is_none());
        session.push(b"0");
        assert!(session.next(after(120), &known).is_none());
        assert_eq!(session.deadline(), opened + Duration::from_secs(130), "from the first byte, not the last");
        session.push(&frame(0, "123456"));
        while session.next(after(125), &known).is_some() {}
        assert_eq!(session.deadline(), opened + Duration::from_secs(125 + 3_900));
        session.expire(after(125 + 3_899).steady);
        assert_eq!(session.end(), None);
        session.expire(after(125 + 3_900).steady);
        assert_eq!(session.end(), Some(End::Idle));
    }
}
