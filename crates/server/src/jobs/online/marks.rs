//! Marks on periods: listed, set, withdrawn. A mark never changes or deletes a value.

use super::asks::{MarksAsk, maybe_moment};
use super::desk::{Desk, act};
use crate::answers::Text;
use crate::answers::online::marks::{Mark as MarkAnswer, MarkKind as KindAnswer, MarkList, NewMark as Asked};
use crate::asked::moment;
use crate::data::Data;
use crate::trouble::Trouble;
use domain::{Instant, OutletKind, Severity};
use standards::online::MarkKind;
use std::collections::BTreeMap;
use store::NewEvent;
use supervise::mark::MarkSource;
use supervise::{Mark, MarkEvent, NewMark, SettableKind, SuperviseError};

/// Marks that touch a span, the newest begin first, and the kinds that may be set.
pub fn list(data: &Data, ask: &MarksAsk) -> Result<MarkList, Trouble> {
    let desk = Desk::open(data)?;
    let marks = desk.marks(None)?;
    let from = maybe_moment(ask.from.as_deref())?.unwrap_or(Instant(i64::MIN));
    let to = maybe_moment(ask.to.as_deref())?.unwrap_or(Instant(i64::MAX));
    let outlets: Vec<&str> = match &ask.outlet {
        Some(outlet) => vec![outlet.as_str()],
        None => desk.register.outlets.keys().map(String::as_str).collect(),
    };
    let mut found: Vec<&Mark> = outlets.iter().flat_map(|outlet| marks.touching(outlet, from, to)).collect();
    found.sort_by_key(|mark| (std::cmp::Reverse(mark.body.from), mark.id.as_str()));
    let marks: Vec<MarkAnswer> = found.into_iter().map(|mark| answer(&desk, mark)).collect();
    let kind = match &ask.outlet {
        Some(outlet) => Some(desk.outlet(outlet)?.kind),
        None => None,
    };
    let kinds = kinds(data, crate::clock::now());
    let wanted = |(_, outlets): &&(MarkKind, Vec<OutletKind>)| kind.is_none_or(|kind| outlets.contains(&kind));
    let kinds = kinds.values().filter(wanted).map(|(kind, _)| KindAnswer {
        id: kind.kind.clone(),
        title: (&kind.name).into(),
        confidence: kind.confidence.into(),
    });
    Ok(MarkList { simulated: marks.iter().any(|mark| mark.simulated), kinds: kinds.collect(), marks })
}

/// Sets a mark.
pub fn add(data: &Data, asked: &Asked, who: &str) -> Result<MarkAnswer, Trouble> {
    let desk = Desk::open(data)?;
    let now = crate::clock::now();
    let body = NewMark {
        outlet: asked.outlet.clone(),
        mn: asked.mn.clone().filter(|mn| !mn.is_empty()),
        codes: asked.codes.clone(),
        from: moment(&asked.from)?,
        to: maybe_moment(asked.to.as_deref())?,
        kind: asked.kind.clone(),
        source: MarkSource::Person,
        reason: asked.reason.trim().to_string(),
        evidence: asked.evidence.trim().to_string(),
    };
    let settable: Vec<SettableKind> = kinds(data, now)
        .into_values()
        .map(|(kind, outlets)| SettableKind { kind: kind.kind, name: kind.name, outlets })
        .collect();
    let problems = body.check(&settable, &desk.register);
    if let Some(problem) = problems.into_iter().find(|problem| problem.severity == Severity::Error) {
        return Err(Trouble::bad(problem.code, problem.message.zh, problem.message.en));
    }
    keep(&desk, body.added(who, now), who, now)
}

/// Withdraws a mark.
pub fn withdraw(data: &Data, id: &str, who: &str, reason: &str) -> Result<MarkAnswer, Trouble> {
    let desk = Desk::open(data)?;
    let event = desk.marks(None)?.withdraw(id, reason)?;
    keep(&desk, event, who, crate::clock::now())
}

fn keep(desk: &Desk<'_>, event: MarkEvent, who: &str, now: Instant) -> Result<MarkAnswer, Trouble> {
    let id = event.mark().to_string();
    desk.store.events().append(NewEvent {
        recorded: now,
        kind: event.kind().to_string(),
        subject: id.clone(),
        actor: who.to_string(),
        body: event.body(),
        once: Some(format!("{}/{id}", event.kind())),
    })?;
    let marks = desk.marks(None)?;
    let mark = marks.get(&id).ok_or_else(|| SuperviseError::NoMark(id.clone()))?;
    if let Some(live) = desk.data.live() {
        live.marked(&mark.body.outlet);
    }
    Ok(answer(desk, mark))
}

/// A mark as it is answered.
pub fn answer(desk: &Desk<'_>, mark: &Mark) -> MarkAnswer {
    let body = &mark.body;
    let title = kinds(desk.data, body.from).remove(&body.kind).map(|(kind, _)| kind.name.into());
    let outlet = desk.register.outlets.get(&body.outlet);
    MarkAnswer {
        id: mark.id.clone(),
        outlet: desk.named_by_code(&body.outlet),
        mn: body.mn.clone(),
        codes: body.codes.clone(),
        from: body.from.to_iso(),
        to: body.to.map(|to| to.to_iso()),
        kind: body.kind.clone(),
        title: title.unwrap_or_else(|| Text::same(&body.kind)),
        source: match body.source {
            MarkSource::Person => "person",
            MarkSource::Instrument => "instrument",
        }
        .to_string(),
        reason: body.reason.clone(),
        evidence: body.evidence.clone(),
        who: mark.added.who.clone(),
        at: mark.added.at.to_iso(),
        withdrawn: mark.withdrawn.as_ref().map(act),
        simulated: outlet.is_some_and(|outlet| outlet.simulated),
    }
}

/// Every kind of mark that the rules in force at a moment know, with the kinds of outlet it is for.
pub fn kinds(data: &Data, at: Instant) -> BTreeMap<String, (MarkKind, Vec<OutletKind>)> {
    let mut all: BTreeMap<String, (MarkKind, Vec<OutletKind>)> = BTreeMap::new();
    for outlet in OutletKind::ALL {
        let rules = data.catalogs.standards.online_rules(outlet, at.civil().0);
        for kind in rules.map(|rules| rules.marks).unwrap_or_default() {
            all.entry(kind.kind.clone()).or_insert_with(|| (kind, Vec::new())).1.push(outlet);
        }
    }
    all
}
