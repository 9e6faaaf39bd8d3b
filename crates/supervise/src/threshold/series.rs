//! One series and the rules that watch it: a value in, steps of alerts out. Used by `watch`.

use super::Judged;
use super::bounds::{Asked, Bounds, Unjudged};
use super::run::{MINUTE_MS, Point, Run, Standing};
use crate::alert::Alert;
use crate::event::{About, AlertEvent, LimitRef, Reason, Side, Step, alert_id};
use crate::rule::{Basis, Method, Rule};
use domain::{Cadence, Fixed, FrameId, Instant, Register};
use std::sync::Arc;

/// How many alerts that are over a state remembers, so that a value that comes late and lies within one of them
/// is not taken for a new one.
const REMEMBERED: usize = 64;

/// A series of one device.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub outlet: String,
    pub mn: String,
    pub code: String,
    pub cadence: Cadence,
    pub basis: Basis,
    pub unit: String,
    pub states: Vec<State>,
}

/// A series under one rule.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// Position of the rule.
    pub rule: usize,
    bounds: Bounds,
    run: Run,
    /// The run before its newest value, so that this can be revised.
    before: Run,
    pub open: Option<Box<Open>>,
    /// Begin and last value beyond of alerts that are over, the oldest first.
    over: Vec<(Instant, Instant)>,
}

/// An alert that is not over.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub id: String,
    /// None: data never came.
    pub began: Option<Instant>,
    pub first: Option<Point>,
    worst: Option<Fixed>,
    /// Worst value and time that were told last.
    told_worst: Option<Fixed>,
    told: Instant,
    count: u32,
    last_beyond: Instant,
    limit: Option<Arc<LimitRef>>,
}

/// What a step is made in.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub rules: &'a [Rule],
    pub register: &'a Register,
    pub now: Instant,
}

impl Series {
    pub(super) fn new(judged: &Judged<'_>, scene: Scene<'_>) -> Series {
        let mut series = Series {
            outlet: judged.outlet.to_string(),
            mn: judged.mn.to_string(),
            code: judged.code.to_string(),
            cadence: judged.cadence,
            basis: judged.basis,
            unit: judged.unit.to_string(),
            states: Vec::new(),
        };
        series.states = series.watching(scene).map(State::new).collect();
        series
    }

    /// Whether it is the series of a value.
    pub(super) fn is_of(&self, judged: &Judged<'_>) -> bool {
        self.code == judged.code && self.cadence == judged.cadence && self.basis == judged.basis
    }

    /// Positions of the rules that watch it.
    fn watching<'a>(&'a self, scene: Scene<'a>) -> impl Iterator<Item = usize> + 'a {
        let kind = scene.register.outlets.get(&self.outlet).map(|outlet| outlet.kind);
        let covers = move |rule: &Rule| {
            let watches = match rule.method {
                Method::NoData => false,
                Method::Stuck => true,
                Method::Limit => Bounds::possible(rule, self.asked(), scene.register),
            };
            watches && kind.is_some_and(|kind| rule.applies.covers(kind, &self.code, self.cadence, self.basis))
        };
        scene.rules.iter().enumerate().filter(move |(_, rule)| covers(rule)).map(|(index, _)| index)
    }

    /// After the register changed, or the device moved to another outlet: bounds are looked up again, and alerts
    /// that nothing watches any more are over.
    pub(super) fn rebind(&mut self, outlet: &str, scene: Scene<'_>, out: &mut Vec<AlertEvent>) {
        let moved = self.outlet != outlet;
        let wanted: Vec<usize> = {
            let there = Series { outlet: outlet.to_string(), states: Vec::new(), ..self.clone() };
            there.watching(scene).collect()
        };
        for state in std::mem::take(&mut self.states) {
            if moved || !wanted.contains(&state.rule) {
                out.extend(state.ended(self, scene));
            } else {
                self.states.push(State { bounds: Bounds::NONE, ..state });
            }
        }
        self.outlet = outlet.to_string();
        for rule in wanted {
            if !self.states.iter().any(|state| state.rule == rule) {
                self.states.push(State::new(rule));
            }
        }
        self.states.sort_by_key(|state| state.rule);
    }

    /// Takes one value.
    pub(super) fn feed(
        &mut self,
        judged: &Judged<'_>,
        scene: Scene<'_>,
        told: &mut Vec<Unjudged>,
        out: &mut Vec<AlertEvent>,
    ) {
        if self.unit != judged.unit {
            self.unit = judged.unit.to_string();
            self.states.iter_mut().for_each(|state| state.bounds = Bounds::NONE);
        }
        let Some(value) = judged.value else { return };
        if judged.excused {
            return;
        }
        let mut states = std::mem::take(&mut self.states);
        for state in &mut states {
            let rule = &scene.rules[state.rule];
            let ignored = judged.flag.is_some_and(|flag| rule.ignore.flags.contains(&flag))
                || rule.ignore.qc.contains(&judged.qc)
                || rule.ignore.values.contains(&value);
            if !ignored {
                let point = Point { time: judged.time, value, frame: judged.frame };
                state.feed(self, point, scene, (&mut *told, &mut *out));
            }
        }
        self.states = states;
    }

    fn about(&self, rule: &Rule) -> About {
        About {
            rule: rule.id.clone(),
            method: rule.method,
            grade: rule.grade,
            confidence: rule.confidence,
            outlet: self.outlet.clone(),
            mn: self.mn.clone(),
            code: self.code.clone(),
            cadence: self.cadence,
            basis: Some(self.basis),
            unit: self.unit.clone(),
        }
    }

    fn asked(&self) -> Asked<'_> {
        Asked { outlet: &self.outlet, code: &self.code, cadence: self.cadence, basis: self.basis, unit: &self.unit }
    }
}

impl State {
    fn new(rule: usize) -> State {
        State { rule, bounds: Bounds::NONE, run: Run::NEW, before: Run::NEW, open: None, over: Vec::new() }
    }

    fn feed(
        &mut self,
        series: &Series,
        point: Point,
        scene: Scene<'_>,
        (told, out): (&mut Vec<Unjudged>, &mut Vec<AlertEvent>),
    ) {
        let rule = &scene.rules[self.rule];
        let day = point.time.civil().0;
        if !self.bounds.hold_on(day) {
            self.bounds = Bounds::resolve(rule, series.asked(), day, scene.register, told);
        }
        let (standing, against) = match rule.method {
            Method::Limit if self.bounds.any() => self.bounds.standing(point.value),
            Method::Stuck if rule.in_force(day) => (Standing::Within, None),
            _ => return self.unwatched(series, point, scene, out),
        };
        let against = against.map(|(_, limit)| limit.clone());
        let revised = match self.run.last {
            Some(last) if point.time < last.time => return self.late(series, (point, standing, against), scene, out),
            Some(last) if point.time == last.time && point.value == last.value => return,
            Some(last) if point.time == last.time => {
                self.run = self.before;
                true
            }
            _ => false,
        };
        self.before = self.run;
        self.run = match rule.method {
            Method::Stuck => self.run.step_equal(point, &rule.raise),
            _ => self.run.step(point, standing, &rule.raise),
        };
        let beyond = match rule.method {
            Method::Stuck => self.run.count > 1,
            _ => standing == Standing::Beyond,
        };
        match self.open.take() {
            Some(open) => out.extend(self.go_on(open, series, (point, beyond, revised, against), scene)),
            None if beyond && self.run.persists(&rule.raise) => {
                let first = self.run.first.unwrap_or(point);
                let mut open = self.opened(series, rule, (first, point, against));
                open.count = self.run.count;
                out.push(open.event(Step::Raised, (series, rule), (point.time, scene.now), Some(point)));
                self.open = Some(Box::new(open));
            }
            None => {}
        }
    }

    /// A new alert.
    fn opened(&self, series: &Series, rule: &Rule, (first, at, limit): (Point, Point, Option<Arc<LimitRef>>)) -> Open {
        let began = first.time.0.to_string();
        // After a revision the same begin may be raised a second time, and that is another alert.
        let turn = self.over.iter().filter(|(begin, _)| *begin == first.time).count().to_string();
        let parts =
            [&rule.id, &series.outlet, &series.mn, &series.code, series.cadence.code(), series.basis.code(), &began];
        let id = alert_id(&parts.into_iter().chain([turn.as_str()]).collect::<Vec<_>>());
        let above = limit.as_ref().is_none_or(|limit| limit.side == Side::Above);
        let worst = if above { first.value.max(at.value) } else { first.value.min(at.value) };
        Open {
            id,
            began: Some(first.time),
            first: Some(first),
            worst: Some(worst),
            told_worst: Some(worst),
            told: at.time,
            count: 1,
            last_beyond: at.time,
            limit,
        }
    }

    /// A value while an alert is open.
    fn go_on(
        &mut self,
        mut open: Box<Open>,
        series: &Series,
        (point, beyond, revised, against): (Point, bool, bool, Option<Arc<LimitRef>>),
        scene: Scene<'_>,
    ) -> Option<AlertEvent> {
        let rule = &scene.rules[self.rule];
        let unraised = revised && open.last_beyond == point.time && !beyond && open.count <= rule.raise.count;
        let stuck_over = rule.method == Method::Stuck && !beyond;
        if unraised || self.run.recovered(&rule.recover) {
            let reason = match (unraised, stuck_over) {
                (true, _) => Reason::Revised,
                (_, true) => Reason::Changes,
                _ => Reason::Back,
            };
            self.remember(&open);
            return Some(open.over(reason, (series, rule), (point.time, scene.now), Some(point)));
        }
        let mut step = None;
        if beyond {
            if !revised || open.last_beyond != point.time {
                open.count += 1;
            }
            open.last_beyond = point.time;
            if open.worsens(point.value, against) || open.due(point.time, rule) {
                (open.told, open.told_worst) = (point.time, open.worst);
                step = Some(open.event(Step::Updated, (series, rule), (point.time, scene.now), Some(point)));
            }
        }
        self.open = Some(open);
        step
    }

    /// A value before the newest one. It changes no run; if it alone makes an alert, it makes one that is over.
    fn late(
        &mut self,
        series: &Series,
        (point, standing, against): (Point, Standing, Option<Arc<LimitRef>>),
        scene: Scene<'_>,
        out: &mut Vec<AlertEvent>,
    ) {
        let rule = &scene.rules[self.rule];
        let alone = rule.method == Method::Limit && rule.raise.count == 1 && rule.raise.minutes == 0;
        let known = |(begin, last): &(Instant, Instant)| *begin <= point.time && point.time <= *last;
        let in_open = self.open.as_ref().and_then(|open| open.began).is_some_and(|began| began <= point.time);
        if standing != Standing::Beyond || !alone || in_open || self.over.iter().any(known) {
            return;
        }
        let open = self.opened(series, rule, (point, point, against));
        let times = (point.time, scene.now);
        out.push(open.event(Step::Raised, (series, rule), times, Some(point)));
        self.remember(&open);
        out.push(open.over(Reason::Late, (series, rule), times, Some(point)));
    }

    /// No limit holds on this day: what was open is over, and nothing is counted.
    fn unwatched(&mut self, series: &Series, point: Point, scene: Scene<'_>, out: &mut Vec<AlertEvent>) {
        if self.run.last.is_some_and(|last| point.time < last.time) {
            return;
        }
        (self.run, self.before) = (Run::NEW, Run::NEW);
        if let Some(open) = self.open.take() {
            self.remember(&open);
            let rule = &scene.rules[self.rule];
            out.push(open.over(Reason::NoLongerWatched, (series, rule), (point.time, scene.now), Some(point)));
        }
    }

    /// The end of an alert that nothing watches any more.
    fn ended(self, series: &Series, scene: Scene<'_>) -> Option<AlertEvent> {
        let rule = &scene.rules[self.rule];
        Some(self.open?.over(Reason::NoLongerWatched, (series, rule), (scene.now, scene.now), None))
    }

    fn remember(&mut self, open: &Open) {
        if self.over.len() == REMEMBERED {
            self.over.remove(0);
        }
        self.over.push((open.began.unwrap_or(open.last_beyond), open.last_beyond));
    }
}

impl Open {
    /// A device that is silent since `began`, or of which nothing ever came.
    pub(super) fn silence(id: String, began: Option<Instant>, at: Instant) -> Open {
        Open { id, began, first: None, worst: None, told_worst: None, told: at, count: 0, last_beyond: at, limit: None }
    }

    /// As the kept events have it.
    pub(super) fn resumed(alert: &Alert) -> Open {
        let frame = alert.frames.first().copied().unwrap_or(FrameId(0));
        let first = alert.began.zip(alert.first).map(|(time, value)| Point { time, value, frame });
        Open {
            id: alert.id.clone(),
            began: alert.began,
            first,
            worst: alert.worst,
            told_worst: alert.worst,
            told: alert.time,
            count: alert.count,
            last_beyond: alert.time,
            limit: alert.limit.clone().map(Arc::new),
        }
    }

    /// Takes the value into the worst; a value on the other side of the limit is always told.
    fn worsens(&mut self, value: Fixed, against: Option<Arc<LimitRef>>) -> bool {
        let side = |limit: &Option<Arc<LimitRef>>| limit.as_ref().map(|limit| limit.side);
        if side(&against) != side(&self.limit) {
            self.limit = against;
            self.worst = Some(value);
            return true;
        }
        let above = side(&self.limit) != Some(Side::Below);
        let worst = self.worst.unwrap_or(value);
        self.worst = Some(if above { worst.max(value) } else { worst.min(value) });
        false
    }

    /// Whether it is to be told again.
    pub(super) fn due(&self, time: Instant, rule: &Rule) -> bool {
        let repeat = i64::from(rule.repeat.minutes) * MINUTE_MS;
        if repeat > 0 && time.0 - self.told.0 >= repeat {
            return true;
        }
        let (Some(worst), Some(told)) = (self.worst, self.told_worst) else { return false };
        let (worst, told) = (i128::from(worst.millionths()), i128::from(told.millionths()));
        let percent = i128::from(rule.repeat.worse_percent);
        percent > 0 && (worst - told).abs() * 100 >= told.abs() * percent && worst != told
    }

    /// Marks it as told.
    pub(super) fn tell(&mut self, time: Instant) {
        (self.told, self.told_worst) = (time, self.worst);
    }

    fn over(
        &self,
        reason: Reason,
        of: (&Series, &Rule),
        times: (Instant, Instant),
        point: Option<Point>,
    ) -> AlertEvent {
        AlertEvent { reason: Some(reason), ..self.event(Step::Recovered, of, times, point) }
    }

    fn event(
        &self,
        step: Step,
        (series, rule): (&Series, &Rule),
        (time, now): (Instant, Instant),
        point: Option<Point>,
    ) -> AlertEvent {
        let mut frames: Vec<FrameId> = self.first.iter().chain(&point).map(|point| point.frame).collect();
        frames.dedup();
        frames.retain(|frame| *frame != FrameId(0));
        AlertEvent {
            step,
            alert: self.id.clone(),
            about: series.about(rule),
            began: self.began,
            time,
            at: now,
            first: self.first.map(|first| first.value),
            value: point.map(|point| point.value),
            worst: self.worst,
            count: self.count,
            limit: self.limit.as_deref().cloned(),
            frames,
            reason: None,
        }
    }
}
