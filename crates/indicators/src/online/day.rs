//! Hours → day, days → month; exact until the statement is written.

use super::hour::{CodeHour, averaged};
use super::input::OutletInput;
use super::site::{SiteCode, derivation};
use super::statement::{DayValues, HourValues, MonthValues, Rates, Source, Substituted};
use super::words::{Note, Notes};
use domain::{DataFlag, Day, Fixed, FrameId, Instant, Month, Ratio};
use observe::online::{Extent, FlagCounts, Mean, RateCounts, derive_flag, water};
use standards::online::{MeanRule, Need};

/// Digits kept of what is not stored exactly.
const PLACES: u32 = 6;
/// Digits kept of a rate.
const RATE_PLACES: u32 = 2;
const MINUTES: u32 = 60;

/// What is judged of one code in one day.
#[derive(Clone, Debug)]
pub(super) struct CodeDay {
    pub value: Option<Ratio>,
    pub alternative: Option<Ratio>,
    pub extent: Option<Extent>,
    pub converted: Option<Ratio>,
    pub mass: Option<Ratio>,
    pub measured_mass: Option<Ratio>,
    pub substituted: Option<Ratio>,
    pub amount_m3: Option<Ratio>,
    pub valid_hours: u32,
    pub converted_hours: u32,
    pub mass_hours: u32,
    pub substituted_hours: u32,
    pub missing_mass_hours: u32,
    pub stopped_hours: u32,
    pub exempt_hours: u32,
    pub flag: DataFlag,
    pub valid: bool,
    pub converted_valid: bool,
    pub hours: RateCounts,
    pub minutes: RateCounts,
    pub notes: Notes,
    pub frames: Option<(FrameId, FrameId)>,
}

/// One hour of a day with what stands in for its amount.
pub(super) type DayHour<'a> = (Instant, &'a CodeHour, Option<&'a Substituted>);

/// Judges one day of one code.
pub(super) fn judge(input: &OutletInput<'_>, own: &SiteCode, hours: &[DayHour<'_>]) -> CodeDay {
    let rules = input.rules;
    let mut sums = Sums::default();
    let mut counts = FlagCounts::default();
    let mut day = blank(rules.flags.otherwise);
    for (start, hour, substituted) in hours {
        let over = start.0 + domain::period::HOUR_MS <= input.until.0 && input.due_on(&own.code, start.civil().0);
        count(&mut day, hour, over);
        if over {
            counts.add(hour.flag, 1);
        }
        sums.add(hour);
        amounts(&mut day, (own, over), hour, *substituted);
        day.notes.add_hour(&hour.notes);
        day.frames = match (day.frames, hour.frames) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, other) => one.or(other),
        };
    }
    (day.value, day.alternative) = sums.mean(own.channel.mean);
    day.extent = sums.extent;
    day.converted = sums.converted.value();
    (day.mass, day.amount_m3) = (some(&sums.mass), some(&sums.volume));
    day.measured_mass = some(&sums.measured);
    let due = day.hours.due;
    day.flag = derive_flag(&counts, day.hours.due + day.stopped_hours, &derivation(input));
    day.valid = day.value.is_some() && rules.validity.day.met(day.valid_hours, due);
    day.converted_valid = day.valid && rules.validity.day.met(day.converted_hours, due);
    day
}

/// Sums over the valid hours of a day.
#[derive(Default)]
struct Sums {
    values: Vec<Ratio>,
    extent: Option<Extent>,
    converted: Mean,
    weighted: water::Weighted,
    mass: Mean,
    measured: Mean,
    volume: Mean,
}

impl Sums {
    fn add(&mut self, hour: &CodeHour) {
        hour.mass.into_iter().for_each(|mass| self.mass.add(mass));
        hour.measured_mass.into_iter().for_each(|mass| self.measured.add(mass));
        hour.amount_m3.filter(|_| hour.valid).into_iter().for_each(|volume| self.volume.add(volume));
        if !hour.valid {
            return;
        }
        if let Some(value) = hour.value {
            self.values.push(value);
            let one = Extent { min: value, max: value };
            self.extent = Some(self.extent.map_or(one, |extent| extent.and(one)));
        }
        if let Some(converted) = hour.converted.filter(|_| hour.converted_valid) {
            self.converted.add(converted);
        }
        if let Some((mass, volume)) = hour.weighted {
            self.weighted.add(mass, volume);
        }
    }

    fn mean(&self, rule: MeanRule) -> (Option<Ratio>, Option<Ratio>) {
        let (value, alternative) = averaged(rule, &self.values);
        match rule {
            MeanRule::FlowWeighted if self.weighted.count() > 0 => (self.weighted.mean_mg_l(), value),
            _ => (value, alternative),
        }
    }
}

fn some(sum: &Mean) -> Option<Ratio> {
    (sum.count() > 0).then(|| sum.total())
}

fn count(day: &mut CodeDay, hour: &CodeHour, over: bool) {
    let came = hour.received_minutes > 0 || hour.source == Source::InstrumentHour;
    day.minutes.add(RateCounts {
        due: hour.due_minutes,
        received: hour.received_minutes,
        valid: hour.valid_minutes.min(hour.due_minutes),
    });
    if over && !hour.stopped {
        day.hours.add(RateCounts { due: 1, received: u32::from(came), valid: u32::from(hour.valid) });
    }
    day.stopped_hours += u32::from(over && hour.stopped);
    day.valid_hours += u32::from(hour.valid && !hour.stopped);
    day.converted_hours += u32::from(hour.converted_valid);
    day.exempt_hours += u32::from(hour.exempt);
}

fn amounts(day: &mut CodeDay, (own, over): (&SiteCode, bool), hour: &CodeHour, substituted: Option<&Substituted>) {
    if !own.channel.mass || hour.stopped {
        return;
    }
    let instead = substituted.and_then(|one| one.amount_kg);
    match (hour.mass, instead) {
        (Some(_), _) => day.mass_hours += 1,
        (None, Some(amount)) => {
            day.substituted_hours += 1;
            day.substituted = Some(day.substituted.unwrap_or(Ratio::new(0, 1)).plus(amount.into()));
        }
        (None, None) => day.missing_mass_hours += u32::from(over),
    }
}

fn blank(flag: DataFlag) -> CodeDay {
    CodeDay {
        value: None,
        alternative: None,
        extent: None,
        converted: None,
        mass: None,
        measured_mass: None,
        substituted: None,
        amount_m3: None,
        valid_hours: 0,
        converted_hours: 0,
        mass_hours: 0,
        substituted_hours: 0,
        missing_mass_hours: 0,
        stopped_hours: 0,
        exempt_hours: 0,
        flag,
        valid: false,
        converted_valid: false,
        hours: RateCounts::default(),
        minutes: RateCounts::default(),
        notes: Notes::default(),
        frames: None,
    }
}

/// Judges one month from its days, in order; days that are not given are not known.
pub(super) fn month(input: &OutletInput<'_>, month: Month, days: &[(Day, &CodeDay)]) -> MonthValues {
    let validity = &input.rules.validity;
    let mut values = (Mean::default(), Mean::default());
    let mut sums = (Mean::default(), Mean::default(), Mean::default());
    let (mut hours, mut minutes, mut of_days) = (RateCounts::default(), RateCounts::default(), RateCounts::default());
    let mut notes = Notes::default();
    let (mut converted_days, mut missing) = (0, 0);
    for (_, day) in days {
        day.value.filter(|_| day.valid).into_iter().for_each(|value| values.0.add(value));
        if let Some(converted) = day.converted.filter(|_| day.converted_valid) {
            values.1.add(converted);
            converted_days += 1;
        }
        day.mass.into_iter().for_each(|mass| sums.0.add(mass));
        day.substituted.into_iter().for_each(|mass| sums.1.add(mass));
        day.amount_m3.into_iter().for_each(|volume| sums.2.add(volume));
        hours.add(day.hours);
        minutes.add(day.minutes);
        if day.hours.due > 0 {
            of_days.add(RateCounts {
                due: 1,
                received: u32::from(day.hours.received > 0),
                valid: u32::from(day.valid),
            });
        }
        missing += day.missing_mass_hours;
        notes.add_all(&day.notes);
    }
    if (days.len() as u32) < month.days() {
        notes.add(Note::PartOfMonth, days.len() as u32 * 24);
    }
    let need: Need = if month.month_of_year() == 2 { validity.february } else { validity.month };
    let valid_days = values.0.count();
    MonthValues {
        value: kept(values.0.value()),
        converted: kept(values.1.value()),
        mass_kg: kept(some(&sums.0)),
        substituted_kg: kept(some(&sums.1)),
        amount_m3: kept(some(&sums.2)),
        valid_days,
        converted_days,
        due_days: of_days.due,
        missing_mass_hours: missing,
        valid: need.met(valid_days, month.days().min(of_days.due.max(valid_days))),
        rates: rates(&of_days),
        hour_rates: rates(&hours),
        minute_rates: rates(&minutes),
        notes: notes.list(),
    }
}

/// As it is written: rounded once.
pub(super) fn kept(value: Option<Ratio>) -> Option<Fixed> {
    value.map(|value| value.round(PLACES))
}

pub(super) fn rates(counts: &RateCounts) -> Rates {
    let percent = |value: Option<Ratio>| value.map(|value| value.round(RATE_PLACES));
    Rates {
        due: counts.due,
        received: counts.received,
        valid: counts.valid,
        transmission_percent: percent(counts.transmission_percent()),
        validity_percent: percent(counts.validity_percent()),
        effective_percent: percent(counts.effective_percent()),
    }
}

impl CodeHour {
    pub fn values(&self) -> HourValues {
        HourValues {
            value: kept(self.value),
            alternative: kept(self.alternative),
            min: kept(self.extent.map(|extent| extent.min)),
            max: kept(self.extent.map(|extent| extent.max)),
            converted: kept(self.converted),
            converted_alternative: kept(self.converted_alternative),
            mass_kg: kept(self.mass),
            amount_m3: kept(self.amount_m3),
            valid_minutes: self.valid_minutes.min(MINUTES),
            converted_minutes: self.converted_minutes,
            received_minutes: self.received_minutes,
            stopped_minutes: self.stopped_minutes,
            due_minutes: self.due_minutes,
            flag: self.flag,
            valid: self.valid,
            converted_valid: self.converted_valid,
            stopped: self.stopped,
            exempt: self.exempt,
            source: self.source,
            notes: self.notes.list(),
        }
    }
}

impl CodeDay {
    pub fn values(&self) -> DayValues {
        DayValues {
            value: kept(self.value),
            alternative: kept(self.alternative),
            min: kept(self.extent.map(|extent| extent.min)),
            max: kept(self.extent.map(|extent| extent.max)),
            converted: kept(self.converted),
            mass_kg: kept(self.mass),
            substituted_kg: kept(self.substituted),
            amount_m3: kept(self.amount_m3),
            valid_hours: self.valid_hours,
            converted_hours: self.converted_hours,
            mass_hours: self.mass_hours,
            substituted_hours: self.substituted_hours,
            missing_mass_hours: self.missing_mass_hours,
            stopped_hours: self.stopped_hours,
            due_hours: self.hours.due,
            exempt_hours: self.exempt_hours,
            flag: self.flag,
            valid: self.valid,
            converted_valid: self.converted_valid,
            rates: rates(&self.hours),
            minute_rates: rates(&self.minutes),
            notes: self.notes.list(),
        }
    }
}
