//! Hours and days that are over → judged, kept, and given to the engine and the lake.
//!
//! A value that comes late makes its hour and day be judged again; what differs becomes a revision.

use super::{Live, station};
use crate::data::Data;
use crate::jobs::online::desk::Desk;
use crate::jobs::online::statement::{Loaded, Part};
use crate::trouble::Trouble;
use domain::period::{HOUR_MS, UTC_OFFSET_MS};
use domain::{Cadence, Day, Instant, Outlet, Span};
use indicators::online::{DayStatement, HourStatement, OutletStatement};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::JudgedRow;

/// How often it is asked what is over.
const EVERY: Duration = Duration::from_millis(500);
/// An hour or day is over when data of a later time came, or when its outlet has been silent for so long.
const GRACE_MS: i64 = 10 * 60_000;
/// Hours back that are judged again when people's decisions change.
const REMEMBERED_DAYS: i64 = 31;
/// Outlets judged before what came of them is published: memory stays bounded when a whole city's day is over.
const OUTLETS: usize = 500;

/// What is to be judged, by outlet.
#[derive(Debug, Default)]
pub(super) struct Dirty {
    outlets: Mutex<BTreeMap<String, Periods>>,
    done: Mutex<VecDeque<Judged>>,
}

#[derive(Debug, Default)]
struct Periods {
    /// Starts of hours.
    hours: BTreeSet<i64>,
    days: BTreeSet<Day>,
    /// Newest data time.
    newest: i64,
    /// When the newest message came, by the platform's clock.
    heard: i64,
}

/// One judged hour or day, for the rules.
#[derive(Clone, Debug)]
pub(super) enum Judged {
    Hour(Box<HourStatement>, String),
    Day(Box<DayStatement>, String),
}

impl Dirty {
    /// Data of an outlet came for a time.
    pub fn note(&self, outlet: &str, (cadence, time): (Cadence, Instant), now: Instant) {
        let mut outlets = self.outlets.lock().unwrap_or_else(PoisonError::into_inner);
        if !outlets.contains_key(outlet) {
            outlets.insert(outlet.to_string(), Periods::default());
        }
        let Some(periods) = outlets.get_mut(outlet) else { return };
        if cadence != Cadence::Day {
            periods.hours.insert(hour_of(time));
        }
        periods.days.insert(time.civil().0);
        // The value of a period tells that its time has come, not that it is over.
        periods.newest = periods.newest.max(time.0);
        periods.heard = now.0;
    }

    /// What people decided about an outlet has changed.
    pub fn all_of(&self, outlet: &str) {
        let mut outlets = self.outlets.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(periods) = outlets.get_mut(outlet) else { return };
        let newest = Instant(periods.newest);
        for back in 0..REMEMBERED_DAYS {
            let day = Day(newest.civil().0.0 - back as i32);
            periods.days.insert(day);
        }
    }

    /// Judged values since the last call.
    pub fn take_done(&self) -> Vec<Judged> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }

    /// What could not be judged waits for the next round.
    fn put_back(&self, over: impl Iterator<Item = (String, Over)>) {
        let mut outlets = self.outlets.lock().unwrap_or_else(PoisonError::into_inner);
        for (outlet, over) in over {
            let periods = outlets.entry(outlet).or_default();
            periods.hours.extend(over.hours);
            periods.days.extend(over.days);
        }
    }

    /// Every outlet with what of it is over.
    fn take_over(&self, now: Instant) -> Vec<(String, Over)> {
        let mut outlets = self.outlets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = Vec::new();
        for (outlet, periods) in outlets.iter_mut() {
            // While an outlet talks, its own time counts: it may tell of the past, or run ahead when simulated.
            let silent = now.0 - periods.heard >= GRACE_MS;
            let reached = if silent { periods.newest.max(now.0 - GRACE_MS) } else { periods.newest };
            let hours: Vec<i64> = periods.hours.iter().copied().take_while(|hour| hour + HOUR_MS <= reached).collect();
            let ends = |day: Day| Instant::from_civil(Day(day.0 + 1), 0).0;
            let days: Vec<Day> = periods.days.iter().copied().filter(|day| ends(*day) <= reached).collect();
            if hours.is_empty() && days.is_empty() {
                continue;
            }
            periods.hours.retain(|hour| !hours.contains(hour));
            periods.days.retain(|day| !days.contains(day));
            let newest = Instant(reached);
            all.push((outlet.clone(), Over { hours, days, newest }));
        }
        all
    }
}

/// Periods that are over.
#[derive(Debug)]
struct Over {
    hours: Vec<i64>,
    days: Vec<Day>,
    newest: Instant,
}

/// Starts the judging thread.
pub(super) fn start(data: Arc<Data>, live: Arc<Live>) -> Result<(), Trouble> {
    let run = move || {
        loop {
            std::thread::sleep(EVERY);
            if live.gateway.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
                return;
            }
            if let Err(trouble) = round(&data, &live) {
                tracing::error!(%trouble, "hours could not be judged; they will be judged again");
            }
        }
    };
    std::thread::Builder::new().name("online-judge".to_string()).spawn(run).map(drop).map_err(|error| {
        Trouble::broken("threads", format!("不能启动线程：{error}"), format!("cannot start threads: {error}"))
    })
}

/// Judges everything that is over; what could not be kept is over still.
fn round(data: &Data, live: &Live) -> Result<(), Trouble> {
    let mut over = live.dirty.take_over(crate::clock::now());
    while !over.is_empty() {
        let some = over.split_off(over.len().saturating_sub(OUTLETS));
        if let Err(trouble) = some_judged(data, live, &some) {
            live.dirty.put_back(over.into_iter().chain(some));
            return Err(trouble);
        }
    }
    Ok(())
}

fn some_judged(data: &Data, live: &Live, some: &[(String, Over)]) -> Result<(), Trouble> {
    let desk = Desk::open(data)?;
    let mut published = station::Batch::default();
    for (code, over) in some {
        let Some(outlet) = desk.register.outlets.get(code) else { continue };
        for judged in judge(&desk, outlet, over)? {
            published.add(&desk, outlet, &judged);
            live.dirty.done.lock().unwrap_or_else(PoisonError::into_inner).push_back(judged);
        }
    }
    published.commit(data)
}

/// Judges an outlet's hours, then its days; each kept before anybody hears of it.
fn judge(desk: &Desk<'_>, outlet: &Outlet, over: &Over) -> Result<Vec<Judged>, Trouble> {
    let mut all = Vec::new();
    let in_days: BTreeSet<Day> = over.days.iter().copied().collect();
    let loose = over.hours.iter().copied().filter(|hour| !in_days.contains(&Instant(*hour).civil().0));
    let mut by_day: BTreeMap<Day, BTreeSet<i64>> = BTreeMap::new();
    for hour in loose {
        by_day.entry(Instant(hour).civil().0).or_default().insert(hour);
    }
    for (day, hours) in by_day {
        let span = (*hours.first().unwrap_or(&0), hours.last().map_or(0, |last| last + HOUR_MS));
        let part = Part { days: (day, day), until: over.newest, as_of: None };
        let Some(loaded) = Loaded::load_hours(desk, outlet, part, (Instant(span.0), Instant(span.1)))? else {
            continue;
        };
        let statement = loaded.judge();
        all.extend(keep(desk, &statement, |start| hours.contains(&start.0), false)?);
    }
    for day in &over.days {
        let part = Part { days: (*day, *day), until: over.newest, as_of: None };
        let Some(loaded) = Loaded::load(desk, outlet, part)? else { continue };
        let statement = loaded.judge();
        all.extend(keep(desk, &statement, |_| true, true)?);
    }
    Ok(all)
}

/// Keeps what was judged.
fn keep(
    desk: &Desk<'_>,
    statement: &OutletStatement,
    wanted: impl Fn(Instant) -> bool,
    days: bool,
) -> Result<Vec<Judged>, Trouble> {
    let computed = crate::clock::now();
    let mut rows = Vec::new();
    let mut all = Vec::new();
    let row = |code: &str, span, start, body| JudgedRow {
        outlet: statement.outlet.clone(),
        code: code.to_string(),
        span,
        start,
        computed,
        body,
    };
    let json = |value: Result<serde_json::Value, serde_json::Error>| value.expect("a statement has only text keys");
    for code in &statement.codes {
        // Nothing was due and nothing came: before a device was registered there is nothing to state.
        let said = |hour: &&HourStatement| hour.values.due_minutes > 0 || hour.values.received_minutes > 0;
        for hour in code.hours.iter().filter(|hour| wanted(hour.start)).filter(said) {
            rows.push(row(&code.code, Span::Hour, hour.start, json(serde_json::to_value(hour))));
            all.push(Judged::Hour(Box::new(hour.clone()), code.unit.clone()));
        }
        let said = |day: &&DayStatement| day.values.due_hours > 0 || day.values.value.is_some();
        for day in code.days.iter().filter(|_| days).filter(said) {
            let start = Instant::from_civil(day.day, 0);
            rows.push(row(&code.code, Span::Day, start, json(serde_json::to_value(day))));
            all.push(Judged::Day(Box::new(day.clone()), code.unit.clone()));
        }
    }
    desk.store.judged().put(&rows)?;
    Ok(all)
}

/// Start of the hour that a moment is in.
fn hour_of(time: Instant) -> i64 {
    (time.0 + UTC_OFFSET_MS).div_euclid(HOUR_MS) * HOUR_MS - UTC_OFFSET_MS
}
