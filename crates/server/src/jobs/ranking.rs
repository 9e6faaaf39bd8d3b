//! The stations of an area's year, best composite index first.

use crate::answers::Number;
use crate::answers::air::{RankedStation, RankedValue};
use crate::catalogs::Catalogs;
use crate::data::View;
use crate::jobs::judge::{AreaYear, judge};
use crate::trouble::Trouble;
use domain::Fixed;
use indicators::air::{self, AirYear};
use indicators::{DayClass, Definition, Method};

/// Stations ranked.
pub fn ranking(view: &View, ask: &AreaYear) -> Result<Vec<RankedStation>, Trouble> {
    let judged = judge(view, ask)?;
    let catalogs = &view.data.catalogs;
    let (Some(by), days) = (composite(catalogs), day_definitions(catalogs)) else { return Ok(Vec::new()) };
    let items = item_definitions(catalogs, &judged.year);
    let shown: Vec<&Definition> = days.into_iter().chain(items.iter().flatten().copied()).collect();
    let rows = air::ranking(&judged.year, &shown, by);
    Ok(rows
        .iter()
        .map(|own| {
            let count = |class: &DayClass| count(catalogs, own, class);
            RankedStation {
                station: own.station.clone(),
                name: judged.station_name(&own.station),
                good_days: count(&DayClass::Good),
                valid_days: count(&DayClass::Judged),
                good_ratio: share(catalogs, own).map(Number),
                statistics: items.iter().flatten().filter_map(|definition| statistic(definition, own)).collect(),
                composite: own.by.value.map(Number),
                rank: own.rank,
            }
        })
        .collect())
}

fn statistic(definition: &Definition, own: &air::RankedStation) -> Option<RankedValue> {
    let value = own.values.iter().find(|value| value.id == definition.id)?;
    Some(RankedValue {
        item: definition.method.item().unwrap_or_default().to_string(),
        indicator: definition.id.clone(),
        title: (&definition.title).into(),
        value: value.shown(),
        unit: definition.unit.clone(),
        valid: value.valid,
    })
}

/// The indicator that stations are ranked by.
pub fn composite(catalogs: &Catalogs) -> Option<&Definition> {
    catalogs.definitions.iter().find(|definition| definition.method == Method::Composite)
}

/// The counts and the share of good days.
pub fn day_definitions(catalogs: &Catalogs) -> Vec<&Definition> {
    let wanted =
        [Method::DayCount(DayClass::Good), Method::DayCount(DayClass::Judged), Method::DayShare(DayClass::Good)];
    wanted
        .iter()
        .filter_map(|method| catalogs.definitions.iter().find(|definition| definition.method == *method))
        .collect()
}

/// A count of days of a ranked station.
pub fn count(catalogs: &Catalogs, own: &air::RankedStation, class: &DayClass) -> u32 {
    let method = Method::DayCount(class.clone());
    let id = catalogs
        .definitions
        .iter()
        .find(|definition| definition.method == method)
        .map(|definition| definition.id.as_str());
    let value = own.values.iter().find(|value| Some(value.id.as_str()) == id).and_then(|value| value.value);
    value.map_or(0, |days| (days.millionths() / domain::fixed::ONE) as u32)
}

/// The share of good days of a ranked station [%].
pub fn share(catalogs: &Catalogs, own: &air::RankedStation) -> Option<Fixed> {
    let method = Method::DayShare(DayClass::Good);
    let id = catalogs
        .definitions
        .iter()
        .find(|definition| definition.method == method)
        .map(|definition| definition.id.as_str());
    own.values.iter().find(|value| Some(value.id.as_str()) == id).and_then(|value| value.value)
}

/// The annual statistics of the standard, one an item: the first that has a limit.
pub fn item_definitions<'a>(catalogs: &'a Catalogs, year: &AirYear) -> Vec<Option<&'a Definition>> {
    let of_item = |code: &str, statistic: &str| {
        catalogs.definitions.iter().find(|definition| match &definition.method {
            Method::DayStatistic { item, statistic: own } => item == code && own.code() == statistic,
            _ => false,
        })
    };
    year.items()
        .iter()
        .map(|item| of_item(&item.item, item.annual.first().map_or("", |annual| annual.id.as_str())))
        .collect()
}
