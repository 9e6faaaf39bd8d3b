//! `catalog/rules/<id>/cases.csv` → worked cases of a rule: a sequence of values, the steps of alerts it makes, and
//! where the expectation comes from. Run as tests and by `catalog check`.
//!
//! Columns: `name`, `low`, `high`, `unit` of the limit, `value_unit` where the values have another, `from` and `to` of
//! the limit where they matter, `sequence`, `expect`, `source`. Words of a sequence:
//! `14:00=210` a value, `2d08:00=210` one of the second day, `14:00=210M` one with a flag, `14:00=210!4` one with a
//! QARTOD judgement, `14:00=210*` one that a mark excuses, `14:00=-` none, `14:00?` asking whether it is silent.
//! Words of an expectation: `raised@15:00~14:00=210` the step, the time of the value that made it, after `~` the
//! time of the first value that counted if that is another, the value; `recovered@16:00=190:back` with its reason;
//! `never` for a silence of a device of which nothing ever came.

use crate::event::AlertEvent;
use crate::rule::{Basis, Limits, Rule, Rules};
use crate::threshold::{Judged, Watch};
use domain::catalog::Files;
use domain::period::HOUR_MS;
use domain::{Cadence, DataFlag, Day, FrameId, Instant, Record, Register, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A worked case and what came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCase {
    /// File in the catalog.
    pub path: String,
    /// Row of the file.
    pub row: u64,
    /// Name of the case.
    pub name: String,
    /// Steps that the source gives.
    pub expect: String,
    /// Steps that came out, or what is wrong with the case.
    pub got: String,
    /// Where the expectation comes from.
    pub source: String,
    /// Whether they agree and there is a source.
    pub passed: bool,
}

/// The first day of every case.
const FIRST_DAY: &str = "2025-01-01";
const OUTLET: &str = "case";
const DEVICE: &str = "case-device";

/// Runs every case of a catalog. A rule without a case, or a case without a rule, is a case that failed.
pub fn run_cases(files: &Files, rules: &Rules) -> Vec<RuleCase> {
    let mut cases = Vec::new();
    for folder in files.folders_with("rule.toml") {
        let path = format!("{folder}/cases.csv");
        let id = folder.rsplit('/').next().unwrap_or(&folder);
        let before = cases.len();
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .comment(Some(b'#'))
            .from_reader(files.get(&path).unwrap_or("").as_bytes());
        let head = reader.headers().cloned().unwrap_or_default();
        for (index, record) in reader.records().enumerate() {
            let Ok(record) = record else { continue };
            let pairs = head.iter().zip(record.iter());
            let cells: BTreeMap<&str, &str> = pairs.map(|(name, cell)| (name.trim(), cell.trim())).collect();
            let case = Case { cells };
            let got = match rules.get(id) {
                Some(rule) => case.run(rule).unwrap_or_else(|problem| problem.en),
                None => format!("no rule `{id}`"),
            };
            let expect = case.cell("expect").split_whitespace().collect::<Vec<_>>().join(" ");
            let source = case.cell("source").to_string();
            cases.push(RuleCase {
                path: path.clone(),
                row: index as u64 + 2,
                name: case.cell("name").to_string(),
                passed: got == expect && !source.is_empty(),
                expect,
                got,
                source,
            });
        }
        if cases.len() == before {
            let empty = || String::new();
            let got = "no case: every rule has at least one".to_string();
            let (name, expect, source) = (empty(), empty(), empty());
            cases.push(RuleCase { path, row: 1, name, expect, got, source, passed: false });
        }
    }
    cases
}

struct Case<'a> {
    cells: BTreeMap<&'a str, &'a str>,
}

/// One word of a sequence.
struct Word<'a> {
    time: Instant,
    /// `None`: asking whether it is silent.
    value: Option<&'a str>,
}

impl Case<'_> {
    fn cell(&self, name: &str) -> &str {
        self.cells.get(name).copied().unwrap_or("")
    }

    fn run(&self, rule: &Rule) -> Result<String, Text> {
        let basis = rule.applies.basis.first().copied().unwrap_or(Basis::Measured);
        let code = rule.applies.codes.first().map_or("case-code", String::as_str);
        let register = Arc::new(self.register(rule, (code, basis))?);
        let mut words = Vec::new();
        for word in self.cell("sequence").split_whitespace() {
            words.push(read_word(word)?);
        }
        let start = words.first().map_or(Instant(0), |word| word.time);
        let mut watch = Watch::new(Arc::new(Rules::of(vec![rule.clone()])), register, start);
        let mut steps = Vec::new();
        for (index, word) in words.iter().enumerate() {
            let Some(text) = word.value else {
                steps.extend(watch.tick(word.time));
                continue;
            };
            let (value, flag, qc, excused) = read_value(text)?;
            let judged = Judged {
                outlet: OUTLET,
                mn: DEVICE,
                code,
                cadence: rule.applies.cadence,
                basis,
                time: word.time,
                value,
                flag,
                qc,
                excused,
                unit: self.value_unit(),
                frame: FrameId(index as u64 + 1),
            };
            steps.extend(watch.feed(&judged, known_at(&judged)));
        }
        Ok(steps.iter().map(written).collect::<Vec<_>>().join(" "))
    }

    fn value_unit(&self) -> &str {
        match self.cell("value_unit") {
            "" => self.cell("unit"),
            unit => unit,
        }
    }

    fn register(&self, rule: &Rule, (code, basis): (&str, Basis)) -> Result<Register, Text> {
        let kind = rule.applies.outlets.first().map_or("", |kind| kind.code());
        let row = |cells: &[(&str, &str)]| {
            let fields = cells.iter().map(|(column, cell)| (column.to_string(), cell.to_string()));
            vec![Record::new(fields.collect(), 2)]
        };
        let outlets = row(&[("outlet", OUTLET), ("kind", kind)]);
        let devices =
            row(&[("mn", DEVICE), ("outlet", OUTLET), ("minute_interval", "10"), ("realtime_interval", "60")]);
        let limits = match &rule.limits {
            Limits::Register { kinds, statistic } => row(&[
                ("outlet", OUTLET),
                ("code", code),
                ("statistic", statistic.code()),
                ("basis", basis.code()),
                ("kind", kinds.first().map_or("", String::as_str)),
                ("from", if self.cell("from").is_empty() { FIRST_DAY } else { self.cell("from") }),
                ("to", self.cell("to")),
                ("low", self.cell("low")),
                ("high", self.cell("high")),
                ("unit", self.cell("unit")),
            ]),
            Limits::None | Limits::Fixed(_) => Vec::new(),
        };
        let (register, problems) = Register::load(&outlets, &devices, &[], &limits);
        match problems.into_iter().find(|problem| problem.severity == domain::Severity::Error) {
            Some(problem) => Err(problem.message),
            None => Ok(register),
        }
    }
}

/// A value is known when its period is over.
fn known_at(judged: &Judged<'_>) -> Instant {
    let period = match judged.cadence {
        Cadence::RealTime => 0,
        Cadence::Minute => HOUR_MS / 6,
        Cadence::Hour => HOUR_MS,
        Cadence::Day => 24 * HOUR_MS,
    };
    Instant(judged.time.0 + period)
}

fn read_word(word: &str) -> Result<Word<'_>, Text> {
    let (time, value) = match (word.split_once('='), word.strip_suffix('?')) {
        (Some((time, value)), _) => (time, Some(value)),
        (None, Some(time)) => (time, None),
        (None, None) => return Err(wrong(word)),
    };
    Ok(Word { time: read_time(time).ok_or_else(|| wrong(word))?, value })
}

fn read_time(text: &str) -> Option<Instant> {
    let (day, clock) = text.split_once('d').unwrap_or(("1", text));
    let (hours, minutes) = clock.split_once(':')?;
    let (day, hours, minutes): (i32, i64, i64) = (day.parse().ok()?, hours.parse().ok()?, minutes.parse().ok()?);
    let ms = hours * HOUR_MS + minutes * HOUR_MS / 60;
    let in_range = (1..=3660).contains(&day) && (0..=24).contains(&hours) && (0..60).contains(&minutes);
    in_range.then(|| Instant::from_civil(Day(first_day().0 + day - 1), ms))
}

type Value = (Option<domain::Fixed>, Option<DataFlag>, u8, bool);

fn read_value(text: &str) -> Result<Value, Text> {
    let (rest, excused) = text.strip_suffix('*').map_or((text, false), |rest| (rest, true));
    let (rest, qc) = match rest.split_once('!') {
        Some((rest, qc)) => (rest, qc.parse().map_err(|_| wrong(text))?),
        None => (rest, 0),
    };
    let flag = rest.chars().last().and_then(DataFlag::from_letter);
    let number = if flag.is_some() { &rest[..rest.len() - 1] } else { rest };
    let value = if number == "-" { None } else { Some(number.parse().map_err(|_| wrong(text))?) };
    Ok((value, flag, qc, excused))
}

/// A step as an expectation writes it.
fn written(event: &AlertEvent) -> String {
    let step = event.kind().trim_start_matches("alert-");
    let mut text = format!("{step}@{}", clock(event.time));
    match event.began {
        None => text.push_str("~never"),
        Some(began) if began != event.time && event.step == crate::event::Step::Raised => {
            text.push_str(&format!("~{}", clock(began)));
        }
        Some(_) => {}
    }
    if let Some(value) = event.value {
        text.push_str(&format!("={value}"));
    }
    if let Some(reason) = event.reason {
        let word = serde_json::to_value(reason).unwrap_or_default();
        text.push_str(&format!(":{}", word.as_str().unwrap_or("")));
    }
    text
}

fn clock(time: Instant) -> String {
    let (day, ms) = time.civil();
    let clock = format!("{:02}:{:02}", ms / HOUR_MS, ms % HOUR_MS / (HOUR_MS / 60));
    match day.0 - first_day().0 + 1 {
        1 => clock,
        other => format!("{other}d{clock}"),
    }
}

fn first_day() -> Day {
    FIRST_DAY.parse().expect("a date written above")
}

fn wrong(word: &str) -> Text {
    Text::new(format!("无法识别“{word}”"), format!("`{word}` cannot be read"))
}
