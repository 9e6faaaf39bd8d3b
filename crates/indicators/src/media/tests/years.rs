//! Months of a point → its year: moved points, revised limits, few months, scenarios, rivers, lakes, changes.

use super::{CATALOG, value, world};
use crate::graph::{Assumption, Graph, Leaf, NodeKey, World};
use crate::media::{BodyKind, MediumYear, PointYear, Selection, medium_year};
use domain::{Confidence, Medium, Month, Ratio, Year};
use std::sync::Arc;

fn page(world: &World) -> MediumYear {
    medium_year(world, Medium::SurfaceWater, "city", Year(2025), &Selection::default())
}

fn only(world: &World) -> PointYear {
    page(world).points.list.into_iter().next().expect("a point")
}

#[test]
fn a_section_moved_from_river_to_lake_is_judged_by_the_end_and_the_parts_are_given() {
    let world = world("s1 surface-water river to=2025-06-30; s1 surface-water lake from=2025-07-01", "s1 tp=0.08");
    let own = only(&world);
    assert_eq!((own.class_id.as_str(), own.good), ("Ⅳ", Some(false)), "0.08 is beyond 0.05 of a lake");
    let kinds: Vec<&str> = own.parts.iter().map(|part| part.kind.as_str()).collect();
    assert_eq!(kinds, ["river", "lake"]);
    let classes: Vec<Option<usize>> =
        own.parts.iter().map(|part| part.judged.as_ref().and_then(|own| own.verdict.class)).collect();
    assert_eq!(classes, [Some(2), Some(4)]);
    let months: Vec<Option<usize>> = own.months.iter().map(|own| own.judged[0].verdict.class).collect();
    assert_eq!(months[5..7], [Some(2), Some(4)], "each month under its own kind");
    assert!(own.notes.iter().any(|note| note.zh.contains("年末的类型和标准评价为 Ⅳ")), "{:?}", own.notes);
}

#[test]
fn a_limit_revised_in_the_year_judges_its_own_months_and_the_year() {
    let mut files = standards::Catalog::builtin_files();
    let copy = |file: &str| files.get(&format!("gb3838-2002/{file}")).expect("a file").to_string();
    let header = copy("standard.toml")
        .replace("id = \"gb3838-2002\"", "id = \"gb3838-2025\"\nreplaces = [\"gb3838-2002\"]")
        .replace("from = \"2002-06-01\"", "from = \"2025-07-01\"");
    let limits = copy("limits.csv").replace("codmn,,,,2,4,6,10,15", "codmn,,,,1,3,5,10,15");
    let (items, notes) = (copy("items.csv"), copy("notes.md"));
    files.insert("gb3838-2025/standard.toml", header);
    files.insert("gb3838-2025/limits.csv", limits);
    files.insert("gb3838-2025/items.csv", items);
    files.insert("gb3838-2025/notes.md", notes);
    files.insert("gb3838-2025/cases.csv", "given,expect,source\nkind=river codmn=5.5,class=Ⅳ,test\n");
    let (catalog, problems) = standards::Catalog::load(&files);
    assert_eq!(problems, []);
    let mut world = world("s1 surface-water river", "s1 codmn=5.5");
    world.standards = Arc::new(catalog);
    let own = only(&world);
    let months: Vec<Option<usize>> = own.months.iter().map(|own| own.judged[0].verdict.class).collect();
    assert_eq!((months[5], months[6]), (Some(3), Some(4)));
    assert_eq!((own.class_id.as_str(), own.judged[0].standard.as_str()), ("Ⅳ", "gb3838-2025"));
    assert_eq!(own.parts.len(), 2);
    assert!(own.notes.iter().any(|note| note.en.contains("gb3838-2002: Ⅲ")), "{:?}", own.notes);
}

#[test]
fn a_year_so_far_is_given_and_not_called_valid() {
    let world = world(
        "s1 surface-water river network=assessment; s2 surface-water river network=assessment",
        "s1@1-10 codmn=4; s2@1-9 codmn=9",
    );
    let own = value(&world, "water.good_share");
    assert_eq!((own.value.map(|own| own.to_string()), own.valid), (Some("100".into()), false));
    assert_eq!((own.n, own.of), (1, 2), "the second lacks October");
    assert!(!own.parts[1].counted && own.parts[1].value == "Ⅳ");
    assert!(own.notes.iter().any(|note| note.en.contains("month 10")));
}

#[test]
fn a_scenario_replaces_the_class_of_a_section() {
    let mut world = world(
        "s1 surface-water river network=assessment; s2 surface-water river network=assessment",
        "s1 codmn=4; s2 codmn=9",
    );
    assert_eq!(value(&world, "water.good_share").value.map(|own| own.to_string()), Some("50".into()));
    let assume = |value: &str| Assumption { feature: "s2".into(), item: "class".into(), value: value.into() };
    world.assumed = vec![assume("Ⅲ")];
    let own = value(&world, "water.good_share");
    assert_eq!(own.value.map(|own| own.to_string()), Some("100".into()));
    assert!(own.parts[1].why.zh.contains("情景假设") && own.parts[1].met == Some(true));
    world.assumed = vec![assume("三类")];
    let own = value(&world, "water.good_share");
    assert_eq!(own.value.map(|own| own.to_string()), Some("50".into()));
    assert!(own.notes.iter().any(|note| note.zh.contains("三类")));
}

#[test]
fn upstream_inflow_is_deducted_beside_the_raw_value() {
    let mut world = world(
        "s1 surface-water river network=assessment; s2 surface-water river network=assessment",
        "s1 codmn=4; s2 codmn=9",
    );
    let key =
        domain::FactKey { feature: "s2".into(), item: "water.upstream_deducted_class".into(), period: "2025".into() };
    let fact = domain::Fact {
        key: key.clone(),
        value: domain::Fixed::from_integer(3),
        unit: "1".into(),
        department: "省生态环境厅".into(),
        document: "认定函".into(),
        simulated: false,
        note: String::new(),
        import: String::new(),
        row: 0,
    };
    world.city.facts.insert(key, fact);
    let own = value(&world, "water.good_share");
    assert_eq!(own.value.map(|own| own.to_string()), Some("50".into()), "the raw value stays");
    let (title, adjusted) = &own.variants[0];
    assert_eq!((title.zh.as_str(), adjusted.map(|own| own.to_string())), ("扣除上游来水影响后", Some("100".into())));
    assert!(own.parts[1].why.zh.contains("扣除上游来水影响后为 Ⅲ"));
    assert_eq!(own.documents, ["认定函"]);
}

#[test]
fn one_changed_month_changes_what_depends_on_it() {
    let mut world = world("s1 surface-water river network=assessment", "s1 nh3n=0.9");
    let mut graph = Graph::default();
    for indicator in ["water.good_share", "groundwater.v_share"] {
        graph.value(&NodeKey::new(indicator, "city", 2025), &world, &super::DEFINITIONS);
    }
    let march = Month::from_ym(2025, 3).expect("a month");
    let worse = super::world("s1 surface-water river network=assessment", "s1 nh3n=3").months;
    let leaf = world.put_month("s1", march, worse.get(&("s1".to_string(), march)).cloned()).expect("it changed");
    assert_eq!(leaf, Leaf::Month("s1".into(), march));
    let changes = graph.changed(&[leaf], &world, &super::DEFINITIONS);
    let keys: Vec<&str> = changes.iter().map(|own| own.key.indicator.as_str()).collect();
    assert_eq!(keys, ["water.good_share"]);
    assert_eq!(changes[0].parts().len(), 1, "hand: (11·0.9 + 3)/12 = 1.075, rounded to 1.08: beyond 1.0");
    let gone = world.put_month("s1", march, None).expect("it changed");
    assert_eq!(graph.dependents(&[gone]).len(), 1, "a month that is not there was looked at too");
}

#[test]
fn many_sections_by_shares_few_by_their_mean() {
    let point = |at: u32, body: &str| format!("s{at} surface-water river body={body} basin=长江");
    let points: Vec<String> = (1..=6).map(|at| point(at, if at <= 4 { "甲" } else { "乙" })).collect();
    let world = world(&points.join("; "), "s1 codmn=4; s2 codmn=4; s3 codmn=4; s4 codmn=13; s5 codmn=4; s6 codmn=4");
    let page = page(&world);
    let body = |kind: BodyKind, name: &str| {
        page.bodies.iter().find(|own| own.kind == kind && own.name == name).expect("a body").clone()
    };
    let (few, many) = (body(BodyKind::River, "甲"), body(BodyKind::Basin, "长江"));
    assert_eq!(few.class_id.as_deref(), Some("Ⅳ"), "hand: mean 6.25, rounded to 6.2");
    assert_eq!(many.good, Some(Ratio::new(500, 6)));
    assert_eq!(many.grade.map(|own| own.zh), Some("良好".into()), "83.3 % is at least 75 %");
    assert_eq!(many.main[0].rate, Some(Ratio::new(100, 6)));
    assert_eq!(page.shares.iter().map(|own| own.count).sum::<u32>(), 6);
}

#[test]
fn a_lake_has_a_trophic_state() {
    let values = "chla=10 tp=0.05 tn=1 sd=1 codmn=4";
    let world = world(
        "l1 surface-water lake body=老鹰水库; l2 surface-water lake body=老鹰水库",
        &format!("l1 {values}; l2 {values}"),
    );
    let page = page(&world);
    let lake = page.bodies.iter().find(|own| own.kind == BodyKind::Lake).expect("a lake");
    let trophic = lake.trophic.as_ref().expect("an index");
    assert!((trophic.value.index - 48.0181).abs() < 1e-4, "reference vector");
    assert_eq!((trophic.state.zh.as_str(), trophic.shown.as_str()), ("中营养", "48.0"));
    assert_eq!(lake.class_id.as_deref(), Some("Ⅲ"), "TN is outside the class");
}

#[test]
fn a_change_compares_the_points_of_both_years() {
    let points: Vec<String> = (1..=10).map(|at| format!("s{at} surface-water river")).collect();
    let month = |year: u32, at: u32, value: &str| {
        (1..=6).map(|month| format!("s{at}@{year}-{month} codmn={value}")).collect::<Vec<_>>().join("; ")
    };
    let last: Vec<String> = (1..=9).map(|at| month(2024, at, if at <= 5 { "4" } else { "9" })).collect();
    let now: Vec<String> = (1..=10).map(|at| month(2025, at, if at <= 7 { "4" } else { "9" })).collect();
    let world = world(&points.join("; "), &[last.join("; "), now.join("; ")].join("; "));
    let page = page(&world);
    let words = page.change_words.expect("a change");
    assert!(words.zh.contains("9 个可比点位") && words.zh.contains("明显好转"), "5/9 → 7/9 is 22 points: {}", words.zh);
    assert!(words.zh.contains("未经核实"), "the thresholds are unconfirmed");
    assert_eq!(page.points.elapsed, 6);
}

#[test]
fn a_source_shows_the_value_of_the_month_that_decided() {
    let world = world("d1 drinking-water lake", "d1 codmn=4; d1@7 codmn=6.2");
    let page = medium_year(&world, Medium::DrinkingWater, "city", Year(2025), &Selection::default());
    let own = &page.points.list[0];
    assert_eq!((own.class_id.as_str(), own.good, own.n), ("Ⅳ", Some(false), 12));
    assert_eq!(own.values["codmn"].value.reading, standards::media::Reading::Value(Ratio::new(62, 10)));
}

#[test]
fn one_month_alone_is_judged_as_a_month() {
    let world = world("s1 surface-water river", "s1 codmn=4; s1@3 codmn=9");
    let selection = Selection { month: Month::from_ym(2025, 3), ..Selection::default() };
    let page = medium_year(&world, Medium::SurfaceWater, "city", Year(2025), &selection);
    assert_eq!(page.points.list[0].class_id, "Ⅳ");
    assert_eq!((page.points.list[0].n, page.points.elapsed), (1, 1));
}

#[test]
fn confidence_names_what_is_not_confirmed() {
    let manual = only(&world("s1 surface-water river", "s1 codmn=4"));
    assert_eq!(manual.confidence, Confidence::Probable, "twelve sampled months");
    let few = only(&world("s1 surface-water river", "s1@1-3 codmn=4"));
    assert_eq!(few.confidence, Confidence::Probable);
    let noise = value(&world("n1 noise region", "n1@9 leq_day=54"), "noise.region_day");
    assert_eq!(noise.confidence, Confidence::Unconfirmed);
    assert!(CATALOG.monitoring("surface-water", Year(2010).first_day()).is_some_and(|(_, in_force)| !in_force));
}

#[test]
fn a_kind_that_no_limits_know_is_told() {
    let own = only(&world("s1 surface-water pond", "s1 codmn=4"));
    assert_eq!(own.class, None);
    assert!(own.notes.iter().any(|note| note.zh.contains("pond") && note.zh.contains("river, lake")));
}

#[test]
fn a_class_that_does_not_exist_is_told_and_is_not_zero() {
    let mut files = crate::builtin_files();
    let path = "water/water.good_share/indicator.toml";
    let text = files.get(path).expect("the indicator").replace("\"Ⅲ\"]", "\"III\"]");
    files.insert(path, text);
    let (definitions, problems) = crate::Definitions::load(&files);
    assert_eq!(problems, []);
    let world = world("s1 surface-water river network=assessment", "s1 codmn=5");
    let own = Graph::default().value(&NodeKey::new("water.good_share", "city", 2025), &world, &definitions);
    assert!(own.value.is_none() && own.why.zh.contains("III"), "{}", own.why.zh);
}
