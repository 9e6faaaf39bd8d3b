//! How long something has lasted: one small copyable state a rule and series, stepped by one value.
//! Pure arithmetic; used by `series`.

use crate::rule::{Persistence, Recovery};
use domain::{Fixed, FrameId, Instant};

/// Milliseconds of a minute.
pub(super) const MINUTE_MS: i64 = 60_000;

/// A value as a run sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub time: Instant,
    pub value: Fixed,
    pub frame: FrameId,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Beyond.
    Beyond,
    /// Within, but not by enough to end an alert.
    Near,
    /// Within by enough.
    Within,
}

/// What has happened so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// Value of the newest step, none at the beginning.
    pub last: Option<Point>,
    /// First value of the present run.
    pub first: Option<Point>,
    /// Values beyond in the present run.
    pub count: u32,
    /// The newest values, the newest in the lowest bit; 1 is beyond.
    window: u64,
    /// Values within by enough, one after the other, and the first of them.
    calm: u32,
    calm_since: Instant,
}

impl Run {
    /// Nothing yet.
    pub(super) const NEW: Run = Run { last: None, first: None, count: 0, window: 0, calm: 0, calm_since: Instant(0) };

    /// The state after a value of a limit rule, at a time after the last.
    pub(super) fn step(self, point: Point, standing: Standing, raise: &Persistence) -> Run {
        let mut next = if self.broken(point, raise) { Run::NEW } else { self };
        let mask = if raise.of >= 64 { u64::MAX } else { (1 << raise.of) - 1 };
        next.window = (next.window << 1 | u64::from(standing == Standing::Beyond)) & mask;
        let over = match raise.of == raise.count {
            true => standing != Standing::Beyond,
            false => next.window == 0,
        };
        if over {
            (next.first, next.count) = (None, 0);
        }
        if standing == Standing::Beyond {
            next.first = next.first.or(Some(point));
            next.count += 1;
        }
        next.settle(point, standing)
    }

    /// The state after a value of a stuck rule: a run is of equal values.
    pub(super) fn step_equal(self, point: Point, raise: &Persistence) -> Run {
        let mut next = if self.broken(point, raise) { Run::NEW } else { self };
        let same = next.last.is_some_and(|last| last.value == point.value);
        if same {
            next.count += 1;
            next.settle(point, Standing::Beyond)
        } else {
            (next.first, next.count) = (Some(point), 1);
            next.settle(point, Standing::Within)
        }
    }

    /// Whether a limit or stuck rule is to be raised now.
    pub(super) fn persists(&self, raise: &Persistence) -> bool {
        let enough = if raise.of == raise.count {
            self.count >= raise.count
        } else {
            self.window & 1 == 1 && self.window.count_ones() >= raise.count
        };
        let (Some(first), Some(last)) = (self.first, self.last) else { return false };
        enough && last.time.0 - first.time.0 >= i64::from(raise.minutes) * MINUTE_MS
    }

    /// Whether an open alert is over now.
    pub(super) fn recovered(&self, recover: &Recovery) -> bool {
        let Some(last) = self.last else { return false };
        self.calm >= recover.count && last.time.0 - self.calm_since.0 >= i64::from(recover.minutes) * MINUTE_MS
    }

    fn broken(&self, point: Point, raise: &Persistence) -> bool {
        let gap = i64::from(raise.gap_minutes) * MINUTE_MS;
        gap > 0 && self.last.is_some_and(|last| point.time.0 - last.time.0 > gap)
    }

    fn settle(mut self, point: Point, standing: Standing) -> Run {
        if standing == Standing::Within {
            if self.calm == 0 {
                self.calm_since = point.time;
            }
            self.calm += 1;
        } else {
            self.calm = 0;
        }
        self.last = Some(point);
        self
    }
}
