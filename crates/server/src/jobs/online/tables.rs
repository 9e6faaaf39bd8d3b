//! Frames, values, judged periods, flags, deviations, alerts, marks and reviews as tables of SQL.
//!
//! A table is loaded only when the question names it.

use super::asks::Span;
use super::desk::Desk;
use super::qc::SeriesPlan;
use super::values::{self, Reader};
use crate::data::Data;
use crate::trouble::Trouble;
use domain::{Cadence, Fixed, FrameId, Instant};
use indicators::online::{DayStatement, HourStatement};
use lake::{ExtraColumn, ExtraTable};
use observe::qc::QcFlag;
use std::collections::BTreeMap;
use store::{DeviationQuery, Frame, JudgedQuery};

/// Frames read at once.
const PORTION: usize = 10_000;

/// Every table of online monitoring that a question can name.
pub const NAMES: [&str; 11] = [
    "frames",
    "realtime",
    "minutes",
    "hours_sent",
    "days_sent",
    "hours",
    "days",
    "flags",
    "deviations",
    "alerts",
    "marks",
];

/// Those that `sql` names, loaded; the others with their columns and no row.
pub fn named(data: &Data, sql: &str, as_of: Option<Instant>) -> Result<Vec<ExtraTable>, Trouble> {
    if !data.has_online() {
        return Ok(Vec::new());
    }
    let words: Vec<String> = sql.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_lowercase).collect();
    let desk = Desk::open(data)?;
    let names = NAMES.iter().filter(|name| words.iter().any(|word| word == *name));
    names.map(|name| table(&desk, name, as_of)).collect()
}

fn table(desk: &Desk<'_>, name: &str, as_of: Option<Instant>) -> Result<ExtraTable, Trouble> {
    match name {
        "frames" => frames(desk),
        "realtime" => sent(desk, name, Cadence::RealTime),
        "minutes" => sent(desk, name, Cadence::Minute),
        "hours_sent" => sent(desk, name, Cadence::Hour),
        "days_sent" => sent(desk, name, Cadence::Day),
        "hours" => hours(desk, as_of),
        "days" => days(desk, as_of),
        "flags" => flags(desk),
        "deviations" => deviations(desk),
        "alerts" => alerts(desk, as_of),
        _ => marks(desk, as_of),
    }
}

/// Columns being filled, row by row.
#[derive(Default)]
struct Rows {
    text: BTreeMap<&'static str, Vec<Option<String>>>,
    integer: BTreeMap<&'static str, Vec<Option<i64>>>,
    decimal: BTreeMap<&'static str, Vec<Option<Fixed>>>,
    time: BTreeMap<&'static str, Vec<Option<Instant>>>,
}

impl Rows {
    fn text(&mut self, name: &'static str, value: impl Into<String>) {
        let value: String = value.into();
        self.text.entry(name).or_default().push(Some(value).filter(|value| !value.is_empty()));
    }

    fn integer(&mut self, name: &'static str, value: Option<u64>) {
        let value = value.and_then(|value| i64::try_from(value).ok());
        self.integer.entry(name).or_default().push(value);
    }

    fn decimal(&mut self, name: &'static str, value: Option<Fixed>) {
        self.decimal.entry(name).or_default().push(value);
    }

    fn time(&mut self, name: &'static str, value: Option<Instant>) {
        self.time.entry(name).or_default().push(value);
    }

    /// The table with its columns in this order; one that never got a value is empty text.
    fn table(mut self, name: &str, order: &[&'static str]) -> ExtraTable {
        let columns = order.iter().map(|column| {
            let values = if let Some(values) = self.text.remove(column) {
                ExtraColumn::Text(values)
            } else if let Some(values) = self.integer.remove(column) {
                ExtraColumn::Integer(values)
            } else if let Some(values) = self.decimal.remove(column) {
                ExtraColumn::Decimal(values)
            } else {
                ExtraColumn::Time(self.time.remove(column).unwrap_or_default())
            };
            (*column, values)
        });
        ExtraTable::new(name, columns.collect())
    }
}

fn each_frame(desk: &Desk<'_>, each: &mut dyn FnMut(&Frame) -> Result<(), Trouble>) -> Result<(), Trouble> {
    let mut after = FrameId(0);
    loop {
        let frames = desk.store.journal().scan(after, PORTION)?;
        let Some(last) = frames.last() else { return Ok(()) };
        after = last.id;
        frames.iter().try_for_each(&mut *each)?;
    }
}

fn frames(desk: &Desk<'_>) -> Result<ExtraTable, Trouble> {
    let mut rows = Rows::default();
    each_frame(desk, &mut |frame| {
        rows.integer("frame", Some(frame.id.0));
        rows.time("received", Some(frame.received));
        rows.integer("connection", Some(frame.connection));
        rows.text("peer", frame.peer.as_str());
        rows.text("source", frame.source.code());
        rows.text("mn", frame.mn.as_str());
        rows.text("st", frame.st.as_str());
        rows.text("cn", frame.cn.as_str());
        rows.text("qn", frame.qn.as_str());
        rows.text("cadence", frame.cadence.map(Cadence::code).unwrap_or_default());
        rows.time("data_time", frame.data_time);
        rows.integer("pnum", Some(frame.pnum.into()));
        rows.integer("pno", Some(frame.pno.into()));
        rows.text("verdict", frame.verdict.code());
        rows.text("deviations", frame.deviations.join(" "));
        rows.text("raw", covered(&frame.raw));
        Ok(())
    })?;
    let order = [
        "frame",
        "received",
        "connection",
        "peer",
        "source",
        "mn",
        "st",
        "cn",
        "qn",
        "cadence",
        "data_time",
        "pnum",
        "pno",
        "verdict",
        "deviations",
        "raw",
    ];
    Ok(rows.table("frames", &order))
}

/// The bytes as text, the password covered.
fn covered(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let Some((before, rest)) = text.split_once("PW=") else { return text.into_owned() };
    let end = rest.find(';').unwrap_or(rest.len());
    format!("{before}PW=******{}", &rest[end..])
}

/// Values as sent: of frames that were sent again, the newest.
fn sent(desk: &Desk<'_>, name: &str, cadence: Cadence) -> Result<ExtraTable, Trouble> {
    let mut rows = Rows::default();
    let mut seen: BTreeMap<(String, Instant, u32), FrameId> = BTreeMap::new();
    each_frame(desk, &mut |frame| {
        if let (Some(time), true) = (frame.data_time, frame.cadence == Some(cadence)) {
            seen.insert((frame.mn.clone(), time, frame.pno), frame.id);
        }
        Ok(())
    })?;
    let mut reader = Reader::new(desk);
    each_frame(desk, &mut |frame| {
        let newest = frame.data_time.and_then(|time| seen.get(&(frame.mn.clone(), time, frame.pno)));
        if frame.cadence != Some(cadence) || newest != Some(&frame.id) {
            return Ok(());
        }
        if let Some(message) = reader.message(frame)? {
            for item in &message.items {
                rows.text("mn", message.mn.as_str());
                rows.text(
                    "outlet",
                    desk.register.outlet_of(&message.mn).map(|own| own.code.clone()).unwrap_or_default(),
                );
                rows.text("code", item.code.as_str());
                rows.time("time", Some(message.time));
                rows.decimal("value", values::value(cadence, item));
                rows.decimal("min", item.min);
                rows.decimal("max", item.max);
                rows.decimal("cou", item.cou);
                rows.decimal("converted", values::converted(cadence, item));
                rows.text("flag", item.flag.map(|flag| flag.letter().to_string()).unwrap_or_default());
                let unit = desk.register.channel(&message.mn, &item.code).map(|channel| channel.unit.clone());
                rows.text("unit", unit.unwrap_or_default());
                rows.integer("frame", Some(frame.id.0));
                rows.text("simulated", if desk.simulated(&message.mn) { "模拟" } else { "" });
            }
        }
        Ok(())
    })?;
    let order = [
        "mn",
        "outlet",
        "code",
        "time",
        "value",
        "min",
        "max",
        "cou",
        "converted",
        "flag",
        "unit",
        "frame",
        "simulated",
    ];
    Ok(rows.table(name, &order))
}

fn judged<T: serde::de::DeserializeOwned>(
    desk: &Desk<'_>,
    span: domain::Span,
    as_of: Option<Instant>,
) -> Result<Vec<T>, Trouble> {
    let mut all = Vec::new();
    for outlet in desk.register.outlets.keys() {
        let rows = desk.store.judged().get(&JudgedQuery {
            outlet: outlet.clone(),
            code: None,
            span,
            from: Instant(i64::MIN),
            to: Instant(i64::MAX),
            as_of,
        })?;
        all.extend(rows.into_iter().filter_map(|row| serde_json::from_value(row.body).ok()));
    }
    Ok(all)
}

/// The word for an outlet whose data are simulated.
fn simulated(desk: &Desk<'_>, outlet: &str) -> &'static str {
    if desk.register.outlets.get(outlet).is_some_and(|outlet| outlet.simulated) { "模拟" } else { "" }
}

fn hours(desk: &Desk<'_>, as_of: Option<Instant>) -> Result<ExtraTable, Trouble> {
    let mut rows = Rows::default();
    for hour in judged::<HourStatement>(desk, domain::Span::Hour, as_of)? {
        let own = &hour.values;
        rows.text("outlet", hour.outlet.as_str());
        rows.text("code", hour.code.as_str());
        rows.time("start", Some(hour.start));
        rows.decimal("value", own.value);
        rows.decimal("converted", own.converted);
        rows.decimal("mass_kg", own.mass_kg);
        rows.decimal("amount_m3", own.amount_m3);
        rows.integer("valid_minutes", Some(own.valid_minutes.into()));
        rows.integer("due_minutes", Some(own.due_minutes.into()));
        rows.text("flag", own.flag.letter());
        rows.text("valid", if own.valid { "yes" } else { "no" });
        rows.integer("first_frame", hour.frames.map(|(first, _)| first.0));
        rows.integer("last_frame", hour.frames.map(|(_, last)| last.0));
        rows.text("simulated", simulated(desk, &hour.outlet));
    }
    let order = [
        "outlet",
        "code",
        "start",
        "value",
        "converted",
        "mass_kg",
        "amount_m3",
        "valid_minutes",
        "due_minutes",
        "flag",
        "valid",
        "first_frame",
        "last_frame",
        "simulated",
    ];
    Ok(rows.table("hours", &order))
}

fn days(desk: &Desk<'_>, as_of: Option<Instant>) -> Result<ExtraTable, Trouble> {
    let mut rows = Rows::default();
    for day in judged::<DayStatement>(desk, domain::Span::Day, as_of)? {
        let own = &day.values;
        rows.text("outlet", day.outlet.as_str());
        rows.text("code", day.code.as_str());
        rows.text("day", day.day.to_string());
        rows.decimal("value", own.value);
        rows.decimal("converted", own.converted);
        rows.decimal("mass_kg", own.mass_kg);
        rows.decimal("substituted_kg", own.substituted_kg);
        rows.decimal("amount_m3", own.amount_m3);
        rows.integer("valid_hours", Some(own.valid_hours.into()));
        rows.integer("due_hours", Some(own.due_hours.into()));
        rows.decimal("transmission_percent", own.rates.transmission_percent);
        rows.decimal("validity_percent", own.rates.validity_percent);
        rows.text("flag", own.flag.letter());
        rows.text("valid", if own.valid { "yes" } else { "no" });
        rows.text("simulated", simulated(desk, &day.outlet));
    }
    let order = [
        "outlet",
        "code",
        "day",
        "value",
        "converted",
        "mass_kg",
        "substituted_kg",
        "amount_m3",
        "valid_hours",
        "due_hours",
        "transmission_percent",
        "validity_percent",
        "flag",
        "valid",
        "simulated",
    ];
    Ok(rows.table("days", &order))
}

/// What the series tests say of every real-time, minute and hour value that they do not pass.
fn flags(desk: &Desk<'_>) -> Result<ExtraTable, Trouble> {
    let mut rows = Rows::default();
    let all = Span { from: Instant(i64::MIN / 4), to: Instant(i64::MAX / 4) };
    for mn in desk.register.devices.keys() {
        for cadence in [Cadence::RealTime, Cadence::Minute, Cadence::Hour] {
            let mut series: BTreeMap<String, BTreeMap<Instant, (Option<Fixed>, FrameId)>> = BTreeMap::new();
            for message in values::messages(desk, mn, cadence, all)? {
                for item in &message.items {
                    let value = (values::value(cadence, item), message.frame);
                    series.entry(item.code.clone()).or_default().insert(message.time, value);
                }
            }
            for (code, points) in series {
                let plan = SeriesPlan::new(desk, (mn, &code), cadence);
                let tested: Vec<(Instant, Option<Fixed>)> =
                    points.iter().map(|(time, (value, _))| (*time, *value)).collect();
                for ((time, (value, frame)), said) in points.iter().zip(plan.run(&tested)) {
                    for (test, flag) in said.said().filter(|(_, flag)| *flag != QcFlag::Good) {
                        rows.text("mn", mn.as_str());
                        rows.text("code", code.as_str());
                        rows.text("cadence", cadence.code());
                        rows.time("time", Some(*time));
                        rows.decimal("value", *value);
                        rows.text("test", test.code());
                        rows.integer("flag", Some(flag.number().into()));
                        rows.integer("frame", Some(frame.0));
                    }
                }
            }
        }
    }
    Ok(rows.table("flags", &["mn", "code", "cadence", "time", "value", "test", "flag", "frame"]))
}

fn deviations(desk: &Desk<'_>) -> Result<ExtraTable, Trouble> {
    let mut rows = Rows::default();
    for count in desk.store.journal().deviations(&DeviationQuery::default())? {
        rows.text("mn", count.mn.as_str());
        let vendor = desk.register.device(&count.mn).map(|device| device.vendor.clone());
        rows.text("vendor", vendor.unwrap_or_default());
        rows.text("code", count.code.as_str());
        rows.integer("count", Some(count.count));
        rows.time("first", Some(count.first));
        rows.time("last", Some(count.last));
        rows.integer("example", Some(count.example.0));
    }
    Ok(rows.table("deviations", &["mn", "vendor", "code", "count", "first", "last", "example"]))
}

fn alerts(desk: &Desk<'_>, as_of: Option<Instant>) -> Result<ExtraTable, Trouble> {
    let mut rows = Rows::default();
    let alerts = desk.alerts(as_of)?;
    for alert in alerts.newest_first() {
        let answer = super::alerts::answer(desk, alert);
        rows.text("alert", answer.id);
        rows.text("rule", answer.rule);
        rows.text("outlet", answer.outlet.code);
        rows.text("mn", answer.mn);
        rows.text("code", alert.about.code.as_str());
        rows.text("state", answer.state);
        rows.decimal("worst", alert.worst);
        rows.text("unit", answer.unit);
        rows.text("limit", answer.limit.unwrap_or_default());
        rows.time("raised", Some(alert.raised));
        rows.time("recovered", alert.recovered);
        rows.text("words", answer.words.zh);
    }
    let order =
        ["alert", "rule", "outlet", "mn", "code", "state", "worst", "unit", "limit", "raised", "recovered", "words"];
    Ok(rows.table("alerts", &order))
}

fn marks(desk: &Desk<'_>, as_of: Option<Instant>) -> Result<ExtraTable, Trouble> {
    let mut rows = Rows::default();
    let marks = desk.marks(as_of)?;
    for mark in desk.register.outlets.keys().flat_map(|outlet| marks.of(outlet)) {
        rows.text("mark", mark.id.as_str());
        rows.text("outlet", mark.body.outlet.as_str());
        rows.text("mn", mark.body.mn.clone().unwrap_or_default());
        rows.text("codes", mark.body.codes.join(" "));
        rows.time("from", Some(mark.body.from));
        rows.time("to", mark.body.to);
        rows.text("kind", mark.body.kind.as_str());
        rows.text("reason", mark.body.reason.as_str());
        rows.text("who", mark.added.who.as_str());
        rows.time("withdrawn", mark.withdrawn.as_ref().map(|act| act.at));
    }
    Ok(rows.table("marks", &["mark", "outlet", "mn", "codes", "from", "to", "kind", "reason", "who", "withdrawn"]))
}
