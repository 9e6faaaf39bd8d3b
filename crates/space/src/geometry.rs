//! The plain shapes: points in degrees, polygons as they were read. Every module of the crate uses them.

use serde::Deserialize;
use std::fmt;

/// A point, in degrees of its datum.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct LonLat {
    /// Longitude, east positive [°].
    pub lon: f64,
    /// Latitude, north positive [°].
    pub lat: f64,
}

/// A polygon as it was read: rings may be open, crossed or turned the wrong way.
/// A [`crate::Region`] is made of polygons that stood the checks.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Polygon {
    /// The outer ring.
    pub shell: Vec<LonLat>,
    /// What is cut out of it.
    pub holes: Vec<Vec<LonLat>>,
}

/// The smallest box around something, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Bounds {
    /// Smallest longitude [°].
    pub west: f64,
    /// Smallest latitude [°].
    pub south: f64,
    /// Largest longitude [°].
    pub east: f64,
    /// Largest latitude [°].
    pub north: f64,
}

impl LonLat {
    /// A point from longitude and latitude, in this order.
    pub fn new(lon: f64, lat: f64) -> LonLat {
        LonLat { lon, lat }
    }

    /// Whether both are numbers within ±180 and ±90.
    pub fn is_on_earth(self) -> bool {
        self.lon.abs() <= 180.0 && self.lat.abs() <= 90.0
    }
}

/// Seven decimals: about a centimetre.
impl fmt::Display for LonLat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.7}, {:.7}", self.lon, self.lat)
    }
}

impl Polygon {
    /// The outer ring first, then the holes.
    pub fn rings(&self) -> impl Iterator<Item = &Vec<LonLat>> {
        std::iter::once(&self.shell).chain(&self.holes)
    }
}

impl Bounds {
    /// Around points; `None` when there are none.
    pub fn of<'a>(points: impl IntoIterator<Item = &'a LonLat>) -> Option<Bounds> {
        points.into_iter().fold(None, |bounds: Option<Bounds>, point| {
            let start = Bounds { west: point.lon, south: point.lat, east: point.lon, north: point.lat };
            let so_far = bounds.unwrap_or(start);
            Some(Bounds {
                west: so_far.west.min(point.lon),
                south: so_far.south.min(point.lat),
                east: so_far.east.max(point.lon),
                north: so_far.north.max(point.lat),
            })
        })
    }

    /// Whether a point lies in it or on its border.
    pub fn holds(self, point: LonLat) -> bool {
        (self.west..=self.east).contains(&point.lon) && (self.south..=self.north).contains(&point.lat)
    }

    /// Whether the boxes have a point in common.
    pub fn meets(self, other: Bounds) -> bool {
        self.west <= other.east && other.west <= self.east && self.south <= other.north && other.south <= self.north
    }

    /// The smallest box around both.
    pub fn with(self, other: Bounds) -> Bounds {
        Bounds {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// The longer side [°].
    pub fn extent(self) -> f64 {
        (self.east - self.west).max(self.north - self.south)
    }
}
