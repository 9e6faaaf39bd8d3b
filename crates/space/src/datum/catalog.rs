//! `catalog/datums.toml` → the constants of the datums, read once.

use crate::geometry::Bounds;
use domain::{Confidence, Text};
use serde::Deserialize;
use std::sync::LazyLock;

/// The file, read.
#[derive(Debug)]
pub struct Catalog {
    pub cgcs2000: Ellipsoid,
    pub gcj02: Gcj02,
    pub bd09: Bd09,
    /// The ellipsoid of CGCS2000, ready to compute.
    pub ellipsoid: geographiclib_rs::Geodesic,
}

#[derive(Debug, Deserialize)]
struct File {
    cgcs2000: Ellipsoid,
    gcj02: Gcj02,
    bd09: Bd09,
}

/// `[cgcs2000]`.
#[derive(Debug, Deserialize)]
pub struct Ellipsoid {
    pub name: Text,
    a_m: f64,
    inverse_flattening: f64,
    pub confidence: Confidence,
}

/// `[gcj02]`.
#[derive(Debug, Deserialize)]
pub struct Gcj02 {
    pub name: Text,
    pub a_m: f64,
    pub e2: f64,
    pub origin: Pair,
    #[serde(rename = "box")]
    pub range: Bounds,
    pub north: Sum,
    pub east: Sum,
    pub confidence: Confidence,
}

/// `[gcj02.north]`, `[gcj02.east]`: metres.
#[derive(Debug, Deserialize)]
pub struct Sum {
    pub polynomial: [f64; 7],
    pub sines_of_x: Vec<[f64; 2]>,
    pub sines_of_y: Vec<[f64; 2]>,
}

/// `[bd09]`.
#[derive(Debug, Deserialize)]
pub struct Bd09 {
    pub name: Text,
    pub shift: Pair,
    pub wave: Wave,
    pub confidence: Confidence,
}

/// The small waves of BD-09.
#[derive(Debug, Deserialize)]
pub struct Wave {
    pub radius: f64,
    pub angle: f64,
    pub per_degree: f64,
}

/// Degrees east and north.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Pair {
    pub lon: f64,
    pub lat: f64,
}

impl Catalog {
    /// What this build carries.
    pub fn builtin() -> &'static Catalog {
        static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
            let text = include_str!("../../catalog/datums.toml");
            let File { cgcs2000, gcj02, bd09 } = toml::from_str(text).expect("the built-in file is read by a test");
            let ellipsoid = geographiclib_rs::Geodesic::new(cgcs2000.a_m, 1.0 / cgcs2000.inverse_flattening);
            Catalog { cgcs2000, gcj02, bd09, ellipsoid }
        });
        &CATALOG
    }
}
