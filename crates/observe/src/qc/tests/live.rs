//! A point at a time equals the whole series at once.

use crate::qc::attenuated::{Attenuated, Liveliness};
use crate::qc::beside::{Beside, Cross, CrossRule, Neighbour};
use crate::qc::drift::{Drift, Reference};
use crate::qc::flag::{QcFlag, QcFlags, TestKind};
use crate::qc::flat::FlatLine;
use crate::qc::gap::{Gap, Stuck};
use crate::qc::plan::{PlannedTest, QcPlan, QcTest};
use crate::qc::range::{Climatology, Spans};
use crate::qc::rate::Rate;
use crate::qc::run::{Companions, run};
use crate::qc::series::{QcSeries, Times};
use crate::qc::spike::{Spike, SpikeMethod};
use crate::qc::state::QcState;
use domain::Confidence;
use proptest::prelude::*;
use std::sync::Arc;

const STEP_S: i64 = 600;

/// Every test at once, with limits that the random series often meet.
fn plan(method: SpikeMethod, by: Liveliness, flat_s: i64) -> QcPlan {
    let spans = Spans { fail: Some((-8.0, 12.0)), suspect: Some((-5.0, 9.0)) };
    let mut months = [None; 12];
    months[0] = Some(spans);
    let rule = CrossRule {
        lower: "own".into(),
        upper: "all".into(),
        suspect: 1.0,
        suspect_share: 0.1,
        fail: Some(4.0),
        fail_share: 0.2,
    };
    let tests = [
        QcTest::Range(spans),
        QcTest::Climatology(Box::new(Climatology { months })),
        QcTest::Spike(Spike { method, suspect: Some(1.0), fail: Some(3.0) }),
        QcTest::Rate(Rate { suspect_per_s: 1.0 / 600.0, fail_per_s: Some(5.0 / 600.0) }),
        QcTest::FlatLine(FlatLine { suspect_s: flat_s, fail_s: flat_s * 2, tolerance: 1.1 }),
        QcTest::Attenuated(Attenuated { by, period_s: 4000, least: 3, suspect: 1.0, fail: 0.5 }),
        QcTest::Gap(Gap { suspect_s: Some(1200), fail_s: Some(4000) }),
        QcTest::Stuck(Stuck { resolution: 1.0, suspect_count: 3, fail_count: 5, quiet_up_to: Some(-3.0) }),
        QcTest::Cross(Cross { own: "own".into(), rules: vec![rule] }),
        QcTest::Neighbour(Neighbour { least: 2, suspect: 1.0, fail: Some(3.0), floor: 1.0, floor_share: 0.1 }),
        QcTest::Drift(Drift {
            reference: Reference::Neighbours,
            block_s: 7200,
            least: 3,
            blocks: 4,
            suspect: 2.0,
            fail: Some(4.0),
        }),
    ];
    let planned =
        |test| PlannedTest { test, unit: String::new(), confidence: Confidence::Confirmed, source: String::new() };
    QcPlan { tests: tests.into_iter().map(planned).collect(), ..QcPlan::default() }
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![6 => (-4_i32..6).prop_map(f64::from), 1 => Just(f64::NAN), 1 => -20.0..20.0_f64, 1 => Just(f64::INFINITY)]
}

fn point() -> impl Strategy<Value = (i64, [f64; 4])> {
    let step = prop_oneof![5 => Just(STEP_S), 1 => Just(0), 1 => 1_i64..5000];
    (step, [value(), value(), value(), value()])
}

/// All flags, as the state settles them one by one.
fn live(series: &QcSeries, plan: &QcPlan, beside: &Companions<'_>) -> (Vec<QcFlags>, Vec<QcFlags>) {
    let mut state = QcState::new(Arc::new(plan.clone()), series.times.step_s());
    let (mut now, mut settled) = (Vec::new(), Vec::new());
    for (index, value) in series.values.iter().enumerate() {
        let parameters: Vec<(&str, f64)> = beside.parameters.iter().map(|(code, own)| (*code, own[index])).collect();
        let neighbours: Vec<f64> = beside.neighbours.iter().map(|own| own[index]).collect();
        let here = Beside { parameters: &parameters, neighbours: &neighbours };
        let arrived = state.push(series.times.ms(index), *value, &here);
        now.push(arrived.now);
        settled.extend(arrived.settled);
    }
    settled.extend(state.finish());
    (now, settled)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn one_at_a_time_equals_all_at_once(
        points in prop::collection::vec(point(), 0..300),
        average in any::<bool>(),
        deviation in any::<bool>(),
        flat_s in prop_oneof![Just(1200_i64), Just(3000), Just(60_000), Just(700)],
    ) {
        let method = if average { SpikeMethod::Average } else { SpikeMethod::Differential };
        let plan = plan(method, if deviation { Liveliness::Deviation } else { Liveliness::Range }, flat_s);
        let mut ms = 3_600_000;
        let times: Vec<i64> = points.iter().map(|(step, _)| { ms += step * 1000; ms }).collect();
        let column = |index: usize| points.iter().map(|(_, own)| own[index]).collect::<Vec<f64>>();
        let columns = [column(1), column(2), column(3)];
        let series = QcSeries { times: Times::At { ms: times, step_s: STEP_S }, values: column(0) };
        let beside = Companions { parameters: vec![("all", &columns[0])], neighbours: vec![&columns[1], &columns[2]] };
        let batch = run(&series, &plan, &beside);
        let (now, settled) = live(&series, &plan, &beside);
        prop_assert_eq!(&settled, &batch);
        // What was said at once stands, but for the tests that had said they did not know yet.
        for (now, settled) in now.iter().zip(&settled) {
            for (kind, flag) in now.said() {
                prop_assert!(settled.of(kind) == Some(flag) || flag == QcFlag::Unknown, "{:?} {:?}", now, settled);
            }
        }
        for (flags, value) in batch.iter().zip(&series.values) {
            prop_assert_eq!(flags.said().count(), TestKind::ALL.len());
            prop_assert_eq!(flags.aggregate() == QcFlag::Missing, !value.is_finite());
        }
    }

    /// What is kept stays bounded: what the windows reach, and a little more.
    #[test]
    fn a_long_series_is_forgotten(step in 100_i64..2000) {
        let plan = plan(SpikeMethod::Average, Liveliness::Range, 3000);
        let mut state = QcState::new(Arc::new(plan), STEP_S);
        for index in 0..5000 {
            state.push(index * step * 1000, (index % 7) as f64, &Beside::default());
        }
        prop_assert!(state.remembered() < 200, "{}", state.remembered());
    }
}
