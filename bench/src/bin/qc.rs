//! One long hourly series → the flags of four QARTOD tests, on one core: points a second.
//!
//! `bench-qc FILE.i64 [--runs 5] [--out flags.u8]`; the file comes from `make.py qc`. The tests are gross range, spike,
//! rate of change and flat line with the limits of `peers/qc_ioos.py`; the flags are written one test after another.
//! A second line is the whole plan of a parameter of the catalog, every flag of a point in one word.

use anyhow::{Context, Result};
use bench::{Clock, Options, read_i64};
use observe::qc::flat::{FlatLine, flat_line};
use observe::qc::range::{Spans, gross_range};
use observe::qc::rate::{Rate, rate_of_change};
use observe::qc::series::numbers_of;
use observe::qc::spike::{Spike, SpikeMethod, spikes};
use observe::qc::{Companions, QcCatalog, QcFlag, QcSeries, Times};

const STEP_MS: i64 = 3_600_000;
const RANGE: Spans = Spans { fail: Some((0.0, 1000.0)), suspect: Some((0.0, 500.0)) };
const SPIKE: Spike = Spike { method: SpikeMethod::Average, suspect: Some(15.0), fail: Some(40.0) };
const RATE: Rate = Rate { suspect_per_s: 20.0 / 3600.0, fail_per_s: Some(60.0 / 3600.0) };
const FLAT: FlatLine = FlatLine { suspect_s: 3 * 3600, fail_s: 6 * 3600, tolerance: 0.05 };

fn main() -> Result<()> {
    let options = Options::read()?;
    let path = options.path("the file made by `make.py qc`")?;
    let millionths = read_i64(path)?;
    let rows = millionths.len();
    let times = Times::Even { first_ms: 0, step_ms: STEP_MS };
    let series = QcSeries { times, values: numbers_of(&millionths) };
    let steps = FLAT.steps(series.times.step_s()).context("the step is an hour")?;
    let plan = QcCatalog::builtin().for_series("pm25", domain::OutletKind::Air);

    let mut flags = vec![vec![QcFlag::Unknown; rows]; 4];
    for _ in 0..options.number("runs", 5)? {
        let clock = Clock::start();
        let [range, spike, rate, flat] = flags.as_mut_slice() else { unreachable!("there are four") };
        gross_range(&series.values, &RANGE, range);
        spikes(&series.values, &SPIKE, spike);
        rate_of_change(&series.values, &series.times, &RATE, rate);
        flat_line(&series.values, steps, FLAT.tolerance, flat);
        clock.print("qc", &[("rows", rows as f64), ("rows_per_second", rows as f64 / clock.seconds())]);

        let clock = Clock::start();
        let all = observe::qc::run(&series, &plan, &Companions::default());
        std::hint::black_box(&all);
        let tests = plan.tests.len() as f64;
        clock.print(
            "plan",
            &[("rows", rows as f64), ("tests", tests), ("rows_per_second", rows as f64 / clock.seconds())],
        );
    }
    if let Some(path) = options.text("out") {
        let bytes: Vec<u8> = flags.iter().flatten().map(|flag| flag.number()).collect();
        std::fs::write(path, bytes).with_context(|| path.to_string())?;
    }
    Ok(())
}
