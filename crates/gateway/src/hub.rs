//! Durable frames → those who follow: a ring of the newest, and the number of the last. Filled by the
//! writer, read by `server`'s live engine.

use crate::arrival::Arrival;
use domain::FrameId;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// The newest arrivals.
#[derive(Debug)]
pub(crate) struct Hub {
    ring: Mutex<Ring>,
    last: watch::Sender<FrameId>,
}

#[derive(Debug)]
struct Ring {
    arrivals: VecDeque<Arc<Arrival>>,
    capacity: usize,
    /// Everything up to here is in the journal only.
    gone: FrameId,
}

impl Hub {
    /// Empty, after the frame `last` of the journal.
    pub fn new(capacity: usize, last: FrameId) -> Hub {
        let ring = Ring { arrivals: VecDeque::new(), capacity: capacity.max(1), gone: last };
        Hub { ring: Mutex::new(ring), last: watch::Sender::new(last) }
    }

    /// Adds arrivals, in order, and tells those who follow.
    pub fn publish(&self, arrivals: &[Arc<Arrival>]) {
        let Some(newest) = arrivals.last() else { return };
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        for arrival in arrivals {
            if ring.arrivals.len() == ring.capacity
                && let Some(oldest) = ring.arrivals.pop_front()
            {
                ring.gone = oldest.frame;
            }
            ring.arrivals.push_back(arrival.clone());
        }
        drop(ring);
        self.last.send_replace(newest.frame);
    }

    /// The number of the last durable frame, and a wake-up for each change.
    pub fn follow(&self) -> watch::Receiver<FrameId> {
        self.last.subscribe()
    }

    /// Arrivals after `after`, in order; `None` if some of them are in the journal only.
    pub fn recent(&self, after: FrameId) -> Option<Vec<Arc<Arrival>>> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        if after < ring.gone {
            return None;
        }
        let from = ring.arrivals.partition_point(|arrival| arrival.frame <= after);
        Some(ring.arrivals.range(from..).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Instant;
    use store::Verdict;

    fn arrival(id: u64) -> Arc<Arrival> {
        Arc::new(Arrival {
            frame: FrameId(id),
            received: Instant(0),
            mn: String::new(),
            cn: String::new(),
            message: None,
            verdict: Verdict::Conforms,
            deviations: Vec::new(),
            trusted: true,
        })
    }

    #[test]
    fn a_follower_gets_each_arrival_once_or_is_told_to_read_the_journal() {
        let hub = Hub::new(3, FrameId(10));
        let follower = hub.follow();
        assert_eq!(*follower.borrow(), FrameId(10));
        assert_eq!(hub.recent(FrameId(10)), Some(vec![]));
        assert_eq!(hub.recent(FrameId(9)), None, "from before the start");
        hub.publish(&[arrival(11), arrival(12), arrival(13)]);
        assert_eq!(*follower.borrow(), FrameId(13));
        assert_eq!(hub.recent(FrameId(11)), Some(vec![arrival(12), arrival(13)]));
        hub.publish(&[arrival(14)]);
        assert_eq!(hub.recent(FrameId(10)), None, "11 has left the ring");
        assert_eq!(hub.recent(FrameId(11)), Some(vec![arrival(12), arrival(13), arrival(14)]));
    }
}
