//! Space: boundaries as text → geodesic areas and lengths, conversions of datum, what became of a red line.
//!
//! [`read()`] takes WKT or GeoJSON and gives features with the problems of each; [`datum`] converts GCJ-02 and
//! BD-09 to CGCS2000 and recognises which of them a polygon is in; [`area`] and [`line`] measure on the
//! ellipsoid; [`identity`] compares a frozen baseline with the polygons of now; [`within`] says in which area
//! something lies. `server` calls all of them; this crate knows no file, no clock and no place.
//!
//! Degrees are longitude and latitude; lengths are metres, areas square metres, both on the ellipsoid of
//! CGCS2000. Only what was checked can be measured: a [`Region`] never crosses itself.

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
