//! Our flags beside those of `ioos-qc` 3.0.0, point for point: on series of our own making, kept in the tree, and on
//! the shared series where it is.

use crate::qc::attenuated::{Attenuated, Liveliness, attenuated, attenuated_whole};
use crate::qc::flag::QcFlag;
use crate::qc::flat::{FlatLine, flat_line};
use crate::qc::gap::Gap;
use crate::qc::plan::{PlannedTest, QcPlan, QcTest};
use crate::qc::range::{Climatology, Spans, climatology, gross_range};
use crate::qc::rate::{Rate, rate_of_change};
use crate::qc::run::{Companions, run};
use crate::qc::series::{QcSeries, Times};
use crate::qc::spike::{Spike, SpikeMethod, spikes};
use domain::Confidence;
use serde_json::Value;

const OWN: &str = include_str!("../../../../../bench/oracle/qc-series.json");
const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/validation/qc_qartod.json");

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("{name} in {value}"))
}

fn span(value: &Value, name: &str) -> Option<(f64, f64)> {
    Some((value[name][0].as_f64()?, value[name][1].as_f64()?))
}

fn values(value: &Value) -> Vec<f64> {
    value.as_array().expect("values").iter().map(|value| value.as_f64().unwrap_or(f64::NAN)).collect()
}

fn times(case: &Value, n: usize) -> Times {
    let first_ms = case["first_ms"].as_i64().expect("a time");
    match case["steps_ms"].as_i64() {
        Some(step_ms) => Times::Even { first_ms, step_ms },
        None => {
            let steps = case["steps_ms"].as_array().expect("steps");
            let mut ms = vec![first_ms];
            for step in steps {
                ms.push(ms[ms.len() - 1] + step.as_i64().expect("a step"));
            }
            assert_eq!(ms.len(), n);
            Times::at(ms)
        }
    }
}

fn spans(test: &Value) -> Spans {
    Spans { fail: span(test, "fail"), suspect: span(test, "suspect") }
}

fn liveliness(test: &Value) -> Attenuated {
    Attenuated {
        by: if test["by"] == "std" { Liveliness::Deviation } else { Liveliness::Range },
        period_s: test["period_s"].as_i64().unwrap_or(0),
        least: test["least"].as_u64().unwrap_or(1) as usize,
        suspect: number(test, "suspect"),
        fail: number(test, "fail"),
    }
}

/// Our flags of one test of a case.
fn ours(test: &Value, series: &QcSeries) -> Vec<QcFlag> {
    let mut out = vec![QcFlag::Unknown; series.len()];
    let (values, times) = (&series.values, &series.times);
    match test["test"].as_str().expect("a test") {
        "range" => gross_range(values, &spans(test), &mut out),
        "spike" => {
            let method = if test["method"] == "average" { SpikeMethod::Average } else { SpikeMethod::Differential };
            let spike = Spike { method, suspect: Some(number(test, "suspect")), fail: Some(number(test, "fail")) };
            spikes(values, &spike, &mut out);
        }
        "rate" => {
            let rate =
                Rate { suspect_per_s: number(test, "suspect_per_s"), fail_per_s: Some(number(test, "fail_per_s")) };
            rate_of_change(values, times, &rate, &mut out);
        }
        "flat-line" => {
            let flat = FlatLine {
                suspect_s: test["suspect_s"].as_i64().expect("seconds"),
                fail_s: test["fail_s"].as_i64().expect("seconds"),
                tolerance: number(test, "tolerance"),
            };
            match flat.steps(times.step_s()) {
                Some(steps) => flat_line(values, steps, flat.tolerance, &mut out),
                None => out.fill(QcFlag::Good),
            }
        }
        "attenuated" => attenuated(values, times, &liveliness(test), &mut out),
        "attenuated-whole" => attenuated_whole(values, &liveliness(test), &mut out),
        "climatology" => {
            let mut months = [None; 12];
            for own in test["months"].as_array().expect("months") {
                months[own["month"].as_u64().expect("a month") as usize - 1] = Some(spans(own));
            }
            climatology(values, times, &Climatology { months }, &mut out);
        }
        "gap" => {
            let gap = Gap { suspect_s: None, fail_s: Some(test["fail_s"].as_i64().expect("seconds")) };
            return planned(QcTest::Gap(gap), series);
        }
        other => panic!("no test {other}"),
    }
    out
}

fn planned(test: QcTest, series: &QcSeries) -> Vec<QcFlag> {
    let kind = test.kind();
    let planned = PlannedTest { test, unit: String::new(), confidence: Confidence::Confirmed, source: String::new() };
    let plan = QcPlan { tests: vec![planned], ..QcPlan::default() };
    run(series, &plan, &Companions::default()).iter().map(|flags| flags.of(kind).expect("it was run")).collect()
}

fn digits(flags: &[QcFlag]) -> String {
    flags.iter().map(|flag| flag.number().to_string()).collect()
}

/// Expected: `ioos-qc` 3.0.0, by `bench/oracle/qc.py`.
#[test]
fn every_flag_is_that_of_ioos_qc_on_our_series() {
    compare(OWN);
}

/// As above on other seeds: `python bench/oracle/qc.py --seed 7 --series 2000 --out FILE`, then `QC_SERIES=FILE`.
#[test]
#[ignore = "needs a file made by bench/oracle/qc.py"]
fn every_flag_is_that_of_ioos_qc_on_other_series() {
    let file = std::env::var("QC_SERIES").expect("QC_SERIES names a file");
    compare(&std::fs::read_to_string(file).expect("the file can be read"));
}

fn compare(text: &str) {
    let document: Value = serde_json::from_str(text).expect("JSON");
    let cases = document["cases"].as_array().expect("cases");
    let (mut points, mut wrong) = (0, Vec::new());
    for (index, case) in cases.iter().enumerate() {
        let values = values(&case["values"]);
        let series = QcSeries { times: times(case, values.len()), values };
        for test in case["tests"].as_array().expect("tests") {
            let (got, expect) = (digits(&ours(test, &series)), test["flags"].as_str().expect("flags"));
            points += got.len();
            let differ = got.bytes().zip(expect.bytes()).position(|(a, b)| a != b);
            if let Some(at) = differ {
                let mut test = test.clone();
                test["flags"] = Value::Null;
                wrong.push(format!("case {index} {test} at {at}\n  ours {got}\n  ioos {expect}"));
            }
            assert_eq!(got.len(), expect.len());
        }
    }
    println!("{points} flags of {} series", cases.len());
    assert!(wrong.is_empty(), "{} of {points}:\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n"));
}

/// Expected: `shared/validation/qc_qartod.json`, flags of `ioos_qc` 3.0.0; passed over where the file is not.
#[test]
fn every_flag_is_that_of_the_shared_series() {
    let Ok(text) = std::fs::read_to_string(SHARED) else {
        println!("passed over: no {SHARED}");
        return;
    };
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let values = values(&document["series"]);
    let step_ms = document["step_s"].as_i64().expect("a step") * 1000;
    let start = domain::Instant::parse(document["time_start"].as_str().expect("a time")).expect("a time");
    let series = QcSeries { times: Times::Even { first_ms: start.0, step_ms }, values };
    let mut checked = 0;
    for (name, flags) in document["flags"].as_object().expect("flags") {
        let Some(test) = of_name(name) else {
            println!("passed over: {name}");
            continue;
        };
        let flags = flags.as_array().expect("flags");
        let expect: String = flags.iter().map(|flag| flag.as_u64().expect("a flag").to_string()).collect();
        assert_eq!(digits(&ours(&test, &series)), expect, "{name}");
        checked += 1;
    }
    assert!(checked >= 3, "only {checked} tests of the file were understood");
}

/// `spike average suspect=15 fail=40` as a test of ours.
fn of_name(name: &str) -> Option<Value> {
    let after = |key: &str| {
        let rest = &name[name.find(key)? + key.len()..];
        let number: String = rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | 'e')).collect();
        number.parse::<f64>().ok()
    };
    let span = |key: &str| {
        let (low, high) = name.split_once(key)?.1.split_once(')')?.0.split_once(',')?;
        Some(serde_json::json!([low.parse::<f64>().ok()?, high.parse::<f64>().ok()?]))
    };
    const HOUR_S: f64 = 3600.0;
    match name.split(' ').next()? {
        "gross_range" => {
            Some(serde_json::json!({"test": "range", "fail": span("fail(")?, "suspect": span("suspect(")?}))
        }
        "spike" => {
            let method = if name.contains("average") { "average" } else { "differential" };
            let (suspect, fail) = (after("suspect=")?, after("fail=")?);
            Some(serde_json::json!({"test": "spike", "method": method, "suspect": suspect, "fail": fail}))
        }
        "flat_line" => {
            let seconds = |key: &str| Some((after(key)? * HOUR_S) as i64);
            let tolerance = after("tol=")?;
            let (suspect_s, fail_s) = (seconds("suspect=")?, seconds("fail=")?);
            Some(serde_json::json!({
                "test": "flat-line", "suspect_s": suspect_s, "fail_s": fail_s, "tolerance": tolerance,
            }))
        }
        _ => None,
    }
}
