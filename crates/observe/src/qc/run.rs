//! A series and its plan → the flags of every point: the batch form of the tests.

use super::attenuated::attenuated;
use super::beside::Beside;
use super::drift::DriftState;
use super::flag::{QcFlag, QcFlags};
use super::flat::flat_line;
use super::gap::{GapState, StuckState, first};
use super::plan::{QcPlan, QcTest};
use super::range::{climatology, gross_range};
use super::rate::rate_of_change;
use super::series::QcSeries;
use super::spike::spikes;
use super::state::MIN_STEPS;

/// Columns beside a series, each as long as it and at the same times; a shorter one is missing at its end.
#[derive(Clone, Debug, Default)]
pub struct Companions<'a> {
    /// Other parameters of the same place, by code.
    pub parameters: Vec<(&'a str, &'a [f64])>,
    /// The same parameter at stations around.
    pub neighbours: Vec<&'a [f64]>,
}

/// What each test of the plan says of each point. The values stay as they are.
pub fn run(series: &QcSeries, plan: &QcPlan, companions: &Companions<'_>) -> Vec<QcFlags> {
    let mut all = vec![QcFlags::default(); series.len()];
    let mut flags = vec![QcFlag::Unknown; series.len()];
    for planned in &plan.tests {
        one(&planned.test, series, companions, &mut flags);
        let kind = planned.test.kind();
        for ((own, &flag), &value) in all.iter_mut().zip(&flags).zip(&series.values) {
            own.set(kind, if value.is_finite() { flag } else { QcFlag::Missing });
        }
    }
    all
}

/// The aggregate flag of every point.
pub fn aggregate(all: &[QcFlags]) -> Vec<QcFlag> {
    all.iter().map(|flags| flags.aggregate()).collect()
}

fn one(test: &QcTest, series: &QcSeries, companions: &Companions<'_>, out: &mut [QcFlag]) {
    let (values, times) = (&series.values, &series.times);
    match test {
        QcTest::Range(spans) => gross_range(values, spans, out),
        QcTest::Climatology(climate) => climatology(values, times, climate, out),
        QcTest::Spike(spike) => spikes(values, spike, out),
        QcTest::Rate(rate) => rate_of_change(values, times, rate, out),
        QcTest::FlatLine(flat) => match flat.steps(times.step_s()) {
            Some(steps) if steps.suspect.min(steps.fail) >= MIN_STEPS => flat_line(values, steps, flat.tolerance, out),
            _ => out.fill(QcFlag::Unknown),
        },
        QcTest::Attenuated(test) => attenuated(values, times, test, out),
        QcTest::Gap(gap) => {
            let mut state = GapState::default();
            each(series, out, |ms, value| gap.at(&mut state, ms, value));
            if let [one, two, ..] = out {
                *one = first(*one, *two);
            }
        }
        QcTest::Stuck(stuck) => {
            let mut state = StuckState::default();
            each(series, out, |_, value| stuck.at(&mut state, value));
        }
        QcTest::Cross(cross) => beside(series, companions, out, |(_, value), beside| cross.at(value, beside)),
        QcTest::Neighbour(test) => {
            let mut work = Vec::new();
            beside(series, companions, out, |(_, value), beside| test.at(value, beside, &mut work));
        }
        QcTest::Drift(drift) => {
            let mut state = DriftState::default();
            beside(series, companions, out, |point, beside| drift.at(&mut state, point, beside));
        }
    }
}

fn each(series: &QcSeries, out: &mut [QcFlag], mut at: impl FnMut(i64, f64) -> QcFlag) {
    for (index, (&value, flag)) in series.values.iter().zip(out).enumerate() {
        *flag = at(series.times.ms(index), value);
    }
}

fn beside(
    series: &QcSeries,
    companions: &Companions<'_>,
    out: &mut [QcFlag],
    mut at: impl FnMut((i64, f64), &Beside<'_>) -> QcFlag,
) {
    let mut parameters: Vec<(&str, f64)> = companions.parameters.iter().map(|(code, _)| (*code, f64::NAN)).collect();
    let mut neighbours = vec![f64::NAN; companions.neighbours.len()];
    let of = |column: &[f64], index: usize| column.get(index).copied().unwrap_or(f64::NAN);
    for (index, (&value, flag)) in series.values.iter().zip(out).enumerate() {
        for (own, (_, column)) in parameters.iter_mut().zip(&companions.parameters) {
            own.1 = of(column, index);
        }
        for (own, column) in neighbours.iter_mut().zip(&companions.neighbours) {
            *own = of(column, index);
        }
        let beside = Beside { parameters: &parameters, neighbours: &neighbours };
        *flag = at((series.times.ms(index), value), &beside);
    }
}
