//! Judged hours, days and months of an outlet, beside the instrument's own.

use super::asks::{self, Span, StatementAsk, maybe_moment};
use super::desk::{Desk, number};
use super::values;
use super::wall::beyond;
use crate::answers::Text;
use crate::answers::online::statement::{
    Difference, InstrumentResult, JudgedPeriod, JudgedResult, Rate, Statement, StatementLine, StatementRule,
    Substitution,
};
use crate::asked::civil_day;
use crate::data::Data;
use crate::trouble::Trouble;
use domain::{Cadence, Channel, Day, Device, Fixed, Instant, OnlineMessage, Outlet, OutletLimit, Ratio};
use indicators::online::{
    CodeStatement, Compared, DayStatement, DayValues, HourStatement, HourValues, Mark, MonthStatement, MonthValues,
    Noted, OutletInput, OutletStatement, PastAmount, Rates, Review, RuleUsed, Substituted, statement as judge,
};
use standards::OnlineRules;
use store::JudgedQuery;

/// Days before the first one that are looked through for substitution.
const HISTORY_DAYS: i32 = 120;
/// A difference beyond this share of the instrument's value is more than rounding [%]. Our choice.
const NOTABLE_PERCENT: i64 = 1;

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

    /// Judges it.
    pub fn judge(&self) -> OutletStatement {
        judge(&OutletInput {
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
        })
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
    let has_volume = code.days.iter().any(|day| day.values.amount_m3.is_some());
    let has_mass = code.days.iter().any(|day| day.values.mass_kg.is_some() || day.values.substituted_kg.is_some());
    let limit_on = |statistic: Cadence, day: Day| bound(desk, (&outlet.code, &code.code), statistic, day);
    let days = code.days.iter().map(|own| day_period(own, limit_on(Cadence::Day, own.day)));
    let of_day = |hour: &&HourStatement| Some(hour.start.civil().0) == day;
    let hours =
        code.hours.iter().filter(of_day).map(|own| hour_period(own, limit_on(Cadence::Hour, own.start.civil().0)));
    let substituted_hours = code.days.iter().map(|day| u64::from(day.values.substituted_hours)).sum();
    StatementLine {
        mn: mn.or_else(|| loaded.devices.first().map(|device| device.mn.clone())).unwrap_or_default(),
        code: code.code.clone(),
        unit: code.unit.clone(),
        amount_unit: if has_volume { Some("m3".to_string()) } else { has_mass.then(|| "kg".to_string()) },
        month: code.months.first().map_or_else(nothing, |month| month_period(month, substituted_hours)),
        days: days.collect(),
        hours: hours.collect(),
    }
}

/// The limit of a statistic, in force on a day.
fn bound<'r>(desk: &'r Desk<'_>, of: (&str, &str), statistic: Cadence, day: Day) -> Option<&'r OutletLimit> {
    let limits = desk.register.limits_of(of.0, of.1, day);
    limits.into_iter().find(|limit| limit.statistic == statistic.code() && limit.basis != "mass")
}

fn over(limit: Option<&OutletLimit>, result: &Judged) -> bool {
    let Some(limit) = limit.filter(|_| result.valid && !result.exempt) else { return false };
    let held = if limit.basis == "converted" { result.converted.or(result.value) } else { result.value };
    held.is_some_and(|held| beyond(held, limit.low, limit.high))
}

/// What hours, days and months have alike.
struct Judged {
    value: Option<Fixed>,
    converted: Option<Fixed>,
    amount: Option<Fixed>,
    counts: (u32, u32),
    valid: bool,
    exempt: bool,
    flag: Option<domain::DataFlag>,
}

impl From<&HourValues> for Judged {
    fn from(own: &HourValues) -> Judged {
        Judged {
            value: own.value,
            converted: own.converted,
            amount: own.amount_m3.or(own.mass_kg),
            counts: (own.valid_minutes, own.due_minutes),
            valid: own.valid,
            exempt: own.exempt,
            flag: Some(own.flag),
        }
    }
}

impl From<&DayValues> for Judged {
    fn from(own: &DayValues) -> Judged {
        Judged {
            value: own.value,
            converted: own.converted,
            amount: own.amount_m3.or(plus(own.mass_kg, own.substituted_kg)),
            counts: (own.valid_hours, own.due_hours),
            valid: own.valid,
            exempt: own.exempt_hours > 0,
            flag: Some(own.flag),
        }
    }
}

impl From<&MonthValues> for Judged {
    fn from(own: &MonthValues) -> Judged {
        Judged {
            value: own.value,
            converted: own.converted,
            amount: own.amount_m3.or(plus(own.mass_kg, own.substituted_kg)),
            counts: (own.valid_days, own.due_days),
            valid: own.valid,
            exempt: false,
            flag: None,
        }
    }
}

impl Judged {
    fn result(&self) -> JudgedResult {
        JudgedResult {
            value: number(self.value),
            converted: number(self.converted),
            amount: number(self.amount),
            n: self.counts.0.into(),
            of: self.counts.1.into(),
            valid: self.valid,
            flag: self.flag.map(|flag| flag.letter().to_string()),
        }
    }
}

fn plus(a: Option<Fixed>, b: Option<Fixed>) -> Option<Fixed> {
    match (a, b) {
        (Some(a), Some(b)) => Some(Fixed::from_millionths(a.millionths().saturating_add(b.millionths()))),
        (one, other) => one.or(other),
    }
}

fn hour_period(own: &HourStatement, limit: Option<&OutletLimit>) -> JudgedPeriod {
    let with = Judged::from(&own.values);
    let without = own.without_marks.as_ref().map(Judged::from);
    let instead = own.substituted.as_ref().and_then(|instead| substitution(instead, 1));
    let values = &own.values;
    let mut with_marks = with.result();
    if let Some(amount) = own.substituted.as_ref().and_then(|instead| instead.amount_kg) {
        with_marks.amount = Some(amount.to_string());
    }
    JudgedPeriod {
        start: own.start.to_iso(),
        without_marks: without.as_ref().unwrap_or(&with).result(),
        with_marks,
        instrument: own.instrument.as_ref().map(instrument),
        difference: own.instrument.as_ref().and_then(difference),
        substitution: instead,
        transmission: rate(values.received_minutes, values.due_minutes, None),
        validity: rate(values.valid_minutes, values.due_minutes, None),
        effective_percent: None,
        low: number(limit.and_then(|limit| limit.low)),
        high: number(limit.and_then(|limit| limit.high)),
        over: over(limit, &with),
        frame: own.instrument.as_ref().map(|own| own.frame.0).or(own.frames.map(|(first, _)| first.0)),
        notes: notes(&values.notes),
    }
}

fn day_period(own: &DayStatement, limit: Option<&OutletLimit>) -> JudgedPeriod {
    let with = Judged::from(&own.values);
    let without = own.without_marks.as_ref().map(Judged::from);
    let by_day = own.substituted.as_ref().and_then(|instead| substitution(instead, own.values.substituted_hours));
    JudgedPeriod {
        start: own.day.to_string(),
        without_marks: without.as_ref().unwrap_or(&with).result(),
        with_marks: with.result(),
        instrument: own.instrument.as_ref().map(instrument),
        difference: own.instrument.as_ref().and_then(difference),
        substitution: by_day.or_else(|| of_hours(own.values.substituted_kg, own.values.substituted_hours.into())),
        low: number(limit.and_then(|limit| limit.low)),
        high: number(limit.and_then(|limit| limit.high)),
        over: over(limit, &with),
        frame: own.instrument.as_ref().map(|own| own.frame.0),
        notes: notes(&own.values.notes),
        ..rated(&own.values.rates)
    }
}

fn month_period(own: &MonthStatement, substituted_hours: u64) -> JudgedPeriod {
    let with = Judged::from(&own.values);
    let without = own.without_marks.as_ref().map(Judged::from);
    JudgedPeriod {
        start: own.first_day.to_string(),
        without_marks: without.as_ref().unwrap_or(&with).result(),
        with_marks: with.result(),
        substitution: of_hours(own.values.substituted_kg, substituted_hours),
        notes: notes(&own.values.notes),
        ..rated(&own.values.hour_rates)
    }
}

/// Nothing but rates.
fn rated(rates: &Rates) -> JudgedPeriod {
    JudgedPeriod {
        transmission: rate(rates.received, rates.due, rates.transmission_percent),
        validity: rate(rates.valid, rates.due, rates.validity_percent),
        effective_percent: number(rates.effective_percent),
        ..nothing()
    }
}

fn nothing() -> JudgedPeriod {
    let none = || JudgedResult { value: None, converted: None, amount: None, n: 0, of: 0, valid: false, flag: None };
    JudgedPeriod {
        start: String::new(),
        without_marks: none(),
        with_marks: none(),
        instrument: None,
        difference: None,
        substitution: None,
        transmission: rate(0, 0, None),
        validity: rate(0, 0, None),
        effective_percent: None,
        low: None,
        high: None,
        over: false,
        frame: None,
        notes: Vec::new(),
    }
}

fn rate(n: u32, of: u32, percent: Option<Fixed>) -> Rate {
    let own = (of > 0).then(|| Ratio::new(i128::from(n) * 100, i128::from(of)).round(2));
    Rate { n: n.into(), of: of.into(), percent: number(percent.or(own)) }
}

fn instrument(own: &Compared) -> InstrumentResult {
    InstrumentResult {
        value: number(own.average.theirs),
        converted: number(own.converted.theirs),
        amount: number(own.amount.theirs),
    }
}

/// Ours less the instrument's.
fn difference(own: &Compared) -> Option<Difference> {
    let less =
        |pair: &indicators::online::Pair| pair.difference.map(|theirs| Fixed::from_millionths(-theirs.millionths()));
    let (value, converted, amount) = (less(&own.average), less(&own.converted), less(&own.amount));
    if value.is_none() && converted.is_none() && amount.is_none() {
        return None;
    }
    let theirs = own.average.theirs.filter(|theirs| theirs.millionths() != 0);
    let percent = value.zip(theirs).map(|(value, theirs)| {
        Ratio::new(i128::from(value.millionths()) * 100, i128::from(theirs.millionths().abs())).round(2)
    });
    let notable = percent.is_some_and(|percent| percent.millionths().abs() > NOTABLE_PERCENT * domain::fixed::ONE);
    Some(Difference {
        value: number(value),
        converted: number(converted),
        amount: number(amount),
        percent: number(percent),
        notable,
    })
}

fn substitution(own: &Substituted, hours: u32) -> Option<Substitution> {
    let amount = own.amount_kg?;
    let (cause_zh, cause_en) = match own.cause.as_str() {
        "out-of-control" => ("失控", "out of control"),
        "maintenance" => ("维护", "maintenance"),
        _ => ("故障", "failure"),
    };
    let window = own.window.map(|window| window.to_string()).unwrap_or_default();
    let from = own.from.map(|from| from.to_iso()).unwrap_or_default();
    let alpha = number(own.alpha_percent).unwrap_or_else(|| "—".to_string());
    Some(Substitution {
        amount: amount.to_string(),
        hours: hours.into(),
        rule: Text::new(
            format!(
                "{}：{cause_zh}，捕集率 {alpha}%，取此前 {window} 个有效时段（已知 {}）最大值，出自 {from}",
                own.clause, own.window_known
            ),
            format!(
                "{}: {cause_en}, capture rate {alpha} %, the largest of {window} valid periods before ({} known), from {from}",
                own.clause, own.window_known
            ),
        ),
        confidence: own.confidence.into(),
    })
}

fn of_hours(amount: Option<Fixed>, hours: u64) -> Option<Substitution> {
    amount.map(|amount| Substitution {
        amount: amount.to_string(),
        hours,
        rule: Text::new("各小时替代量之和，依据见各小时", "the sum of its hours, whose rules stand with them"),
        confidence: crate::answers::Confidence::Probable,
    })
}

fn notes(list: &[Noted]) -> Vec<Text> {
    let words = list.iter().map(|noted| {
        let text = noted.note.text();
        Text::new(format!("{}（{}）", text.zh, noted.count), format!("{} ({})", text.en, noted.count))
    });
    words.collect()
}
