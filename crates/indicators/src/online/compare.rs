//! The instrument's own `-Avg`, `-ZsAvg` and `-Cou` beside ours.

use super::chain::Grid;
use super::day::{CodeDay, kept};
use super::hour::CodeHour;
use super::site::{Site, SiteCode};
use super::slots::{Slot, newest};
use super::statement::Source;
use super::words::{number, time};
use domain::period::HOUR_MS;
use domain::{DataFlag, Fixed, FrameId, Instant, OnlineMessage, Ratio};
use observe::online::{difference, gas, water};
use serde::{Deserialize, Serialize};
use standards::online::Role;

/// Two numbers of the same thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The instrument's.
    #[serde(with = "number")]
    pub theirs: Option<Fixed>,
    /// Ours.
    #[serde(with = "number")]
    pub ours: Option<Fixed>,
    /// theirs − ours.
    #[serde(with = "number")]
    pub difference: Option<Fixed>,
    /// (theirs − ours) / |ours| [%].
    #[serde(with = "number")]
    pub relative_percent: Option<Fixed>,
}

/// The instrument's own hour or day beside ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// `-Avg`, in the unit of the statement and the state in which it is sent.
    pub average: Pair,
    /// `-ZsAvg`.
    pub converted: Pair,
    /// `-Cou` [kg, or m³ of a flow].
    pub amount: Pair,
    /// Its flag.
    pub flag: Option<DataFlag>,
    /// Which of both is used: `ours` or `theirs`.
    pub used: Used,
    /// Its frame.
    pub frame: FrameId,
}

/// Which number is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Used {
    /// Ours.
    Ours,
    /// The instrument's.
    Theirs,
}

/// The instrument's own converted values and amounts of minutes beside ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinuteCheck {
    /// `-Avg` beside the mean of real-time values, where both are known.
    pub average: Option<Largest>,
    /// `-ZsAvg`.
    pub converted: Option<Largest>,
    /// `-Cou`.
    pub amount: Option<Largest>,
}

/// The largest difference of some.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Largest {
    /// How many were compared.
    pub compared: u32,
    /// Start of the minute with the largest difference.
    #[serde(with = "time")]
    pub at: Instant,
    /// Its numbers.
    pub pair: Pair,
}

fn pair(theirs: Option<Ratio>, ours: Option<Ratio>) -> Pair {
    let apart = theirs.zip(ours).map(|(theirs, ours)| difference(theirs, ours));
    Pair {
        theirs: kept(theirs),
        ours: kept(ours),
        difference: kept(apart.map(|apart| apart.absolute)),
        relative_percent: kept(apart.and_then(|apart| apart.relative_percent)),
    }
}

/// The instrument's own hour beside ours.
pub(super) fn hour(site: &Site, own: &SiteCode, messages: &[&OnlineMessage], ours: &CodeHour) -> Option<Compared> {
    let (message, item) = newest(messages, &own.code)?;
    let scaled = |sent| own.scale.apply(sent, site.state.as_ref());
    let taken = ours.source == Source::InstrumentHour;
    let amount = if own.channel.role == Role::Flow { ours.amount_m3 } else { ours.measured_mass };
    Some(Compared {
        average: pair(item.avg.and_then(scaled), ours.sent_mean.filter(|_| !taken)),
        converted: pair(item.zs_avg.and_then(scaled), ours.converted),
        amount: pair(item.cou.map(Ratio::from), amount),
        flag: item.flag,
        used: if taken { Used::Theirs } else { Used::Ours },
        frame: message.frame,
    })
}

/// The instrument's own day beside ours.
pub(super) fn day(site: &Site, own: &SiteCode, messages: &[&OnlineMessage], ours: &CodeDay) -> Option<Compared> {
    let (message, item) = newest(messages, &own.code)?;
    let scaled = |sent| own.scale.apply(sent, site.state.as_ref());
    let amount = if own.channel.role == Role::Flow { ours.amount_m3 } else { ours.measured_mass };
    Some(Compared {
        average: pair(item.avg.and_then(scaled), ours.value),
        converted: pair(item.zs_avg.and_then(scaled), ours.converted),
        amount: pair(item.cou.map(Ratio::from), amount),
        flag: item.flag,
        used: Used::Ours,
        frame: message.frame,
    })
}

/// The instrument's own minutes of an hour beside ours.
pub(super) fn minutes(site: &Site, own: &SiteCode, start: Instant, grid: &Grid) -> Option<MinuteCheck> {
    let series = grid.get(&own.code)?;
    let valid = || series.slots.iter().filter(|slot| slot.valid);
    let scaled = |sent| own.scale.apply(sent, site.state.as_ref());
    let at = |slot: &Slot| Instant(start.0 + i64::from(slot.offset) * 60_000);
    let average = valid().filter_map(|slot| Some((at(slot), slot.sent?, slot.realtime?)));
    let converted = valid().filter_map(|slot| {
        let theirs = slot.zs.and_then(scaled)?;
        Some((at(slot), theirs, converted(site, own, slot, grid)?))
    });
    let amount = valid().filter_map(|slot| Some((at(slot), slot.cou?.into(), amount(site, own, slot, grid)?)));
    let check = MinuteCheck { average: largest(average), converted: largest(converted), amount: largest(amount) };
    let any = check.average.is_some() || check.converted.is_some() || check.amount.is_some();
    any.then_some(check)
}

fn converted(site: &Site, own: &SiteCode, slot: &Slot, grid: &Grid) -> Option<Ratio> {
    let (state, value) = (site.state.as_ref().filter(|_| own.channel.convert)?, slot.value?);
    let oxygen = site.of_role(Role::Oxygen).and_then(|oxygen| grid.get(&oxygen.code)?.at(slot.offset));
    match gas::converted(value, oxygen, site.reference, state) {
        gas::Converted::Value(value) => Some(value),
        _ => None,
    }
}

/// Amount of one minute value: kg of a pollutant, m³ of a flow.
fn amount(site: &Site, own: &SiteCode, slot: &Slot, grid: &Grid) -> Option<Ratio> {
    let seconds = i64::from(slot.minutes) * 60;
    let of_flow = |flow: Ratio| match site.state {
        Some(_) => observe::online::exact::scaled(flow, seconds, HOUR_MS / 1000),
        None => water::volume_m3(flow, seconds),
    };
    if own.channel.role == Role::Flow {
        return of_flow(slot.value?);
    }
    let flow = site.of_role(Role::Flow).filter(|_| own.channel.mass)?;
    let volume = of_flow(grid.get(&flow.code)?.at(slot.offset)?)?;
    match site.state {
        Some(_) => gas::mass_kg(slot.value?, volume),
        None => water::mass_kg(slot.value?, volume),
    }
}

fn largest(compared: impl Iterator<Item = (Instant, Ratio, Ratio)>) -> Option<Largest> {
    let mut count = 0;
    let mut worst: Option<(Ratio, Instant, Ratio, Ratio)> = None;
    for (at, theirs, ours) in compared {
        count += 1;
        let apart = difference(theirs, ours).absolute;
        let size = if apart < Ratio::new(0, 1) { Ratio::new(0, 1).minus(apart) } else { apart };
        if worst.as_ref().is_none_or(|(known, ..)| size > *known) {
            worst = Some((size, at, theirs, ours));
        }
    }
    worst.map(|(_, at, theirs, ours)| Largest { compared: count, at, pair: pair(Some(theirs), Some(ours)) })
}
