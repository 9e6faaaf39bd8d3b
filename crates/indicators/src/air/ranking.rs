//! A judged year → the same indicators for each station, and the stations in order of one of them.

use crate::air::value::{AirValue, air_value};
use crate::air::year::AirYear;
use crate::definition::Definition;

/// A station's indicators and its rank.
#[derive(Clone, Debug, PartialEq)]
pub struct RankedStation {
    /// Station code.
    pub station: String,
    /// The indicators asked for, in the order asked for.
    pub values: Vec<AirValue>,
    /// The value it is ranked by.
    pub by: AirValue,
    /// 1 for the smallest value; stations with equal values share a rank; `None` without a value.
    pub rank: Option<u32>,
}

/// The indicators of every area of a judged year at once: the city's, then each station's.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnualStatistics {
    /// The city's, in the order asked for.
    pub city: Vec<AirValue>,
    /// Each station's, in order of its code.
    pub stations: Vec<(String, Vec<AirValue>)>,
}

/// Every asked-for statistic of the city and of each of its stations.
pub fn annual_statistics(year: &AirYear, definitions: &[&Definition]) -> AnnualStatistics {
    let values = |year: &AirYear| definitions.iter().map(|definition| air_value(year, definition)).collect();
    let station = |position: usize| {
        let own = year.of_station(position)?;
        Some((year.stations[position].station.clone(), values(&own)))
    };
    AnnualStatistics { city: values(year), stations: (0..year.stations.len()).filter_map(station).collect() }
}

/// Stations in order of `by`, smallest first; stations without a value come last, without a rank.
///
/// Reference: 城市环境空气质量排名技术规定 (2018): by the composite index as rounded, smaller is better,
/// equal index, equal rank.
pub fn ranking(year: &AirYear, shown: &[&Definition], by: &Definition) -> Vec<RankedStation> {
    let station = |position: usize| {
        let own = year.of_station(position)?;
        let values = shown.iter().map(|definition| air_value(&own, definition)).collect();
        let station = year.stations[position].station.clone();
        Some(RankedStation { station, values, by: air_value(&own, by), rank: None })
    };
    let mut ranked: Vec<RankedStation> = (0..year.stations.len()).filter_map(station).collect();
    ranked.sort_by(|a, b| {
        let key = |own: &RankedStation| (own.by.value.is_none(), own.by.value);
        key(a).cmp(&key(b)).then_with(|| a.station.cmp(&b.station))
    });
    for position in 0..ranked.len() {
        let own = ranked[position].by.value;
        let same = position.checked_sub(1).map(|before| &ranked[before]).filter(|before| before.by.value == own);
        ranked[position].rank = match (own, same) {
            (None, _) => None,
            (Some(_), Some(before)) => before.rank,
            (Some(_), None) => Some(position as u32 + 1),
        };
    }
    ranked
}
