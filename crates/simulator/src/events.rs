//! A city → what happens in it, in the order of simulated time: frames sent, lines lost and found again. Nothing is
//! kept but one small plan a device, so that a day of two thousand devices streams.

use crate::catalog::MalformedRow;
use crate::chance::{Chance, Window};
use crate::city::{City, Device};
use crate::frame::{Expected, Frame, Shape, raw_digest};
use crate::malformed::{self, Kind};
use crate::message::qn;
use crate::values::Scratch;
use domain::period::{HOUR_MS, UTC_OFFSET_MS};
use domain::{Cadence, Instant};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in simulated time.
    pub time: Instant,
    /// Place of the device in [`City::devices`].
    pub device: usize,
    /// What.
    pub action: Action,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A frame is sent.
    Send(Box<Frame>),
    /// The line is lost.
    Down,
    /// The line is there again.
    Up,
}

/// The events of a city, in order.
#[derive(Debug)]
pub struct Events<'a> {
    city: &'a City,
    due: BinaryHeap<Reverse<(i64, usize)>>,
    plans: Vec<Plan>,
    ready: VecDeque<Event>,
    scratch: Scratch,
}

/// What one device does next.
#[derive(Debug)]
struct Plan {
    phase_ms: i64,
    next: [Option<i64>; 4],
    waiting: BinaryHeap<Reverse<(i64, Errand)>>,
    outage: Option<Window>,
    down: bool,
    late: i64,
}

/// A message to be sent at a time of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Errand {
    cadence: Cadence,
    data_time: i64,
    qn_ms: i64,
    resent: bool,
}

/// Streams of chance of a device.
mod stream {
    pub(super) const PHASE: u64 = 301;
    pub(super) const OUTAGE: u64 = 302;
    pub(super) const SPOIL: u64 = 303;
    pub(super) const AGAIN: u64 = 304;
}

/// Milliseconds of QN, by what is sent, so that no two frames of a device have the same.
mod ms {
    pub(super) const CADENCE: i64 = 200;
    pub(super) const LATE: i64 = 800;
    pub(super) const SECOND: i64 = 1000;
}

/// Longest phase of a device [s], and how much later hours and days are sent than minutes [s].
const PHASE_S: usize = 20;
const LATER_S: [i64; 4] = [0, 0, 25, 45];

impl City {
    /// All that happens from start to end.
    pub fn events(&self) -> Events<'_> {
        let mut due = BinaryHeap::with_capacity(self.devices.len());
        let mut plans = Vec::with_capacity(self.devices.len());
        for device in &self.devices {
            let plan = Plan::new(self, device);
            if let Some(time) = plan.next_time(self) {
                due.push(Reverse((time, device.index)));
            }
            plans.push(plan);
        }
        Events { city: self, due, plans, ready: VecDeque::new(), scratch: Scratch::default() }
    }

    /// Milliseconds between messages of a cadence; `None` when there are none.
    fn step_ms(&self, cadence: Cadence) -> Option<i64> {
        let options = &self.options;
        match cadence {
            Cadence::RealTime => {
                (options.realtime_interval_s > 0).then(|| i64::from(options.realtime_interval_s) * 1000)
            }
            Cadence::Minute => (options.minute_interval_min > 0).then(|| self.minute_ms()),
            Cadence::Hour => options.hours.then_some(HOUR_MS),
            Cadence::Day => options.days.then_some(24 * HOUR_MS),
        }
    }

    /// The frames of a message, whole and well-formed.
    pub(crate) fn frames(&self, device: &Device, errand: (Cadence, Instant, i64), scratch: &mut Scratch) -> Vec<Frame> {
        let (cadence, data_time, qn_ms) = errand;
        let parts = self.parts(device, cadence, data_time, scratch);
        let count = parts.len() as u32;
        let one_qn = count > 1 && self.one_qn(device);
        let mut frames = Vec::with_capacity(parts.len());
        for (number, part) in parts.into_iter().enumerate() {
            let offset = if one_qn { 0 } else { number as i64 };
            frames.push(Frame {
                device: device.index,
                cadence,
                data_time,
                qn: qn(Instant(qn_ms + offset)),
                part: (count, number as u32 + 1),
                cp: part.cp,
                items: part.items,
                expected: Expected::Held,
                held: true,
                awaited: true,
                shape: Shape::Whole,
                bytes: Vec::new(),
                raw: 0,
            });
        }
        frames
    }

    /// Spoils a frame if chance will have it.
    fn maybe_spoil(&self, device: &Device, frame: &mut Frame, chance: Chance) -> bool {
        if chance.unit(0) * 1000.0 >= self.options.malformed_permille {
            return false;
        }
        let encrypted = device.key.is_some();
        let spoken = |list: &str| list.is_empty() || list.split(';').any(|one| one == device.generation.code());
        let fits = |row: &&MalformedRow| (!encrypted || row.encrypted == "yes") && spoken(&row.generations);
        let rows = || self.catalog.malformed.iter().filter(fits);
        let total: f64 = rows().map(|row| row.weight).sum();
        let mut rest = chance.unit(1) * total;
        let drawn = rows().find(|row| {
            rest -= row.weight;
            rest < 0.0
        });
        let (Some(drawn), longest) = (drawn, self.catalog.constants.segment_max_bytes) else { return false };
        let kind = match malformed::spoil(drawn.kind, frame, chance.of(2), longest) {
            true => drawn.kind,
            // What cannot be done to this frame is done in the way that always can.
            false => {
                malformed::spoil(Kind::Garbage, frame, chance.of(2), longest);
                Kind::Garbage
            }
        };
        let Some(row) = self.catalog.malformed(kind) else { return false };
        frame.expected = Expected::Malformed(kind);
        frame.held = row.held == "yes";
        frame.awaited = row.answered == "yes";
        true
    }
}

impl Plan {
    fn new(city: &City, device: &Device) -> Plan {
        let start = city.options.start.0;
        let first = |cadence: Cadence| {
            let step = city.step_ms(cadence)?;
            let local = start + UTC_OFFSET_MS;
            Some(local + (-local).rem_euclid(step) - UTC_OFFSET_MS)
        };
        let mut plan = Plan {
            phase_ms: device.chance.of(stream::PHASE).pick(0, PHASE_S) as i64 * ms::SECOND,
            next: Cadence::ALL.map(first),
            waiting: BinaryHeap::new(),
            outage: None,
            down: false,
            late: 0,
        };
        plan.outage = plan.outage_after(city, device, start);
        plan
    }

    /// The first outage that begins at or after a moment.
    fn outage_after(&self, city: &City, device: &Device, moment: i64) -> Option<Window> {
        if city.outage.chance <= 0.0 {
            return None;
        }
        let chance = device.chance.of(stream::OUTAGE);
        let first = moment.div_euclid(city.outage.every_ms);
        let last = city.options.end.0.div_euclid(city.outage.every_ms);
        let windows = (first..=last).filter_map(|block| chance.window_of(&city.outage, block));
        // Whole seconds, so that the milliseconds of QN stay those of the frame.
        let whole = |at: i64| at.div_euclid(ms::SECOND) * ms::SECOND;
        windows
            .map(|window| Window { from: whole(window.from), to: whole(window.to) })
            .find(|window| window.from >= moment)
    }

    /// When the next message of a cadence is sent.
    fn fresh_time(&self, city: &City, cadence: Cadence) -> Option<i64> {
        let data_time = self.next[cadence as usize]?;
        let length = if cadence == Cadence::RealTime { 0 } else { city.step_ms(cadence)? };
        Some(data_time + length + self.phase_ms + LATER_S[cadence as usize] * ms::SECOND + ms::CADENCE * cadence as i64)
    }

    fn line_time(&self) -> Option<i64> {
        self.outage.map(|window| if self.down { window.to } else { window.from })
    }

    fn next_time(&self, city: &City) -> Option<i64> {
        let fresh = Cadence::ALL.into_iter().filter_map(|cadence| self.fresh_time(city, cadence));
        let waiting = self.waiting.peek().map(|Reverse((time, _))| *time);
        fresh.chain(waiting).chain(self.line_time()).min().filter(|time| *time < city.options.end.0)
    }

    /// When a message that is due now is sent, if the line is down: one a second when it is there again.
    fn put_off(&mut self) -> Option<i64> {
        let window = self.outage.filter(|_| self.down)?;
        self.late += 1;
        Some(window.to + self.late * ms::SECOND + ms::LATE)
    }
}

impl Events<'_> {
    /// Does what a device does next, at `time`.
    fn step(&mut self, time: i64, index: usize) {
        let city = self.city;
        let device = &city.devices[index];
        let plan = &mut self.plans[index];
        if plan.line_time() == Some(time) {
            self.turn(time, index);
        } else if plan.waiting.peek().is_some_and(|Reverse((due, _))| *due == time) {
            if let Some(Reverse((_, errand))) = plan.waiting.pop() {
                match plan.put_off() {
                    Some(later) => plan.waiting.push(Reverse((later, errand))),
                    None => self.send(time, index, errand),
                }
            }
        } else if let Some(cadence) =
            Cadence::ALL.into_iter().find(|cadence| plan.fresh_time(city, *cadence) == Some(time))
        {
            let step = city.step_ms(cadence).expect("a cadence that is planned has a step");
            let data_time = plan.next[cadence as usize].expect("it is planned");
            plan.next[cadence as usize] = Some(data_time + step);
            let errand = Errand { cadence, data_time, qn_ms: time, resent: false };
            match plan.put_off() {
                Some(later) => plan.waiting.push(Reverse((later, Errand { qn_ms: later, ..errand }))),
                None => {
                    self.send(time, index, errand);
                    let chance = device.chance.of(stream::AGAIN).of(time as u64);
                    let spoilt = self.ready.iter().any(|event| event.device == index && event.is_spoilt());
                    if !spoilt && chance.unit(0) * 1000.0 < self.city.options.resent_permille {
                        let later = time + 15 * ms::SECOND + chance.pick(1, 60) as i64 * ms::SECOND;
                        let again = Errand { resent: true, ..errand };
                        self.plans[index].waiting.push(Reverse((later, again)));
                    }
                }
            }
        }
        if let Some(next) = self.plans[index].next_time(self.city) {
            self.due.push(Reverse((next, index)));
        }
    }

    /// The line goes down or comes up.
    fn turn(&mut self, time: i64, index: usize) {
        let plan = &mut self.plans[index];
        let action = if plan.down { Action::Up } else { Action::Down };
        if plan.down {
            plan.late = 0;
            plan.outage = plan.outage_after(self.city, &self.city.devices[index], time);
        }
        plan.down = !plan.down;
        self.ready.push_back(Event { time: Instant(time), device: index, action });
    }

    fn send(&mut self, time: i64, index: usize, errand: Errand) {
        let city = self.city;
        let device = &city.devices[index];
        let what = (errand.cadence, Instant(errand.data_time), errand.qn_ms);
        let late = errand.qn_ms.rem_euclid(ms::SECOND) >= ms::LATE;
        for mut frame in self.city.frames(device, what, &mut self.scratch) {
            frame.bytes = self.city.encode(&frame, errand.resent);
            let chance = device.chance.of(stream::SPOIL).of(errand.qn_ms as u64).of(u64::from(frame.part.1));
            if errand.resent {
                frame.expected = Expected::Resent;
            } else if late {
                frame.expected = Expected::Late;
            } else {
                self.city.maybe_spoil(device, &mut frame, chance);
            }
            if matches!(frame.expected, Expected::Malformed(_)) {
                frame.raw = raw_digest(frame_in(&frame.bytes));
            }
            self.ready.push_back(Event { time: Instant(time), device: index, action: Action::Send(Box::new(frame)) });
        }
    }
}

/// From `##` and a digit on: what stands before it is noise.
fn frame_in(bytes: &[u8]) -> &[u8] {
    let begins = |three: &[u8]| three[..2] == *b"##" && three[2].is_ascii_digit();
    &bytes[bytes.windows(3).position(begins).unwrap_or(0)..]
}

impl Event {
    fn is_spoilt(&self) -> bool {
        matches!(&self.action, Action::Send(frame) if matches!(frame.expected, Expected::Malformed(_)))
    }
}

impl Iterator for Events<'_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let Reverse((time, index)) = self.due.pop()?;
            self.step(time, index);
        }
    }
}
