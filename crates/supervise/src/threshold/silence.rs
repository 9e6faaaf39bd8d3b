//! A device and the time of its newest data → alerts that nothing comes. Used by `watch`.

use super::run::MINUTE_MS;
use super::series::{Open, Scene};
use crate::event::{About, AlertEvent, Reason, Step, alert_id};
use crate::rule::{Method, Rule};
use domain::period::HOUR_MS;
use domain::{Cadence, Device, Instant};

/// One no-data rule of one device.
#[derive(Clone, Debug)]
pub(super) struct Silence {
    /// Position of the rule.
    pub rule: usize,
    pub open: Option<Open>,
    /// Time of a period → its end [ms].
    period_ms: i64,
    /// Longest silence that is none [ms].
    after_ms: i64,
}

/// Whose silence, and what is known of its data.
#[derive(Clone, Copy)]
pub(super) struct Whose<'a> {
    pub device: &'a Device,
    /// Time of the newest value of the rule's cadence.
    pub newest: Option<Instant>,
    /// When watching began.
    pub since: Instant,
}

impl Silence {
    /// For a device: silent is what misses `count` of its own intervals and lasts `minutes`.
    pub(super) fn new(index: usize, rule: &Rule, device: &Device) -> Silence {
        let interval_ms = match rule.applies.cadence {
            Cadence::RealTime => i64::from(device.realtime_interval_s) * 1000,
            Cadence::Minute => i64::from(device.minute_interval_min) * MINUTE_MS,
            Cadence::Hour => HOUR_MS,
            Cadence::Day => 24 * HOUR_MS,
        };
        let period_ms = if rule.applies.cadence == Cadence::RealTime { 0 } else { interval_ms };
        let after_ms = (i64::from(rule.raise.count) * interval_ms).max(i64::from(rule.raise.minutes) * MINUTE_MS);
        Silence { rule: index, open: None, period_ms, after_ms }
    }

    /// A value came that is newer than all before: `whose.newest` is still the one before it.
    pub(super) fn heard(&mut self, whose: Whose<'_>, time: Instant, scene: Scene<'_>, out: &mut Vec<AlertEvent>) {
        if self.open.is_none() && whose.newest.is_some() {
            // Nobody asked in between: the silence is told all the same, so that it does not depend on asking.
            self.ask(whose, time, scene, out);
        }
        if let Some(open) = self.open.take() {
            let event = event(&open, Step::Recovered, whose, (self.rule, time), scene);
            out.push(AlertEvent { reason: Some(Reason::DataAgain), ..event });
        }
    }

    /// Tells a silence that lasts too long at `time`.
    pub(super) fn ask(&mut self, whose: Whose<'_>, time: Instant, scene: Scene<'_>, out: &mut Vec<AlertEvent>) {
        let rule = &scene.rules[self.rule];
        let day = time.civil().0;
        if let Some(open) = &mut self.open {
            if !whose.device.in_use(day) || !rule.in_force(day) {
                let event = event(open, Step::Recovered, whose, (self.rule, time), scene);
                out.push(AlertEvent { reason: Some(Reason::NoLongerWatched), ..event });
                self.open = None;
            } else if open.due(time, rule) {
                open.tell(time);
                out.push(event(open, Step::Updated, whose, (self.rule, time), scene));
            }
            return;
        }
        if !whose.device.in_use(day) || !rule.in_force(day) {
            return;
        }
        let in_use = whose.device.from.map(|from| Instant::from_civil(from, 0));
        let ended = whose.newest.map(|newest| Instant(newest.0 + self.period_ms));
        let waited_from = match ended {
            Some(ended) => in_use.map_or(ended, |from| from.max(ended)),
            None => in_use.map_or(whose.since, |from| from.max(whose.since)),
        };
        if time.0 - waited_from.0 <= self.after_ms {
            return;
        }
        let key = ended.map_or("never".to_string(), |ended| ended.0.to_string());
        let id = alert_id(&[&rule.id, &whose.device.mn, rule.applies.cadence.code(), &key]);
        let open = Open::silence(id, ended, time);
        out.push(event(&open, Step::Raised, whose, (self.rule, time), scene));
        self.open = Some(open);
    }

    /// After the register changed: the intervals may be others.
    pub(super) fn renewed(self, rule: &Rule, device: &Device) -> Silence {
        Silence { open: self.open, ..Silence::new(self.rule, rule, device) }
    }
}

/// Whether a rule watches the silence of devices of such an outlet.
pub(super) fn watches(rule: &Rule, kind: Option<domain::OutletKind>) -> bool {
    rule.method == Method::NoData && kind.is_some_and(|kind| rule.applies.outlets.contains(&kind))
}

/// A step of a device's silence.
pub(super) fn event(
    open: &Open,
    step: Step,
    whose: Whose<'_>,
    (rule, time): (usize, Instant),
    scene: Scene<'_>,
) -> AlertEvent {
    let rule = &scene.rules[rule];
    AlertEvent {
        step,
        alert: open.id.clone(),
        about: About {
            rule: rule.id.clone(),
            method: rule.method,
            grade: rule.grade,
            confidence: rule.confidence,
            outlet: whose.device.outlet.clone(),
            mn: whose.device.mn.clone(),
            code: String::new(),
            cadence: rule.applies.cadence,
            basis: None,
            unit: String::new(),
        },
        began: open.began,
        time,
        at: scene.now,
        first: None,
        value: None,
        worst: None,
        count: 0,
        limit: None,
        frames: Vec::new(),
        reason: None,
    }
}
