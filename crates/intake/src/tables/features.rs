//! GeoJSON (RFC 7946) → rows of cells: a feature is a row, its properties are its cells, and its geometry is one
//! more cell, kept as the text that it is. The header is every property that any feature has, then `id`, `crs`
//! and `geometry`. A row's number is the number of its feature, from 1. Called by `opening`.
//!
//! The file is held in memory. What is not JSON is one fault of the file; what is no feature is one row's.

use super::cell::{Cell, Cells, Rows, Step};
use crate::problems::{After, FileFault, RowFault};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashMap;

/// Largest file, in bytes.
pub(crate) const MAX_FILE: usize = 256 << 20;
/// Most columns: a file with more is no table.
const MAX_COLUMNS: usize = 1000;

/// Column of a feature's own id, where no property is called so.
const ID: &str = "id";
/// Column of the reference system that the collection names, as files before RFC 7946 do.
const CRS: &str = "crs";
/// Column of the geometry.
const GEOMETRY: &str = "geometry";

/// Rows of a collection of features.
#[derive(Debug)]
pub(crate) struct FeatureRows {
    rows: Vec<Result<Vec<String>, (String, String)>>,
    next: usize,
}

/// A collection, a feature, or a geometry alone.
#[derive(Deserialize)]
struct Top<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow, default)]
    features: Option<Vec<&'a RawValue>>,
    #[serde(default)]
    crs: Option<Crs>,
}

#[derive(Deserialize)]
struct Crs {
    properties: CrsName,
}

#[derive(Deserialize)]
struct CrsName {
    name: String,
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    properties: Option<Properties<'a>>,
    #[serde(borrow, default)]
    geometry: Option<&'a RawValue>,
}

/// Properties in the order of the file.
struct Properties<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Properties<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of properties")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    all.push(entry);
                }
                Ok(all)
            }
        }
        deserializer.deserialize_map(InOrder).map(Properties)
    }
}

/// Header and rows of a file.
pub(crate) fn features(text: &str) -> Result<(Vec<String>, FeatureRows), FileFault> {
    let unreadable = |reason: String| FileFault::Unreadable(reason, After::Nothing);
    let top: Top<'_> = serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
    let whole: &RawValue = serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
    let raw = match (top.kind.as_str(), top.features) {
        ("FeatureCollection", Some(features)) => features,
        ("FeatureCollection", None) => return Err(unreadable("FeatureCollection: `features`?".to_string())),
        ("Feature", _) => vec![whole],
        _ => return Err(FileFault::NotFeatures(top.kind)),
    };
    let crs = top.crs.map(|crs| crs.properties.name);
    let parsed: Vec<Result<Feature<'_>, (String, String)>> = raw.into_iter().map(feature).collect();
    let (header, at) = header_of(&parsed, crs.is_some())?;
    let rows = parsed.into_iter().map(|own| own.map(|own| cells_of(own, &at, header.len(), crs.as_deref()))).collect();
    Ok((header, FeatureRows { rows, next: 0 }))
}

/// A feature, or why it is none with what stands there.
fn feature(raw: &RawValue) -> Result<Feature<'_>, (String, String)> {
    let refused = |reason: String| (reason, raw.get().to_string());
    let own: Feature<'_> = serde_json::from_str(raw.get()).map_err(|error| refused(error.to_string()))?;
    if own.kind != "Feature" {
        return Err(refused(format!("type `{}`", own.kind)));
    }
    if own.geometry.is_none_or(|geometry| geometry.get() == "null") {
        return Err(refused("geometry: null".to_string()));
    }
    Ok(own)
}

type Positions = HashMap<String, usize>;

fn header_of(
    features: &[Result<Feature<'_>, (String, String)>],
    has_crs: bool,
) -> Result<(Vec<String>, Positions), FileFault> {
    let (mut header, mut at) = (Vec::new(), Positions::new());
    let mut add = |name: &str| {
        if !at.contains_key(name) {
            at.insert(name.to_string(), header.len());
            header.push(name.to_string());
        }
    };
    let good = || features.iter().filter_map(|own| own.as_ref().ok());
    for own in good() {
        let names = own.properties.iter().flat_map(|all| all.0.iter());
        names.filter(|(name, _)| !matches!(name.as_str(), CRS | GEOMETRY)).for_each(|(name, _)| add(name));
    }
    if good().any(|own| own.id.is_some()) {
        add(ID);
    }
    if has_crs {
        add(CRS);
    }
    add(GEOMETRY);
    if header.len() > MAX_COLUMNS {
        return Err(FileFault::Unreadable(format!("{} properties", header.len()), After::Nothing));
    }
    Ok((header, at))
}

fn cells_of(own: Feature<'_>, at: &Positions, width: usize, crs: Option<&str>) -> Vec<String> {
    let mut cells = vec![String::new(); width];
    let mut put = |name: &str, text: String| {
        if let Some(column) = at.get(name) {
            cells[*column] = text;
        }
    };
    if let Some(id) = own.id {
        put(ID, text_of(id));
    }
    for (name, value) in own.properties.into_iter().flat_map(|all| all.0) {
        put(&name, text_of(value));
    }
    put(CRS, crs.unwrap_or_default().to_string());
    put(GEOMETRY, own.geometry.map(|raw| raw.get().to_string()).unwrap_or_default());
    cells
}

/// A text without its quotes, nothing for null, anything else as it is written.
fn text_of(raw: &RawValue) -> String {
    match raw.get() {
        "null" => String::new(),
        text if text.starts_with('"') => serde_json::from_str(text).unwrap_or_else(|_| text.to_string()),
        text => text.to_string(),
    }
}

impl FeatureRows {
    fn current(&self) -> Option<&Result<Vec<String>, (String, String)>> {
        self.next.checked_sub(1).and_then(|row| self.rows.get(row))
    }
}

impl Cells for FeatureRows {
    fn count(&self) -> usize {
        match self.current() {
            Some(Ok(cells)) => cells.len(),
            Some(Err(_)) => 1,
            None => 0,
        }
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        match self.current() {
            Some(Ok(cells)) => cells.get(column).map_or(Cell::Empty, |text| Cell::Text(text.as_bytes())),
            Some(Err((_, raw))) if column == 0 => Cell::Text(raw.as_bytes()),
            _ => Cell::Empty,
        }
    }
}

impl Rows for FeatureRows {
    fn step(&mut self) -> Step {
        self.next += 1;
        let row = self.next as u64;
        match self.current() {
            None => Step::End,
            Some(Ok(_)) => Step::Row(row),
            Some(Err((reason, _))) => Step::Odd(row, RowFault::NotAFeature(reason.clone())),
        }
    }
}
