//! How fast the journal is; run in release, printed, not judged:
//! `cargo test --release -p store speed -- --ignored --nocapture`.

use super::{midnight, minute_frame, open};
use crate::{FrameQuery, NewFrame, Store, Verdict};
use domain::{Cadence, FrameId, Instant};
use std::time::{Duration, Instant as Clock};

#[test]
#[ignore = "measures; minutes in a debug build"]
fn speed_of_a_thousand_devices() {
    measure(100, 30, 1);
    measure(1000, 1440, 1000);
}

#[test]
#[ignore = "measures; minutes in a debug build"]
fn speed_of_ten_thousand_devices() {
    for batch in [500, 2000] {
        measure(10_000, 100, batch);
    }
}

/// All devices send their minutes, in an order that differs from minute to minute.
fn measure(devices: i64, minutes: i64, batch: usize) {
    let (dir, store) = open();
    let mut took = Vec::new();
    let (mut cpu, mut log) = (0, 0);
    let written = written();
    let mut pending: Vec<NewFrame> = Vec::with_capacity(batch);
    for minute in 0..minutes {
        for device in 0..devices {
            let device = (device * 7919 + minute * 31) % devices;
            let mut frame = minute_frame(&format!("A110000{device:07}"), minute);
            if device % 3 > 0 {
                (frame.verdict, frame.deviations) = (Verdict::Conforms, Vec::new());
            }
            pending.push(frame);
            if pending.len() == batch {
                let (start, cpu_before) = (Clock::now(), cpu_ns());
                store.journal().append(&pending).unwrap();
                took.push(start.elapsed());
                cpu += cpu_ns() - cpu_before;
                pending.clear();
                log = log.max(
                    std::fs::metadata(dir.path().join("online/frames-2026-11-25.sqlite-wal")).map_or(0, |m| m.len()),
                );
            }
        }
    }
    let total: Duration = took.iter().sum();
    let frames = took.len() * batch;
    took.sort();
    let size: u64 = store.journal().on_disk().unwrap().iter().map(|file| file.bytes).sum();
    println!(
        "{devices} devices, batches of {batch}: {:.0} frames/s; batch p50 {:.1?} p99 {:.1?} max {:.1?}; a frame: {:.1} µs of processor, {} B written, {} B on disk; log at most {} MB",
        frames as f64 / total.as_secs_f64(),
        took[took.len() / 2],
        took[took.len() * 99 / 100],
        took[took.len() - 1],
        cpu as f64 / 1000.0 / frames as f64,
        (self::written() - written) / frames as u64,
        size / frames as u64,
        log >> 20,
    );
    questions(&store, devices, frames);
    let start = Clock::now();
    drop(store);
    let closed = start.elapsed();
    let start = Clock::now();
    Store::open(dir.path()).unwrap();
    println!("  close {closed:.1?}, open {:.1?}", start.elapsed());
}

/// Processor time of this thread: says more than the clock on a machine that has other work.
fn cpu_ns() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0)
}

/// Bytes this process gave to the disk.
fn written() -> u64 {
    let text = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    text.lines().find_map(|line| line.strip_prefix("write_bytes: ")?.parse().ok()).unwrap_or(0)
}

fn questions(store: &Store, devices: i64, frames: usize) {
    let journal = store.journal();
    let mn = format!("A110000{:07}", devices / 2);
    let day = (Instant(midnight()), Instant(midnight() + 24 * 3_600_000));
    let time = |name: &str, ask: &dyn Fn() -> usize| {
        let mut took: Vec<Duration> = Vec::new();
        let mut rows = 0;
        for _ in 0..7 {
            let start = Clock::now();
            rows = ask();
            took.push(start.elapsed());
        }
        let first = took[0];
        took.sort();
        println!("  {name}: {rows} frames, first {first:.1?}, median {:.1?}", took[3]);
    };
    time("messages of a device's day", &|| journal.messages(&mn, Cadence::Minute, day.0, day.1).unwrap().len());
    time("latest of all devices", &|| journal.latest(Cadence::Minute).unwrap().len());
    time("scan of 10000", &|| journal.scan(FrameId(frames as u64 / 2), 10_000).unwrap().len());
    let of = |query: FrameQuery| move || journal.frames(&query).unwrap().len();
    time("page of all", &of(FrameQuery::default()));
    time("page of a device", &of(FrameQuery { mn: Some(mn.clone()), ..FrameQuery::default() }));
    time(
        "page of a deviation",
        &of(FrameQuery { deviation: Some("length-wrong".to_string()), ..FrameQuery::default() }),
    );
    time("page of a verdict nobody has", &of(FrameQuery { verdict: Some(Verdict::Broken), ..FrameQuery::default() }));
    time(
        "page of an hour",
        &of(FrameQuery { received_to: Some(Instant(day.0.0 + 3_600_000)), ..FrameQuery::default() }),
    );
    time("deviation ledger", &|| journal.deviations(&crate::DeviationQuery::default()).unwrap().len());
    time("counts", &|| journal.counts(&crate::DeviationQuery::default()).unwrap().len());
}
