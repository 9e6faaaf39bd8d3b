//! Points, regions and lines among areas → in which area they lie, with how much of each.
//! Called by `server` to roll plots, red lines and rivers up by district.

use crate::area;
use crate::geometry::{LonLat, Polygon};
use crate::line;
use crate::overlay::{self, Pieces};
use crate::region::Region;
use geo::BooleanOps;
use geo::coordinate_position::{CoordPos, CoordinatePosition};

/// An area with its boundary, such as a district.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its boundary, in the datum of what is looked for.
    pub region: &'a Region,
}

/// An area that a point lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The area.
    pub id: String,
    /// Whether the point is on its border; then it may be in a neighbour as well.
    pub on_border: bool,
}

/// How a region is divided among areas.
#[derive(Clone, Debug, PartialEq)]
pub struct Division {
    /// What lies in each area that has any of it, in the order of the areas.
    pub parts: Vec<Part>,
    /// Geodesic area of the whole region [m²].
    pub area_m2: f64,
    /// What lies in none of the areas [m²].
    pub outside_m2: f64,
    /// How far each number may be wrong by the overlay [m²].
    pub resolution_m2: f64,
}

/// What of a region lies in one area.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The area.
    pub id: String,
    /// Geodesic area [m²].
    pub area_m2: f64,
    /// `area_m2` divided by the area of the whole region.
    pub share: f64,
    /// The ground itself.
    pub pieces: Vec<Polygon>,
}

/// What of some lines lies in one area.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// The area.
    pub id: String,
    /// Geodesic length [m].
    pub length_m: f64,
}

/// The areas that a point lies in, in their order; several on a common border or where areas overlap.
pub fn locate(point: LonLat, areas: &[Named]) -> Vec<Located> {
    let place = |area: &&Named| -> Option<Located> {
        match position(point, area.region) {
            CoordPos::Outside => None,
            place => Some(Located { id: area.id.to_string(), on_border: place == CoordPos::OnBoundary }),
        }
    };
    areas.iter().filter_map(|area| place(&area)).collect()
}

/// Divides a region among areas.
///
/// `share = A(region ∩ area) / A(region)`; `outside = A(region) − A(region ∩ ∪ areas)` by an overlay of its own,
/// so that areas that overlap show as shares of more than the whole.
pub fn divide(region: &Region, areas: &[Named]) -> Division {
    let area_m2 = area::area_m2(region);
    let mut division = Division { parts: Vec::new(), area_m2, outside_m2: 0.0, resolution_m2: 0.0 };
    for area in areas {
        let Pieces { pieces, resolution_m2 } = overlay::shared(region.dense(), area.region.dense());
        division.resolution_m2 = division.resolution_m2.max(resolution_m2);
        if pieces.is_empty() {
            continue;
        }
        let inside_m2: f64 = pieces.iter().map(|piece| area::measure_polygon(piece).area_m2).sum();
        division.parts.push(Part { id: area.id.to_string(), area_m2: inside_m2, share: inside_m2 / area_m2, pieces });
    }
    let all: Vec<&[Polygon]> = areas.iter().map(|area| area.region.dense()).collect();
    let outside = overlay::without(region.dense(), &all);
    division.outside_m2 = outside.area_m2();
    division.resolution_m2 = division.resolution_m2.max(outside.resolution_m2);
    division
}

/// The length of lines in each area that has any of them.
///
/// Cuts are computed in degrees to about a centimetre. What runs along a common border is told of both areas, so
/// that the stretches may add up to more than the line.
pub fn lengths(lines: &[Vec<LonLat>], areas: &[Named]) -> Vec<Stretch> {
    let lines: geo::MultiLineString = lines.iter().map(|points| overlay::line(points)).collect();
    let mut stretches = Vec::new();
    for area in areas {
        let polygons = shapes(area.region);
        let inside = polygons.clip(&lines, false);
        let length_m: f64 = inside
            .iter()
            .map(|stretch| line::length_m(&stretch.coords().map(|at| LonLat::new(at.x, at.y)).collect::<Vec<_>>()))
            .sum();
        if length_m > 0.0 {
            stretches.push(Stretch { id: area.id.to_string(), length_m });
        }
    }
    stretches
}

fn position(point: LonLat, region: &Region) -> CoordPos {
    if !region.bounds().is_some_and(|bounds| bounds.holds(point)) {
        return CoordPos::Outside;
    }
    shapes(region).coordinate_position(&geo::Coord { x: point.lon, y: point.lat })
}

fn shapes(region: &Region) -> geo::MultiPolygon {
    let shape = |polygon: &Polygon| {
        geo::Polygon::new(overlay::line(&polygon.shell), polygon.holes.iter().map(|hole| overlay::line(hole)).collect())
    };
    region.polygons().iter().map(shape).collect()
}

#[cfg(test)]
mod tests;
