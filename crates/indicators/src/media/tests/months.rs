//! Values of a month → its value: automatic, samples, below detection, dried up, sound.

use super::CATALOG;
use crate::graph::{PointMonth, Source};
use crate::media::{MonthAccount, Sampled, point_month};
use domain::{Day, Fixed, Flag, Instant, Month, Ratio, Span};
use standards::media::Reading;

pub(super) fn month() -> Month {
    Month::from_ym(2025, 3).expect("a month")
}

pub(super) fn at(day: i8, hour: i64) -> Instant {
    Instant::from_civil(Day::from_ymd(2025, 3, day).expect("a day"), hour * 3_600_000)
}

pub(super) fn sampled(parameter: &str, time: Instant, value: &str, source: Source) -> Sampled {
    let (value, flag) = match value.strip_suffix('L') {
        Some(limit) => (limit, Flag::Below),
        None => (value, Flag::Good),
    };
    let value: Option<Fixed> = value.parse().ok();
    Sampled { parameter: parameter.to_string(), span: Span::Instant, time, value, flag, source }
}

pub(super) fn merged(medium: &str, rows: &[Sampled]) -> MonthAccount {
    let (rules, in_force) = CATALOG.monitoring(medium, month().first_day()).expect("rules of the medium");
    assert!(in_force);
    let hours = rules.day_night.as_ref().and_then(|own| CATALOG.limits_on(&own.family, month().first_day()));
    point_month(rules, hours.and_then(|(limits, _)| limits.day_night), month(), rows, false)
}

fn own(account: &MonthAccount) -> &PointMonth {
    account.month.as_ref().expect("a month")
}

fn number(account: &MonthAccount, parameter: &str) -> String {
    match own(account).values.get(parameter).map(|own| own.reading) {
        Some(Reading::Value(value)) => value.round(6).to_string(),
        Some(Reading::Below(limit)) => format!("<{}", limit.round(6)),
        Some(Reading::Missing | Reading::Undetected) | None => "none".to_string(),
    }
}

/// Days of six values, all the same.
fn days(parameter: &str, days: i8, value: &str) -> Vec<Sampled> {
    let hours = [0, 4, 8, 12, 16, 20];
    (1..=days).flat_map(|day| hours.map(|hour| sampled(parameter, at(day, hour), value, Source::Automatic))).collect()
}

#[test]
fn automatic_values_are_taken_before_a_sample_where_they_are_enough() {
    let mut rows = days("tp", 20, "0.1");
    rows.push(sampled("tp", at(5, 10), "0.4", Source::Manual));
    let account = merged("surface-water", &rows);
    let tp = own(&account).values["tp"];
    assert_eq!((number(&account, "tp").as_str(), tp.source, tp.n, tp.of), ("0.1", Source::Automatic, 20, 31));
    let sample = &account.usage[rows.len() - 1];
    assert!(!sample.used && sample.why.as_ref().expect("a reason").en.contains("preferred"));
}

#[test]
fn too_few_automatic_days_give_way_to_the_sample_and_say_so() {
    let mut rows = days("tp", 19, "0.1");
    rows.push(sampled("tp", at(5, 10), "0.4", Source::Manual));
    let account = merged("surface-water", &rows);
    assert_eq!(number(&account, "tp"), "0.4");
    assert_eq!(own(&account).values["tp"].source, Source::Manual);
    assert!(own(&account).notes[0].zh.contains("19 天"), "{:?}", own(&account).notes);
    let account = merged("surface-water", &rows[..rows.len() - 1]);
    assert_eq!(number(&account, "tp"), "none", "without a sample the month has no value of it");
    assert!(own(&account).notes[0].en.contains("no samples either"));
}

#[test]
fn a_day_of_three_of_six_values_is_not_a_day() {
    let mut rows = days("tp", 20, "0.1");
    rows.retain(|row| row.day() != Day::from_ymd(2025, 3, 7).expect("a day") || row.time > at(7, 9));
    let account = merged("surface-water", &rows);
    assert_eq!(number(&account, "tp"), "none", "nineteen days are left");
    assert!(account.usage.iter().filter(|own| !own.used).count() == rows.len());
}

#[test]
fn samples_are_taken_where_automatic_data_are_not_preferred() {
    let mut rows = days("cod", 31, "10");
    rows.push(sampled("cod", at(5, 10), "20", Source::Manual));
    assert_eq!(number(&merged("surface-water", &rows), "cod"), "20");
    rows.pop();
    assert_eq!(number(&merged("surface-water", &rows), "cod"), "10", "there is nothing else");
}

#[test]
fn samples_of_one_day_are_averaged_before_the_days() {
    let rows = [
        sampled("codmn", at(5, 10), "3", Source::Manual),
        sampled("codmn", at(5, 11), "5", Source::Manual),
        sampled("codmn", at(20, 10), "8", Source::Manual),
    ];
    let account = merged("surface-water", &rows);
    assert_eq!(number(&account, "codmn"), "6", "hand: ((3 + 5)/2 + 8)/2");
    assert_eq!(own(&account).values["codmn"].n, 2);
}

#[test]
fn ph_is_averaged_by_hydrogen_ions() {
    let value = |day: i8, value: &str| sampled("ph", at(day, 10), value, Source::Manual);
    let rows = [value(1, "6.5"), value(2, "7.5"), value(3, "8.5")];
    assert_eq!(number(&merged("surface-water", &rows), "ph"), "6.931798", "reference vector");
}

#[test]
fn below_detection_counts_half_beside_values_and_stays_below_alone() {
    let value = |day: i8, value: &str| sampled("pb", at(day, 10), value, Source::Manual);
    assert_eq!(number(&merged("surface-water", &[value(1, "0.01L"), value(9, "0.03")]), "pb"), "0.0175");
    assert_eq!(number(&merged("surface-water", &[value(1, "0.01L"), value(9, "0.02L")]), "pb"), "<0.015");
}

#[test]
fn a_month_that_dried_up_has_no_value_and_its_reason() {
    let mut rows = vec![sampled("dried_up", at(5, 10), "1", Source::Manual)];
    rows.push(Sampled { value: None, flag: Flag::Missing, ..sampled("tp", at(5, 10), "0", Source::Manual) });
    let account = merged("surface-water", &rows);
    assert_eq!((own(&account).state.as_str(), own(&account).values.len()), ("断流", 0));
    rows.push(sampled("tp", at(20, 10), "0.1", Source::Manual));
    let account = merged("surface-water", &rows);
    assert_eq!((own(&account).state.as_str(), number(&account, "tp").as_str()), ("", "0.1"));
    assert!(own(&account).notes[0].en.contains("has values"));
}

#[test]
fn what_is_invalid_or_of_another_month_is_kept_and_not_used() {
    let good = sampled("tp", at(5, 10), "0.1", Source::Manual);
    let invalid = Sampled { flag: Flag::Invalid, ..sampled("tp", at(6, 10), "9", Source::Manual) };
    let april = Instant::from_civil(Day::from_ymd(2025, 4, 1).expect("a day"), 3_600_000);
    let other = sampled("tp", april, "9", Source::Manual);
    let account = merged("surface-water", &[good, invalid, other]);
    assert_eq!(number(&account, "tp"), "0.1");
    let said: Vec<&str> = account.usage[1..].iter().filter_map(|own| Some(own.why.as_ref()?.en.as_str())).collect();
    assert_eq!(said, ["marked invalid", "of another month"]);
    assert_eq!(merged("surface-water", &[]).month, None);
}

#[test]
fn a_stated_month_mean_is_used_where_nothing_finer_makes_one() {
    let april = Instant::from_civil(Day::from_ymd(2025, 4, 1).expect("a day"), 0);
    let stated = Sampled { span: Span::Month, ..sampled("tp", april, "0.2", Source::Automatic) };
    let mut rows = days("tp", 5, "0.1");
    rows.push(stated);
    assert_eq!(number(&merged("surface-water", &rows), "tp"), "0.2");
    let mut rows = days("tp", 25, "0.1");
    rows.push(Sampled { span: Span::Month, ..sampled("tp", april, "0.2", Source::Automatic) });
    assert_eq!(number(&merged("surface-water", &rows), "tp"), "0.1");
}

#[test]
fn levels_of_hours_make_days_and_nights() {
    // 1 March: 60 dB from 06:00 to 22:00, 50 dB in the night until 06:00 of 2 March.
    let level = |day: i8, hour: i64, value: &str| Sampled {
        span: Span::Hour,
        ..sampled("leq", at(day, hour), value, Source::Automatic)
    };
    let mut rows: Vec<Sampled> = (7..=22).map(|hour| level(1, hour, "60")).collect();
    rows.extend([level(1, 23, "50"), level(1, 24, "50")]);
    rows.extend((1..=6).map(|hour| level(2, hour, "50")));
    let account = merged("noise", &rows);
    assert_eq!((number(&account, "leq_day"), number(&account, "leq_night")), ("60".into(), "50".into()));
    assert!(account.usage.iter().all(|own| own.used));
    assert_eq!(own(&account).days["leq_night"].len(), 1);
    let few = merged("noise", &rows[..11]);
    assert_eq!(number(&few, "leq_day"), "none", "eleven of sixteen hours are 69 %");
}

#[test]
fn levels_given_for_day_and_night_are_averaged_by_energy() {
    let level =
        |day: i8, value: &str| Sampled { span: Span::Day, ..sampled("leq_day", at(day, 24), value, Source::Manual) };
    let account = merged("noise", &[level(1, "50"), level(2, "60")]);
    assert_eq!(number(&account, "leq_day"), "57.403627", "hand: 10·lg((10^5 + 10^6)/2)");
    let kept: Vec<Reading> = own(&account).days["leq_day"].values().copied().collect();
    assert_eq!(kept, [Reading::Value(Ratio::new(50, 1)), Reading::Value(Ratio::new(60, 1))]);
}
