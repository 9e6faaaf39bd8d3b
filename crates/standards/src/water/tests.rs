//! Rivers, lakes, sources and years by the built-in rules, against hand calculations.

use crate::catalog::Catalog;
use crate::media::{Limits, Reading, Sample, exact};
use crate::water::{
    Changed, DrinkingSource, OxygenForm, Rounding, SurfaceEvaluation, Toward, drinking_rates, hydrogen_mean,
    mean_sample, round_keeping,
};
use domain::{Confidence, Ratio};
use proptest::prelude::*;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::builtin);

fn rules() -> (&'static SurfaceEvaluation, &'static Limits, &'static Rounding) {
    let rules = CATALOG.surface_evaluation("sw-evaluation-2011").expect("built in");
    let limits = CATALOG.limits(&rules.limits).expect("its limits");
    (rules, limits, CATALOG.rounding(&rules.rounding).expect("its rounding"))
}

fn sample(kind: &str, values: &[(&str, &str)]) -> Sample {
    let limits = rules().1;
    let mut sample = limits.sample();
    sample.say(limits, "kind", kind);
    for (item, text) in values {
        let reading = match text.strip_suffix('L') {
            Some(detection) => Reading::Below(exact(detection).expect("a number")),
            None => Reading::Value(exact(text).expect("a number")),
        };
        sample.set(limits, item, reading);
    }
    sample
}

fn number(text: &str) -> Ratio {
    exact(text).expect("a number")
}

fn names(list: &[crate::water::RiverMain]) -> Vec<&'static str> {
    list.iter().map(|own| rules().1.items[own.item].code.as_str()).collect()
}

/// 82号: the statistic is rounded before it is judged, so 6.04 is 6.0 and meets Ⅲ; unrounded it would be Ⅳ.
#[test]
fn a_section_is_judged_by_its_rounded_statistics() {
    let (rules, limits, rounding) = rules();
    let own = sample("river", &[("codmn", "6.04"), ("nh3n", "0.1549")]);
    assert_eq!(rules.section(limits, rounding, &own).class, Some(3));
    assert_eq!(limits.judge(&own, &limits.default_items()).class, Some(4));
    let below = sample("river", &[("hg", "0.00004L"), ("phenol", "0.0003L")]);
    assert_eq!(rules.section(limits, rounding, &below).class, Some(1));
}

/// 22号, fewer than 5 sections: the mean of each indicator. Hand: COD (10 + 40)/2 = 25 → Ⅳ, exceed (25 − 20)/20.
#[test]
fn few_sections_are_averaged_first() {
    let (rules, limits, rounding) = rules();
    let sections = [sample("river", &[("cod", "10"), ("ph", "6.5")]), sample("river", &[("cod", "40"), ("ph", "8.5")])];
    let river = rules.river(limits, rounding, &sections).expect("judged");
    assert_eq!((river.sections, river.grade), (2, None));
    let mean = river.mean.expect("few sections");
    assert_eq!(mean.class, Some(4));
    assert_eq!(names(&river.main), ["cod"]);
    assert_eq!(river.main[0].exceed, Some(Ratio::new(1, 4)));
    let ph = mean.items.iter().find(|own| limits.items[own.item].code == "ph").expect("judged");
    // −lg((10^−6.5 + 10^−8.5)/2) = 6.796709, to no decimal place 7.
    assert_eq!(ph.value, Ratio::new(7, 1));
}

/// 22号, 5 sections and more: shares decide, not the mean. The same water averaged would be lightly polluted.
#[test]
fn five_sections_are_counted() {
    let (rules, limits, rounding) = rules();
    let good = sample("river", &[("cod", "14")]);
    let mut sections = vec![good.clone(), good.clone(), good.clone(), good];
    sections.push(sample("river", &[("cod", "60"), ("tp", "0.5"), ("do", "4")]));
    let river = rules.river(limits, rounding, &sections).expect("judged");
    assert_eq!((river.good, river.bad), (Ratio::new(80, 1), Ratio::new(20, 1)));
    assert_eq!(river.counts, [4, 0, 0, 0, 0, 1]);
    assert_eq!(rules.grades[river.grade.expect("by shares")].name.zh, "良好");
    assert_eq!(names(&river.main), ["do", "cod", "tp"]);
    assert_eq!(river.main[0].rate, Some(Ratio::new(20, 1)));
    sections.pop();
    let few = rules.river(limits, rounding, &sections).expect("judged");
    assert!(few.mean.is_some() && few.main.is_empty());
    sections.push(sample("river", &[]));
    assert_eq!(
        rules.river(limits, rounding, &sections).expect("judged").sections,
        4,
        "an empty section does not count"
    );
    assert_eq!(rules.river(limits, rounding, &[]), None);
}

/// 22号, lakes: TP (0.04 + 0.08)/2 = 0.06 → Ⅳ by the lake limits.
#[test]
fn the_points_of_a_lake_are_averaged() {
    let (rules, limits, rounding) = rules();
    let points = [sample("lake", &[("tp", "0.04")]), sample("lake", &[("tp", "0.08")])];
    assert_eq!(rules.lake(limits, rounding, &points).and_then(|own| own.class), Some(4));
    assert_eq!(rules.lake(limits, rounding, &[]), None);
}

#[test]
fn changes_say_how_sure_they_are() {
    let (rules, ..) = rules();
    let change = rules.class_change(4, 2);
    assert_eq!(
        (change.changed, change.toward, change.confidence),
        (Changed::Clearly, Toward::Better, Confidence::Probable)
    );
    let shares = rules.share_change((number("60"), number("5")), (number("60"), number("16")));
    assert_eq!(
        (shares.changed, shares.toward, shares.confidence),
        (Changed::Some, Toward::Worse, Confidence::Unconfirmed)
    );
    let tendency = rules.tendency(&[number("1"), number("2"), number("3")]).expect("three values");
    assert_eq!((tendency.critical, tendency.significant), (None, None), "the table begins at five");
}

/// Hand: 2 of 3 judged, 30 of 100 of their water.
#[test]
fn drinking_sources_by_number_and_volume() {
    let source = |meets, volume: Option<&str>| DrinkingSource { meets, volume: volume.map(number) };
    let sources = [
        source(Some(true), Some("10")),
        source(Some(true), Some("20")),
        source(Some(false), Some("70")),
        source(None, Some("500")),
    ];
    let rates = drinking_rates(&sources);
    assert_eq!((rates.judged, rates.met), (3, 2));
    assert_eq!((rates.by_number, rates.by_volume), (Some(Ratio::new(200, 3)), Some(Ratio::new(30, 1))));
    let unknown = drinking_rates(&[source(Some(true), None)]);
    assert_eq!((unknown.by_number, unknown.by_volume), (Some(Ratio::new(100, 1)), None));
    let none_met = drinking_rates(&[source(Some(false), Some("5"))]);
    assert_eq!(none_met.by_volume, Some(Ratio::new(0, 1)));
    assert_eq!(drinking_rates(&[]).by_number, None);
}

/// The two printed forms of the oxygen index: 5/4 and 10 − 9·4/5.
#[test]
fn both_forms_of_the_oxygen_index() {
    let mut rule = CATALOG.single_factor("hj2-3-2018").expect("built in").clone();
    let index = |rule: &crate::water::SingleFactor| rule.oxygen(number("4"), number("5"), number("9"));
    assert_eq!(index(&rule), Some(Ratio::new(5, 4)));
    rule.oxygen_form = OxygenForm::Linear;
    assert_eq!(index(&rule), Some(Ratio::new(14, 5)));
    assert_eq!(rule.saturated(number("-31.6")), None);
}

/// The weights as printed, to four places.
#[test]
fn trophic_weights_are_the_printed_ones() {
    let printed = [0.2663, 0.1879, 0.1790, 0.1834, 0.1834];
    let weights = CATALOG.trophic("tli").expect("built in").weights();
    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(weights.iter().zip(printed).all(|(own, printed)| (own - printed).abs() < 5e-5), "{weights:?}");
}

/// Hand: a TLI of exactly 30 or 50 is mesotrophic, just above 50 lightly eutrophic.
#[test]
fn trophic_grades_at_their_limits() {
    let rule = CATALOG.trophic("tli").expect("built in");
    let grade = |text: &str| {
        let at = rule.grades.iter().position(|(_, limit)| limit.met(number(text)) == Some(true));
        at.map(|at| rule.grades[at].0.id.as_str())
    };
    for (index, expect) in [
        ("-5", "贫营养"),
        ("29.999999", "贫营养"),
        ("30", "中营养"),
        ("50", "中营养"),
        ("50.000001", "轻度富营养"),
        ("60", "轻度富营养"),
        ("70", "中度富营养"),
        ("70.1", "重度富营养"),
    ] {
        assert_eq!(grade(index), Some(expect), "{index}");
    }
}

#[test]
fn a_trophic_row_says_what_is_missing() {
    let evaluator = CATALOG.evaluator("tli").expect("built in");
    let bound = evaluator.bind(&["lake", "chla", "tp", "tn", "sd", "codmn"], &Default::default()).expect("fits");
    let judged = bound.row(&[Some("湖"), Some("10"), Some("0.05"), Some("1"), Some("1"), Some("4")]);
    assert_eq!(judged.cells[..2], [Some("中营养".to_string()), Some("48.0181".to_string())]);
    let judged = bound.row(&[Some("湖"), Some("10"), Some("0.05"), Some("0"), None, Some("4")]);
    let codes: Vec<&str> = judged.problems.iter().map(|problem| problem.code).collect();
    assert_eq!((judged.cells[0].clone(), codes), (None, vec!["not-above-zero", "incomplete"]));
    assert!(bound.row(&[]).problems.is_empty(), "an empty row is nothing to complain of");
}

proptest! {
    #[test]
    fn a_mean_of_ph_lies_between_and_leans_to_the_acid(values in prop::collection::vec(0_i128..1400, 1..30)) {
        let values: Vec<Ratio> = values.into_iter().map(|value| Ratio::new(value, 100)).collect();
        let mean = hydrogen_mean(&values).expect("values").to_f64();
        let all = values.iter().map(|value| value.to_f64());
        let arithmetic = all.clone().sum::<f64>() / values.len() as f64;
        prop_assert!(mean <= arithmetic + 1e-6);
        prop_assert!(mean >= all.fold(f64::MAX, f64::min) - 1e-6);
    }

    #[test]
    fn rounding_never_makes_nothing_of_something(num in 1_i128..10_000_000, places in 0_u32..6) {
        let value = Ratio::new(num, 10_000_000);
        let rounded = round_keeping(value, places);
        prop_assert!(rounded.num() > 0);
        let step = Ratio::new(1, 10_i128.pow(places));
        let off = if rounded > value { rounded.minus(value) } else { value.minus(rounded) };
        prop_assert!(off.times(2) <= step);
    }

    #[test]
    fn the_mean_does_not_depend_on_the_order(mut values in prop::collection::vec(0_i128..10_000, 1..20), turn in 0_usize..20) {
        let limits = rules().1;
        let samples = |values: &[i128]| -> Vec<Sample> {
            let text = |value: &i128| (*value as f64 / 100.0).to_string();
            values.iter().map(|value| sample("river", &[("cod", &text(value))])).collect()
        };
        let mean = |values: &[i128]| mean_sample(limits, &samples(values), |_| Default::default());
        let one = mean(&values);
        let by = turn % values.len();
        values.rotate_left(by);
        prop_assert_eq!(one, mean(&values));
    }
}

/// 714号: five items and what exceeded. Hand: fluoride exceeded last year, so it joins; COD did not.
#[test]
fn five_items_and_what_exceeded() {
    let (rules, limits, rounding) = rules();
    let programme = CATALOG.programme("monitoring-2020").expect("built in");
    let last = rules.section(limits, rounding, &sample("river", &[("f", "1.4"), ("codmn", "9"), ("cod", "18")]));
    let exceeded = programme.exceeded(limits, &[last]);
    assert_eq!(exceeded.iter().map(|item| limits.items[*item].code.as_str()).collect::<Vec<_>>(), ["f"]);
    let counted = programme.counted(limits, &exceeded);
    assert_eq!(counted.iter().filter(|own| **own).count(), 6);
    let now = sample("river", &[("f", "1.2"), ("cod", "100"), ("tp", "0.1")]);
    assert_eq!(limits.judge(&now, &counted).class, Some(4), "COD is not evaluated, fluoride is");
}
