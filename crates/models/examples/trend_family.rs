//! Series in lines of JSON on the standard input → every function of `models::trend` on each, in lines of JSON.
//! Called by `bench/oracle/trend.py`. With `--time N` it prints instead how long one function takes, N times over.

#[path = "../src/trend/tests/family.rs"]
mod family;

use models::trend;
use serde_json::{Map, Value, json};
use std::io::{BufRead, Write};
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let rounds =
        arguments.iter().position(|word| word == "--time").map(|at| arguments[at + 1].parse().expect("a number"));
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let case: Value = serde_json::from_str(&line.expect("readable input")).expect("a line of JSON");
        let series: Vec<Option<f64>> = case["series"].as_array().expect("a series").iter().map(Value::as_f64).collect();
        let number = |name: &str| case[name].as_u64().expect("a whole number") as usize;
        let answer = match rounds {
            Some(rounds) => times(&series, number("period"), rounds),
            None => results(&series, number("period"), number("lag")),
        };
        writeln!(out, "{answer}").expect("writable output");
    }
}

fn results(series: &[Option<f64>], period: usize, lag: usize) -> Value {
    let answer = |got: family::Numbers| match got {
        Ok(numbers) => {
            Value::Object(numbers.into_iter().map(|(name, value)| (name.to_string(), json!(value))).collect())
        }
        Err(error) => json!({ "error": error.code() }),
    };
    Value::Object(
        family::all(series, period, lag).into_iter().map(|(name, got)| (name.to_string(), answer(got))).collect(),
    )
}

/// Seconds of one call, the best of `rounds`.
fn times(series: &[Option<f64>], period: usize, rounds: usize) -> Value {
    let mut list = Map::new();
    let mut add = |name: &str, call: &dyn Fn() -> bool| {
        let best = (0..rounds).map(|_| {
            let start = Instant::now();
            assert!(std::hint::black_box(call()), "{name} gives no answer");
            start.elapsed().as_secs_f64()
        });
        list.insert(name.to_string(), json!(best.fold(f64::INFINITY, f64::min)));
    };
    add("original_test", &|| trend::original(series, 0.05).is_ok());
    add("hamed_rao_modification_test", &|| trend::hamed_rao(series, 0.05, None).is_ok());
    add("yue_wang_modification_test", &|| trend::yue_wang(series, 0.05, None).is_ok());
    add("trend_free_pre_whitening_modification_test", &|| trend::trend_free_pre_whitening(series, 0.05).is_ok());
    add("seasonal_test", &|| trend::seasonal(series, period, 0.05).is_ok());
    add("correlated_seasonal_test", &|| trend::correlated_seasonal(series, period, 0.05).is_ok());
    add("sens_slope", &|| trend::sens_slope(series).is_ok());
    Value::Object(list)
}
