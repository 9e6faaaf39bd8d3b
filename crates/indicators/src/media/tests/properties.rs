//! What holds for any data.

use super::months::{at, merged, sampled};
use super::{value, world};
use crate::graph::Source;
use crate::media::Sampled;
use domain::{Medium, Ratio, Year};
use proptest::prelude::*;

fn row() -> impl Strategy<Value = Sampled> {
    let parameter = prop::sample::select(vec!["tp", "ph", "cod", "pb", "dried_up"]);
    let number = prop::sample::select(vec!["0.1", "0.25", "7", "0.02L", "1"]);
    (parameter, 1_i8..=31, 0_i64..24, number, any::<bool>()).prop_map(|(parameter, day, hour, number, manual)| {
        sampled(parameter, at(day, hour), number, if manual { Source::Manual } else { Source::Automatic })
    })
}

fn levels(count: usize) -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(1_u32..300, count)
}

/// Sections with permanganate indices in tenths.
fn sections(tenths: &[u32]) -> (String, String) {
    let each = |text: &dyn Fn(usize) -> String| (0..tenths.len()).map(text).collect::<Vec<_>>().join("; ");
    let points = each(&|at| format!("s{at} surface-water river network=assessment"));
    (points, each(&|at| format!("s{at} codmn={}.{}", tenths[at] / 10, tenths[at] % 10)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_values_does_not_matter(rows in prop::collection::vec(row(), 0..120), seed in any::<u64>()) {
        let mut other = rows.clone();
        let mut state = seed | 1;
        for at in (1..other.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            other.swap(at, (state >> 33) as usize % (at + 1));
        }
        prop_assert_eq!(merged("surface-water", &rows).month, merged("surface-water", &other).month);
    }

    #[test]
    fn every_value_is_used_or_says_why_not(rows in prop::collection::vec(row(), 0..120)) {
        let account = merged("surface-water", &rows);
        prop_assert_eq!(account.usage.len(), rows.len());
        prop_assert!(account.usage.iter().all(|own| own.used != own.why.is_some()));
    }

    #[test]
    fn a_worse_month_never_makes_a_better_class(tenths in levels(12), month in 0_usize..12, more in 1_u32..100) {
        let class = |tenths: &[u32]| {
            let values: Vec<String> = (0..12)
                .map(|at| format!("s1@{} codmn={}.{}", at + 1, tenths[at] / 10, tenths[at] % 10))
                .collect();
            let world = world("s1 surface-water river", &values.join("; "));
            let selection = crate::media::Selection::default();
            crate::media::medium_year(&world, Medium::SurfaceWater, "city", Year(2025), &selection).points.list[0].class
        };
        let mut worse = tenths.clone();
        worse[month] += more;
        prop_assert!(class(&worse) >= class(&tenths));
    }

    #[test]
    fn the_parts_of_a_share_add_up(tenths in levels(7)) {
        let (points, values) = sections(&tenths);
        let own = value(&world(&points, &values), "water.good_share");
        let sum = own.parts.iter().filter_map(|part| part.contribution).fold(Ratio::new(0, 1), Ratio::plus);
        prop_assert_eq!(Some(sum), own.exact);
    }

    #[test]
    fn good_and_bad_shares_never_pass_a_hundred(tenths in levels(5)) {
        let (points, values) = sections(&tenths);
        let world = world(&points, &values);
        let share = |id: &str| value(&world, id).exact.unwrap_or(Ratio::new(0, 1));
        prop_assert!(share("water.good_share").plus(share("water.bad_share")) <= Ratio::new(100, 1));
    }
}
