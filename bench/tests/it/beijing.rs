//! The bundled Beijing hours, read by their mapping and judged, day by day and year by year.
//!
//! Expected values: `oracle/annual-beijing.json` and `oracle/days-beijing.csv`, computed in Python's fractions
//! by `oracle/annual.py` straight from the file. Statistics must be equal as fractions, before any rounding.

use domain::{Day, Fixed, Hour, HourSeries, Ratio, Span, Year};
use indicators::air::{AirYear, RulesChoice, YearRules, air_value, air_year_under, primary};
use indicators::{Definition, Definitions};
use intake::{Context, Mappings, Source};
use serde_json::Value;
use standards::Catalog;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

/// How the mapping of the set reads its hour labels.
const LABEL: &str = "end";

static SERIES: LazyLock<Vec<HourSeries>> = LazyLock::new(read);

fn tree(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Dense hourly series from the first to the last hour of the file.
fn read() -> Vec<HourSeries> {
    let mappings = Mappings::builtin();
    let mapping = mappings.get("uci-beijing").expect("built in");
    let source = Source::open(&tree("../data/demo/beijing-2013-2017.parquet")).expect("bundled");
    let mut hours: BTreeMap<(String, String), Vec<(i32, i64)>> = BTreeMap::new();
    for chunk in intake::open(source, mapping, &Context::builtin()).expect("readable") {
        let batch = &chunk.readings;
        for reading in batch.rows.iter().filter(|reading| reading.span == Span::Hour) {
            let Some(value) = reading.value.filter(|_| reading.flag.counts()) else { continue };
            let hour = Hour::ending_at(reading.time).expect("on the hour");
            let key = (
                batch.stations[reading.station as usize].clone(),
                batch.parameters[usize::from(reading.parameter)].clone(),
            );
            hours.entry(key).or_default().push((hour.0, value.millionths()));
        }
    }
    let first = hours.values().flatten().map(|(hour, _)| *hour).min().expect("hours");
    let last = hours.values().flatten().map(|(hour, _)| *hour).max().expect("hours");
    let dense = |((station, parameter), own): ((String, String), Vec<(i32, i64)>)| {
        let mut values = vec![HourSeries::GAP; (last - first + 1) as usize];
        for (hour, value) in own {
            values[(hour - first) as usize] = value;
        }
        HourSeries { station, parameter, first: Hour(first), values }
    };
    hours.into_iter().map(dense).collect()
}

fn judged(rules: &str, year: i16) -> AirYear {
    let catalog = Catalog::builtin();
    let set = catalog.rule_set(rules).expect("in the catalog").clone();
    let rules = Arc::new(YearRules::new(&catalog, &RulesChoice::Asked(Box::new(set)), Year(year)));
    air_year_under(&rules, &SERIES, &[])
}

fn expected() -> Value {
    let text = std::fs::read_to_string(tree("oracle/annual-beijing.json")).expect("in the tree");
    let all: Value = serde_json::from_str(&text).expect("JSON");
    all["hour_label"][LABEL].clone()
}

fn fraction(value: Ratio) -> String {
    let value = value.reduced();
    format!("{}/{}", value.num(), value.den())
}

/// The indicator of an item and statistic, whatever the catalog calls it.
fn definition<'a>(definitions: &'a Definitions, item: &str, statistic: &str) -> &'a Definition {
    let parameter = item.split('_').next().expect("a code");
    let id = format!("air.{parameter}.{statistic}");
    definitions.get(&id).unwrap_or_else(|| panic!("no indicator {id}"))
}

#[test]
fn every_annual_statistic_is_the_same_fraction() {
    let definitions = Definitions::builtin();
    for (year, expected) in expected().as_object().expect("years") {
        let judged = judged("air-2012", year.parse().expect("a year"));
        let mut seen = 0;
        for (item, own) in expected.as_object().expect("items").iter().filter(|(_, own)| own.get("days").is_some()) {
            let statistics = own.as_object().expect("statistics");
            for (statistic, exact) in statistics.iter().filter(|(_, value)| value.get("exact").is_some()) {
                let got = air_value(&judged, definition(&definitions, item, statistic));
                let place = format!("{year} {item} {statistic}");
                assert_eq!(got.exact.map(fraction).as_deref(), exact["exact"].as_str(), "{place}");
                assert_eq!(
                    got.value,
                    exact["rounded"].as_str().map(|text| text.parse::<Fixed>().expect("a number")),
                    "{place}"
                );
                assert_eq!(Some(u64::from(got.n)), own["days"].as_u64(), "{place}");
                assert_eq!(Some(got.completeness.valid), own["complete"].as_bool(), "{place}");
                seen += 1;
            }
        }
        assert_eq!(seen, 10, "the ten statistics of HJ 663-2013 in {year}");
        let composite = air_value(&judged, definitions.get("air.composite_index").expect("built in"));
        assert_eq!(composite.exact.map(fraction).as_deref(), expected["composite_index"]["exact"].as_str(), "{year}");
    }
}

#[test]
fn days_are_counted_alike_under_both_generations() {
    let definitions = Definitions::builtin();
    for (rules, key) in [("air-2012", "days_hj633_2012"), ("air-2026-transition", "days_hj633_2026")] {
        for (year, expected) in expected().as_object().expect("years") {
            let judged = judged(rules, year.parse().expect("a year"));
            for count in ["valid_days", "good_days", "polluted_days", "heavy_days"] {
                let got = air_value(&judged, definitions.get(&format!("air.{count}")).expect("built in")).value;
                let wanted = expected[key][count].as_u64().map(|days| days.to_string());
                assert_eq!(got.map(|days| days.to_string()), wanted, "{rules} {year} {count}");
            }
        }
    }
}

#[test]
fn every_day_has_the_same_values_stations_index_and_primary_pollutants() {
    let mut years: BTreeMap<i16, [AirYear; 2]> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(tree("oracle/days-beijing.csv")).expect("in the tree");
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|own| own == name).expect("a column");
    let items: Vec<String> = header.iter().skip(1).take(at("stations") - 1).map(str::to_string).collect();
    let mut days = 0;
    for record in reader.records() {
        let record = record.expect("a day");
        let day: Day = record[0].parse().expect("a day");
        let year = day.year();
        let both =
            years.entry(year.0).or_insert_with(|| [judged("air-2012", year.0), judged("air-2026-transition", year.0)]);
        let index = (day.0 - year.first_day().0) as usize;
        let stations: Vec<&str> = record[at("stations")].split(';').collect();
        for (position, item) in items.iter().enumerate() {
            let got = both[0].city[index].items[both[0].item(item).expect("evaluated")];
            let wanted = &record[1 + position];
            let wanted = (!wanted.is_empty()).then(|| wanted.parse::<Fixed>().expect("a value"));
            assert_eq!(got.value.map(|value| value.round(4)), wanted, "{day} {item}");
            if wanted.is_some() {
                assert_eq!(got.stations.to_string(), stations[position], "{day} {item}");
            }
        }
        for (judged, generation) in both.iter().zip(["2012", "2026"]) {
            let cell = judged.city[index].cell;
            let aqi = cell.aqi.map(|aqi| aqi.to_string()).unwrap_or_default();
            assert_eq!(aqi, record[at(&format!("aqi_{generation}"))], "{day} {generation}");
            let named = primary(judged.rules_of(day), &cell).join(";");
            assert_eq!(named, record[at(&format!("primary_{generation}"))], "{day} {generation}");
        }
        days += 1;
    }
    assert!(days > 1_400, "{days} days");
}
