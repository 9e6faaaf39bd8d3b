//! What is refused, what is mended. Expected places are hand calculations.

use super::*;
use proptest::prelude::*;

fn ring(points: &[(f64, f64)]) -> Vec<LonLat> {
    points.iter().map(|(lon, lat)| LonLat::new(*lon, *lat)).collect()
}

fn square(west: f64, south: f64, side: f64) -> Vec<LonLat> {
    ring(&[(west, south), (west + side, south), (west + side, south + side), (west, south + side), (west, south)])
}

fn polygon(shell: Vec<LonLat>, holes: &[Vec<LonLat>]) -> Polygon {
    Polygon { shell, holes: holes.to_vec() }
}

fn faults(polygons: &[Polygon]) -> (bool, Vec<&'static str>) {
    let (region, faults) = Region::check(polygons);
    (region.is_some(), faults.iter().map(Fault::code).collect())
}

fn only(shell: &[(f64, f64)]) -> (bool, Vec<&'static str>) {
    faults(&[polygon(ring(shell), &[])])
}

#[test]
fn a_square_is_taken_as_it_is() {
    let square = polygon(square(104.0, 30.0, 1.0), &[]);
    let (region, faults) = Region::check(std::slice::from_ref(&square));
    assert_eq!((region.expect("as the test has it").polygons(), faults), ([square].as_slice(), Vec::new()));
}

#[test]
fn a_bow_tie_is_refused_with_the_place_of_its_crossing() {
    let tie = [(104.0, 30.0), (105.0, 31.0), (105.0, 30.0), (104.0, 31.0), (104.0, 30.0)];
    let (region, faults) = Region::check(&[polygon(ring(&tie), &[])]);
    assert_eq!(region, None);
    let Some(FaultKind::Crossing { at, other_ring: 1 }) =
        faults.iter().map(|fault| fault.kind.clone()).find(|kind| matches!(kind, FaultKind::Crossing { .. }))
    else {
        panic!("{faults:?}");
    };
    assert_eq!(at, LonLat::new(104.5, 30.5));
    let text = faults.last().expect("as the test has it").text();
    assert!(text.zh.contains("与自身在（104.5000000, 30.5000000）处相交"), "{}", text.zh);
    assert!(text.en.contains("crosses itself at (104.5000000, 30.5000000)"), "{}", text.en);
}

#[test]
fn a_crossing_in_a_point_of_the_ring_is_one_and_a_touch_is_none() {
    // The same bow tie with its crossing as a point of the ring, given twice.
    let tie = [(104.0, 30.0), (104.5, 30.5), (105.0, 31.0), (105.0, 30.0), (104.5, 30.5), (104.0, 31.0), (104.0, 30.0)];
    assert_eq!(only(&tie), (false, vec!["self-crossing"]));
    // Two triangles that only touch in it: the way turns back on its own side.
    let touch =
        [(104.0, 30.0), (104.5, 30.5), (105.0, 30.0), (105.0, 31.0), (104.5, 30.5), (104.0, 31.0), (104.0, 30.0)];
    assert_eq!(only(&touch), (true, vec!["ring-touches"]));
    // A point of the ring on another edge of it, from the inside, and beyond it.
    let inside = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 0.0), (0.0, 4.0), (0.0, 0.0)];
    assert_eq!(only(&inside), (true, vec!["ring-touches"]));
    let beyond = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (3.0, 0.0), (2.0, -1.0), (0.0, 4.0), (0.0, 0.0)];
    assert!(!only(&beyond).0);
}

#[test]
fn rings_are_closed_turned_and_freed_of_repeated_points_and_it_is_said() {
    let clockwise_open = [(104.0, 30.0), (104.0, 31.0), (104.0, 31.0), (105.0, 31.0), (105.0, 30.0)];
    assert_eq!(only(&clockwise_open), (true, vec!["repeated-points", "ring-not-closed", "ring-turned"]));
}

#[test]
fn what_has_no_ground_is_refused() {
    assert_eq!(only(&[]), (false, vec!["too-few-points"]));
    assert!(!only(&[(104.0, 30.0), (104.0, 30.0), (104.0, 30.0)]).0);
    assert_eq!(only(&[(104.0, 30.0), (105.0, 31.0), (104.0, 30.0)]), (false, vec!["too-few-points"]));
    assert_eq!(only(&[(104.0, 30.0), (105.0, 31.0), (106.0, 32.0), (104.0, 30.0)]), (false, vec!["no-area"]));
}

#[test]
fn what_is_not_on_the_earth_is_refused_and_said_what_it_looks_like() {
    assert_eq!(only(&[(30.0, 104.0), (30.1, 104.0), (30.1, 104.1), (30.0, 104.0)]).1, ["lon-lat-swapped"; 3]);
    assert_eq!(
        only(&[(3_535_000.0, 3_330_000.0), (35_400_000.0, 3_330_000.0), (3_535_000.0, 3_400_000.0)]).1[0],
        "projected-metres"
    );
    assert_eq!(only(&[(f64::NAN, 30.0), (105.0, 30.0), (105.0, 31.0)]).1, ["not-finite"]);
    assert_eq!(only(&[(190.0, 30.0), (105.0, 30.0), (105.0, 31.0)]).1, ["off-earth"]);
    assert_eq!(only(&[(104.0, 30.0), (-105.0, 30.0), (105.0, 31.0), (104.0, 30.0)]).1, ["too-wide"]);
    // Both orders are on the earth; only one of them is in China.
    assert_eq!(
        only(&[(40.0, 80.0), (41.0, 80.0), (41.0, 81.0), (40.0, 80.0)]),
        (true, vec!["lon-lat-swapped-suspected"])
    );
}

#[test]
fn holes_must_lie_in_their_shell_and_apart() {
    let shell = square(104.0, 30.0, 1.0);
    let hole = |west, south, side| square(west, south, side).into_iter().rev().collect::<Vec<_>>();
    let of = |holes: &[Vec<LonLat>]| faults(&[polygon(shell.clone(), holes)]);
    assert_eq!(of(&[hole(104.2, 30.2, 0.2), hole(104.6, 30.6, 0.2)]), (true, vec![]));
    assert_eq!(of(&[hole(106.2, 30.2, 0.2)]), (false, vec!["hole-outside"]));
    assert_eq!(of(&[hole(103.9, 30.2, 0.2)]).1[0], "self-crossing");
    assert_eq!(of(&[hole(104.2, 30.2, 0.4), hole(104.3, 30.3, 0.1)]), (false, vec!["hole-in-hole"]));
    assert_eq!(of(&[hole(104.0, 30.2, 0.2)]).1[0], "doubled-edge");
}

#[test]
fn parts_may_share_a_border_but_no_ground() {
    let at = |west: f64, south: f64, side: f64| polygon(square(west, south, side), &[]);
    assert_eq!(faults(&[at(104.0, 30.0, 1.0), at(105.0, 30.0, 1.0)]), (true, vec![]));
    assert_eq!(faults(&[at(104.0, 30.0, 1.0), at(104.5, 30.0, 1.0)]), (false, vec!["parts-overlap"]));
    assert_eq!(faults(&[at(104.0, 30.0, 1.0), at(104.2, 30.2, 0.1)]), (false, vec!["parts-overlap"]));
    assert_eq!(faults(&[at(104.0, 30.0, 1.0), at(104.0, 30.0, 1.0)]), (false, vec!["parts-overlap"]));
    // An island in a hole is no overlap.
    let hole = square(104.2, 30.2, 0.6).into_iter().rev().collect();
    assert_eq!(faults(&[polygon(square(104.0, 30.0, 1.0), &[hole]), at(104.4, 30.4, 0.1)]), (true, vec![]));
}

#[test]
fn spikes_are_told_and_taken_out() {
    let plain = ring(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]);
    let spiked: [&[(f64, f64)]; 3] = [
        &[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (4.0, 6.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)],
        &[(0.0, 0.0), (4.0, 0.0), (6.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)],
        &[(-2.0, 0.0), (0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0), (-2.0, 0.0)],
    ];
    for shell in spiked {
        let (region, faults) = Region::check(&[polygon(ring(shell), &[])]);
        assert_eq!(faults.iter().map(Fault::code).collect::<Vec<_>>(), ["spike"]);
        assert_eq!(region.expect("as the test has it").polygons()[0].shell, plain);
    }
    assert_eq!(
        only(&[(0.0, 0.0), (4.0, 4.0), (0.0, 0.0), (3.0, 0.0)]),
        (false, vec!["ring-not-closed", "spike", "no-area"])
    );
}

/// Coordinates that are anything at all: numbers of a city, the whole earth, not even numbers.
fn anything() -> impl Strategy<Value = f64> {
    prop_oneof![
        5 => (0..40_i32).prop_map(|n| f64::from(n) / 10.0 + 28.0),
        2 => -180.0..180.0_f64,
        1 => prop::num::f64::ANY,
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(1e308), Just(-0.0), Just(5e-324)],
    ]
}

fn any_ring() -> impl Strategy<Value = Vec<LonLat>> {
    prop::collection::vec((anything(), anything()).prop_map(|(lon, lat)| LonLat { lon, lat }), 0..9)
}

fn grid_ring() -> impl Strategy<Value = Vec<LonLat>> {
    let point = (0..6_u8, 0..6_u8).prop_map(|(lon, lat)| LonLat::new(104.0 + f64::from(lon), 28.0 + f64::from(lat)));
    prop::collection::vec(point, 3..9)
}

/// Whether the area by the rule of odd crossings, of small cells of the grid, is that of the signed sum:
/// a slow second way to see that a ring does not cross itself.
fn winds_once(ring: &[LonLat]) -> bool {
    let edges: Vec<(LonLat, LonLat)> = (0..ring.len()).map(|at| (ring[at], ring[(at + 1) % ring.len()])).collect();
    let mut windings = std::collections::BTreeSet::new();
    for east in 0..211_u32 {
        for north in 0..199_u32 {
            // No point of the lattice lies on a line through points of the grid, but for rare chance.
            let (x, y) = (103.9 + f64::from(east) * 0.029_411_7, 27.9 + f64::from(north) * 0.031_313_1);
            let winding: i32 = edges
                .iter()
                .map(|(a, b)| {
                    let side = (b.lon - a.lon) * (y - a.lat) - (x - a.lon) * (b.lat - a.lat);
                    i32::from(a.lat <= y && b.lat > y && side > 0.0) - i32::from(a.lat > y && b.lat <= y && side < 0.0)
                })
                .sum();
            windings.insert(winding);
        }
    }
    windings.iter().all(|winding| [0, 1].contains(winding)) || windings.iter().all(|winding| [0, -1].contains(winding))
}

proptest! {
    #[test]
    fn no_ring_panics(shell in any_ring(), hole in any_ring(), other in any_ring()) {
        let _ = Region::check(&[polygon(shell, &[hole]), polygon(other, &[])]);
    }

    #[test]
    fn what_is_taken_winds_once_around_its_ground(shell in grid_ring()) {
        let (region, _) = Region::check(&[polygon(shell.clone(), &[])]);
        if region.is_some() {
            prop_assert!(winds_once(&shell), "{shell:?}");
        }
    }

    #[test]
    fn what_is_taken_is_taken_again_unchanged(shell in grid_ring()) {
        if let (Some(region), _) = Region::check(&[polygon(shell, &[])]) {
            let (again, faults) = Region::check(region.polygons());
            prop_assert!(faults.iter().all(|fault| matches!(fault.kind, FaultKind::Touch { .. })), "{faults:?}");
            prop_assert_eq!(again, Some(region));
        }
    }
}
