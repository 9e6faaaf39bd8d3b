//! Coordinates as either format has them → checked shapes. Called by `geojson` and `wkt`.

use super::problems::Teller;
use super::{Feature, Shape};
use crate::fault::Fault;
use crate::geometry::{LonLat, Polygon};
use crate::region::Region;
use crate::region::rings::{misplaced, swapped};

/// Coordinates of one geometry, before any check. A position is a list of numbers, whatever its length.
pub enum Raw {
    Points(Vec<Vec<f64>>),
    Lines(Vec<Vec<Vec<f64>>>),
    Polygons(Vec<Vec<Vec<Vec<f64>>>>),
}

/// Reads shapes for one feature after the other.
pub struct Shapes<'a> {
    teller: &'a mut Teller,
    number: u64,
    heights: bool,
}

impl Shapes<'_> {
    /// The shape of a geometry, `None` when nothing of it can be kept; `blank` has all the rest.
    pub fn feature(teller: &mut Teller, raw: Raw, blank: &Blank) -> Option<Feature> {
        let mut shapes = Shapes { teller, number: blank.number, heights: false };
        let shape = match raw {
            Raw::Points(positions) => shapes.points(&positions).map(Shape::Points),
            Raw::Lines(lines) => shapes.lines(&lines).map(Shape::Lines),
            Raw::Polygons(polygons) => shapes.polygons(&polygons),
        };
        if shapes.heights {
            teller.heights(blank.number);
        }
        shape.map(|shape| Feature {
            number: blank.number,
            id: blank.id.clone(),
            properties: blank.properties.clone(),
            declared: blank.declared,
            shape,
        })
    }

    fn points(&mut self, positions: &[Vec<f64>]) -> Option<Vec<LonLat>> {
        if positions.is_empty() {
            self.teller.no_geometry(self.number, "");
            return None;
        }
        let points = self.positions(positions)?;
        self.placed(1, &points).then_some(points)
    }

    fn lines(&mut self, lines: &[Vec<Vec<f64>>]) -> Option<Vec<Vec<LonLat>>> {
        if lines.is_empty() {
            self.teller.no_geometry(self.number, "");
            return None;
        }
        let mut taken = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let points = self.positions(line)?;
            if points.iter().all(|point| Some(point) == points.first()) {
                self.teller.short_line(self.number, &format!("{line:?}"));
                return None;
            }
            if !self.placed(at + 1, &points) {
                return None;
            }
            taken.push(points);
        }
        Some(taken)
    }

    fn polygons(&mut self, polygons: &[Vec<Vec<Vec<f64>>>]) -> Option<Shape> {
        let mut taken = Vec::new();
        for rings in polygons.iter().filter(|rings| !rings.is_empty()) {
            let mut rings = rings.iter().map(|ring| self.positions(ring)).collect::<Option<Vec<_>>>()?.into_iter();
            taken.push(Polygon { shell: rings.next().unwrap_or_default(), holes: rings.collect() });
        }
        if taken.is_empty() {
            self.teller.no_geometry(self.number, "");
            return None;
        }
        let (region, faults) = Region::check(&taken);
        for fault in &faults {
            self.teller.fault(self.number, fault);
        }
        Some(region.map_or(Shape::Refused { polygons: taken, faults }, Shape::Region))
    }

    /// Longitude and latitude of every position; `None`, and told, when one of them lacks a number.
    fn positions(&mut self, positions: &[Vec<f64>]) -> Option<Vec<LonLat>> {
        let mut points = Vec::with_capacity(positions.len());
        for position in positions {
            let [lon, lat, rest @ ..] = &position[..] else {
                self.teller.short_position(self.number, &format!("{position:?}"));
                return None;
            };
            self.heights |= !rest.is_empty();
            points.push(LonLat::new(*lon, *lat));
        }
        Some(points)
    }

    /// Whether points or a line are on the earth; what is wrong is told.
    fn placed(&mut self, part: usize, points: &[LonLat]) -> bool {
        let mut good = true;
        for (at, point) in points.iter().enumerate() {
            if let Some(kind) = misplaced(at + 1, *point) {
                self.teller.fault(self.number, &Fault { part, ring: 0, kind });
                good = false;
                break;
            }
        }
        if let Some(at) = swapped(points).filter(|_| good) {
            let kind = crate::fault::FaultKind::SwappedSuspected { at };
            self.teller.fault(self.number, &Fault { part, ring: 0, kind });
        }
        good
    }
}

/// What a feature has beside its shape.
#[derive(Clone, Default)]
pub struct Blank {
    pub number: u64,
    pub id: String,
    pub properties: std::collections::BTreeMap<String, String>,
    pub declared: Option<crate::datum::Datum>,
}
