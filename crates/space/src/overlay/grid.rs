//! Degrees as whole steps around a centre, with the way back, and how far a result may be wrong.
//! Used by `overlay` for one operation.

use super::edge::bounds;
use super::{Pieces, rounding_m2};
use crate::area::{Measure, measure_polygon};
use crate::datum::{degrees_to_m, ellipsoid};
use crate::geometry::{Bounds, LonLat, Polygon};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::i_shape::int::shape::{IntContour, IntShape};
use std::collections::HashMap;

/// Half the extent of the grid, in steps: a quarter of what 32-bit numbers hold.
const HALF: f64 = 536_870_912.0;
/// Mean width of a piece, in steps, up to which it is an artefact of rounding.
const ROUNDING_STEPS: f64 = 4.0;

/// On which sides an edge stands.
const SUBJECT: u8 = 1;
const CLIP: u8 = 2;
const RESULT: u8 = 4;
/// Far from the other side.
const FAR: u8 = 8;

/// The grid of one operation.
pub struct Grid {
    centre: LonLat,
    step_deg: f64,
    exact: HashMap<IntPoint, LonLat>,
    edges: HashMap<(IntPoint, IntPoint), u8>,
    /// Length of edges that are not given back as they were, in degrees of latitude.
    displaced_deg: f64,
    longest_deg: f64,
    cuts: u32,
}

impl Grid {
    /// A grid for what lies in a box.
    pub fn around(bounds: Bounds) -> Grid {
        let centre = LonLat::new((bounds.west + bounds.east) / 2.0, (bounds.south + bounds.north) / 2.0);
        let exponent = (bounds.extent() / 2.0 / HALF).log2().ceil();
        // A box without extent holds one point: any step will do.
        let step_deg = if exponent.is_finite() { exponent.exp2() } else { 1.0 };
        Grid {
            centre,
            step_deg,
            exact: HashMap::new(),
            edges: HashMap::new(),
            displaced_deg: 0.0,
            longest_deg: 0.0,
            cuts: 0,
        }
    }

    /// The subject on the grid; `near` is where the other side is.
    pub fn subject(&mut self, polygons: &[&Polygon], near: Bounds) -> Vec<IntShape> {
        self.take(polygons, near, SUBJECT)
    }

    /// The same of what it is laid over.
    pub fn clip(&mut self, polygons: &[&Polygon], near: Bounds) -> Vec<IntShape> {
        self.take(polygons, near, CLIP)
    }

    /// The result in degrees again, without artefacts of rounding.
    pub fn result(mut self, shapes: &[IntShape], rule: OverlayRule) -> Pieces {
        let mut pieces = Vec::new();
        for shape in shapes {
            let mut rings = shape.iter().map(|ring| self.give(ring));
            let piece = Polygon { shell: rings.next().unwrap_or_default(), holes: rings.collect() };
            if !self.is_rounding(&piece) {
                pieces.push(piece);
            }
        }
        Pieces { pieces, resolution_m2: self.resolution_m2(rule) }
    }

    fn take(&mut self, polygons: &[&Polygon], near: Bounds, side: u8) -> Vec<IntShape> {
        let mut shapes = Vec::with_capacity(polygons.len());
        for polygon in polygons {
            shapes.push(polygon.rings().map(|ring| self.take_ring(ring, near, side)).collect());
        }
        shapes
    }

    /// A closed ring as the library wants it: open.
    fn take_ring(&mut self, ring: &[LonLat], near: Bounds, side: u8) -> IntContour {
        let mut contour = Vec::with_capacity(ring.len());
        for pair in ring.windows(2) {
            let ((from, from_exact), (to, to_exact)) = (self.place(pair[0]), self.place(pair[1]));
            let length_deg = self.length_deg(from, to);
            self.longest_deg = self.longest_deg.max(length_deg);
            if from_exact && to_exact {
                let far = if bounds(pair[0], pair[1]).meets(near) { 0 } else { FAR };
                *self.edges.entry(edge(from, to)).or_default() |= side | far;
            } else {
                self.displaced_deg += length_deg;
            }
            contour.push(from);
        }
        contour
    }

    /// A point on the grid, and whether it will come back as it was.
    fn place(&mut self, point: LonLat) -> (IntPoint, bool) {
        let x = ((point.lon - self.centre.lon) / self.step_deg).round();
        let y = ((point.lat - self.centre.lat) / self.step_deg).round();
        let place = IntPoint::new(x as i32, y as i32);
        let kept = self.exact.entry(place).or_insert(point);
        (place, *kept == point)
    }

    /// An open ring of the result, closed again.
    fn give(&mut self, ring: &[IntPoint]) -> Vec<LonLat> {
        let mut points = Vec::with_capacity(ring.len() + 1);
        for (at, from) in ring.iter().enumerate() {
            let to = ring[(at + 1) % ring.len()];
            match self.edges.get_mut(&edge(*from, to)) {
                Some(sides) => *sides |= RESULT,
                None => self.displaced_deg += self.length_deg(*from, to),
            }
            points.push(self.back(*from));
        }
        points.extend(points.first().copied());
        points
    }

    fn back(&mut self, place: IntPoint) -> LonLat {
        self.exact.get(&place).copied().unwrap_or_else(|| {
            self.cuts += 1;
            LonLat::new(
                self.centre.lon + f64::from(place.x) * self.step_deg,
                self.centre.lat + f64::from(place.y) * self.step_deg,
            )
        })
    }

    /// Whether a piece is narrower than the grid resolves: two borders that were the same before they were rounded.
    fn is_rounding(&self, piece: &Polygon) -> bool {
        let Measure { area_m2, perimeter_m } = measure_polygon(piece);
        2.0 * area_m2 <= ROUNDING_STEPS * self.step_m() * perimeter_m
    }

    /// Every edge displaced by a step, but those that came back as they were and those that both sides share;
    /// every cut edge off its geodesic; the rounding of all.
    fn resolution_m2(&self, rule: OverlayRule) -> f64 {
        let (_, north_m) = degrees_to_m(self.centre.lat);
        let mut displaced_m = self.displaced_deg * north_m;
        for ((from, to), sides) in &self.edges {
            let length_m = self.length_deg(*from, *to) * north_m;
            if sides & RESULT != 0 || sides & SUBJECT != 0 && sides & CLIP != 0 {
                continue;
            }
            // Far from the other side an edge comes back or does not, but for needles that the grid does not resolve.
            if sides & FAR == 0 || sides & SUBJECT != 0 && rule == OverlayRule::Difference {
                displaced_m += length_m;
            }
        }
        let cuts_m2 = self.bulge_m2(self.longest_deg * north_m) * f64::from(self.cuts);
        displaced_m * self.step_m() + cuts_m2 + rounding_m2(self.exact.len())
    }

    /// The most that lies between a geodesic and the line of degrees with the same ends.
    fn bulge_m2(&self, length_m: f64) -> f64 {
        length_m.powi(3) * self.centre.lat.to_radians().tan().abs() / (12.0 * ellipsoid().a)
    }

    fn step_m(&self) -> f64 {
        degrees_to_m(self.centre.lat).1 * self.step_deg
    }

    fn length_deg(&self, from: IntPoint, to: IntPoint) -> f64 {
        let difference = |from: i32, to: i32| f64::from(to) - f64::from(from);
        difference(from.x, to.x).hypot(difference(from.y, to.y)) * self.step_deg
    }
}

/// An edge, the same in both directions.
fn edge(from: IntPoint, to: IntPoint) -> (IntPoint, IntPoint) {
    if from <= to { (from, to) } else { (to, from) }
}
