//! Kills, full disks and damaged files: whole or absent, never half, never silent.

use super::*;
use std::sync::atomic::Ordering;

const CELLS: [Cell<'static>; 4] = [
    ("s1", "pm25", 0, Some("1")),
    ("s1", "pm25", 1, Some("2")),
    ("s2", "pm25", 0, Some("3")),
    ("s1", "pm25", 8784, Some("4")),
];

/// Dies at each step of an import in turn; the folder then holds what a kill would leave.
#[test]
fn an_import_that_dies_anywhere_leaves_the_lake_as_it_was() {
    let mut completed = false;
    for steps in 0..40 {
        let place = place_with_buffer(2);
        import(&place.lake, "before", 1, &[("s1", "pm25", 0, Some("9"))]);
        let before = series(&now(&place.lake), 2);
        place.lake.shared().crash_after.store(steps, Ordering::SeqCst);
        let mut writer = begin(&place.lake, "a");
        let added = writer.add_readings(&batch(&CELLS));
        let done = added.and_then(|()| writer.commit(Instant(2)));
        let reopened = Lake::open(place.dir.path()).expect("it opens after a kill");
        if done.is_ok() {
            assert_eq!(now(&reopened).commit(), 2);
            completed = true;
            break;
        }
        assert_eq!(now(&reopened).commit(), 1, "step {steps}");
        assert_eq!(series(&now(&reopened), 2), before, "step {steps}");
        let info = import(&reopened, "a", 3, &CELLS);
        assert_eq!((info.new, info.revised), (3, 1), "step {steps}");
        assert_eq!(shown(&now(&reopened), "s1", "pm25", 2), "1 2");
        let listed: usize = now(&reopened).files().count();
        assert_eq!(parquet_files(place.dir.path()), listed, "orphans are gone after step {steps}");
    }
    assert!(completed, "an import has fewer than 40 steps");
}

#[test]
fn a_compaction_that_dies_anywhere_changes_nothing() {
    let mut completed = false;
    for steps in 0..40 {
        let place = place();
        import(&place.lake, "a", 1, &CELLS);
        import(&place.lake, "b", 2, &[("s1", "pm25", 0, Some("5")), ("s1", "pm25", 8785, Some("5"))]);
        let before = series(&now(&place.lake), 2);
        place.lake.shared().crash_after.store(steps, Ordering::SeqCst);
        let done = place.lake.compact(Instant(3));
        let reopened = Lake::open(place.dir.path()).expect("it opens after a kill");
        assert_eq!(series(&now(&reopened), 2), before, "step {steps}");
        reopened.compact(Instant(4)).expect("it works the next time");
        assert_eq!(series(&now(&reopened), 2), before, "step {steps}");
        if done.is_ok() {
            completed = true;
            break;
        }
    }
    assert!(completed, "a compaction has fewer than 40 steps");
}

fn parquet_files(dir: &std::path::Path) -> usize {
    let mut count = 0;
    for folder in ["observations", "staging"] {
        let mut open = vec![dir.join(folder)];
        while let Some(here) = open.pop() {
            for entry in std::fs::read_dir(here).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { open.push(path) } else { count += 1 }
            }
        }
    }
    count
}

#[test]
fn an_import_given_up_leaves_nothing() {
    let place = place_with_buffer(1);
    let mut writer = begin(&place.lake, "a");
    writer.add_readings(&batch(&CELLS)).expect("taken");
    drop(writer);
    assert_eq!(parquet_files(place.dir.path()), 0);
    assert_eq!(now(&place.lake).commit(), 0);
}

#[test]
fn a_damaged_commit_is_named_and_never_skipped() {
    let place = place();
    import(&place.lake, "a", 1, &CELLS);
    import(&place.lake, "b", 2, &[("s1", "pm25", 5, Some("5"))]);
    let path = place.dir.path().join("commits/00000001.json");
    let whole = std::fs::read(&path).expect("it is there");

    let told = |content: Option<&[u8]>| {
        match content {
            Some(content) => std::fs::write(&path, content).expect("writable"),
            None => std::fs::remove_file(&path).expect("removable"),
        }
        let error = Lake::open(place.dir.path()).expect_err("it must not open");
        assert!(matches!(error, LakeError::Corrupt { .. }), "{error:?}");
        assert!(error.to_string().contains("00000001.json"), "{error}");
        assert!(error.text().zh.contains("00000001.json"));
    };
    told(Some(&whole[..whole.len() / 2]));
    told(Some(b""));
    told(None);
    // A digit of a count changes: still good JSON, but not what was written.
    let changed = String::from_utf8(whole.clone()).expect("text").replacen("\"new\": 4", "\"new\": 5", 1);
    assert_ne!(changed.as_bytes(), whole);
    told(Some(changed.as_bytes()));
    std::fs::write(&path, &whole).expect("writable");
    assert_eq!(now(&Lake::open(place.dir.path()).expect("whole again")).commit(), 2);
}

#[test]
fn a_damaged_data_file_is_named() {
    let place = place();
    import(&place.lake, "a", 1, &CELLS);
    let file = now(&place.lake).files().next().expect("one").path.clone();
    let path = place.dir.path().join(&file);
    let whole = std::fs::read(&path).expect("it is there");
    std::fs::write(&path, &whole[..whole.len() - 20]).expect("writable");
    let lake = Lake::open(place.dir.path()).expect("the log is sound");
    let query = SeriesQuery { stations: vec![], parameters: vec![], first: hour(0), last: hour(9) };
    let error = now(&lake).hour_series(&query).expect_err("it must say so");
    assert!(error.to_string().contains(&file), "{error}");
    std::fs::remove_file(&path).expect("removable");
    let error = now(&lake).hour_series(&query).expect_err("it must say so");
    assert!(error.text().en.contains(&format!("{file} is damaged (the file is missing); restore")), "{error}");
    assert!(error.text().zh.contains("文件缺失"), "{error}");
}

/// Every kind of file, cut short, emptied and taken away: SQL, imports and compactions all say which it is.
#[test]
fn nothing_goes_on_over_a_missing_or_shortened_file() {
    let place = place();
    import(&place.lake, "a", 1, &CELLS);
    let mut writer = begin(&place.lake, "b");
    let fields = [("area".to_string(), "1".to_string()), ("name_zh".to_string(), "甲".to_string())];
    writer.add_records(domain::Table::Areas, &[domain::Record::new(fields.into(), 2)]).expect("taken");
    let (severity, code) = (domain::Severity::Note, "x");
    let message = domain::Text::new("甲", "a");
    let problem = domain::Problem { severity, code, place: domain::Place::default(), raw: String::new(), message };
    writer.add_problems(&[problem]).expect("taken");
    // Hours of the same year as before, so that there is something to compact.
    writer.add_readings(&batch(&[("s1", "pm25", 5, Some("5"))])).expect("taken");
    writer.commit(Instant(2)).expect("kept");
    let observed = now(&place.lake).files().next().expect("one").path.clone();
    for file in [observed.as_str(), "records/areas/00000002.parquet", "problems/i000002.parquet"] {
        let path = place.dir.path().join(file);
        let whole = std::fs::read(&path).expect("it is there");
        for content in [None, Some(&whole[..0]), Some(&whole[..whole.len() - 20])] {
            match content {
                Some(content) => std::fs::write(&path, content).expect("writable"),
                None => std::fs::remove_file(&path).expect("removable"),
            }
            let lake = Lake::open(place.dir.path()).expect("the log is sound");
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            let errors = [
                runtime.block_on(now(&lake).sql("SELECT count(*) FROM observations")).expect_err(file),
                lake.begin(meta("c")).expect_err(file),
                lake.compact(Instant(3)).expect_err(file),
            ];
            for error in errors {
                assert!(matches!(error, LakeError::Corrupt { .. }), "{error:?}");
                assert!(error.text().en.contains(file), "{error}");
                assert!(error.text().en.contains("restore it from a backup"), "{error}");
            }
        }
        std::fs::write(&path, &whole).expect("writable");
    }
    let lake = Lake::open(place.dir.path()).expect("the log is sound");
    assert!(lake.compact(Instant(3)).expect("whole again").commit.is_some());
}

#[test]
fn there_is_no_lake_where_none_was_made() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    assert!(matches!(Lake::open(dir.path()), Err(LakeError::NotFound { .. })));
}

/// `/dev/full` says "no space left" at every write.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_nothing_is_visible() {
    let place = place();
    let staging = place.dir.path().join("staging/00000001-00000.parquet");
    std::os::unix::fs::symlink("/dev/full", &staging).expect("a link");
    let mut writer = begin(&place.lake, "a");
    // Starting an import swept the link away; put it back.
    std::os::unix::fs::symlink("/dev/full", &staging).expect("a link");
    writer.add_readings(&batch(&CELLS)).expect("held in memory");
    let error = writer.commit(Instant(1)).expect_err("no space");
    assert!(error.text().en.contains("disk is full"), "{error:?}");
    assert_eq!(now(&place.lake).commit(), 0);
    import(&place.lake, "a", 2, &CELLS);
}
