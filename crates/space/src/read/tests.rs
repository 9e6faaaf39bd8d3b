//! Texts as offices send them: what is read, what is told. Expected values stand in the texts.

use super::*;
use proptest::prelude::*;

fn codes(text: &str) -> (Vec<Feature>, Vec<(&'static str, Option<u64>)>) {
    let (features, problems) = read(text.as_bytes(), "a.geojson");
    (features, problems.iter().map(|problem| (problem.code, problem.place.row)).collect())
}

const COLLECTION: &str = r#"{"type":"FeatureCollection",
 "crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},
 "features":[
  {"type":"Feature","id":7,"properties":{"land_class":"林地","area":1.5,"note":null,"tags":["a"]},
   "geometry":{"type":"Polygon","coordinates":[[[104,30],[105,30],[105,31],[104,31],[104,30]]]}},
  {"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[104,30,412],[105,31,400]]}},
  {"type":"Feature","properties":{},"geometry":null},
  {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[104,30],[105,31],[105,30],[104,31],[104,30]]]}},
  {"type":"Feature","properties":{},"geometry":{"type":"Circle","coordinates":[104,30]}},
  {"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[104]}},
  {"type":"Feature","properties":{},"geometry":{"type":"MultiPoint","coordinates":[[104,30],[105,31]]}},
  17
 ]}"#;

#[test]
fn a_collection_is_read_feature_by_feature() {
    let (features, told) = codes(COLLECTION);
    assert_eq!(features.iter().map(|feature| feature.number).collect::<Vec<_>>(), [1, 2, 4, 7]);
    let first = &features[0];
    assert_eq!((first.id.as_str(), first.declared), ("7", Some(Datum::Cgcs2000)));
    let properties: Vec<(&str, &str)> =
        first.properties.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(properties, [("area", "1.5"), ("land_class", "林地"), ("tags", r#"["a"]"#)]);
    assert!(first.region().is_some());
    assert!(matches!(&features[1].shape, Shape::Lines(lines) if lines[0].len() == 2));
    let Shape::Refused { polygons, faults } = &features[2].shape else { panic!("{features:?}") };
    assert_eq!((polygons[0].shell.len(), faults.iter().filter(|fault| fault.refuses()).count()), (5, 1));
    assert!(matches!(&features[3].shape, Shape::Points(points) if points.len() == 2));
    let expected = [
        ("heights-not-used", Some(2)),
        ("no-geometry", Some(3)),
        ("self-crossing", Some(4)),
        ("unreadable", Some(5)),
        ("unreadable", Some(6)),
        ("unreadable", Some(8)),
    ];
    assert_eq!(told.into_iter().filter(|(code, _)| *code != "ring-turned").collect::<Vec<_>>(), expected);
}

#[test]
fn a_geometry_or_a_feature_alone_is_read() {
    let (features, told) = codes(r#"{"type":"Point","coordinates":[104.6,30.1]}"#);
    assert_eq!((&features[0].shape, told.len()), (&Shape::Points(vec![LonLat::new(104.6, 30.1)]), 0));
    let (features, _) = codes(
        r#"{"type":"Feature","properties":null,"geometry":{"type":"GeometryCollection","geometries":[
        {"type":"Point","coordinates":[104.6,30.1]},{"type":"LineString","coordinates":[[104,30],[105,30]]}]}}"#,
    );
    assert_eq!(features.iter().map(|feature| feature.number).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn wkt_is_read_one_after_the_other() {
    let text = "SRID=4490;POLYGON((104 30,105 30,105 31,104 31,104 30),(104.2 30.2,104.2 30.4,104.4 30.4,104.2 30.2))\n\
                MULTIPOLYGON (((1 1, 2 1, 2 2, 1 1)), ((5 5, 6 5, 6 6, 5 5)));\n\
                LINESTRING Z (104 30 1, 105 31 2)\r\n\
                POINT EMPTY\n\
                SRID=4547;POINT(500000 3300000)\n\
                point(104.6 30.1)";
    let (features, told) = codes(text);
    assert_eq!(features.iter().map(|feature| feature.number).collect::<Vec<_>>(), [1, 2, 3, 6]);
    assert_eq!(features[0].declared, Some(Datum::Cgcs2000));
    assert_eq!(features[0].region().map(|region| region.polygons()[0].holes.len()), Some(1));
    assert_eq!(features[1].region().map(|region| region.polygons().len()), Some(2));
    assert_eq!(told, [("heights-not-used", Some(3)), ("no-geometry", Some(4)), ("unknown-datum", Some(5))]);
}

#[test]
fn what_is_wrong_is_told_with_the_value_and_what_to_do() {
    let (features, problems) = read("POLYGON((30.1 104.6,30.2 104.6,30.2 104.7,30.1 104.6))".as_bytes(), "b.wkt");
    assert!(matches!(features[0].shape, Shape::Refused { .. }));
    assert_eq!(
        (problems[0].code, problems[0].severity, problems[0].raw.as_str()),
        ("lon-lat-swapped", Severity::Error, "30.1 104.6")
    );
    assert!(problems[0].message.zh.contains("请把经度写在前面"), "{}", problems[0].message.zh);
    assert!(problems[0].message.en.contains("write longitude first"), "{}", problems[0].message.en);
    assert_eq!(codes("LINESTRING(104 30,104 30)").1, [("too-few-points", Some(1))]);
    assert_eq!(codes("LINESTRING(104 30,1e400 30)").1, [("not-finite", Some(1))]);
    assert_eq!(codes("POINT(35412345.6 3330123.4)").1, [("projected-metres", Some(1))]);
    assert_eq!(codes("POLYGON((104 30,105 30,105 31))").1, [("ring-not-closed", Some(1))]);
    let (features, told) = codes("POINT EMPTY point empty POINT(1 2) POINT(3 4)) rest");
    assert_eq!(features.iter().map(|feature| feature.number).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(
        told,
        [("no-geometry", Some(1)), ("no-geometry", Some(2)), ("unreadable", Some(5)), ("unreadable", Some(6))]
    );
}

#[test]
fn what_is_no_text_of_shapes_is_told_once() {
    assert_eq!(codes("").1, [("empty", None)]);
    assert_eq!(codes("{").1, [("unreadable", None)]);
    assert_eq!(codes("[1,2]").1, [("unreadable", None)]);
    assert_eq!(codes("{\"type\":\"Topology\"}").1, [("unreadable", Some(1))]);
    assert_eq!(codes("hello").1, [("unreadable", Some(1))]);
    assert_eq!(codes(&"GEOMETRYCOLLECTION(".repeat(100_000)).1, [("unreadable", Some(1))]);
    assert_eq!(codes(&"[".repeat(100_000)).1, [("unreadable", None)]);
    assert_eq!(codes(r#"{"type":"FeatureCollection","features":[]}"#).1, [("no-shapes", None)]);
    assert_eq!(codes("GEOMETRYCOLLECTION EMPTY").1, [("no-geometry", Some(1))]);
    let crs = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4547"}},"features":[]}"#;
    assert_eq!(codes(crs).1, [("unknown-datum", None)]);
    let (_, problems) = read(b"POINT(104.6 30.1) \xff", "c.wkt");
    assert_eq!(problems[0].code, "not-utf8");
}

#[test]
fn a_declared_datum_is_kept() {
    let text = r#"{"type":"FeatureCollection","crs":{"properties":{"name":"GCJ-02"}},"features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[104,30]}}]}"#;
    assert_eq!(codes(text).0[0].declared, Some(Datum::Gcj02));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, "");
    }

    /// Every geometry of a text is a feature, or is told.
    #[test]
    fn nothing_is_lost(numbers in prop::collection::vec(prop_oneof![Just("NaN"), Just("1e999"), Just("104"), Just("30"), Just("")], 0..12)) {
        let pairs: Vec<String> = numbers.chunks(2).map(|pair| pair.join(" ")).collect();
        let text = format!("POLYGON(({}))\nPOINT(104 30)", pairs.join(","));
        let (features, problems) = read(text.as_bytes(), "");
        for number in [1, 2] {
            let told = problems.iter().any(|problem| problem.place.row == Some(number) || problem.place.row.is_none());
            prop_assert!(features.iter().any(|feature| feature.number == number) || told, "{}", text);
        }
    }
}
