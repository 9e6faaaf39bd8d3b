//! Items and stations of the document.

use super::Material;
use crate::jobs::ranking::{composite, count, day_definitions, item_definitions, share};
use domain::Text;
use indicators::air::{AirValue, RankedStation, ranking};
use indicators::{DayClass, Definition};
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
    let catalogs = &own.view.data.catalogs;
    let Some(by) = composite(catalogs) else { return Vec::new() };
    let items = item_definitions(catalogs, &own.now.year);
    let shown: Vec<&Definition> =
        day_definitions(catalogs).into_iter().chain(items.iter().flatten().copied()).collect();
    ranking(&own.now.year, &shown, by).iter().map(|station| row(own, station, &items)).collect()
}

fn row(own: &Material, station: &RankedStation, items: &[Option<&Definition>]) -> doc::Station {
    let catalogs = &own.view.data.catalogs;
    let name = own.now.station_name(&station.station);
    let value = |definition: &Option<&Definition>| {
        let value = definition.and_then(|definition| station.values.iter().find(|value| value.id == definition.id));
        value.map_or_else(Amount::default, amount)
    };
    doc::Station {
        rank: station.rank,
        code: station.station.clone(),
        name: Text::new(name.zh, name.en),
        valid: count(catalogs, station, &DayClass::Judged),
        good: count(catalogs, station, &DayClass::Good),
        good_ratio: Amount::fixed_or(share(catalogs, station), 1, "无数据", "no data"),
        values: items.iter().map(value).collect(),
        composite: amount(&station.by),
    }
}

/// A printed value with its exact one.
pub(super) fn amount(value: &AirValue) -> Amount {
    let text = Amount::fixed_or(value.value, value.digits, "无数据", "no data");
    let exact = value.exact.map(|exact| exact.to_string()).unwrap_or_default();
    text.with_exact(exact).with_confidence(value.confidence)
}
