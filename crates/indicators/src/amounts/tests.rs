//! What holds whatever the projects are; worked cases stand in the catalog.

use crate::definition::Definitions;
use crate::graph::cases::world;
use crate::graph::{Graph, NodeKey, NodeValue};
use domain::RatioSum;
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

static STANDARDS: LazyLock<Arc<standards::Catalog>> = LazyLock::new(|| Arc::new(standards::Catalog::builtin()));
static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(Definitions::builtin);

fn value(facts: &str, projects: &str) -> Arc<NodeValue> {
    let world = world(&STANDARDS, "", facts, projects, 2025).expect("the text of the test");
    Graph::default().value(&NodeKey::new("amounts.cod", "city", 2025), &world, &DEFINITIONS)
}

#[test]
fn what_is_not_counted_is_listed_with_its_reason() {
    let facts = "p1/cut.volume=100 m³; p1/cut.cod_in=20 mg/L; p2/cut.volume=3 公顷";
    let value = value(facts, "p1 wwtp-new rejected; p2 wwtp-new verified; p3 wwtp-new accepted");
    let reasons: Vec<(&str, bool, &str)> =
        value.parts.iter().map(|part| (part.feature.as_str(), part.counted, part.why.en.as_str())).collect();
    assert_eq!(reasons.len(), 3);
    assert!(reasons[0].2.contains("not recognised") && !reasons[0].1, "{reasons:?}");
    assert!(reasons[1].2.contains("cut.volume of p2 for 2025 is written `3 公顷`"), "{reasons:?}");
    assert!(reasons[2].2.contains("no facts are stated"), "{reasons:?}");
    assert_eq!(value.value, None, "of two projects that count nothing can be used");
}

#[test]
fn only_verified_stands_beside() {
    let own =
        |code: &str| format!("{code}/cut.volume=1000000 m³; {code}/cut.cod_in=20 mg/L; {code}/cut.cod_out=10 mg/L; ");
    let value = value(&(own("p1") + &own("p2")), "p1 wwtp-new accepted; p2 wwtp-new verified");
    assert_eq!(value.value.map(|own| own.to_string()), Some("20".to_string()));
    assert_eq!(value.variants[0].1.map(|own| own.to_string()), Some("10".to_string()));
}

proptest! {
    /// The parts that are counted add up to the value, the order of records is without effect, and a further
    /// project never lowers the sum.
    #[test]
    fn parts_add_up_and_more_is_not_less(
        own in proptest::collection::vec((0_u32..5_000_000, 0_u32..400, 0_u32..400, 0_usize..5, 2021_i16..2026, 0_u32..3), 1..8),
    ) {
        let states = ["planned", "building", "accepted", "verified", "rejected"];
        let written = |count: usize| {
            let mut facts = Vec::new();
            let mut projects = Vec::new();
            for (at, (volume, inflow, outflow, state, year, facility)) in own.iter().take(count).enumerate() {
                facts.push(format!("p{at}/cut.volume@{year}={volume} m³"));
                facts.push(format!("p{at}/cut.cod_in@{year}={inflow} mg/L"));
                facts.push(format!("p{at}/cut.cod_out@{year}={outflow} mg/L"));
                projects.push(format!("p{at} wwtp-new {} 202{at}-01-01 f{facility}", states[*state]));
            }
            (facts, projects)
        };
        let (facts, projects) = written(own.len());
        let all = value(&facts.join(";"), &projects.join(";"));
        let mut sum = RatioSum::default();
        all.parts.iter().filter(|part| part.counted).filter_map(|part| part.contribution).for_each(|own| sum.add(own));
        prop_assert_eq!(all.exact.unwrap_or(sum.total()), sum.total());
        let turned = |list: &[String]| list.iter().rev().cloned().collect::<Vec<_>>().join(";");
        prop_assert_eq!(&*value(&turned(&facts), &turned(&projects)), &*all);
        let (facts, projects) = written(own.len() - 1);
        if let (Some(fewer), Some(all)) = (value(&facts.join(";"), &projects.join(";")).exact, all.exact) {
            prop_assert!(fewer <= all);
        }
    }
}
