//! Rows of a city's register as they come, good and bad.

use crate::city::{City, Medium, ProjectState};
use crate::period::Day;
use crate::record::Record;
use std::collections::BTreeMap;

fn record(cells: &[(&str, &str)]) -> Record {
    let fields: BTreeMap<String, String> =
        cells.iter().map(|(column, value)| (column.to_string(), value.to_string())).collect();
    Record::new(fields, 2)
}

fn codes(problems: &[crate::Problem]) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn a_section_that_becomes_a_lake_in_mid_year_has_two_rows() {
    let river = [("point", "S1"), ("medium", "surface-water"), ("kind", "river"), ("to", "2025-06-30")];
    let lake = [("point", "S1"), ("medium", "surface-water"), ("kind", "lake"), ("from", "2025-07-01")];
    let (city, problems) = City::load(&[record(&lake), record(&river)], &[], &[], &[]);
    assert_eq!(codes(&problems), Vec::<&str>::new());
    let kind = |day: &str| city.point("S1", day.parse::<Day>().expect("a day")).map(|point| point.kind.as_str());
    assert_eq!((kind("2025-06-30"), kind("2025-07-01")), (Some("river"), Some("lake")));
    assert_eq!(city.points[0].medium, Medium::SurfaceWater);
}

#[test]
fn two_rows_of_a_point_for_one_day_are_told() {
    let first = [("point", "S1"), ("medium", "noise"), ("kind", "1")];
    let second = [("point", "S1"), ("medium", "noise"), ("kind", "2"), ("from", "2025-01-01")];
    let (_, problems) = City::load(&[record(&first), record(&second)], &[], &[], &[]);
    assert_eq!(codes(&problems), ["points-overlap"]);
}

#[test]
fn a_fact_keeps_its_exact_value_and_a_bad_one_is_told() {
    let good = [("feature", "512000"), ("item", "straw.used"), ("period", "2025"), ("value", "12.345678")];
    let month = [("feature", "512000"), ("item", "straw.used"), ("period", "2025-13"), ("value", "1")];
    let words = [("feature", "512000"), ("item", "straw.used"), ("period", "2024"), ("value", "约三成")];
    let (city, problems) = City::load(&[], &[record(&good), record(&month), record(&words)], &[], &[]);
    assert_eq!(city.fact("512000", "straw.used", "2025").map(|fact| fact.value.to_string()), Some("12.345678".into()));
    assert_eq!(codes(&problems), ["not-a-period", "not-a-number"]);
}

#[test]
fn a_project_needs_a_state_that_is_known() {
    let built = [("project", "J1"), ("state", "已验收"), ("class", "wwtp-new")];
    let odd = [("project", "J2"), ("state", "快好了")];
    let (city, problems) = City::load(&[], &[], &[record(&built), record(&odd)], &[]);
    assert_eq!(city.projects["J1"].state, ProjectState::Accepted);
    assert_eq!(city.projects.len(), 1);
    assert_eq!(codes(&problems), ["unknown-word"]);
}
