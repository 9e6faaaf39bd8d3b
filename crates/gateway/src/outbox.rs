//! What must go to one connection: filled by the writer and the desk, emptied by the connection's task.
//!
//! It cannot grow without bound: a connection whose frames are not all settled is not read, and one that
//! does not take its answers is closed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// One connection's outgoing bytes.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    held: Mutex<Held>,
    wake: Notify,
    /// The connection has ended.
    ended: AtomicBool,
}

#[derive(Debug, Default)]
struct Held {
    bytes: Vec<u8>,
    settled: usize,
}

impl Outbox {
    /// A frame is durable; `answer` goes back, empty if none is wanted. [`Outbox::wake`] follows.
    pub fn settle(&self, answer: &[u8]) {
        let mut held = self.lock();
        held.settled += 1;
        held.bytes.extend_from_slice(answer);
    }

    /// Wakes the connection's task.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Sends bytes of the platform's own.
    pub fn send(&self, bytes: &[u8]) {
        self.lock().bytes.extend_from_slice(bytes);
        self.wake();
    }

    /// Takes all that waits into `bytes`, whose room is used again; gives the number of frames that became
    /// durable since the last time.
    pub fn take(&self, bytes: &mut Vec<u8>) -> usize {
        bytes.clear();
        let mut held = self.lock();
        std::mem::swap(&mut held.bytes, bytes);
        std::mem::take(&mut held.settled)
    }

    /// Until there is something.
    pub async fn filled(&self) {
        self.wake.notified().await;
    }

    /// Whether the connection is still there.
    pub fn is_open(&self) -> bool {
        !self.ended.load(Ordering::Acquire)
    }

    /// The connection has ended.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        // A panic between two pushes leaves whole frames only.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
