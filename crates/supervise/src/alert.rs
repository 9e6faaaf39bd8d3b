//! Events of alerts → the alerts as of a moment, and what a person does with one.
//!
//! `server` gives the kept events in their order and takes the alerts for pages; nothing is ever changed in place.
//! The closed loop of a case (order, remedy, check, archive) begins where [`HandedOver`] names its case.

use crate::SuperviseError;
use crate::event::{About, AlertEvent, LimitRef, Reason, Step};
use crate::rule::Method;
use domain::{Fixed, FrameId, Instant};
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
    /// What it is about.
    pub about: About,
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
    /// Time of the value that ended it; of a silence, when it was heard.
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
            about: event.about,
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
            // A silence ends when something is heard, whatever time that is of; an exceedance, with a value.
            let over = if self.about.method == Method::NoData { event.at } else { event.time };
            (self.recovered, self.reason) = (Some(over), event.reason);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Side;
    use crate::rule::{Basis, Grade, Method};
    use crate::words::{Names, alert_words};
    use domain::{Cadence, Confidence, Lang, Text};

    /// 2025-01-01 14:00 +08:00.
    const TWO: i64 = 1_735_711_200_000;
    const HOUR: i64 = 3_600_000;

    fn step(step: Step, hour: i64, value: &str, worst: &str) -> AlertEvent {
        AlertEvent {
            step,
            alert: "a-1".to_string(),
            about: About {
                rule: "gas-hour-limit".to_string(),
                method: Method::Limit,
                grade: Grade::Violation,
                confidence: Confidence::Confirmed,
                outlet: "DA001".to_string(),
                mn: "M1".to_string(),
                code: "a21026".to_string(),
                cadence: Cadence::Hour,
                basis: Some(Basis::Measured),
                unit: "mg/m³".to_string(),
            },
            began: Some(Instant(TWO)),
            time: Instant(TWO + hour * HOUR),
            at: Instant(TWO + (hour + 1) * HOUR),
            first: "210".parse().ok(),
            value: value.parse().ok(),
            worst: worst.parse().ok(),
            count: hour as u32 + 1,
            limit: Some(LimitRef {
                kind: "permit".to_string(),
                side: Side::Above,
                bound: "200".parse().ok(),
                unit: "mg/m³".to_string(),
                statistic: Cadence::Hour,
                document: "排污许可证 表 9".to_string(),
            }),
            frames: (0..=hour.min(1)).map(|nth| FrameId((7 + nth * hour) as u64)).collect(),
            reason: (step == Step::Recovered).then_some(Reason::Back),
        }
    }

    fn names() -> Names {
        Names { outlet: Text::new("DA001", "DA001"), item: Text::new("二氧化硫", "SO₂") }
    }

    /// Kept events: recorded hour, kind, actor, body.
    fn story() -> Vec<(i64, &'static str, &'static str, Value)> {
        let taken = Acknowledged { alert: "a-1".to_string(), note: "已电话核实".to_string() };
        let again = Acknowledged { alert: "a-1".to_string(), note: "二".to_string() };
        let case = HandedOver { alert: "a-1".to_string(), case: "c-9".to_string() };
        let json = |body: Result<Value, serde_json::Error>| body.expect("texts only");
        let raised = step(Step::Raised, 0, "210", "210");
        vec![
            (1, raised.kind(), "rule", raised.body()),
            (1, raised.kind(), "rule", raised.body()),
            (2, "something-else", "rule", Value::Null),
            (2, "alert-updated", "rule", step(Step::Updated, 1, "260", "260").body()),
            (3, Acknowledged::KIND, "李", json(serde_json::to_value(taken))),
            (4, Acknowledged::KIND, "王", json(serde_json::to_value(again))),
            (4, HandedOver::KIND, "李", json(serde_json::to_value(case))),
            (5, "alert-raised", "rule", serde_json::json!({ "alert": 7 })),
            (5, Acknowledged::KIND, "王", serde_json::json!({ "alert": "a-2", "note": "" })),
            (6, "alert-recovered", "rule", step(Step::Recovered, 5, "150", "260").body()),
        ]
    }

    fn as_of(hour: i64) -> (Alerts, Vec<SuperviseError>) {
        let story = story();
        let events = story.iter().map(|(at, kind, actor, body)| Recorded {
            recorded: Instant(TWO + at * HOUR),
            kind,
            actor,
            body,
        });
        Alerts::fold(events, Instant(TWO + hour * HOUR))
    }

    #[test]
    fn an_event_survives_its_body() {
        for event in [step(Step::Raised, 0, "210", "210"), step(Step::Recovered, 5, "150.000001", "260")] {
            assert_eq!(serde_json::from_value::<AlertEvent>(event.body()).expect("its own body"), event);
        }
        let body = step(Step::Raised, 0, "210", "210").body();
        assert_eq!((&body["value"], &body["began"]), (&"210".into(), &"2025-01-01T14:00:00+08:00".into()));
    }

    #[test]
    fn an_alert_as_of_each_moment() {
        let state = |hour| as_of(hour).0.get("a-1").map(|alert| (alert.state(), alert.worst.map(|w| w.to_string())));
        let told = |state, worst: &str| Some((state, Some(worst.to_string())));
        assert_eq!(state(0), None);
        assert_eq!(state(1), told(AlertState::Open, "210"));
        assert_eq!(state(2), told(AlertState::Open, "260"));
        assert_eq!(state(3), told(AlertState::Acknowledged, "260"));
        assert_eq!(state(6), told(AlertState::Recovered, "260"));
        let (alerts, problems) = as_of(9);
        let alert = alerts.get("a-1").expect("raised");
        assert_eq!(alert.acknowledged.as_ref().map(|act| act.who.as_str()), Some("李"), "the first counts");
        assert_eq!((alert.case.as_deref(), alert.raised), (Some("c-9"), Instant(TWO + HOUR)));
        assert_eq!(alert.frames, [FrameId(7), FrameId(8), FrameId(12)]);
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert_eq!(problems[1], SuperviseError::NoAlert("a-2".to_string()));
        assert_eq!(alerts.open().count(), 0);
    }

    #[test]
    fn taking_note_is_refused_twice() {
        assert!(as_of(1).0.acknowledge("a-1", " 已看 ").is_ok_and(|body| body.note == "已看"));
        let refused = as_of(3).0.acknowledge("a-1", "").expect_err("somebody has");
        assert_eq!(refused.to_string(), "alert `a-1` was acknowledged by 李 at 2025-01-01T17:00:00+08:00");
        assert!(as_of(3).0.acknowledge("a-2", "").is_err());
    }

    #[test]
    fn the_sentence_names_value_limit_document_and_begin() {
        let words = |hour| alert_words(as_of(hour).0.get("a-1").expect("raised"), &names());
        assert_eq!(
            words(1).get(Lang::Zh),
            "DA001 二氧化硫小时均值 210 mg/m³，超过许可限值 200 mg/m³（排污许可证 表 9），首次 2025-01-01 14:00–15:00"
        );
        assert_eq!(
            words(6).get(Lang::En),
            "DA001 SO₂ hourly mean 260 mg/m³, above the permit limit 200 mg/m³ (排污许可证 表 9), \
             first 2025-01-01 14:00–15:00; over at 2025-01-01 19:00–20:00 (back within the limit)"
        );
        let mut early = step(Step::Raised, 0, "210", "210");
        (early.about.cadence, early.about.confidence) = (Cadence::RealTime, Confidence::Unconfirmed);
        early.about.basis = Some(Basis::Converted);
        assert_eq!(
            crate::words::event_words(&early, &names()).get(Lang::Zh),
            "DA001 二氧化硫折算实时值 210 mg/m³，超过小时均值许可限值 200 mg/m³（排污许可证 表 9），\
             首次 2025-01-01 14:00；规则依据未经核实"
        );
    }
}
