//! WKT (OGC 06-103r4), with the `SRID=…;` of PostGIS → features.

use super::Feature;
use super::problems::Teller;
use super::shapes::{Blank, Raw, Shapes};
use crate::datum::Datum;
use std::str::FromStr;
use wkt::Wkt;
use wkt::types::{Coord, LineString};

/// Deepest nesting of brackets: a polygon of a collection needs five, and the parser calls itself for each.
const DEEPEST: usize = 32;

/// Features of a text of geometries, one after the other.
pub fn features(text: &str, teller: &mut Teller) -> Vec<Feature> {
    let mut features = Vec::new();
    for (at, statement) in statements(text).into_iter().enumerate() {
        let number = at as u64 + 1;
        let Some((declared, geometry)) = prefix(statement, number, teller) else { continue };
        let blank = Blank { number, declared, ..Blank::default() };
        if depth(geometry) > DEEPEST {
            teller.unreadable(Some(number), geometry, "nested too deep");
            continue;
        }
        match Wkt::<f64>::from_str(geometry) {
            Ok(geometry) => shapes(geometry, &blank, teller, &mut features),
            Err(reason) => teller.unreadable(Some(number), geometry, reason),
        }
    }
    features
}

/// The text cut behind every bracket that closes the outermost, and behind every `EMPTY` outside of brackets.
fn statements(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut from, mut depth) = (0, 0_usize);
    for (at, char) in text.char_indices() {
        let end = match char {
            '(' => {
                depth += 1;
                None
            }
            ')' => {
                depth = depth.saturating_sub(1);
                (depth == 0).then_some(at + 1)
            }
            ' ' | '\t' | '\r' | '\n' | ';' | ',' if depth == 0 && says_empty(&text[from..at]) => Some(at),
            _ => None,
        };
        if let Some(end) = end {
            found.push(&text[from..end]);
            from = end;
        }
    }
    found.push(&text[from..]);
    let trimmed = found.into_iter().map(|part| part.trim_matches([' ', '\t', '\r', '\n', ';', ',']));
    trimmed.filter(|part| !part.is_empty()).collect()
}

fn says_empty(text: &str) -> bool {
    text.len().checked_sub(5).and_then(|from| text.get(from..)).is_some_and(|end| end.eq_ignore_ascii_case("EMPTY"))
}

/// What `SRID=…;` says, and the rest; `None`, and told, when it cannot be used.
fn prefix<'a>(text: &'a str, number: u64, teller: &mut Teller) -> Option<(Option<Datum>, &'a str)> {
    let Some((srid, rest)) = text.split_once(';') else { return Some((None, text)) };
    let Some(code) = srid.trim().to_ascii_uppercase().strip_prefix("SRID=").map(|code| code.trim().to_string()) else {
        return Some((None, text));
    };
    match code.as_str() {
        "4490" | "4326" => Some((Some(Datum::Cgcs2000), rest.trim_start())),
        _ => {
            teller.unknown_datum(Some(number), srid);
            None
        }
    }
}

fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn shapes(geometry: Wkt<f64>, blank: &Blank, teller: &mut Teller, features: &mut Vec<Feature>) {
    let raw = match geometry {
        Wkt::Point(point) => Raw::Points(point.coord().map(numbers).into_iter().collect()),
        Wkt::MultiPoint(points) => {
            Raw::Points(points.points().iter().filter_map(|point| point.coord().map(numbers)).collect())
        }
        Wkt::LineString(one) => Raw::Lines(if one.coords().is_empty() { Vec::new() } else { vec![line(&one)] }),
        Wkt::MultiLineString(several) => Raw::Lines(several.line_strings().iter().map(line).collect()),
        Wkt::Polygon(one) => Raw::Polygons(vec![one.rings().iter().map(line).collect()]),
        Wkt::MultiPolygon(several) => {
            Raw::Polygons(several.polygons().iter().map(|one| one.rings().iter().map(line).collect()).collect())
        }
        Wkt::GeometryCollection(several) => {
            if several.geometries().is_empty() {
                teller.no_geometry(blank.number, "");
            }
            for geometry in several.geometries() {
                shapes(geometry.clone(), blank, teller, features);
            }
            return;
        }
    };
    features.extend(Shapes::feature(teller, raw, blank));
}

fn line(line: &LineString<f64>) -> Vec<Vec<f64>> {
    line.coords().iter().map(numbers).collect()
}

fn numbers(coord: &Coord<f64>) -> Vec<f64> {
    [Some(coord.x), Some(coord.y), coord.z, coord.m].into_iter().flatten().collect()
}
