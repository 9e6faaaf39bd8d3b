//! Years of made-up hours against hand calculations, with the built-in standards.

use super::*;
use crate::{Definition, Definitions};
use domain::{Confidence, Day, Exclusion, Fixed, Hour, HourSeries, Year};
use proptest::prelude::*;
use standards::Catalog;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::builtin);
static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(Definitions::builtin);
const GAP: i64 = HourSeries::GAP;
const CLEAN: [(&str, i64); 5] = [("so2", 6), ("no2", 20), ("co", 1), ("o3", 50), ("pm10", 40)];

fn definition(id: &str) -> &'static Definition {
    DEFINITIONS.get(id).expect("an indicator of the catalog")
}

/// A series whose day `i` holds `value(i)` in all 24 hours; `None` is a gap.
fn days(station: &str, parameter: &str, year: Year, value: impl Fn(i32) -> Option<i64>) -> HourSeries {
    let mut values = Vec::new();
    for index in 0..year.len() as i32 {
        values.extend([value(index).map_or(GAP, |value| value * 1_000_000); 24]);
    }
    HourSeries { station: station.into(), parameter: parameter.into(), first: Hour::of(year.first_day(), 1), values }
}

/// A station with clean air but for PM2.5.
fn station(name: &str, year: Year, pm25: impl Fn(i32) -> Option<i64>) -> Vec<HourSeries> {
    let clean = |(parameter, value): (&str, i64)| days(name, parameter, year, |_| Some(value));
    let mut series: Vec<HourSeries> = CLEAN.into_iter().map(clean).collect();
    series.push(days(name, "pm25", year, pm25));
    series
}

fn year_of(year: Year, series: &[HourSeries]) -> AirYear {
    air_year(&CATALOG, &RulesChoice::InForce, year, series, &[])
}

fn asked(id: &str) -> RulesChoice {
    RulesChoice::Asked(Box::new(CATALOG.rule_set(id).expect("a rule set").clone()))
}

fn value(year: &AirYear, id: &str) -> AirValue {
    air_value(year, definition(id))
}

fn number(year: &AirYear, id: &str) -> String {
    value(year, id).value.map_or_else(|| "none".to_string(), |value| value.to_string())
}

#[test]
fn the_catalog_loads_and_its_cases_hold() {
    let files = Definitions::builtin_files();
    let (definitions, problems) = Definitions::load(&files);
    assert_eq!(problems, vec![]);
    assert_eq!(definitions.check(&CATALOG), vec![]);
    let cases = crate::run_cases(&files, &definitions, &CATALOG);
    for case in &cases {
        assert!(
            case.passed,
            "{} row {} ({}): expected {}, got {}",
            case.path, case.row, case.name, case.expect, case.got
        );
    }
    for definition in definitions.of_air() {
        let path = format!("air/{}/cases.csv", definition.id);
        assert!(cases.iter().any(|case| case.path == path), "{} has no worked case", definition.id);
    }
}

/// Every annual item that any rule set evaluates is an indicator of the catalog.
#[test]
fn every_annual_statistic_has_an_indicator() {
    for set in CATALOG.rule_sets() {
        for item in &set.evaluation.items {
            for annual in &item.annual {
                let known = DEFINITIONS.iter().any(|own| match &own.method {
                    crate::Method::DayStatistic { item: code, statistic } => {
                        *code == item.item && statistic.code() == annual.id
                    }
                    _ => false,
                });
                assert!(known, "{} {} of {}", item.item, annual.id, set.id);
            }
        }
    }
}

/// Hand by HJ 633-2012 table 1: stations at 40 and 200 make a city of 120: 150 + 50·5/35 = 157.1 → 158. The
/// stations themselves are 50 + 50·5/40 = 56.25 → 57 and 200 + 100·50/100 = 250, whose mean 153.5 is another number.
#[test]
fn concentrations_are_averaged_before_indexing() {
    let year = Year(2021);
    let mut series = station("a", year, |_| Some(40));
    series.extend(station("b", year, |_| Some(200)));
    let judged = year_of(year, &series);
    let first = &judged.city[0];
    assert_eq!(first.items[judged.item("pm25").expect("an item")].value, Some(domain::Ratio::new(120, 1)));
    assert_eq!(first.cell.aqi, Some(158));
    let own: Vec<Option<u16>> = judged.stations.iter().map(|station| station.days[0].cell.aqi).collect();
    assert_eq!(own, [Some(57), Some(250)]);
    assert_eq!(primary(judged.rules_of(first.day), &first.cell), ["pm25"]);
}

/// HJ 633-2012: the AQI of what there is, 50 + 50·25/40 = 81.25 → 82. HJ 633-2026: published only above 100;
/// 60 is 100 exactly, 61 is 100 + 50·1/55 = 100.9 → 101.
#[test]
fn a_missing_pollutant_follows_its_generation() {
    for (year, pm25, expect) in [(2021, 60, Some(82)), (2027, 40, None), (2027, 60, None), (2027, 61, Some(101))] {
        let year = Year(year);
        let series: Vec<HourSeries> =
            station("a", year, |_| Some(pm25)).into_iter().filter(|own| own.parameter != "so2").collect();
        let judged = year_of(year, &series);
        assert_eq!(judged.city[0].cell.aqi, expect, "{year} at {pm25}");
    }
}

/// GB 3095 table 4: 324 days, 27 in each month, 25 in February.
#[test]
fn a_year_is_complete_with_324_days_and_27_a_month() {
    let year = Year(2021);
    let with_gaps = |gap: &dyn Fn(Day) -> bool| {
        let first = year.first_day();
        let series = station("a", year, |index| (!gap(Day(first.0 + index))).then_some(30));
        value(&year_of(year, &series), "air.pm25.mean")
    };
    let month = |day: Day| (day.ymd().1, day.ymd().2);
    let full = with_gaps(&|_| false);
    assert_eq!((full.n, full.of, full.valid), (365, 365, true));
    assert!(with_gaps(&|day| month(day).0 == 4 && month(day).1 > 27).valid, "April with 27 days");
    let april = with_gaps(&|day| month(day).0 == 4 && month(day).1 > 26);
    assert!(!april.valid && april.value.is_some(), "April with 26 days: shown, not valid");
    assert!(april.notes.iter().any(|note| note.zh.contains("不满足有效性要求")));
    assert!(with_gaps(&|day| month(day).0 == 2 && month(day).1 > 25).valid, "February with 25 days");
    assert!(!with_gaps(&|day| month(day).0 == 2 && month(day).1 > 24).valid, "February with 24 days");
    // 27 in eleven months and 25 in February are 322 days: every month has enough, the year has not.
    let few = with_gaps(&|day| month(day).1 > if month(day).0 == 2 { 25 } else { 27 });
    assert_eq!((few.n, few.valid), (322, false));
}

/// Hand: 19 of 24 hours are no day mean; 20 are.
#[test]
fn hours_make_days() {
    let year = Year(2021);
    let mut series = station("a", year, |_| Some(30));
    let pm25 = series.iter_mut().find(|own| own.parameter == "pm25").expect("there");
    pm25.values[..5].fill(GAP);
    pm25.values[24..28].fill(GAP);
    let judged = year_of(year, &series);
    assert_eq!(value(&judged, "air.pm25.mean").n, 364);
    let position = judged.item("pm25").expect("an item");
    assert_eq!(judged.city[0].items[position].stations, 0);
    assert_eq!(judged.city[1].items[position].stations, 1);
}

/// Hand: ten dusty days at 300 among 355 at 30: all data 13650/365 = 37.4, without them 30; nothing is deleted.
#[test]
fn exclusions_never_delete_data() {
    let year = Year(2021);
    let series = station("a", year, |index| Some(if index < 10 { 300 } else { 30 }));
    let exclusion = Exclusion {
        area: "x".into(),
        from: "2020-12-25".parse().expect("a day"),
        to: "2021-01-10".parse().expect("a day"),
        parameters: vec!["pm25".into(), "pm10".into()],
        reason: "沙尘".into(),
        document: "文件".into(),
    };
    let judged = air_year(&CATALOG, &RulesChoice::InForce, year, &series, std::slice::from_ref(&exclusion));
    let mean = value(&judged, "air.pm25.mean");
    assert_eq!((mean.value, mean.all_data), (Some(Fixed::from_integer(30)), Some(Fixed::from_integer(37))));
    assert_eq!((mean.n, mean.completeness.days, mean.valid), (355, 365, true));
    assert!(judged.city[0].cell.aqi.is_some_and(|aqi| aqi > 300), "the published AQI stays");
    assert_eq!(value(&judged, "air.heavy_days").value, Some(Fixed::ZERO));
    assert_eq!(value(&judged, "air.heavy_days").all_data, Some(Fixed::from_integer(10)));
    let explained = explain(&judged, definition("air.pm25.mean"));
    assert_eq!((explained.exclusions[0].days, explained.days.iter().filter(|day| day.excluded).count()), (10, 10));
    assert!(explained.days[0].valid && !explained.days[0].used);
    assert_eq!(costs(&judged).days.len(), 10, "costs tell of all data");
}

/// A PM2.5 day of 70: IAQI 94 under 2012 (good), above 100 under 2026 (limit 60).
#[test]
fn rules_change_within_2026() {
    let year = Year(2026);
    let judged = year_of(year, &station("a", year, |_| Some(70)));
    let spans: Vec<(String, String, &str)> = judged
        .rules
        .spans()
        .iter()
        .map(|(from, to, set)| (from.to_string(), to.to_string(), set.id.as_str()))
        .collect();
    assert_eq!(
        spans,
        [
            ("2026-01-01".into(), "2026-02-28".into(), "air-2012"),
            ("2026-03-01".into(), "2026-12-31".into(), "air-2026-transition")
        ]
    );
    // Hand: January and February have 59 days, all good; none of the 306 others is.
    assert_eq!(number(&judged, "air.good_days"), "59");
    let good = value(&judged, "air.good_ratio");
    assert_eq!(good.rules, "air-2012+air-2026-transition");
    assert!(good.notes.iter().any(|note| note.zh.contains("年内规则有变")), "{:?}", good.notes);
    assert_eq!(
        value(&judged, "air.pm25.mean").limit,
        Some(Fixed::from_integer(30)),
        "GB 3095-2026 table 1, transition"
    );
}

#[test]
fn a_year_under_asked_rules_says_so() {
    let year = Year(2021);
    let series = station("a", year, |index| Some(if index < 100 { 70 } else { 30 }));
    let a = year_of(year, &series);
    let b = air_year(&CATALOG, &asked("air-2026-transition"), year, &series, &[]);
    let own = value(&b, "air.good_days");
    assert_eq!(own.rules, "air-2026-transition");
    assert!(own.notes.iter().any(|note| note.zh.contains("按指定规则")));
    // Hand: the 100 days at 70 are good under 2012 (IAQI 94) and not under 2026 (above 60).
    let compared = compare(&a, &b);
    assert_eq!((compared.a.as_str(), compared.b.as_str(), compared.days), ("air-2012", "air-2026-transition", 365));
    assert_eq!((compared.summary_a.good_days, compared.summary_b.good_days), (365, 265));
    assert_eq!(compared.changed.len(), 100);
    assert_eq!((compared.changed[0].a.level, compared.changed[0].b.level), (Some(2), Some(3)));
    let old = air_year(&CATALOG, &RulesChoice::InForce, Year(1999), &[], &[]);
    assert!(value(&old, "air.pm25.mean").notes.iter().any(|note| note.zh.contains("早于")));
    assert_eq!(number(&old, "air.good_days"), "none", "no data, no count");
}

/// Hand: composite of the three stations differs by PM2.5 only: 20/35 < 30/35; equal values share rank 1.
#[test]
fn stations_with_equal_index_share_a_rank() {
    let year = Year(2021);
    let mut series = station("c", year, |_| Some(30));
    series.extend(station("b", year, |_| Some(20)));
    series.extend(station("a", year, |_| Some(20)));
    series.push(days("z", "pm25", year, |_| Some(1)));
    let judged = year_of(year, &series);
    let shown = [definition("air.good_days"), definition("air.pm25.mean")];
    let ranked = ranking(&judged, &shown, definition("air.composite_index"));
    let order: Vec<(&str, Option<u32>)> = ranked.iter().map(|own| (own.station.as_str(), own.rank)).collect();
    assert_eq!(order, [("a", Some(1)), ("b", Some(1)), ("c", Some(3)), ("z", None)]);
    assert_eq!(ranked[2].values[1].value, Some(Fixed::from_integer(30)));
    let statistics = annual_statistics(&judged, &shown);
    assert_eq!(statistics.stations[1].1, ranked[1].values, "the same numbers by both roads");
}

#[test]
fn the_budget_counts_the_days_of_the_year_so_far() {
    let year = Year(2021);
    let series = station("a", year, |index| match index {
        0..20 => Some(200),
        20..25 => None,
        _ => Some(30),
    });
    // Without PM2.5 the other five still make an AQI (HJ 633-2012), so no day is missing.
    let judged = year_of(year, &series);
    let so_far = days_so_far(&judged, "2021-03-31".parse().expect("a day"));
    assert_eq!((so_far.good, so_far.polluted, so_far.missing), (70, 20, 0));
    let row = crate::Plans::builtin().get("ziyang-145").and_then(|plan| plan.row(1).cloned()).expect("the row");
    let target = crate::plan::BudgetTarget::of(&row).expect("a share");
    let budget = crate::plan::budget(&target, year, &so_far);
    assert_eq!((budget.good_days_needed, budget.polluted_affordable, budget.days_left), (332, 13, 275));
}

/// Hand: days 1..=365 hold their number; k = 1 + 364·0.95 = 346.8, X(346) = 346, X(347) = 347, m = 346.8.
#[test]
fn an_explanation_quotes_its_numbers() {
    let year = Year(2021);
    let judged = year_of(year, &station("a", year, |index| Some(i64::from(index) + 1)));
    let explained = explain(&judged, definition("air.pm25.p95"));
    assert_eq!(explained.value.value, Some(Fixed::from_integer(347)));
    let steps: Vec<&str> = explained.steps.iter().map(|step| step.zh.as_str()).collect();
    assert!(
        steps.iter().any(|step| step.contains("k = 1 + (n − 1)·95/100 = 346.8") && step.contains("= 346.8")),
        "{steps:?}"
    );
    assert!(steps.iter().any(|step| step.contains("至少 20 个有效")), "{steps:?}");
    assert!(steps.last().is_some_and(|step| step.contains("346.8 → 347")), "{steps:?}");
    assert_eq!(explained.rules[0].number, "HJ 663-2013");
    assert!(!explained.rules[0].clause.is_empty() && !explained.rules[0].title.zh.is_empty());
    assert_eq!((explained.completeness.months.len(), explained.days.len()), (12, 365));
    assert!(explained.value.confidence >= Confidence::Confirmed);
    let good = explain(&judged, definition("air.good_days"));
    assert_eq!(good.days.iter().filter(|day| day.counted).count(), 75, "PM2.5 up to 75 is good");
    let index = explain(&judged, definition("air.composite_index"));
    assert_eq!(index.steps.iter().filter(|step| step.zh.contains('÷')).count(), 6);
}

#[test]
fn strange_series_do_no_harm() {
    let year = Year(2021);
    let mut series = station("a", year, |_| Some(30));
    series.push(days("a", "pm25", year, |_| Some(999)));
    series.push(HourSeries { station: "a".into(), parameter: "wind".into(), first: Hour(0), values: vec![1; 9] });
    series.push(HourSeries {
        station: "b".into(),
        parameter: "pm25".into(),
        first: Hour(i32::MAX),
        values: vec![1; 9],
    });
    series.push(HourSeries { station: "b".into(), parameter: "pm10".into(), first: Hour(i32::MIN), values: vec![] });
    let judged = year_of(year, &series);
    assert_eq!(judged.stations.len(), 2);
    assert!(definition("air.pm25.mean").id == "air.pm25.mean" && judged.city.len() == 365);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    /// Shares lie between 0 and 100, good and polluted days add up, and the order of series does not matter.
    #[test]
    fn shares_and_orders(
        seed in proptest::collection::vec(proptest::option::weighted(0.9, 0_i64..400), 40),
        swap in 0_usize..18,
    ) {
        let year = Year(2021);
        let mut series = Vec::new();
        for (offset, name) in ["a", "b", "c"].into_iter().enumerate() {
            series.extend(station(name, year, |index| seed[(index as usize * 7 + offset * 13) % seed.len()]));
        }
        let judged = year_of(year, &series);
        series.rotate_left(swap);
        let turned = year_of(year, &series);
        for definition in DEFINITIONS.iter() {
            prop_assert_eq!(air_value(&judged, definition), air_value(&turned, definition), "{}", definition.id);
        }
        let count = |id: &str| value(&judged, id).value.map_or(0, |value| value.millionths() / 1_000_000);
        prop_assert_eq!(count("air.good_days") + count("air.polluted_days"), count("air.valid_days"));
        prop_assert!(count("air.heavy_days") <= count("air.polluted_days"));
        for id in ["air.good_ratio", "air.heavy_ratio"] {
            let share = value(&judged, id).value.unwrap_or(Fixed::ZERO);
            prop_assert!(share >= Fixed::ZERO && share <= Fixed::from_integer(100));
        }
        let days = compare(&judged, &turned);
        prop_assert!(days.changed.is_empty());
    }
}
