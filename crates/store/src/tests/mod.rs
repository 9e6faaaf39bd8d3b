//! The store as its callers use it.

#![expect(clippy::unwrap_used, reason = "a test ends where it fails")]

mod disk;
mod journal;
mod killed;
mod model;
mod records;
mod speed;

use crate::{NewFrame, Store, Verdict};
use domain::{Cadence, Day, Instant};

/// Midnight of 2026-11-25, UTC+8.
pub(crate) fn midnight() -> i64 {
    Instant::from_civil(Day::from_ymd(2026, 11, 25).expect("a day"), 0).0
}

/// A minute frame of a device, received two seconds after its minute, of about 300 bytes.
pub(crate) fn minute_frame(mn: &str, minute: i64) -> NewFrame {
    let time = Instant(midnight() + minute * 60_000);
    let values: String = (0..4)
        .map(|n| format!("w0100{n}-Avg={}.{n},w0100{n}-Min=1,w0100{n}-Max=9,w0100{n}-Flag=N;", minute % 90))
        .collect();
    let raw = format!(
        "##0280QN=20261125{minute:09};ST=32;CN=2051;PW=123456;MN={mn};Flag=5;CP=&&DataTime=20261125;{values}&&ABCD\r\n"
    );
    NewFrame {
        connection: 7,
        peer: "10.1.2.3:50123".to_string(),
        mn: mn.to_string(),
        st: "32".to_string(),
        cn: "2051".to_string(),
        qn: format!("20261125{minute:09}"),
        cadence: Some(Cadence::Minute),
        data_time: Some(time),
        verdict: Verdict::Deviates,
        deviations: vec!["length-wrong".to_string(), "flag-missing".to_string()],
        ..NewFrame::new(Instant(time.0 + 62_000), raw.into_bytes())
    }
}

pub(crate) fn open() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Store::open(dir.path()).expect("a store");
    (dir, store)
}

/// A store whose runs are short.
pub(crate) fn open_with_run(dir: &std::path::Path, run: usize) -> Store {
    let mut store = Store::open(dir).expect("a store");
    store.journal.set_run(run);
    store
}
