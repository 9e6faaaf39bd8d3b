//! Arrivals, judged values and time → tests, alerts and events for pages. One thread, in the order of the journal.
//!
//! Where it stands is written down every second: after a restart it feeds the newest past again without a word, takes
//! the open alerts from the kept events, and goes on with the first frame it had not heard.

use super::flagged::Point;
use super::follow::{EVERY, tell_dialogues, wait};
use super::gathered::{Gathered, Today};
use super::judge::Judged as JudgedPeriod;
use super::position::{position, write_position};
use super::{Live, said};
use crate::data::Data;
use crate::jobs::online::desk::Desk;
use crate::jobs::online::qc::SeriesPlan;
use crate::jobs::online::values::{self, Reader};
use crate::jobs::online::wall::Scene;
use crate::jobs::online::{alerts, gateway as health};
use crate::trouble::Trouble;
use domain::{Cadence, Fixed, FrameId, Instant, OnlineMessage, Register};
use gateway::Arrival;
use observe::qc::{Beside, QcFlag, QcState};
use standards::online::Effect;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant as Clock};
use store::{Frame, FrameQuery, NewEvent, Store};
use supervise::{AlertEvent, Alerts, Basis, Judged, Marks, Watch};

/// Values are gathered so long for the pages.
const GATHER: Duration = Duration::from_millis(900);
/// Frames after which what came of them is kept: one durable transaction, and an alert waits for no more than these.
const BUNDLE: usize = 256;
/// Frames taken from the journal at once when the ring was too short.
const PORTION: usize = 2000;
/// Past that is fed again at a start.
const WARM_MS: i64 = 2 * 3_600_000;
/// At most so many frames of it.
const WARM_FRAMES: usize = 200_000;
/// The actor of what a rule does.
const RULE: &str = "rule";

struct Engine {
    data: Arc<Data>,
    live: Arc<Live>,
    store: Arc<Store>,
    register: Arc<Register>,
    watch: Watch,
    alerts: Alerts,
    /// Events that could not be kept yet.
    unkept: Vec<AlertEvent>,
    marks: Marks,
    series: HashMap<String, Vec<Series>>,
    gathered: Gathered,
    today: Today,
    connected: BTreeMap<String, bool>,
    accepting: Option<bool>,
    last: FrameId,
    last_event: u64,
    told: Clock,
    slow: Clock,
}

struct Series {
    code: String,
    cadence: Cadence,
    plan: SeriesPlan,
    state: QcState,
    last_ms: i64,
}

/// Starts the engine's thread and the task that tells of dialogues.
pub(super) fn start(data: Arc<Data>, live: Arc<Live>) -> Result<(), Trouble> {
    let mut engine = Engine::new(Arc::clone(&data), Arc::clone(&live))?;
    let run = move || {
        let mut arrivals = engine.live.gateway().arrivals();
        loop {
            let waited = wait(&mut arrivals);
            let over = engine.live.gateway.lock().unwrap_or_else(PoisonError::into_inner).is_none();
            if over || waited.is_err() {
                return;
            }
            if let Err(trouble) = engine.round() {
                tracing::error!(%trouble, "the engine stumbled and goes on");
                std::thread::sleep(EVERY);
            }
        }
    };
    std::thread::Builder::new().name("online-engine".to_string()).spawn(run).map_err(|error| {
        Trouble::broken("threads", format!("不能启动线程：{error}"), format!("cannot start threads: {error}"))
    })?;
    tokio::spawn(tell_dialogues(data, live));
    Ok(())
}

impl Engine {
    fn new(data: Arc<Data>, live: Arc<Live>) -> Result<Engine, Trouble> {
        let desk = Desk::open(&data)?;
        let (store, register) = (Arc::clone(&desk.store), Arc::clone(&desk.register));
        let now = crate::clock::now();
        let (alerts, marks) = (Arc::unwrap_or_clone(desk.alerts(None)?), desk.marks(None)?);
        let watch = Watch::new(Arc::clone(&data.catalogs.alert_rules), Arc::clone(&register), now);
        let newest = store.journal().last_id()?;
        drop(desk);
        let mut engine = Engine {
            last: position(&data).unwrap_or(newest).min(newest),
            last_event: store.events().last_id()?.0,
            data,
            live,
            store,
            register,
            watch,
            alerts,
            unkept: Vec::new(),
            marks,
            series: HashMap::new(),
            gathered: Gathered::default(),
            today: HashMap::new(),
            connected: BTreeMap::new(),
            accepting: None,
            told: Clock::now(),
            slow: Clock::now(),
        };
        engine.warm(now)?;
        Ok(engine)
    }

    /// Feeds the newest past again; what comes of it is known already.
    fn warm(&mut self, now: Instant) -> Result<(), Trouble> {
        let query = FrameQuery {
            received_from: Some(Instant(now.0 - WARM_MS)),
            before: Some(FrameId(self.last.0 + 1)),
            limit: WARM_FRAMES,
            ..FrameQuery::default()
        };
        let mut frames = self.store.journal().frames(&query)?;
        frames.reverse();
        let data = Arc::clone(&self.data);
        let desk = Desk::open(&data)?;
        let mut reader = Reader::new(&desk);
        for frame in &frames {
            if let Some(message) = reader.message(frame)? {
                drop(self.feed(&desk, &message, frame.received));
            }
        }
        let open: Vec<supervise::Alert> = self.alerts.open().cloned().collect();
        for lost in self.watch.settle(&open) {
            tracing::warn!(alert = lost, "an open alert is watched no more: its rule or device is gone");
        }
        self.gathered.clear();
        Ok(())
    }

    fn round(&mut self) -> Result<(), Trouble> {
        let data = Arc::clone(&self.data);
        let desk = Desk::open(&data)?;
        if !Arc::ptr_eq(&self.register, &desk.register) {
            self.register = Arc::clone(&desk.register);
            self.series.clear();
            self.live.register_changed(&data)?;
            let events = self.watch.set_register(Arc::clone(&self.register), crate::clock::now());
            self.keep(&desk, events)?;
        }
        self.take(&desk)?;
        // One that fails does not hold up the others.
        let mut outcome = Ok(());
        for judged in self.live.dirty.take_done() {
            outcome = outcome.and(self.judged(&desk, &judged));
        }
        outcome?;
        if self.told.elapsed() >= GATHER {
            self.told = Clock::now();
            self.tell(&desk)?;
        }
        Ok(())
    }

    /// Takes the frames that became durable since; under load not all of them before the pages are told.
    fn take(&mut self, desk: &Desk<'_>) -> Result<(), Trouble> {
        while self.last < self.store.journal().last_id()? && self.told.elapsed() < GATHER {
            match self.live.gateway().recent(self.last) {
                Some(arrivals) if arrivals.is_empty() => return Ok(()),
                Some(arrivals) => {
                    for bundle in arrivals.chunks(BUNDLE) {
                        for arrival in bundle {
                            // Heard once, even if what came of it cannot be kept yet.
                            self.last = arrival.frame;
                            self.arrived(desk, arrival);
                        }
                        self.keep(desk, Vec::new())?;
                    }
                }
                None => {
                    let frames = self.store.journal().scan(self.last, PORTION)?;
                    let mut reader = Reader::new(desk);
                    for bundle in frames.chunks(BUNDLE) {
                        for frame in bundle {
                            let message = reader.message(frame)?;
                            self.last = frame.id;
                            self.kept(desk, frame, message.as_ref());
                        }
                        self.keep(desk, Vec::new())?;
                    }
                }
            }
        }
        Ok(())
    }

    fn arrived(&mut self, desk: &Desk<'_>, arrival: &Arrival) {
        self.count(&arrival.mn, arrival.deviations.len() as u64);
        if let Some(message) = arrival.message.as_ref().filter(|_| arrival.trusted) {
            self.message(desk, message, arrival.received);
        }
    }

    fn kept(&mut self, desk: &Desk<'_>, frame: &Frame, message: Option<&OnlineMessage>) {
        self.count(&frame.mn, frame.deviations.len() as u64);
        if let Some(message) = message {
            self.message(desk, message, frame.received);
        }
    }

    fn count(&mut self, mn: &str, deviations: u64) {
        if !self.today.contains_key(mn) {
            self.today.insert(mn.to_string(), (0, 0));
        }
        if let Some((frames, all)) = self.today.get_mut(mn) {
            (*frames, *all) = (*frames + 1, *all + deviations);
        }
    }

    /// What comes of a message is kept with what comes of its neighbours.
    fn message(&mut self, desk: &Desk<'_>, message: &OnlineMessage, received: Instant) {
        if let Some(outlet) = desk.register.outlet_of(&message.mn) {
            self.live.dirty.note(&outlet.code, (message.cadence, message.time), received);
        }
        let events = self.feed(desk, message, received);
        self.gathered.add(message, received);
        self.unkept.extend(events);
    }

    /// Tests every value of a message and gives it to the rules.
    fn feed(&mut self, desk: &Desk<'_>, message: &OnlineMessage, now: Instant) -> Vec<AlertEvent> {
        let mut events = Vec::new();
        let outlet = desk.register.outlet_of(&message.mn).map(|outlet| outlet.code.as_str()).unwrap_or_default();
        for item in &message.items {
            let measured = values::value(message.cadence, item);
            let qc = self.test(desk, message, &item.code, measured);
            // Hours and days are judged by the platform's own values, not by the instrument's.
            if !matches!(message.cadence, Cadence::RealTime | Cadence::Minute) {
                continue;
            }
            let unit = desk.register.channel(&message.mn, &item.code).map(|channel| channel.unit.as_str());
            let judged = Judged {
                outlet,
                mn: &message.mn,
                code: &item.code,
                cadence: message.cadence,
                basis: Basis::Measured,
                time: message.time,
                value: measured,
                flag: item.flag,
                qc,
                excused: self.excused(outlet, (&message.mn, &item.code), message.time),
                unit: unit.unwrap_or_default(),
                frame: message.frame,
            };
            events.extend(self.watch.feed(&judged, now));
            if let Some(converted) = values::converted(message.cadence, item) {
                let judged = Judged { basis: Basis::Converted, value: Some(converted), ..judged };
                events.extend(self.watch.feed(&judged, now));
            }
        }
        events
    }

    /// What the series tests say of a value at its arrival; of one that comes late they say nothing here.
    fn test(&mut self, desk: &Desk<'_>, message: &OnlineMessage, code: &str, value: Option<Fixed>) -> u8 {
        let list = match self.series.get_mut(&message.mn) {
            Some(list) => list,
            None => self.series.entry(message.mn.clone()).or_default(),
        };
        let at = list.iter().position(|series| series.cadence == message.cadence && series.code == code);
        let at = at.unwrap_or_else(|| {
            let plan = SeriesPlan::new(desk, (&message.mn, code), message.cadence);
            let state = QcState::new(Arc::new(plan.plan.clone()), step_s(desk, message));
            list.push(Series { code: code.to_string(), cadence: message.cadence, plan, state, last_ms: i64::MIN });
            list.len() - 1
        });
        let series = &mut list[at];
        if message.time.0 <= series.last_ms || series.plan.plan.tests.is_empty() {
            return 0;
        }
        series.last_ms = message.time.0;
        let number = series.plan.number(value);
        let now = series.state.push(message.time.0, number, &Beside::default()).now;
        let flag = now.aggregate().number();
        // Statements are made of minutes and hours: these are what a person reviews.
        let reviewed = message.cadence != Cadence::RealTime;
        if reviewed && (flag == QcFlag::Suspect.number() || flag == QcFlag::Fail.number()) {
            let outlet = desk.register.outlet_of(&message.mn).map(|outlet| outlet.code.as_str()).unwrap_or_default();
            self.live.flagged.lock().unwrap_or_else(PoisonError::into_inner).add(Point {
                outlet,
                mn: &message.mn,
                code,
                cadence: message.cadence,
                time: message.time,
                value,
                flag,
                qc: series.plan.marks(now, value),
                frame: message.frame,
                step_ms: step_s(desk, message) * 1000,
            });
        }
        let mut memory = self.live.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.set(&message.mn, code, message.cadence, flag);
        flag
    }

    /// Whether a mark says that a value is not judged.
    fn excused(&self, outlet: &str, series: (&str, &str), time: Instant) -> bool {
        let mut covering = self.marks.covering(outlet, series, time);
        let kind_of = self.register.outlets.get(outlet).map(|outlet| outlet.kind);
        covering.any(|mark| {
            let rules = kind_of.and_then(|kind| self.data.catalogs.standards.online_rules(kind, time.civil().0));
            rules.and_then(|rules| rules.mark(&mark.body.kind).map(|kind| kind.effect)) != Some(Effect::Note)
        })
    }

    /// A judged hour or day goes to the rules.
    fn judged(&mut self, desk: &Desk<'_>, judged: &JudgedPeriod) -> Result<(), Trouble> {
        let (outlet, code, time, unit) = match judged {
            JudgedPeriod::Hour(hour, unit) => (&hour.outlet, &hour.code, hour.start, unit),
            JudgedPeriod::Day(day, unit) => (&day.outlet, &day.code, Instant::from_civil(day.day, 0), unit),
        };
        let (cadence, flag, excused, frame, list) = match judged {
            JudgedPeriod::Hour(hour, _) => {
                let own = &hour.values;
                let list = [
                    (Basis::Measured, own.value.filter(|_| own.valid)),
                    (Basis::Converted, own.converted.filter(|_| own.converted_valid)),
                    (Basis::Mass, own.mass_kg),
                ];
                (Cadence::Hour, own.flag, own.exempt || own.stopped, hour.frames, list)
            }
            JudgedPeriod::Day(day, _) => {
                let own = &day.values;
                let list = [
                    (Basis::Measured, own.value.filter(|_| own.valid)),
                    (Basis::Converted, own.converted.filter(|_| own.converted_valid)),
                    (Basis::Mass, own.mass_kg),
                ];
                (Cadence::Day, own.flag, own.exempt_hours > 0, day.frames, list)
            }
        };
        let device = desk.register.devices_of(outlet).find(|device| desk.register.channel(&device.mn, code).is_some());
        let mn = device.or_else(|| desk.register.devices_of(outlet).next()).map(|device| device.mn.clone());
        let mn = mn.unwrap_or_default();
        let mut events = Vec::new();
        for (basis, value) in list {
            let judged = Judged {
                outlet,
                mn: &mn,
                code,
                cadence,
                basis,
                time,
                value,
                flag: Some(flag),
                qc: 0,
                excused,
                unit: if basis == Basis::Mass { "kg" } else { unit },
                frame: frame.map(|(first, _)| first).unwrap_or_default(),
            };
            events.extend(self.watch.feed(&judged, crate::clock::now()));
        }
        self.keep(desk, events)
    }

    /// Keeps events in one transaction and tells of them; one that is known already is passed over. What a full disk
    /// does not take is kept by a later call.
    fn keep(&mut self, desk: &Desk<'_>, events: Vec<AlertEvent>) -> Result<(), Trouble> {
        self.unkept.extend(events);
        if self.unkept.is_empty() {
            return Ok(());
        }
        let recorded = crate::clock::now();
        let new = self.unkept.iter().map(|event| NewEvent {
            recorded,
            kind: event.kind().to_string(),
            subject: event.alert.clone(),
            actor: RULE.to_string(),
            body: event.body(),
            once: Some(event.once()),
        });
        let ids = self.store.events().append_all(&new.collect::<Vec<_>>())?;
        for (event, id) in std::mem::take(&mut self.unkept).into_iter().zip(ids) {
            let Some(id) = id else { continue };
            self.last_event = self.last_event.max(id.0);
            let alert = event.alert.clone();
            self.alerts.step(event);
            if let Some(alert) = self.alerts.get(&alert).filter(|_| self.live.is_heard()) {
                self.live.say(said::alert_event(&alerts::answer(desk, alert)));
            }
        }
        Ok(())
    }

    /// What happens by the second: gathered values, silence, states of devices and of the gateway, marks.
    fn tell(&mut self, desk: &Desk<'_>) -> Result<(), Trouble> {
        let gathered = {
            let qc = self.live.memory.lock().unwrap_or_else(PoisonError::into_inner);
            self.gathered.take(desk, &qc, &self.today)
        };
        if self.live.is_heard() {
            said::values_events(gathered).into_iter().for_each(|event| self.live.say(event));
        }
        let events = self.watch.tick(crate::clock::now());
        self.keep(desk, events)?;
        self.follow_events(desk)?;
        self.states(desk)?;
        if self.slow.elapsed() >= Duration::from_secs(5) {
            self.slow = Clock::now();
            self.live.follow_secrets(&self.data)?;
            self.live.say(said::gateway_event(&health::health(&self.data)?));
        }
        write_position(&self.data, self.last);
        Ok(())
    }

    /// What people did since: acknowledged alerts, set and withdrew marks.
    fn follow_events(&mut self, desk: &Desk<'_>) -> Result<(), Trouble> {
        let last = self.store.events().last_id()?.0;
        if last != self.last_event {
            self.last_event = last;
            (self.alerts, self.marks) = (Arc::unwrap_or_clone(desk.alerts(None)?), desk.marks(None)?);
        }
        Ok(())
    }

    /// Devices that connected or left, and a gateway that stopped or goes on.
    fn states(&mut self, desk: &Desk<'_>) -> Result<(), Trouble> {
        let accepting = self.live.gateway().health().accepting;
        if self.accepting.replace(accepting) != Some(accepting) {
            self.live.say(said::gateway_event(&health::health(&self.data)?));
        }
        let states = self.live.gateway().devices();
        let changed: BTreeSet<String> = states
            .iter()
            .filter(|state| self.connected.get(&state.mn).copied().unwrap_or(false) != state.connected)
            .map(|state| state.mn.clone())
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        self.connected = states.into_iter().map(|state| (state.mn, state.connected)).collect();
        let scene = Scene::new(desk)?;
        for mn in changed {
            self.live.say(said::device_event(&scene.device(desk, &mn)));
        }
        Ok(())
    }
}

/// The usual seconds between values of a message's kind.
fn step_s(desk: &Desk<'_>, message: &OnlineMessage) -> i64 {
    let device = desk.register.device(&message.mn);
    match message.cadence {
        Cadence::RealTime => device.map_or(30, |device| i64::from(device.realtime_interval_s.max(1))),
        Cadence::Minute => device.map_or(60, |device| i64::from(device.minute_interval_min.max(1)) * 60),
        Cadence::Hour => 3600,
        Cadence::Day => 86_400,
    }
}
