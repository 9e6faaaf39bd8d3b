//! Items and stations of the document.

use super::Material;
use crate::jobs::ranking::{RankedYear, ranked};
use domain::Text;
use report::Amount;
use report::air_year as doc;

/// The evaluated items.
pub(super) fn items(own: &Material) -> Vec<doc::Item> {
    let items = own.now.year.items().iter();
    items
        .map(|item| {
            let parameter = own.view.data.catalogs.parameters.get(&item.parameter);
            doc::Item {
                code: item.item.clone(),
                name: parameter.map_or_else(|| Text::new(&item.item, &item.item), |parameter| parameter.name.clone()),
                symbol: symbol(own, &item.item),
                unit: item.unit.clone(),
            }
        })
        .collect()
}

/// Symbol of an item's parameter.
pub(super) fn symbol(own: &Material, item: &str) -> String {
    let known = own.now.year.items().iter().find(|known| known.item == item);
    let parameter = known.and_then(|known| own.view.data.catalogs.parameters.get(&known.parameter));
    parameter.map_or_else(|| item.to_string(), |parameter| parameter.symbol.clone())
}

/// The stations, best first.
pub(super) fn stations(own: &Material) -> Vec<doc::Station> {
    ranked(&own.now.year).iter().map(|station| row(own, station)).collect()
}

fn row(own: &Material, station: &RankedYear) -> doc::Station {
    let name = own.now.station_name(&station.station);
    doc::Station {
        rank: station.rank,
        code: station.station.clone(),
        name: Text::new(name.zh, name.en),
        valid: station.valid_days,
        good: station.good_days,
        good_ratio: Amount::fixed_or(station.good_ratio, 1, "无数据", "no data"),
        values: station.items.iter().map(|(value, digits)| Amount::fixed_or(*value, *digits, "无数据", "no data")).collect(),
        composite: Amount::fixed_or(station.composite, station.composite_digits, "无数据", "no data"),
    }
}
