//! Lengths by pyproj 3.7.2; nearest places by geographiclib 2.1, searching 2000 places of every edge and then
//! between the best three.

use super::*;

fn line() -> Vec<LonLat> {
    [(104.6, 30.0), (104.65, 30.05), (104.7, 30.02), (105.0, 30.4)].map(|(lon, lat)| LonLat::new(lon, lat)).to_vec()
}

#[test]
fn a_length_is_the_sum_of_its_geodesics() {
    assert!((length_m(&line()) - 64282.42647672145).abs() < 1e-4, "{}", length_m(&line()));
    assert_eq!((length_m(&[]), length_m(&line()[..1])), (0.0, 0.0));
}

#[test]
fn the_nearest_place_is_that_of_a_slow_search() {
    let cases = [
        ((104.68, 30.05), 1642.2022568013267, (104.67033357901452, 30.03780434196007)),
        ((104.6, 29.99), 1108.5235823310622, (104.6, 30.0)),
        ((104.9, 30.2), 4625.544762386937, (104.86038480002112, 30.2236054813555)),
        ((105.2, 30.5), 22178.997202037095, (105.0, 30.4)),
        ((103.0, 31.0), 189422.70245408884, (104.6, 30.0)),
    ];
    for ((lon, lat), distance_m, (at_lon, at_lat)) in cases {
        let found = nearest(LonLat::new(lon, lat), &[line()]).expect("a line");
        assert!((found.distance_m - distance_m).abs() < 0.001, "{found:?}");
        assert!((found.at.lon - at_lon).abs() < 1e-5 && (found.at.lat - at_lat).abs() < 1e-5, "{found:?}");
    }
    // One edge of 500 km, where the geodesic is far from the straight line of degrees.
    let long = [LonLat::new(102.0, 30.0), LonLat::new(107.0, 31.0)].to_vec();
    let found = nearest(LonLat::new(104.0, 30.9), &[long]).expect("a line");
    assert!((found.distance_m - 51200.5269643802).abs() < 0.001, "{found:?}");
}

#[test]
fn a_distance_is_within_itself() {
    let point = LonLat::new(104.68, 30.05);
    let at = nearest(point, &[line()]).expect("a line").distance_m;
    assert!(is_within_m(point, &[line()], at));
    assert!(!is_within_m(point, &[line()], at - 0.01));
    assert!(!is_within_m(point, &[], 1e9));
    assert!(is_within_m(point, &[vec![point]], 0.0));
    assert_eq!(nearest(point, &[Vec::new()]), None);
}
