//! The minutes of an hour → what is judged of it, exact; one hour of an outlet at a time.

use super::chain::{Grid, complete};
use super::input::{OutletInput, ReviewSpan};
use super::site::{Site, SiteCode, derivation};
use super::slots::{HourMessages, Marked, Series, effects, flag_of, newest, series};
use super::statement::Source;
use super::words::{Note, Notes};
use domain::period::HOUR_MS;
use domain::{DataFlag, FrameId, Instant, Ratio};
use observe::online::gas::{self, Converted};
use observe::online::{Extent, FlagCounts, Mean, arithmetic, derive_flag, energy, median, water};
use standards::online::{ConvertAt, MeanRule, OxygenGuard, Role};
use std::collections::BTreeMap;

/// Minutes of an hour.
const MINUTES: u32 = 60;

/// What is judged of one code in one hour.
#[derive(Clone, Debug)]
pub(super) struct CodeHour {
    pub value: Option<Ratio>,
    pub alternative: Option<Ratio>,
    pub extent: Option<Extent>,
    pub converted: Option<Ratio>,
    pub converted_alternative: Option<Ratio>,
    /// Amount of whatever was valid, for the comparison with the instrument's [kg].
    pub measured_mass: Option<Ratio>,
    /// Amount of a valid hour [kg].
    pub mass: Option<Ratio>,
    pub amount_m3: Option<Ratio>,
    /// Amount and volume of the same minutes [kg, m³], for the day's mean weighted by flow.
    pub weighted: Option<(Ratio, Ratio)>,
    pub sent_mean: Option<Ratio>,
    pub valid_minutes: u32,
    pub converted_minutes: u32,
    pub received_minutes: u32,
    pub stopped_minutes: u32,
    pub due_minutes: u32,
    pub flag: DataFlag,
    pub valid: bool,
    pub converted_valid: bool,
    pub stopped: bool,
    pub exempt: bool,
    pub source: Source,
    pub notes: Notes,
    pub frames: Option<(FrameId, FrameId)>,
}

/// One hour of an outlet.
#[derive(Clone, Debug)]
pub(super) struct OutletHour {
    pub codes: BTreeMap<String, CodeHour>,
    pub grid: Grid,
}

struct Context<'a, 'b> {
    input: &'b OutletInput<'a>,
    site: &'b Site,
    start: Instant,
    messages: &'b HourMessages<'a>,
    marked: Marked<'b>,
}

/// Judges one hour of every code.
pub(super) fn judge(
    input: &OutletInput<'_>,
    site: &Site,
    (start, messages): (Instant, &HourMessages<'_>),
    marked: Marked<'_>,
) -> OutletHour {
    let context = Context { input, site, start, messages, marked };
    let mut grid: Grid = (site.codes.iter())
        .map(|own| (own.code.clone(), series(input, site, own, (start, messages), marked)))
        .collect();
    complete(site, input.rules.flags.normal, &mut grid);
    let mut codes: BTreeMap<String, CodeHour> = BTreeMap::new();
    // Oxygen and flow first: the others are converted and counted by them.
    let first = |own: &&SiteCode| matches!(own.channel.role, Role::Oxygen | Role::Flow);
    for own in site.codes.iter().filter(first).chain(site.codes.iter().filter(|own| !first(own))) {
        let hour = context.code(own, &grid, &codes);
        codes.insert(own.code.clone(), hour);
    }
    OutletHour { codes, grid }
}

impl Context<'_, '_> {
    fn code(&self, own: &SiteCode, grid: &Grid, done: &BTreeMap<String, CodeHour>) -> CodeHour {
        let nothing = Series::default();
        let series = grid.get(&own.code).unwrap_or(&nothing);
        let mut hour = self.counted(own, series);
        let values: Vec<Ratio> = series.slots.iter().filter(|slot| slot.valid).filter_map(|slot| slot.value).collect();
        let mut mean = Mean::default();
        values.iter().for_each(|value| mean.add(*value));
        hour.extent = mean.extent();
        let sent: Vec<Ratio> = series.slots.iter().filter(|slot| slot.valid).filter_map(|slot| slot.sent).collect();
        hour.sent_mean = arithmetic(&sent);
        (hour.value, hour.alternative) = averaged(own.channel.mean, &values);
        if series.slots.is_empty() {
            self.take_instrument(own, &mut hour);
        }
        let flow = self.site.of_role(Role::Flow).filter(|flow| flow.code != own.code);
        let flow = flow.and_then(|flow| Some((done.get(&flow.code)?, grid.get(&flow.code)?)));
        match own.channel.role {
            Role::Flow => self.volume(series, &mut hour),
            _ if self.site.state.is_none() => self.in_water(own, series, flow, &mut hour),
            _ => {}
        }
        self.decide(own, &mut hour);
        if self.site.state.is_some() {
            self.in_gas(own, flow.map(|(flow, _)| flow), &mut hour);
            if own.channel.convert {
                self.convert(series, (grid, done), &mut hour);
            }
        }
        hour
    }

    /// Counts and the flag; values come later.
    fn counted(&self, own: &SiteCode, series: &Series) -> CodeHour {
        let rule = &self.input.rules.flags;
        let day = self.start.civil().0;
        let elapsed = ((self.input.until.0 - self.start.0).clamp(0, HOUR_MS) / 60_000) as u32;
        let elapsed = if self.input.due_on(&own.code, day) { elapsed } else { 0 };
        let mut counts = FlagCounts::default();
        let mut hour = blank(rule.otherwise);
        let mut covered = [false; MINUTES as usize];
        for slot in &series.slots {
            let odd = if slot.flag == rule.normal { rule.otherwise } else { slot.flag };
            counts.add(if slot.valid { rule.normal } else { odd }, slot.minutes);
            hour.valid_minutes += if slot.valid { slot.minutes } else { 0 };
            match slot.flag == rule.stopped {
                true => hour.stopped_minutes += slot.minutes,
                false => hour.received_minutes += slot.minutes,
            }
            hour.exempt |= slot.exempt;
            let range = slot.offset as usize..((slot.offset + slot.minutes) as usize).min(covered.len());
            covered[range].fill(true);
            hour.frames = Some(match hour.frames {
                None => (slot.frame, slot.frame),
                Some((first, last)) => (first.min(slot.frame), last.max(slot.frame)),
            });
        }
        if matches!(self.marked, Marked::With(marks) if !marks.is_empty()) {
            self.silent(own, &covered[..elapsed as usize], (&mut counts, &mut hour));
        }
        hour.source = match (series.slots.is_empty(), series.from_realtime) {
            (true, _) => Source::Nothing,
            (_, true) => Source::RealTime,
            _ => Source::Minutes,
        };
        hour.notes = series.notes.clone();
        if elapsed < MINUTES && elapsed > 0 {
            hour.notes.add(Note::InProgress, MINUTES - elapsed);
        }
        hour.due_minutes = elapsed.saturating_sub(hour.stopped_minutes);
        hour.received_minutes = hour.received_minutes.min(hour.due_minutes);
        hour.flag = derive_flag(&counts, elapsed, &derivation(self.input));
        hour
    }

    /// Marks also say why minutes are missing.
    fn silent(&self, own: &SiteCode, covered: &[bool], (counts, hour): (&mut FlagCounts, &mut CodeHour)) {
        let rule = &self.input.rules.flags;
        for (offset, _) in covered.iter().enumerate().filter(|(_, covered)| !**covered) {
            let at = Instant(self.start.0 + offset as i64 * 60_000);
            let effects = effects(self.input, self.marked, ("", &own.code), at);
            if effects.stopped {
                counts.add(rule.stopped, 1);
                hour.stopped_minutes += 1;
            } else if let Some(cause) = effects.invalid {
                counts.add(flag_of(self.input, cause), 1);
            }
            hour.exempt |= effects.exempt;
        }
    }

    /// Without any minute, the instrument's own hour is taken.
    fn take_instrument(&self, own: &SiteCode, hour: &mut CodeHour) {
        let rule = &self.input.rules.flags;
        let Some((message, item)) = newest(&self.messages.hours, &own.code) else { return };
        let Some(value) = item.avg.and_then(|sent| own.scale.apply(sent, self.site.state.as_ref())) else { return };
        let effects = effects(self.input, self.marked, (&message.mn, &own.code), self.start);
        let flag = match effects.invalid {
            _ if effects.stopped => rule.stopped,
            Some(cause) => flag_of(self.input, cause),
            None => item.flag.unwrap_or(rule.normal),
        };
        let due = hour.due_minutes;
        hour.source = Source::InstrumentHour;
        hour.flag = flag;
        hour.value = Some(value);
        hour.sent_mean = Some(value);
        hour.extent = Some(Extent { min: value, max: value });
        hour.frames = Some((message.frame, message.frame));
        hour.exempt |= effects.exempt;
        hour.received_minutes = due;
        if flag == rule.normal {
            hour.valid_minutes = due;
        } else if flag == rule.stopped {
            (hour.stopped_minutes, hour.due_minutes, hour.received_minutes) = (due, 0, 0);
        }
        hour.notes.add(Note::FromInstrumentHour, MINUTES);
    }

    /// Validity, once everything but amounts is known.
    fn decide(&self, own: &SiteCode, hour: &mut CodeHour) {
        let rules = self.input.rules;
        hour.valid = hour.value.is_some() && rules.validity.hour.met(hour.valid_minutes, MINUTES);
        let mns = self.site.minute_interval.keys().map(String::as_str);
        let said = mns.filter_map(|mn| self.input.review(mn, &own.code, ReviewSpan::Hour, self.start)).min();
        match said {
            Some(true) => {
                hour.valid = hour.value.is_some();
                hour.flag = if hour.valid { rules.flags.normal } else { hour.flag };
                hour.notes.add(Note::ReviewedValid, MINUTES);
            }
            Some(false) => {
                hour.valid = false;
                hour.flag = rules.flags.otherwise;
                hour.notes.add(Note::ReviewedInvalid, MINUTES);
            }
            None => {}
        }
        hour.stopped |= !hour.valid && hour.flag == rules.flags.stopped;
        if !hour.valid || hour.stopped {
            hour.mass = None;
        }
    }

    /// Volume of a flow: of waste water the sum of its minutes, of waste gas the hour's mean.
    fn volume(&self, series: &Series, hour: &mut CodeHour) {
        if self.site.state.is_some() {
            hour.amount_m3 = hour.value;
            return;
        }
        let mut total = Mean::default();
        for slot in series.slots.iter().filter(|slot| slot.valid) {
            let seconds = i64::from(slot.minutes) * 60;
            let volume = slot.value.and_then(|flow| water::volume_m3(flow, seconds));
            volume.into_iter().for_each(|volume| total.add(volume));
        }
        hour.amount_m3 = (total.count() > 0).then(|| total.total());
        if hour.source == Source::InstrumentHour {
            hour.amount_m3 = hour.value.and_then(|flow| water::volume_m3(flow, i64::from(MINUTES) * 60));
        }
    }

    /// Mean weighted by flow and amount of waste water.
    fn in_water(&self, own: &SiteCode, series: &Series, flow: Option<(&CodeHour, &Series)>, hour: &mut CodeHour) {
        let weighs = own.channel.mean == MeanRule::FlowWeighted;
        if !(weighs || own.channel.mass) {
            return;
        }
        let Some((flow_hour, flow_series)) = flow else {
            hour.notes.add(Note::NoFlow, hour.valid_minutes);
            return;
        };
        let mut sum = water::Weighted::default();
        let mut minutes = 0;
        for slot in series.slots.iter().filter(|slot| slot.valid) {
            let volume = flow_series.at(slot.offset).and_then(|q| water::volume_m3(q, i64::from(slot.minutes) * 60));
            let pair = slot.value.zip(volume).and_then(|(conc, volume)| Some((water::mass_kg(conc, volume)?, volume)));
            match pair {
                Some((mass, volume)) => {
                    sum.add(mass, volume);
                    minutes += slot.minutes;
                }
                None => hour.notes.add(Note::NoFlow, slot.minutes),
            }
        }
        if hour.source == Source::InstrumentHour
            && let Some((conc, volume)) = hour.value.zip(flow_hour.amount_m3)
            && let Some(mass) = water::mass_kg(conc, volume)
        {
            sum.add(mass, volume);
            minutes = flow_hour.valid_minutes;
        }
        let enough = self.input.rules.validity.hour.met(minutes, MINUTES);
        if sum.count() > 0 {
            hour.measured_mass = Some(sum.mass_kg());
            hour.mass = hour.measured_mass.filter(|_| enough && own.channel.mass);
            hour.weighted = Some((sum.mass_kg(), sum.volume_m3()));
        }
        // Where no flow is known at all the arithmetic mean stays, so that it can still be judged.
        if weighs && sum.count() > 0 {
            hour.alternative = hour.value;
            hour.value = sum.mean_mg_l();
        }
        let dry = flow_hour.valid && flow_hour.value == Some(Ratio::new(0, 1));
        if dry {
            hour.notes.add(Note::ZeroFlow, MINUTES);
            if self.input.rules.validity.zero_flow_stops {
                (hour.stopped, hour.due_minutes, hour.received_minutes) = (true, 0, 0);
            }
        }
    }

    /// Amount of flue gas: measured concentration and flow of the hour.
    fn in_gas(&self, own: &SiteCode, flow: Option<&CodeHour>, hour: &mut CodeHour) {
        if !own.channel.mass {
            return;
        }
        let flow_value = flow.and_then(|flow| flow.value);
        hour.measured_mass = hour.value.zip(flow_value).and_then(|(conc, flow)| gas::mass_kg(conc, flow));
        let both = hour.valid && flow.is_some_and(|flow| flow.valid);
        hour.mass = hour.measured_mass.filter(|_| both);
        if !flow.is_some_and(|flow| flow.valid) {
            hour.notes.add(Note::NoFlow, MINUTES);
        }
    }

    /// Conversion to reference oxygen: each minute, and the hour's mean by the hour's oxygen.
    fn convert(&self, series: &Series, (grid, done): (&Grid, &BTreeMap<String, CodeHour>), hour: &mut CodeHour) {
        let Some(state) = self.site.state.as_ref() else { return };
        let oxygen = self.site.of_role(Role::Oxygen);
        let by_minute = oxygen.and_then(|own| grid.get(&own.code));
        let mut mean = Mean::default();
        let mut minutes = 0;
        for slot in series.slots.iter().filter(|slot| slot.valid) {
            let Some(value) = slot.value else { continue };
            let at = by_minute.and_then(|series| series.at(slot.offset));
            if let Some(converted) =
                self.guarded(gas::converted(value, at, self.site.reference, state), value, (slot.minutes, hour))
            {
                mean.add(converted);
                minutes += slot.minutes;
            }
        }
        let of_hour = oxygen.and_then(|own| done.get(&own.code)).and_then(|oxygen| oxygen.value);
        let whole = hour.value.and_then(|value| {
            let mut unsaid = hour.clone();
            self.guarded(gas::converted(value, of_hour, self.site.reference, state), value, (1, &mut unsaid))
        });
        let at_minutes = self.site.convert_at == ConvertAt::Minute && hour.source != Source::InstrumentHour;
        (hour.converted, hour.converted_alternative) =
            if at_minutes { (mean.value(), whole) } else { (whole, mean.value()) };
        let counted = if at_minutes { minutes } else { hour.valid_minutes };
        hour.converted_minutes = if hour.converted.is_some() { counted } else { 0 };
        let enough = self.input.rules.validity.hour.met(hour.converted_minutes, MINUTES);
        hour.converted_valid = hour.valid && hour.converted.is_some() && enough;
        if self.site.reference == gas::Reference::Neither {
            hour.notes.add(Note::NoReference, MINUTES);
        }
    }

    fn guarded(&self, converted: Converted, measured: Ratio, (minutes, hour): (u32, &mut CodeHour)) -> Option<Ratio> {
        match (converted, self.site.guard) {
            (Converted::Value(value), _) => Some(value),
            (Converted::OxygenTooHigh, OxygenGuard::Measured) => {
                hour.notes.add(Note::MeasuredAsConverted, minutes);
                Some(measured)
            }
            (Converted::OxygenTooHigh, OxygenGuard::NoValue) => {
                hour.notes.add(Note::OxygenTooHigh, minutes);
                None
            }
            (Converted::Unknown, _) => {
                hour.notes.add(Note::NoOxygen, minutes);
                None
            }
        }
    }
}

/// The mean by its rule, and the arithmetic one where that is another.
pub(super) fn averaged(rule: MeanRule, values: &[Ratio]) -> (Option<Ratio>, Option<Ratio>) {
    let plain = arithmetic(values);
    match rule {
        // What is weighted by flow is so only where the flow is known.
        MeanRule::Arithmetic | MeanRule::FlowWeighted => (plain, None),
        MeanRule::Median => (median(values), plain),
        MeanRule::Energy => (energy(values).map(Ratio::from), plain),
    }
}

fn blank(flag: DataFlag) -> CodeHour {
    CodeHour {
        value: None,
        alternative: None,
        extent: None,
        converted: None,
        converted_alternative: None,
        measured_mass: None,
        mass: None,
        amount_m3: None,
        weighted: None,
        sent_mean: None,
        valid_minutes: 0,
        converted_minutes: 0,
        received_minutes: 0,
        stopped_minutes: 0,
        due_minutes: 0,
        flag,
        valid: false,
        converted_valid: false,
        stopped: false,
        exempt: false,
        source: Source::Nothing,
        notes: Notes::default(),
        frames: None,
    }
}
