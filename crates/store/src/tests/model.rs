//! Whatever is appended, however runs, days and restarts fall, the journal answers as a plain list of the
//! frames would.

use super::{midnight, open_with_run};
use crate::{DeviationQuery, Frame, FrameQuery, NewFrame, Store, Verdict};
use domain::{Cadence, Day, FrameId, Instant};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const MINUTE: i64 = 60_000;
const DAY: i64 = 1440 * MINUTE;
const CODES: [&str; 3] = ["crc-wrong", "crc", "flag-missing"];

fn frame() -> impl Strategy<Value = NewFrame> {
    let times = (0..3_i64, 0..4 * MINUTE, prop::option::weighted(0.8, (0..3_i64, 0..4_i64)));
    let words = (0..3_usize, 0..2_usize, 0..2_usize, 0..3_usize, 1..3_u32);
    let marks = (0..3_usize, prop::collection::vec(0..CODES.len(), 0..3));
    (times, words, marks).prop_map(|((day, in_day, data), (mn, st, cn, cadence, pno), (verdict, codes))| NewFrame {
        received: Instant(midnight() + day * DAY + in_day),
        connection: u64::MAX - pno as u64,
        mn: ["A", "B", "crc"][mn].to_string(),
        st: ["31", "32"][st].to_string(),
        cn: ["2011", "2051"][cn].to_string(),
        qn: in_day.to_string(),
        cadence: data.map(|_| Cadence::ALL[cadence]),
        data_time: data.map(|(day, minute)| Instant(midnight() + (day - 1) * DAY + minute * MINUTE)),
        pnum: 2,
        pno,
        verdict: Verdict::ALL[verdict],
        deviations: codes.into_iter().map(|code| CODES[code].to_string()).collect(),
        ..NewFrame::new(Instant(0), vec![verdict as u8; 3])
    })
}

/// Batches, before some of which the store is opened again.
fn batches() -> impl Strategy<Value = Vec<(bool, Vec<NewFrame>)>> {
    prop::collection::vec((prop::bool::weighted(0.2), prop::collection::vec(frame(), 1..12)), 1..10)
}

fn query() -> impl Strategy<Value = FrameQuery> {
    let words = (prop::option::of(0..4_usize), prop::option::of(0..2_usize), prop::option::of(0..4_usize));
    let instants = prop::collection::vec(prop::option::weighted(0.4, -DAY..3 * DAY), 4);
    let rest = (prop::option::of(0..3_usize), prop::option::of(0..4_usize), prop::option::of(0..60_u64), 0..40_usize);
    (words, instants, rest).prop_map(|((mn, cn, cadence), times, (verdict, code, before, limit))| {
        let time = |at: usize| times[at].map(|ms| Instant(midnight() + ms));
        FrameQuery {
            mn: mn.map(|mn| ["A", "B", "crc", "unknown"][mn].to_string()),
            cn: cn.map(|cn| ["2011", "2051"][cn].to_string()),
            cadence: cadence.map(|cadence| Cadence::ALL[cadence]),
            data_from: time(0),
            data_to: time(1),
            received_from: time(2),
            received_to: time(3),
            verdict: verdict.map(|verdict| Verdict::ALL[verdict]),
            deviation: code.map(|code| ["crc-wrong", "crc", "flag-missing", "none"][code].to_string()),
            before: before.map(FrameId),
            limit,
        }
    })
}

fn fits(query: &FrameQuery, frame: &Frame) -> bool {
    let within = |from: Option<Instant>, to: Option<Instant>, time: Option<Instant>| {
        from.is_none_or(|from| time.is_some_and(|time| time >= from))
            && to.is_none_or(|to| time.is_some_and(|time| time < to))
    };
    query.mn.as_ref().is_none_or(|mn| *mn == frame.mn)
        && query.cn.as_ref().is_none_or(|cn| *cn == frame.cn)
        && query.cadence.is_none_or(|cadence| Some(cadence) == frame.cadence)
        && within(query.data_from, query.data_to, frame.data_time)
        && within(query.received_from, query.received_to, Some(frame.received))
        && query.verdict.is_none_or(|verdict| verdict == frame.verdict)
        && query.deviation.as_ref().is_none_or(|code| frame.deviations.contains(code))
        && query.before.is_none_or(|before| frame.id < before)
}

/// What `messages` is to give, the long way.
fn messages(all: &[Frame], mn: &str, cadence: Cadence, (from, to): (Instant, Instant)) -> Vec<FrameId> {
    let mut newest = BTreeMap::new();
    for frame in all {
        let in_time = frame.data_time.is_some_and(|time| from <= time && time < to);
        if frame.mn == mn && frame.cadence == Some(cadence) && in_time && frame.verdict != Verdict::Broken {
            newest.insert((frame.data_time, &frame.st, &frame.cn, frame.pno), (frame.data_time, frame.id));
        }
    }
    let mut found: Vec<_> = newest.into_values().collect();
    found.sort();
    found.into_iter().map(|(_, id)| id).collect()
}

/// What `latest` is to give, the long way.
fn latest(all: &[Frame], cadence: Cadence) -> BTreeSet<FrameId> {
    let mut parts: BTreeMap<(&str, &str, u32), &Frame> = BTreeMap::new();
    let order = |frame: &Frame| (frame.data_time.unwrap().min(frame.received), frame.id);
    for frame in all.iter().filter(|frame| frame.cadence == Some(cadence) && frame.verdict != Verdict::Broken) {
        let known = parts.entry((&frame.mn, &frame.st, frame.pno)).or_insert(frame);
        if order(frame) > order(known) {
            *known = frame;
        }
    }
    let top = |mn: &str, st: &str| {
        let of_device = parts.values().filter(|frame| frame.mn == mn && frame.st == st);
        of_device.max_by_key(|frame| order(frame)).unwrap().data_time
    };
    parts.values().filter(|frame| top(&frame.mn, &frame.st) == frame.data_time).map(|frame| frame.id).collect()
}

fn check(store: &Store, all: &[Frame], queries: &[FrameQuery]) {
    let journal = store.journal();
    assert_eq!(journal.last_id().unwrap().0 as usize, all.len());
    assert_eq!(journal.count().unwrap() as usize, all.len());
    assert_eq!(journal.scan(FrameId(0), usize::MAX).unwrap(), all);
    assert_eq!(journal.scan(FrameId(3), 5).unwrap(), all.iter().skip(3).take(5).cloned().collect::<Vec<_>>());
    for query in queries {
        let expected: Vec<_> = all.iter().rev().filter(|frame| fits(query, frame)).take(query.limit).cloned().collect();
        assert_eq!(journal.frames(query).unwrap(), expected, "{query:?}");
        let (from, to) = (query.data_from.unwrap_or(Instant(i64::MIN)), query.data_to.unwrap_or(Instant(i64::MAX)));
        for cadence in Cadence::ALL {
            let found: Vec<_> =
                journal.messages("A", cadence, from, to).unwrap().iter().map(|frame| frame.id).collect();
            assert_eq!(found, messages(all, "A", cadence, (from, to)));
        }
        check_ledger(
            store,
            all,
            &DeviationQuery { from: query.received_from, to: query.received_to, mn: query.mn.clone() },
        );
    }
    for cadence in Cadence::ALL {
        let found: BTreeSet<_> = journal.latest(cadence).unwrap().iter().map(|frame| frame.id).collect();
        assert_eq!(found, latest(all, cadence));
        let of_b = messages(all, "B", cadence, (Instant(i64::MIN), Instant(i64::MAX)));
        let times = || of_b.iter().filter_map(|id| all[id.0 as usize - 1].data_time);
        assert_eq!(journal.held("B", cadence).unwrap(), times().min().zip(times().max()));
    }
}

fn check_ledger(store: &Store, all: &[Frame], query: &DeviationQuery) {
    let day = |time: Instant| time.civil().0;
    let from = query.from.map_or(Day(i32::MIN), day);
    let to = query.to.map_or(Day(i32::MAX), |to| day(Instant(to.0 - 1)));
    let asked: Vec<&Frame> = all
        .iter()
        .filter(|frame| {
            (from..=to).contains(&day(frame.received)) && query.mn.as_ref().is_none_or(|mn| *mn == frame.mn)
        })
        .collect();
    let mut expected = BTreeMap::new();
    for frame in &asked {
        for code in frame.deviations.iter().collect::<BTreeSet<_>>() {
            let entry = expected.entry((frame.mn.clone(), code.clone())).or_insert((
                0,
                frame.received,
                frame.received,
                frame.id,
            ));
            *entry = (entry.0 + 1, entry.1.min(frame.received), entry.2.max(frame.received), entry.3.min(frame.id));
        }
    }
    let found = store.journal().deviations(query).unwrap();
    let found =
        found.into_iter().map(|count| ((count.mn, count.code), (count.count, count.first, count.last, count.example)));
    assert_eq!(found.collect::<Vec<_>>(), expected.into_iter().collect::<Vec<_>>());
    for count in store.journal().counts(query).unwrap() {
        let of = |verdict| asked.iter().filter(|frame| frame.mn == count.mn && frame.verdict == verdict).count() as u64;
        assert_eq!(
            (count.conforms, count.deviates, count.broken),
            (of(Verdict::Conforms), of(Verdict::Deviates), of(Verdict::Broken))
        );
    }
    let total: u64 = store.journal().counts(query).unwrap().iter().map(|count| count.total()).sum();
    assert_eq!(total, asked.len() as u64);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_journal_answers_as_a_list_would(
        batches in batches(),
        run in 1..20_usize,
        queries in prop::collection::vec(query(), 12),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open_with_run(dir.path(), run);
        let mut all: Vec<Frame> = Vec::new();
        for (again, batch) in batches {
            if again {
                drop(store);
                store = open_with_run(dir.path(), run);
            }
            let ids = store.journal().append(&batch).unwrap();
            all.extend(ids.into_iter().zip(batch).map(|(id, frame)| frame.kept_as(id)));
        }
        check(&store, &all, &queries);
        check(&Store::open_for_reading(dir.path()).unwrap(), &all, &queries);
        drop(store);
        check(&open_with_run(dir.path(), run), &all, &queries);
    }
}
