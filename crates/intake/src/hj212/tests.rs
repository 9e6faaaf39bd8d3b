//! Frames that are right, frames that are wrong, and every frame of the shared collections.

use super::*;
use domain::{Cadence, FrameId};

fn protocol() -> &'static Protocol {
    Protocol::builtin()
}

/// Deviations of a frame, `!` before those that break it.
fn slips(raw: &str) -> String {
    let decoded = decode(raw.as_bytes(), None, protocol());
    let codes = decoded.deviations.iter().map(|of| format!("{}{}", if of.breaks { "!" } else { "" }, of.code));
    codes.collect::<Vec<_>>().join(" ")
}

/// A frame with the right length and checksum around a segment.
fn framed(segment: &str) -> String {
    format!("##{:04}{segment}{:04X}", segment.len(), crc16(segment.as_bytes()))
}

#[test]
fn the_catalog_is_read() {
    if let Err(problems) = Protocol::load(&Protocol::builtin_files()) {
        panic!("{problems:#?}");
    }
}

#[test]
fn shared_frames_have_the_expected_verdict() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/hj212_frames/frames.tsv");
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let mut count = 0;
    for line in text.lines().filter(|line| line.starts_with("##")) {
        let columns: Vec<&str> = line.split('\t').collect();
        let decoded = decode(columns[0].as_bytes(), None, protocol());
        let codes: Vec<_> = decoded.deviations.iter().map(|of| of.code).collect();
        println!("{} {:?} {codes:?}", columns[1], decoded.generation);
        assert_eq!(decoded.ok, columns[1] == "ok", "{line}\n{codes:?}");
        assert!(decoded.ok || decoded.deviations.iter().any(|of| of.breaks));
        let _ = message(&decoded, FrameId(1), protocol());
        count += 1;
    }
    assert_eq!(count, 50);
}
