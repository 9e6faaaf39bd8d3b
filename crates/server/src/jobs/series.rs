//! A series of one parameter for a chart: hours as kept, days as judged, months as means of the days.

use crate::answers::air::Series;
use crate::data::View;
use crate::jobs::judge::{AreaYear, judge};
use crate::trouble::Trouble;
use domain::{Area, Day, Hour, HourSeries, Ratio, RatioSum, Year};
use lake::SeriesQuery;
use observe::{DayRule, day_values};

/// Longest span of hours that one answer holds [d].
const LONGEST_HOURLY: i32 = 400;
/// Longest span at all [d].
const LONGEST: i32 = 40 * 366;

/// What a chart asks for.
#[derive(Clone, Debug)]
pub struct SeriesAsk {
    /// The city's series …
    pub area: Option<Area>,
    /// … or a station's.
    pub station: Option<String>,
    /// Parameter or item code.
    pub parameter: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// `hour`, `day` or `month`.
    pub step: String,
    /// Rules of the day values.
    pub rules: String,
}

/// The series.
pub fn series(view: &View, ask: &SeriesAsk) -> Result<Series, Trouble> {
    check(ask)?;
    let parameter = parameter_of(view, ask);
    let known = view.data.catalogs.parameters.get(&parameter).ok_or_else(|| {
        let code = &ask.parameter;
        Trouble::not_found(
            "no-such-parameter",
            format!("没有参数“{code}”；见 jingce catalog list parameters。"),
            format!("there is no parameter `{code}`; see jingce catalog list parameters."),
        )
    })?;
    let name = (&known.name).into();
    let unit = known.unit.clone();
    if ask.step == "hour" {
        let points = hourly(view, ask, &parameter)?;
        return Ok(Series { unit, name, points, limit: None });
    }
    let days = daily(view, ask, &parameter)?;
    let points = if ask.step == "month" {
        monthly(&days)
    } else {
        days.iter().map(|(day, value)| (day.to_string(), value.map(float))).collect()
    };
    let limit = if ask.step == "day" { limit(view, ask) } else { None };
    Ok(Series { unit, name, points, limit })
}

fn check(ask: &SeriesAsk) -> Result<(), Trouble> {
    if !matches!(ask.step.as_str(), "hour" | "day" | "month") {
        return Err(Trouble::bad(
            "step",
            format!("step 为“{}”；请用 hour、day 或 month。", ask.step),
            format!("step is `{}`; use hour, day or month.", ask.step),
        ));
    }
    let days = ask.to.0 - ask.from.0;
    let most = if ask.step == "hour" { LONGEST_HOURLY } else { LONGEST };
    if !(0..=most).contains(&days) {
        return Err(Trouble::bad(
            "span",
            format!("{} 至 {} 不是 0 至 {most} 天。", ask.from, ask.to),
            format!("{} to {} is not between 0 and {most} days.", ask.from, ask.to),
        ));
    }
    if ask.area.is_none() && ask.station.is_none() {
        return Err(Trouble::bad("where", "请给出 area 或 station。", "say which area or station."));
    }
    Ok(())
}

/// An item code such as `o3_8h` stands for the parameter it is made of.
fn parameter_of(view: &View, ask: &SeriesAsk) -> String {
    let sets = view.data.catalogs.standards.rule_sets().iter();
    let item = sets.flat_map(|set| &set.evaluation.items).find(|item| item.item == ask.parameter);
    item.map_or_else(|| ask.parameter.clone(), |item| item.parameter.clone())
}

fn hours(view: &View, ask: &SeriesAsk, parameter: &str) -> Result<Vec<HourSeries>, Trouble> {
    let stations = match (&ask.station, &ask.area) {
        (Some(station), _) => vec![station.clone()],
        (None, Some(area)) => view.stations(&area.id)?.into_iter().map(|station| station.code).collect(),
        (None, None) => Vec::new(),
    };
    if stations.is_empty() {
        return Ok(Vec::new());
    }
    let (first, last) = (Hour::of(ask.from, 1), Hour::of(ask.to, 24));
    Ok(view.snapshot.hour_series(&SeriesQuery { stations, parameters: vec![parameter.to_string()], first, last })?)
}

/// Hours of a station, or the mean over the stations that have the hour.
fn hourly(view: &View, ask: &SeriesAsk, parameter: &str) -> Result<Vec<(String, Option<f64>)>, Trouble> {
    let all = hours(view, ask, parameter)?;
    let span = Hour::of(ask.from, 1).0..=Hour::of(ask.to, 24).0;
    Ok(span
        .map(|hour| {
            let mut sum = RatioSum::default();
            for value in all.iter().filter_map(|own| own.at(Hour(hour))) {
                sum.add(value.into());
            }
            (Hour(hour).to_string(), sum.mean().map(float))
        })
        .collect())
}

/// Day values: those of the standard for what it evaluates, plain means for other parameters.
fn daily(view: &View, ask: &SeriesAsk, parameter: &str) -> Result<Vec<(Day, Option<Ratio>)>, Trouble> {
    let evaluated = view
        .data
        .catalogs
        .standards
        .rule_sets()
        .iter()
        .any(|set| set.evaluation.items.iter().any(|item| item.parameter == parameter));
    let area = match (&ask.area, &ask.station) {
        (Some(area), _) => Some(area.clone()),
        (None, Some(station)) => area_of(view, station)?,
        (None, None) => None,
    };
    match area.filter(|_| evaluated) {
        Some(area) => judged_days(view, ask, &area, parameter),
        None => plain_days(view, ask, parameter),
    }
}

fn judged_days(
    view: &View,
    ask: &SeriesAsk,
    area: &Area,
    parameter: &str,
) -> Result<Vec<(Day, Option<Ratio>)>, Trouble> {
    let mut days = Vec::new();
    for year in ask.from.year().0..=ask.to.year().0 {
        let judged = judge(view, &AreaYear { area: area.clone(), year: Year(year), rules: ask.rules.clone() })?;
        let own = &judged.year;
        let position = own.items().iter().position(|item| item.item == ask.parameter || item.parameter == parameter);
        let station = ask.station.as_ref().map(|code| own.stations.iter().find(|station| station.station == *code));
        for (index, day) in own.year.days().enumerate().filter(|(_, day)| ask.from <= *day && *day <= ask.to) {
            let value = position.and_then(|position| match &station {
                Some(station) => station.and_then(|station| station.days[index].items[position].value()),
                None => own.city[index].items[position].value,
            });
            days.push((day, value));
        }
    }
    Ok(days)
}

/// Means of the hours there are; for parameters that no standard evaluates (weather).
fn plain_days(view: &View, ask: &SeriesAsk, parameter: &str) -> Result<Vec<(Day, Option<Ratio>)>, Trouble> {
    let all = hours(view, ask, parameter)?;
    let rule = DayRule::Mean { min_hours: 1 };
    let by_station: Vec<_> = all.iter().map(|own| day_values(own, ask.from, ask.to, &rule)).collect();
    Ok((ask.from.0..=ask.to.0)
        .enumerate()
        .map(|(index, day)| {
            let mut sum = RatioSum::default();
            for value in by_station.iter().filter_map(|days| days[index].value()) {
                sum.add(value);
            }
            (Day(day), sum.mean())
        })
        .collect())
}

fn area_of(view: &View, station: &str) -> Result<Option<Area>, Trouble> {
    let stations = view.snapshot.records(domain::Table::Stations)?;
    let area =
        stations.iter().find(|record| record.get("station") == station).map(|record| record.get("area").to_string());
    Ok(match area {
        Some(area) => view.areas()?.into_iter().find(|own| own.id == area),
        None => None,
    })
}

fn monthly(days: &[(Day, Option<Ratio>)]) -> Vec<(String, Option<f64>)> {
    let mut months: Vec<(domain::Month, RatioSum)> = Vec::new();
    for (day, value) in days {
        if months.last().is_none_or(|(month, _)| *month != day.month()) {
            months.push((day.month(), RatioSum::default()));
        }
        if let (Some(value), Some((_, sum))) = (value, months.last_mut()) {
            sum.add(*value);
        }
    }
    months.into_iter().map(|(month, sum)| (month.to_string(), sum.mean().map(float))).collect()
}

/// Two decimals are what a chart can show.
fn float(value: Ratio) -> f64 {
    value.round(2).to_f64()
}

fn limit(view: &View, ask: &SeriesAsk) -> Option<crate::answers::Number> {
    let choice = crate::jobs::judge::rules_choice(&view.data.catalogs, &ask.rules).ok()?;
    let set = match choice {
        indicators::air::RulesChoice::Asked(set) => *set,
        indicators::air::RulesChoice::InForce => view.data.catalogs.standards.rules_in_force(ask.to).0.clone(),
    };
    let item =
        set.evaluation.items.iter().find(|item| item.item == ask.parameter || item.parameter == ask.parameter)?;
    // A day value is held against the limit over the averaging time of the item's percentile.
    let average =
        item.annual.iter().rev().find(|annual| annual.average != "year").map(|annual| annual.average.as_str())?;
    set.limits.limit(&item.parameter, average, 2).map(crate::answers::Number)
}
