//! Events of alerts → the alerts as of a moment, and what a person does with one.
//!
//! `server` gives the kept events in their order and takes the alerts for pages; nothing is ever changed in place.
//! The closed loop of a case (order, remedy, check, archive) begins where [`HandedOver`] names its case.

use crate::SuperviseError;
use crate::event::{AlertEvent, LimitRef, Reason, Step};
use crate::rule::{Basis, Grade, Method};
use domain::{Cadence, Confidence, Fixed, FrameId, Instant};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// An event as the store has kept it.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    /// When it was kept.
    pub recorded: Instant,
    /// Its kind.
    pub kind: &'a str,
    /// Who did it; a rule's id for what a rule did.
    pub actor: &'a str,
    /// Its body.
    pub body: &'a Value,
}

/// What a person did, when, with which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Who.
    pub who: String,
    /// When.
    pub at: Instant,
    /// Which words.
    pub note: String,
}

/// Where an alert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertState {
    /// It lasts, and nobody has taken note.
    Open,
    /// It lasts, and somebody has taken note.
    Acknowledged,
    /// It is over, whether somebody has taken note or not.
    Recovered,
}

/// An alert as of a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Id.
    pub id: String,
    /// Id of its rule.
    pub rule: String,
    /// Method of the rule.
    pub method: Method,
    /// How much it matters.
    pub grade: Grade,
    /// Confidence in the rule.
    pub confidence: Confidence,
    /// Outlet.
    pub outlet: String,
    /// Device.
    pub mn: String,
    /// Code of the pollutant; empty when the whole device is meant.
    pub code: String,
    /// Cadence of the values.
    pub cadence: Cadence,
    /// What they are; none when the whole device is meant.
    pub basis: Option<Basis>,
    /// Unit of the values.
    pub unit: String,
    /// Time of the first value that counted, or the end of the last data; none when data never came.
    pub began: Option<Instant>,
    /// Time of the newest value told.
    pub time: Instant,
    /// When the rule raised it.
    pub raised: Instant,
    /// First value that counted.
    pub first: Option<Fixed>,
    /// Newest value told.
    pub value: Option<Fixed>,
    /// Worst value told.
    pub worst: Option<Fixed>,
    /// How many values were beyond.
    pub count: u32,
    /// The limit, as it was when raised or last told.
    pub limit: Option<LimitRef>,
    /// Frames of the values told, in the order told, each once.
    pub frames: Vec<FrameId>,
    /// Time of the value that ended it.
    pub recovered: Option<Instant>,
    /// Why it is over.
    pub reason: Option<Reason>,
    /// Who has taken note.
    pub acknowledged: Option<Act>,
    /// The case it became part of.
    pub case: Option<String>,
}

/// Body of `alert-acknowledged`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// Id of the alert.
    pub alert: String,
    /// What the person says.
    pub note: String,
}

/// Body of `alert-handed-over`: the seam to the closed loop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// Id of the alert.
    pub alert: String,
    /// Id of the case.
    pub case: String,
}

/// Alerts by id, as of a moment.
#[derive(Clone, Debug, Default)]
pub struct Alerts {
    by_id: BTreeMap<String, Alert>,
}

impl Acknowledged {
    /// Kind of the event in the store.
    pub const KIND: &'static str = "alert-acknowledged";
}

impl HandedOver {
    /// Kind of the event in the store.
    pub const KIND: &'static str = "alert-handed-over";
}

impl AlertState {
    /// Every state.
    pub const ALL: [AlertState; 3] = [AlertState::Open, AlertState::Acknowledged, AlertState::Recovered];

    /// The word used in answers and addresses.
    pub fn code(self) -> &'static str {
        match self {
            AlertState::Open => "open",
            AlertState::Acknowledged => "acknowledged",
            AlertState::Recovered => "recovered",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<AlertState> {
        AlertState::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl Alert {
    /// Where it stands.
    pub fn state(&self) -> AlertState {
        match (self.recovered, &self.acknowledged) {
            (Some(_), _) => AlertState::Recovered,
            (None, Some(_)) => AlertState::Acknowledged,
            (None, None) => AlertState::Open,
        }
    }

    fn begun(event: AlertEvent) -> Alert {
        Alert {
            id: event.alert,
            rule: event.rule,
            method: event.method,
            grade: event.grade,
            confidence: event.confidence,
            outlet: event.outlet,
            mn: event.mn,
            code: event.code,
            cadence: event.cadence,
            basis: event.basis,
            unit: event.unit,
            began: event.began,
            time: event.time,
            raised: event.at,
            first: event.first,
            value: event.value,
            worst: event.worst,
            count: event.count,
            limit: event.limit,
            frames: event.frames,
            recovered: None,
            reason: None,
            acknowledged: None,
            case: None,
        }
    }

    fn goes_on(&mut self, event: AlertEvent) {
        (self.time, self.value, self.worst) = (event.time, event.value, event.worst);
        self.count = event.count;
        self.limit = event.limit.or(self.limit.take());
        for frame in event.frames {
            if !self.frames.contains(&frame) {
                self.frames.push(frame);
            }
        }
        if event.step == Step::Recovered {
            (self.recovered, self.reason) = (Some(event.time), event.reason);
        }
    }
}

impl Alerts {
    /// Kinds of events that tell of alerts.
    pub const KINDS: [&'static str; 5] =
        ["alert-raised", "alert-updated", "alert-recovered", Acknowledged::KIND, HandedOver::KIND];

    /// The alerts as of a moment: what was recorded later is not known yet. Events in the order they were kept;
    /// other kinds are passed over. An event that cannot be read is told and the rest is folded.
    pub fn fold<'a>(events: impl IntoIterator<Item = Recorded<'a>>, as_of: Instant) -> (Alerts, Vec<SuperviseError>) {
        let mut alerts = Alerts::default();
        let mut problems = Vec::new();
        for event in events.into_iter().filter(|event| event.recorded <= as_of) {
            if let Err(problem) = alerts.apply(event) {
                problems.push(problem);
            }
        }
        (alerts, problems)
    }

    /// Takes one more event; for a server that keeps the alerts of now in memory.
    pub fn apply(&mut self, event: Recorded<'_>) -> Result<(), SuperviseError> {
        if Step::ALL.iter().any(|step| step.kind() == event.kind) {
            self.step(read(event)?);
        } else if event.kind == Acknowledged::KIND {
            let body: Acknowledged = read(event)?;
            let alert = self.find(&body.alert)?;
            // The first to take note is the one who did.
            alert.acknowledged.get_or_insert(Act { who: event.actor.to_string(), at: event.recorded, note: body.note });
        } else if event.kind == HandedOver::KIND {
            let body: HandedOver = read(event)?;
            self.find(&body.alert)?.case = Some(body.case);
        }
        Ok(())
    }

    /// A step that the rule has just made.
    pub fn step(&mut self, event: AlertEvent) {
        match (self.by_id.get_mut(&event.alert), event.step) {
            (None, _) => {
                let (id, step) = (event.alert.clone(), event.step);
                let mut alert = Alert::begun(event.clone());
                if step == Step::Recovered {
                    alert.goes_on(event);
                }
                self.by_id.insert(id, alert);
            }
            // Raised again by a replay: it is known.
            (Some(_), Step::Raised) => {}
            (Some(alert), _) => alert.goes_on(event),
        }
    }

    /// One by id.
    pub fn get(&self, id: &str) -> Option<&Alert> {
        self.by_id.get(id)
    }

    /// All, the newest raised first, by id where raised at once.
    pub fn newest_first(&self) -> Vec<&Alert> {
        let mut all: Vec<&Alert> = self.by_id.values().collect();
        all.sort_by_key(|alert| (std::cmp::Reverse(alert.raised), alert.id.as_str()));
        all
    }

    /// Those that are not over, by id.
    pub fn open(&self) -> impl Iterator<Item = &Alert> {
        self.by_id.values().filter(|alert| alert.recovered.is_none())
    }

    /// How many stand in each state, in the order of [`AlertState::ALL`].
    pub fn counts(&self) -> [(AlertState, usize); 3] {
        AlertState::ALL.map(|state| (state, self.by_id.values().filter(|alert| alert.state() == state).count()))
    }

    /// The body to keep when a person takes note of an alert, or why it is refused.
    pub fn acknowledge(&self, id: &str, note: &str) -> Result<Acknowledged, SuperviseError> {
        let alert = self.get(id).ok_or_else(|| SuperviseError::NoAlert(id.to_string()))?;
        match &alert.acknowledged {
            Some(act) => Err(SuperviseError::AlreadyAcknowledged {
                alert: id.to_string(),
                who: act.who.clone(),
                at: act.at.to_iso(),
            }),
            None => Ok(Acknowledged { alert: id.to_string(), note: note.trim().to_string() }),
        }
    }

    fn find(&mut self, id: &str) -> Result<&mut Alert, SuperviseError> {
        self.by_id.get_mut(id).ok_or_else(|| SuperviseError::NoAlert(id.to_string()))
    }
}

/// The body of an event, typed.
pub(crate) fn read<'de, T: Deserialize<'de>>(event: Recorded<'de>) -> Result<T, SuperviseError> {
    T::deserialize(event.body)
        .map_err(|error| SuperviseError::Body { kind: event.kind.to_string(), reason: error.to_string() })
}
