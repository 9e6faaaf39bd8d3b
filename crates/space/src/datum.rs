//! Coordinates of one datum → another, and a polygon of unknown datum → which one it is in.
//! Called by `server` when boundaries come in; every measure of this crate wants CGCS2000.
//!
//! WGS 84 is taken as CGCS2000: the ellipsoids differ by 0.1 mm, the frames by the movement of the plates since
//! 2000.0, some decimetres in China, which no boundary of a plan resolves.
//!
//! GCJ-02 is a shift that no authority has published. The formula used here circulates and agrees with the
//! coordinates that map services give to about 1e-5°; see `catalog/datums.toml` for its constants and sources.

mod catalog;
mod recognise;

use crate::fault::Fault;
use crate::geometry::{Bounds, LonLat};
use crate::region::Region;
use catalog::{Catalog, Sum};
use domain::{Confidence, Text};
use std::f64::consts::PI;

pub use recognise::{Fit, Recognition, Unsure, Wanted, recognise};

/// What the numbers of a boundary refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Datum {
    /// The national datum; WGS 84 counts as the same.
    Cgcs2000,
    /// The shifted coordinates of Chinese maps (AutoNavi, Tencent).
    Gcj02,
    /// Baidu's, shifted once more.
    Bd09,
}

/// How often an inverse is improved; each round gains at least one and a half digits.
const ROUNDS: u32 = 40;
/// When an inverse is good enough [°]: a hundredth of a millimetre.
const CLOSE_DEG: f64 = 1e-10;

impl Datum {
    /// All of them, the national one first.
    pub const ALL: [Datum; 3] = [Datum::Cgcs2000, Datum::Gcj02, Datum::Bd09];

    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Datum::Cgcs2000 => "cgcs2000",
            Datum::Gcj02 => "gcj02",
            Datum::Bd09 => "bd09",
        }
    }

    /// The datum with this word; `wgs84` is CGCS2000.
    pub fn from_code(code: &str) -> Option<Datum> {
        let plain = code.to_ascii_lowercase().replace(['-', '_', ' '], "");
        match plain.as_str() {
            "wgs84" | "epsg:4326" | "epsg:4490" => Some(Datum::Cgcs2000),
            _ => Datum::ALL.into_iter().find(|datum| datum.code() == plain),
        }
    }

    /// Its name for people.
    pub fn name(self) -> &'static Text {
        let catalog = Catalog::builtin();
        match self {
            Datum::Cgcs2000 => &catalog.cgcs2000.name,
            Datum::Gcj02 => &catalog.gcj02.name,
            Datum::Bd09 => &catalog.bd09.name,
        }
    }

    /// How far its constants may be trusted.
    pub fn confidence(self) -> Confidence {
        let catalog = Catalog::builtin();
        match self {
            Datum::Cgcs2000 => catalog.cgcs2000.confidence,
            Datum::Gcj02 => catalog.gcj02.confidence,
            Datum::Bd09 => catalog.bd09.confidence,
        }
    }
}

/// A point of `datum` as CGCS2000. The inverses are iterated to 1e-10°.
pub fn to_cgcs2000(point: LonLat, datum: Datum) -> LonLat {
    match datum {
        Datum::Cgcs2000 => point,
        Datum::Gcj02 => gcj02_to_cgcs2000(point),
        Datum::Bd09 => gcj02_to_cgcs2000(bd09_to_gcj02(point)),
    }
}

/// A point of CGCS2000 as `datum`. Outside of the box of China GCJ-02 shifts nothing; BD-09 still does.
pub fn from_cgcs2000(point: LonLat, datum: Datum) -> LonLat {
    match datum {
        Datum::Cgcs2000 => point,
        Datum::Gcj02 => cgcs2000_to_gcj02(point),
        Datum::Bd09 => gcj02_to_bd09(cgcs2000_to_gcj02(point)),
    }
}

/// A region of `datum` as CGCS2000, checked again.
pub fn region_to_cgcs2000(region: &Region, datum: Datum) -> (Option<Region>, Vec<Fault>) {
    match datum {
        Datum::Cgcs2000 => (Some(region.clone()), Vec::new()),
        _ => region.converted(|point| to_cgcs2000(point, datum)),
    }
}

/// The box outside of which GCJ-02 shifts nothing. It is no border of a country: neighbours lie in it as well.
pub fn china() -> Bounds {
    Catalog::builtin().gcj02.range
}

/// The ellipsoid of CGCS2000.
pub(crate) fn ellipsoid() -> &'static geographiclib_rs::Geodesic {
    &Catalog::builtin().ellipsoid
}

/// Metres of one degree of longitude and of latitude at a latitude, for short distances:
/// `π/180 · N cos φ` and `π/180 · M`, with `N = a / √(1 − e² sin² φ)` and `M = N³ (1 − e²) / a²`.
pub(crate) fn degrees_to_m(lat: f64) -> (f64, f64) {
    let (a, f) = (ellipsoid().a, ellipsoid().f);
    let e2 = f * (2.0 - f);
    let (sin, cos) = lat.to_radians().sin_cos();
    let w2 = 1.0 - e2 * sin * sin;
    let n = a / w2.sqrt();
    (n * cos * PI / 180.0, n * (1.0 - e2) / w2 * PI / 180.0)
}

fn cgcs2000_to_gcj02(point: LonLat) -> LonLat {
    if china().holds(point) { shifted(point) } else { point }
}

fn gcj02_to_cgcs2000(point: LonLat) -> LonLat {
    if china().holds(point) { solved(point, shifted) } else { point }
}

/// The shift of GCJ-02, in metres of the Krasovsky ellipsoid turned to degrees:
/// `Δφ = 180 S_n / (π a (1 − e²) / W³)`, `Δλ = 180 S_e / (π a cos φ / W)`, `W = √(1 − e² sin² φ)`.
fn shifted(point: LonLat) -> LonLat {
    let gcj = &Catalog::builtin().gcj02;
    let (x, y) = (point.lon - gcj.origin.lon, point.lat - gcj.origin.lat);
    let (sin, cos) = point.lat.to_radians().sin_cos();
    let w2 = 1.0 - gcj.e2 * sin * sin;
    let meridian_m = gcj.a_m * (1.0 - gcj.e2) / (w2 * w2.sqrt());
    let parallel_m = gcj.a_m / w2.sqrt() * cos;
    LonLat {
        lon: point.lon + (sum(&gcj.east, x, y) / parallel_m).to_degrees(),
        lat: point.lat + (sum(&gcj.north, x, y) / meridian_m).to_degrees(),
    }
}

/// `a + b x + c y + d x² + e y² + f x y + g √|x| + 2/3 Σ A sin(π k x) + 2/3 Σ A sin(π k y)`.
fn sum(terms: &Sum, x: f64, y: f64) -> f64 {
    let basis = [1.0, x, y, x * x, y * y, x * y, x.abs().sqrt()];
    let polynomial: f64 = terms.polynomial.iter().zip(basis).map(|(factor, value)| factor * value).sum();
    let waves = |list: &[[f64; 2]], at: f64| -> f64 {
        list.iter().map(|[amplitude, factor]| amplitude * (PI * factor * at).sin()).sum()
    };
    polynomial + (waves(&terms.sines_of_x, x) + waves(&terms.sines_of_y, y)) * 2.0 / 3.0
}

/// `z = r + A sin(k φ)`, `θ = atan2(φ, λ) + B cos(k λ)`; then `z cos θ + shift`, `z sin θ + shift`.
fn gcj02_to_bd09(point: LonLat) -> LonLat {
    let bd = &Catalog::builtin().bd09;
    let radius = point.lon.hypot(point.lat) + bd.wave.radius * (point.lat * bd.wave.per_degree).sin();
    let angle = point.lat.atan2(point.lon) + bd.wave.angle * (point.lon * bd.wave.per_degree).cos();
    LonLat { lon: radius * angle.cos() + bd.shift.lon, lat: radius * angle.sin() + bd.shift.lat }
}

fn bd09_to_gcj02(point: LonLat) -> LonLat {
    solved(point, gcj02_to_bd09)
}

/// The point that `forward` brings to `target`, by repeated correction: `p ← p − (forward(p) − target)`.
/// The shifts change slowly, so each round leaves less than a thirtieth of the error.
fn solved(target: LonLat, forward: impl Fn(LonLat) -> LonLat) -> LonLat {
    let mut point = target;
    for _ in 0..ROUNDS {
        let reached = forward(point);
        let (lon, lat) = (reached.lon - target.lon, reached.lat - target.lat);
        point = LonLat { lon: point.lon - lon, lat: point.lat - lat };
        if lon.abs().max(lat.abs()) < CLOSE_DEG {
            break;
        }
    }
    point
}

#[cfg(test)]
mod tests;
