//! A small world: two counties' facts, put together, changed, and explained.

use crate::definition::Definitions;
use crate::graph::cases::area;
use crate::graph::{Graph, Leaf, NodeKey, NodeValue, World};
use domain::catalog::Files;
use domain::{Ratio, Text};

fn definitions() -> Definitions {
    let mut files = Files::new();
    let own = |id: &str, params: &str| {
        format!(
            "id = \"{id}\"\ntitle = {{ zh = \"甲\", en = \"a\" }}\nunit = \"t\"\nmethod = \"roll-up\"\nparams = {params}\nequation = {{ zh = \"\", en = \"\" }}\nsource = \"test\"\n"
        )
    };
    files.insert("city.sum/indicator.toml", own("city.sum", "{ of = \"county.value\", how = \"sum\" }"));
    files.insert("loop/indicator.toml", own("loop", "{ of = \"loop\", how = \"sum\" }"));
    let air = own("county.value", "{ item = \"pm25\", statistic = \"mean\" }").replace("roll-up", "day-statistic");
    files.insert("county.value/indicator.toml", air);
    let (definitions, problems) = Definitions::load(&files);
    assert_eq!(problems, []);
    definitions
}

fn given(value: i128) -> NodeValue {
    NodeValue::of(Ratio::new(value, 1), 0, Text::new("", ""))
}

fn world() -> World {
    let mut world = World::new(std::sync::Arc::new(standards::Catalog::builtin()));
    world.areas = vec![area("city", ""), area("a", "city"), area("b", "city")];
    world.given.insert(NodeKey::new("county.value", "a", 2025), given(10));
    world.given.insert(NodeKey::new("county.value", "b", 2025), given(32));
    world
}

#[test]
fn a_sum_of_the_areas_below_and_what_one_change_touches() {
    let (definitions, mut world, mut graph) = (definitions(), world(), Graph::default());
    let key = NodeKey::new("city.sum", "city", 2025);
    let other = NodeKey::new("city.sum", "city", 2024);
    assert_eq!(graph.value(&key, &world, &definitions).value.map(|value| value.to_string()), Some("42".into()));
    assert_eq!(graph.value(&other, &world, &definitions).value, None);
    let changed = NodeKey::new("county.value", "b", 2025);
    world.given.insert(changed.clone(), given(33));
    let changes = graph.changed(&[Leaf::Given(changed.clone())], &world, &definitions);
    let keys: Vec<&NodeKey> = changes.iter().map(|change| &change.key).collect();
    assert_eq!(keys, [&key, &changed]);
    let parts = changes[0].parts();
    assert_eq!(parts.len(), 1, "only county b");
    assert_eq!(parts[0].0.map(|part| part.value.as_str()), Some("32 t"));
    assert_eq!(parts[0].1.map(|part| part.value.as_str()), Some("33 t"));
}

#[test]
fn a_value_that_comes_later_is_noticed() {
    let (definitions, mut world, mut graph) = (definitions(), world(), Graph::default());
    let late = NodeKey::new("county.value", "a", 2026);
    let key = NodeKey::new("city.sum", "city", 2026);
    assert_eq!(graph.value(&key, &world, &definitions).value, None);
    world.given.insert(late.clone(), given(5));
    let changes = graph.changed(&[Leaf::Given(late)], &world, &definitions);
    assert!(changes.iter().any(|change| change.key == key));
}

#[test]
fn a_definition_that_leads_to_itself_has_no_value_and_ends() {
    let (definitions, mut world, mut graph) = (definitions(), world(), Graph::default());
    world.areas.push(area("city", "city"));
    let value = graph.value(&NodeKey::new("loop", "city", 2025), &world, &definitions);
    assert_eq!(value.value, None);
}
