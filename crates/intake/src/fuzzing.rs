//! What is fuzzed of this crate, by the crate `fuzz`: each `fuzz_…` function says what must hold of any input.

use crate::hj212::{Framer, FramerLimits, Piece, Protocol, decode, fuzz_decode, fuzz_framer, message};
use crate::micro::{Micros, fuzz_micro};
use crate::tables::{fuzz_csv, fuzz_geojson};
use domain::FrameId;
use fuzz::Target;
use std::collections::BTreeSet;

const CRATE: &str = env!("CARGO_MANIFEST_DIR");

const FRAME_WORDS: &[&str] = &[
    "##",
    "0101",
    "0000",
    "9999",
    "QN=20200101080000000;",
    "ST=31;",
    "ST=91;",
    "CN=2011;",
    "CN=2051;",
    "PW=123456;",
    "MN=0123456789ABCDEF01234567;",
    "Flag=5;",
    "Flag=7;",
    "Flag=9;",
    "PNUM=2;",
    "PNO=1;",
    "RF=1;",
    "CP=&&",
    "&&",
    "\r\n",
    "DataTime=20200101080000;",
    "BeginTime=20200101080000;",
    "a21026-Rtd=1.5",
    ",a21026-Flag=N",
    "011-Avg=",
    ";",
    ",",
    "=",
    "{0xE4,0x3E}",
    "{}",
    "é",
    "-",
    "1e9",
    "99999999999999999999",
];

const TARGETS: [Target; 5] = [
    Target { name: "framer", run: fuzz_framer, behaviour: pieces, words: FRAME_WORDS, tries: 20_000 },
    Target { name: "decode", run: fuzz_decode, behaviour: deviations, words: FRAME_WORDS, tries: 20_000 },
    Target {
        name: "micro",
        run: fuzz_micro,
        behaviour: problems,
        words: &[
            "{",
            "}",
            "[",
            "]",
            "\"time\":",
            "\"pm25\":",
            "\"records\":",
            "\"values\":",
            "\"ts\":",
            "1e400",
            "-0",
            "null",
            "\"20240520210600\"",
            ",",
            "\\u0000",
        ],
        tries: 20_000,
    },
    Target {
        name: "csv",
        run: fuzz_csv,
        behaviour: |_| String::new(),
        words: &[
            "station,time,parameter,value,unit,flag\n",
            "\n",
            ",",
            "\"",
            ";",
            "\t",
            "2020-01-01 08:00",
            "2020-02-31 25:00",
            "pm25",
            "µg/m³",
            "资阳",
            "-9999",
            "1e9",
            "<0.01",
        ],
        tries: 150,
    },
    Target {
        name: "geojson",
        run: |bytes| drop(fuzz_geojson(bytes)),
        behaviour: |bytes| fuzz_geojson(bytes).into_iter().collect::<Vec<_>>().join(" "),
        words: &[
            "{\"type\":\"FeatureCollection\",\"features\":[",
            "{\"type\":\"Feature\",\"properties\":{",
            "\"图斑编码\":\"R1\"",
            "\"图层\":\"红线基准\"",
            "\"坐标系\":\"gcj02\"",
            "\"geometry\":",
            "\"id\":1",
            "\"crs\":{\"properties\":{\"name\":\"EPSG:4490\"}}",
            "{\"type\":\"Polygon\",\"coordinates\":[[[104.6,30.1]]]}",
            "null",
            "[",
            "]",
            "}",
            ",",
            "1e400",
            "\\ud800",
        ],
        tries: 5000,
    },
];

#[test]
fn framer() {
    fuzz::run(&TARGETS[0], CRATE);
}

#[test]
fn decoder() {
    fuzz::run(&TARGETS[1], CRATE);
}

#[test]
fn micro() {
    fuzz::run(&TARGETS[2], CRATE);
}

#[test]
fn csv() {
    fuzz::run(&TARGETS[3], CRATE);
}

#[test]
fn geojson() {
    fuzz::run(&TARGETS[4], CRATE);
}

fn pieces(input: &[u8]) -> String {
    let mut framer = Framer::new(FramerLimits { max_frame_bytes: 512 });
    framer.push(input);
    let pieces = std::iter::from_fn(|| framer.next().or_else(|| framer.finish()));
    let size = |raw: &[u8]| raw.len().checked_ilog2().unwrap_or(0);
    let shown = pieces.take(6).map(|piece| match piece {
        Piece::Frame(raw) => format!("F{}", size(&raw)),
        Piece::Garbage(raw) => format!("G{}", size(&raw)),
    });
    shown.collect()
}

fn deviations(input: &[u8]) -> String {
    let decoded = decode(input, None, Protocol::builtin());
    let codes = decoded.deviations.iter().map(|deviation| deviation.code).collect::<Vec<_>>().join(" ");
    let problems = message(&decoded, FrameId(1), Protocol::builtin()).1.len().min(3);
    format!("{:?} {codes} {problems}", decoded.generation)
}

fn problems(input: &[u8]) -> String {
    let micros = Micros::builtin();
    let read = |topic: &str| {
        let (messages, problems) = micros.read(topic, input, FrameId(1));
        let codes: BTreeSet<&str> = problems.iter().map(|problem| problem.code).collect();
        format!("{} {codes:?} ", messages.len().min(3))
    };
    read("micro/M/data") + &read("sensor/x/report")
}
