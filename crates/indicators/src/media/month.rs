//! What a point measured in a month → one value an item, automatic and manual data merged.
//!
//! The rules (which items prefer automatic data, how many values make a day and how many days a month) are a dated
//! standard of the catalog, [`Monitoring`]. Called by `server` when values of a month come in or change.

use crate::graph::{MonthValue, PointMonth, Source, World};
use crate::media::combine::combine;
use crate::media::sampled::{Sampled, Usage};
use crate::media::sound;
use crate::media::words;
use domain::{Day, Medium, Month, Point, Span, Text};
use standards::media::{DayHours, Reading};
use standards::monitoring::Monitoring;
use std::collections::BTreeMap;

/// A month of a point with what became of each of its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MonthAccount {
    /// The month; `None` where nothing was measured and nothing said.
    pub month: Option<PointMonth>,
    /// One a value, in the order given.
    pub usage: Vec<Usage>,
}

/// The month of a point made of its values; `None` where there are none.
///
/// Values of other months are left alone, so more may be given; a night that ends in the next month needs its first
/// morning.
pub fn month(world: &World, point: Option<&Point>, at: Month, rows: &[Sampled]) -> Option<PointMonth> {
    account(&world.standards, point, at, rows).month
}

/// The same with what became of each value, for the page of a value's sources.
pub fn account(standards: &standards::Catalog, point: Option<&Point>, at: Month, rows: &[Sampled]) -> MonthAccount {
    let medium = point.map_or(Medium::SurfaceWater, |own| own.medium);
    let Some((rules, _)) = standards.monitoring(medium.code(), last_day(at)) else { return MonthAccount::default() };
    let hours = rules.day_night.as_ref().and_then(|own| standards.limits_on(&own.family, last_day(at))?.0.day_night);
    let simulated = point.is_some_and(|own| own.simulated);
    point_month(rules, hours, at, rows, simulated)
}

/// The last day of a month: the day whose rules the month is made and judged by.
pub(super) fn last_day(month: Month) -> Day {
    Day(Month(month.0 + 1).first_day().0 - 1)
}

/// A value on its way into a month.
#[derive(Clone, Copy, Debug)]
struct Cell {
    /// Place among the values given.
    at: usize,
    day: Day,
    reading: Reading,
}

/// The values of one parameter by how they were measured.
#[derive(Debug, Default)]
struct Gathered {
    /// Automatic values of moments and hours.
    automatic: Vec<Cell>,
    /// Automatic means of days.
    days: Vec<Cell>,
    /// Samples, of moments or days.
    samples: Vec<Cell>,
    /// Stated means of the month.
    automatic_month: Vec<Cell>,
    manual_month: Vec<Cell>,
}

/// The month made of values by given rules. `hours` says when day and night are, for levels of hours.
pub fn point_month(
    rules: &Monitoring,
    hours: Option<DayHours>,
    at: Month,
    rows: &[Sampled],
    simulated: bool,
) -> MonthAccount {
    let mut usage = vec![Usage::default(); rows.len()];
    let mut month = PointMonth { simulated, ..PointMonth::default() };
    let mut state: Option<&Text> = None;
    let mut gathered: BTreeMap<&str, Gathered> = BTreeMap::new();
    let mut levels = sound::Levels::default();
    let mut any = false;
    for (place, row) in rows.iter().enumerate() {
        if let (Some(own), Some(hours)) = (&rules.day_night, hours)
            && row.parameter == own.hour
            && row.span == Span::Hour
        {
            any |= levels.add(place, row, hours, at, &mut usage[place]);
            continue;
        }
        if row.month() != at {
            usage[place].why = Some(Text::new("不属于本月", "of another month"));
            continue;
        }
        any = true;
        let reading = match row.reading() {
            Ok(reading) => reading,
            Err(why) => {
                usage[place].why = Some(why);
                continue;
            }
        };
        if let Some(word) = rules.state(&row.parameter) {
            usage[place].used = true;
            // Of several words the first by the rules' order counts, so that the order of values does not matter.
            let rank = |own: &Text| rules.states.iter().position(|state| state.word == *own);
            state = Some(state.filter(|own| rank(own) <= rank(word)).unwrap_or(word));
            continue;
        }
        let cell = Cell { at: place, day: row.day(), reading };
        gathered.entry(&row.parameter).or_default().take(row, cell);
    }
    for (parameter, own) in gathered {
        put(rules, &mut month, parameter, own, at, &mut usage);
    }
    if let (Some(own), Some(hours)) = (&rules.day_night, hours) {
        for period in levels.periods(rules, own, hours, &mut usage) {
            let n = period.days.len() as u32;
            if let Some(reading) = combine(rules.mean_way(&period.parameter), &period.readings()) {
                let value = MonthValue { reading, source: Source::Automatic, n, of: at.days() };
                month.values.entry(period.parameter.clone()).or_insert(value);
                month.days.entry(period.parameter).or_insert(period.days);
            }
        }
    }
    if let Some(word) = state {
        if month.values.is_empty() {
            month.state = word.zh.clone();
            month.notes.push(words::state_month(word));
        } else {
            month.notes.push(words::state_beside_values(word));
        }
    }
    MonthAccount { month: any.then_some(month), usage }
}

impl Gathered {
    fn take(&mut self, row: &Sampled, cell: Cell) {
        match (row.source, row.span) {
            (Source::Automatic, Span::Instant | Span::Hour) => self.automatic.push(cell),
            (Source::Automatic, Span::Day) => self.days.push(cell),
            (Source::Automatic, Span::Month | Span::Year) => self.automatic_month.push(cell),
            (Source::Manual, Span::Instant | Span::Hour | Span::Day) => self.samples.push(cell),
            (Source::Manual, Span::Month | Span::Year) => self.manual_month.push(cell),
        }
    }
}

/// A candidate for the month's value: its days, or the stated mean.
#[derive(Debug)]
struct Candidate {
    value: MonthValue,
    days: BTreeMap<Day, Reading>,
    cells: Vec<usize>,
}

/// Chooses among the automatic and the manual value of one parameter.
fn put(rules: &Monitoring, month: &mut PointMonth, parameter: &str, own: Gathered, at: Month, usage: &mut [Usage]) {
    let mut cells: Vec<usize> = [&own.automatic, &own.days, &own.samples, &own.automatic_month, &own.manual_month]
        .into_iter()
        .flatten()
        .map(|cell| cell.at)
        .collect();
    cells.sort_unstable();
    let by_days = automatic_days(rules, parameter, &own, usage);
    let valid_days = by_days.0.len() as u32;
    let automatic = automatic_value(rules, parameter, by_days, &own, at);
    let manual = manual_value(rules, parameter, &own);
    let few = automatic.is_none() && (!own.automatic.is_empty() || !own.days.is_empty());
    if few {
        month.notes.push(words::few_days(parameter, valid_days, rules.month_days, manual.is_some()));
    }
    let prefers = rules.prefers_automatic(parameter);
    let (chosen, why) = match (automatic, manual) {
        (Some(automatic), Some(_)) if prefers => (Some(automatic), words::automatic_preferred()),
        (_, Some(manual)) if few => (Some(manual), words::too_few_days(valid_days, rules.month_days)),
        (_, Some(manual)) => (Some(manual), words::samples_preferred()),
        (Some(automatic), None) => (Some(automatic), words::not_in_the_mean()),
        (None, None) => (None, words::too_few_days(valid_days, rules.month_days)),
    };
    for place in cells {
        if chosen.as_ref().is_some_and(|own| own.cells.contains(&place)) {
            usage[place] = Usage { used: true, why: None };
        } else if usage[place].why.is_none() {
            usage[place].why = Some(why.clone());
        }
    }
    if let Some(chosen) = chosen {
        month.values.insert(parameter.to_string(), chosen.value);
        if rules.keep_days.iter().any(|own| own == parameter) {
            month.days.insert(parameter.to_string(), chosen.days);
        }
    }
}

/// The valid automatic days of a parameter and the places of the values in them.
fn automatic_days(
    rules: &Monitoring,
    parameter: &str,
    own: &Gathered,
    usage: &mut [Usage],
) -> (BTreeMap<Day, Reading>, Vec<usize>) {
    let way = rules.mean_way(parameter);
    let (mut days, mut used) = (BTreeMap::new(), Vec::new());
    for (day, cells) in by_day(&own.days) {
        if let Some(reading) = combine(way, &readings(&cells)) {
            days.insert(day, reading);
            used.extend(cells.iter().map(|cell| cell.at));
        }
    }
    let groups = by_day(&own.automatic);
    let full = rules.full_day_of(usual(groups.values().map(|cells| cells.len() as u32)));
    for (day, cells) in groups {
        let why = if days.contains_key(&day) {
            words::day_mean_given()
        } else if rules.day_is_valid(cells.len() as u32, full) {
            days.extend(combine(way, &readings(&cells)).map(|reading| (day, reading)));
            used.extend(cells.iter().map(|cell| cell.at));
            continue;
        } else {
            words::few_values(cells.len() as u32, full)
        };
        cells.iter().for_each(|cell| usage[cell.at].why = Some(why.clone()));
    }
    (days, used)
}

/// How many values the days of a month usually have: three quarters of the days have no more, so that one day with
/// more values does not make the others look empty.
fn usual(counts: impl Iterator<Item = u32>) -> u32 {
    let mut counts: Vec<u32> = counts.collect();
    counts.sort_unstable();
    counts.get(counts.len() * 3 / 4).or(counts.last()).copied().unwrap_or(0)
}

fn automatic_value(
    rules: &Monitoring,
    parameter: &str,
    (days, cells): (BTreeMap<Day, Reading>, Vec<usize>),
    own: &Gathered,
    at: Month,
) -> Option<Candidate> {
    let way = rules.mean_way(parameter);
    let n = days.len() as u32;
    if n >= rules.month_days.max(1) {
        let list: Vec<Reading> = days.values().copied().collect();
        let reading = combine(way, &list)?;
        let value = MonthValue { reading, source: Source::Automatic, n, of: at.days() };
        return Some(Candidate { value, days, cells });
    }
    stated(rules, parameter, &own.automatic_month, Source::Automatic)
}

/// The mean of the samples: first those of one day, then the days.
fn manual_value(rules: &Monitoring, parameter: &str, own: &Gathered) -> Option<Candidate> {
    let way = rules.mean_way(parameter);
    let groups = by_day(&own.samples);
    let days: BTreeMap<Day, Reading> =
        groups.iter().filter_map(|(day, cells)| Some((*day, combine(way, &readings(cells))?))).collect();
    let list: Vec<Reading> = days.values().copied().collect();
    let Some(reading) = combine(way, &list) else {
        return stated(rules, parameter, &own.manual_month, Source::Manual);
    };
    let n = days.len() as u32;
    let value = MonthValue { reading, source: Source::Manual, n, of: n };
    Some(Candidate { value, days, cells: own.samples.iter().map(|cell| cell.at).collect() })
}

/// A mean of the month as it was given.
fn stated(rules: &Monitoring, parameter: &str, cells: &[Cell], source: Source) -> Option<Candidate> {
    let reading = combine(rules.mean_way(parameter), &readings(cells))?;
    let value = MonthValue { reading, source, n: 1, of: 1 };
    Some(Candidate { value, days: BTreeMap::new(), cells: cells.iter().map(|cell| cell.at).collect() })
}

fn by_day(cells: &[Cell]) -> BTreeMap<Day, Vec<Cell>> {
    let mut days: BTreeMap<Day, Vec<Cell>> = BTreeMap::new();
    cells.iter().for_each(|cell| days.entry(cell.day).or_default().push(*cell));
    days
}

fn readings(cells: &[Cell]) -> Vec<Reading> {
    cells.iter().map(|cell| cell.reading).collect()
}
