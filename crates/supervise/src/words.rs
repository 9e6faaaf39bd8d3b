//! An alert in one sentence, Chinese and English: what was seen, what is allowed and by which document, since when.
//! Used by `server` for pages and messages.

use crate::alert::Alert;
use crate::event::{About, AlertEvent, LimitRef, Reason, Side, Step};
use crate::rule::{Basis, Method};
use domain::{Cadence, Confidence, Fixed, Instant, Text};

/// What things are called; codes where nobody has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The outlet as people call it.
    pub outlet: Text,
    /// The pollutant.
    pub item: Text,
}

/// An alert as it stands.
pub fn alert_words(alert: &Alert, names: &Names) -> Text {
    let said = Said {
        about: &alert.about,
        began: alert.began,
        time: alert.time,
        value: alert.worst.or(alert.value),
        limit: alert.limit.as_ref(),
        count: alert.count,
    };
    let over = alert.recovered.map(|time| (time, alert.reason));
    sentence(&said, names, over)
}

/// One step, for a message.
pub fn event_words(event: &AlertEvent, names: &Names) -> Text {
    let said = Said {
        about: &event.about,
        began: event.began,
        time: event.time,
        value: if event.step == Step::Raised { event.value } else { event.worst.or(event.value) },
        limit: event.limit.as_ref(),
        count: event.count,
    };
    let over = (event.step == Step::Recovered).then_some((event.time, event.reason));
    sentence(&said, names, over)
}

/// What a value of a cadence and basis is called: 小时均值, hourly mean.
pub fn statistic_words(cadence: Cadence, basis: Option<Basis>) -> Text {
    let mean = match cadence {
        Cadence::RealTime => Text::new("实时值", "real-time value"),
        Cadence::Minute => Text::new("分钟均值", "minute mean"),
        Cadence::Hour => Text::new("小时均值", "hourly mean"),
        Cadence::Day => Text::new("日均值", "daily mean"),
    };
    let amount = match cadence {
        Cadence::RealTime => Text::new("实时排放量", "real-time amount"),
        Cadence::Minute => Text::new("分钟排放量", "amount of some minutes"),
        Cadence::Hour => Text::new("小时排放量", "hourly amount"),
        Cadence::Day => Text::new("日排放量", "daily amount"),
    };
    match basis {
        Some(Basis::Mass) => amount,
        Some(Basis::Converted) => Text::new(format!("折算{}", mean.zh), format!("{}, converted", mean.en)),
        Some(Basis::Measured) | None => mean,
    }
}

struct Said<'a> {
    about: &'a About,
    began: Option<Instant>,
    time: Instant,
    value: Option<Fixed>,
    limit: Option<&'a LimitRef>,
    count: u32,
}

fn sentence(said: &Said<'_>, names: &Names, over: Option<(Instant, Option<Reason>)>) -> Text {
    let mut text = match said.about.method {
        Method::Limit => beyond(said, names),
        Method::NoData => silent(said, names),
        Method::Stuck => stuck(said, names),
    };
    if let Some((time, reason)) = over {
        // A silence ends at a moment, a value stands for its period.
        let when = if said.about.method == Method::NoData { moment(time) } else { period(time, said.about.cadence) };
        let why = reason_words(reason);
        text.zh.push_str(&format!("；{when} 解除（{}）", why.zh));
        text.en.push_str(&format!("; over at {when} ({})", why.en));
    }
    let confidence = said.about.confidence;
    if confidence != Confidence::Confirmed {
        let words = match confidence {
            Confidence::Unconfirmed => Text::new("规则依据未经核实", "the rule is unconfirmed"),
            _ => Text::new("规则依据为二手资料", "the rule is from a secondary source"),
        };
        text.zh.push_str(&format!("；{}", words.zh));
        text.en.push_str(&format!("; {}", words.en));
    }
    text
}

fn beyond(said: &Said<'_>, names: &Names) -> Text {
    let statistic = statistic_words(said.about.cadence, said.about.basis);
    let value = said.value.map_or("—".to_string(), |value| quantity(value, &said.about.unit));
    let mut zh = format!("{} {}{} {value}", names.outlet.zh, names.item.zh, statistic.zh);
    let mut en = format!("{} {} {} {value}", names.outlet.en, names.item.en, statistic.en);
    if let Some(limit) = said.limit {
        let bound = limit.bound.map_or("—".to_string(), |bound| quantity(bound, &limit.unit));
        let kind = limit_words(limit, said.about.cadence);
        let (over_zh, over_en) = match limit.side {
            Side::Above => ("超过", "above"),
            Side::Below => ("低于", "below"),
        };
        zh.push_str(&format!("，{over_zh}{} {bound}", kind.zh));
        en.push_str(&format!(", {over_en} the {} {bound}", kind.en));
        if !limit.document.is_empty() {
            zh.push_str(&format!("（{}）", limit.document));
            en.push_str(&format!(" ({})", limit.document));
        }
    }
    if let Some(began) = said.began {
        let when = period(began, said.about.cadence);
        zh.push_str(&format!("，首次 {when}"));
        en.push_str(&format!(", first {when}"));
    }
    Text::new(zh, en)
}

fn silent(said: &Said<'_>, names: &Names) -> Text {
    let kind = match said.about.cadence {
        Cadence::RealTime => Text::new("实时数据", "real-time data"),
        Cadence::Minute => Text::new("分钟数据", "minute data"),
        Cadence::Hour => Text::new("小时数据", "hourly data"),
        Cadence::Day => Text::new("日数据", "daily data"),
    };
    let place = Text::new(
        format!("{} 设备 {}", names.outlet.zh, said.about.mn),
        format!("{} device {}", names.outlet.en, said.about.mn),
    );
    match said.began {
        Some(began) => Text::new(
            format!("{} 自 {} 起没有{}", place.zh, moment(began), kind.zh),
            format!("{}: no {} since {}", place.en, kind.en, moment(began)),
        ),
        None => {
            Text::new(format!("{} 从未收到{}", place.zh, kind.zh), format!("{}: no {} ever came", place.en, kind.en))
        }
    }
}

fn stuck(said: &Said<'_>, names: &Names) -> Text {
    let statistic = statistic_words(said.about.cadence, said.about.basis);
    let value = said.value.map_or("—".to_string(), |value| quantity(value, &said.about.unit));
    let since = moment(said.began.unwrap_or(said.time));
    let count = said.count;
    Text::new(
        format!("{} {}{}自 {since} 起连续 {count} 个值都是 {value}", names.outlet.zh, names.item.zh, statistic.zh),
        format!(
            "{} {} {}: {count} values in a row are {value} since {since}",
            names.outlet.en, names.item.en, statistic.en
        ),
    )
}

fn limit_words(limit: &LimitRef, cadence: Cadence) -> Text {
    let kind = match limit.kind.as_str() {
        "permit" => Text::new("许可限值", "permit limit"),
        "standard" => Text::new("标准限值", "limit of the standard"),
        _ => Text::new("限值", "limit"),
    };
    if limit.statistic == cadence {
        return kind;
    }
    let of = statistic_words(limit.statistic, None);
    Text::new(format!("{}{}", of.zh, kind.zh), format!("{} for the {}", kind.en, of.en))
}

fn reason_words(reason: Option<Reason>) -> Text {
    match reason {
        None | Some(Reason::Back) => Text::new("已回到限值以内", "back within the limit"),
        Some(Reason::Revised) => Text::new("数值修订后未超限", "the value was revised and is within the limit"),
        Some(Reason::Late) => {
            Text::new("数据迟到，其后时段已另行评判", "the value came late; what followed had been judged")
        }
        Some(Reason::DataAgain) => Text::new("恢复上传", "data come again"),
        Some(Reason::Changes) => Text::new("数值恢复变化", "the value changes again"),
        Some(Reason::NoLongerWatched) => Text::new("不再适用", "no longer watched"),
    }
}

fn quantity(value: Fixed, unit: &str) -> String {
    if unit.is_empty() { value.to_string() } else { format!("{value} {unit}") }
}

/// `2025-01-01 14:00`.
fn moment(time: Instant) -> String {
    let (day, ms) = time.civil();
    format!("{day} {}", clock(ms))
}

/// An hour with both ends, because a label alone leaves open which end it means; a day by its date.
fn period(start: Instant, cadence: Cadence) -> String {
    let (day, ms) = start.civil();
    match cadence {
        Cadence::RealTime | Cadence::Minute => moment(start),
        Cadence::Hour => format!("{day} {}–{}", clock(ms), clock(ms + domain::period::HOUR_MS)),
        Cadence::Day => day.to_string(),
    }
}

/// `14:00`, `14:00:30`; the end of a day is 24:00.
fn clock(ms: i64) -> String {
    let seconds = ms / 1000;
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if s == 0 { format!("{h:02}:{m:02}") } else { format!("{h:02}:{m:02}:{s:02}") }
}
