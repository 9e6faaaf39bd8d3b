//! Frames of all connections → one durable transaction after the other → answers, arrivals, dialogues.
//!
//! One thread writes. While a transaction is on its way to the disk the next frames gather, so the groups
//! grow with the load by themselves. What cannot be written waits, unanswered, until it can.

use crate::arrival::Arrival;
use crate::core::Core;
use crate::counters::count;
use crate::devices::Seen;
use crate::dialogues::{Heard, Word};
use crate::mqtt::Receipt;
use crate::outbox::Outbox;
use crate::queue::Batch;
use crate::rules::GARBAGE;
use domain::{FrameId, OnlineMessage};
use intake::hj212::Generation;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use store::{NewFrame, Verdict};

/// First pause after a transaction failed; doubled up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Longest pause: room made on a full disk is noticed within this time.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What is kept of a frame beside what the journal keeps, until it is durable.
#[derive(Debug, Default)]
pub(crate) struct Tag {
    /// What it says, if it is data of a trusted sender.
    pub message: Option<OnlineMessage>,
    /// Whether its sender is who it says.
    pub trusted: bool,
    /// Generation it speaks, as far as it could be told.
    pub generation: Option<Generation>,
    /// What the desk should hear.
    pub word: Option<Word>,
    /// Bytes taken from the budget of frames in flight.
    pub cost: u32,
    /// The connection it came by.
    pub outbox: Option<Arc<Outbox>>,
    /// Answer to send back; empty if none is wanted.
    pub answer: Vec<u8>,
    /// Tells the broker that it is kept.
    pub receipt: Option<Receipt>,
}

/// The writing end of the gateway.
#[derive(Debug)]
pub(crate) struct Writer(pub Arc<Core>);

impl Writer {
    /// The thread: until the queue is closed and empty.
    pub fn run(self) {
        while let Some(batch) = self.0.queue.next() {
            match self.commit(&batch.frames) {
                Some(ids) => self.settle(&ids, batch),
                // Only when the gateway ends: what could not be written was never answered.
                None => return,
            }
        }
    }

    /// Writes frames, trying again for as long as it takes; `None` if the gateway ends meanwhile.
    fn commit(&self, frames: &[NewFrame]) -> Option<Vec<FrameId>> {
        let mut pause = FIRST_PAUSE;
        loop {
            let start = Instant::now();
            match self.0.store.journal().append(frames) {
                Ok(ids) => {
                    let us = start.elapsed().as_micros() as u64;
                    count(&self.0.counters.commits, 1);
                    count(&self.0.counters.commit_us, us);
                    self.0.counters.longest_commit_us.fetch_max(us, Ordering::Relaxed);
                    self.0.gate.open();
                    return Some(ids);
                }
                Err(error) => {
                    count(&self.0.counters.failed_commits, 1);
                    self.0.gate.close(&error);
                    if self.0.queue.wait_closed(pause) {
                        return None;
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// The frames are durable: answers go out, then those who follow are told.
    fn settle(&self, ids: &[FrameId], mut batch: Batch) {
        self.0.queue.release(batch.cost());
        self.answer(&mut batch.tags);
        let mut seen = Vec::with_capacity(ids.len());
        let mut heard = Vec::new();
        for ((id, frame), tag) in ids.iter().zip(batch.frames).zip(batch.tags) {
            self.count(&frame, &tag);
            if tag.trusted && self.0.desk.listens(&frame.mn, tag.word.as_ref()) {
                heard.push(Heard::of(*id, &frame, tag.word));
            }
            seen.push(Seen {
                connection: frame.connection,
                peer: frame.peer,
                outbox: tag.outbox,
                generation: tag.generation,
                arrival: Arc::new(Arrival {
                    frame: *id,
                    received: frame.received,
                    mn: frame.mn,
                    cn: frame.cn,
                    message: tag.message.map(|message| OnlineMessage { frame: *id, ..message }),
                    verdict: frame.verdict,
                    deviations: frame.deviations,
                    trusted: tag.trusted,
                }),
            });
        }
        let arrivals: Vec<Arc<Arrival>> = seen.iter().map(|seen| seen.arrival.clone()).collect();
        // The desk looks for the device's connection, so that must be known before.
        self.0.devices.learn(seen);
        heard.into_iter().for_each(|heard| self.0.desk.hear(heard));
        self.0.latest.learn(&arrivals);
        self.0.hub.publish(&arrivals);
    }

    /// Puts every answer into its outbox, then wakes the connections: one that sent many frames sends all
    /// its answers at once.
    fn answer(&self, tags: &mut [Tag]) {
        for tag in tags.iter_mut() {
            if let Some(outbox) = &tag.outbox {
                outbox.settle(&tag.answer);
                count(&self.0.counters.answers, u64::from(!tag.answer.is_empty()));
            }
            if let Some(receipt) = tag.receipt.take() {
                receipt.send();
            }
        }
        tags.iter().filter_map(|tag| tag.outbox.as_ref()).for_each(|outbox| outbox.wake());
    }

    fn count(&self, frame: &NewFrame, tag: &Tag) {
        let garbage = frame.deviations.iter().any(|code| code == GARBAGE);
        count(&self.0.counters.frames, 1);
        count(&self.0.counters.broken, u64::from(frame.verdict == Verdict::Broken));
        count(&self.0.counters.untrusted, u64::from(!tag.trusted));
        count(&self.0.counters.garbage, u64::from(garbage));
    }
}
