//! Frames of a simulated city → decoded on one core: frames a second.
//!
//! `bench-hj212 FRAMES.txt [--runs 5] [--devices 200] [--hours 12]`: one frame a line, without its line end; made if it
//! is not there, of sound frames of three generations that are not encrypted, as the peer (`peers/hj212_a`) reads no
//! others. A run decodes every frame once: length, checksum, header, every field of the data area, every departure from
//! the standard. A second line goes on to the message that the platform keeps.

use anyhow::{Context, Result, ensure};
use bench::{Clock, Options};
use domain::{FrameId, Instant};
use intake::hj212::{Protocol, decode, message};
use simulator::{Action, City, CityOptions};
use std::hint::black_box;

/// 2026-03-01T00:00:00+08:00.
const START_MS: i64 = 1_772_294_400_000;
const HOUR_MS: i64 = 3_600_000;

fn main() -> Result<()> {
    let options = Options::read()?;
    let path = options.path("the file of frames")?;
    if !std::path::Path::new(path).exists() {
        make(path, options.number("devices", 200)?, options.number("hours", 12)? as i64)?;
    }
    let bytes = std::fs::read(path).with_context(|| path.to_string())?;
    let frames: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let protocol = Protocol::builtin();
    let (count, size) = (frames.len() as f64, bytes.len() as f64 / frames.len().max(1) as f64);
    for _ in 0..options.number("runs", 5)? {
        let clock = Clock::start();
        let (mut good, mut fields) = (0_u64, 0_u64);
        for raw in &frames {
            let decoded = decode(raw, None, protocol);
            good += u64::from(decoded.crc_ok && decoded.length_ok);
            fields += decoded.cp.pairs().count() as u64;
        }
        let rate = count / clock.seconds();
        clock.print(
            "hj212",
            &[
                ("frames", count),
                ("bytes_a_frame", size),
                ("good", good as f64),
                ("fields", fields as f64),
                ("frames_per_second", rate),
            ],
        );
        ensure!(good == frames.len() as u64, "only {good} of {count} frames are good");

        let clock = Clock::start();
        for raw in &frames {
            let decoded = decode(raw, None, protocol);
            black_box(message(&decoded, FrameId(1), protocol));
        }
        let rate = count / clock.seconds();
        clock.print("message", &[("frames", count), ("frames_per_second", rate)]);
    }
    Ok(())
}

fn make(path: &str, devices: usize, hours: i64) -> Result<()> {
    let mut options = CityOptions::new(Instant(START_MS), Instant(START_MS + hours * HOUR_MS));
    (options.malformed_permille, options.encrypted_permille) = (0.0, 0.0);
    let city = City::new(1, devices, options)?;
    let mut bytes = Vec::new();
    for event in city.events() {
        if let Action::Send(frame) = event.action {
            bytes.extend_from_slice(frame.bytes.trim_ascii_end());
            bytes.push(b'\n');
        }
    }
    std::fs::write(path, bytes).with_context(|| path.to_string())
}
