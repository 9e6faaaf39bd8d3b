//! Space: boundaries as text → geodesic areas and lengths, conversions of datum, what became of a red line.
//!
//! [`read()`] takes WKT or GeoJSON and gives features with the problems of each; [`datum`] converts GCJ-02 and
//! BD-09 to CGCS2000 and recognises which of them a polygon is in; [`area`] and [`line`] measure on the
//! ellipsoid; [`identity`] compares a frozen baseline with the polygons of now; [`within`] says in which area
//! something lies. `server` calls all of them; this crate knows no file, no clock and no place.
//!
//! Degrees are longitude and latitude; lengths are metres, areas square metres, both on the ellipsoid of
//! CGCS2000. Only what was checked can be measured: a [`Region`] never crosses itself.
//!
//! ```
//! let text = "POLYGON((104.6 30.1, 104.7 30.1, 104.7 30.2, 104.6 30.2, 104.6 30.1))";
//! let (features, problems) = space::read(text.as_bytes(), "plot.wkt");
//! let region = features[0].region().expect("nothing crosses");
//! // 106.8 km², by geographiclib 2.1.
//! assert!((space::area::area_m2(region) - 106_798_611.311_187_74).abs() < 0.001);
//! assert!(problems.is_empty());
//!
//! let (features, problems) = space::read(b"POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))", "tie.wkt");
//! assert!(features[0].region().is_none());
//! assert_eq!(problems[0].code, "self-crossing");
//! assert_eq!(problems[0].raw, "0.5 0.5");
//! ```

pub mod area;
pub mod datum;
mod fault;
mod geometry;
pub mod identity;
pub mod line;
mod overlay;
mod read;
mod region;
pub mod within;
pub mod write;

#[cfg(test)]
mod fuzzing;
#[cfg(test)]
mod real;

pub use fault::{Fault, FaultKind, Looks};
pub use geometry::{Bounds, LonLat, Polygon};
pub use read::{Feature, Shape, read};
pub use region::Region;
