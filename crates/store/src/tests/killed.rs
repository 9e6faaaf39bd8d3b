//! A process that is killed in the middle of appending: what it reported done is there, whole, and nothing is
//! there in part.

use super::{midnight, minute_frame, open_with_run};
use crate::{Frame, NewFrame, Store};
use domain::{Cadence, FrameId, Instant};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

const FOLDER: &str = "JINGCE_TEST_STORE";
const KILLS: u64 = 25;
const RUN: usize = 300;
/// After so many batches the next day begins.
const BATCHES_A_DAY: u64 = 40;

/// Frames of a batch: more than one run, one run, few, one.
fn batch_len(batch: u64) -> usize {
    [700, 300, 37, 1, 90][(batch % 5) as usize]
}

/// Every frame says which batch it belongs to.
fn batch(number: u64) -> Vec<NewFrame> {
    let day_ms = (number / BATCHES_A_DAY) as i64 * 24 * 3_600_000;
    let frame = |n: usize| {
        let mut frame = minute_frame(&format!("MN{}", n % 17), (number % 1400) as i64);
        frame.received = Instant(midnight() + day_ms + number as i64 + n as i64);
        frame.connection = number;
        frame.qn = n.to_string();
        frame
    };
    (0..batch_len(number)).map(frame).collect()
}

/// The process that is killed: appends batches and says so after each.
#[test]
#[ignore = "started by the test below"]
fn appending_child() {
    let Ok(dir) = std::env::var(FOLDER) else { return };
    let store = open_with_run(std::path::Path::new(&dir), RUN);
    let last = store.journal().last_id().unwrap();
    let mut number = store.journal().frame(last).unwrap().map_or(0, |frame| frame.connection + 1);
    loop {
        let ids = store.journal().append(&batch(number)).unwrap();
        println!("done {number} {}", ids[0].0);
        number += 1;
    }
}

#[test]
fn what_was_reported_done_is_there_whole() {
    let dir = tempfile::tempdir().unwrap();
    let mut done: BTreeMap<u64, u64> = BTreeMap::new();
    for round in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::killed::appending_child", "--ignored", "--nocapture"])
            .env(FOLDER, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(40 + round * 37 % 160));
        child.kill().unwrap();
        let mut said = String::new();
        child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        child.wait().unwrap();
        let whole_lines = said.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
        for line in whole_lines.filter_map(|line| Some(line.split_once("done ")?.1)) {
            let (number, first) = line.split_once(' ').unwrap();
            done.insert(number.parse().unwrap(), first.parse().unwrap());
        }
        check(dir.path(), &done);
    }
    assert!(done.len() > KILLS as usize, "only {} batches in {KILLS} lives", done.len());
    for file in Store::open(dir.path()).unwrap().journal().on_disk().unwrap() {
        let connection = rusqlite::Connection::open(&file.path).unwrap();
        let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok", "{}", file.path.display());
    }
}

fn check(dir: &std::path::Path, done: &BTreeMap<u64, u64>) {
    let store = open_with_run(dir, RUN);
    let frames = store.journal().scan(FrameId(0), usize::MAX).unwrap();
    let ids: Vec<u64> = frames.iter().map(|frame| frame.id.0).collect();
    assert_eq!(ids, (1..=frames.len() as u64).collect::<Vec<_>>(), "numbers without a gap");
    let mut kept: BTreeMap<u64, Vec<&Frame>> = BTreeMap::new();
    for frame in &frames {
        kept.entry(frame.connection).or_default().push(frame);
    }
    for (number, kept) in &kept {
        let sent = batch(*number);
        assert_eq!(kept.len(), sent.len(), "batch {number} is whole");
        for (kept, sent) in kept.iter().zip(sent) {
            assert_eq!(**kept, sent.kept_as(kept.id));
        }
    }
    for (number, first) in done {
        assert_eq!(kept.get(number).map(|kept| kept[0].id.0), Some(*first), "batch {number} was reported done");
    }
    // What is derived says the same as the frames.
    let counted: u64 = store.journal().counts(&Default::default()).unwrap().iter().map(|count| count.total()).sum();
    assert_eq!(counted, frames.len() as u64);
    let far = Instant(midnight() + 1000 * 24 * 3_600_000);
    let found = store.journal().messages("MN3", Cadence::Minute, Instant(0), far).unwrap();
    let times: BTreeSet<_> = frames.iter().filter(|frame| frame.mn == "MN3").map(|frame| frame.data_time).collect();
    assert_eq!(found.len(), times.len());
}
