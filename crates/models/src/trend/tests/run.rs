//! The door by name: words, catalog, refusals; Spearman's table against the exact distribution.

use crate::error::ModelError;
use crate::trend::{Detail, Direction, Options, Test, TrendCatalog, run, spearman};
use domain::Confidence;
use domain::catalog::Files;

#[test]
fn every_test_has_its_name_and_its_words() {
    let catalog = TrendCatalog::builtin();
    for test in Test::ALL {
        assert_eq!(test.code().parse(), Ok(test));
        let words = catalog.words(test);
        assert!(!words.name.zh.is_empty() && !words.assumes.en.is_empty() && !words.source.is_empty(), "{test:?}");
    }
    let error = "sen".parse::<Test>().expect_err("no such test");
    assert!(error.words().en.contains("`sen`; known are mk, hamed-rao"), "{}", error.words().en);
}

#[test]
fn a_catalog_with_a_hole_is_refused_with_its_file() {
    let builtin = crate::builtin_files();
    let with = |path: &str, text: &str| {
        let mut files = builtin.clone();
        files.insert(path, text);
        TrendCatalog::of(&files)
    };
    assert!(
        matches!(TrendCatalog::of(&Files::new()), Err(ModelError::Catalog { path, .. }) if path == "trend/tests.toml")
    );
    let falling = with("trend/spearman.csv", "periods,critical\n6,0.9\n5,0.8\n");
    assert!(matches!(falling, Err(ModelError::Catalog { path, .. }) if path == "trend/spearman.csv"));
}

#[test]
fn too_little_is_refused_with_what_is_needed() {
    let one = [Some(1.0), None];
    for test in Test::ALL {
        let error = run(test, &one, &Options::default()).expect_err("one value");
        let few = matches!(error, ModelError::TooFew { have, need } if have < need);
        assert!(few || matches!(error, ModelError::NoSeason { need: 2 }), "{test:?}: {error}");
    }
    let values = [1.0, 2.0, 4.0, 3.0, 5.0, 6.0].map(Some);
    let with = |options: Options, test| run(test, &values, &options).expect_err("cannot be meant");
    assert_eq!(with(Options { alpha: 0.0, ..Options::default() }, Test::MannKendall), ModelError::Level(0.0));
    assert_eq!(with(Options { period: 1, ..Options::default() }, Test::Seasonal), ModelError::Period(1));
    let far = Options { lag: Some(6), ..Options::default() };
    assert_eq!(with(far, Test::HamedRao), ModelError::Lag { lag: 6, n: 6 });
    let infinite = run(Test::MannKendall, &[Some(1.0), Some(f64::INFINITY)], &Options::default());
    assert_eq!(infinite, Err(ModelError::NotFinite { at: 1 }));
}

/// By hand: ranks 5 4 2 3 1 against 1 to 5 give Σd² = 16 + 4 + 1 + 1 + 16 = 38, r = 1 − 6·38/120 = −0.9.
#[test]
fn spearman_at_the_critical_value_is_not_above_it() {
    let options = Options::default();
    let years = [58.0, 55.0, 51.0, 52.0, 47.0].map(Some);
    let got = run(Test::Spearman, &years, &options).expect("five years");
    let Detail::Spearman(rank) = &got.detail else { panic!("{got:?}") };
    assert_eq!((rank.r, rank.critical, got.significant), (-0.9, Some(0.9), Some(false)));
    assert_eq!(rank.confidence, Confidence::Unconfirmed);
    let falling = [58.0, 55.0, 52.0, 51.0, 47.0].map(Some);
    let got = run(Test::Spearman, &falling, &options).expect("five years");
    assert_eq!((got.direction, got.significant), (Direction::Decreasing, Some(true)));
    let eleven: Vec<_> = (0..11).map(|year| Some(f64::from(year))).collect();
    let got = run(Test::Spearman, &eleven, &options).expect("eleven years");
    assert_eq!((got.significant, got.notes.len()), (None, 1), "the table has no row of 11");
    let short = spearman(&[Some(1.0); 4], &TrendCatalog::builtin().spearman);
    assert_eq!(short, Err(ModelError::TooFew { have: 4, need: 5 }));
}

/// Over all orders of n values: r reaches the critical value in at most 5 % of them, and the next smaller r does not.
#[test]
fn critical_values_are_those_of_the_exact_distribution() {
    let table = TrendCatalog::builtin().spearman;
    for n in 5..=10_usize {
        let counts = orders_by_squares(n);
        let all: u32 = counts.iter().sum();
        let r = |squares: usize| 1.0 - 6.0 * squares as f64 / (n.pow(3) - n) as f64;
        let (mut sum, mut least) = (0, f64::INFINITY);
        for (squares, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            sum += count;
            if f64::from(sum) > 0.05 * f64::from(all) {
                break;
            }
            least = r(squares);
        }
        let critical = table.critical(n).expect("a row");
        assert!((least - critical).abs() < 0.0006, "{n}: {least} {critical}");
    }
}

/// How many orders of n ranks have each sum of squared differences from 1 … n: place by place over the sets of ranks used.
fn orders_by_squares(n: usize) -> Vec<u32> {
    let most = n.pow(3);
    let mut by_set = vec![vec![0_u32; most]; 1 << n];
    by_set[0][0] = 1;
    for set in 0..1_usize << n {
        let place = set.count_ones() as usize;
        for rank in (0..n).filter(|rank| set >> rank & 1 == 0) {
            let square = place.abs_diff(rank).pow(2);
            for squares in square..most {
                by_set[set | 1 << rank][squares] += by_set[set][squares - square];
            }
        }
    }
    by_set.pop().expect("the whole set")
}
