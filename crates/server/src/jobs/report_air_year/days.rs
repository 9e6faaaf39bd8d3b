//! Days, levels and months of the document.

use super::Material;
use super::places::symbol;
use crate::answers::air::AirDay;
use domain::{Day, Fixed, Month, Ratio, RatioSum, Text};
use indicators::Statistic;
use indicators::air::statistic::statistic;
use report::Amount;
use report::air_year as doc;

/// Counts of days.
pub(super) fn counts(own: &Material) -> doc::DayCounts {
    let (good, valid) = good_days(own.city.iter());
    let heavy = judged(own).filter(|(_, level)| level.heavy).count() as u32;
    let last = own.before.as_ref().map(|before| {
        let days: Vec<AirDay> =
            before.year.city.iter().map(|day| crate::jobs::air_days::city_day(&before.year, day)).collect();
        let (good, valid) = good_of(own, days.iter());
        share(good, valid)
    });
    let needs = &own.now.year.rules.annual.evaluation.completeness;
    doc::DayCounts {
        of: own.ask.year.len(),
        valid,
        good: judged(own).filter(|(_, level)| level.good).count() as u32,
        polluted: judged(own).filter(|(_, level)| !level.good).count() as u32,
        heavy,
        good_ratio: share(good_of(own, own.city.iter()).0, valid),
        last_good_ratio: last,
        complete: valid >= needs.year_days && good <= valid,
    }
}

fn good_days<'a>(days: impl Iterator<Item = &'a AirDay>) -> (u32, u32) {
    days.fold((0, 0), |(good, valid), day| (good, valid + u32::from(day.valid)))
}

fn good_of<'a>(own: &Material, days: impl Iterator<Item = &'a AirDay>) -> (u32, u32) {
    let levels = &own.now.year.rules.annual.index.levels;
    let is_good = |level: u8| levels.iter().any(|own| own.level == level && own.good);
    days.filter_map(|day| day.level).fold((0, 0), |(good, valid), level| (good + u32::from(is_good(level)), valid + 1))
}

/// Days with an index, and their level.
fn judged<'a>(own: &'a Material) -> impl Iterator<Item = (&'a AirDay, &'a standards::Level)> {
    let levels = &own.now.year.rules.annual.index.levels;
    own.city.iter().filter_map(move |day| Some((day, levels.iter().find(|level| Some(level.level) == day.level)?)))
}

fn share(part: u32, whole: u32) -> Amount {
    let percent = (whole > 0).then(|| Ratio::new(i128::from(part) * 100, i128::from(whole)).round(1));
    Amount::fixed_or(percent, 1, "无有效日", "no valid day")
}

fn code(level: u8) -> String {
    level.to_string()
}

/// Levels with their days.
pub(super) fn levels(own: &Material) -> Vec<doc::Level> {
    let valid = judged(own).count() as u32;
    let levels = own.now.year.rules.annual.index.levels.iter();
    levels
        .map(|level| {
            let days = judged(own).filter(|(_, own)| own.level == level.level).count() as u32;
            doc::Level {
                code: code(level.level),
                name: Text::new(
                    format!("{} {}", level.name.zh, level.class.zh),
                    format!("{} {}", level.name.en, level.class.en),
                ),
                colour: level.color.clone(),
                range: level.to.map_or_else(|| format!("≥{}", level.from), |to| format!("{}–{to}", level.from)),
                days,
                share: share(days, valid),
            }
        })
        .collect()
}

/// Every day.
pub(super) fn calendar(own: &Material) -> Vec<doc::Day> {
    own.city
        .iter()
        .map(|day| doc::Day {
            date: day.date.clone(),
            aqi: day.aqi,
            level: day.level.map(code).unwrap_or_default(),
            primary: day.primary.iter().map(|item| symbol(own, item)).collect(),
            values: own.now.year.items().iter().map(|item| value_of(day, &item.item, item.digits_day)).collect(),
            excluded: day.excluded,
            note: if day.valid { Text::default() } else { Text::new("有效数据不足", "not enough valid data") },
        })
        .collect()
}

fn value_of(day: &AirDay, item: &str, digits: u32) -> Amount {
    let value = day.items.get(item).and_then(|value| value.value).map(|value| value.0);
    Amount::fixed_or(value, digits, "缺测", "missing")
}

/// The months.
pub(super) fn months(own: &Material) -> Vec<doc::Month> {
    let first = own.ask.year.first_day().month();
    (0..12).map(|index| month(own, Month(first.0 + index))).collect()
}

fn month(own: &Material, month: Month) -> doc::Month {
    let (from, to) = (month.first_day(), Day(month.first_day().0 + month.days() as i32 - 1));
    let inside = |day: &&AirDay| day.date.parse::<Day>().is_ok_and(|day| from <= day && day <= to);
    let days: Vec<&AirDay> = own.city.iter().filter(inside).collect();
    let (good, valid) = good_of(own, days.iter().copied());
    let by_level = own.now.year.rules.annual.index.levels.iter();
    let by_level =
        by_level.map(|level| days.iter().filter(|day| day.level == Some(level.level)).count() as u32).collect();
    let mut values = Vec::new();
    let mut item_days = Vec::new();
    for position in 0..own.now.year.items().len() {
        let own_days = own.now.year.city.iter().filter(|day| from <= day.day && day.day <= to);
        let exact: Vec<Ratio> = own_days.filter_map(|day| day.items[position].value).collect();
        item_days.push(exact.len() as u32);
        values.push(month_value(own, position, &exact));
    }
    doc::Month {
        month: month.month_of_year() as u8,
        of: month.days(),
        valid,
        good,
        good_ratio: share(good, valid),
        by_level,
        values,
        item_days,
    }
}

/// A mean where the year's first statistic of the item is one, that percentile otherwise.
fn month_value(own: &Material, position: usize, exact: &[Ratio]) -> Amount {
    let item = &own.now.year.items()[position];
    let percentile = item.annual.first().and_then(|annual| annual.id.strip_prefix('p')).and_then(|p| p.parse().ok());
    let value: Option<Fixed> = match percentile {
        Some(p) => statistic(exact, Statistic::Percentile(p)),
        None => {
            let mut sum = RatioSum::default();
            exact.iter().for_each(|value| sum.add(*value));
            sum.mean()
        }
    }
    .map(|value| value.round(item.digits_day));
    Amount::fixed_or(value, item.digits_day, "无数据", "no data")
}

/// Polluted days.
pub(super) fn polluted(own: &Material) -> Vec<doc::PollutedDay> {
    judged(own)
        .filter(|(_, level)| !level.good)
        .map(|(day, level)| doc::PollutedDay {
            date: day.date.clone(),
            aqi: day.aqi.unwrap_or(0),
            level: code(level.level),
            primary: day.primary.iter().map(|item| symbol(own, item)).collect(),
            values: day.primary.iter().filter_map(|item| printed(own, day, item)).collect(),
            excluded: day.excluded,
        })
        .collect()
}

fn printed(own: &Material, day: &AirDay, item: &str) -> Option<String> {
    let known = own.now.year.items().iter().find(|known| known.item == item)?;
    let value = day.items.get(item)?.value?.0;
    Some(format!("{} {}", Amount::fixed(value, known.digits_day).text, known.unit))
}

/// Polluted days by primary pollutant.
pub(super) fn by_primary(own: &Material) -> Vec<doc::PrimaryCount> {
    let costs = indicators::air::costs(&own.now.year);
    let rows = costs.by_pollutant.iter();
    rows.map(|(item, days)| doc::PrimaryCount { symbol: symbol(own, item), days: *days }).collect()
}
