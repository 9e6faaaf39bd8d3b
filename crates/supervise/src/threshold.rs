//! Judged values and rules → steps of alerts. A pure state machine: the same values in the same order of each
//! series give the same steps, however they are cut into portions and mixed with other series.
//!
//! `server` feeds it every judged value, asks it every few seconds whether something is silent, and keeps the
//! events that come out. After a restart it feeds the newest past again, throws those events away, and calls
//! [`Watch::settle`] with the alerts that are open by the kept events.

mod bounds;
mod run;
mod series;
mod silence;
#[cfg(test)]
mod tests;

pub use bounds::Unjudged;

use crate::alert::Alert;
use crate::event::AlertEvent;
use crate::rule::{Basis, Method, Rules};
use domain::{Cadence, DataFlag, Device, Fixed, FrameId, Instant, Register};
use series::{Open, Scene, Series};
use silence::{Silence, Whose};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A value as it is judged.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// Outlet; empty for a device that no register knows.
    pub outlet: &'a str,
    /// Device.
    pub mn: &'a str,
    /// Code of HJ 212-2017 Annex B.
    pub code: &'a str,
    /// Cadence.
    pub cadence: Cadence,
    /// What the value is.
    pub basis: Basis,
    /// Moment of a real-time value, start of a period, as [`Cadence`] says.
    pub time: Instant,
    /// The value, if there is a valid one.
    pub value: Option<Fixed>,
    /// The instrument's flag.
    pub flag: Option<DataFlag>,
    /// Judgement of the series tests after QARTOD: 1 pass, 2 not evaluated, 3 suspect, 4 fail, 9 missing; 0 none.
    pub qc: u8,
    /// A mark says that the value is not judged (a kind of mark whose effect is invalid, stopped or exempt).
    pub excused: bool,
    /// Unit of the value.
    pub unit: &'a str,
    /// Frame that it came in; 0 when it came in none.
    pub frame: FrameId,
}

/// The state of every series and device under the rules.
#[derive(Debug)]
pub struct Watch {
    rules: Arc<Rules>,
    register: Arc<Register>,
    since: Instant,
    devices: BTreeMap<String, Watched>,
    unjudged: BTreeSet<Unjudged>,
}

/// A device.
#[derive(Debug, Default)]
struct Watched {
    device: Option<Device>,
    /// Time of the newest value, by cadence.
    newest: [Option<Instant>; 4],
    silences: Vec<Silence>,
    series: Vec<Series>,
    /// Where the next series is looked for first: a message has its items in the same order each time.
    next: usize,
}

impl Watch {
    /// Nothing fed yet. `now` is when watching begins: a device that never sent is silent from then on at the
    /// earliest.
    pub fn new(rules: Arc<Rules>, register: Arc<Register>, now: Instant) -> Watch {
        let mut watch = Watch { rules, register, since: now, devices: BTreeMap::new(), unjudged: BTreeSet::new() };
        watch.bind(now, &mut Vec::new());
        watch
    }

    /// Takes another register; alerts that nothing watches any more are over.
    pub fn set_register(&mut self, register: Arc<Register>, now: Instant) -> Vec<AlertEvent> {
        let mut out = Vec::new();
        self.register = register;
        self.unjudged.clear();
        self.bind(now, &mut out);
        out
    }

    /// Takes one value. Nothing is allocated when nothing happens.
    pub fn feed(&mut self, judged: &Judged<'_>, now: Instant) -> Vec<AlertEvent> {
        let (mut out, mut told) = (Vec::new(), Vec::new());
        let scene = Scene { rules: self.rules.list(), register: &self.register, now };
        let watched = match self.devices.get_mut(judged.mn) {
            Some(watched) => watched,
            None => self.devices.entry(judged.mn.to_string()).or_default(),
        };
        watched.heard(judged, self.since, scene, &mut out);
        let series = watched.series_of(judged, scene);
        if series.outlet != judged.outlet {
            series.rebind(judged.outlet, scene, &mut out);
        }
        series.feed(judged, scene, &mut told, &mut out);
        self.unjudged.extend(told);
        out
    }

    /// Asks every device in use whether it has been silent for too long; in order of MN.
    pub fn tick(&mut self, now: Instant) -> Vec<AlertEvent> {
        let mut out = Vec::new();
        let scene = Scene { rules: self.rules.list(), register: &self.register, now };
        for watched in self.devices.values_mut() {
            let Some(device) = &watched.device else { continue };
            for silence in &mut watched.silences {
                let newest = watched.newest[place(scene.rules[silence.rule].applies.cadence)];
                silence.ask(Whose { device, newest, since: self.since }, now, scene, &mut out);
            }
        }
        out
    }

    /// Makes the open alerts exactly those of the kept events, which alone are the truth after a restart. Gives the
    /// ids of those that it could not place: their rule or device is gone.
    pub fn settle(&mut self, open: &[Alert]) -> Vec<String> {
        for watched in self.devices.values_mut() {
            watched.silences.iter_mut().for_each(|silence| silence.open = None);
            watched.series.iter_mut().flat_map(|series| &mut series.states).for_each(|state| state.open = None);
        }
        open.iter().filter(|alert| !self.reopen(alert)).map(|alert| alert.id.clone()).collect()
    }

    /// Limits that judged nothing, because their unit and that of the values do not fit.
    pub fn unjudged(&self) -> impl Iterator<Item = &Unjudged> {
        self.unjudged.iter()
    }

    /// Binds every device, known or heard, to the register.
    fn bind(&mut self, now: Instant, out: &mut Vec<AlertEvent>) {
        let register = self.register.clone();
        let rules = self.rules.clone();
        let scene = Scene { rules: rules.list(), register: &register, now };
        for mn in register.devices.keys() {
            if !self.devices.contains_key(mn) {
                self.devices.insert(mn.clone(), Watched::default());
            }
        }
        for (mn, watched) in &mut self.devices {
            watched.bind(register.device(mn), self.since, scene, out);
        }
    }

    fn reopen(&mut self, alert: &Alert) -> bool {
        let Some(rule) = self.rules.list().iter().position(|rule| rule.id == alert.about.rule) else { return false };
        let Some(watched) = self.devices.get_mut(&alert.about.mn) else { return false };
        if alert.about.method == Method::NoData {
            let Some(silence) = watched.silences.iter_mut().find(|silence| silence.rule == rule) else { return false };
            silence.open = Some(Open::resumed(alert));
            return true;
        }
        let scene = Scene { rules: self.rules.list(), register: &self.register, now: alert.raised };
        let judged = Judged {
            outlet: &alert.about.outlet,
            mn: &alert.about.mn,
            code: &alert.about.code,
            cadence: alert.about.cadence,
            basis: alert.about.basis.unwrap_or(Basis::Measured),
            time: alert.time,
            value: None,
            flag: None,
            qc: 0,
            excused: false,
            unit: &alert.about.unit,
            frame: FrameId(0),
        };
        if !watched.series.iter().any(|series| series.is_of(&judged)) {
            watched.series.push(Series::new(&judged, scene));
        }
        let series = watched.series.iter_mut().filter(|series| series.is_of(&judged));
        let Some(state) = series.flat_map(|series| &mut series.states).find(|state| state.rule == rule) else {
            return false;
        };
        state.open = Some(Box::new(Open::resumed(alert)));
        true
    }
}

impl Watched {
    /// The series of a value; a new one where there is none.
    fn series_of(&mut self, judged: &Judged<'_>, scene: Scene<'_>) -> &mut Series {
        let hinted = self.series.get(self.next).is_some_and(|series| series.is_of(judged));
        let found = if hinted { Some(self.next) } else { self.series.iter().position(|series| series.is_of(judged)) };
        let index = found.unwrap_or_else(|| {
            self.series.push(Series::new(judged, scene));
            self.series.len() - 1
        });
        self.next = if index + 1 == self.series.len() { 0 } else { index + 1 };
        &mut self.series[index]
    }

    /// Notes that something came. A time ahead of the clock counts as now, so that a wrong clock hides no silence.
    fn heard(&mut self, judged: &Judged<'_>, since: Instant, scene: Scene<'_>, out: &mut Vec<AlertEvent>) {
        let (at, time) = (place(judged.cadence), judged.time.min(scene.now));
        if self.newest[at].is_some_and(|newest| time <= newest) {
            return;
        }
        if let Some(device) = &self.device {
            let whose = Whose { device, newest: self.newest[at], since };
            for silence in &mut self.silences {
                if scene.rules[silence.rule].applies.cadence == judged.cadence {
                    silence.heard(whose, time, scene, out);
                }
            }
        }
        self.newest[at] = Some(time);
    }

    fn bind(&mut self, device: Option<&Device>, since: Instant, scene: Scene<'_>, out: &mut Vec<AlertEvent>) {
        let outlet = device.map_or("", |device| device.outlet.as_str());
        let kind = scene.register.outlets.get(outlet).map(|outlet| outlet.kind);
        let mut before = std::mem::take(&mut self.silences);
        for (index, rule) in scene.rules.iter().enumerate() {
            let Some(device) = device.filter(|_| silence::watches(rule, kind)) else { continue };
            let there = before.iter().position(|silence| silence.rule == index).map(|at| before.swap_remove(at));
            self.silences.push(match there {
                Some(silence) => silence.renewed(rule, device),
                None => Silence::new(index, rule, device),
            });
        }
        for gone in before {
            let (Some(open), Some(device)) = (gone.open, &self.device) else { continue };
            let whose = Whose { device, newest: None, since };
            let event = silence::event(&open, crate::event::Step::Recovered, whose, (gone.rule, scene.now), scene);
            out.push(AlertEvent { reason: Some(crate::event::Reason::NoLongerWatched), ..event });
        }
        self.device = device.cloned();
        for series in &mut self.series {
            series.rebind(outlet, scene, out);
        }
    }
}

fn place(cadence: Cadence) -> usize {
    match cadence {
        Cadence::RealTime => 0,
        Cadence::Minute => 1,
        Cadence::Hour => 2,
        Cadence::Day => 3,
    }
}
