//! Two sets of polygons → the pieces they share, or those that only one has. Called by `region`, `identity` and `within`.
//!
//! The overlay is that of `i_overlay`, in degrees. Three things keep its error small and known:
//!
//! * Edges are geodesics, the overlay knows straight lines: longer edges get points on the geodesic every
//!   [`STEP_M`] metres first ([`dense`]; fewer if they are longer than 50 km). A cut edge then errs by at most
//!   `s³ tan φ / 12 R`, 0.008 m² for 100 m at 30° (sagitta `s² tan φ / 8 R` times two thirds of the length).
//! * The overlay computes in whole numbers. Coordinates are rounded here to a grid of a power of two of degrees,
//!   at most 2⁻²⁹ of the box of both sides (0.02 mm for 10 km), before the library sees them.
//! * Points that were not cut are put back exactly: what an overlay leaves alone has exactly the area it had.
//!
//! The `resolution_m2` of a result is the sum of the first, and of a step of the grid for the length of every edge
//! that did not come back as it was. Pieces narrower than four steps are what rounding makes of one border drawn
//! by two sides; they are left out.

mod edge;
mod grid;

use crate::area::{Measure, measure_polygon};
use crate::geometry::{Bounds, LonLat, Polygon};
use grid::Grid;
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay};
use i_overlay::core::overlay_rule::OverlayRule;

/// Longest straight piece of a geodesic edge [m].
const STEP_M: f64 = 100.0;

/// The pieces of an overlay.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Pieces {
    /// Polygons that do not overlap.
    pub pieces: Vec<Polygon>,
    /// How far their area together may be wrong [m²].
    pub resolution_m2: f64,
}

impl Pieces {
    /// Area of all pieces [m²].
    pub fn area_m2(&self) -> f64 {
        self.measures().map(|measure| measure.area_m2).sum()
    }

    /// Area and perimeter of each piece.
    pub fn measures(&self) -> impl Iterator<Item = Measure> {
        self.pieces.iter().map(measure_polygon)
    }
}

/// The ground that both sides cover.
pub fn shared(one: &[Polygon], two: &[Polygon]) -> Pieces {
    overlay(&one.iter().collect::<Vec<_>>(), &two.iter().collect::<Vec<_>>(), OverlayRule::Intersect)
}

/// The ground that two polygons share.
pub fn shared_by_polygons(one: &Polygon, two: &Polygon) -> Pieces {
    overlay(&[one], &[two], OverlayRule::Intersect)
}

/// The ground of `one` that nothing of `others` covers; those may overlap each other.
pub fn without(one: &[Polygon], others: &[&[Polygon]]) -> Pieces {
    let others: Vec<&Polygon> = others.iter().copied().flatten().collect();
    overlay(&one.iter().collect::<Vec<_>>(), &others, OverlayRule::Difference)
}

/// The ground of `one` that any of `others` covers; those may overlap each other.
pub fn shared_with_any(one: &[Polygon], others: &[&[Polygon]]) -> Pieces {
    let others: Vec<&Polygon> = others.iter().copied().flatten().collect();
    overlay(&one.iter().collect::<Vec<_>>(), &others, OverlayRule::Intersect)
}

/// A ring or a line for the geometry library.
pub fn line(points: &[LonLat]) -> geo::LineString {
    points.iter().map(|point| geo::Coord { x: point.lon, y: point.lat }).collect()
}

/// A polygon with points along its long edges, as every overlay wants it.
pub fn dense(polygon: &Polygon) -> Polygon {
    let ring = |ring: &Vec<LonLat>| {
        let mut points = Vec::with_capacity(ring.len());
        for pair in ring.windows(2) {
            points.push(pair[0]);
            points.extend(edge::points(pair[0], pair[1]));
        }
        points.extend(ring.last());
        points
    };
    Polygon { shell: ring(&polygon.shell), holes: polygon.holes.iter().map(ring).collect() }
}

/// The box around polygons whose edges are geodesics, which bulge beyond their ends.
pub fn reach<'a>(polygons: impl IntoIterator<Item = &'a Polygon>) -> Option<Bounds> {
    let shells = polygons.into_iter().flat_map(|polygon| polygon.shell.windows(2));
    shells.map(|pair| edge::bounds(pair[0], pair[1])).reduce(Bounds::with)
}

fn overlay(subject: &[&Polygon], clip: &[&Polygon], rule: OverlayRule) -> Pieces {
    let (Some(here), there) = (reach(subject.iter().copied()), reach(clip.iter().copied())) else {
        return Pieces::default();
    };
    if there.is_none_or(|there| !there.meets(here)) {
        return apart(subject, rule);
    }
    let mut grid = Grid::around(there.map_or(here, |there| here.with(there)));
    let near = there.unwrap_or(here);
    let subject = grid.subject(subject, near);
    let clip = grid.clip(clip, here);
    // All rings are turned the customary way, so that what is covered more than once counts as covered.
    // Points on straight edges are kept: without them a line of degrees would become one long geodesic.
    let options = IntOverlayOptions { ogc: true, ..IntOverlayOptions::keep_all_points() };
    let mut overlay = Overlay::with_shapes_options(&subject, &clip, options, Default::default());
    grid.result(&overlay.overlay(rule, FillRule::NonZero), rule)
}

/// Rounding of the area of rings with so many points [m²]: the geodesic area of an edge is a difference of terms of
/// about `e² a²`, 2.7e11 m², of which a double keeps 16 digits. It adds up like chance does, and is taken thrice.
fn rounding_m2(points: usize) -> f64 {
    1e-4 * (points as f64).sqrt()
}

/// The answer when the sides do not meet.
fn apart(subject: &[&Polygon], rule: OverlayRule) -> Pieces {
    let pieces = match rule {
        OverlayRule::Intersect => Vec::new(),
        _ => subject.iter().map(|polygon| (*polygon).clone()).collect(),
    };
    let points = pieces.iter().flat_map(Polygon::rings).map(Vec::len).sum();
    Pieces { pieces, resolution_m2: rounding_m2(points) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(west: f64, south: f64, side: f64) -> Polygon {
        let at = |lon: f64, lat: f64| LonLat::new(west + lon * side, south + lat * side);
        dense(&Polygon { shell: vec![at(0., 0.), at(1., 0.), at(1., 1.), at(0., 1.), at(0., 0.)], holes: Vec::new() })
    }

    #[test]
    fn a_polygon_shares_all_of_itself_exactly_and_nothing_is_left_of_it() {
        let one = [square(104.123_456_789_1, 30.1, 0.037)];
        let same = shared(&one, &one);
        // Only where the sum of the edges begins may differ.
        let area = measure_polygon(&one[0]).area_m2;
        assert!((same.area_m2() - area).abs() < area * 1e-12, "{} {area}", same.area_m2());
        assert_eq!(without(&one, &[&one]).pieces, []);
    }

    /// Points every 30 m on straight lines of degrees: without them an edge would be a geodesic of a kilometre,
    /// 7 m² beside it.
    #[test]
    fn points_on_straight_edges_are_kept() {
        let step = |at: u32| f64::from(at % 30) / 30.0;
        let (west, south, side) = (104.6, 30.1, 0.01);
        let point = |at: u32| match at / 30 {
            0 => LonLat::new(west + side * step(at), south),
            1 => LonLat::new(west + side, south + side * step(at)),
            2 => LonLat::new(west + side - side * step(at), south + side),
            _ => LonLat::new(west, south + side - side * step(at)),
        };
        let shell: Vec<LonLat> = (0..120).chain([0]).map(point).collect();
        let one = [Polygon { shell, holes: Vec::new() }];
        let found = shared(&one, &one);
        let area = measure_polygon(&one[0]).area_m2;
        assert!((found.area_m2() - area).abs() <= found.resolution_m2, "{} {area} {found:?}", found.area_m2());
        assert_eq!(without(&one, &[&one]).pieces, []);
    }

    #[test]
    fn what_is_not_met_is_given_back_as_it_was() {
        let one = [square(104.1, 30.1, 0.01)];
        let far = [square(105.1, 30.1, 0.01)];
        assert_eq!(without(&one, &[&far]).pieces, one);
        assert_eq!(shared(&one, &far), Pieces::default());
        assert_eq!(without(&one, &[]).pieces, one);
        assert_eq!(shared(&[], &one), Pieces::default());
    }

    #[test]
    fn overlapping_others_take_the_ground_once() {
        let one = [square(104.0, 30.0, 0.1)];
        let (left, right) = ([square(104.0, 30.0, 0.06)], [square(104.03, 30.0, 0.06)]);
        let left_over = without(&one, &[&left, &right]);
        let taken = shared_with_any(&one, &[&left, &right]);
        let whole = measure_polygon(&one[0]).area_m2;
        let error = (taken.area_m2() + left_over.area_m2() - whole).abs();
        assert!(error <= taken.resolution_m2 + left_over.resolution_m2, "{error}");
    }
}
