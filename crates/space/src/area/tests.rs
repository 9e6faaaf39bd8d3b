//! Areas beside geographiclib 2.1 and pyproj 3.7.2 (PROJ) on the ellipsoid a = 6378137, 1/f = 298.257222101;
//! both gave the same sixteen digits. Coordinates are made up.

use super::*;

/// Points, area, perimeter.
type Case = (&'static [(f64, f64)], f64, f64);

fn ring(points: &[(f64, f64)]) -> Vec<LonLat> {
    points.iter().map(|(lon, lat)| LonLat::new(*lon, *lat)).collect()
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= expected.abs() * 1e-9, "{found} is not {expected}");
}

#[test]
fn areas_and_perimeters_are_those_of_geographiclib() {
    let cases: [Case; 5] = [
        (&[(104.6, 30.1), (104.7, 30.1), (104.7, 30.2), (104.6, 30.2)], 106798611.31118774, 41439.155792112724),
        (&[(102.0, 28.0), (106.0, 29.0), (103.5, 32.0)], 78267805159.78638, 1283483.23921366),
        (
            &[(104.6, 30.1), (104.61, 30.1), (104.61, 30.10001), (104.6, 30.10001)],
            1068.5162086486816,
            1930.004911743145,
        ),
        (&[(-70.0, -30.0), (-69.0, -30.5), (-69.2, -29.1)], 6950569254.272247, 393798.2120463896),
        (
            &[(104.6, 30.1), (104.60001, 30.1), (104.60001, 30.10001), (104.6, 30.10001)],
            1.0685162097215652,
            4.1448704207450975,
        ),
    ];
    for (points, area_m2, perimeter_m) in cases {
        let measure = measure_ring(&ring(points));
        close(measure.area_m2, area_m2);
        close(measure.perimeter_m, perimeter_m);
        let turned: Vec<LonLat> = ring(points).into_iter().rev().collect();
        close(measure_ring(&turned).area_m2, area_m2);
    }
}

/// Sixty random star-shaped rings of 3 to 40 points all over China, from metres to 200 km, by geographiclib 2.1.
#[test]
fn random_rings_are_those_of_geographiclib() {
    let mut rows = csv::Reader::from_reader(include_bytes!("cases/random.csv").as_slice());
    let mut worst = 0.0_f64;
    for row in rows.records() {
        let row = row.expect("as the test has it");
        let points = row[0].split(';').map(|point| {
            let (lon, lat) = point.split_once(' ').expect("as the test has it");
            LonLat::new(lon.parse().expect("as the test has it"), lat.parse().expect("as the test has it"))
        });
        let measure = measure_ring(&points.collect::<Vec<_>>());
        let (area_m2, perimeter_m): (f64, f64) =
            (row[1].parse().expect("as the test has it"), row[2].parse().expect("as the test has it"));
        worst = worst.max((measure.area_m2 / area_m2 - 1.0).abs()).max((measure.perimeter_m / perimeter_m - 1.0).abs());
    }
    println!("largest relative difference: {worst:e}");
    assert!(worst < 1e-9, "{worst:e}");
}

#[test]
fn a_hole_is_taken_off_and_its_length_added() {
    let shell = ring(&[(104.6, 30.1), (104.7, 30.1), (104.7, 30.2), (104.6, 30.2)]);
    let hole = ring(&[(104.63, 30.13), (104.66, 30.13), (104.66, 30.16), (104.63, 30.16)]);
    let (region, _) = Region::check(&[Polygon { shell, holes: vec![hole] }]);
    let measure = measure(&region.expect("as the test has it"));
    close(measure.area_m2, 106798611.31118774 - 9612352.982297897);
    close(measure.perimeter_m, 41439.155792112724 + 12432.035340827937);
}

#[test]
fn nothing_has_no_area() {
    assert_eq!(measure(&Region::default()), Measure::default());
    assert_eq!(measure_ring(&[]), Measure::default());
    assert_eq!(measure_ring(&ring(&[(1.0, 1.0)])), Measure::default());
}
