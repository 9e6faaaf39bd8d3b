//! What is fuzzed of this crate, by the crate `fuzz`: any bytes as a file of shapes, and what is done with them.

use crate::datum::{Datum, region_to_cgcs2000};
use crate::geometry::Polygon;
use crate::identity::{Plot, Tolerance, compare};
use crate::read::{Shape, read};
use crate::region::Region;
use crate::{area, within};
use domain::Severity;
use fuzz::Target;
use std::collections::BTreeSet;

const SHAPES: Target = Target {
    name: "shapes",
    run: fuzz_shapes,
    behaviour,
    words: &[
        "POLYGON((",
        "MULTIPOLYGON(((",
        "LINESTRING(",
        "POINT(",
        "GEOMETRYCOLLECTION(",
        "SRID=4490;",
        " Z ",
        "EMPTY",
        "))",
        "),(",
        "104.6 30.1,",
        "104.61 30.1,",
        "104.61 30.11,",
        "104.6 30.11,",
        "104.605 30.105,",
        "104.6 30.1",
        "30.1 104.6,",
        "-180 90,",
        "1e999 0,",
        "NaN",
        "{\"type\":\"FeatureCollection\",\"features\":[",
        "{\"type\":\"Feature\",\"geometry\":",
        "{\"type\":\"Polygon\",\"coordinates\":[[",
        "\"properties\":{\"land_class\":\"x\"},",
        "[104.6,30.1],",
        "[104.61,30.11],",
        "[104.6,30.11,5],",
        "[[",
        "]]",
        "}",
        "null",
        "\n",
    ],
    tries: 4_000,
};

/// Surface of the earth, and some: no region is larger.
const EARTH_M2: f64 = 5.2e14;

#[test]
fn shapes() {
    fuzz::run(&SHAPES, env!("CARGO_MANIFEST_DIR"));
}

/// Reads any bytes as shapes: nothing panics, a file that gives nothing is told, a region is sound and can be
/// measured, moved between datums, and compared with the next one.
fn fuzz_shapes(bytes: &[u8]) {
    let (features, problems) = read(bytes, "fuzz");
    let told = problems.iter().any(|problem| problem.severity == Severity::Error);
    assert!(!features.is_empty() || told, "a file was dropped without a word");
    let mut regions: Vec<&Region> = Vec::new();
    for feature in &features {
        match &feature.shape {
            Shape::Region(region) => regions.push(region),
            Shape::Refused { faults, .. } => assert!(faults.iter().any(|fault| fault.refuses()), "refused for nothing"),
            Shape::Points(points) => assert!(points.iter().all(|point| point.is_on_earth())),
            Shape::Lines(lines) => assert!(lines.iter().flatten().all(|point| point.is_on_earth())),
        }
    }
    for region in &regions {
        let area_m2 = area::area_m2(region);
        assert!((0.0..EARTH_M2).contains(&area_m2), "{area_m2}");
        assert_eq!(Region::check(region.polygons()).0.as_ref(), Some(*region), "not sound a second time");
        for datum in Datum::ALL {
            let _ = region_to_cgcs2000(region, datum);
        }
    }
    if let [before, .., after] = regions[..] {
        compared(before, after);
    }
}

/// Overlays of two regions. Those of half the earth are only run: their edges are far from straight lines.
fn compared(before: &Region, after: &Region) {
    let plot = |region| Plot { id: "a", land_class: "b", region };
    let found = compare(&[plot(before)], &[plot(after)], Tolerance { area_m2: 1.0, sliver_width_m: 1.0 });
    let divided = within::divide(before, &[within::Named { id: "a", region: after }]);
    if small(before) && small(after) {
        assert!(found.closure_m2 <= found.resolution_m2 + found.before_m2 * 1e-9, "{found:?}");
        assert!(divided.outside_m2 <= divided.area_m2 + divided.resolution_m2, "{divided:?}");
    }
}

fn small(region: &Region) -> bool {
    region.bounds().is_some_and(|bounds| bounds.extent() < 1.0 && bounds.north.abs().max(bounds.south.abs()) < 60.0)
}

fn behaviour(bytes: &[u8]) -> String {
    let (features, problems) = read(bytes, "fuzz");
    let codes: BTreeSet<&str> = problems.iter().map(|problem| problem.code).collect();
    let rings = |polygons: &[Polygon]| polygons.iter().map(|polygon| 1 + polygon.holes.len()).sum::<usize>().min(4);
    let shapes = features.iter().take(4).map(|feature| match &feature.shape {
        Shape::Points(_) => "P".to_string(),
        Shape::Lines(_) => "L".to_string(),
        Shape::Region(region) => format!("R{}", rings(region.polygons())),
        Shape::Refused { polygons, .. } => format!("X{}", rings(polygons)),
    });
    format!("{} {codes:?}", shapes.collect::<String>())
}
