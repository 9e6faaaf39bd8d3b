//! Messages of one hour → a value and a status for each code and minute.

use super::input::{Mark, OutletInput, ReviewSpan};
use super::site::{Scale, Site, SiteCode};
use super::words::{Note, Notes};
use domain::{Cadence, DataFlag, Fixed, FrameId, Instant, OnlineItem, OnlineMessage, Ratio};
use observe::online::arithmetic;
use standards::online::{Cause, Effect, Need};
use std::collections::BTreeMap;

const MINUTE_MS: i64 = 60_000;

/// Messages of one hour, oldest frame first.
#[derive(Clone, Debug, Default)]
pub(super) struct HourMessages<'a> {
    pub minutes: Vec<&'a OnlineMessage>,
    pub realtime: Vec<&'a OnlineMessage>,
    pub hours: Vec<&'a OnlineMessage>,
}

/// One value of one code, that stands for `minutes` from `offset` on.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// Minutes since the start of the hour.
    pub offset: u32,
    /// Minutes it stands for.
    pub minutes: u32,
    pub frame: FrameId,
    /// Its flag after marks and reviews.
    pub flag: DataFlag,
    /// Whether the value enters the mean.
    pub valid: bool,
    pub exempt: bool,
    /// As sent, in the unit of judgement.
    pub sent: Option<Ratio>,
    /// The same at the state of judgement.
    pub value: Option<Ratio>,
    /// The instrument's own converted value and amount.
    pub zs: Option<Fixed>,
    pub cou: Option<Fixed>,
    /// The mean of real-time values, where both are known.
    pub realtime: Option<Ratio>,
}

/// The slots of a code in one hour, by offset.
#[derive(Clone, Debug, Default)]
pub(super) struct Series {
    pub slots: Vec<Slot>,
    pub from_realtime: bool,
    pub notes: Notes,
}

/// Whether marks are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marked<'a> {
    With(&'a [&'a Mark]),
    Without,
}

/// What a mark makes of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Effects {
    pub invalid: Option<Cause>,
    pub stopped: bool,
    pub exempt: bool,
}

impl Series {
    /// The valid value that stands for a minute.
    pub fn at(&self, offset: u32) -> Option<Ratio> {
        let end = self.slots.partition_point(|slot| slot.offset <= offset);
        let slot = self.slots.get(end.checked_sub(1)?)?;
        slot.value.filter(|_| slot.valid && offset < slot.offset + slot.minutes)
    }
}

/// The effect of marks on a device and code at a moment.
pub(super) fn effects(input: &OutletInput<'_>, marked: Marked<'_>, (mn, code): (&str, &str), at: Instant) -> Effects {
    let mut effects = Effects { invalid: None, stopped: false, exempt: false };
    let Marked::With(marks) = marked else { return effects };
    for mark in marks.iter().filter(|mark| mark.covers(mn, code, at)) {
        let Some(kind) = input.rules.mark(&mark.kind) else { continue };
        match kind.effect {
            // Of several causes the gravest counts: out of control first.
            Effect::Invalid => effects.invalid = effects.invalid.into_iter().chain(kind.cause).min(),
            Effect::Stopped => effects.stopped = true,
            Effect::Exempt => effects.exempt = true,
            Effect::Note => {}
        }
    }
    effects
}

/// The slots of one code.
pub(super) fn series(
    input: &OutletInput<'_>,
    site: &Site,
    own: &SiteCode,
    (start, messages): (Instant, &HourMessages<'_>),
    marked: Marked<'_>,
) -> Series {
    let realtime = realtime(input, site, own, (start, messages));
    let mut newest: BTreeMap<u32, (&OnlineMessage, &OnlineItem)> = BTreeMap::new();
    for (message, item) in items(&messages.minutes, &own.code) {
        newest.insert(offset(start, message.time), (message, item));
    }
    let mut series = Series::default();
    for (offset, (message, item)) in newest {
        let raw = Raw {
            offset,
            minutes: site.minutes_of(&message.mn),
            message,
            flag: item.flag,
            sent: item.avg.or(item.rtd),
            zs: item.zs_avg,
            cou: item.cou,
        };
        let slot = slot(input, (site, own), (start, raw), marked, &mut series.notes);
        let mean = realtime.iter().find(|(at, _)| *at == offset).and_then(|(_, raw)| raw.sent);
        let mean = mean.and_then(|mean| own.scale.apply(mean, site.state.as_ref()));
        series.slots.push(Slot { realtime: mean, ..slot });
    }
    if series.slots.is_empty() && !realtime.is_empty() {
        series.from_realtime = true;
        for (_, raw) in realtime {
            series.notes.add(Note::FromRealTime, 1);
            let slot = slot(input, (site, own), (start, raw), marked, &mut series.notes);
            series.slots.push(slot);
        }
    }
    series
}

fn offset(start: Instant, at: Instant) -> u32 {
    ((at.0 - start.0) / MINUTE_MS) as u32
}

fn items<'a>(
    messages: &'a [&'a OnlineMessage],
    code: &'a str,
) -> impl Iterator<Item = (&'a OnlineMessage, &'a OnlineItem)> {
    messages.iter().flat_map(move |message| {
        message.items.iter().filter(move |item| item.code == code).map(move |item| (*message, item))
    })
}

/// The newest item of a code among an hour's or a day's own messages.
pub(super) fn newest<'a>(messages: &[&'a OnlineMessage], code: &str) -> Option<(&'a OnlineMessage, &'a OnlineItem)> {
    let own = messages
        .iter()
        .flat_map(|message| message.items.iter().filter(|item| item.code == code).map(move |item| (*message, item)));
    own.last()
}

struct Raw<'a> {
    offset: u32,
    minutes: u32,
    message: &'a OnlineMessage,
    flag: Option<DataFlag>,
    sent: Option<Fixed>,
    zs: Option<Fixed>,
    cou: Option<Fixed>,
}

/// Minutes made of real-time values: the mean of the normal ones, if there are enough of those due.
fn realtime<'a>(
    input: &OutletInput<'_>,
    site: &Site,
    own: &SiteCode,
    (start, messages): (Instant, &'a HourMessages<'a>),
) -> Vec<(u32, Raw<'a>)> {
    let code: &'a str = match messages.realtime.iter().flat_map(|one| &one.items).find(|item| item.code == own.code) {
        Some(item) => &item.code,
        None => return Vec::new(),
    };
    // A reading is known by device and moment; sent twice, the newest frame prevails.
    let mut readings: BTreeMap<(u32, i64, &str), (&OnlineMessage, &OnlineItem)> = BTreeMap::new();
    for (message, item) in items(&messages.realtime, code) {
        readings.insert((offset(start, message.time), message.time.0, message.mn.as_str()), (message, item));
    }
    let mut minutes: BTreeMap<u32, Vec<(&OnlineMessage, &OnlineItem)>> = BTreeMap::new();
    for ((offset, _, _), reading) in readings {
        minutes.entry(offset).or_default().push(reading);
    }
    let normal = input.rules.flags.normal;
    let minute = |(offset, readings): (u32, Vec<(&'a OnlineMessage, &'a OnlineItem)>)| {
        let usual = |item: &OnlineItem| item.flag.unwrap_or(normal) == normal;
        let values: Vec<Ratio> =
            (readings.iter()).filter_map(|(_, item)| item.rtd.filter(|_| usual(item)).map(Ratio::from)).collect();
        let message = readings.iter().map(|(message, _)| *message).max_by_key(|message| message.frame)?;
        let seconds = site.realtime_interval.get(&message.mn).copied().unwrap_or(60);
        let due = (60 / seconds.clamp(1, 60)).max(1);
        let enough = values.len() as u32 >= needed(input.rules.validity.minute, due);
        let odd = readings.iter().find(|(_, item)| !usual(item)).and_then(|(_, item)| item.flag);
        let flag = if enough { readings.iter().find_map(|(_, item)| item.flag).map(|_| normal) } else { odd };
        let sent = arithmetic(&values).filter(|_| enough).map(|mean| mean.round(6));
        Some((offset, Raw { offset, minutes: 1, message, flag, sent, zs: None, cou: None }))
    };
    minutes.into_iter().filter_map(minute).collect()
}

fn needed(need: Need, due: u32) -> u32 {
    need.count(due).clamp(1, due)
}

/// A value with its status: the instrument's flag, then marks, then reviews; the last word is the review's.
fn slot(
    input: &OutletInput<'_>,
    (site, own): (&Site, &SiteCode),
    (start, raw): (Instant, Raw<'_>),
    marked: Marked<'_>,
    notes: &mut Notes,
) -> Slot {
    let rule = &input.rules.flags;
    let at = Instant(start.0 + i64::from(raw.offset) * MINUTE_MS);
    let mn = raw.message.mn.as_str();
    let minutes = raw.minutes.min(60_u32.saturating_sub(raw.offset)).max(1);
    let sent = raw.sent.and_then(|sent| own.scale.apply(sent, site.state.as_ref()));
    let mut flag = raw.flag.unwrap_or(rule.normal);
    match &own.scale {
        Scale::Unknown => notes.add(Note::UnitUnknown, minutes),
        Scale::Linear { assumed: true, .. } => notes.add(Note::UnitAssumed, minutes),
        _ if raw.sent.is_some() && sent.is_none() => notes.add(Note::OutOfRange, minutes),
        _ => {}
    }
    if raw.flag.is_none() {
        notes.add(Note::NoFlag, minutes);
    }
    let effects = effects(input, marked, (mn, &own.code), at);
    if effects.stopped {
        flag = rule.stopped;
        notes.add(Note::MarkedStopped, minutes);
    } else if let Some(cause) = effects.invalid {
        flag = flag_of(input, cause);
        notes.add(Note::MarkedInvalid, minutes);
    }
    if effects.exempt {
        notes.add(Note::MarkedExempt, minutes);
    }
    match input.review(mn, &own.code, ReviewSpan::Minute, at) {
        Some(true) => {
            flag = rule.normal;
            notes.add(Note::ReviewedValid, minutes);
        }
        Some(false) => {
            flag = rule.otherwise;
            notes.add(Note::ReviewedInvalid, minutes);
        }
        None => {}
    }
    Slot {
        offset: raw.offset,
        minutes,
        frame: raw.message.frame,
        flag,
        valid: flag == rule.normal && sent.is_some(),
        exempt: effects.exempt,
        sent,
        value: sent,
        zs: raw.zs,
        cou: raw.cou,
        realtime: None,
    }
}

/// The flag that stands for the cause of a mark.
pub(super) fn flag_of(input: &OutletInput<'_>, cause: Cause) -> DataFlag {
    let rule = &input.rules.flags;
    let listed = match cause {
        Cause::OutOfControl => rule.out_of_control.first(),
        Cause::Maintenance => rule.maintenance.first(),
        Cause::Failure => None,
    };
    listed.copied().unwrap_or(rule.otherwise)
}

/// Messages of every hour of the range, by the start of the hour.
pub(super) fn by_hour<'a>(input: &OutletInput<'a>) -> BTreeMap<Instant, HourMessages<'a>> {
    let mut hours: BTreeMap<Instant, HourMessages<'a>> = BTreeMap::new();
    let floor = |at: Instant| Instant(at.0 - at.0.rem_euclid(domain::period::HOUR_MS));
    for cadence in [Cadence::Minute, Cadence::RealTime, Cadence::Hour] {
        for message in input.messages_of(cadence) {
            let hour = hours.entry(floor(message.time)).or_default();
            match cadence {
                Cadence::Minute => hour.minutes.push(message),
                Cadence::RealTime => hour.realtime.push(message),
                _ => hour.hours.push(message),
            }
        }
    }
    hours
}
