//! The stations of an area in one hour, judged by the real-time report.

use crate::answers::air::{ItemValue, StationMap, StationPoint};
use crate::data::View;
use crate::jobs::judge::{rules_choice, station_name};
use crate::trouble::Trouble;
use domain::{Area, Day, Hour, HourSeries, Ratio, RatioSum};
use indicators::air::RulesChoice;
use lake::SeriesQuery;
use standards::{IndexItem, Period, RuleSet};
use std::collections::BTreeMap;

/// Every listed station in the `hour`-th hour of a day (1 to 24).
pub fn stations_in_hour(view: &View, area: &Area, (day, hour): (Day, u8), rules: &str) -> Result<StationMap, Trouble> {
    if !(1..=24).contains(&hour) {
        return Err(Trouble::bad(
            "hour",
            format!("小时 {hour} 不在 1–24 之间。"),
            format!("hour {hour} is not between 1 and 24."),
        ));
    }
    let set = match rules_choice(&view.data.catalogs, rules)? {
        RulesChoice::Asked(set) => *set,
        RulesChoice::InForce => view.data.catalogs.standards.rules_in_force(day).0.clone(),
    };
    let end = Hour::of(day, hour);
    let items = set.index.items(Period::Hour);
    let longest = items.iter().map(|item| i32::from(item.hours)).max().unwrap_or(1);
    let stations = view.stations(&area.id)?;
    let series = match stations.is_empty() {
        true => Vec::new(),
        false => view.snapshot.hour_series(&SeriesQuery {
            stations: stations.iter().map(|station| station.code.clone()).collect(),
            parameters: items.iter().map(|item| item.parameter.clone()).collect(),
            first: Hour(end.0 - longest + 1),
            last: end,
        })?,
    };
    let points = stations.iter().map(|station| {
        let own: Vec<&HourSeries> = series.iter().filter(|series| series.station == station.code).collect();
        let values: Vec<Option<Ratio>> = items.iter().map(|item| running(&own, item, end)).collect();
        let judged = judged(&set, &values);
        StationPoint {
            station: station.code.clone(),
            name: station_name(&stations, &station.code),
            lon: station.lon_deg,
            lat: station.lat_deg,
            datum: station.datum.clone(),
            aqi: judged.aqi,
            level: judged.level,
            color: judged.color,
            primary: Some(judged.primary),
            items: judged.items,
        }
    });
    Ok(StationMap { date: day.to_string(), hour: Some(hour), stations: points.collect() })
}

/// The mean of the item's hours up to `end`, if enough of them are there.
fn running(series: &[&HourSeries], item: &IndexItem, end: Hour) -> Option<Ratio> {
    let own = series.iter().find(|own| own.parameter == item.parameter)?;
    let mut sum = RatioSum::default();
    for hour in end.0 - i32::from(item.hours) + 1..=end.0 {
        if let Some(value) = own.at(Hour(hour)) {
            sum.add(value.into());
        }
    }
    sum.mean().filter(|_| sum.count() >= u32::from(item.min_hours))
}

struct Judged {
    aqi: Option<u16>,
    level: Option<u8>,
    color: Option<String>,
    primary: Vec<String>,
    items: BTreeMap<String, ItemValue>,
}

fn judged(set: &RuleSet, values: &[Option<Ratio>]) -> Judged {
    let cell = set.index.cell(Period::Hour, values);
    let items = set.index.items(Period::Hour).iter().zip(values).enumerate();
    let items = items
        .filter_map(|(position, (item, value))| {
            let exact = (*value)?;
            let answer = ItemValue {
                value: Some(exact.round(item.digits.unwrap_or(1)).into()),
                exact: Some(exact.to_string()),
                iaqi: cell.iaqi[position],
                stations: None,
                hours: None,
                valid: None,
            };
            Some((item.item.clone(), answer))
        })
        .collect();
    let level = cell.aqi.and_then(|aqi| set.index.level(aqi));
    Judged {
        aqi: cell.aqi,
        level: level.map(|level| level.level),
        color: level.map(|level| level.color.clone()),
        primary: set.index.names(Period::Hour, cell.primary),
        items,
    }
}
