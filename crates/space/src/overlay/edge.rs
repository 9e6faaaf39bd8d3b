//! One geodesic edge → its box, and points along it. Used by `overlay` and its grid.

use super::STEP_M;
use crate::datum::{degrees_to_m, ellipsoid};
use crate::geometry::{Bounds, LonLat};
use geographiclib_rs::{DirectGeodesic, InverseGeodesic};

/// Most pieces of one edge, so that an edge across the earth does not fill the memory.
const PARTS: f64 = 512.0;
/// What an edge reaches beyond its geodesic, so that borders meet that were meant to [°].
const MARGIN_DEG: f64 = 1e-8;

/// The box around a geodesic: that of its ends, wider by its sagitta `s² tan φ / 8` and some millimetres.
pub fn bounds(from: LonLat, to: LonLat) -> Bounds {
    let length = (to.lon - from.lon).hypot(to.lat - from.lat);
    let steepest = from.lat.abs().max(to.lat.abs()).to_radians().tan();
    let margin = length * length.to_radians() * steepest / 8.0 + MARGIN_DEG;
    Bounds {
        west: from.lon.min(to.lon) - margin,
        south: from.lat.min(to.lat) - margin,
        east: from.lon.max(to.lon) + margin,
        north: from.lat.max(to.lat) + margin,
    }
}

/// Points on the geodesic between two points, none if it is short. The same in both directions, so that a border
/// that two polygons share stays shared.
pub fn points(from: LonLat, to: LonLat) -> Vec<LonLat> {
    if from > to {
        let mut reversed = points(to, from);
        reversed.reverse();
        return reversed;
    }
    // A quick upper bound first: most edges of real boundaries are short.
    let (east_m, north_m) = degrees_to_m(from.lat.abs().min(to.lat.abs()));
    if ((to.lon - from.lon) * east_m).hypot((to.lat - from.lat) * north_m * 1.01) < STEP_M {
        return Vec::new();
    }
    let (length_m, azimuth, _, _): (f64, f64, f64, f64) = ellipsoid().inverse(from.lat, from.lon, to.lat, to.lon);
    let parts = (length_m / STEP_M).ceil().min(PARTS);
    let mut points = Vec::new();
    let mut part = 1.0;
    while part < parts {
        let (lat, lon): (f64, f64) = ellipsoid().direct(from.lat, from.lon, azimuth, length_m * part / parts);
        points.push(LonLat::new(lon, lat));
        part += 1.0;
    }
    points
}
