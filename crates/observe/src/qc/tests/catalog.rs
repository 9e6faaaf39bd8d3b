//! The built-in tables, and what is said of bad ones.

use crate::qc::catalog::{QcCatalog, builtin_files};
use crate::qc::flag::{QcFlag, TestKind};
use crate::qc::plan::QcTest;
use crate::qc::series::{QcSeries, Times};
use crate::qc::{Companions, run};
use domain::catalog::Files;
use domain::{Confidence, Lang, OutletKind, Parameters};

#[test]
fn the_built_in_tables_have_no_problem() {
    let (_, problems) = QcCatalog::load(&builtin_files());
    let lines: Vec<String> = problems.iter().map(|problem| problem.line(Lang::En)).collect();
    assert!(lines.is_empty(), "{lines:#?}");
}

#[test]
fn every_hourly_parameter_has_tests() {
    let catalog = QcCatalog::builtin();
    // What only a laboratory measures has no series of hours.
    let hourly = ["air", "weather", "surface-water"];
    let all = Parameters::builtin();
    // A mark such as “dried up” is a word of a person, not a measured value.
    let measured = |own: &&domain::Parameter| hourly.contains(&own.medium.as_str()) && own.unit != "1";
    for parameter in all.iter().filter(measured).filter(|own| !own.code.ends_with("_air")) {
        let plan = catalog.for_series(&parameter.code, OutletKind::Air);
        assert!(
            plan.tests.len() >= 2 || ["dew_point", "bod5"].contains(&parameter.code.as_str()),
            "{}",
            parameter.code
        );
    }
    let plan = catalog.for_series("a21026", OutletKind::Gas);
    assert!(plan.test(TestKind::Stuck).is_some() && plan.test(TestKind::Neighbour).is_none(), "{plan:?}");
    assert_eq!(plan.confidence(), Confidence::Unconfirmed);
    assert_eq!(catalog.for_series("nobody-knows", OutletKind::Air).tests.len(), 1);
}

#[test]
fn the_most_specific_row_is_taken() {
    let catalog = QcCatalog::builtin();
    let gap = |site| match catalog.for_series("pm25", site).test(TestKind::Gap).map(|own| own.test.clone()) {
        Some(QcTest::Gap(gap)) => gap.suspect_s,
        other => panic!("{other:?}"),
    };
    assert_eq!((gap(OutletKind::Air), gap(OutletKind::SurfaceWater)), (Some(7200), Some(28_800)));
}

#[test]
fn both_sides_of_a_pair_are_tested() {
    let catalog = QcCatalog::builtin();
    let plan = catalog.for_series("pm10", OutletKind::Air);
    assert_eq!(plan.companions(), ["pm25", "tsp"]);
    assert!(plan.wants_neighbours());
    let times = Times::Even { first_ms: 0, step_ms: 3_600_000 };
    let series = QcSeries { times, values: vec![50.0, 50.0, 50.0] };
    let fine = [40.0, 60.0, 200.0];
    let beside = Companions { parameters: vec![("pm25", &fine)], neighbours: vec![] };
    let got: Vec<_> = run(&series, &plan, &beside).iter().map(|flags| flags.of(TestKind::Cross)).collect();
    assert_eq!(got, [Some(QcFlag::Good), Some(QcFlag::Suspect), Some(QcFlag::Fail)]);
}

#[test]
fn a_flag_explains_itself_in_both_languages() {
    let plan = QcCatalog::builtin().for_series("pm25", OutletKind::Air);
    let said = plan.explain(TestKind::Range, QcFlag::Fail, 2400.5).expect("it is planned");
    assert!(said.zh.contains("2400.5 µg/m³") && said.zh.contains("0 至 2000"), "{}", said.zh);
    assert!(said.en.contains("limits unconfirmed"), "{}", said.en);
    let said = plan.explain(TestKind::Rate, QcFlag::Suspect, 300.0).expect("it is planned");
    assert!(said.en.contains("at most 200 µg/m³ an hour"), "{}", said.en);
    for planned in &plan.tests {
        for flag in QcFlag::BY_RANK {
            let said = planned.explain(flag, 1.0);
            assert!(!said.zh.is_empty() && !said.en.is_empty() && !said.en.contains("NaN"), "{}", said.en);
        }
    }
}

#[test]
fn a_bad_row_is_told_and_the_others_stay() {
    let mut files = Files::new();
    let head = "parameter,site,unit,method,suspect,fail,confidence,source\n";
    let rows = [
        "pm25,*,µg/m³,average,10,20,probable,x",
        "pm10,*,µg/m³,average,-3,20,probable,x",
        "so2,moon,µg/m³,average,10,20,probable,x",
        "no2,*,mg/m³,average,10,20,probable,x",
        "o3,*,µg/m³,middle,10,20,sure,x",
        "co,*,mg/m³,average,NaN,20,probable,x",
        "pm25,*,µg/m³,average,11,21,probable,x",
        "nox,*,µg/m³,average,30,20,probable,x",
    ];
    files.insert("spike.csv", format!("{head}{}\n", rows.join("\n")));
    files.insert("range.csv", "parameter,site,unit,fail_low,fail_high\npm25,*,µg/m³,10\npm25,*,µg/m³,20,10,probable");
    let (catalog, problems) = QcCatalog::load(&files);
    let lines: Vec<String> = problems.iter().map(|problem| problem.line(Lang::En)).collect();
    assert!(lines.iter().any(|line| line == "spike.csv:3:suspect: suspect `-3` should be above 0"), "{lines:#?}");
    for row in 3..=9 {
        assert!(lines.iter().any(|line| line.starts_with(&format!("spike.csv:{row}:"))), "{row}: {lines:#?}");
    }
    let plan = catalog.for_series("pm25", OutletKind::Air);
    assert_eq!(plan.tests.len(), 1, "{plan:?}");
}
