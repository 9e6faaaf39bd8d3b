//! WKT or GeoJSON text → features with their shapes, and what is wrong with each. Called by `server` for
//! boundaries, plots and rivers that come as files.
//!
//! Nothing is lost: a shape that cannot be measured keeps its polygons with the reasons, a piece of text that
//! cannot be read at all becomes a problem with the text. Nothing panics, whatever the bytes.

mod geojson;
mod problems;
mod shapes;
mod wkt;

use crate::datum::Datum;
use crate::fault::Fault;
use crate::geometry::{LonLat, Polygon};
use crate::region::Region;
use domain::{Problem, Severity};
use problems::Teller;
use std::collections::BTreeMap;

/// One thing with a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// Which of the file, from 1; the parts of a collection have the number of the whole.
    pub number: u64,
    /// Its id, empty where the file gives none.
    pub id: String,
    /// Its properties as text; what is nested stays JSON, and null is left out.
    pub properties: BTreeMap<String, String>,
    /// What the file says of the datum, if anything. What is not said is not guessed.
    pub declared: Option<Datum>,
    /// Where it is.
    pub shape: Shape,
}

/// Where something is, in degrees.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// One or more points.
    Points(Vec<LonLat>),
    /// One or more lines, each of at least two points.
    Lines(Vec<Vec<LonLat>>),
    /// Polygons that can be measured.
    Region(Region),
    /// Polygons that cannot be measured, as they were read, with the reasons.
    Refused { polygons: Vec<Polygon>, faults: Vec<Fault> },
}

impl Feature {
    /// The region, unless this is no region or was refused.
    pub fn region(&self) -> Option<&Region> {
        match &self.shape {
            Shape::Region(region) => Some(region),
            _ => None,
        }
    }
}

/// Reads the text of a file: GeoJSON if it begins with a brace, WKT otherwise, one geometry after the other,
/// each with an optional `SRID=…;`. `file` is its name for people.
///
/// The properties of GeoJSON come along; WKT has none.
pub fn read(bytes: &[u8], file: &str) -> (Vec<Feature>, Vec<Problem>) {
    let mut teller = Teller::new(file);
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim();
    if std::str::from_utf8(bytes).is_err() {
        teller.not_utf8();
    }
    let features = match text.chars().next() {
        None => {
            teller.empty();
            Vec::new()
        }
        Some('{' | '[') => geojson::features(text, &mut teller),
        Some(_) => wkt::features(text, &mut teller),
    };
    if features.is_empty() && teller.problems.iter().all(|problem| problem.severity < Severity::Error) {
        teller.nothing();
    }
    (features, teller.problems)
}

#[cfg(test)]
mod tests;
