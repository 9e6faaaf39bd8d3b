//! The days of a judged year, of the city and of its stations, as answers.

use crate::answers::air::{AirDay, DayOfStations, ItemValue, StationDay, StationMap, StationPoint};
use crate::data::View;
use crate::jobs::judge::{AreaYear, Judged, judge};
use crate::trouble::Trouble;
use domain::{Area, Day, Ratio};
use indicators::air::{AirYear, CityDay, StationDay as JudgedDay};
use standards::{AqiCell, Period};
use std::collections::BTreeMap;

/// A value of one item before it is an answer.
struct Given {
    value: Option<Ratio>,
    stations: Option<u16>,
    hours: Option<u8>,
    valid: bool,
}

/// The days of a year that have any value, in order.
pub fn air_days(view: &View, ask: &AreaYear) -> Result<Vec<AirDay>, Trouble> {
    let judged = judge(view, ask)?;
    if !judged.has_data() {
        return Ok(Vec::new());
    }
    Ok(judged.year.city.iter().map(|day| city_day(&judged.year, day)).collect())
}

/// One day with every station.
pub fn day_of_stations(view: &View, area: &Area, day: Day, rules: &str) -> Result<DayOfStations, Trouble> {
    let ask = AreaYear { area: area.clone(), year: day.year(), rules: rules.to_string() };
    let judged = judge(view, &ask)?;
    let index = index_of(&judged.year, day);
    let stations = judged.year.stations.iter();
    let stations = stations
        .map(|station| {
            let own = &station.days[index];
            let (items, level, primary) = station_day(&judged.year, day, own);
            StationDay {
                station: station.station.clone(),
                name: judged.station_name(&station.station),
                aqi: own.cell.aqi,
                level,
                primary,
                items,
            }
        })
        .collect();
    Ok(DayOfStations {
        date: day.to_string(),
        city: Some(city_day(&judged.year, &judged.year.city[index])),
        stations,
        rules: judged.year.rules_of(day).id.clone(),
    })
}

/// The stations of an area on a day, for the map: every listed one, measured or not.
pub fn stations_on_day(view: &View, area: &Area, day: Day, rules: &str) -> Result<StationMap, Trouble> {
    let ask = AreaYear { area: area.clone(), year: day.year(), rules: rules.to_string() };
    let judged = judge(view, &ask)?;
    let index = index_of(&judged.year, day);
    let points = judged.stations.iter().map(|listed| {
        let own = judged.year.stations.iter().find(|station| station.station == listed.code);
        let judged_day = own.map(|station| &station.days[index]);
        let (items, level, primary) = judged_day.map(|own| station_day(&judged.year, day, own)).unwrap_or_default();
        StationPoint {
            station: listed.code.clone(),
            name: judged.station_name(&listed.code),
            lon: listed.lon_deg,
            lat: listed.lat_deg,
            datum: listed.datum.clone(),
            aqi: judged_day.and_then(|own| own.cell.aqi),
            level,
            color: level.and_then(|level| color(&judged, day, level)),
            primary: judged_day.map(|_| primary),
            items,
        }
    });
    Ok(StationMap { date: day.to_string(), hour: None, stations: points.collect() })
}

/// A city's judged day as an answer.
pub fn city_day(year: &AirYear, day: &CityDay) -> AirDay {
    let given = |position: usize| Given {
        value: day.items[position].value,
        stations: Some(day.items[position].stations),
        hours: None,
        valid: day.items[position].value.is_some(),
    };
    let (items, level, primary) = items(year, day.day, &day.cell, given);
    AirDay {
        date: day.day.to_string(),
        aqi: day.cell.aqi,
        level,
        primary,
        valid: day.cell.aqi.is_some(),
        rules: year.rules_of(day.day).id.clone(),
        items,
        excluded: day.excluded != 0,
    }
}

type Parts = (BTreeMap<String, ItemValue>, Option<u8>, Vec<String>);

fn station_day(year: &AirYear, day: Day, own: &JudgedDay) -> Parts {
    items(year, day, &own.cell, |position| Given {
        value: own.items[position].computed,
        stations: None,
        hours: Some(own.items[position].n),
        valid: own.items[position].valid,
    })
}

/// Items by code, level and primary pollutants of a cell.
fn items(year: &AirYear, day: Day, cell: &AqiCell, given: impl Fn(usize) -> Given) -> Parts {
    let rules = year.rules_of(day);
    let indexed = rules.index.items(Period::Day);
    let mut values = BTreeMap::new();
    for (position, item) in year.items().iter().enumerate() {
        let own = given(position);
        let Some(exact) = own.value else { continue };
        let slot = indexed.iter().position(|indexed| indexed.item == item.item);
        values.insert(
            item.item.clone(),
            ItemValue {
                value: Some(exact.round(item.digits_day).into()),
                exact: Some(exact.to_string()),
                iaqi: slot.filter(|_| own.valid).and_then(|slot| cell.iaqi[slot]),
                stations: own.stations,
                hours: own.hours,
                valid: own.hours.map(|_| own.valid),
            },
        );
    }
    let level = cell.aqi.and_then(|aqi| rules.index.level(aqi)).map(|level| level.level);
    (values, level, indicators::air::cost::primary(rules, cell))
}

/// Position of a day in its year.
pub fn index_of(year: &AirYear, day: Day) -> usize {
    (day.0 - year.year.first_day().0) as usize
}

fn color(judged: &Judged, day: Day, level: u8) -> Option<String> {
    let levels = &judged.year.rules_of(day).index.levels;
    levels.iter().find(|own| own.level == level).map(|own| own.color.clone())
}
