//! However rows are spread over imports, buffers and files, the answers are the same.

use super::*;
use crate::{Coverage, ObservationQuery};
use domain::Observation;
use std::collections::BTreeMap;

/// Everything that can be read of a snapshot.
fn everything(snapshot: &Snapshot) -> (Vec<HourSeries>, Vec<Coverage>, Vec<Observation>) {
    let query = ObservationQuery {
        stations: vec![],
        parameters: vec![],
        span: Span::Hour,
        from: Instant(i64::MIN),
        to: Instant(i64::MAX),
    };
    (series(snapshot, 60), snapshot.coverage().expect("sound"), snapshot.observations(&query).expect("sound"))
}

/// Random imports: few keys, so that many meet.
fn random_imports(dice: &mut Dice) -> Vec<ReadingBatch> {
    let stations = ["s1", "s2", "s3"];
    let parameters = ["pm10", "pm25"];
    (0..4)
        .map(|_| {
            let count = dice.roll(80) as usize + 1;
            let mut batch = ReadingBatch {
                stations: stations.map(str::to_string).to_vec(),
                parameters: parameters.map(str::to_string).to_vec(),
                rows: Vec::new(),
            };
            for n in 0..count {
                let missing = dice.roll(8) == 0;
                let value = (!missing).then(|| Fixed::from_integer(dice.roll(3) as i32));
                let flag = match (missing, dice.roll(10)) {
                    (true, _) => Flag::Missing,
                    (_, 0) => Flag::Invalid,
                    _ => Flag::Good,
                };
                batch.rows.push(Reading {
                    station: dice.roll(3) as u32,
                    parameter: dice.roll(2) as u16,
                    span: Span::Hour,
                    time: hour(dice.roll(60) as i32).end(),
                    value,
                    flag,
                    row: n as u64 + 2,
                });
            }
            batch
        })
        .collect()
}

/// Position of the station, of the parameter, and time.
type Key = (u32, u16, i64);

/// What the rules of the module `merge` say, in a few plain lines.
fn expected(imports: &[ReadingBatch]) -> BTreeMap<Key, (Option<Fixed>, Flag)> {
    let mut now: BTreeMap<Key, (Option<Fixed>, Flag, usize)> = BTreeMap::new();
    for (import, batch) in imports.iter().enumerate() {
        for row in &batch.rows {
            let key = (row.station, row.parameter, row.time.0);
            let known = now.get(&key).copied();
            let gap_in_own_file =
                known.is_some_and(|(value, _, by)| by == import && value.is_some() && row.value.is_none());
            let same = known.is_some_and(|(value, flag, _)| value == row.value && flag == row.flag);
            if !gap_in_own_file && !same {
                now.insert(key, (row.value, row.flag, import));
            }
        }
    }
    now.into_iter().map(|(key, (value, flag, _))| (key, (value, flag))).collect()
}

fn fill(place: &Place, imports: &[ReadingBatch]) -> Vec<ImportInfo> {
    imports
        .iter()
        .enumerate()
        .map(|(n, batch)| {
            let mut writer = begin(&place.lake, &n.to_string());
            writer.add_readings(batch).expect("taken");
            writer.commit(Instant(n as i64)).expect("kept")
        })
        .collect()
}

#[test]
fn answers_do_not_depend_on_how_rows_are_spread() {
    for seed in 1..13_u64 {
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        let imports = random_imports(&mut dice);
        let whole = place();
        let infos = fill(&whole, &imports);
        let truth: Vec<_> =
            (0..4).map(|n| everything(&whole.lake.snapshot(Some(Instant(n))).expect("sound"))).collect();
        check_against_rules(&now(&whole.lake), &imports, seed);
        for buffer in [5, 40] {
            let split = place_with_buffer(buffer);
            let same = fill(&split, &imports);
            for compacted in [0, 1] {
                for n in 0..4 {
                    let snapshot = split.lake.snapshot(Some(Instant(n))).expect("sound");
                    assert!(
                        everything(&snapshot) == truth[n as usize],
                        "seed {seed}, buffer {buffer}, compacted {compacted}, as of {n}"
                    );
                }
                split.lake.compact(Instant(10 + compacted)).expect("sound");
            }
            for (a, b) in infos.iter().zip(&same) {
                assert_eq!((a.new, a.unchanged, a.revised), (b.new, b.unchanged, b.revised), "seed {seed}");
            }
        }
    }
}

fn check_against_rules(snapshot: &Snapshot, imports: &[ReadingBatch], seed: u64) {
    let truth = expected(imports);
    let mut counted = 0;
    for one in series(snapshot, 60) {
        let station = imports[0].stations.iter().position(|code| *code == one.station).expect("known") as u32;
        let parameter = imports[0].parameters.iter().position(|code| *code == one.parameter).expect("known") as u16;
        for n in 0..60 {
            let known = truth.get(&(station, parameter, hour(n).end().0));
            let value = known.filter(|(_, flag)| flag.counts()).and_then(|(value, _)| *value);
            assert_eq!(one.at(hour(n)), value, "seed {seed}: {} {} hour {n}", one.station, one.parameter);
            counted += u64::from(value.is_some());
        }
    }
    let covered: u64 = snapshot.coverage().expect("sound").iter().map(|one| one.values).sum();
    assert_eq!(covered, counted, "seed {seed}");
}

#[test]
fn many_files_become_one_and_later_imports_meet_it() {
    let place = place();
    for n in 0..70 {
        let value = n.to_string();
        import(&place.lake, &format!("f{n}"), n.into(), &[("s", "p", n, Some(&value)), ("s", "p", 0, Some(&value))]);
    }
    let before = everything(&now(&place.lake));
    let info = place.lake.compact(Instant(1000)).expect("sound");
    // 70 files are more than one pass merges; every import revises hour 0 but the first, which has it twice the same.
    assert_eq!((info.files_before, info.files_after, info.rows), (70, 1, 139));
    assert_eq!(everything(&now(&place.lake)), before);
    assert_eq!(place.lake.compact(Instant(1001)).expect("sound").commit, None);
    let info = import(&place.lake, "late", 2000, &[("s", "p", 5, Some("5")), ("s", "p", 6, Some("66"))]);
    assert_eq!((info.unchanged, info.revised), (1, 1));
    assert!(shown(&now(&place.lake), "s", "p", 8).ends_with("5 66 7"));
}
