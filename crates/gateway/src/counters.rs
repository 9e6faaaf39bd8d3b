//! What happened → numbers for people: counted everywhere in the gateway, read by [`crate::health`].

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters since the start.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub opened: AtomicU64,
    pub refused: AtomicU64,
    pub closed_first_frame: AtomicU64,
    pub closed_slow: AtomicU64,
    pub closed_idle: AtomicU64,
    pub closed_garbage: AtomicU64,
    pub closed_stranger: AtomicU64,
    pub closed_not_taking: AtomicU64,
    pub slowed: AtomicU64,
    pub frames: AtomicU64,
    pub broken: AtomicU64,
    pub untrusted: AtomicU64,
    pub garbage: AtomicU64,
    pub answers: AtomicU64,
    pub mqtt_messages: AtomicU64,
    pub commits: AtomicU64,
    pub commit_us: AtomicU64,
    pub longest_commit_us: AtomicU64,
    pub failed_commits: AtomicU64,
}

/// The counters, read at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections opened.
    pub opened: u64,
    /// Connections closed at once because there were too many.
    pub refused: u64,
    /// Closed: no whole frame in time after connecting.
    pub closed_first_frame: u64,
    /// Closed: a frame that began did not become whole in time.
    pub closed_slow: u64,
    /// Closed: nothing for too long.
    pub closed_idle: u64,
    /// Closed: too much garbage.
    pub closed_garbage: u64,
    /// Closed: enough frames of an unknown or false sender.
    pub closed_stranger: u64,
    /// Closed: the peer did not take its answers.
    pub closed_not_taking: u64,
    /// Times a connection was read slower because it sent too fast.
    pub slowed: u64,
    /// Frames kept.
    pub frames: u64,
    /// Of them, broken ones.
    pub broken: u64,
    /// Of them, from unknown or false senders.
    pub untrusted: u64,
    /// Of them, bytes that belong to no frame.
    pub garbage: u64,
    /// Answers given.
    pub answers: u64,
    /// Messages over MQTT.
    pub mqtt_messages: u64,
    /// Transactions.
    pub commits: u64,
    /// Microseconds spent in them.
    pub commit_us: u64,
    /// Microseconds of the longest.
    pub longest_commit_us: u64,
    /// Transactions that failed.
    pub failed_commits: u64,
}

impl Counters {
    /// Reads all.
    pub fn read(&self) -> Counts {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            opened: get(&self.opened),
            refused: get(&self.refused),
            closed_first_frame: get(&self.closed_first_frame),
            closed_slow: get(&self.closed_slow),
            closed_idle: get(&self.closed_idle),
            closed_garbage: get(&self.closed_garbage),
            closed_stranger: get(&self.closed_stranger),
            closed_not_taking: get(&self.closed_not_taking),
            slowed: get(&self.slowed),
            frames: get(&self.frames),
            broken: get(&self.broken),
            untrusted: get(&self.untrusted),
            garbage: get(&self.garbage),
            answers: get(&self.answers),
            mqtt_messages: get(&self.mqtt_messages),
            commits: get(&self.commits),
            commit_us: get(&self.commit_us),
            longest_commit_us: get(&self.longest_commit_us),
            failed_commits: get(&self.failed_commits),
        }
    }
}

/// Counts one more, or some more.
pub(crate) fn count(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}
