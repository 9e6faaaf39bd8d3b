//! Frames that wait to become durable: put by connections, taken in groups by the writer.
//!
//! Its size is bounded by a budget of bytes that a connection must reserve before it puts anything: when the
//! disk is slower than the instruments, they are read slower.

use crate::config::Group;
use crate::writer::Tag;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use store::NewFrame;
use tokio::sync::Semaphore;

/// A group of this many frames means that more are on their way: the next group waits a little for them.
const BUSY_FRAMES: usize = 32;

/// Frames with what is kept beside them, place by place.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub frames: Vec<NewFrame>,
    pub tags: Vec<Tag>,
}

/// The frames that wait.
#[derive(Debug)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    budget: Semaphore,
    limit: usize,
    group: Group,
}

#[derive(Debug, Default)]
struct Waiting {
    batch: Batch,
    /// The last group was large.
    busy: bool,
    /// The writer sleeps until there is something, or until a group is full.
    sleeping: Sleep,
    closed: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Sleep {
    #[default]
    Awake,
    UntilAny,
    UntilFull,
}

impl Batch {
    /// Adds one frame.
    pub fn push(&mut self, frame: NewFrame, tag: Tag) {
        self.frames.push(frame);
        self.tags.push(tag);
    }

    /// Number of frames.
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// Bytes they take of the budget.
    pub fn cost(&self) -> usize {
        self.tags.iter().map(|tag| tag.cost as usize).sum()
    }

    fn append(&mut self, other: &mut Batch) {
        self.frames.append(&mut other.frames);
        self.tags.append(&mut other.tags);
    }

    fn split_first(&mut self, count: usize) -> Batch {
        if self.len() <= count {
            return std::mem::take(self);
        }
        let rest = Batch { frames: self.frames.split_off(count), tags: self.tags.split_off(count) };
        std::mem::replace(self, rest)
    }
}

impl Queue {
    /// Empty, with `limit` bytes to give.
    pub fn new(limit: usize, group: Group) -> Queue {
        let limit = limit.clamp(1, Semaphore::MAX_PERMITS);
        Queue {
            waiting: Mutex::default(),
            changed: Condvar::new(),
            budget: Semaphore::new(limit),
            limit,
            group: Group { max_frames: group.max_frames.max(1), ..group },
        }
    }

    /// Puts frames: waits for room, and is the only way in. `batch` is empty afterwards.
    pub async fn put(&self, batch: &mut Batch) {
        if batch.len() == 0 {
            return;
        }
        // No single read can be dearer than all there is to give.
        let cost = self.capped(batch);
        if let Ok(permit) = self.budget.acquire_many(cost).await {
            permit.forget();
        }
        let mut waiting = self.lock();
        waiting.batch.append(batch);
        let wake = match waiting.sleeping {
            Sleep::Awake => false,
            Sleep::UntilAny => true,
            Sleep::UntilFull => waiting.batch.len() >= self.group.max_frames,
        };
        if wake {
            waiting.sleeping = Sleep::Awake;
            self.changed.notify_all();
        }
    }

    /// The next group, waiting for it; `None` when the queue is closed and empty.
    pub fn next(&self) -> Option<Batch> {
        let mut waiting = self.lock();
        while waiting.batch.len() == 0 {
            if waiting.closed {
                return None;
            }
            waiting.sleeping = Sleep::UntilAny;
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        if waiting.busy {
            waiting = self.gather(waiting);
        }
        waiting.sleeping = Sleep::Awake;
        let batch = waiting.batch.split_first(self.group.max_frames);
        waiting.busy = batch.len() >= BUSY_FRAMES;
        Some(batch)
    }

    /// Gives back the budget of frames that are durable.
    pub fn release(&self, bytes: usize) {
        self.budget.add_permits(bytes);
    }

    /// No more frames will be put: the writer ends when all is written.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Waits for `pause`; true as soon as the queue is closed.
    pub fn wait_closed(&self, pause: Duration) -> bool {
        let (waiting, _) = self
            .changed
            .wait_timeout_while(self.lock(), pause, |waiting| !waiting.closed)
            .unwrap_or_else(PoisonError::into_inner);
        waiting.closed
    }

    /// Frames that wait, without those being written.
    pub fn len(&self) -> usize {
        self.lock().batch.len()
    }

    /// Bytes reserved, and how many there are.
    pub fn in_flight(&self) -> (usize, usize) {
        (self.limit - self.budget.available_permits().min(self.limit), self.limit)
    }

    fn gather<'a>(&self, mut waiting: MutexGuard<'a, Waiting>) -> MutexGuard<'a, Waiting> {
        let until = Instant::now() + Duration::from_millis(u64::from(self.group.max_wait_ms));
        while waiting.batch.len() < self.group.max_frames && !waiting.closed {
            let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) else { break };
            waiting.sleeping = Sleep::UntilFull;
            waiting = self.changed.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        waiting
    }

    /// What the frames cost, cut to what there is; the last frame bears the cut so that sums stay equal.
    fn capped(&self, batch: &mut Batch) -> u32 {
        let most = self.limit.min(u32::MAX as usize);
        let mut left = most as u32;
        for tag in &mut batch.tags {
            tag.cost = tag.cost.min(left);
            left -= tag.cost;
        }
        batch.cost() as u32
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Instant as Wall;

    fn batch(frames: usize, cost: u32) -> Batch {
        let mut batch = Batch::default();
        for number in 0..frames {
            batch.push(NewFrame::new(Wall(number as i64), Vec::new()), Tag { cost, ..Tag::default() });
        }
        batch
    }

    #[tokio::test]
    async fn a_group_has_a_size_and_the_budget_holds_back() {
        let queue = Queue::new(100, Group { max_frames: 3, max_wait_ms: 1 });
        queue.put(&mut batch(5, 20)).await;
        assert_eq!((queue.len(), queue.in_flight()), (5, (100, 100)));
        let mut more = batch(1, 20);
        let held = tokio::time::timeout(Duration::from_millis(20), queue.put(&mut more)).await;
        assert!(held.is_err(), "nothing is left of the budget");
        let first = queue.next().expect("a group");
        assert_eq!((first.len(), queue.len()), (3, 2));
        queue.release(first.cost());
        queue.put(&mut more).await;
        assert_eq!(queue.next().map(|group| group.len()), Some(3));
        queue.close();
        assert!(queue.next().is_none());
    }

    #[tokio::test]
    async fn a_batch_dearer_than_the_budget_takes_all_of_it_and_gives_as_much_back() {
        let queue = Queue::new(100, Group { max_frames: 10, max_wait_ms: 1 });
        queue.put(&mut batch(3, 70)).await;
        let group = queue.next().expect("a group");
        assert_eq!((group.cost(), queue.in_flight().0), (100, 100));
        queue.release(group.cost());
        assert_eq!(queue.in_flight().0, 0);
    }
}
