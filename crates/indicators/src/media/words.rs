//! What is said to people of months and years of points.

use crate::media::bench::Judged;
use crate::media::names::name_of;
use crate::media::point_year::YearPart;
use domain::{Confidence, Day, Month, Ratio, Text};
use standards::Catalog;
use standards::media::Limits;
use standards::monitoring::Monitoring;
use standards::water::Change;

pub(super) fn state_month(word: &Text) -> Text {
    Text::new(format!("本月{}，没有监测值", word.zh), format!("{} this month: no value", word.en))
}

pub(super) fn state_beside_values(word: &Text) -> Text {
    Text::new(
        format!("本月既有“{}”标记又有监测值；采用监测值", word.zh),
        format!("the month is marked `{}` and has values: the values are used", word.en),
    )
}

pub(super) fn few_days(parameter: &str, days: u32, needed: u32, manual: bool) -> Text {
    let name = name_of(parameter);
    let (zh, en) = if manual {
        ("改用手工监测", "samples are used instead")
    } else {
        ("也没有手工监测，本月无此项", "there are no samples either, so the month has no value of it")
    };
    Text::new(
        format!("{}：自动监测有效日 {days} 天，不足 {needed} 天，{zh}", name.zh),
        format!("{}: {days} valid automatic days, {needed} needed; {en}", name.en),
    )
}

pub(super) fn automatic_preferred() -> Text {
    Text::new("此项优先采用自动监测数据", "automatic data are preferred for this item")
}

pub(super) fn samples_preferred() -> Text {
    Text::new("此项采用手工监测数据", "samples are used for this item")
}

pub(super) fn not_in_the_mean() -> Text {
    Text::new("月值由更细的数据算出，未采用", "the month's value is made of finer data")
}

pub(super) fn too_few_days(days: u32, needed: u32) -> Text {
    Text::new(
        format!("自动监测有效日 {days} 天，不足 {needed} 天"),
        format!("{days} valid automatic days, {needed} needed"),
    )
}

pub(super) fn day_mean_given() -> Text {
    Text::new("当日已有日均值", "the day has a given mean")
}

pub(super) fn few_values(values: u32, full: u32) -> Text {
    Text::new(
        format!("有效值 {values} 个（应有 {full} 个），不足以得出均值"),
        format!("{values} valid values of {full}: not enough for a mean"),
    )
}

/// `3月`, `3–5月、8月`.
pub(super) fn months_of(months: &[Month]) -> (String, String) {
    let mut runs: Vec<(i8, i8)> = Vec::new();
    for month in months.iter().map(|own| own.month_of_year()) {
        match runs.last_mut() {
            Some((_, to)) if *to + 1 == month => *to = month,
            _ => runs.push((month, month)),
        }
    }
    let span = |(from, to): &(i8, i8)| if from == to { from.to_string() } else { format!("{from}–{to}") };
    let all: Vec<String> = runs.iter().map(span).collect();
    (format!("{}月", all.join("、")), format!("month {}", all.join(", ")))
}

pub(super) fn in_months(months: &[Month], note: &Text) -> Text {
    let (zh, en) = months_of(months);
    Text::new(format!("{zh}：{}", note.zh), format!("{en}: {}", note.en))
}

pub(super) fn dry_months(months: &[Month]) -> Text {
    let (zh, en) = months_of(months);
    Text::new(
        format!("{zh}没有水样（断流等），不计入年评价所需月份"),
        format!("{en} had no water to sample and is not among the months that the year needs"),
    )
}

pub(super) fn outside_register(at: Month) -> Text {
    let (zh, en) = months_of(&[at]);
    Text::new(
        format!("{zh}有监测值，但名录中该点位此时无效，未评价；请核对名录的起止日期"),
        format!(
            "{en} has values, but the register does not list the point then, so they are not judged: check its dates"
        ),
    )
}

pub(super) fn no_limits_of_kind(kind: &str, rules: &Monitoring) -> Text {
    let known: Vec<&str> = rules.judges.iter().flat_map(|own| &own.kinds).map(String::as_str).collect();
    let known = known.join(", ");
    Text::new(
        format!("点位类型为“{kind}”，没有可用的限值，未评价；请在名录中写 {known} 之一"),
        format!("no limits judge points of kind `{kind}`: write one of {known} in the register"),
    )
}

pub(super) fn not_in_force(id: &str, day: Day) -> Text {
    Text::new(
        format!("{day} 没有生效的标准，按最接近的 {id} 评价"),
        format!("no standard is in force on {day}; {id}, the nearest, was used"),
    )
}

pub(super) fn assumed(class: &str) -> Text {
    Text::new(format!("情景假设：类别为 {class}"), format!("assumed by the scenario: class {class}"))
}

pub(super) fn unknown_class(class: &str, limits: &Limits) -> Text {
    let known: Vec<&str> = limits.classes.iter().map(|own| own.id.as_str()).collect();
    let known = known.join(", ");
    Text::new(
        format!("情景假设的类别“{class}”不存在，未采用；可用 {known}"),
        format!("the assumed class `{class}` does not exist and was not used; there are {known}"),
    )
}

/// What the parts of a year are, and by which of them the year was judged.
pub(super) fn parts(catalog: &Catalog, parts: &[YearPart], year: Option<&Judged>) -> Text {
    let class = |judged: Option<&Judged>| {
        let own = judged.and_then(|own| catalog.limits(&own.standard)?.class(own.verdict.class?));
        own.map_or_else(|| "—".to_string(), |own| own.id.clone())
    };
    let said: Vec<(String, String)> = parts
        .iter()
        .map(|own| {
            let months: Vec<Month> = (own.from.0..=own.to.0).map(Month).collect();
            let (zh, en) = months_of(&months);
            let standard = own.judged.as_ref().map_or("", |judged| judged.standard.as_str());
            let class = class(own.judged.as_ref());
            (
                format!("{zh}按{}、{standard}为 {class}", own.kind),
                format!("{en} as {} by {standard}: {class}", own.kind),
            )
        })
        .collect();
    let zh: Vec<&str> = said.iter().map(|(zh, _)| zh.as_str()).collect();
    let en: Vec<&str> = said.iter().map(|(_, en)| en.as_str()).collect();
    let whole = class(year);
    Text::new(
        format!(
            "年内点位类型或标准有变化（规定未说明如何处理）：{}；全年按年末的类型和标准评价为 {whole}",
            zh.join("，")
        ),
        format!(
            "the kind of the point or the standard changed in the year, which the rules leave open: {}; the year is judged by what holds at its end: {whole}",
            en.join(", ")
        ),
    )
}

pub(super) fn no_section_judged() -> Text {
    Text::new("没有可评价的断面", "no section could be judged")
}

pub(super) fn river_rule(sections: usize, few: usize) -> Text {
    if sections < few {
        return Text::new(
            format!("{sections} 个断面，少于 {few} 个：各项指标先求断面均值再评价"),
            format!("{sections} sections, fewer than {few}: each item is averaged over them and judged"),
        );
    }
    Text::new(
        format!("{sections} 个断面：按断面类别比例评价"),
        format!("{sections} sections: by the shares of their classes"),
    )
}

pub(super) fn lake_rule(points: usize) -> Text {
    Text::new(
        format!("{points} 个点位：各点先求时间均值，再求点位均值评价"),
        format!("{points} points: each averaged over time, then over the points, and judged"),
    )
}

pub(super) fn points_with_few_months(count: usize) -> Text {
    Text::new(
        format!("{count} 个点位的监测月份不足，类别为已有月份的结果"),
        format!("{count} points have fewer months than needed: their class is that of the months there are"),
    )
}

pub(super) fn change(change: &Change, then: (Ratio, Ratio), now: (Ratio, Ratio), count: u32) -> Text {
    let one = |value: Ratio| value.round(1);
    let unsure = change.confidence == Confidence::Unconfirmed;
    let (zh, en) = if unsure { ("（阈值未经核实）", " (thresholds unconfirmed)") } else { ("", "") };
    Text::new(
        format!(
            "与上年同期相比（{count} 个可比点位），优良比例 {}% → {}%，最差类别 {}% → {}%：{}{zh}",
            one(then.0),
            one(now.0),
            one(then.1),
            one(now.1),
            change.words.zh
        ),
        format!(
            "against the same months of the year before ({count} comparable points), good {} % → {} %, worst class {} % → {} %: {}{en}",
            one(then.0),
            one(now.0),
            one(then.1),
            one(now.1),
            change.words.en
        ),
    )
}
