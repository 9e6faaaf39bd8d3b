//! The steps from hours to an annual value, in words that quote the numbers of this year.

use crate::air::statistic::sorted;
use crate::air::value::{AirValue, class_days, day_item_values};
use crate::air::year::AirYear;
use crate::definition::{DayClass, Definition, Method, Statistic};
use domain::{Ratio, RatioSum, Text};
use standards::{DayStatistic, EvaluationItem};

pub(crate) fn steps(year: &AirYear, definition: &Definition, value: &AirValue) -> Vec<Text> {
    let mut steps = Vec::new();
    match &definition.method {
        Method::DayStatistic { item, statistic } => {
            steps.extend(year.rules.annual.evaluation.item(item).map(station_day));
            steps.push(city_day(year));
            steps.push(days_used(year, value));
            steps.push(statistic_step(year, item, *statistic));
        }
        Method::DayCount(class) | Method::DayShare(class) => {
            steps.extend(year.items().iter().map(station_day));
            steps.push(city_day(year));
            steps.extend(judged(year, class));
            steps.push(days_used(year, value));
            steps.push(counted(year, class, matches!(definition.method, Method::DayShare(_))));
        }
        Method::Composite => {
            steps.push(city_day(year));
            steps.push(days_used(year, value));
            steps.extend(composite_parts(year));
        }
        Method::Graph(_) => {}
    }
    steps.push(rounded(definition, value));
    steps
}

/// How a station's hours become its day value.
fn station_day(item: &EvaluationItem) -> Text {
    let name = &item.item;
    match item.day {
        DayStatistic::Mean { min_hours } => Text::new(
            format!("站点 {name} 日值：当日 24 个小时值的算术平均，至少 {min_hours} 个有效（{}）", item.clause),
            format!(
                "station day value of {name}: mean of the day's hourly values, at least {min_hours} valid ({})",
                item.clause
            ),
        ),
        DayStatistic::MaxRunning { window_hours, min_hours, min_windows, exceed_above } => {
            let (zh, en) = exceed_above.map_or_else(Default::default, |limit| {
                (format!("，最大值超过 {limit} 时不足也有效"), format!(", or fewer where the largest is above {limit}"))
            });
            Text::new(
                format!(
                    "站点 {name} 日值：当日内 {window_hours} 小时滑动平均的最大值，每窗至少 {min_hours} 个小时值，至少 {min_windows} 个有效窗{zh}（{}）",
                    item.clause
                ),
                format!(
                    "station day value of {name}: largest {window_hours} h running mean inside the day, each window with at least {min_hours} hours, at least {min_windows} windows{en} ({})",
                    item.clause
                ),
            )
        }
    }
}

fn city_day(year: &AirYear) -> Text {
    let evaluation = &year.rules.annual.evaluation;
    let total = year.stations.len() as u32;
    if total == 0 {
        return Text::new("单个站点：城市日值即站点日值", "a single station: its day values are the city's");
    }
    let needed = evaluation.stations_needed(total);
    Text::new(
        format!("城市日值：{total} 个站点有效日值的算术平均，至少 {needed} 个站点有效（{}）", evaluation.city_clause),
        format!(
            "city day value: mean of the valid day values of {total} stations, at least {needed} of them valid ({})",
            evaluation.city_clause
        ),
    )
}

/// Under which rules days were judged, a sentence for each span of dates.
fn judged(year: &AirYear, class: &DayClass) -> Vec<Text> {
    if matches!(class, DayClass::Above { .. }) {
        return Vec::new();
    }
    let span = |(from, to, set): (domain::Day, domain::Day, &standards::RuleSet)| {
        let (number, clause) = (&set.index.number, &set.index.daily_clause);
        Text::new(
            format!("{from} 至 {to} 按 {number} 计算各项分指数，AQI 取最大值（{clause}）"),
            format!("{from} to {to}: sub-indices by {number}, the AQI is their maximum ({clause})"),
        )
    };
    year.rules.spans().into_iter().map(span).collect()
}

fn days_used(year: &AirYear, value: &AirValue) -> Text {
    let own = &value.completeness;
    let excluded = year.city.iter().filter(|day| day.excluded != 0).count();
    let (zh, en) = match excluded {
        0 => (String::new(), String::new()),
        days => (
            format!("，其中 {days} 天涉及例外时段，评价时剔除"),
            format!(", {days} days touched by exceptional periods and left out of assessment"),
        ),
    };
    let (ok_zh, ok_en) = if own.valid { ("满足", "enough") } else { ("不满足", "not enough") };
    Text::new(
        format!("全年 {} 天中有效 {} 天{zh}；全年需 {} 天且各月达到要求：{ok_zh}", own.of, own.days, own.needed),
        format!(
            "{} of {} days are valid{en}; the year needs {} and every month its share: {ok_en}",
            own.days, own.of, own.needed
        ),
    )
}

fn statistic_step(year: &AirYear, item: &str, which: Statistic) -> Text {
    let (_, values) = day_item_values(year, item, true);
    if values.is_empty() {
        return Text::new("没有有效日值，无法计算", "no valid day value, nothing to compute");
    }
    let n = values.len();
    match which {
        Statistic::Mean => {
            let mut sum = RatioSum::default();
            values.iter().for_each(|value| sum.add(*value));
            let (total, mean) = (sum.total(), sum.mean().unwrap_or(Ratio::new(0, 1)));
            Text::new(
                format!("平均 = Σ ÷ n = {total} ÷ {n} = {mean}"),
                format!("mean = Σ / n = {total} / {n} = {mean}"),
            )
        }
        Statistic::Max => {
            let largest = values.iter().max().copied().unwrap_or(Ratio::new(0, 1));
            Text::new(format!("{n} 个日值的最大值 = {largest}"), format!("largest of {n} day values = {largest}"))
        }
        Statistic::Percentile(p) => percentile_step(&sorted(&values), p),
    }
}

fn percentile_step(sorted: &[Ratio], p: u8) -> Text {
    let n = sorted.len();
    let steps = (n - 1) * usize::from(p);
    let (below, rest) = (steps / 100, steps % 100);
    let low = sorted[below];
    let high = sorted[(below + 1).min(n - 1)];
    let rank = Ratio::new(100 + steps as i128, 100);
    let result = standards::methods::percentile(sorted, p);
    let s = below + 1;
    let part = Ratio::new(rest as i128, 100);
    Text::new(
        format!(
            "升序排列 n = {n}，k = 1 + (n − 1)·{p}/100 = {rank}，X({s}) = {low}，X({}) = {high}，m = X({s}) + (X({}) − X({s}))·{part} = {result}",
            s + 1,
            s + 1
        ),
        format!(
            "ascending, n = {n}, k = 1 + (n − 1)·{p}/100 = {rank}, X({s}) = {low}, X({}) = {high}, m = X({s}) + (X({}) − X({s}))·{part} = {result}",
            s + 1,
            s + 1
        ),
    )
}

fn counted(year: &AirYear, class: &DayClass, share: bool) -> Text {
    let (days, told) = class_days(year, class, true);
    let (days, told) = (days.len(), told.len());
    let name = class.name();
    if !share {
        return Text::new(
            format!("有效 {told} 天中{}为 {days} 天", name.zh),
            format!("{days} of {told} valid days are {}", name.en),
        );
    }
    if told == 0 {
        return Text::new("没有有效日，无法计算比例", "no valid day, no share");
    }
    let ratio = Ratio::new(days as i128 * 100, told as i128);
    Text::new(
        format!("{} {days} 天 ÷ 有效 {told} 天 × 100 = {ratio}%", name.zh),
        format!("{days} {} of {told} valid days × 100 = {ratio} %", name.en),
    )
}

fn composite_parts(year: &AirYear) -> Vec<Text> {
    let part = |item: &standards::CompositeItem| {
        let (_, values) = day_item_values(year, &item.item, true);
        let which = Statistic::from_code(&item.statistic);
        let own = which.and_then(|which| crate::air::statistic::statistic(&values, which));
        let (name, statistic, standard, unit) = (&item.item, &item.statistic, item.standard, &item.unit);
        let Some(own) = own else {
            return Text::new(
                format!("{name} 没有有效值，综合指数无法计算"),
                format!("{name} has no valid value: no composite index"),
            );
        };
        let index = own.divided_by(Ratio::from(standard)).times(i64::from(item.weight));
        let weight = if item.weight == 1 { String::new() } else { format!(" × {}", item.weight) };
        Text::new(
            format!("{name}（{statistic}）：{own} ÷ {standard} {unit}{weight} = {index}"),
            format!("{name} ({statistic}): {own} / {standard} {unit}{weight} = {index}"),
        )
    };
    year.rules.annual.composite.items.iter().map(part).collect()
}

fn rounded(definition: &Definition, value: &AirValue) -> Text {
    let (Some(exact), Some(rounded), Some(shown)) = (value.exact, value.value, value.shown()) else {
        return Text::new("没有结果", "no result");
    };
    let unit = if definition.unit == "1" { String::new() } else { format!(" {}", definition.unit) };
    let mut text = Text::new(
        format!("按 GB/T 8170 一次修约：{exact} → {shown}{unit}"),
        format!("rounded once by GB/T 8170: {exact} → {shown}{unit}"),
    );
    if let Some(limit) = value.limit {
        let (zh, en) = if rounded <= limit { ("达到", "meets") } else { ("超过", "exceeds") };
        text.zh.push_str(&format!("；{zh}二级限值 {limit}{unit}"));
        text.en.push_str(&format!("; {en} the grade 2 limit of {limit}{unit}"));
    }
    if let Some(all) = value.all_data {
        text.zh.push_str(&format!("；全部数据（未剔除）的结果为 {all}{unit}"));
        text.en.push_str(&format!("; from all data, nothing left out, {all}{unit}"));
    }
    text
}
