//! Judged hours, days and months of an outlet, beside the instrument's own.

mod periods;

use self::periods::{day_period, hour_period, month_period, nothing};
use super::asks::{self, Span, StatementAsk, maybe_moment};
use super::desk::Desk;
use super::values;
use crate::answers::Text;
use crate::answers::online::statement::{Statement, StatementLine, StatementRule};
use crate::asked::civil_day;
use crate::data::Data;
use crate::trouble::Trouble;
use domain::{Cadence, Channel, Day, Device, Instant, OnlineMessage, Outlet, OutletLimit};
use indicators::online::{
    CodeStatement, DayStatement, HourStatement, Mark, OutletInput, OutletStatement, PastAmount, Review, RuleUsed,
    hours, statement as judge,
};
use standards::OnlineRules;
use store::JudgedQuery;

/// Days before the first one that are looked through for substitution.
const HISTORY_DAYS: i32 = 120;

/// All that a statement of an outlet is made of.
#[derive(Debug)]
pub struct Loaded<'a> {
    outlet: &'a Outlet,
    devices: Vec<Device>,
    channels: Vec<Channel>,
    rules: OnlineRules,
    days: (Day, Day),
    until: Instant,
    messages: Vec<OnlineMessage>,
    marks: Vec<Mark>,
    reviews: Vec<Review>,
    history: Vec<PastAmount>,
}

/// Which part of an outlet is to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// First and last day.
    pub days: (Day, Day),
    /// Nothing is due after this.
    pub until: Instant,
    /// As it stood then.
    pub as_of: Option<Instant>,
}

impl<'a> Loaded<'a> {
    /// Loads it; `None` when no rules are known for the kind of outlet.
    pub fn load(desk: &'a Desk<'_>, outlet: &'a Outlet, part: Part) -> Result<Option<Loaded<'a>>, Trouble> {
        let Some(rules) = desk.data.catalogs.standards.online_rules(outlet.kind, part.days.1) else { return Ok(None) };
        let devices: Vec<Device> = desk.register.devices_of(&outlet.code).cloned().collect();
        let channels = devices.iter().flat_map(|device| desk.register.channels_of(&device.mn)).cloned().collect();
        let span = Span { from: Span::day(part.days.0).from, to: Span::day(part.days.1).to };
        let mut messages = Vec::new();
        for device in &devices {
            for cadence in Cadence::ALL {
                messages.extend(values::messages_as_of(desk, &device.mn, cadence, (span, part.as_of))?);
            }
        }
        Ok(Some(Loaded {
            outlet,
            channels,
            devices,
            rules,
            days: part.days,
            until: part.until,
            messages,
            marks: marks(desk, &outlet.code, part.as_of)?,
            reviews: super::reviews::overrides(desk, &outlet.code, (span, part.as_of))?,
            history: history(desk, &outlet.code, span.from, part.as_of)?,
        }))
    }

    /// The same with only the messages of some hours and without history: for hours that have just ended.
    pub fn load_hours(
        desk: &'a Desk<'_>,
        outlet: &'a Outlet,
        part: Part,
        (from, to): (Instant, Instant),
    ) -> Result<Option<Loaded<'a>>, Trouble> {
        let Some(rules) = desk.data.catalogs.standards.online_rules(outlet.kind, part.days.1) else { return Ok(None) };
        let devices: Vec<Device> = desk.register.devices_of(&outlet.code).cloned().collect();
        let channels = devices.iter().flat_map(|device| desk.register.channels_of(&device.mn)).cloned().collect();
        let span = Span { from, to };
        let mut messages = Vec::new();
        for device in &devices {
            for cadence in [Cadence::RealTime, Cadence::Minute, Cadence::Hour] {
                messages.extend(values::messages(desk, &device.mn, cadence, span)?);
            }
        }
        Ok(Some(Loaded {
            outlet,
            channels,
            devices,
            rules,
            days: part.days,
            until: part.until,
            messages,
            marks: marks(desk, &outlet.code, None)?,
            reviews: super::reviews::overrides(desk, &outlet.code, (span, None))?,
            history: Vec::new(),
        }))
    }

    /// Judges only the hours of a span.
    pub fn judge_hours(&self, span: (Instant, Instant)) -> OutletStatement {
        hours(&self.input(), span)
    }

    /// Judges it.
    pub fn judge(&self) -> OutletStatement {
        judge(&self.input())
    }

    fn input(&self) -> OutletInput<'_> {
        OutletInput {
            outlet: self.outlet,
            devices: &self.devices,
            channels: &self.channels,
            rules: &self.rules,
            from: self.days.0,
            to: self.days.1,
            until: self.until,
            messages: &self.messages,
            marks: &self.marks,
            reviews: &self.reviews,
            checks: &[],
            history: &self.history,
        }
    }
}

/// A month, and the hours of one of its days.
pub fn statement(data: &Data, outlet: &str, ask: &StatementAsk) -> Result<Statement, Trouble> {
    let desk = Desk::open(data)?;
    let outlet = desk.outlet(outlet)?;
    let (first, next) = asks::month(&ask.month)?;
    let day = ask.day.as_deref().filter(|day| !day.is_empty()).map(civil_day).transpose()?;
    let as_of = maybe_moment(ask.as_of.as_deref())?;
    let now = as_of.unwrap_or_else(crate::clock::now);
    let until = newest(&desk, outlet)?.map_or(now, |newest| newest.max(now));
    let part = Part { days: (first, Day(next.0 - 1)), until, as_of };
    let mut answer = Statement {
        outlet: outlet.code.clone(),
        month: ask.month.clone(),
        day: day.map(|day| day.to_string()),
        computed: crate::clock::now().to_iso(),
        rules: Vec::new(),
        lines: Vec::new(),
        parameters: Vec::new(),
        simulated: outlet.simulated,
    };
    let Some(loaded) = Loaded::load(&desk, outlet, part)? else { return Ok(answer) };
    let judged = loaded.judge();
    answer.rules = judged.rules.iter().map(rule).collect();
    answer.lines = judged.codes.iter().map(|code| line(&desk, outlet, &loaded, (code, day))).collect();
    answer.parameters = desk.parameters(judged.codes.iter().map(|code| code.code.as_str()));
    Ok(answer)
}

/// The newest data time of an outlet: simulated time may run ahead of the clock.
fn newest(desk: &Desk<'_>, outlet: &Outlet) -> Result<Option<Instant>, Trouble> {
    let mut newest = None;
    for device in desk.register.devices_of(&outlet.code) {
        for cadence in Cadence::ALL {
            newest = newest.max(desk.store.journal().held(&device.mn, cadence)?.map(|(_, last)| last));
        }
    }
    Ok(newest)
}

/// Marks as the statement takes them: one a code, withdrawn ones left out.
fn marks(desk: &Desk<'_>, outlet: &str, as_of: Option<Instant>) -> Result<Vec<Mark>, Trouble> {
    const OPEN: Instant = Instant(i64::MAX / 4);
    let kept = desk.marks(as_of)?;
    let mut marks = Vec::new();
    for mark in kept.of(outlet).filter(|mark| mark.withdrawn.is_none()) {
        let codes: Vec<Option<String>> = match mark.body.codes.is_empty() {
            true => vec![None],
            false => mark.body.codes.iter().cloned().map(Some).collect(),
        };
        marks.extend(codes.into_iter().map(|code| Mark {
            id: mark.id.clone(),
            outlet: outlet.to_string(),
            mn: mark.body.mn.clone(),
            code,
            from: mark.body.from,
            to: mark.body.to.unwrap_or(OPEN),
            kind: mark.body.kind.clone(),
            reason: mark.body.reason.clone(),
            evidence: mark.body.evidence.clone(),
            actor: mark.added.who.clone(),
            recorded: mark.added.at,
            withdraws: None,
        }));
    }
    Ok(marks)
}

/// Judged amounts before a moment, for substitution.
fn history(desk: &Desk<'_>, outlet: &str, before: Instant, as_of: Option<Instant>) -> Result<Vec<PastAmount>, Trouble> {
    let query = |span| JudgedQuery {
        outlet: outlet.to_string(),
        code: None,
        span,
        from: Instant(before.0 - i64::from(HISTORY_DAYS) * asks::DAY_MS),
        to: before,
        as_of,
    };
    let judged = desk.store.judged();
    let hours = judged.get(&query(domain::Span::Hour))?.into_iter();
    let days = judged.get(&query(domain::Span::Day))?.into_iter();
    let hours = hours.filter_map(|row| serde_json::from_value::<HourStatement>(row.body).ok().map(|hour| hour.past()));
    let days = days.filter_map(|row| serde_json::from_value::<DayStatement>(row.body).ok().map(|day| day.past()));
    Ok(hours.chain(days).collect())
}

fn rule(rule: &RuleUsed) -> StatementRule {
    let title = match rule.section.as_str() {
        "validity" => Text::new("有效性", "validity"),
        "flags" => Text::new("数据标记", "flags"),
        "state" => Text::new("标准状态与折算", "standard state and conversion"),
        "rates" => Text::new("传输率与有效率", "rates of transmission and validity"),
        "substitution" => Text::new("缺失排放量替代", "substitution of missing amounts"),
        "channels" => Text::new("因子", "channels"),
        "marks" => Text::new("设备标记", "marks"),
        other => Text::same(other),
    };
    let late = if rule.in_force { "" } else { " (—)" };
    StatementRule {
        document: format!("{}{late}", rule.number),
        clause: rule.clause.clone(),
        title,
        confidence: rule.confidence.into(),
    }
}

type Asked<'c> = (&'c CodeStatement, Option<Day>);

fn line(desk: &Desk<'_>, outlet: &Outlet, loaded: &Loaded<'_>, (code, day): Asked<'_>) -> StatementLine {
    let mn = loaded.channels.iter().find(|channel| channel.code == code.code).map(|channel| channel.mn.clone());
    let digits = desk.digits(&code.code);
    let has_volume = code.days.iter().any(|day| day.values.amount_m3.is_some());
    let has_mass = code.days.iter().any(|day| day.values.mass_kg.is_some() || day.values.substituted_kg.is_some());
    let limit_on = |statistic: Cadence, day: Day| bound(desk, (&outlet.code, &code.code), statistic, day);
    let days = code.days.iter().map(|own| day_period(own, limit_on(Cadence::Day, own.day), digits));
    let of_day = |hour: &&HourStatement| Some(hour.start.civil().0) == day;
    let hours = code
        .hours
        .iter()
        .filter(of_day)
        .map(|own| hour_period(own, limit_on(Cadence::Hour, own.start.civil().0), digits));
    let substituted_hours = code.days.iter().map(|day| u64::from(day.values.substituted_hours)).sum();
    StatementLine {
        mn: mn.or_else(|| loaded.devices.first().map(|device| device.mn.clone())).unwrap_or_default(),
        code: code.code.clone(),
        unit: code.unit.clone(),
        amount_unit: if has_volume { Some("m3".to_string()) } else { has_mass.then(|| "kg".to_string()) },
        month: code.months.first().map_or_else(nothing, |month| month_period(month, substituted_hours, digits)),
        days: days.collect(),
        hours: hours.collect(),
    }
}

/// The limit of a statistic, in force on a day.
fn bound<'r>(desk: &'r Desk<'_>, of: (&str, &str), statistic: Cadence, day: Day) -> Option<&'r OutletLimit> {
    let limits = desk.register.limits_of(of.0, of.1, day);
    limits.into_iter().find(|limit| limit.statistic == statistic.code() && limit.basis != "mass")
}
