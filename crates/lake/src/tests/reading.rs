//! Reading: by range, by name, while others write.

use super::*;

#[test]
fn a_range_is_cut_out_of_regular_and_irregular_series() {
    let place = place();
    let texts: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    let mut cells: Vec<Cell<'_>> = (0..100).map(|n| ("regular", "p", n, Some(texts[n as usize].as_str()))).collect();
    cells.extend((0..100).filter(|n| n % 7 != 3).map(|n| ("holes", "p", n, Some(texts[n as usize].as_str()))));
    import(&place.lake, "a", 1, &cells);
    let snapshot = now(&place.lake);
    for (first, last) in [(0, 99), (-5, 3), (95, 120), (10, 10), (-20, 200), (50, 49), (200, 300)] {
        let query = SeriesQuery { stations: vec![], parameters: vec![], first: hour(first), last: hour(last) };
        let all = snapshot.hour_series(&query).expect("sound");
        for one in &all {
            assert_eq!(one.values.len() as i32, last - first + 1);
            for (at, value) in one.values.iter().enumerate() {
                let n = first + at as i32;
                let there = (0..100).contains(&n) && (one.station == "regular" || n % 7 != 3);
                let expected = if there { i64::from(n) * 1_000_000 } else { HourSeries::GAP };
                assert_eq!(*value, expected, "{} hour {n} of {first}..{last}", one.station);
            }
        }
        // A series without a reading in the hours asked for is not there.
        let readings = |holes: bool| (first..=last).filter(|n| (0..100).contains(n) && !(holes && n % 7 == 3)).count();
        let there = usize::from(readings(false) > 0) + usize::from(readings(true) > 0);
        assert_eq!(all.len(), there, "{first}..{last}");
    }
}

#[test]
fn names_choose_and_order_is_by_parameter_then_station() {
    let place = place();
    import(
        &place.lake,
        "a",
        1,
        &[("b", "y", 0, Some("1")), ("a", "y", 0, Some("2")), ("b", "x", 0, Some("3")), ("乙", "x", 0, Some("4"))],
    );
    let ask = |stations: &[&str], parameters: &[&str]| -> Vec<String> {
        let owned = |list: &[&str]| list.iter().map(|code| (*code).to_string()).collect();
        let query =
            SeriesQuery { stations: owned(stations), parameters: owned(parameters), first: hour(0), last: hour(0) };
        let all = now(&place.lake).hour_series(&query).expect("sound");
        all.iter().map(|one| format!("{}/{}", one.parameter, one.station)).collect()
    };
    assert_eq!(ask(&[], &[]), ["x/b", "x/乙", "y/a", "y/b"]);
    assert_eq!(ask(&["b"], &[]), ["x/b", "y/b"]);
    assert_eq!(ask(&[], &["y"]), ["y/a", "y/b"]);
    assert_eq!(ask(&["nobody"], &["y"]), [""; 0]);
    let mut pieces = Vec::new();
    let query = SeriesQuery { stations: vec![], parameters: vec![], first: hour(0), last: hour(0) };
    let snapshot = now(&place.lake);
    snapshot.hour_series_by_parameter(&query, &mut |some| pieces.push(some.len())).expect("sound");
    assert_eq!(pieces, [2, 2]);
    pieces.clear();
    snapshot.hour_series_by_stations(&query, 2, &mut |some| pieces.push(some.len())).expect("sound");
    assert_eq!(pieces, [3, 1]);
}

#[test]
fn a_reader_sees_one_moment_while_others_write_and_compact() {
    let place = place_with_buffer(50);
    let cells = |value: &'static str| -> Vec<Cell<'static>> { (0..200).map(|n| ("s", "p", n, Some(value))).collect() };
    let all_are = |snapshot: &Snapshot, text: &str| {
        let told = shown(snapshot, "s", "p", 200);
        assert!(told.split(' ').all(|value| value == text), "{told}");
    };
    import(&place.lake, "0", 0, &cells("0"));
    let first = now(&place.lake);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for (n, value) in ["1", "2", "3", "4", "5", "6"].into_iter().enumerate() {
                import(&place.lake, value, n as i64 + 1, &cells(value));
                if n % 2 == 1 {
                    place.lake.compact(Instant(n as i64 + 1)).expect("nobody else writes");
                }
            }
        });
        let mut seen = 0;
        while !writer.is_finished() || seen == 0 {
            let snapshot = now(&place.lake);
            let told = shown(&snapshot, "s", "p", 200);
            let values: std::collections::BTreeSet<&str> = told.split(' ').collect();
            assert_eq!(values.len(), 1, "a commit is seen whole: {told}");
            all_are(&first, "0");
            seen += 1;
        }
    });
    all_are(&first, "0");
    all_are(&now(&place.lake), "6");
    for (moment, text) in [(0, "0"), (1, "1"), (2, "2")] {
        all_are(&place.lake.snapshot(Some(Instant(moment))).expect("sound"), text);
    }
}
