//! Amounts of a code over time, with its history → what stands in for each missing one, and why.

use super::day::kept;
use super::input::{OutletInput, PastSpan};
use super::statement::{Capture, Substituted};
use domain::period::HOUR_MS;
use domain::{Confidence, Day, Instant, Month, Ratio, Text};
use observe::online::{Candidate, Window, capture_rate, largest};
use standards::online::{Before, Cause, Quantity, Section, Substitution, SubstitutionRow};
use std::collections::BTreeMap;

/// One hour or day of a code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    /// Number, rising by one.
    pub number: i32,
    /// Amount where it is valid [kg].
    pub amount: Option<Ratio>,
    /// The plant stood still.
    pub stopped: bool,
    /// Why it is missing.
    pub cause: Cause,
    /// Whether the rule may fill it: it is in the range asked for, and over.
    pub asked: bool,
}

/// What stands in, by number of the period, and the capture rate of each quarter.
#[derive(Clone, Debug, Default)]
pub(super) struct Filled {
    pub instead: BTreeMap<i32, Substituted>,
    pub capture: Vec<Capture>,
}

/// Number of an hour (of its end) or a day.
pub(super) fn number(quantity: Quantity, start: Instant) -> i32 {
    match quantity {
        Quantity::Hour => domain::Hour::ending_at(Instant(start.0 + HOUR_MS)).map_or(0, |hour| hour.0),
        Quantity::Day => start.civil().0.0,
    }
}

fn start(quantity: Quantity, number: i32) -> Instant {
    match quantity {
        Quantity::Hour => Instant(domain::Hour(number).end().0 - HOUR_MS),
        Quantity::Day => Instant::from_civil(Day(number), 0),
    }
}

/// Fills the missing amounts of one code. `own` are the periods of the range; history is added here.
pub(super) fn fill(input: &OutletInput<'_>, code: &str, own: &[Period]) -> Filled {
    let Some(table) = &input.rules.substitution else { return Filled::default() };
    let periods = with_history(input, table, code, own);
    let valid: Vec<Candidate> =
        (periods.values()).filter_map(|one| Some(Candidate { period: one.number, amount: one.amount? })).collect();
    let capture = captures(table, &periods);
    let mut filled = Filled { instead: BTreeMap::new(), capture: Vec::new() };
    let work = Work { input, table, code, valid: &valid, capture: &capture };
    for run in runs(&periods) {
        let first = run.first().map_or(0, |one| one.number);
        for period in run.iter().filter(|one| one.asked) {
            let gap = Gap { first, length: run.len() as u32, cause: period.cause, number: period.number };
            filled.instead.insert(period.number, work.one(&gap));
        }
    }
    filled.capture = capture.into_values().collect();
    filled
}

fn with_history(input: &OutletInput<'_>, table: &Substitution, code: &str, own: &[Period]) -> BTreeMap<i32, Period> {
    let span = match table.quantity {
        Quantity::Hour => PastSpan::Hour,
        Quantity::Day => PastSpan::Day,
    };
    let past = input.history.iter().filter(|one| one.code == code && one.span == span);
    let mut periods: BTreeMap<i32, Period> = BTreeMap::new();
    for one in past {
        let number = number(table.quantity, one.start);
        let amount = one.amount_kg.map(Ratio::from).filter(|_| !one.stopped);
        periods.insert(number, Period { number, amount, stopped: one.stopped, cause: Cause::Failure, asked: false });
    }
    // What is judged now prevails over what was judged before.
    periods.extend(own.iter().map(|one| (one.number, *one)));
    periods
}

/// Runs of missing periods; a valid one, a stop, and a period that is not known end a run.
fn runs(periods: &BTreeMap<i32, Period>) -> Vec<Vec<&Period>> {
    let mut runs: Vec<Vec<&Period>> = Vec::new();
    for period in periods.values().filter(|one| one.amount.is_none() && !one.stopped) {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| last.number + 1 == period.number) => run.push(period),
            _ => runs.push(vec![period]),
        }
    }
    runs
}

/// The first day of the quarter a period is in.
fn quarter(quantity: Quantity, number: i32) -> Day {
    let month = start(quantity, number).civil().0.month();
    Month(month.0 - month.0.rem_euclid(3)).first_day()
}

fn captures(table: &Substitution, periods: &BTreeMap<i32, Period>) -> BTreeMap<Day, Capture> {
    let mut counts: BTreeMap<Day, (u32, u32, u32)> = BTreeMap::new();
    for period in periods.values() {
        let count = counts.entry(quarter(table.quantity, period.number)).or_default();
        count.0 += 1;
        count.1 += u32::from(period.amount.is_none() && !period.stopped);
        count.2 += u32::from(period.stopped);
    }
    let one = |(quarter, (known, invalid, stopped)): (Day, (u32, u32, u32))| {
        let alpha = capture_rate(known, invalid, stopped);
        let enough = alpha.is_some_and(|alpha| alpha >= Ratio::from(table.capture_least_percent));
        let capture = Capture { quarter, known, invalid, stopped, alpha_percent: kept(alpha), enough };
        (quarter, capture)
    };
    counts.into_iter().map(one).collect()
}

struct Gap {
    first: i32,
    length: u32,
    cause: Cause,
    number: i32,
}

struct Work<'a> {
    input: &'a OutletInput<'a>,
    table: &'a Substitution,
    code: &'a str,
    valid: &'a [Candidate],
    capture: &'a BTreeMap<Day, Capture>,
}

impl Work<'_> {
    fn one(&self, gap: &Gap) -> Substituted {
        let capture = self.capture.get(&quarter(self.table.quantity, gap.number));
        let alpha = capture.and_then(|own| capture_rate(own.known, own.invalid, own.stopped));
        let row = alpha.and_then(|alpha| self.table.row(alpha, gap.length, gap.cause));
        let standard = self.input.rules.sources.iter().find(|source| source.section == Section::Substitution);
        let number = standard.map_or("", |source| source.number.as_str());
        let mut instead = Substituted {
            amount_kg: None,
            rule: row.map(|row| row.id.clone()).unwrap_or_default(),
            clause: row.map_or(number.to_string(), |row| format!("{number} {}", row.clause)),
            confidence: row.map_or(Confidence::Unconfirmed, |row| row.confidence),
            cause: gap.cause.code().to_string(),
            alpha_percent: kept(alpha),
            alpha_known: capture.map_or(0, |own| own.known),
            run: gap.length,
            window: row.and_then(|row| row.window),
            window_known: 0,
            window_before: None,
            from: None,
            why: Text::new(
                "捕集率不足，表中没有适用的替代规则",
                "the capture rate is too low: the table has no line for it",
            ),
        };
        if let Some(row) = row {
            self.take(row, gap, &mut instead);
        }
        instead
    }

    fn take(&self, row: &SubstitutionRow, gap: &Gap, instead: &mut Substituted) {
        let (window, doubt) = self.window(row, gap);
        let (found, known) = largest(self.valid, &window);
        instead.window_known = known;
        instead.window_before = Some(start(self.table.quantity, window.before));
        instead.amount_kg = kept(found.map(|one| one.amount));
        instead.from = found.map(|one| start(self.table.quantity, one.period));
        let mut why = doubt;
        if found.is_none() {
            why.push((
                "之前没有已知的有效时段，无法替代".to_string(),
                "no valid period is known before: nothing to stand in".to_string(),
            ));
        } else if row.window.is_some_and(|wanted| known < wanted) {
            let wanted = row.window.unwrap_or_default();
            why.push((
                format!("应取 {wanted} 个有效时段，已知 {known} 个"),
                format!("the window should have {wanted} valid periods, {known} are known"),
            ));
        }
        let (zh, en): (Vec<String>, Vec<String>) = why.into_iter().unzip();
        instead.why = Text::new(zh.join("；"), en.join("; "));
    }

    /// Where the window lies, and what is doubtful about it.
    fn window(&self, row: &SubstitutionRow, gap: &Gap) -> (Window, Vec<(String, String)>) {
        let begins = start(self.table.quantity, gap.first);
        let mut passed: Vec<Instant> = (self.input.checks.iter())
            .filter(|check| check.passed && check.time <= begins)
            .filter(|check| check.code.as_deref().is_none_or(|code| code == self.code))
            .map(|check| check.time)
            .collect();
        passed.sort();
        let at = |check: &Instant| self.at(*check);
        let unknown = || {
            (
                "没有已知的合格校准或校验，取缺失之前".to_string(),
                "no passed calibration or check is known; what lies before the gap was taken".to_string(),
            )
        };
        let length = row.window;
        match (row.before, passed.as_slice()) {
            (Before::Run, _) => (Window { from: None, before: gap.first, length }, Vec::new()),
            (_, []) => (Window { from: None, before: gap.first, length }, vec![unknown()]),
            (Before::Check, [.., last]) => (Window { from: None, before: at(last), length }, Vec::new()),
            (Before::BetweenChecks, [only]) => (Window { from: None, before: at(only), length }, Vec::new()),
            (Before::BetweenChecks, [.., first, last]) => {
                (Window { from: Some(at(first)), before: at(last), length }, Vec::new())
            }
        }
    }

    /// The period a moment lies in.
    fn at(&self, moment: Instant) -> i32 {
        match self.table.quantity {
            Quantity::Hour => number(Quantity::Hour, Instant(moment.0 - moment.0.rem_euclid(HOUR_MS))),
            Quantity::Day => moment.civil().0.0,
        }
    }
}
