//! Frames in and out of the journal.

use super::{midnight, minute_frame, open};
use crate::{DeviationQuery, FrameQuery, NewFrame, Store, StoreError, Verdict};
use domain::{Cadence, FrameId, Instant};

const DAY_MS: i64 = 24 * 3_600_000;

#[test]
fn a_frame_comes_back_as_it_was_kept() {
    let (_dir, store) = open();
    let odd = NewFrame {
        qn: "0123".to_string(),
        peer: "[::1]:080".to_string(),
        raw: vec![0, 255, b'#'],
        verdict: Verdict::Broken,
        ..NewFrame::new(Instant(midnight()), Vec::new())
    };
    let frames = [minute_frame("MN1", 1), odd];
    let ids = store.journal().append(&frames).unwrap();
    assert_eq!(ids, [FrameId(1), FrameId(2)]);
    for (id, frame) in ids.into_iter().zip(frames) {
        assert_eq!(store.journal().frame(id).unwrap(), Some(frame.kept_as(id)));
    }
    assert_eq!(store.journal().frame(FrameId(3)).unwrap(), None);
    assert_eq!(store.journal().frame(FrameId(0)).unwrap(), None);
}

#[test]
fn one_process_writes_and_the_journal_goes_on_where_it_was() {
    let (dir, store) = open();
    store.journal().append(&[minute_frame("MN1", 1)]).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Busy { .. })));
    let reading = Store::open_for_reading(dir.path()).unwrap();
    store.journal().append(&[minute_frame("MN1", 2)]).unwrap();
    assert_eq!(reading.journal().last_id().unwrap(), FrameId(2));
    assert!(matches!(reading.journal().append(&[minute_frame("MN1", 3)]), Err(StoreError::ReadOnly { .. })));
    drop((store, reading));
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.journal().append(&[minute_frame("MN1", 3)]).unwrap(), [FrameId(3)]);
    assert_eq!(store.journal().count().unwrap(), 3);
}

#[test]
fn a_new_day_is_a_new_file_and_questions_go_through_all() {
    let (dir, store) = open();
    let late = NewFrame { received: Instant(midnight() + DAY_MS + 5), ..minute_frame("MN1", 2) };
    store.journal().append(&[minute_frame("MN1", 1), minute_frame("MN2", 1)]).unwrap();
    store.journal().append(&[late]).unwrap();
    store
        .journal()
        .append(&[NewFrame { received: Instant(midnight() + 3 * DAY_MS), ..minute_frame("MN3", 7) }])
        .unwrap();
    assert_eq!(store.journal().on_disk().unwrap().len(), 3);
    let scanned: Vec<u64> = store.journal().scan(FrameId(1), 2).unwrap().iter().map(|frame| frame.id.0).collect();
    assert_eq!(scanned, [2, 3]);
    let day =
        store.journal().messages("MN1", Cadence::Minute, Instant(midnight()), Instant(midnight() + DAY_MS)).unwrap();
    assert_eq!(day.iter().map(|frame| frame.id.0).collect::<Vec<_>>(), [1, 3]);
    let latest = store.journal().latest(Cadence::Minute).unwrap();
    assert_eq!(latest.iter().map(|frame| frame.id.0).collect::<Vec<_>>(), [3, 2, 4]);
    let minute = |minute: i64| Instant(midnight() + minute * 60_000);
    assert_eq!(store.journal().held("MN1", Cadence::Minute).unwrap(), Some((minute(1), minute(2))));
    assert_eq!(store.journal().held("MN2", Cadence::Minute).unwrap(), Some((minute(1), minute(1))));
    assert_eq!(store.journal().held("MN2", Cadence::Hour).unwrap(), None);
    assert_eq!(store.journal().held("MN9", Cadence::Minute).unwrap(), None);
    let of_two = FrameQuery { mn: Some("MN1".to_string()), limit: 1, ..FrameQuery::default() };
    assert_eq!(store.journal().frames(&of_two).unwrap()[0].id, FrameId(3));
    let next = FrameQuery { before: Some(FrameId(3)), ..of_two };
    assert_eq!(store.journal().frames(&next).unwrap()[0].id, FrameId(1));
    let ledger = store.journal().deviations(&DeviationQuery::default()).unwrap();
    let mn1: Vec<_> = ledger
        .iter()
        .filter(|count| count.mn == "MN1")
        .map(|count| (count.code.as_str(), count.count, count.example.0))
        .collect();
    assert_eq!(mn1, [("flag-missing", 2, 1), ("length-wrong", 2, 1)]);
    assert_eq!(store.journal().count_by("MN1").unwrap().unwrap().deviates, 2);

    // Old days are single files without a log, and may be moved.
    drop(store);
    std::fs::create_dir(dir.path().join("online/archive")).unwrap();
    let name = "frames-2026-11-25.sqlite";
    assert!(!dir.path().join(format!("online/{name}-wal")).exists());
    std::fs::rename(dir.path().join("online").join(name), dir.path().join("online/archive").join(name)).unwrap();
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.journal().count().unwrap(), 4);
    assert_eq!(store.journal().latest(Cadence::Minute).unwrap().len(), 3);
}

#[test]
fn readers_see_whole_batches_and_the_log_stays_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let store = super::open_with_run(dir.path(), 1000);
    const BATCH: usize = 50;
    const BATCHES: usize = 400;
    let frames = |batch: usize| -> Vec<NewFrame> {
        let frame = |n: usize| NewFrame { raw: vec![b'x'; 4000], ..minute_frame("MN1", (batch * BATCH + n) as i64) };
        (0..BATCH).map(|n| NewFrame { received: Instant(midnight()), ..frame(n) }).collect()
    };
    let end = Instant(midnight() + 100 * DAY_MS);
    let log = dir.path().join("online/frames-2026-11-25.sqlite-wal");
    let mut longest = 0;
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut seen = 0;
                while seen < BATCH * BATCHES {
                    let from = Instant(midnight() + seen as i64 * 60_000);
                    let new = store.journal().messages("MN1", Cadence::Minute, from, end).unwrap().len();
                    assert_eq!(new % BATCH, 0, "whole batches");
                    assert!(store.journal().latest(Cadence::Minute).unwrap().len() >= usize::from(seen + new > 0));
                    seen += new;
                    let counted = store.journal().count_by("MN1").unwrap().map_or(0, |count| count.total() as usize);
                    assert!(counted >= seen && counted.is_multiple_of(BATCH));
                }
            });
        }
        for batch in 0..BATCHES {
            store.journal().append(&frames(batch)).unwrap();
            longest = longest.max(std::fs::metadata(&log).map_or(0, |log| log.len()));
        }
    });
    // 80 MB were written; the log is moved into the file at 16 MB and begun anew at 64 MB in the worst case.
    assert!(longest < 72 << 20, "{longest} bytes");
}
