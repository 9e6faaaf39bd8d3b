//! Years in lines of JSON on the standard input → `models::forecast` on each, in lines of JSON.
//! Called by `bench/oracle/forecast.py`.

use domain::Year;
use models::forecast::{Forecast, Grid, Settings, SlotYear, Tally, year_mean, year_share};
use serde_json::{Value, json};
use std::io::{BufRead, Write};

fn main() {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let case: Value = serde_json::from_str(&line.expect("readable input")).expect("a line of JSON");
        let grid = if case["grid"] == "days" { Grid::Days } else { Grid::Months };
        let mut settings = Settings::at(grid, case["reached"].as_u64().expect("a number of slots") as usize);
        settings.pull = case["pull"].as_f64().unwrap_or(settings.pull);
        let made = if case["kind"] == "share" {
            let tally = |slot: &Value| Some(Tally { met: slot[0].as_u64()? as u32, of: slot[1].as_u64()? as u32 });
            year_share(&years(&case["past"], tally), &year(&case["this"], tally), &settings)
        } else {
            year_mean(&years(&case["past"], Value::as_f64), &year(&case["this"], Value::as_f64), &settings)
        };
        let answer = made.map_or_else(|error| json!({ "error": error.code() }), |made| answer(&made));
        writeln!(out, "{answer}").expect("writable output");
    }
}

fn years<T>(list: &Value, slot: impl Fn(&Value) -> Option<T> + Copy) -> Vec<SlotYear<T>> {
    list.as_array().expect("past years").iter().map(|one| year(one, slot)).collect()
}

/// `[2020, [slot, …]]`.
fn year<T>(one: &Value, slot: impl Fn(&Value) -> Option<T>) -> SlotYear<T> {
    let number = one[0].as_i64().expect("a year") as i16;
    SlotYear { year: Year(number), slots: one[1].as_array().expect("slots").iter().map(slot).collect() }
}

fn answer(made: &Forecast) -> Value {
    let ends = |interval: Option<models::forecast::Interval>| interval.map(|i| json!([i.low, i.high, i.level]));
    let rows = made.hindcast.rows.iter();
    let rows: Vec<Value> =
        rows.map(|row| json!([row.year.0, row.said, row.naive, row.came, ends(row.interval), row.within])).collect();
    json!({ "value": made.value, "interval": ends(made.interval), "rows": rows, "method": made.method.en,
        "miss": made.hindcast.mean_miss, "naive": made.hindcast.mean_miss_naive })
}
