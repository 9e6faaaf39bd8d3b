//! Judged hours, days and months → as they are answered: both results, the instrument's beside ours, what stands in.

use super::super::desk::number;
use super::super::wall::beyond;
use crate::answers::Text;
use crate::answers::online::statement::{Difference, InstrumentResult, JudgedPeriod, JudgedResult, Rate, Substitution};
use domain::{Fixed, OutletLimit, Ratio};
use indicators::online::{
    Compared, DayStatement, DayValues, HourStatement, HourValues, MonthStatement, MonthValues, Noted, Pair, Rates,
    Substituted,
};

/// Decimals of amounts [kg, m³]. Our choice.
const AMOUNT_DIGITS: u32 = 3;
/// A difference beyond this share of the instrument's value is more than rounding [%]. Our choice.
const NOTABLE_PERCENT: i64 = 1;

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
    fn result(&self, digits: u32) -> JudgedResult {
        JudgedResult {
            value: printed(self.value, digits),
            converted: printed(self.converted, digits),
            amount: printed(self.amount, AMOUNT_DIGITS),
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

/// A value rounded once by GB/T 8170, as it is printed.
fn printed(value: Option<Fixed>, digits: u32) -> Option<String> {
    number(value.map(|value| Ratio::from(value).round(digits)))
}

/// An hour as it is answered.
pub(super) fn hour_period(own: &HourStatement, limit: Option<&OutletLimit>, digits: u32) -> JudgedPeriod {
    let with = Judged::from(&own.values);
    let without = own.without_marks.as_ref().map(Judged::from);
    let instead = own.substituted.as_ref().and_then(|instead| substitution(instead, 1));
    let values = &own.values;
    let mut with_marks = with.result(digits);
    if let Some(amount) = own.substituted.as_ref().and_then(|instead| instead.amount_kg) {
        with_marks.amount = printed(Some(amount), AMOUNT_DIGITS);
    }
    JudgedPeriod {
        start: own.start.to_iso(),
        without_marks: without.as_ref().unwrap_or(&with).result(digits),
        with_marks,
        instrument: own.instrument.as_ref().map(instrument),
        difference: own.instrument.as_ref().and_then(|own| difference(own, digits)),
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

/// A day as it is answered.
pub(super) fn day_period(own: &DayStatement, limit: Option<&OutletLimit>, digits: u32) -> JudgedPeriod {
    let with = Judged::from(&own.values);
    let without = own.without_marks.as_ref().map(Judged::from);
    let by_day = own.substituted.as_ref().and_then(|instead| substitution(instead, own.values.substituted_hours));
    JudgedPeriod {
        start: own.day.to_string(),
        without_marks: without.as_ref().unwrap_or(&with).result(digits),
        with_marks: with.result(digits),
        instrument: own.instrument.as_ref().map(instrument),
        difference: own.instrument.as_ref().and_then(|own| difference(own, digits)),
        substitution: by_day.or_else(|| of_hours(own.values.substituted_kg, own.values.substituted_hours.into())),
        low: number(limit.and_then(|limit| limit.low)),
        high: number(limit.and_then(|limit| limit.high)),
        over: over(limit, &with),
        frame: own.instrument.as_ref().map(|own| own.frame.0),
        notes: notes(&own.values.notes),
        ..rated(&own.values.rates)
    }
}

/// A month as it is answered.
pub(super) fn month_period(own: &MonthStatement, substituted_hours: u64, digits: u32) -> JudgedPeriod {
    let with = Judged::from(&own.values);
    let without = own.without_marks.as_ref().map(Judged::from);
    JudgedPeriod {
        start: own.first_day.to_string(),
        without_marks: without.as_ref().unwrap_or(&with).result(digits),
        with_marks: with.result(digits),
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

/// A period of which nothing is known.
pub(super) fn nothing() -> JudgedPeriod {
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
fn difference(own: &Compared, digits: u32) -> Option<Difference> {
    let less = |pair: &Pair| pair.difference.map(|theirs| Fixed::from_millionths(-theirs.millionths()));
    let (value, converted, amount) = (less(&own.average), less(&own.converted), less(&own.amount));
    if value.is_none() && converted.is_none() && amount.is_none() {
        return None;
    }
    let percent = percent_of(value, &own.average);
    // A logger may state what it measured rightly, and convert it wrongly.
    let notable = [percent, percent_of(converted, &own.converted)].into_iter().flatten();
    let notable = notable.map(|percent| percent.millionths().abs()).any(|of| of > NOTABLE_PERCENT * domain::fixed::ONE);
    Some(Difference {
        // One digit more than the values themselves: it is a difference.
        value: printed(value, digits + 1),
        converted: printed(converted, digits + 1),
        amount: printed(amount, AMOUNT_DIGITS),
        percent: number(percent),
        notable,
    })
}

/// A difference in per cent of the instrument's value.
fn percent_of(difference: Option<Fixed>, pair: &Pair) -> Option<Fixed> {
    let theirs = pair.theirs.filter(|theirs| theirs.millionths() != 0)?;
    Some(Ratio::new(i128::from(difference?.millionths()) * 100, i128::from(theirs.millionths().abs())).round(2))
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
        amount: printed(Some(amount), AMOUNT_DIGITS).unwrap_or_default(),
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
        amount: printed(Some(amount), AMOUNT_DIGITS).unwrap_or_default(),
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
