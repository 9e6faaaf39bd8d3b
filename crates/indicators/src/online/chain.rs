//! Slots as sent → slots at the state of judgement: dry gas at the standard state, sums of parts, flow made of
//! velocity.

use super::site::{Site, SiteCode};
use super::slots::{Series, Slot};
use super::words::{Note, Notes};
use domain::{DataFlag, Ratio};
use observe::online::gas::{ActualState, dry, stack_flow, standard_dry_flow, standard_state, sum_of};
use standards::online::Role;
use std::collections::BTreeMap;

/// Series of every code in one hour.
pub(super) type Grid = BTreeMap<String, Series>;

/// What the state of the gas is made of.
struct Surroundings {
    temperature: Option<Series>,
    pressure: Option<Series>,
    atmosphere: Option<Series>,
    moisture: Option<Series>,
}

impl Surroundings {
    fn new(site: &Site, grid: &Grid) -> Surroundings {
        let of = |role: Role| site.of_role(role).and_then(|own| grid.get(&own.code)).cloned();
        Surroundings {
            temperature: of(Role::Temperature),
            pressure: of(Role::Pressure),
            atmosphere: of(Role::Atmosphere),
            moisture: of(Role::Moisture),
        }
    }

    /// The state of the gas at a minute; an atmosphere that nobody measures is assumed, and said.
    fn state(&self, site: &Site, offset: u32, notes: &mut Notes) -> Option<ActualState> {
        let celsius = self.temperature.as_ref()?.at(offset)?;
        let above = self.pressure.as_ref()?.at(offset)?;
        let outside = match self.atmosphere.as_ref().and_then(|series| series.at(offset)) {
            Some(pascal) => pascal,
            None => {
                notes.add(Note::AtmosphereAssumed, 1);
                site.assumed_atmosphere_pa
            }
        };
        Some(ActualState { celsius, pressure_pa: outside.plus(above) })
    }
}

/// Brings every series to the state of judgement and adds those that are made of others.
pub(super) fn complete(site: &Site, normal: DataFlag, grid: &mut Grid) {
    let around = Surroundings::new(site, grid);
    for own in site.codes.iter().filter(|own| own.channel.actual_state || own.channel.wet) {
        if let Some(series) = grid.get_mut(&own.code) {
            bring(site, own, &around, series);
        }
    }
    for own in &site.codes {
        let sent = grid.get(&own.code).is_some_and(|series| !series.slots.is_empty());
        if sent {
            continue;
        }
        if !own.channel.made_of.is_empty() {
            let made = sum(own, normal, grid);
            grid.insert(own.code.clone(), made);
        } else if own.channel.role == Role::Flow && site.state.is_some() {
            let made = flow(site, &around, grid);
            grid.insert(own.code.clone(), made);
        }
    }
}

fn bring(site: &Site, own: &SiteCode, around: &Surroundings, series: &mut Series) {
    let Some(state) = site.state.as_ref() else { return };
    let mut notes = Notes::default();
    for slot in &mut series.slots {
        let Some(mut value) = slot.value else { continue };
        let mut known = true;
        if own.channel.actual_state {
            let actual = around.state(site, slot.offset, &mut notes);
            match actual.and_then(|actual| standard_state(value, &actual, state)) {
                Some(brought) => value = brought,
                None => known = false,
            }
        }
        if own.channel.wet {
            let moisture = around.moisture.as_ref().and_then(|series| series.at(slot.offset));
            match moisture.and_then(|moisture| dry(value, moisture)) {
                Some(brought) => value = brought,
                None => known = false,
            }
        }
        slot.value = Some(value).filter(|_| known);
        if !known && slot.valid {
            slot.valid = false;
            notes.add(Note::NoState, slot.minutes);
        }
    }
    series.notes.add_all(&notes);
}

/// A code that is the sum of others: where any part is not normal, the sum has that part's flag.
fn sum(own: &SiteCode, normal: DataFlag, grid: &Grid) -> Series {
    let parts: Vec<(&Series, u32, u32)> = (own.channel.made_of.iter())
        .filter_map(|part| grid.get(&part.code).map(|series| (series, part.num, part.den)))
        .collect();
    let mut series = Series::default();
    if parts.len() < own.channel.made_of.len() {
        return series;
    }
    let Some((first, _, _)) = parts.first() else { return series };
    series.from_realtime = first.from_realtime;
    for slot in &first.slots {
        let same = |(of, num, den): &(&Series, u32, u32)| {
            let found = of.slots.iter().find(|other| other.offset == slot.offset)?;
            Some((found.clone(), *num, *den))
        };
        let Some(slots) = parts.iter().map(same).collect::<Option<Vec<_>>>() else { continue };
        let values = slots.iter().map(|(slot, num, den)| slot.value.map(|value| (value, *num, *den)));
        let value = values.collect::<Option<Vec<_>>>().and_then(|values| sum_of(&values));
        let valid = value.is_some() && slots.iter().all(|(slot, _, _)| slot.valid);
        let odd = slots.iter().map(|(slot, _, _)| slot.flag).find(|flag| *flag != normal);
        series.notes.add(Note::SumOfParts, slot.minutes);
        series.slots.push(made(slot, value, valid, odd.unwrap_or(slot.flag)));
        if let Some(last) = series.slots.last_mut() {
            last.frame = slots.iter().map(|(slot, _, _)| slot.frame).max().unwrap_or(last.frame);
            last.exempt = slots.iter().any(|(slot, _, _)| slot.exempt);
        }
    }
    series
}

/// Dry flow at the standard state [m³/h] from velocity, cross-section, temperature, pressure and moisture.
fn flow(site: &Site, around: &Surroundings, grid: &Grid) -> Series {
    let mut series = Series::default();
    let velocity = site.of_role(Role::Velocity).and_then(|own| grid.get(&own.code));
    let (Some(velocity), Some(section), Some(state)) = (velocity, site.section_m2, site.state.as_ref()) else {
        return series;
    };
    series.from_realtime = velocity.from_realtime;
    for slot in &velocity.slots {
        let mut notes = Notes::default();
        let actual = around.state(site, slot.offset, &mut notes);
        let moisture = around.moisture.as_ref().and_then(|series| series.at(slot.offset));
        let value = slot.value.and_then(|speed| {
            standard_dry_flow(stack_flow(section, site.velocity_factor, speed)?, &actual?, moisture?, state)
        });
        notes.add(if value.is_some() { Note::FlowFromVelocity } else { Note::NoState }, slot.minutes);
        series.notes.add_all(&notes);
        series.slots.push(made(slot, value, slot.valid && value.is_some(), slot.flag));
    }
    series
}

fn made(of: &Slot, value: Option<Ratio>, valid: bool, flag: DataFlag) -> Slot {
    Slot { sent: value, value, valid, flag, zs: None, cou: None, realtime: None, ..of.clone() }
}
