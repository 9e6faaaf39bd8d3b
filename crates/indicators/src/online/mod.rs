//! Online monitoring: messages + register + rules + marks → judged hours, days and months of an outlet.
//!
//! [`statement`] is a pure function of what is known: the order of messages does not matter, and a frame that
//! comes late or twice gives what it would have given in time. Called by the live engine and the pages of
//! `server`, which load the input and keep the result.

mod caps;
mod chain;
mod compare;
mod day;
mod hour;
mod input;
mod site;
mod slots;
mod statement;
mod substitution;
mod words;
mod worked;

#[cfg(test)]
mod tests;

pub use caps::cap_use;
pub use compare::{Compared, Largest, MinuteCheck, Pair, Used};
pub use input::{Check, Mark, OutletInput, PastAmount, PastSpan, Review, ReviewSpan, standing};
pub use statement::{
    CapUse, Capture, CodeStatement, DayStatement, DayValues, HourStatement, HourValues, MonthStatement, MonthValues,
    OutletStatement, Rates, RuleUsed, Source, Substituted,
};
pub use words::{Note, Noted};
pub use worked::{WorkedCase, run_worked};

use chain::Grid;
use day::CodeDay;
use domain::period::HOUR_MS;
use domain::{Cadence, Confidence, Day, Instant, Month, OnlineMessage};
use hour::CodeHour;
use site::{Site, SiteCode};
use slots::{HourMessages, Marked};
use standards::online::{Cause, Effect, Quantity, Section};
use std::collections::BTreeMap;
use substitution::{Filled, Period};

/// Sections that judge an hour, a day and a month.
const SECTIONS: [Section; 3] = [Section::Validity, Section::Flags, Section::State];

/// One hour of the outlet, with and without marks.
struct Judged<'a> {
    start: Instant,
    with: BTreeMap<String, CodeHour>,
    without: Option<BTreeMap<String, CodeHour>>,
    checks: BTreeMap<String, MinuteCheck>,
    marks: Vec<&'a Mark>,
    own: Vec<&'a OnlineMessage>,
}

/// Which of both is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    With,
    Without,
}

impl Judged<'_> {
    fn code(&self, side: Side, code: &str) -> Option<&CodeHour> {
        match (&self.without, side) {
            (Some(without), Side::Without) => without.get(code),
            _ => self.with.get(code),
        }
    }
}

/// Everything that can be stated of an outlet for the days asked for.
pub fn statement(input: &OutletInput<'_>) -> OutletStatement {
    let site = Site::new(input);
    let marks = standing(input.marks, &input.outlet.code);
    let whole = (Instant::from_civil(input.from, 0), Instant::from_civil(Day(input.to.0 + 1), 0));
    let hours = judged(input, &site, &marks, whole);
    let mut of_day: BTreeMap<Day, Vec<&OnlineMessage>> = BTreeMap::new();
    for message in input.messages_of(Cadence::Day) {
        of_day.entry(message.time.civil().0).or_default().push(message);
    }
    let codes = site.codes.iter().map(|own| code_statement(input, &site, own, (&hours, &of_day))).collect();
    told(input, codes, &marks)
}

/// Hours that begin in a span, alone: for an hour that has just ended, without loading more than its messages.
///
/// There are no days and months, and nothing is substituted: what stands in for a missing amount depends on the
/// hours around it, and is said by [`statement`].
pub fn hours(input: &OutletInput<'_>, span: (Instant, Instant)) -> OutletStatement {
    let site = Site::new(input);
    let marks = standing(input.marks, &input.outlet.code);
    let hours = judged(input, &site, &marks, span);
    let nothing = OneSide { days: BTreeMap::new(), filled: Filled::default() };
    let one = |own: &SiteCode| {
        let paper = Paper { input, own, with: &nothing, without: None };
        CodeStatement {
            code: own.code.clone(),
            name: own.channel.name.clone(),
            unit: own.unit.clone(),
            hours: hours.iter().filter_map(|hour| paper.hour(&site, hour)).collect(),
            days: Vec::new(),
            months: Vec::new(),
            capture: Vec::new(),
        }
    };
    told(input, site.codes.iter().map(one).collect(), &marks)
}

fn told(input: &OutletInput<'_>, codes: Vec<CodeStatement>, marks: &[&Mark]) -> OutletStatement {
    let rules = input.rules.sources.iter().map(|source| RuleUsed {
        section: source.section.code().to_string(),
        standard: source.standard.clone(),
        number: source.number.clone(),
        clause: source.clause.clone(),
        confidence: source.confidence,
        in_force: source.in_force,
    });
    OutletStatement {
        outlet: input.outlet.code.clone(),
        from: input.from,
        to: input.to,
        until: input.until,
        rules: rules.collect(),
        codes,
        caps: cap_use(input.rules, marks, input.until),
        simulated: input.outlet.simulated,
    }
}

/// Every hour of a span that has begun.
fn judged<'a>(
    input: &OutletInput<'a>,
    site: &Site,
    marks: &[&'a Mark],
    (first, end): (Instant, Instant),
) -> Vec<Judged<'a>> {
    let messages = slots::by_hour(input);
    let silent = HourMessages::default();
    let mut hours = Vec::new();
    let mut start = first;
    while start < end && start < input.until {
        let own = messages.get(&start).unwrap_or(&silent);
        let ends = Instant(start.0 + HOUR_MS);
        let touching: Vec<&Mark> = marks.iter().copied().filter(|mark| mark.from < ends && start < mark.to).collect();
        let with = hour::judge(input, site, (start, own), Marked::With(&touching));
        let without = (!touching.is_empty()).then(|| hour::judge(input, site, (start, own), Marked::Without).codes);
        hours.push(Judged {
            start,
            checks: minute_checks(site, start, &with.grid),
            with: with.codes,
            without,
            marks: touching,
            own: own.hours.clone(),
        });
        start = ends;
    }
    hours
}

fn minute_checks(site: &Site, start: Instant, grid: &Grid) -> BTreeMap<String, MinuteCheck> {
    let one = |own: &SiteCode| Some((own.code.clone(), compare::minutes(site, own, start, grid)?));
    site.codes.iter().filter_map(one).collect()
}

type Hours<'a, 'b> = (&'b [Judged<'a>], &'b BTreeMap<Day, Vec<&'a OnlineMessage>>);

fn code_statement(
    input: &OutletInput<'_>,
    site: &Site,
    own: &SiteCode,
    (hours, of_day): Hours<'_, '_>,
) -> CodeStatement {
    let with = OneSide::new(input, own, hours, Side::With);
    let touched = hours.iter().any(|hour| hour.without.is_some());
    let without = touched.then(|| OneSide::new(input, own, hours, Side::Without));
    let paper = Paper { input, own, with: &with, without: without.as_ref() };
    CodeStatement {
        code: own.code.clone(),
        name: own.channel.name.clone(),
        unit: own.unit.clone(),
        hours: hours.iter().filter_map(|hour| paper.hour(site, hour)).collect(),
        days: with.days.keys().filter_map(|day| paper.day(site, *day, of_day.get(day))).collect(),
        months: with.months().into_iter().map(|month| paper.month(month)).collect(),
        capture: with.filled.capture.clone(),
    }
}

/// A code over the whole range, either with or without marks.
struct OneSide {
    days: BTreeMap<Day, CodeDay>,
    filled: Filled,
}

impl OneSide {
    fn new(input: &OutletInput<'_>, own: &SiteCode, hours: &[Judged<'_>], side: Side) -> OneSide {
        let quantity = input.rules.substitution.as_ref().filter(|_| own.channel.mass).map(|table| table.quantity);
        let mut filled = Filled::default();
        if quantity == Some(Quantity::Hour) {
            filled = substitution::fill(input, &own.code, &hour_periods(input, own, hours, side));
        }
        let mut by_day: BTreeMap<Day, Vec<day::DayHour<'_>>> = BTreeMap::new();
        for hour in hours {
            let Some(code) = hour.code(side, &own.code) else { continue };
            let instead = filled.instead.get(&substitution::number(Quantity::Hour, hour.start));
            let instead = instead.filter(|_| quantity == Some(Quantity::Hour));
            by_day.entry(hour.start.civil().0).or_default().push((hour.start, code, instead));
        }
        let mut days: BTreeMap<Day, CodeDay> =
            by_day.into_iter().map(|(day, hours)| (day, day::judge(input, own, &hours))).collect();
        if quantity == Some(Quantity::Day) {
            filled = substitution::fill(input, &own.code, &day_periods(input, &days));
            for (day, instead) in &filled.instead {
                if let (Some(day), Some(amount)) = (days.get_mut(&Day(*day)), instead.amount_kg) {
                    // The whole day is replaced: what was measured of it does not count beside.
                    (day.mass, day.substituted, day.missing_mass_hours) = (None, Some(amount.into()), 0);
                    day.substituted_hours = day.hours.due;
                    day.mass_hours = 0;
                }
            }
        }
        OneSide { days, filled }
    }

    fn months(&self) -> Vec<Month> {
        let mut months: Vec<Month> = self.days.keys().map(|day| day.month()).collect();
        months.dedup();
        months
    }

    fn of_month(&self, month: Month) -> Vec<(Day, &CodeDay)> {
        self.days.iter().filter(|(day, _)| day.month() == month).map(|(day, own)| (*day, own)).collect()
    }
}

fn hour_periods(input: &OutletInput<'_>, own: &SiteCode, hours: &[Judged<'_>], side: Side) -> Vec<Period> {
    let over =
        |hour: &&Judged<'_>| hour.start.0 + HOUR_MS <= input.until.0 && input.due_on(&own.code, hour.start.civil().0);
    let period = |hour: &Judged<'_>| {
        let code = hour.code(side, &own.code)?;
        let marked = hour.marks.iter().filter(|mark| mark.code.as_deref().is_none_or(|own_code| own_code == own.code));
        let causes =
            marked.filter_map(|mark| input.rules.mark(&mark.kind)).filter(|kind| kind.effect == Effect::Invalid);
        let said = causes.filter_map(|kind| kind.cause).min().filter(|_| side == Side::With);
        Some(Period {
            number: substitution::number(Quantity::Hour, hour.start),
            amount: code.mass,
            stopped: code.stopped,
            cause: said.or(input.rules.flags.cause(code.flag)).unwrap_or(Cause::Failure),
            asked: true,
        })
    };
    hours.iter().filter(over).filter_map(period).collect()
}

fn day_periods(input: &OutletInput<'_>, days: &BTreeMap<Day, CodeDay>) -> Vec<Period> {
    let over = |day: Day| Instant::from_civil(Day(day.0 + 1), 0) <= input.until;
    let period = |(day, own): (&Day, &CodeDay)| Period {
        number: day.0,
        amount: own.mass.filter(|_| own.valid),
        stopped: own.hours.due == 0,
        cause: input.rules.flags.cause(own.flag).unwrap_or(Cause::Failure),
        asked: true,
    };
    days.iter().filter(|(day, _)| over(**day)).map(period).collect()
}

/// What is written down of one code.
struct Paper<'a> {
    input: &'a OutletInput<'a>,
    own: &'a SiteCode,
    with: &'a OneSide,
    without: Option<&'a OneSide>,
}

impl Paper<'_> {
    fn rules(&self) -> (String, Confidence) {
        let rules = self.input.rules;
        (rules.ids(&SECTIONS), rules.confidence(&SECTIONS).and(self.own.channel.confidence))
    }

    fn hour(&self, site: &Site, hour: &Judged<'_>) -> Option<HourStatement> {
        let code = hour.code(Side::With, &self.own.code)?;
        let (rules, confidence) = self.rules();
        let number = substitution::number(Quantity::Hour, hour.start);
        let mine = |mark: &&&Mark| mark.code.as_deref().is_none_or(|code| code == self.own.code);
        let marks: Vec<String> = hour.marks.iter().filter(mine).map(|mark| mark.id.clone()).collect();
        let without = hour.without.as_ref().and_then(|codes| codes.get(&self.own.code)).map(CodeHour::values);
        let by_hour = self.input.rules.substitution.as_ref().is_some_and(|table| table.quantity == Quantity::Hour);
        Some(HourStatement {
            outlet: self.input.outlet.code.clone(),
            code: self.own.code.clone(),
            start: hour.start,
            values: code.values(),
            without_marks: without.filter(|without| !marks.is_empty() || *without != code.values()),
            marks,
            instrument: compare::hour(site, self.own, &hour.own, code),
            minutes: hour.checks.get(&self.own.code).cloned(),
            substituted: self.with.filled.instead.get(&number).filter(|_| by_hour).cloned(),
            rules,
            confidence,
            frames: code.frames,
        })
    }

    fn day(&self, site: &Site, day: Day, messages: Option<&Vec<&OnlineMessage>>) -> Option<DayStatement> {
        let own = self.with.days.get(&day)?;
        let (rules, confidence) = self.rules();
        let by_day = self.input.rules.substitution.as_ref().is_some_and(|table| table.quantity == Quantity::Day);
        let other = self.without.and_then(|side| side.days.get(&day)).map(CodeDay::values);
        Some(DayStatement {
            outlet: self.input.outlet.code.clone(),
            code: self.own.code.clone(),
            day,
            values: own.values(),
            without_marks: other.filter(|other| *other != own.values()),
            instrument: messages.and_then(|messages| compare::day(site, self.own, messages, own)),
            substituted: self.with.filled.instead.get(&day.0).filter(|_| by_day).cloned(),
            rules,
            confidence,
            frames: own.frames,
        })
    }

    fn month(&self, month: Month) -> MonthStatement {
        let (rules, confidence) = self.rules();
        let values = day::month(self.input, month, &self.with.of_month(month));
        let other = self.without.map(|side| day::month(self.input, month, &side.of_month(month)));
        MonthStatement {
            outlet: self.input.outlet.code.clone(),
            code: self.own.code.clone(),
            first_day: month.first_day(),
            without_marks: other.filter(|other| *other != values),
            values,
            rules,
            confidence,
        }
    }
}
