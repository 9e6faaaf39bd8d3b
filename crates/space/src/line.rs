//! Lines → geodesic length; a point and lines → the geodesic distance between them.
//! Called by `server` for river lengths and for what lies within some distance of a river.

use crate::datum::{degrees_to_m, ellipsoid};
use crate::geometry::LonLat;
use geographiclib_rs::{DirectGeodesic, InverseGeodesic};

/// The nearest place of some lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// Geodesic distance [m].
    pub distance_m: f64,
    /// The place on the line.
    pub at: LonLat,
}

/// Length of a line: the sum of the geodesics between its points [m].
pub fn length_m(line: &[LonLat]) -> f64 {
    line.windows(2).map(|pair| between_m(pair[0], pair[1])).sum()
}

/// Geodesic distance of two points [m].
pub fn between_m(from: LonLat, to: LonLat) -> f64 {
    ellipsoid().inverse(from.lat, from.lon, to.lat, to.lon)
}

/// The nearest place of lines to a point; `None` when there are no lines.
///
/// Edges are chosen in a plane around the point, those that may be nearest are then searched along the geodesic
/// to less than a millimetre. Meant for distances of up to some hundred kilometres.
pub fn nearest(point: LonLat, lines: &[Vec<LonLat>]) -> Option<Nearest> {
    let plane = Plane::at(point);
    let here = plane.place(point);
    let mut edges: Vec<(f64, LonLat, LonLat)> = Vec::new();
    for line in lines {
        if let [only] = line[..] {
            edges.push((distance(here, plane.edge(only, only)), only, only));
        }
        edges.extend(line.windows(2).map(|pair| (distance(here, plane.edge(pair[0], pair[1])), pair[0], pair[1])));
    }
    let closest = edges.iter().map(|edge| edge.0).min_by(f64::total_cmp)?;
    edges.retain(|(planar_m, from, to)| planar_m - slack_m(*planar_m, plane.length_m(*from, *to)) <= closest);
    let found = edges.into_iter().map(|(_, from, to)| nearest_of_edge(point, from, to));
    found.min_by(|a, b| a.distance_m.total_cmp(&b.distance_m))
}

/// Whether a point lies within a distance of lines, the distance itself included; never without lines.
pub fn is_within_m(point: LonLat, lines: &[Vec<LonLat>], distance_m: f64) -> bool {
    nearest(point, lines).is_some_and(|nearest| nearest.distance_m <= distance_m)
}

/// How far a planar distance may be from the true one: the scale over the distance, and the sagitta of a
/// geodesic against a straight line of degrees.
fn slack_m(planar_m: f64, edge_m: f64) -> f64 {
    0.02 * (planar_m + edge_m) + edge_m * edge_m / ellipsoid().a + 0.001
}

/// Golden-section search of the distance along one geodesic.
fn nearest_of_edge(point: LonLat, from: LonLat, to: LonLat) -> Nearest {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (length_m, azimuth, _, _): (f64, f64, f64, f64) = ellipsoid().inverse(from.lat, from.lon, to.lat, to.lon);
    let at = |along_m: f64| -> Nearest {
        let (lat, lon): (f64, f64) = ellipsoid().direct(from.lat, from.lon, azimuth, along_m);
        let at = LonLat::new(lon, lat);
        Nearest { distance_m: between_m(point, at), at }
    };
    let (mut low, mut high) = (0.0, length_m);
    let (mut left, mut right) = (at(high - GOLDEN * high), at(GOLDEN * high));
    while high - low > 1e-3 {
        if left.distance_m <= right.distance_m {
            high -= (1.0 - GOLDEN) * (high - low);
            right = left;
            left = at(high - GOLDEN * (high - low));
        } else {
            low += (1.0 - GOLDEN) * (high - low);
            left = right;
            right = at(low + GOLDEN * (high - low));
        }
    }
    let ends = [from, to].map(|at| Nearest { distance_m: between_m(point, at), at });
    let found = [left, right, ends[0], ends[1]].into_iter().min_by(|a, b| a.distance_m.total_cmp(&b.distance_m));
    found.expect("four places were given")
}

/// A plane of metres around a point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plane {
    origin: LonLat,
    east_m: f64,
    north_m: f64,
}

type Place = (f64, f64);

impl Plane {
    pub(crate) fn at(origin: LonLat) -> Plane {
        let (east_m, north_m) = degrees_to_m(origin.lat);
        Plane { origin, east_m, north_m }
    }

    fn place(self, point: LonLat) -> Place {
        let lon = (point.lon - self.origin.lon + 540.0).rem_euclid(360.0) - 180.0;
        (lon * self.east_m, (point.lat - self.origin.lat) * self.north_m)
    }

    pub(crate) fn edge(self, from: LonLat, to: LonLat) -> (Place, Place) {
        (self.place(from), self.place(to))
    }

    /// Planar distance of a point to the nearest of some edges [m]; infinite without edges.
    pub(crate) fn nearest_m(self, point: LonLat, edges: &[(Place, Place)]) -> f64 {
        let here = self.place(point);
        edges.iter().map(|edge| distance(here, *edge)).fold(f64::INFINITY, f64::min)
    }

    fn length_m(self, from: LonLat, to: LonLat) -> f64 {
        let (a, b) = self.edge(from, to);
        (b.0 - a.0).hypot(b.1 - a.1)
    }
}

fn distance(here: Place, (from, to): (Place, Place)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let square = dx * dx + dy * dy;
    let along = if square > 0.0 { ((here.0 - from.0) * dx + (here.1 - from.1) * dy) / square } else { 0.0 };
    let t = along.clamp(0.0, 1.0);
    (here.0 - from.0 - t * dx).hypot(here.1 - from.1 - t * dy)
}

#[cfg(test)]
mod tests;
