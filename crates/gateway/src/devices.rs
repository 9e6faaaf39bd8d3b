//! Durable frames and closing connections → the state of every device: connected or not, when last heard,
//! how it deviates. Read by the device wall, and by the desk to know where a device is.

use crate::arrival::Arrival;
use crate::outbox::Outbox;
use domain::{FrameId, Instant};
use intake::hj212::Generation;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::Verdict;

/// Deviations remembered of each device.
const REMEMBERED_DEVIATIONS: usize = 16;
/// Devices remembered that are in no register: senders of invented codes must not fill the memory.
const REMEMBERED_STRANGERS: usize = 1_000;

/// What is known of one device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceState {
    /// Its code.
    pub mn: String,
    /// Whether it is in the register now.
    pub registered: bool,
    /// Whether it has a connection now.
    pub connected: bool,
    /// Where it comes from, or came from last.
    pub peer: String,
    /// Since when it is connected, or not connected; `None` if it never was.
    pub since: Option<Instant>,
    /// When its last frame was received.
    pub last_frame: Option<Instant>,
    /// Generation of the protocol it speaks.
    pub generation: Option<Generation>,
    /// Frames kept since the start.
    pub frames: u64,
    /// Of them, those that keep to the standard.
    pub conforming: u64,
    /// Of them, broken ones.
    pub broken: u64,
    /// Of them, those whose sender was not who it says.
    pub untrusted: u64,
    /// The newest deviations, the newest first.
    pub deviations: Vec<SeenDeviation>,
    /// Since when its key is in use.
    pub key_since: Option<Instant>,
    /// Its key is older than allowed and must be changed.
    pub key_due: bool,
}

/// A deviation of one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenDeviation {
    /// Its code.
    pub code: String,
    /// When the frame was received.
    pub received: Instant,
    /// The frame.
    pub frame: FrameId,
}

/// A durable frame and where it came from.
#[derive(Debug)]
pub(crate) struct Seen {
    pub arrival: Arc<Arrival>,
    pub connection: u64,
    pub peer: String,
    pub outbox: Option<Arc<Outbox>>,
    pub generation: Option<Generation>,
}

/// All devices.
#[derive(Debug, Default)]
pub(crate) struct Devices {
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    by_mn: HashMap<String, Entry>,
    strangers: usize,
}

#[derive(Debug, Default)]
struct Entry {
    peer: String,
    since: Option<Instant>,
    line: Option<Line>,
    last_frame: Option<Instant>,
    generation: Option<Generation>,
    frames: u64,
    conforming: u64,
    broken: u64,
    untrusted: u64,
    deviations: VecDeque<SeenDeviation>,
}

#[derive(Debug)]
struct Line {
    connection: u64,
    outbox: Arc<Outbox>,
}

impl Devices {
    /// Takes note of durable frames.
    pub fn learn(&self, seen: Vec<Seen>) {
        let mut entries = self.lock();
        for seen in seen {
            let mn = &seen.arrival.mn;
            if mn.is_empty() || !entries.has_place(mn, seen.arrival.trusted) {
                continue;
            }
            if let Some(entry) = entries.by_mn.get_mut(mn) {
                entry.learn(seen);
            }
        }
    }

    /// What the journal's newest frame of a device tells, at start.
    pub fn recall(&self, arrival: &Arrival) {
        let mut entries = self.lock();
        let entry = entries.by_mn.entry(arrival.mn.clone()).or_default();
        entry.last_frame = entry.last_frame.max(Some(arrival.received));
    }

    /// A connection has ended.
    pub fn gone(&self, connection: u64, mns: &[Arc<str>], now: Instant) {
        let mut entries = self.lock();
        for mn in mns {
            let Some(entry) = entries.by_mn.get_mut(&**mn) else { continue };
            if entry.line.as_ref().is_some_and(|line| line.connection == connection) {
                entry.line = None;
                entry.since = Some(now);
            }
        }
    }

    /// Where a device is connected.
    pub fn outbox(&self, mn: &str) -> Option<Arc<Outbox>> {
        self.lock().by_mn.get(mn)?.line.as_ref().map(|line| line.outbox.clone())
    }

    /// Generation a device was heard to speak.
    pub fn generation(&self, mn: &str) -> Option<Generation> {
        self.lock().by_mn.get(mn)?.generation
    }

    /// Every device that was heard of, by code.
    pub fn all(&self) -> HashMap<String, DeviceState> {
        let entries = self.lock();
        entries.by_mn.iter().map(|(mn, entry)| (mn.clone(), entry.state(mn))).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    /// Whether there is an entry for the device, made if there may be one.
    fn has_place(&mut self, mn: &str, trusted: bool) -> bool {
        if self.by_mn.contains_key(mn) {
            return true;
        }
        if !trusted {
            if self.strangers >= REMEMBERED_STRANGERS {
                return false;
            }
            self.strangers += 1;
        }
        self.by_mn.insert(mn.to_string(), Entry::default());
        true
    }
}

impl Entry {
    fn learn(&mut self, seen: Seen) {
        let Seen { arrival, connection, peer, outbox, generation } = seen;
        self.frames += 1;
        self.conforming += u64::from(arrival.verdict == Verdict::Conforms);
        self.broken += u64::from(arrival.verdict == Verdict::Broken);
        self.untrusted += u64::from(!arrival.trusted);
        for code in &arrival.deviations {
            self.deviations.truncate(REMEMBERED_DEVIATIONS - 1);
            let (received, frame) = (arrival.received, arrival.frame);
            self.deviations.push_front(SeenDeviation { code: code.clone(), received, frame });
        }
        // Neither an impostor nor a broken frame moves a device to another connection.
        if !arrival.trusted || arrival.verdict == Verdict::Broken {
            return;
        }
        self.last_frame = Some(arrival.received);
        self.generation = generation.or(self.generation);
        if self.line.as_ref().is_some_and(|line| line.connection == connection) {
            return;
        }
        self.peer = peer;
        // Its last frames may become durable after the connection has ended.
        if let Some(outbox) = outbox.filter(|outbox| outbox.is_open()) {
            self.since = Some(arrival.received);
            self.line = Some(Line { connection, outbox });
        }
    }

    fn state(&self, mn: &str) -> DeviceState {
        DeviceState {
            mn: mn.to_string(),
            registered: false,
            connected: self.line.is_some(),
            peer: self.peer.clone(),
            since: self.since,
            last_frame: self.last_frame,
            generation: self.generation,
            frames: self.frames,
            conforming: self.conforming,
            broken: self.broken,
            untrusted: self.untrusted,
            deviations: self.deviations.iter().cloned().collect(),
            key_since: None,
            key_due: false,
        }
    }
}
