//! Intervals that people mark (stopped, maintenance, start-up …): added, ended and withdrawn, never changed.
//!
//! What a kind of mark does to a statistic is the standards' business; here it is a code. A mark deletes no value:
//! statistics are made with and without it. Called by `server`.

use crate::SuperviseError;
use crate::alert::{Act, Recorded, read};
use crate::event::digest_id;
use crate::wire;
use domain::{Instant, OutletKind, Place, Problem, Register, Severity, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Who set a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkSource {
    /// A person.
    Person,
    /// The instrument, by the flags of its values.
    Instrument,
}

/// A mark to be set: the body of `mark-added`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMark {
    /// Outlet.
    pub outlet: String,
    /// Device; none for every device of the outlet.
    pub mn: Option<String>,
    /// Codes of pollutants; empty for every one.
    pub codes: Vec<String>,
    /// First moment.
    #[serde(with = "wire::moment")]
    pub from: Instant,
    /// First moment after it; none while it lasts.
    #[serde(with = "wire::maybe_moment")]
    pub to: Option<Instant>,
    /// Kind, a code of the standards' catalog.
    pub kind: String,
    /// Who set it.
    pub source: MarkSource,
    /// Why.
    pub reason: String,
    /// Where the evidence is, as text.
    pub evidence: String,
}

/// An event of marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkEvent {
    /// `mark-added`.
    Added {
        /// Id of the new mark.
        mark: String,
        /// What it says.
        body: NewMark,
    },
    /// `mark-ended`: a mark that lasted gets its end.
    Ended {
        /// Id of the mark.
        mark: String,
        /// First moment after it.
        to: Instant,
        /// Why.
        reason: String,
    },
    /// `mark-withdrawn`: it was wrong.
    Withdrawn {
        /// Id of the mark.
        mark: String,
        /// Why.
        reason: String,
    },
}

/// A mark as of a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Id.
    pub id: String,
    /// What it says, with its end if it has got one since.
    pub body: NewMark,
    /// Who set it, and when.
    pub added: Act,
    /// Who withdrew it, when and why.
    pub withdrawn: Option<Act>,
}

/// Marks as of a moment, withdrawn ones among them.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    by_id: BTreeMap<String, Mark>,
    /// Ids by outlet, in the order of their begin.
    by_outlet: BTreeMap<String, Vec<String>>,
}

/// A kind that may be set, as `server` takes it from the standards in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettableKind {
    /// Code.
    pub kind: String,
    /// Name.
    pub name: Text,
    /// Kinds of outlet it is for.
    pub outlets: Vec<OutletKind>,
}

#[derive(Serialize, Deserialize)]
struct AddedBody {
    mark: String,
    #[serde(flatten)]
    body: NewMark,
}

#[derive(Serialize, Deserialize)]
struct EndedBody {
    mark: String,
    #[serde(with = "wire::moment")]
    to: Instant,
    reason: String,
}

#[derive(Serialize, Deserialize)]
struct WithdrawnBody {
    mark: String,
    reason: String,
}

const ADDED: &str = "mark-added";
const ENDED: &str = "mark-ended";
const WITHDRAWN: &str = "mark-withdrawn";

impl MarkEvent {
    /// Kind of the event in the store.
    pub fn kind(&self) -> &'static str {
        match self {
            MarkEvent::Added { .. } => ADDED,
            MarkEvent::Ended { .. } => ENDED,
            MarkEvent::Withdrawn { .. } => WITHDRAWN,
        }
    }

    /// Id of the mark.
    pub fn mark(&self) -> &str {
        match self {
            MarkEvent::Added { mark, .. } | MarkEvent::Ended { mark, .. } | MarkEvent::Withdrawn { mark, .. } => mark,
        }
    }

    /// Body of the event in the store.
    pub fn body(&self) -> Value {
        let body = match self.clone() {
            MarkEvent::Added { mark, body } => serde_json::to_value(AddedBody { mark, body }),
            MarkEvent::Ended { mark, to, reason } => serde_json::to_value(EndedBody { mark, to, reason }),
            MarkEvent::Withdrawn { mark, reason } => serde_json::to_value(WithdrawnBody { mark, reason }),
        };
        body.expect("a body has only text keys and texts")
    }
}

impl NewMark {
    /// What is wrong with it; it may be set when none of the problems is an error. That it overlaps another, or
    /// that a yearly cap is used up, is told where statistics are made.
    pub fn check(&self, kinds: &[SettableKind], register: &Register) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut tell = |severity, code, (column, raw): (&str, &str), message| {
            let place = Place { column: column.to_string(), ..Place::default() };
            problems.push(Problem { severity, code, place, raw: raw.to_string(), message });
        };
        let outlet = register.outlets.get(&self.outlet);
        if outlet.is_none() {
            let message = Text::new(
                format!("排放口“{}”不在排放口表；请核对编码，或先导入排放口表", self.outlet),
                format!("the outlet `{}` is not listed; check its code or import the outlets first", self.outlet),
            );
            tell(Severity::Error, "unknown-outlet", ("outlet", self.outlet.as_str()), message);
        }
        let settable = |kind: &&SettableKind| outlet.is_none_or(|outlet| kind.outlets.contains(&outlet.kind));
        if !kinds.iter().filter(settable).any(|kind| kind.kind == self.kind) {
            let known: Vec<&str> = kinds.iter().filter(settable).map(|kind| kind.kind.as_str()).collect();
            let known = known.join(", ");
            let message = Text::new(
                format!("标记类型“{}”不适用于这个排放口；可用：{known}", self.kind),
                format!("the kind of mark `{}` is not one of this outlet; use one of: {known}", self.kind),
            );
            tell(Severity::Error, "unknown-kind", ("kind", self.kind.as_str()), message);
        }
        if let Some(mn) = &self.mn
            && register.device(mn).is_none_or(|device| device.outlet != self.outlet)
        {
            let message = Text::new(
                format!("设备“{mn}”不属于排放口“{}”；请核对 MN，或留空表示全部设备", self.outlet),
                format!(
                    "the device `{mn}` is not of the outlet `{}`; check the MN, or leave it out for all",
                    self.outlet
                ),
            );
            tell(Severity::Error, "unknown-device", ("mn", mn.as_str()), message);
        }
        for code in self.codes.iter().filter(|code| !self.has_channel(register, code)) {
            let message = Text::new(
                format!("这个排放口没有因子“{code}”的通道；标记照样保存，请核对"),
                format!("no device of this outlet has a channel `{code}`; the mark is kept all the same, check it"),
            );
            tell(Severity::Warning, "unknown-code", ("codes", code.as_str()), message);
        }
        if let Some(to) = self.to.filter(|to| *to <= self.from) {
            let (from, to) = (self.from.to_iso(), to.to_iso());
            let message = Text::new(
                format!("结束时间 {to} 不晚于开始时间 {from}；请更正"),
                format!("the mark ends at {to}, not after its begin {from}; correct one of them"),
            );
            tell(Severity::Error, "ends-before", ("to", to.as_str()), message);
        }
        if self.source == MarkSource::Person && self.reason.trim().is_empty() {
            let message = Text::new("请写明标记的原因", "say why: a mark needs its reason");
            tell(Severity::Error, "no-reason", ("reason", self.reason.as_str()), message);
        }
        if self.source == MarkSource::Person && self.evidence.trim().is_empty() {
            let message = Text::new(
                "没有写明证据（如运维记录编号、照片）；标记照样保存，核查时会被问到",
                "no evidence is named (such as a maintenance record or a photo); it is kept, and will be asked for",
            );
            tell(Severity::Warning, "no-evidence", ("evidence", self.evidence.as_str()), message);
        }
        problems
    }

    /// The event that sets it. The same person setting the same mark at the same moment makes the same id.
    pub fn added(self, actor: &str, recorded: Instant) -> MarkEvent {
        let moments = [self.from.0, self.to.map_or(i64::MAX, |to| to.0), recorded.0].map(|ms| ms.to_string());
        let mn = self.mn.clone().unwrap_or_default();
        let codes = self.codes.join(";");
        let mut parts = vec![self.outlet.as_str(), &mn, &codes, &self.kind, actor];
        parts.extend(moments.iter().map(String::as_str));
        MarkEvent::Added { mark: digest_id("m", &parts), body: self }
    }

    /// Whether it covers a moment of a series.
    pub fn covers(&self, mn: &str, code: &str, time: Instant) -> bool {
        self.is_of(mn, code) && self.from <= time && self.to.is_none_or(|to| time < to)
    }

    /// Whether it is about a series.
    pub fn is_of(&self, mn: &str, code: &str) -> bool {
        self.mn.as_deref().is_none_or(|own| own == mn)
            && (self.codes.is_empty() || self.codes.iter().any(|own| own == code))
    }

    fn has_channel(&self, register: &Register, code: &str) -> bool {
        register.devices_of(&self.outlet).any(|device| register.channel(&device.mn, code).is_some())
    }
}

impl Marks {
    /// Kinds of events that tell of marks.
    pub const KINDS: [&'static str; 3] = [ADDED, ENDED, WITHDRAWN];

    /// The marks as of a moment. An event that cannot be read is told and the rest is folded.
    pub fn fold<'a>(events: impl IntoIterator<Item = Recorded<'a>>, as_of: Instant) -> (Marks, Vec<SuperviseError>) {
        let mut marks = Marks::default();
        let mut problems = Vec::new();
        for event in events.into_iter().filter(|event| event.recorded <= as_of) {
            if let Err(problem) = marks.apply(event) {
                problems.push(problem);
            }
        }
        (marks, problems)
    }

    /// Takes one more event; other kinds are passed over.
    pub fn apply(&mut self, event: Recorded<'_>) -> Result<(), SuperviseError> {
        let act = |note: String| Act { who: event.actor.to_string(), at: event.recorded, note };
        match event.kind {
            ADDED => {
                let AddedBody { mark, body } = read(event)?;
                let added = act(body.reason.clone());
                self.add(Mark { id: mark, body, added, withdrawn: None });
            }
            ENDED => {
                let body: EndedBody = read(event)?;
                let mark = self.find(&body.mark)?;
                mark.body.to.get_or_insert(body.to);
            }
            WITHDRAWN => {
                let body: WithdrawnBody = read(event)?;
                self.find(&body.mark)?.withdrawn.get_or_insert(act(body.reason));
            }
            _ => {}
        }
        Ok(())
    }

    /// The event that ends a mark that lasts, or why it is refused.
    pub fn end(&self, id: &str, to: Instant, reason: &str) -> Result<MarkEvent, SuperviseError> {
        let mark = self.standing(id)?;
        if let Some(end) = mark.body.to {
            return Err(SuperviseError::AlreadyEnded { mark: id.to_string(), at: end.to_iso() });
        }
        if to <= mark.body.from {
            let (from, to) = (mark.body.from.to_iso(), to.to_iso());
            return Err(SuperviseError::EndsBefore { mark: id.to_string(), from, to });
        }
        Ok(MarkEvent::Ended { mark: id.to_string(), to, reason: reason.trim().to_string() })
    }

    /// The event that withdraws a mark, or why it is refused.
    pub fn withdraw(&self, id: &str, reason: &str) -> Result<MarkEvent, SuperviseError> {
        self.standing(id)?;
        match reason.trim() {
            "" => Err(SuperviseError::NoReason),
            reason => Ok(MarkEvent::Withdrawn { mark: id.to_string(), reason: reason.to_string() }),
        }
    }

    /// One by id.
    pub fn get(&self, id: &str) -> Option<&Mark> {
        self.by_id.get(id)
    }

    /// Those of an outlet, withdrawn ones among them, in the order of their begin.
    pub fn of<'a>(&'a self, outlet: &str) -> impl Iterator<Item = &'a Mark> {
        self.by_outlet.get(outlet).into_iter().flatten().filter_map(|id| self.by_id.get(id))
    }

    /// Those of an outlet that touch the span from `from` to before `to`, withdrawn ones among them.
    pub fn touching<'a>(&'a self, outlet: &str, from: Instant, to: Instant) -> impl Iterator<Item = &'a Mark> {
        self.of(outlet).filter(move |mark| mark.body.from < to && mark.body.to.is_none_or(|end| from < end))
    }

    /// Those that hold at a moment of a series: not withdrawn, and covering it.
    pub fn covering<'a>(
        &'a self,
        outlet: &str,
        (mn, code): (&'a str, &'a str),
        time: Instant,
    ) -> impl Iterator<Item = &'a Mark> {
        self.of(outlet).filter(move |mark| mark.withdrawn.is_none() && mark.body.covers(mn, code, time))
    }

    fn add(&mut self, mark: Mark) {
        if self.by_id.contains_key(&mark.id) {
            return;
        }
        let key = |mark: &Mark| (mark.body.from, mark.id.clone());
        let ids = self.by_outlet.entry(mark.body.outlet.clone()).or_default();
        let at = ids.partition_point(|id| self.by_id.get(id).is_some_and(|other| key(other) < key(&mark)));
        ids.insert(at, mark.id.clone());
        self.by_id.insert(mark.id.clone(), mark);
    }

    fn standing(&self, id: &str) -> Result<&Mark, SuperviseError> {
        let mark = self.get(id).ok_or_else(|| SuperviseError::NoMark(id.to_string()))?;
        match &mark.withdrawn {
            Some(act) => Err(SuperviseError::AlreadyWithdrawn {
                mark: id.to_string(),
                who: act.who.clone(),
                at: act.at.to_iso(),
            }),
            None => Ok(mark),
        }
    }

    fn find(&mut self, id: &str) -> Result<&mut Mark, SuperviseError> {
        self.by_id.get_mut(id).ok_or_else(|| SuperviseError::NoMark(id.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Record;

    /// 2025-01-01 00:00 +08:00.
    const START: i64 = 1_735_660_800_000;
    const HOUR: i64 = 3_600_000;

    fn at(hour: i64) -> Instant {
        Instant(START + hour * HOUR)
    }

    fn new() -> NewMark {
        NewMark {
            outlet: "DA001".to_string(),
            mn: Some("M1".to_string()),
            codes: vec!["a21026".to_string()],
            from: at(1),
            to: Some(at(3)),
            kind: "maintenance".to_string(),
            source: MarkSource::Person,
            reason: "更换滤芯".to_string(),
            evidence: "运维记录 12".to_string(),
        }
    }

    fn register() -> Register {
        let row = |cells: &[(&str, &str)]| {
            let fields = cells.iter().map(|(column, cell)| (column.to_string(), cell.to_string()));
            Record::new(fields.collect(), 2)
        };
        Register::load(
            &[row(&[("outlet", "DA001"), ("kind", "gas")])],
            &[row(&[("mn", "M1"), ("outlet", "DA001")])],
            &[row(&[("mn", "M1"), ("code", "a21026"), ("unit", "mg/m³")])],
            &[],
        )
        .0
    }

    fn kinds() -> Vec<SettableKind> {
        let kind =
            |kind: &str, outlet| SettableKind { kind: kind.to_string(), name: Text::default(), outlets: vec![outlet] };
        vec![kind("maintenance", OutletKind::Gas), kind("sampler", OutletKind::Water)]
    }

    fn told(mark: NewMark) -> Vec<String> {
        let problems = mark.check(&kinds(), &register());
        problems.iter().map(|p| format!("{} {} `{}`", p.severity.code(), p.code, p.raw)).collect()
    }

    #[test]
    fn a_mark_is_checked_and_every_problem_is_told() {
        assert_eq!(told(new()), [] as [&str; 0]);
        let wrong = NewMark {
            mn: Some("M2".to_string()),
            codes: vec!["a34013".to_string()],
            to: Some(at(1)),
            kind: "sampler".to_string(),
            reason: " ".to_string(),
            evidence: String::new(),
            ..new()
        };
        assert_eq!(
            told(wrong),
            [
                "error unknown-kind `sampler`",
                "error unknown-device `M2`",
                "warning unknown-code `a34013`",
                "error ends-before `2025-01-01T01:00:00+08:00`",
                "error no-reason ` `",
                "warning no-evidence ``",
            ]
        );
        let elsewhere = NewMark { outlet: "DA002".to_string(), mn: None, codes: Vec::new(), ..new() };
        assert_eq!(told(elsewhere), ["error unknown-outlet `DA002`"]);
    }

    #[test]
    fn marks_are_added_ended_and_withdrawn_as_of_each_moment() {
        let lasting = NewMark { to: None, mn: None, codes: Vec::new(), from: at(0), ..new() };
        let (first, second) = (new().added("李", at(4)), lasting.added("王", at(5)));
        let id = first.mark().to_string();
        assert_eq!(id, new().added("李", at(4)).mark(), "the same is the same");
        assert_ne!(id, new().added("王", at(4)).mark());
        let mut kept = vec![(4, "李", first), (5, "王", second)];
        let fold = |kept: &[(i64, &str, MarkEvent)], hour: i64| {
            let bodies: Vec<_> = kept.iter().map(|(at, who, event)| (*at, *who, event.kind(), event.body())).collect();
            let events =
                bodies.iter().map(|(hour, actor, kind, body)| Recorded { recorded: at(*hour), kind, actor, body });
            let (marks, problems) = Marks::fold(events, at(hour));
            assert!(problems.is_empty(), "{problems:?}");
            marks
        };
        let marks = fold(&kept, 5);
        let lasting = kept[1].2.mark().to_string();
        assert_eq!(marks.of("DA001").map(|mark| mark.id.as_str()).collect::<Vec<_>>(), [&lasting, &id], "by begin");
        let covering = |marks: &Marks, code: &str, hour| marks.covering("DA001", ("M1", code), at(hour)).count();
        // The first moment is in, the end is not.
        assert_eq!([0, 1, 2, 3].map(|hour| covering(&marks, "a21026", hour)), [1, 2, 2, 1]);
        assert_eq!(covering(&marks, "a34013", 2), 1);
        assert_eq!(marks.touching("DA001", at(3), at(9)).count(), 1);

        assert!(matches!(marks.end(&id, at(9), ""), Err(SuperviseError::AlreadyEnded { .. })));
        assert!(matches!(marks.end(&lasting, at(0), ""), Err(SuperviseError::EndsBefore { .. })));
        assert_eq!(marks.withdraw(&id, " "), Err(SuperviseError::NoReason));
        kept.push((6, "王", marks.end(&lasting, at(2), "修好了").expect("it lasts")));
        kept.push((7, "张", marks.withdraw(&id, "填错").expect("it stands")));
        let marks = fold(&kept, 7);
        assert_eq!([0, 1, 2, 3].map(|hour| covering(&marks, "a21026", hour)), [1, 1, 0, 0]);
        assert_eq!(marks.get(&id).and_then(|mark| mark.withdrawn.as_ref()).map(|act| act.note.as_str()), Some("填错"));
        assert!(matches!(marks.withdraw(&id, "再"), Err(SuperviseError::AlreadyWithdrawn { .. })));
        // As it was known before.
        assert_eq!(covering(&fold(&kept, 5), "a21026", 2), 2);
    }
}
