//! What holds for every series: no NaN, no panic, and the symmetries of ranks.

use crate::trend::{Detail, Options, Test, TrendResult, original, run, theil_sen};
use proptest::prelude::*;

/// Series with ties, gaps and sometimes nothing but one value.
fn series() -> impl Strategy<Value = Vec<Option<f64>>> {
    let value = prop_oneof![1 => Just(None), 5 => (-6_i32..6).prop_map(|value| Some(f64::from(value) / 2.0))];
    prop_oneof![9 => proptest::collection::vec(value, 0..60), 1 => proptest::collection::vec(Just(Some(1.5)), 0..30)]
}

/// Every number of a result.
fn numbers(result: &TrendResult) -> Vec<f64> {
    let mut list: Vec<f64> = result.p.into_iter().collect();
    if let Some(slope) = result.slope {
        list.extend([slope.slope, slope.intercept]);
        list.extend(slope.interval.into_iter().flat_map(|(low, high)| [low, high]));
    }
    match &result.detail {
        Detail::Kendall(kendall) => list.extend([kendall.z, kendall.tau, kendall.s, kendall.var_s]),
        Detail::TheilSen(sen) => list.extend([sen.low, sen.high]),
        Detail::Spearman(rank) => list.push(rank.r),
        Detail::Pettitt(change) => list.extend([change.k, change.mean_before, change.mean_after]),
        // The criterion of a partition without a rest is minus infinity, and its F is infinite.
        Detail::Breaks(found) => list.extend(&found.means),
    }
    list
}

proptest! {
    #[test]
    fn every_answer_is_a_number_and_counts_its_values(series in series(), period in 2_usize..13) {
        let options = Options { period, lag: None, ..Options::default() };
        for test in Test::ALL {
            match run(test, &series, &options) {
                Ok(got) => {
                    prop_assert!(numbers(&got).iter().all(|number| number.is_finite()), "{test:?} {got:?}");
                    prop_assert!(got.p.is_none_or(|p| (0.0..=1.0).contains(&p)), "{test:?} {got:?}");
                    prop_assert_eq!(got.n + got.missing, series.len(), "{:?}", test);
                }
                Err(error) => prop_assert!(!error.words().zh.is_empty() && !error.words().en.contains("NaN"), "{error}"),
            }
        }
    }

    #[test]
    fn a_series_backwards_falls_as_much_as_it_rose(series in series()) {
        let backwards: Vec<_> = series.iter().rev().copied().collect();
        if let (Ok(there), Ok(back)) = (original(&series, 0.05), original(&backwards, 0.05)) {
            prop_assert_eq!((there.s, there.var_s, there.p, there.line.slope), (-back.s, back.var_s, back.p, -back.line.slope));
        }
    }

    #[test]
    fn only_the_order_of_values_counts(series in series()) {
        let cubed: Vec<_> = series.iter().map(|value| value.map(|value| value.powi(3) + value)).collect();
        let (plain, cubed) = (original(&series, 0.05), original(&cubed, 0.05));
        prop_assert_eq!(plain.map(|got| (got.s, got.var_s, got.p)), cubed.map(|got| (got.s, got.var_s, got.p)));
    }

    #[test]
    fn the_interval_holds_the_slope_and_grows_with_the_certainty(series in series()) {
        if let (Ok(likely), Ok(surer)) = (theil_sen(&series, 0.1), theil_sen(&series, 0.01)) {
            prop_assert!(likely.low <= likely.line.slope && likely.line.slope <= likely.high, "{likely:?}");
            prop_assert!(surer.low <= likely.low && likely.high <= surer.high, "{likely:?} {surer:?}");
        }
    }
}
