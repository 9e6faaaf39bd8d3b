//! Alerts: listed as of now, and taken note of by a person.

use super::asks::{AlertsAsk, limit};
use super::desk::{Desk, act, number};
use crate::answers::online::alerts::{Alert as AlertAnswer, AlertCounts, AlertList};
use crate::data::Data;
use crate::trouble::{Kind, Trouble};
use store::NewEvent;
use supervise::alert::Acknowledged;
use supervise::review::refusal_words;
use supervise::{Alert, AlertState, SuperviseError, alert_words};

/// Alerts, newest first.
pub fn list(data: &Data, ask: &AlertsAsk) -> Result<AlertList, Trouble> {
    let desk = Desk::open(data)?;
    let state = ask.state.as_deref().filter(|state| !state.is_empty()).map(state_of).transpose()?;
    let alerts = desk.alerts(None)?;
    let [open, acknowledged, recovered] = alerts.counts().map(|(_, count)| count as u64);
    let wanted = |alert: &&&Alert| {
        state.is_none_or(|state| alert.state() == state)
            && ask.outlet.as_deref().is_none_or(|outlet| alert.about.outlet == outlet)
    };
    let all = alerts.newest_first();
    let mut rest = all.iter().filter(wanted).peekable();
    if let Some(before) = &ask.before {
        while rest.next().is_some_and(|alert| alert.id != *before) {}
    }
    let page: Vec<&&Alert> = rest.by_ref().take(limit(ask.limit)).collect();
    let next = rest.peek().and(page.last()).map(|last| last.id.clone());
    let answers: Vec<AlertAnswer> = page.into_iter().map(|alert| answer(&desk, alert)).collect();
    Ok(AlertList {
        simulated: answers.iter().any(|alert| alert.simulated),
        alerts: answers,
        counts: AlertCounts { open, acknowledged, recovered },
        next,
    })
}

/// A person takes note of an alert.
pub fn acknowledge(data: &Data, id: &str, who: &str, note: &str) -> Result<AlertAnswer, Trouble> {
    if note.trim().is_empty() {
        return Err(SuperviseError::NoReason.into());
    }
    let desk = Desk::open(data)?;
    let body = desk.alerts(None)?.acknowledge(id, note)?;
    let event = NewEvent {
        recorded: crate::clock::now(),
        kind: Acknowledged::KIND.to_string(),
        subject: id.to_string(),
        actor: who.to_string(),
        body: serde_json::to_value(&body).expect("a body has only text keys and texts"),
        once: Some(format!("{}/{id}", Acknowledged::KIND)),
    };
    desk.store.events().append(event)?;
    let alerts = desk.alerts(None)?;
    let alert = alerts.get(id).ok_or_else(|| SuperviseError::NoAlert(id.to_string()))?;
    let answer = answer(&desk, alert);
    if let Some(live) = data.live() {
        live.say_alert(&answer);
    }
    Ok(answer)
}

/// An alert as it is answered.
pub fn answer(desk: &Desk<'_>, alert: &Alert) -> AlertAnswer {
    let title = desk.data.catalogs.alert_rules.get(&alert.about.rule).map(|rule| (&rule.title).into());
    let bound = alert.limit.as_ref().and_then(|limit| limit.bound);
    AlertAnswer {
        id: alert.id.clone(),
        rule: alert.about.rule.clone(),
        kind: kind(alert),
        title: title.unwrap_or_else(|| crate::answers::Text::same(&alert.about.rule)),
        words: alert_words(alert, &desk.names(&alert.about.outlet, &alert.about.code)).into(),
        outlet: desk.named_by_code(&alert.about.outlet),
        mn: alert.about.mn.clone(),
        parameter: (!alert.about.code.is_empty()).then(|| desk.parameter(&alert.about.code)),
        cadence: (!alert.about.code.is_empty()).then(|| alert.about.cadence.code().to_string()),
        basis: alert.about.basis.map(|basis| basis.code().to_string()),
        unit: alert.about.unit.clone(),
        value: number(alert.first.or(alert.value)),
        worst: number(alert.worst),
        limit: number(bound),
        document: alert.limit.as_ref().map(|limit| limit.document.clone()).filter(|document| !document.is_empty()),
        confidence: alert.about.confidence.into(),
        state: alert.state().code().to_string(),
        began: alert.began.unwrap_or(alert.raised).to_iso(),
        raised: alert.raised.to_iso(),
        recovered: alert.recovered.map(|time| time.to_iso()),
        acknowledged: alert.acknowledged.as_ref().map(act),
        frame: alert.frames.first().map(|frame| frame.0).filter(|frame| *frame > 0),
        simulated: desk.simulated(&alert.about.mn),
    }
}

/// The method of an alert's rule, by its word.
fn kind(alert: &Alert) -> String {
    let word = serde_json::to_value(alert.about.method).expect("a method is a word");
    word.as_str().unwrap_or_default().to_string()
}

fn state_of(word: &str) -> Result<AlertState, Trouble> {
    AlertState::from_code(word).ok_or_else(|| {
        Trouble::bad(
            "state",
            format!("没有状态“{word}”。可用：open、acknowledged、recovered。"),
            format!("there is no state `{word}`. Use open, acknowledged or recovered."),
        )
    })
}

impl From<SuperviseError> for Trouble {
    fn from(error: SuperviseError) -> Trouble {
        let say = |kind, code, zh: String, en: String| Trouble { kind, ..Trouble::bad(code, zh, en) };
        let english = error.to_string();
        match error {
            SuperviseError::NoAlert(id) => say(Kind::NotFound, "no-such-alert", format!("没有报警 {id}。"), english),
            SuperviseError::NoMark(id) => say(Kind::NotFound, "no-such-mark", format!("没有标记 {id}。"), english),
            SuperviseError::AlreadyAcknowledged { who, at, .. } => {
                say(Kind::Conflict, "already-acknowledged", format!("{who} 已于 {at} 确认此报警。"), english)
            }
            SuperviseError::AlreadyWithdrawn { who, at, .. } => {
                say(Kind::Conflict, "already-withdrawn", format!("{who} 已于 {at} 撤销此标记。"), english)
            }
            SuperviseError::AlreadyEnded { at, .. } => {
                say(Kind::Conflict, "already-ended", format!("此标记已于 {at} 结束；如有误请撤销后重新标记。"), english)
            }
            SuperviseError::EndsBefore { from, to, .. } => {
                say(Kind::BadRequest, "ends-before", format!("标记始于 {from}，不能止于 {to}。"), english)
            }
            SuperviseError::NoReview(_)
            | SuperviseError::AlreadyDecided { .. }
            | SuperviseError::SamePerson { .. }
            | SuperviseError::ReviewEndsBefore { .. } => {
                let (kind, code) = match error {
                    SuperviseError::NoReview(_) => (Kind::NotFound, "no-such-review"),
                    SuperviseError::AlreadyDecided { .. } => (Kind::Conflict, "already-decided"),
                    SuperviseError::SamePerson { .. } => (Kind::Forbidden, "same-person"),
                    _ => (Kind::BadRequest, "ends-before"),
                };
                let words = refusal_words(&error).unwrap_or_else(|| domain::Text::new(english.clone(), english));
                say(kind, code, words.zh, words.en)
            }
            SuperviseError::NoReason => say(Kind::BadRequest, "no-reason", "请写明原因。".to_string(), english),
            SuperviseError::Body { kind, reason } => {
                say(Kind::Broken, "event", format!("事件 {kind} 不能读取：{reason}"), english)
            }
        }
    }
}
