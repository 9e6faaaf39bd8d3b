//! GeoJSON (RFC 7946, and the `crs` member of the 2008 text) → features. A feature that cannot be read costs
//! no other one.

use super::Feature;
use super::problems::Teller;
use super::shapes::{Blank, Raw, Shapes};
use crate::datum::Datum;
use geojson::{GeometryValue, Position};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Features of a text that begins like JSON.
pub fn features(text: &str, teller: &mut Teller) -> Vec<Feature> {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            teller.unreadable(None, text, &error.to_string());
            return Vec::new();
        }
    };
    let Some(members) = value.as_object() else {
        teller.unreadable(None, text, "an object with a `type` is wanted");
        return Vec::new();
    };
    let Ok(declared) = declared(members, teller) else { return Vec::new() };
    let list = match members.get("features").and_then(Value::as_array) {
        Some(list) if kind(members) == "FeatureCollection" => list.as_slice(),
        _ => std::slice::from_ref(&value),
    };
    let mut features = Vec::new();
    for (at, item) in list.iter().enumerate() {
        let blank = Blank { number: at as u64 + 1, declared, ..Blank::default() };
        feature(item, blank, teller, &mut features);
    }
    features
}

fn feature(item: &Value, mut blank: Blank, teller: &mut Teller, features: &mut Vec<Feature>) {
    let Some(members) = item.as_object() else {
        teller.unreadable(Some(blank.number), &item.to_string(), "an object with a `type` is wanted");
        return;
    };
    if kind(members) != "Feature" {
        geometry(item, &blank, teller, features);
        return;
    }
    blank.id = members.get("id").and_then(plain).unwrap_or_default();
    blank.properties = properties(members.get("properties"));
    match members.get("geometry") {
        None | Some(Value::Null) => teller.no_geometry(blank.number, &item.to_string()),
        Some(value) => geometry(value, &blank, teller, features),
    }
}

fn geometry(value: &Value, blank: &Blank, teller: &mut Teller, features: &mut Vec<Feature>) {
    match serde_json::from_value::<geojson::Geometry>(value.clone()) {
        Ok(geometry) => shapes(geometry.value, blank, teller, features),
        Err(error) => teller.unreadable(Some(blank.number), &value.to_string(), &error.to_string()),
    }
}

/// One shape, or those of a collection; JSON nests only so deep.
fn shapes(value: GeometryValue, blank: &Blank, teller: &mut Teller, features: &mut Vec<Feature>) {
    let raw = match value {
        GeometryValue::Point { coordinates } => Raw::Points(vec![numbers(&coordinates)]),
        GeometryValue::MultiPoint { coordinates } => Raw::Points(line(&coordinates)),
        GeometryValue::LineString { coordinates } => Raw::Lines(vec![line(&coordinates)]),
        GeometryValue::MultiLineString { coordinates } => Raw::Lines(lines(&coordinates)),
        GeometryValue::Polygon { coordinates } => Raw::Polygons(vec![lines(&coordinates)]),
        GeometryValue::MultiPolygon { coordinates } => {
            Raw::Polygons(coordinates.iter().map(|polygon| lines(polygon)).collect())
        }
        GeometryValue::GeometryCollection { geometries } => {
            if geometries.is_empty() {
                teller.no_geometry(blank.number, "");
            }
            for geometry in geometries {
                shapes(geometry.value, blank, teller, features);
            }
            return;
        }
    };
    features.extend(Shapes::feature(teller, raw, blank));
}

fn lines(coordinates: &[Vec<Position>]) -> Vec<Vec<Vec<f64>>> {
    coordinates.iter().map(|positions| line(positions)).collect()
}

fn line(positions: &[Position]) -> Vec<Vec<f64>> {
    positions.iter().map(numbers).collect()
}

fn numbers(position: &Position) -> Vec<f64> {
    position.as_slice().to_vec()
}

/// What the file says of its datum: `Err` when it cannot be used.
fn declared(members: &Map<String, Value>, teller: &mut Teller) -> Result<Option<Datum>, ()> {
    let Some(crs) = members.get("crs").filter(|crs| !crs.is_null()) else { return Ok(None) };
    let name = crs.pointer("/properties/name").and_then(Value::as_str).unwrap_or_default();
    let datum = datum_of(name);
    if datum.is_none() {
        teller.unknown_datum(None, &crs.to_string());
    }
    datum.map(Some).ok_or(())
}

/// Names such as `EPSG:4490`, `urn:ogc:def:crs:EPSG::4490`, `urn:ogc:def:crs:OGC:1.3:CRS84`, `GCJ-02`.
fn datum_of(name: &str) -> Option<Datum> {
    let last = name.rsplit(':').next().unwrap_or_default();
    match last {
        "CRS84" | "4326" | "4490" => Some(Datum::Cgcs2000),
        _ => Datum::from_code(name),
    }
}

fn kind(members: &Map<String, Value>) -> &str {
    members.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn properties(value: Option<&Value>) -> BTreeMap<String, String> {
    let members = value.and_then(Value::as_object);
    members.into_iter().flatten().filter_map(|(name, value)| Some((name.clone(), plain(value)?))).collect()
}

/// A value as text; `None` for null.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
