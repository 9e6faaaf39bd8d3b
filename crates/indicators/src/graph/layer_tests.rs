//! The red line's tests, by hand: 1.91 km² of baseline (plan, box 2 row 23).

use crate::Definitions;
use crate::graph::cases::world;
use crate::graph::{Graph, LayerFigures, NodeKey, NodeValue, World};
use domain::{Ratio, Text};
use std::sync::{Arc, LazyLock};

static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(Definitions::builtin);

fn m2(area: i128) -> Option<Ratio> {
    Some(Ratio::new(area, 1))
}

fn figures(current: i128, lost: i128, changed: i128) -> LayerFigures {
    LayerFigures {
        baseline_m2: m2(1_912_345),
        current_m2: m2(current),
        lost_m2: m2(lost),
        gained_m2: m2(0),
        class_changed_m2: m2(changed),
        document: "基线图斑".to_string(),
        ..LayerFigures::default()
    }
}

fn value(facts: &str, own: Option<LayerFigures>) -> Arc<NodeValue> {
    let standards = Arc::new(standards::Catalog::builtin());
    let mut world: World = world(&standards, "", facts, "", 2025).expect("the text of the test");
    if let Some(own) = own {
        world.layers.insert(("city".to_string(), "redline".to_string(), 2025), own);
    }
    Graph::default().value(&NodeKey::new("redline.area", "city", 2025), &world, &DEFINITIONS)
}

/// Each test that is asked, with its answer.
fn asked(value: &NodeValue) -> Vec<(&str, Option<bool>)> {
    let own = value.parts.iter().filter(|part| part.met.is_some() || !part.counted);
    own.map(|part| (part.feature.as_str(), part.met)).collect()
}

const KEPT: &str = "redline.function@2020=61.2 1; redline.function=61.2 1; redline.unapproved=0 个";

#[test]
fn area_nature_and_function_are_tests_of_their_own() {
    let kept = value(KEPT, Some(figures(1_912_345, 0, 0)));
    assert_eq!(kept.value.map(|own| own.to_string()).as_deref(), Some("1.91"));
    let all = ["current", "lost", "class-changed", "redline.function", "redline.unapproved"];
    assert_eq!(asked(&kept), all.map(|test| (test, Some(true))));
    // 1 ha lost and as much gained elsewhere: the area statistic would not notice.
    let moved = value(KEPT, Some(figures(1_912_345, 10_000, 0)));
    assert_eq!(asked(&moved)[..2], [("current", Some(true)), ("lost", Some(false))]);
    let built = value(KEPT, Some(figures(1_912_345, 0, 350)));
    assert_eq!(asked(&built)[2], ("class-changed", Some(false)));
    let smaller = value(KEPT, Some(figures(1_890_000, 22_345, 0)));
    assert_eq!(asked(&smaller)[..2], [("current", Some(false)), ("lost", Some(false))]);
    let worse = "redline.function@2020=61.2 1; redline.function=60 1; redline.unapproved=2 个";
    assert_eq!(
        asked(&value(worse, Some(figures(1_912_345, 0, 0))))[3..],
        [("redline.function", Some(false)), ("redline.unapproved", Some(false))]
    );
}

#[test]
fn what_is_not_known_is_not_met() {
    let without = value("", Some(figures(1_912_345, 0, 0)));
    assert_eq!(asked(&without)[3..], [("redline.function", None), ("redline.unapproved", None)]);
    let none = value(KEPT, None);
    assert_eq!(none.value, None);
    assert!(none.why.zh.contains("请导入 parcels 表"), "{}", none.why.zh);
    let refused =
        LayerFigures { notes: vec![Text::new("坐标系不明", "datum unknown")], ..LayerFigures::default() };
    let refused = value(KEPT, Some(refused));
    assert_eq!((refused.value, refused.notes.len()), (None, 1));
    assert_eq!(asked(&refused)[..3], [("current", None), ("lost", None), ("class-changed", None)]);
}
