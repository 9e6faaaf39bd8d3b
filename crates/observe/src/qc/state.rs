//! Live values, one at a time → their flags: at once with what can be known, and for good when the next one is there.
//!
//! `server`'s live engine keeps one [`QcState`] a series. What it has settled in the end equals [`super::run`] on the
//! whole series.

use super::attenuated::AttenuatedState;
use super::beside::Beside;
use super::drift::DriftState;
use super::flag::{QcFlag, QcFlags, TestKind};
use super::flat::{FlatLine, Steps};
use super::gap::{GapState, StuckState, first};
use super::plan::{QcPlan, QcTest};
use super::series::MS;
use std::sync::Arc;

/// A flat-line threshold of fewer steps cannot tell flat from equal by chance, and is not evaluated.
pub(super) const MIN_STEPS: usize = 2;

/// What the tests remember of a series.
#[derive(Clone, Debug)]
pub struct QcState {
    plan: Arc<QcPlan>,
    ms: Vec<i64>,
    values: Vec<f64>,
    /// Points so far, also those no longer remembered.
    count: u64,
    /// Flags of the last point, still without the tests that wait for the next one.
    open: Option<QcFlags>,
    keep_points: usize,
    steps: Option<Steps>,
    attenuated: AttenuatedState,
    gap: GapState,
    stuck: StuckState,
    drift: DriftState,
    work: Vec<f64>,
}

/// What a new point brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The new point at its arrival: the spike test, and the gap test of a first point, are unknown yet.
    pub now: QcFlags,
    /// The point before it, for good.
    pub settled: Option<QcFlags>,
}

impl QcState {
    /// With nothing seen yet; `step_s` is the usual time between points, whole seconds.
    pub fn new(plan: Arc<QcPlan>, step_s: i64) -> QcState {
        let (mut keep_points, mut steps) = (2, None);
        if let Some(QcTest::FlatLine(flat)) = plan.test(TestKind::FlatLine).map(|planned| &planned.test) {
            steps = flat.steps(step_s).filter(|steps| steps.suspect.min(steps.fail) >= MIN_STEPS);
            keep_points = steps.map_or(2, |steps| steps.suspect.max(steps.fail) + 1);
        }
        QcState {
            plan,
            ms: Vec::new(),
            values: Vec::new(),
            count: 0,
            open: None,
            keep_points,
            steps,
            attenuated: AttenuatedState::default(),
            gap: GapState::default(),
            stuck: StuckState::default(),
            drift: DriftState::default(),
            work: Vec::new(),
        }
    }

    /// Takes the next point, in order of time; NaN is a missing value.
    pub fn push(&mut self, ms: i64, value: f64, beside: &Beside<'_>) -> Arrived {
        self.forget();
        self.ms.push(ms);
        self.values.push(value);
        self.count += 1;
        let plan = Arc::clone(&self.plan);
        let mut now = QcFlags::default();
        for planned in &plan.tests {
            let flag = if value.is_finite() {
                self.at_arrival(&planned.test, beside)
            } else {
                self.pass(&planned.test, ms, beside)
            };
            now.set(planned.test.kind(), flag);
        }
        let settled = self.open.replace(now).map(|open| self.settle(open, now));
        Arrived { now, settled }
    }

    /// The last point for good, when no other will come.
    pub fn finish(self) -> Option<QcFlags> {
        self.open
    }

    /// How many points it keeps.
    pub fn remembered(&self) -> usize {
        self.values.len()
    }

    /// The plan it follows.
    pub fn plan(&self) -> &QcPlan {
        &self.plan
    }

    fn at_arrival(&mut self, test: &QcTest, beside: &Beside<'_>) -> QcFlag {
        let n = self.values.len();
        let (ms, value) = (self.ms[n - 1], self.values[n - 1]);
        match test {
            QcTest::Range(spans) => spans.at(value),
            QcTest::Climatology(climate) => climate.at(ms, value),
            QcTest::Spike(_) => QcFlag::Unknown,
            QcTest::Rate(rate) => match n.checked_sub(2) {
                Some(before) => rate.at(self.values[before], value, ((ms - self.ms[before]) / MS) as f64),
                None => rate.first(value),
            },
            QcTest::FlatLine(flat) => self.flat(flat),
            QcTest::Attenuated(test) => test.at(&mut self.attenuated, ms, value),
            QcTest::Gap(gap) => gap.at(&mut self.gap, ms, value),
            QcTest::Stuck(stuck) => stuck.at(&mut self.stuck, value),
            QcTest::Cross(cross) => cross.at(value, beside),
            QcTest::Neighbour(test) => test.at(value, beside, &mut self.work),
            QcTest::Drift(drift) => drift.at(&mut self.drift, (ms, value), beside),
        }
    }

    /// A missing value: missing by every test, but time goes on for those that count it.
    fn pass(&mut self, test: &QcTest, ms: i64, beside: &Beside<'_>) -> QcFlag {
        match test {
            QcTest::Drift(drift) => drift.at(&mut self.drift, (ms, f64::NAN), beside),
            QcTest::Attenuated(test) => test.at(&mut self.attenuated, ms, f64::NAN),
            _ => QcFlag::Missing,
        }
    }

    fn flat(&self, flat: &FlatLine) -> QcFlag {
        self.steps.map_or(QcFlag::Unknown, |steps| flat.at_last(&self.values, steps))
    }

    /// The flags of the last point but one, now that there is a next.
    fn settle(&self, mut open: QcFlags, now: QcFlags) -> QcFlags {
        let n = self.values.len();
        for planned in &self.plan.tests {
            match &planned.test {
                QcTest::Spike(spike) if n >= 3 && self.values[n - 2].is_finite() => {
                    open.set(TestKind::Spike, spike.at(self.values[n - 3], self.values[n - 2], self.values[n - 1]));
                }
                QcTest::Gap(_) if self.count == 2 => {
                    if let (Some(one), Some(two)) = (open.of(TestKind::Gap), now.of(TestKind::Gap)) {
                        open.set(TestKind::Gap, first(one, two));
                    }
                }
                _ => {}
            }
        }
        open
    }

    /// Drops what no window reaches any more, when that is most of what is kept.
    fn forget(&mut self) {
        const SPARE: usize = 64;
        let drop = self.ms.len().saturating_sub(self.keep_points.max(2));
        if drop > SPARE && drop * 2 > self.ms.len() {
            self.ms.drain(..drop);
            self.values.drain(..drop);
        }
    }
}
