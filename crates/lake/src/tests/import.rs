//! Imports: what is kept, what is counted, what is refused.

use super::*;
use crate::{ObservationQuery, Reject};
use domain::{Place as At, Problem, Record, Severity, Table, Text};
use std::collections::BTreeMap;

#[test]
fn what_goes_in_comes_out() {
    let place = place();
    let info = import(
        &place.lake,
        "a",
        1_000,
        &[("s1", "pm25", 0, Some("35.5")), ("s1", "pm25", 2, Some("40")), ("s2", "pm25", 1, None)],
    );
    assert_eq!((info.new, info.unchanged, info.revised, info.missing, info.values, info.rows), (3, 0, 0, 1, 2, 3));
    let snapshot = now(&place.lake);
    assert_eq!(shown(&snapshot, "s1", "pm25", 3), "35.5 - 40");
    assert_eq!(shown(&snapshot, "s2", "pm25", 3), "- - -");
    let coverage = snapshot.coverage().expect("the files are sound");
    assert_eq!(coverage.len(), 2);
    assert_eq!((coverage[0].first, coverage[0].last, coverage[0].values), (hour(0), hour(2), 2));
    assert_eq!(coverage[1].values, 0);
    // A second handle, as another process would have.
    let again = Lake::open(place.dir.path()).expect("it exists");
    assert_eq!(series(&now(&again), 3), series(&snapshot, 3));
    assert_eq!(now(&again).imports(), vec![info]);
}

#[test]
fn the_same_file_is_refused_and_changes_nothing() {
    let place = place();
    let info = import(&place.lake, "a", 1_000, &[("s1", "pm25", 0, Some("1"))]);
    match place.lake.begin(meta("a")) {
        Err(LakeError::AlreadyImported(before)) => assert_eq!(*before, info),
        other => panic!("{other:?}"),
    }
    assert_eq!(now(&place.lake).commit(), 1);
}

#[test]
fn equal_values_of_another_file_are_not_kept_twice() {
    let place = place();
    import(&place.lake, "a", 1_000, &[("s1", "pm25", 0, Some("1")), ("s1", "pm25", 1, Some("2"))]);
    let info = import(
        &place.lake,
        "b",
        2_000,
        &[("s1", "pm25", 1, Some("2")), ("s1", "pm25", 2, Some("3")), ("s1", "pm10", 1, Some("9"))],
    );
    assert_eq!((info.new, info.unchanged, info.revised), (2, 1, 0));
    let snapshot = now(&place.lake);
    assert_eq!(shown(&snapshot, "s1", "pm25", 3), "1 2 3");
    assert!(snapshot.files().all(|file| file.max_revision == 0));
}

#[test]
fn a_correction_is_a_revision_and_the_old_value_stays_readable() {
    let place = place();
    import(&place.lake, "a", 1_000, &[("s1", "pm25", 0, Some("1")), ("s1", "pm25", 1, Some("2"))]);
    let info = import(&place.lake, "b", 2_000, &[("s1", "pm25", 1, Some("2.5")), ("s1", "pm25", 0, None)]);
    assert_eq!((info.new, info.unchanged, info.revised, info.problems), (0, 0, 2, 1));
    let before = place.lake.snapshot(Some(Instant(1_999))).expect("the log is sound");
    assert_eq!(shown(&before, "s1", "pm25", 2), "1 2");
    assert_eq!(shown(&now(&place.lake), "s1", "pm25", 2), "- 2.5");
    assert_eq!(before.coverage().expect("sound")[0].values, 2);
    assert_eq!(now(&place.lake).coverage().expect("sound")[0].values, 1);
    let empty = place.lake.snapshot(Some(Instant(999))).expect("the log is sound");
    assert_eq!(shown(&empty, "s1", "pm25", 2), "none");
    assert!(empty.imports().is_empty());

    let query = ObservationQuery {
        stations: vec!["s1".to_string()],
        parameters: vec![],
        span: Span::Hour,
        from: hour(1).end(),
        to: hour(1).end(),
    };
    let all = now(&place.lake).observations(&query).expect("the files are sound");
    let told: Vec<_> = all
        .iter()
        .map(|one| (one.value.expect("a value").to_string(), one.revision, one.commit, one.import.as_str(), one.row))
        .collect();
    assert_eq!(told, [("2".to_string(), 0, 1, "i000001", 3), ("2.5".to_string(), 1, 2, "i000002", 2)]);
    assert_eq!(all[1].recorded, Instant(2_000));
    assert_eq!(all[1].method, "automatic");
    assert_eq!(before.observations(&query).expect("sound").len(), 1);

    let (total, problems) = place.lake.problems(&info.id, 0, 10).expect("the list is sound");
    assert_eq!((total, problems[0].code.as_str(), problems[0].row), (1, "value-withdrawn", Some(3)));
}

#[test]
fn sources_are_counted_by_their_newest_values() {
    let place = place();
    import(
        &place.lake,
        "a",
        1,
        &[("s1", "p", 0, Some("1")), ("s1", "p", 1, Some("2")), ("s2", "p", 0, Some("3")), ("s2", "p", 1, None)],
    );
    import(&place.lake, "b", 2, &[("s1", "p", 1, Some("9")), ("s1", "p", 2, Some("9")), ("s1", "q", 2, Some("9"))]);
    let ask = |snapshot: &Snapshot, last: i32| {
        let query = crate::SourceQuery {
            stations: vec![],
            parameters: vec!["p".to_string()],
            from: hour(0).end(),
            to: hour(last).end(),
        };
        let found = snapshot.sources(&query).expect("sound");
        found.iter().map(|(import, values)| format!("{import}:{values}")).collect::<Vec<_>>().join(" ")
    };
    for _ in 0..2 {
        // s1: hour 0 of a, hours 1 and 2 of b; s2: hour 0 of a, hour 1 is a gap.
        assert_eq!(ask(&now(&place.lake), 5), "i000001:2 i000002:2");
        assert_eq!(ask(&now(&place.lake), 1), "i000001:2 i000002:1");
        assert_eq!(ask(&place.lake.snapshot(Some(Instant(1))).expect("sound"), 5), "i000001:3");
        place.lake.compact(Instant(3)).expect("sound");
    }
}

#[test]
fn a_key_twice_in_one_file_is_kept_twice_and_told() {
    // Once within one buffer, once over several.
    for buffer in [100, 1] {
        let place = place_with_buffer(buffer);
        let info = import(
            &place.lake,
            "a",
            1_000,
            &[
                ("s1", "pm25", 0, Some("1")),
                ("s1", "pm25", 1, Some("7")),
                ("s1", "pm25", 0, Some("2")),
                ("s1", "pm25", 0, Some("2")),
                ("s1", "pm25", 1, None),
            ],
        );
        assert_eq!((info.new, info.revised, info.unchanged), (2, 1, 2), "buffer {buffer}");
        assert_eq!(shown(&now(&place.lake), "s1", "pm25", 2), "2 7");
        assert_eq!(now(&place.lake).coverage().expect("sound")[0].values, 2);
        let (total, problems) = place.lake.problems(&info.id, 0, 10).expect("the list is sound");
        assert_eq!(total, 2, "{problems:?}");
        assert_eq!((problems[0].code.as_str(), problems[0].row), ("duplicate-key", Some(4)));
        assert!(problems[0].message.en.contains("1 and 2"), "{}", problems[0].message.en);
    }
}

#[test]
fn spans_and_years_are_kept_apart() {
    let place = place();
    let mut writer = begin(&place.lake, "a");
    let mut readings =
        batch(&[("s1", "pm25", 0, Some("1")), ("s1", "pm25", 8783, Some("2")), ("s1", "pm25", 8784, Some("3"))]);
    let mut day = readings.rows[0];
    day.span = Span::Day;
    readings.rows.push(day);
    writer.add_readings(&readings).expect("taken");
    writer.commit(Instant(5)).expect("kept");
    let snapshot = now(&place.lake);
    let mut partitions: Vec<_> = snapshot.files().map(|file| (file.span, file.year, file.rows)).collect();
    partitions.sort();
    // The 8784th hour ends at midnight and belongs to 2020; a day that ends on 1 January at 01:00 is odd, but kept.
    assert_eq!(partitions, [(Span::Hour, 2020, 2), (Span::Hour, 2021, 1), (Span::Day, 2020, 1)]);
    assert_eq!(shown(&snapshot, "s1", "pm25", 1), "1");
}

#[test]
fn flags_that_do_not_count_leave_a_gap() {
    let place = place();
    let mut writer = begin(&place.lake, "a");
    let mut readings = batch(&[("s", "p", 0, Some("1")), ("s", "p", 1, Some("2")), ("s", "p", 2, Some("3"))]);
    readings.rows[1].flag = Flag::Invalid;
    readings.rows[2].flag = Flag::Below;
    writer.add_readings(&readings).expect("taken");
    writer.commit(Instant(5)).expect("kept");
    assert_eq!(shown(&now(&place.lake), "s", "p", 3), "1 - 3");
    assert_eq!(now(&place.lake).coverage().expect("sound")[0].values, 2);
    // Only the flag changes: that is a revision too.
    let mut writer = begin(&place.lake, "b");
    readings.rows[1].flag = Flag::Good;
    writer.add_readings(&readings).expect("taken");
    let info = writer.commit(Instant(6)).expect("kept");
    assert_eq!((info.unchanged, info.revised), (2, 1));
    assert_eq!(shown(&now(&place.lake), "s", "p", 3), "1 2 3");
    assert_eq!(now(&place.lake).coverage().expect("sound")[0].values, 3);
}

#[test]
fn one_writes_at_a_time_and_time_never_runs_back() {
    let place = place();
    let first = begin(&place.lake, "a");
    assert!(is_busy(place.lake.begin(meta("b"))));
    assert!(is_busy(place.lake.compact(Instant(1))));
    let other = Lake::open(place.dir.path()).expect("it exists");
    assert!(is_busy(other.begin(meta("b"))));
    drop(first);
    let one = import(&other, "b", 500, &[("s", "p", 0, Some("1"))]);
    let two = import(&place.lake, "c", 400, &[("s", "p", 0, Some("2"))]);
    assert_eq!((one.recorded, two.recorded), (Instant(500), Instant(501)));
}

fn record(fields: &[(&str, &str)], row: u64) -> Record {
    let fields: BTreeMap<String, String> =
        fields.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect();
    Record::new(fields, row)
}

#[test]
fn the_newest_record_of_a_key_counts() {
    let place = place();
    let mut writer = begin(&place.lake, "a");
    let given = [record(&[("station", "s1"), ("area", "x")], 2), record(&[("station", "s2"), ("area", "x")], 3)];
    writer.add_records(Table::Stations, &given).expect("taken");
    writer.commit(Instant(10)).expect("kept");
    let mut writer = begin(&place.lake, "b");
    let given = [record(&[("station", "s1"), ("area", "y")], 2), record(&[("station", "s2"), ("area", "x")], 3)];
    writer.add_records(Table::Stations, &given).expect("taken");
    let info = writer.commit(Instant(20)).expect("kept");
    assert_eq!((info.new, info.unchanged, info.revised), (0, 1, 1));
    let areas = |snapshot: Snapshot| -> Vec<String> {
        let records = snapshot.records(Table::Stations).expect("sound");
        records
            .iter()
            .map(|record| format!("{}={} {}", record.get("station"), record.get("area"), record.import))
            .collect()
    };
    assert_eq!(areas(now(&place.lake)), ["s1=y i000002", "s2=x i000001"]);
    assert_eq!(areas(place.lake.snapshot(Some(Instant(15))).expect("sound")), ["s1=x i000001", "s2=x i000001"]);
}

#[test]
fn problems_and_rejects_are_kept_with_their_import() {
    let place = place();
    let mut writer = begin(&place.lake, "a");
    let problem = |row: u64, severity: Severity| Problem {
        severity,
        code: "not-a-number",
        place: At { file: "a.csv".to_string(), row: Some(row), column: "PM2.5".to_string(), ..At::default() },
        raw: "abc".to_string(),
        message: Text::new("不是数字：abc", "not a number: abc"),
    };
    writer.add_problems(&[problem(3, Severity::Error), problem(4, Severity::Warning)]).expect("taken");
    let header = ["time".to_string(), "PM2.5".to_string()];
    let reject = Reject {
        row: 3,
        cells: vec!["2020-01-01".to_string(), "ab\"c".to_string()],
        reasons: "not a number, sorry".to_string(),
    };
    writer.add_rejects(&header, &[reject]).expect("taken");
    writer.add_rows(5);
    let info = writer.commit(Instant(10)).expect("kept");
    assert_eq!((info.rows, info.problems, info.errors), (5, 2, 1));
    let (total, rows) = place.lake.problems(&info.id, 1, 10).expect("sound");
    assert_eq!((total, rows.len(), rows[0].row), (2, 1, Some(4)));
    assert_eq!(rows[0].message.zh, "不是数字：abc");
    assert_eq!(place.lake.problems("i999999", 0, 10).expect("sound").0, 0);
    let rejects = std::fs::read_to_string(place.lake.rejects_path(&info.id).expect("it has one")).expect("text");
    assert_eq!(rejects, "time,PM2.5,rejected_row,rejected_because\n2020-01-01,\"ab\"\"c\",3,\"not a number, sorry\"\n");
}

#[test]
fn the_same_file_is_another_import_at_another_station_or_when_asked_for_again() {
    let place = place();
    let at = |given: &str, again: bool| ImportMeta { given: given.to_string(), again, ..meta("a") };
    let go = |meta: ImportMeta, value: &str, moment: i64| {
        let mut writer = place.lake.begin(meta).expect("another import");
        writer.add_readings(&batch(&[("s1", "pm25", 0, Some("1")), ("s1", "pm25", 1, Some(value))])).expect("taken");
        let info = writer.commit(Instant(moment)).expect("kept");
        (info.given, info.new, info.unchanged, info.revised)
    };
    assert_eq!(go(at("station=S1", false), "2", 1), ("station=S1".to_string(), 2, 0, 0));
    let error = place.lake.begin(at("station=S1", false)).expect_err("the same");
    assert!(matches!(error, LakeError::AlreadyImported(info) if info.id == "i000001"));
    assert_eq!(go(at("", false), "2", 2), (String::new(), 0, 2, 0));
    assert_eq!(go(at("station=S1", true), "3", 3), ("station=S1".to_string(), 0, 1, 1));
    // A commit without anything given is written as before the field was there: its checksum stays.
    let text = |number: u32| std::fs::read_to_string(place.dir.path().join(format!("commits/{number:08}.json")));
    assert!(text(1).expect("there").contains("\"given\": \"station=S1\""));
    assert!(!text(2).expect("there").contains("\"given\""));
    assert_eq!(now(&Lake::open(place.dir.path()).expect("sound")).commit(), 3);
}
