//! Thousands of AQI rows, each breakpoint and its neighbours among them, by the exact path and by columns.
//!
//! Expected values: `oracle/cases-*.csv`, computed in Python's fractions by `oracle/cases.py`.

use domain::{Fixed, HourSeries};
use standards::{AirIndex, AqiColumns, Catalog, Period};
use std::path::Path;

/// One case as the file has it.
struct Case {
    period: Period,
    given: Vec<Option<Fixed>>,
    iaqi: Vec<Option<u16>>,
    aqi: Option<u16>,
    level: Option<u8>,
    primary: String,
}

/// The item codes of the given columns and the cases.
fn read(standard: &str) -> (Vec<String>, Vec<Case>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("oracle/cases-{standard}.csv"));
    let mut reader = csv::Reader::from_path(&path).expect("the cases are in the tree");
    let header = reader.headers().expect("a header").clone();
    let items: Vec<String> = header.iter().filter_map(|name| name.strip_prefix("iaqi_")).map(str::to_string).collect();
    let n = items.len();
    let number = |text: &str| (!text.is_empty()).then(|| text.parse().expect("a whole number"));
    let cases = reader.records().map(|record| {
        let record = record.expect("a case");
        Case {
            period: record[0].parse().expect("a period"),
            given: (1..=n).map(|at| (!record[at].is_empty()).then(|| record[at].parse().expect("a value"))).collect(),
            iaqi: (n + 1..=2 * n).map(|at| number(&record[at])).collect(),
            aqi: number(&record[2 * n + 1]),
            level: number(&record[2 * n + 2]).map(|level| level as u8),
            primary: record[2 * n + 3].to_string(),
        }
    });
    (items, cases.collect())
}

fn check(standard: &str, least: usize) {
    let catalog = Catalog::builtin();
    let index = catalog.index(standard).expect("in the catalog");
    let (items, cases) = read(standard);
    assert!(cases.len() > least, "{} cases", cases.len());
    for (number, case) in cases.iter().enumerate() {
        let row: Vec<(&str, Option<Fixed>)> =
            items.iter().map(String::as_str).zip(case.given.iter().copied()).collect();
        let got = index.evaluate(case.period, &row);
        let place = format!("{standard}, line {}: {row:?}", number + 2);
        assert_eq!(got.iaqi.iter().map(|(_, iaqi)| *iaqi).collect::<Vec<_>>(), case.iaqi, "{place}");
        assert_eq!(
            (got.aqi, got.level, got.primary.join(";")),
            (case.aqi, case.level, case.primary.clone()),
            "{place}"
        );
    }
    for period in [Period::Day, Period::Hour] {
        columns(index, period, &items, &cases);
    }
}

fn columns(index: &AirIndex, period: Period, items: &[String], cases: &[Case]) {
    let cases: Vec<&Case> = cases.iter().filter(|case| case.period == period).collect();
    let position = |code: &str| items.iter().position(|item| item == code).expect("a column for every item");
    let column = |code: &str| -> Vec<i64> {
        let at = position(code);
        cases.iter().map(|case| case.given[at].map_or(HourSeries::GAP, Fixed::millionths)).collect()
    };
    let given: Vec<Vec<i64>> = index.items(period).iter().map(|item| column(&item.item)).collect();
    let given: Vec<&[i64]> = given.iter().map(Vec::as_slice).collect();
    let mut out = AqiColumns::default();
    index.columns(period, &given, &mut out);
    let known = |value: u16| (value != AqiColumns::NONE).then_some(value);
    for (row, case) in cases.iter().enumerate() {
        let place = format!("{} {period}: {:?}", index.id, case.given);
        for (item, iaqi) in index.items(period).iter().zip(&out.iaqi) {
            assert_eq!(known(iaqi[row]), case.iaqi[position(&item.item)], "{} of {place}", item.item);
        }
        assert_eq!(known(out.aqi[row]), case.aqi, "{place}");
        assert_eq!(out.level[row], case.level.unwrap_or(0), "{place}");
        assert_eq!(index.names(period, out.primary[row]).join(";"), case.primary, "{place}");
    }
}

#[test]
fn hj633_2012_agrees_with_the_second_reading() {
    check("hj633-2012", 2_000);
}

#[test]
fn hj633_2026_agrees_with_the_second_reading() {
    check("hj633-2026", 2_000);
}
