//! Neighbouring values that the tests did not pass → runs for the review desk: gathered by the engine, bounded.

use crate::answers::online::curve::QcMark;
use domain::{Cadence, Fixed, FrameId, Instant};
use std::collections::VecDeque;
use supervise::SeriesKey;

/// Runs that are remembered.
const REMEMBERED: usize = 2_000;
/// A run goes on over a gap of so many steps.
const GAP_STEPS: i64 = 3;

/// Neighbouring values of one series that tests did not pass.
#[derive(Clone, Debug)]
pub struct Run {
    /// Outlet.
    pub outlet: String,
    /// Device.
    pub mn: String,
    /// Code.
    pub code: String,
    /// Cadence.
    pub cadence: Cadence,
    /// First value.
    pub first: Instant,
    /// Last value.
    pub last: Instant,
    /// How many.
    pub count: u64,
    /// Lowest.
    pub lowest: Option<Fixed>,
    /// Highest.
    pub highest: Option<Fixed>,
    /// Worst judgement.
    pub flag: u8,
    /// Worst of each test.
    pub qc: Vec<QcMark>,
    /// Frame of the first value.
    pub frame: FrameId,
}

/// One value that tests did not pass.
#[derive(Debug)]
pub(super) struct Point<'a> {
    pub outlet: &'a str,
    pub mn: &'a str,
    pub code: &'a str,
    pub cadence: Cadence,
    pub time: Instant,
    pub value: Option<Fixed>,
    pub flag: u8,
    pub qc: Vec<QcMark>,
    pub frame: FrameId,
    pub step_ms: i64,
}

/// The newest runs, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Flagged(VecDeque<Run>);

impl Run {
    /// Its series.
    pub fn key(&self) -> SeriesKey {
        SeriesKey { mn: self.mn.clone(), code: self.code.clone(), cadence: self.cadence }
    }
}

impl Flagged {
    pub fn add(&mut self, point: Point<'_>) {
        let goes_on = |run: &&mut Run| {
            run.cadence == point.cadence
                && run.mn == point.mn
                && run.code == point.code
                && run.first <= point.time
                && point.time.0 - run.last.0 <= point.step_ms * GAP_STEPS
        };
        if let Some(run) = self.0.iter_mut().rev().take(REMEMBERED / 4).find(goes_on) {
            run.last = run.last.max(point.time);
            run.count += 1;
            run.lowest = match (run.lowest, point.value) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            run.highest = run.highest.max(point.value);
            run.flag = run.flag.max(point.flag);
            for mark in point.qc {
                match run.qc.iter_mut().find(|known| known.test == mark.test) {
                    Some(known) if known.flag >= mark.flag => {}
                    Some(known) => *known = mark,
                    None => run.qc.push(mark),
                }
            }
            return;
        }
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(Run {
            outlet: point.outlet.to_string(),
            mn: point.mn.to_string(),
            code: point.code.to_string(),
            cadence: point.cadence,
            first: point.time,
            last: point.time,
            count: 1,
            lowest: point.value,
            highest: point.value,
            flag: point.flag,
            qc: point.qc,
            frame: point.frame,
        });
    }

    pub fn all(&self) -> Vec<Run> {
        self.0.iter().cloned().collect()
    }
}
