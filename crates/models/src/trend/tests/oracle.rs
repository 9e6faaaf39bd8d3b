//! Series of `bench/oracle/trend-cases.json` → our answers beside those of pymannkendall 1.4.3 and scipy 1.17.1.

use super::family;
use serde_json::Value;

const CASES: &str = include_str!("../../../../../bench/oracle/trend-cases.json");

/// pymannkendall 1.4.3 and scipy 1.17.1, as the file says: series with ties, gaps, seasons, from 3 to 150 places.
#[test]
fn every_function_says_what_pymannkendall_says() {
    let document: Value = serde_json::from_str(CASES).expect("the oracle writes JSON");
    let (mut answers, mut refusals) = (0, 0);
    for (number, case) in document["cases"].as_array().expect("cases").iter().enumerate() {
        let series: Vec<Option<f64>> = case["series"].as_array().expect("a series").iter().map(Value::as_f64).collect();
        let whole = |name: &str| case[name].as_u64().expect("a whole number") as usize;
        let ours = family::all(&series, whole("period"), whole("lag"));
        for (name, expected) in case["expected"].as_object().expect("by name") {
            let got = &ours.iter().find(|(own, _)| own == name).expect("a function of this name").1;
            let Some(expected) = expected.as_object() else {
                // Without a score a variance of zero is no obstacle to us.
                let none = got.as_ref().map_or(true, |got| got.contains(&("s", 0.0)));
                assert!(none, "series {number}, {name}: the package gives no number, we say {got:?}");
                refusals += 1;
                continue;
            };
            let got = got.as_ref().unwrap_or_else(|error| panic!("series {number}, {name}: {error}"));
            for (field, value) in expected {
                let value = value.as_f64().expect("a number");
                let own = got.iter().find(|(own, _)| own == field).expect("a field of this name").1;
                let near = (own - value).abs() <= 1e-12 + 1e-9 * value.abs();
                assert!(near, "series {number}, {name}, {field}: {own}, not {value}");
            }
            answers += 1;
        }
    }
    assert!(answers > 700 && refusals > 100, "{answers} answers, {refusals} refusals");
}
