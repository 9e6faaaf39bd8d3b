//! Vectors that others publish, round trips, and recognising the datum of a polygon.

use super::*;
use crate::geometry::Polygon;
use proptest::prelude::*;

fn off(a: LonLat, b: LonLat) -> f64 {
    (a.lon - b.lon).abs().max((a.lat - b.lat).abs())
}

/// eviltransform, `go/transform_test.go` (googollee/eviltransform, MIT), which compares five decimals.
#[test]
fn gcj02_is_that_of_eviltransform() {
    let cases = [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ];
    for ((lon, lat), (gcj_lon, gcj_lat)) in cases {
        let (plain, shifted) = (LonLat::new(lon, lat), LonLat::new(gcj_lon, gcj_lat));
        assert!(off(from_cgcs2000(plain, Datum::Gcj02), shifted) < 5e-6, "{:?}", from_cgcs2000(plain, Datum::Gcj02));
        assert!(off(to_cgcs2000(shifted, Datum::Gcj02), plain) < 5e-6);
    }
}

/// coordtransform, `test/app.js` (wandergis/coordtransform, MIT), printed results.
#[test]
fn bd09_and_gcj02_are_those_of_coordtransform() {
    let here = LonLat::new(116.404, 39.915);
    assert!(off(gcj02_to_bd09(here), LonLat::new(116.41036949371029, 39.92133699351021)) < 1e-12);
    assert!(off(from_cgcs2000(here, Datum::Gcj02), LonLat::new(116.41024449916938, 39.91640428150164)) < 1e-12);
    // Its inverse is not iterated, and so only near.
    assert!(off(bd09_to_gcj02(here), LonLat::new(116.39762729119315, 39.90865673957631)) < 2e-6);
}

/// gcoord, `test/fixtures/china-cities.json` (hujiulong/gcoord, MIT): coordinates as map services gave them.
#[test]
fn gcj02_and_bd09_are_those_of_map_services() {
    let cases = [
        ((104.6252411, 30.1317508), (104.6276449, 30.1289052), (104.6340814, 30.1351581)),
        ((105.4386655, 28.8748404), (105.4422659, 28.871815), (105.4487888, 28.8776874)),
        ((92.0499619, 31.4784436), (92.0512438, 31.4762063), (92.0576832, 31.4824421)),
        ((123.4253306, 41.8032629), (123.4314787, 41.8057023), (123.438095, 41.8114013)),
        ((116.6775114, 23.3567569), (116.6819735, 23.3540964), (116.6885014, 23.3598884)),
    ];
    for (plain, gcj, bd) in cases {
        let at = |(lon, lat)| LonLat::new(lon, lat);
        // Their GCJ-02 and their BD-09 agree to the digits given; their WGS 84 is rounded otherwise by its source.
        assert!(off(gcj02_to_bd09(at(gcj)), at(bd)) < 1e-6, "{}", gcj02_to_bd09(at(gcj)));
        assert!(off(to_cgcs2000(at(gcj), Datum::Gcj02), at(plain)) < 5e-5, "{}", to_cgcs2000(at(gcj), Datum::Gcj02));
        assert!(off(to_cgcs2000(at(bd), Datum::Bd09), at(plain)) < 5e-5);
    }
}

#[test]
fn outside_of_the_box_nothing_is_shifted() {
    for (lon, lat) in [(72.0, 30.0), (138.0, 30.0), (104.0, 0.8), (104.0, 56.0), (-70.0, -30.0)] {
        let point = LonLat::new(lon, lat);
        assert_eq!(from_cgcs2000(point, Datum::Gcj02), point);
        assert_eq!(to_cgcs2000(point, Datum::Gcj02), point);
    }
}

#[test]
fn codes_are_read_as_people_write_them() {
    assert_eq!(Datum::from_code("GCJ-02"), Some(Datum::Gcj02));
    assert_eq!(Datum::from_code("WGS 84"), Some(Datum::Cgcs2000));
    assert_eq!(Datum::from_code("EPSG:4490"), Some(Datum::Cgcs2000));
    assert_eq!(Datum::from_code("beijing54"), None);
    assert_eq!(Datum::Gcj02.confidence(), Confidence::Probable);
}

/// A boundary of made-up points around a centre, each some kilometres away.
fn boundary(seed: u32) -> Vec<LonLat> {
    (0..60)
        .map(|at| {
            let wobble = 1.0 + 0.3 * f64::from((at * 37 + seed * 11) % 17) / 17.0;
            let angle = f64::from(at) / 60.0 * 2.0 * PI;
            LonLat::new(104.6 + 0.12 * wobble * angle.cos(), 30.1 + 0.1 * wobble * angle.sin())
        })
        .collect()
}

fn region(shell: Vec<LonLat>) -> Region {
    Region::check(&[Polygon { shell, holes: Vec::new() }]).0.expect("as the test has it")
}

const WANTED: Wanted = Wanted { fit_m: 100.0, margin_m: 50.0 };

#[test]
fn each_datum_is_recognised_by_a_reference_and_brought_back() {
    let reference = region(boundary(1));
    for datum in Datum::ALL {
        let (given, _) = reference.converted(|point| from_cgcs2000(point, datum));
        let given = given.expect("as the test has it");
        let found = recognise(&given, &reference, WANTED);
        assert_eq!(found.answer, Ok(datum), "{found:?}");
        assert!(found.fits[0].mean_m < 0.001 && found.fits[1].mean_m > 100.0, "{found:?}");
        let (back, _) = region_to_cgcs2000(&given, datum);
        let apart = back
            .expect("as the test has it")
            .points()
            .zip(reference.points())
            .map(|(a, b)| off(*a, *b))
            .fold(0.0, f64::max);
        assert!(apart < 1e-9, "{apart}");
    }
}

#[test]
fn what_does_not_fit_or_fits_twice_is_left_open_with_the_distances() {
    let reference = region(boundary(1));
    let elsewhere = region(boundary(1).into_iter().map(|p| LonLat::new(p.lon + 0.5, p.lat)).collect());
    let found = recognise(&elsewhere, &reference, WANTED);
    assert!(matches!(found.answer, Err(Unsure::NothingFits { .. })), "{found:?}");
    assert!(found.text().zh.contains("请注明坐标系"), "{}", found.text().zh);
    // Half way between two datums.
    let (gcj, _) = reference.converted(|point| {
        let shifted = from_cgcs2000(point, Datum::Gcj02);
        LonLat::new((point.lon + shifted.lon) / 2.0, (point.lat + shifted.lat) / 2.0)
    });
    let found = recognise(&gcj.expect("as the test has it"), &reference, Wanted { fit_m: 500.0, margin_m: 50.0 });
    assert!(matches!(found.answer, Err(Unsure::TooClose { .. })), "{found:?}");
    assert_eq!(recognise(&Region::default(), &reference, WANTED).answer, Err(Unsure::Nothing));
    assert_eq!(recognise(&reference, &Region::default(), WANTED).answer, Err(Unsure::Nothing));
}

proptest! {
    #[test]
    fn there_and_back_is_where_it_was(lon in 73.5..135.0_f64, lat in 3.0..54.0_f64) {
        let point = LonLat::new(lon, lat);
        for datum in Datum::ALL {
            prop_assert!(off(to_cgcs2000(from_cgcs2000(point, datum), datum), point) < 1e-9);
        }
    }

    #[test]
    fn no_number_panics(lon in prop::num::f64::ANY, lat in prop::num::f64::ANY) {
        for datum in Datum::ALL {
            let _ = (from_cgcs2000(LonLat { lon, lat }, datum), to_cgcs2000(LonLat { lon, lat }, datum));
        }
    }
}
