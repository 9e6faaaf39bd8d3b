//! Any bytes → nothing may panic, and what must hold of every input holds. Called by the fuzz runs of
//! `crate::fuzzing` and by anyone who fuzzes this crate.

use super::encode::encode;
use super::framer::{Framer, FramerLimits, Piece};
use super::secret::Key;
use super::{Decoded, Protocol, decode, json, message};
use domain::FrameId;

/// Largest frame of the fuzzed framers: small, so that limits are met.
const MAX_FRAME_BYTES: usize = 512;

/// Cuts any bytes: whole, byte by byte and in odd pieces, with the same result; nothing is lost but blanks.
pub fn fuzz_framer(bytes: &[u8]) {
    let whole = cut(bytes, usize::MAX);
    for step in [1, 2, 7, 64] {
        assert_eq!(cut(bytes, step), whole, "cut differently when it came in pieces of {step}");
    }
    let solid = |bytes: &[u8]| bytes.iter().filter(|byte| !byte.is_ascii_whitespace()).copied().collect::<Vec<u8>>();
    let kept: Vec<u8> = whole.iter().flat_map(|piece| solid(piece.raw())).collect();
    assert_eq!(kept, solid(bytes), "bytes were lost or doubled");
}

/// Reads any bytes as a frame, with and without a key; a conforming one is encoded back to the byte.
pub fn fuzz_decode(bytes: &[u8]) {
    let protocol = Protocol::builtin();
    let key = Key::from_hex("30303030303030303030303030303030");
    for key in [None, key.as_ref()] {
        let decoded = decode(bytes, key, protocol);
        let broken = decoded.deviations.iter().any(|deviation| deviation.breaks);
        assert_eq!(decoded.ok, !broken, "a broken frame names what breaks it");
        assert!(!decoded.ok || (decoded.length_ok && decoded.crc_ok), "a right frame has right length and checksum");
        let _ = message(&decoded, FrameId(1), protocol);
        let line = json::line(&decoded);
        if decoded.conforms() {
            round_trip(bytes, &decoded, (&line, key));
        }
    }
}

fn round_trip(bytes: &[u8], decoded: &Decoded<'_>, (line, key): (&serde_json::Value, Option<&Key>)) {
    let mut outgoing = json::outgoing(line).expect("a conforming frame's line is a frame");
    outgoing.key = key.filter(|_| decoded.encrypted).cloned();
    let again = encode(&outgoing);
    let same = again.trim_ascii().eq_ignore_ascii_case(bytes.trim_ascii());
    assert!(same, "{} is not {}", String::from_utf8_lossy(&again), String::from_utf8_lossy(bytes));
}

fn cut(bytes: &[u8], step: usize) -> Vec<Piece> {
    let mut framer = Framer::new(FramerLimits { max_frame_bytes: MAX_FRAME_BYTES });
    let mut pieces = Vec::new();
    for pushed in bytes.chunks(step.min(bytes.len().max(1))) {
        framer.push(pushed);
        while let Some(piece) = framer.next() {
            pieces.push(piece);
        }
        // What cannot be told yet is less than a frame and the beginning of the next.
        assert!(framer.buffered() <= MAX_FRAME_BYTES + 16, "{} bytes are held", framer.buffered());
    }
    while let Some(piece) = framer.finish() {
        pieces.push(piece);
    }
    pieces
}
