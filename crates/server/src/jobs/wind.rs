//! A year's wind rose of an area or one station.

use crate::answers::air::{Wind, WindBin};
use crate::data::View;
use crate::trouble::Trouble;
use domain::{Area, Fixed, HourSeries, Year};
use lake::SeriesQuery;
use observe::{WindRose, wind_rose};

/// Parameter codes of wind speed [m/s] and direction [°].
const SPEED: &str = "wind_speed";
const DIRECTION: &str = "wind_direction";
/// Lower bounds of the speed classes [m/s].
const CLASSES: [i32; 5] = [0, 1, 2, 3, 5];

/// Hours by direction and speed; several stations are added up.
pub fn wind(view: &View, area: &Area, year: Year, station: Option<&str>) -> Result<Wind, Trouble> {
    let listed = view.stations(&area.id)?;
    let codes: Vec<String> =
        listed.into_iter().map(|own| own.code).filter(|code| station.is_none_or(|only| only == code)).collect();
    let (first, last) = year.hours();
    let series = match codes.is_empty() {
        true => Vec::new(),
        false => view.snapshot.hour_series(&SeriesQuery {
            stations: codes,
            parameters: vec![SPEED.to_string(), DIRECTION.to_string()],
            first,
            last,
        })?,
    };
    let bounds: Vec<Fixed> = CLASSES.iter().map(|bound| Fixed::from_integer(*bound)).collect();
    // Half a metre a second: below it a vane shows nothing (the usual threshold of a cup anemometer).
    let calm = Fixed::from_millionths(domain::fixed::ONE / 2);
    let mut roses = Vec::new();
    let mut stations = Vec::new();
    for speed in series.iter().filter(|own| own.parameter == SPEED) {
        let direction = series.iter().find(|own| own.parameter == DIRECTION && own.station == speed.station);
        if let Some(direction) = direction {
            roses.push(rose(speed, direction, &bounds, calm));
            stations.push(speed.station.clone());
        }
    }
    Ok(answer(&roses, stations))
}

fn rose(speed: &HourSeries, direction: &HourSeries, bounds: &[Fixed], calm: Fixed) -> WindRose {
    wind_rose(speed, direction, None, bounds, calm)
}

fn answer(roses: &[WindRose], stations: Vec<String>) -> Wind {
    let mut counts = vec![vec![0_u32; CLASSES.len()]; observe::wind::SECTORS];
    let (mut calm, mut hours) = (0_u32, 0_u32);
    for rose in roses {
        calm += rose.calm;
        hours += rose.hours;
        for (sum, own) in counts.iter_mut().flatten().zip(rose.counts.iter().flatten()) {
            *sum += own;
        }
    }
    let bins = CLASSES
        .iter()
        .enumerate()
        .map(|(index, from)| WindBin {
            label: match CLASSES.get(index + 1) {
                Some(to) => format!("{from}–{to}"),
                None => format!("≥{from}"),
            },
            from: f64::from(*from),
            to: CLASSES.get(index + 1).map(|to| f64::from(*to)),
        })
        .collect();
    Wind {
        stations,
        calm_share: (hours > 0).then(|| f64::from(calm) / f64::from(hours)),
        sectors: observe::wind::SECTORS as u8,
        bins,
        counts,
        pollutant: None,
        hours,
    }
}
