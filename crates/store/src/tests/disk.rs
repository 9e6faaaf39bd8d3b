//! Disks that are full, cannot be written to or are damaged.

use super::{minute_frame, open};
use crate::{EventQuery, FrameQuery, JudgedRow, NewEvent, NewFrame, Store, StoreError};
use domain::{FrameId, Instant, Span};
use std::path::Path;
use std::process::Command;

fn big_batch(from: i64) -> Vec<NewFrame> {
    (from..from + 100).map(|minute| minute_frame("MN1", minute)).collect()
}

#[test]
fn a_full_disk_keeps_nothing_of_a_batch_and_goes_on_when_there_is_space() {
    let (dir, store) = open();
    store.journal().append(&big_batch(0)).unwrap();
    store.journal().spoil("PRAGMA max_page_count = 40");
    let mut kept = 100;
    let error = loop {
        match store.journal().append(&big_batch(kept)) {
            Ok(ids) => kept += ids.len() as i64,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
    assert!(error.may_pass());
    assert!(error.text().zh.contains("磁盘空间已满"));
    assert!(store.journal().append(&big_batch(kept)).is_err());
    assert_eq!(store.journal().last_id().unwrap(), FrameId(kept as u64));
    assert_eq!(store.journal().scan(FrameId(0), 10_000).unwrap().len() as i64, kept);
    assert_eq!(store.journal().count_by("MN1").unwrap().unwrap().total() as i64, kept);
    // A small batch with a text that the lost one had too.
    store.journal().spoil("PRAGMA max_page_count = 1000000");
    let new = NewFrame { cn: "9999".to_string(), ..minute_frame("MN-new", 5000) };
    assert_eq!(store.journal().append(std::slice::from_ref(&new)).unwrap(), [FrameId(kept as u64 + 1)]);
    assert_eq!(store.journal().frame(FrameId(kept as u64 + 1)).unwrap(), Some(new.kept_as(FrameId(kept as u64 + 1))));
    drop(store);
    assert_eq!(Store::open(dir.path()).unwrap().journal().count().unwrap() as i64, kept + 1);
}

#[test]
fn texts_of_a_lost_batch_get_new_numbers() {
    let (_dir, store) = open();
    store.journal().append(&big_batch(0)).unwrap();
    store.journal().spoil("PRAGMA max_page_count = 20");
    let lost: Vec<NewFrame> = (0..200).map(|n| minute_frame(&format!("LOST{n}"), n)).collect();
    assert!(matches!(store.journal().append(&lost), Err(StoreError::Full { .. })));
    store.journal().spoil("PRAGMA max_page_count = 1000000");
    store.journal().append(&[minute_frame("OTHER", 1)]).unwrap();
    store.journal().append(&lost).unwrap();
    let mns: Vec<String> = store.journal().scan(FrameId(100), 3).unwrap().into_iter().map(|frame| frame.mn).collect();
    assert_eq!(mns, ["OTHER", "LOST0", "LOST1"]);
    assert_eq!(
        store.journal().frames(&FrameQuery { mn: Some("LOST7".to_string()), ..Default::default() }).unwrap().len(),
        1
    );
}

#[test]
fn a_disk_that_cannot_be_written_to_is_said_and_passes() {
    let (_dir, store) = open();
    store.journal().append(&big_batch(0)).unwrap();
    store.journal().spoil("PRAGMA query_only = ON");
    let error = store.journal().append(&big_batch(100)).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
    // The connection was made anew.
    assert_eq!(store.journal().append(&big_batch(100)).unwrap()[0], FrameId(101));
    store.journal().probe().unwrap();
}

#[test]
fn a_damaged_file_is_named() {
    let (dir, store) = open();
    store.journal().append(&big_batch(0)).unwrap();
    drop(store);
    let path = dir.path().join("online/frames-2026-11-25.sqlite");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..64].fill(b'x');
    std::fs::write(&path, bytes).unwrap();
    match Store::open(dir.path()) {
        Err(StoreError::Corrupt { path: damaged, .. }) => assert_eq!(damaged, path),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_of_a_newer_program_is_refused() {
    let (dir, store) = open();
    store.journal().append(&big_batch(0)).unwrap();
    drop(store);
    let path = dir.path().join("online/frames-2026-11-25.sqlite");
    rusqlite::Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Version { found: 99, .. })));
}

#[test]
fn frames_that_stand_in_two_files_are_not_counted_twice() {
    let (dir, store) = open();
    store.journal().append(&big_batch(0)).unwrap();
    drop(store);
    let online = dir.path().join("online");
    std::fs::create_dir(online.join("archive")).unwrap();
    std::fs::copy(online.join("frames-2026-11-25.sqlite"), online.join("archive/frames-2026-11-25.sqlite")).unwrap();
    assert_eq!(Store::open(dir.path()).unwrap().journal().count().unwrap(), 100);
    std::fs::copy(online.join("frames-2026-11-25.sqlite"), online.join("frames-2026-11-24.sqlite")).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Corrupt { .. })));
}

#[test]
fn a_file_that_was_made_and_never_filled_is_no_trouble() {
    let (dir, store) = open();
    std::fs::write(dir.path().join("online/frames-2026-11-25.sqlite"), b"").unwrap();
    drop(store);
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.journal().append(&big_batch(0)).unwrap()[0], FrameId(1));
}

/// Runs a command that only root may run.
fn as_root(command: &str, args: &[&str]) {
    let status = Command::new(command).args(args).status().unwrap();
    assert!(status.success(), "{command} {args:?}");
}

/// A small disk of its own, gone with the test.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> SmallDisk {
        let disk = SmallDisk(tempfile::tempdir().unwrap());
        as_root("mount", &["-t", "tmpfs", "-o", "size=6m", "none", &disk.path().display().to_string()]);
        disk
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn remount(&self, how: &str) {
        as_root("mount", &["-o", &format!("remount,{how}"), &self.path().display().to_string()]);
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        as_root("umount", &["-l", &self.path().display().to_string()]);
    }
}

#[test]
#[ignore = "mounts a small disk: root only"]
fn a_disk_that_is_really_full_or_read_only() {
    let disk = SmallDisk::mount();
    let store = Store::open(disk.path()).unwrap();
    store.journal().append(&big_batch(0)).unwrap();
    let event = |n: i64| NewEvent {
        recorded: Instant(n),
        kind: "k".to_string(),
        subject: "s".to_string(),
        actor: "a".to_string(),
        body: serde_json::json!({ "text": "x".repeat(2000) }),
        once: None,
    };
    store.events().append(event(0)).unwrap();
    let ballast = disk.path().join("ballast");
    std::fs::write(&ballast, vec![0; 3 << 20]).unwrap();
    let mut kept = 100;
    for _ in 0..3 {
        let error = loop {
            match store.journal().append(&big_batch(kept)) {
                Ok(ids) => kept += ids.len() as i64,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
        let row = JudgedRow {
            outlet: "o".to_string(),
            code: "c".to_string(),
            span: Span::Hour,
            start: Instant(kept),
            computed: Instant(0),
            body: serde_json::json!("y".repeat(100_000)),
        };
        let error = store.judged().put(&[row]).unwrap_err();
        assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
        assert!(
            matches!(store.journal().probe(), Err(StoreError::Full { .. }))
                || store.journal().append(&big_batch(kept)).is_err()
        );
        assert_eq!(store.journal().last_id().unwrap(), FrameId(kept as u64));
        assert_eq!(store.journal().scan(FrameId(0), 100_000).unwrap().len() as i64, kept);
        // Space comes back, a little less each time.
        let left = std::fs::metadata(&ballast).unwrap().len().saturating_sub(900_000);
        std::fs::File::options().write(true).open(&ballast).unwrap().set_len(left).unwrap();
        kept += store.journal().append(&big_batch(kept)).unwrap().len() as i64;
        store.events().append(event(kept)).unwrap();
    }
    // A store that is opened when nothing is left, and a disk that turns read-only.
    drop(store);
    std::fs::remove_file(&ballast).unwrap();
    let store = Store::open(disk.path()).unwrap();
    assert_eq!(store.journal().count().unwrap() as i64, kept);
    drop(store);
    disk.remount("ro");
    assert!(matches!(Store::open(disk.path()), Err(StoreError::ReadOnly { .. })));
    let reading = Store::open_for_reading(disk.path()).unwrap();
    assert_eq!(reading.journal().scan(FrameId(0), 100_000).unwrap().len() as i64, kept);
    assert_eq!(reading.events().list(&EventQuery::default()).unwrap().len(), 4);
    assert!(matches!(reading.journal().append(&big_batch(kept)), Err(StoreError::ReadOnly { .. })));
    drop(reading);
    disk.remount("rw");
    assert_eq!(Store::open(disk.path()).unwrap().journal().append(&big_batch(kept)).unwrap().len(), 100);
}
