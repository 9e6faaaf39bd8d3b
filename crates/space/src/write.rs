//! Polygons → GeoJSON, for maps and exports. Called by `server`, which does not know the library.

use crate::geometry::{LonLat, Polygon};
use serde_json::{Value, json};

/// Polygons as one GeoJSON geometry of type `MultiPolygon` (RFC 7946, 3.1.7), in degrees as they are.
pub fn multi_polygon(polygons: &[Polygon]) -> Value {
    let position = |point: &LonLat| json!([point.lon, point.lat]);
    let ring = |ring: &Vec<LonLat>| -> Value { ring.iter().map(position).collect() };
    let polygon = |polygon: &Polygon| -> Value { polygon.rings().map(ring).collect() };
    json!({ "type": "MultiPolygon", "coordinates": polygons.iter().map(polygon).collect::<Value>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;

    #[test]
    fn what_is_written_is_read_again() {
        let text = "POLYGON((104 30,105.1234567890123 30,105 31,104 30),(104.5 30.1,104.5 30.2,104.6 30.2,104.5 30.1))";
        let (features, _) = read(text.as_bytes(), "");
        let region = features[0].region().expect("a triangle with a hole");
        let (again, problems) = read(multi_polygon(region.polygons()).to_string().as_bytes(), "");
        assert_eq!((again[0].region(), problems), (Some(region), Vec::new()));
        assert_eq!(multi_polygon(&[]).to_string(), r#"{"coordinates":[],"type":"MultiPolygon"}"#);
    }
}
