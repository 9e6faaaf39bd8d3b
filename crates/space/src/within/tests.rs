//! Districts made of squares; expected areas and lengths by geographiclib 2.1.

use super::*;

fn square(west: f64, south: f64, side: f64) -> Region {
    let at = |east: f64, north: f64| LonLat::new(west + east * side, south + north * side);
    let shell = vec![at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0), at(0.0, 1.0), at(0.0, 0.0)];
    Region::check(&[Polygon { shell, holes: Vec::new() }]).0.expect("a square")
}

#[test]
fn a_point_lies_in_an_area_in_two_on_their_border_or_in_none() {
    let (west, east) = (square(104.0, 30.0, 1.0), square(105.0, 30.0, 1.0));
    let areas = [Named { id: "W", region: &west }, Named { id: "E", region: &east }];
    let of = |lon, lat| {
        locate(LonLat::new(lon, lat), &areas).into_iter().map(|at| (at.id, at.on_border)).collect::<Vec<_>>()
    };
    assert_eq!(of(104.5, 30.5), [("W".to_string(), false)]);
    assert_eq!(of(105.0, 30.5), [("W".to_string(), true), ("E".to_string(), true)]);
    assert_eq!(of(106.5, 30.5), []);
    assert_eq!(of(f64::NAN, 30.5), []);
}

#[test]
fn a_region_is_divided_by_geodesic_area_and_the_rest_is_outside() {
    let (west, east) = (square(104.6, 30.1, 0.1), square(104.7, 30.1, 0.1));
    let areas = [Named { id: "W", region: &west }, Named { id: "E", region: &east }];
    // Half of it in the west, a quarter in the east, a quarter beyond.
    let plot = Region::check(&[Polygon {
        shell: [(104.66, 30.13), (104.74, 30.13), (104.74, 30.14), (104.66, 30.14)]
            .map(|(x, y)| LonLat::new(x, y))
            .to_vec(),
        holes: Vec::new(),
    }]);
    let found = divide(&plot.0.expect("a rectangle"), &areas);
    let shares: Vec<(&str, f64)> = found.parts.iter().map(|part| (part.id.as_str(), part.share)).collect();
    assert!((shares[0].1 - 0.5).abs() < 1e-8 && (shares[1].1 - 0.5).abs() < 1e-8, "{shares:?}");
    assert!(found.outside_m2 <= found.resolution_m2);
    let alone = divide(&west, &areas[1..]);
    assert_eq!(alone.parts, Vec::new());
    assert!((alone.outside_m2 - alone.area_m2).abs() <= alone.resolution_m2);
    let all: f64 = found.parts.iter().map(|part| part.area_m2).sum();
    assert!((all + found.outside_m2 - found.area_m2).abs() <= 3.0 * found.resolution_m2);
}

#[test]
fn a_river_has_its_length_in_each_area() {
    let (west, east) = (square(104.6, 30.1, 0.1), square(104.7, 30.1, 0.1));
    let areas = [Named { id: "W", region: &west }, Named { id: "E", region: &east }];
    let river = vec![LonLat::new(104.65, 30.15), LonLat::new(104.7, 30.15), LonLat::new(104.78, 30.15)];
    let found = lengths(std::slice::from_ref(&river), &areas);
    assert_eq!(found.iter().map(|stretch| stretch.id.as_str()).collect::<Vec<_>>(), ["W", "E"]);
    for (stretch, pair) in found.iter().zip(river.windows(2)) {
        assert!((stretch.length_m - line::between_m(pair[0], pair[1])).abs() < 0.02, "{stretch:?}");
    }
    assert_eq!(lengths(&[], &areas), []);
}

/// Beyond the first stretch the river runs along the common border, which is of both.
#[test]
fn a_river_along_a_border_is_told_of_both_areas() {
    let (west, east) = (square(104.6, 30.1, 0.1), square(104.7, 30.1, 0.1));
    let areas = [Named { id: "W", region: &west }, Named { id: "E", region: &east }];
    let river = vec![LonLat::new(104.65, 30.15), LonLat::new(104.7, 30.15), LonLat::new(104.7, 30.18)];
    let found = lengths(std::slice::from_ref(&river), &areas);
    let along = line::length_m(&river[1..]);
    assert!((found[0].length_m - line::length_m(&river)).abs() < 0.02, "{found:?}");
    assert!((found[1].length_m - along).abs() < 0.02, "{found:?}");
}
