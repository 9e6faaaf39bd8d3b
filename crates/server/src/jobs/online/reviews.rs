//! The review desk: flagged runs, proposals, decisions by a second person; rebuilt as of any moment.

use super::asks::{ReviewsAsk, Span, cadence, limit, maybe_moment};
use super::desk::{Desk, act, number, recorded, told};
use super::qc;
use crate::answers::online::curve::QcMark;
use crate::answers::online::reviews::{FlaggedRun, NewReview as Asked, Review as ReviewAnswer, ReviewDesk};
use crate::asked::moment;
use crate::data::Data;
use crate::live::Run;
use crate::trouble::Trouble;
use domain::{Cadence, Instant};
use indicators::online::{Review as Override, ReviewSpan};
use std::collections::BTreeSet;
use store::NewEvent;
use supervise::{NewReview, Review, ReviewEvent, ReviewState, Reviews, SeriesKey, SuperviseError, Verdict};

/// Longest run of single values that an override is spread over.
const MOST: i64 = 100_000;

/// Runs nobody has decided on, and all proposals.
pub fn desk(data: &Data, ask: &ReviewsAsk) -> Result<ReviewDesk, Trouble> {
    let desk = Desk::open(data)?;
    let as_of = maybe_moment(ask.as_of.as_deref())?;
    let reviews = decided(&desk, as_of)?;
    let wanted = |outlet: &str| ask.outlet.as_deref().is_none_or(|own| own == outlet);
    let runs = match (as_of, data.live()) {
        (None, Some(live)) => live.flagged(),
        _ => Vec::new(),
    };
    let open = runs.iter().rev().filter(|run| {
        let key = run.key();
        wanted(&run.outlet) && !reviews.touching(&key, run.first, run.last).iter().any(|one| covers(one, run))
    });
    let mut queue: Vec<FlaggedRun> = open.map(|run| answer_run(&desk, run)).collect();
    let most = limit(ask.limit);
    let more = queue.len().saturating_sub(most) as u64;
    queue.truncate(most);
    let all = reviews.newest_first().into_iter().filter(|review| wanted(&review.body.outlet)).take(most);
    let answers: Vec<ReviewAnswer> = all.map(|review| answer(&desk, review)).collect();
    let marks = queue.iter().flat_map(|run| &run.qc).chain(answers.iter().flat_map(|review| &review.qc));
    let codes: BTreeSet<&str> =
        queue.iter().map(|run| run.code.as_str()).chain(answers.iter().map(|review| review.code.as_str())).collect();
    Ok(ReviewDesk {
        as_of: as_of.map(Instant::to_iso),
        tests: qc::tests(marks),
        parameters: desk.parameters(codes),
        simulated: queue.iter().any(|run| run.simulated) || answers.iter().any(|review| review.simulated),
        queue,
        more,
        reviews: answers,
    })
}

/// Proposes that flags stand or that another takes their place.
pub fn propose(data: &Data, asked: &Asked, who: &str) -> Result<ReviewAnswer, Trouble> {
    let desk = Desk::open(data)?;
    let verdict = match (asked.decision.as_str(), asked.flag) {
        ("accept", _) => Some(Verdict::Accept),
        ("override", Some(flag)) => Verdict::of_flag(flag),
        _ => None,
    };
    let verdict = verdict.ok_or_else(|| {
        Trouble::bad(
            "decision",
            "decision 应为 accept，或 override 并附 flag（1 有效、3 可疑、4 无效）。",
            "decision is accept, or override with a flag (1 valid, 3 suspect, 4 invalid).",
        )
    })?;
    desk.outlet(&asked.outlet)?;
    if desk.register.device(&asked.mn).is_none_or(|device| device.outlet != asked.outlet) {
        return Err(Trouble::not_found(
            "no-such-device",
            format!("排放口 {} 没有设备“{}”。", asked.outlet, asked.mn),
            format!("outlet {} has no device `{}`.", asked.outlet, asked.mn),
        ));
    }
    let series = SeriesKey { mn: asked.mn.clone(), code: asked.code.clone(), cadence: cadence(&asked.cadence)? };
    let review = NewReview {
        outlet: asked.outlet.clone(),
        series,
        from: moment(&asked.first)?,
        to: moment(&asked.last)?,
        verdict,
        reason: asked.reason.clone(),
    };
    let now = crate::clock::now();
    keep(&desk, review.propose(who, now)?, who, now)
}

/// Approves or rejects a proposal of somebody else.
pub fn decide(data: &Data, (id, approved): (&str, bool), who: &str, note: &str) -> Result<ReviewAnswer, Trouble> {
    let desk = Desk::open(data)?;
    let reviews = decided(&desk, None)?;
    let event = if approved { reviews.approve(id, who)? } else { reviews.reject(id, who, note)? };
    keep(&desk, event, who, crate::clock::now())
}

fn keep(desk: &Desk<'_>, event: ReviewEvent, who: &str, now: Instant) -> Result<ReviewAnswer, Trouble> {
    let id = event.review().to_string();
    let kept = desk.store.events().append(NewEvent {
        recorded: now,
        kind: event.kind().to_string(),
        subject: id.clone(),
        actor: who.to_string(),
        body: event.body(who),
        once: Some(event.once()),
    })?;
    let reviews = decided(desk, None)?;
    let review = reviews.get(&id).ok_or_else(|| SuperviseError::NoReview(id.clone()))?;
    if kept.is_none() && review.state != ReviewState::Proposed {
        // Somebody else was faster.
        reviews.approve(&id, who)?;
    }
    if let Some(live) = desk.data.live() {
        live.marked(&review.body.outlet);
    }
    Ok(answer(desk, review))
}

/// Proposals and decisions as of a moment.
pub fn decided(desk: &Desk<'_>, as_of: Option<Instant>) -> Result<Reviews, Trouble> {
    let events = desk.events(&Reviews::KINDS, as_of)?;
    let (reviews, problems) = Reviews::fold(events.iter().map(recorded), Instant(i64::MAX));
    told(&problems);
    Ok(reviews)
}

/// Approved overrides of an outlet's minutes and hours, one a value, as statements take them.
pub fn overrides(
    desk: &Desk<'_>,
    outlet: &str,
    (span, as_of): (Span, Option<Instant>),
) -> Result<Vec<Override>, Trouble> {
    let reviews = decided(desk, as_of)?;
    let mut all = Vec::new();
    for review in reviews.newest_first() {
        let body = &review.body;
        let kind = match body.series.cadence {
            Cadence::Minute => ReviewSpan::Minute,
            Cadence::Hour => ReviewSpan::Hour,
            Cadence::RealTime | Cadence::Day => continue,
        };
        let valid = match body.verdict {
            Verdict::Valid | Verdict::Suspect => true,
            Verdict::Invalid => false,
            Verdict::Accept => continue,
        };
        if review.state != ReviewState::Approved || body.outlet != outlet {
            continue;
        }
        let step_ms = if kind == ReviewSpan::Hour { domain::period::HOUR_MS } else { 60_000 };
        let (from, to) = (body.from.0.max(span.from.0), body.to.0.min(span.to.0));
        let recorded = review.decided.as_ref().map_or(review.proposed.at, |act| act.at);
        let first = from.div_euclid(step_ms) * step_ms;
        let times = (0..MOST).map(|index| first + index * step_ms).take_while(|time| *time <= to);
        all.extend(times.filter(|time| *time >= from).map(|time| Override {
            mn: body.series.mn.clone(),
            code: body.series.code.clone(),
            span: kind,
            time: Instant(time),
            valid,
            recorded,
        }));
    }
    Ok(all)
}

/// Whether a review, proposed or approved, is about all of a run.
fn covers(review: &Review, run: &Run) -> bool {
    review.state != ReviewState::Rejected && review.body.from <= run.first && run.last <= review.body.to
}

fn answer_run(desk: &Desk<'_>, run: &Run) -> FlaggedRun {
    let channel = desk.register.channel(&run.mn, &run.code);
    FlaggedRun {
        outlet: desk.named_by_code(&run.outlet),
        mn: run.mn.clone(),
        code: run.code.clone(),
        unit: channel.map(|channel| channel.unit.clone()).unwrap_or_default(),
        cadence: run.cadence.code().to_string(),
        first: run.first.to_iso(),
        last: run.last.to_iso(),
        count: run.count,
        lowest: number(run.lowest),
        highest: number(run.highest),
        flag: run.flag,
        qc: run.qc.clone(),
        frame: Some(run.frame.0),
        simulated: desk.simulated(&run.mn),
    }
}

fn answer(desk: &Desk<'_>, review: &Review) -> ReviewAnswer {
    let body = &review.body;
    let flagged = flagged_in(desk, review);
    ReviewAnswer {
        id: review.id.clone(),
        outlet: desk.named_by_code(&body.outlet),
        mn: body.series.mn.clone(),
        code: body.series.code.clone(),
        cadence: body.series.cadence.code().to_string(),
        first: body.from.to_iso(),
        last: body.to.to_iso(),
        count: flagged.0,
        qc: flagged.1,
        decision: if body.verdict == Verdict::Accept { "accept" } else { "override" }.to_string(),
        flag: body.verdict.flag(),
        state: review.state.code().to_string(),
        proposed: act(&review.proposed),
        decided: review.decided.as_ref().map(act),
        simulated: desk.simulated(&body.series.mn),
    }
}

/// How many values a review is about, and what the tests say of them.
fn flagged_in(desk: &Desk<'_>, review: &Review) -> (u64, Vec<QcMark>) {
    let series = &review.body.series;
    let span = Span { from: Instant(review.body.from.0 - qc::lead(series.cadence)), to: Instant(review.body.to.0 + 1) };
    let Ok(messages) = super::values::messages(desk, &series.mn, series.cadence, span) else { return (0, Vec::new()) };
    let mut points = Vec::new();
    for message in &messages {
        let own = message.items.iter().find(|item| item.code == series.code);
        points.extend(own.map(|item| (message.time, super::values::value(series.cadence, item))));
    }
    points.dedup_by_key(|point| point.0);
    let plan = qc::SeriesPlan::new(desk, (&series.mn, &series.code), series.cadence);
    let mut worst: Vec<QcMark> = Vec::new();
    let mut count = 0;
    for ((time, value), flags) in points.iter().zip(plan.run(&points)) {
        if !review.body.covers(*time) {
            continue;
        }
        count += 1;
        for mark in plan.marks(flags, *value) {
            match worst.iter_mut().find(|known| known.test == mark.test) {
                Some(known) if known.flag >= mark.flag => {}
                Some(known) => *known = mark,
                None => worst.push(mark),
            }
        }
    }
    (count, worst)
}
