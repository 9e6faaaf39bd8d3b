//! The worked cases of the catalog, what is said of odd months and years, and what holds for any data.

mod months;
mod properties;
mod years;

use crate::definition::Definitions;
use crate::graph::{Graph, NodeKey, NodeValue, World};
use crate::media::cases;
use domain::{Area, Year};
use std::sync::{Arc, LazyLock};

static CATALOG: LazyLock<Arc<standards::Catalog>> = LazyLock::new(|| Arc::new(standards::Catalog::builtin()));
static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(Definitions::builtin);

/// A city of points and months as the catalog's cases write them.
fn world(points: &str, values: &str) -> World {
    let mut world = World::new(Arc::clone(&CATALOG));
    world.areas.push(Area {
        id: "city".to_string(),
        name_zh: "城".to_string(),
        name_en: "city".to_string(),
        parent: String::new(),
        plan: String::new(),
        map: String::new(),
        note: String::new(),
        note_en: String::new(),
    });
    cases::fill(&mut world, "city", points, values, Year(2025)).expect("points and values of the test");
    world
}

fn value(world: &World, indicator: &str) -> NodeValue {
    let key = NodeKey::new(indicator, "city", 2025);
    (*Graph::default().value(&key, world, &DEFINITIONS)).clone()
}

#[test]
fn every_worked_case_comes_out() {
    let files = crate::builtin_files();
    let media = ["water", "groundwater", "soil", "noise"];
    let cases = crate::run_cases(&files, &DEFINITIONS, &CATALOG);
    let own: Vec<_> =
        cases.iter().filter(|case| media.iter().any(|own| case.path.starts_with(&format!("{own}/")))).collect();
    let failed: Vec<String> = own
        .iter()
        .filter(|case| !case.passed)
        .map(|case| format!("{}:{} {}: {} instead of {}", case.path, case.row, case.name, case.got, case.expect))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(own.len() >= 40, "{} cases", own.len());
}

/// Times the judging of a city-year; run with `--ignored --nocapture`.
#[test]
#[ignore = "a measurement, meaningful in release only"]
fn a_city_year_takes() {
    let names = "ph=7.4 do=7.1 codmn=4.2 cod=17 bod5=2.9 nh3n=0.41 tp=0.12 tn=1.9 cu=0.002 zn=0.03 fluoride=0.4 \
                 se=0.0004L arsenic=0.002 hg=0.00004L cd=0.0001L cr6=0.004L pb=0.002L cyanide=0.004L phenol=0.0003L \
                 oil=0.01L las=0.05L sulfide=0.01L water_temp=18 fecal=900";
    let each = |text: &dyn Fn(usize) -> String| (1..=17).map(text).collect::<Vec<_>>().join("; ");
    let world = world(
        &each(&|at| format!("s{at} surface-water river network=assessment body=沱江 basin=长江")),
        &each(&|at| format!("s{at} {names}")),
    );
    // The least of several rounds: others may be using the machine.
    let least = |run: &dyn Fn()| {
        let once = || {
            let start = std::time::Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1000.0
        };
        (0..60).map(|_| once()).fold(f64::MAX, f64::min)
    };
    for indicator in ["water.good_share", "water.cwqi", "water.good_share_5x"] {
        println!("{indicator}: {:.3} ms", least(&|| assert!(value(&world, indicator).value.is_some())));
    }
    let selection = crate::media::Selection::default();
    let page = || crate::media::medium_year(&world, domain::Medium::SurfaceWater, "city", Year(2025), &selection);
    println!("page: {:.3} ms", least(&|| assert_eq!(page().bodies.len(), 3)));
}
