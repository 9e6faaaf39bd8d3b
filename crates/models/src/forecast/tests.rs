//! Forecasts by hand, their bounds, and what is refused.

use super::*;
use proptest::prelude::*;

fn months(year: i16, values: [f64; 12]) -> SlotYear<f64> {
    SlotYear { year: Year(year), slots: values.map(Some).to_vec() }
}

/// A year of `level` times the same course.
fn like(year: i16, level: f64) -> SlotYear<f64> {
    months(year, [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0].map(|value| value * level))
}

/// By hand, with the year so far believed wholly: years that differ by a factor are foretold without a miss.
#[test]
fn years_of_one_course_are_foretold_exactly() {
    let past = [like(2019, 1.0), like(2020, 1.2), like(2021, 0.9), like(2022, 1.1)];
    let whole = Settings { pull: 1.0, ..Settings::at(Grid::Months, 6) };
    let got = year_mean(&past, &like(2023, 1.5), &whole).expect("a forecast");
    assert!((got.value - 9.75).abs() < 1e-12, "{}", got.value);
    assert!((got.so_far.expect("six months") - 9.75).abs() < 1e-12);
    let interval = got.interval.expect("four past years");
    assert!(interval.high - interval.low < 1e-9 && (interval.level - 0.75).abs() < 1e-12, "{interval:?}");
    assert_eq!((got.n, got.missing, got.remaining), (6, 0, 6));
    let hindcast = &got.hindcast;
    assert_eq!((hindcast.rows.len(), hindcast.compared, hindcast.rows[0].said), (4, 3, None));
    assert!(hindcast.mean_miss.expect("three years") < 1e-12);
    let naive = (0.2 + 0.3 + 0.2) / 3.0 * 6.5;
    assert!((hindcast.mean_miss_naive.expect("three years") - naive).abs() < 1e-12);
    assert_eq!(hindcast.better_than_naive(), Some(true));
}

/// By hand: 6.5 and 7.8 come; half believed, 2020 would have been told 6.5·(1 + √1.2)/2 …
#[test]
fn the_interval_is_of_the_size_of_past_misses() {
    let past = [like(2019, 1.0), like(2020, 1.2), like(2021, 1.2)];
    let got = year_mean(&past, &like(2022, 1.2), &Settings::at(Grid::Months, 6)).expect("a forecast");
    let told_2020 = 6.5 * (1.2 + 1.2_f64.sqrt()) / 2.0;
    assert!((got.hindcast.rows[1].said.expect("a year before") - told_2020).abs() < 1e-12);
    let largest = 7.8 / told_2020 - 1.0;
    let interval = got.interval.expect("three past years");
    assert!((interval.high - got.value * (1.0 + largest)).abs() < 1e-12, "{interval:?}");
    assert!((interval.level - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!((got.hindcast.tried, got.hindcast.rows[2].interval), (0, None));
    assert!(got.notes.iter().any(|note| note.zh.contains("未经检验")), "{:?}", got.notes);
}

#[test]
fn without_three_past_years_there_is_no_interval_and_it_says_so() {
    let got = year_mean(&[like(2021, 1.0), like(2022, 1.0)], &like(2023, 1.0), &Settings::at(Grid::Months, 3));
    let got = got.expect("a forecast");
    assert_eq!(got.interval, None);
    assert!(got.notes[0].en.contains("only 2 past years"), "{:?}", got.notes);
    let none = year_mean(&[], &like(2023, 1.0), &Settings::at(Grid::Months, 3));
    assert_eq!(none, Err(ModelError::TooFew { have: 0, need: 1 }));
}

#[test]
fn a_year_with_too_few_values_is_left_out_and_named() {
    let mut thin = like(2020, 50.0);
    thin.slots[..4].fill(None);
    let got =
        year_mean(&[like(2019, 1.0), thin], &like(2021, 1.0), &Settings::at(Grid::Months, 3)).expect("a forecast");
    assert_eq!((got.past, got.left_out), (vec![Year(2019)], vec![Year(2020)]));
    assert!((got.value - 6.5).abs() < 1e-12);
}

#[test]
fn a_past_without_the_rest_of_the_year_says_nothing_of_it() {
    let mut half = like(2020, 1.0);
    half.slots[9..].fill(None);
    let got = year_mean(&[half], &like(2021, 1.0), &Settings::at(Grid::Months, 9));
    assert_eq!(got, Err(ModelError::NoCourse { years: 1 }));
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let settings = Settings::at(Grid::Months, 3);
    let twice = year_mean(&[like(2020, 1.0), like(2020, 1.0)], &like(2021, 1.0), &settings);
    assert_eq!(twice, Err(ModelError::Columns("2020 × 2".to_string())));
    assert!(year_mean(&[like(2021, 1.0)], &like(2021, 1.0), &settings).is_err(), "the year itself is not past");
    assert!(year_mean(&[like(2020, 1.0)], &like(2021, 1.0), &Settings::at(Grid::Days, 3)).is_err());
    assert_eq!(year_mean(&[like(2020, f64::NAN)], &like(2021, 1.0), &settings), Err(ModelError::NotFinite { at: 0 }));
    let below = year_mean(&[like(2020, -1.0)], &like(2021, 1.0), &settings);
    assert_eq!(below, Err(ModelError::Negative { at: 0, value: -9.0 }));
    let tally = SlotYear { year: Year(2020), slots: vec![Some(Tally { met: 2, of: 1 }); 12] };
    assert!(year_share(&[tally], &SlotYear::empty(Grid::Months, Year(2021)), &settings).is_err());
}

/// By hand: in 2020 and 2021 nine of ten days were good; 60 days of 2022 were all good.
#[test]
fn a_share_stays_within_what_is_still_possible() {
    let day = |year: i16, bad: &dyn Fn(usize) -> bool| SlotYear {
        year: Year(year),
        slots: (0..366)
            .map(|slot| Grid::Days.has(slot, Year(year)).then(|| Tally { met: u32::from(!bad(slot)), of: 1 }))
            .collect(),
    };
    let tenth = |slot: usize| slot.is_multiple_of(10);
    let past = [day(2018, &tenth), day(2019, &tenth), day(2020, &tenth), day(2021, &|slot| slot % 4 == 1)];
    let settings = Settings::at(Grid::Days, Grid::Days.slot_of("2022-12-22".parse().expect("a day")));
    let got = year_share(&past, &day(2022, &|_| false), &settings).expect("a forecast");
    let interval = got.interval.expect("four past years");
    assert_eq!((got.n, got.missing, got.remaining), (355, 0, 10));
    assert!(got.value > 355.0 / 365.0 && got.value < 1.0, "{}", got.value);
    assert!(interval.low >= 355.0 / 365.0 - 1e-12 && interval.high <= 1.0, "{interval:?}");
    assert_eq!(got.past.len(), 4);
}

#[test]
fn the_day_after_28_february_is_1_march_in_a_common_year() {
    let slot = |day: &str| Grid::Days.slot_of(day.parse().expect("a day"));
    assert_eq!((slot("2021-02-28"), slot("2021-03-01"), slot("2020-02-29")), (58, 60, 59));
    assert!(!Grid::Days.has(59, Year(2021)) && Grid::Days.has(59, Year(2020)) && Grid::Days.has(365, Year(2021)));
}

#[test]
fn a_year_that_is_over_is_what_it_was() {
    let past = [like(2019, 1.0), like(2020, 1.2), like(2021, 0.8)];
    let got = year_mean(&past, &like(2022, 1.3), &Settings::at(Grid::Months, 12)).expect("a forecast");
    let interval = got.interval.expect("three past years");
    assert_eq!((got.value, got.remaining), (got.so_far.expect("twelve months"), 0));
    assert_eq!((interval.low, interval.high), (got.value, got.value));
}

/// A year of months: a value, how many of how many, or nothing.
fn slots() -> impl Strategy<Value = Vec<Option<(u32, u32)>>> {
    let slot = prop_oneof![1 => Just(None), 6 => (0_u32..20, 0_u32..12).prop_map(Some)];
    proptest::collection::vec(slot, 12)
}

proptest! {
    #[test]
    fn every_forecast_is_a_number_within_its_interval(
        years in proptest::collection::vec(slots(), 1..8), reached in 0_usize..13, least_share in 0.0_f64..1.0,
    ) {
        let settings = Settings { least_share, ..Settings::at(Grid::Months, reached) };
        let year = |at: usize| Year(2010 + at as i16);
        let means: Vec<SlotYear<f64>> = years.iter().enumerate().map(|(at, slots)| SlotYear {
            year: year(at), slots: slots.iter().map(|slot| slot.map(|(value, _)| f64::from(value))).collect(),
        }).collect();
        let shares: Vec<SlotYear<Tally>> = years.iter().enumerate().map(|(at, slots)| SlotYear {
            year: year(at), slots: slots.iter().map(|slot| slot.map(|(met, not)| Tally { met, of: met + not })).collect(),
        }).collect();
        let (this, past) = means.split_last().expect("a year");
        let (this_share, past_shares) = shares.split_last().expect("a year");
        for made in [year_mean(past, this, &settings), year_share(past_shares, this_share, &settings)].into_iter().flatten() {
            prop_assert!(made.value.is_finite() && made.value >= 0.0, "{made:?}");
            prop_assert_eq!(made.n + made.missing + made.remaining, 12);
            prop_assert!(made.interval.is_none() || made.past.len() >= 3);
            if let Some(Interval { low, high, level }) = made.interval {
                prop_assert!(low <= made.value && made.value <= high && high.is_finite() && level < 1.0, "{made:?}");
            }
        }
    }
}
