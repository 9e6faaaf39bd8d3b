//! SQL: the tables, the functions, and what is refused.

use super::*;
use crate::SqlTable;
use domain::Table;

fn ask(snapshot: &Snapshot, sql: &str) -> Result<SqlTable, LakeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(snapshot.sql(sql))
}

/// Rows as `a|b|c` with `-` for null.
fn rows(snapshot: &Snapshot, sql: &str) -> Vec<String> {
    let table = ask(snapshot, sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let cell = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "-".to_string());
    table.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join("|")).collect()
}

fn one(snapshot: &Snapshot, sql: &str) -> String {
    rows(snapshot, sql).join("\n")
}

fn corrected() -> Place {
    let place = place();
    import(
        &place.lake,
        "a",
        1_577_836_800_000,
        &[("s1", "pm25", 0, Some("35.5")), ("s1", "pm25", 1, None), ("s2", "pm25", 8784, Some("7"))],
    );
    import(&place.lake, "b", 1_577_836_900_000, &[("s1", "pm25", 0, Some("36.25")), ("s1", "pm25", 1, Some("3"))]);
    place
}

#[test]
fn observations_are_the_newest_revisions() {
    let place = corrected();
    let snapshot = now(&place.lake);
    let sql = "SELECT station, parameter, span, time, value, flag, method, import, row, revision, commit, recorded \
               FROM observations ORDER BY station, time";
    assert_eq!(
        rows(&snapshot, sql),
        [
            "s1|pm25|hour|2020-01-01T01:00:00+08:00|36.25|good|automatic|i000002|2|1|2|2020-01-01T08:01:40+08:00",
            "s1|pm25|hour|2020-01-01T02:00:00+08:00|3|good|automatic|i000002|3|1|2|2020-01-01T08:01:40+08:00",
            "s2|pm25|hour|2021-01-01T01:00:00+08:00|7|good|automatic|i000001|4|0|1|2020-01-01T08:00:00+08:00",
        ]
    );
    assert_eq!(one(&snapshot, "SELECT count(*) FROM observations_all"), "5");
    let before = place.lake.snapshot(Some(Instant(1_577_836_800_000))).expect("sound");
    assert_eq!(
        rows(&before, "SELECT value, flag FROM observations ORDER BY station, time"),
        ["35.5|good", "-|missing", "7|good"]
    );
    // A compacted file holds later rows too; as of then they are not there.
    place.lake.compact(Instant(1_577_837_000_000)).expect("sound");
    let before = place.lake.snapshot(Some(Instant(1_577_836_800_000))).expect("sound");
    assert_eq!(rows(&before, "SELECT value FROM observations ORDER BY station, time"), ["35.5", "-", "7"]);
    assert_eq!(one(&before, "SELECT count(*) FROM observations_all"), "3");
    assert_eq!(rows(&now(&place.lake), sql), rows(&snapshot, sql));
    // A time without a zone is UTC+8, as everywhere.
    for time in ["'2020-01-01 02:00:00'", "TIMESTAMP '2020-01-01 02:00:00'", "'2019-12-31T18:00:00Z'"] {
        let sql = format!("SELECT count(*) FROM observations WHERE time = {time}");
        assert_eq!(one(&snapshot, &sql), "1", "{time}");
    }
    let sql_day = "SELECT date_trunc('day', time) AS day, count(*) FROM observations GROUP BY 1 ORDER BY 1";
    assert_eq!(rows(&snapshot, sql_day), ["2020-01-01T00:00:00+08:00|2", "2021-01-01T00:00:00+08:00|1"]);
    let kinds: Vec<&str> = ask(&snapshot, sql).expect("sound").columns.iter().map(|column| column.kind).collect();
    assert_eq!(kinds[..6], ["text", "text", "text", "timestamp", "decimal", "text"]);
}

#[test]
fn the_small_tables_are_there_even_when_empty() {
    let empty = place();
    let snapshot = now(&empty.lake);
    for table in
        ["observations", "observations_all", "imports", "problems"].into_iter().chain(Table::ALL.map(Table::code))
    {
        assert_eq!(one(&snapshot, &format!("SELECT count(*) FROM {table}")), "0", "{table}");
    }
    let place = corrected();
    let snapshot = now(&place.lake);
    assert_eq!(
        rows(&snapshot, "SELECT import, file, revised FROM imports ORDER BY 1"),
        ["i000001|a.csv|0", "i000002|b.csv|2"]
    );
    assert_eq!(
        rows(&snapshot, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1")
            .len(),
        4 + Table::ALL.len()
    );
    assert!(one(&snapshot, "DESCRIBE observations").contains("station"));
    assert!(one(&snapshot, "SHOW TABLES").contains("observations"));
    assert!(one(&snapshot, "EXPLAIN SELECT 1").contains("plan"));
}

#[test]
fn only_questions_are_accepted() {
    let place = corrected();
    let snapshot = now(&place.lake);
    for sql in [
        "DROP TABLE observations",
        "CREATE TABLE x AS SELECT 1",
        "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'",
        "INSERT INTO stations VALUES (1)",
        "DELETE FROM observations",
        "UPDATE observations SET value = 1",
        "COPY observations TO 'x.csv'",
        "SET datafusion.execution.time_zone = 'UTC'",
        "CREATE VIEW v AS SELECT 1",
        "EXPLAIN ANALYZE COPY observations TO 'x.csv'",
    ] {
        let error = ask(&snapshot, sql).expect_err(sql);
        assert!(matches!(error, LakeError::ReadOnly { .. } | LakeError::Sql { .. }), "{sql}: {error:?}");
    }
    assert!(matches!(ask(&snapshot, "DROP TABLE observations"), Err(LakeError::ReadOnly { .. })));
    for sql in ["SELECT nothing FROM observations", "SELEC 1", "SELECT 1; SELECT 2", "", "SELECT * FROM '/etc/passwd'"]
    {
        assert!(matches!(ask(&snapshot, sql), Err(LakeError::Sql { .. })), "{sql}");
    }
}

#[test]
fn a_limited_answer_says_that_there_was_more() {
    let place = corrected();
    let snapshot = now(&place.lake);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let table = runtime.block_on(snapshot.sql_limited("SELECT * FROM observations", 2)).expect("sound");
    assert_eq!((table.rows.len(), table.truncated), (2, true));
    let table = runtime.block_on(snapshot.sql_limited("SELECT * FROM observations", 3)).expect("sound");
    assert_eq!((table.rows.len(), table.truncated), (3, false));
}

#[test]
fn the_standards_are_functions() {
    let place = corrected();
    let snapshot = now(&place.lake);
    // Sources: the worked cases of crates/standards/catalog/hj633-2012 and hj633-2026.
    for (sql, expected) in [
        ("iaqi('pm25', 'day', 36, 'hj633-2012')", "52"),
        ("iaqi('pm25', 'day', 36, 'hj633-2026')", "52"),
        ("iaqi('pm25', 'day', 76, 'hj633-2012')", "102"),
        ("iaqi('pm25', 'day', 76, 'hj633-2026')", "115"),
        ("iaqi('pm10', 'day', 121, 'air-2026-final')", "101"),
        ("iaqi('co', 'day', 2.2, 'air-2012')", "55"),
        ("iaqi('co', 'day', CAST(2.2 AS DOUBLE), 'air-2012')", "55"),
        ("iaqi('so2', 'day', 151, 'air-2012')", "101"),
        ("iaqi('so2', 'hour', 801, 'hj633-2012')", "-"),
        ("iaqi('pm25', 'day', 35.4, 'hj633-2012')", "51"),
        // Not rounded first: a ten-millionth above 35 is above 35.
        ("iaqi('pm25', 'day', 35.0000001, 'hj633-2012')", "51"),
        ("iaqi('pm25', 'day', NULL, 'hj633-2012')", "-"),
        ("iaqi('pm25', 'day', -1, 'hj633-2012')", "-"),
        // The time of the data picks the rules: 28 February 2026 is the last day of those of 2012.
        ("iaqi('pm25', 'day', 76, DATE '2026-02-28')", "102"),
        ("iaqi('pm25', 'day', 76, DATE '2026-03-01')", "115"),
        ("iaqi('pm25', 'day', 76, TIMESTAMP '2026-03-01 00:00:00')", "102"),
        ("iaqi('pm25', 'day', 76, TIMESTAMP '2026-03-01 01:00:00')", "115"),
        ("iaqi('pm25', 'day', 76, TIMESTAMPTZ '2026-03-01T00:00:00+08:00')", "102"),
        ("iaqi('pm25', 'day', 76, TIMESTAMPTZ '2026-02-28T17:00:00Z')", "115"),
        // The snapshot was recorded in 2020.
        ("iaqi('pm25', 'day', 76)", "102"),
        ("aqi(10, 20, 0.5, 60, 40, 20, 'air-2012')", "40"),
        ("aqi(10, 20, 0.5, 60, 40, 76)", "102"),
        ("aqi_primary(10, 20, 0.5, 60, 40, 76)", "pm25"),
        ("aqi_primary(10, 20, 0.5, 215, 250, 20, 'air-2012')", "o3_8h;pm10"),
        ("aqi(10, NULL, 0.5, 60, 40, 20, 'hj633-2026')", "-"),
        ("aqi_level(102)", "3"),
        ("aqi_level(aqi(10, 20, 0.5, 60, 40, 20))", "1"),
        ("aqi_class(50, 'air-2012')", "优"),
        ("aqi_class_en(301, 'air-2012')", "severely polluted"),
        ("aqi_level(NULL)", "-"),
        // GB/T 8170-2008: half to even.
        ("gbt8170(2.5, 0)", "2"),
        ("gbt8170(3.5, 0)", "4"),
        ("gbt8170(-2.5, 0)", "-2"),
        ("gbt8170(0.25, 1)", "0.2"),
        ("gbt8170(0.2500001, 1)", "0.3"),
        ("gbt8170(NULL, 1)", "-"),
    ] {
        assert_eq!(one(&snapshot, &format!("SELECT {sql}")), expected, "{sql}");
    }
    for (sql, told) in [
        ("iaqi('pm25', 'week', 36)", "unknown period `week`"),
        ("iaqi('xx', 'day', 36)", "no item `xx`"),
        ("iaqi('pm25', 'day', 36, 'nonsense')", "unknown rules `nonsense`"),
        ("aqi(1, 2, 3)", "aqi(so2, no2, co, o3_8h, pm10, pm25[, rules])"),
        ("gbt8170(1, 7)", "0 to 6 decimal places"),
    ] {
        let error = ask(&snapshot, &format!("SELECT {sql}")).expect_err(sql).to_string();
        assert!(error.contains(told), "{sql}: {error}");
    }
    // A column of rules: each row by its own.
    let sql =
        "SELECT iaqi('pm25', 'day', 76, r) FROM (VALUES ('air-2012'), ('hj633-2026'), (NULL), ('air-2012')) AS t(r)";
    assert_eq!(rows(&snapshot, sql), ["102", "115", "-", "102"]);
}

#[test]
fn aggregates_are_exact() {
    let place = place();
    let snapshot = now(&place.lake);
    let values = |list: &str| format!("(VALUES {list}) AS t(v)");
    for (what, list, expected) in [
        // By hand: (34 + 35 + 36 + 37) / 4 = 35.5, half to even 36.
        ("gbt8170(valid_mean(v, 4), 0)", "(34), (35), (36), (37)", "36"),
        ("valid_mean(v, 5)", "(34), (35), (36), (37)", "-"),
        ("valid_mean(v, 2)", "(1.5), (NULL), (2)", "1.75"),
        // One third has no finite decimal: 16 places.
        ("valid_mean(v, 1)", "(0), (0), (1)", "0.3333333333333333"),
        ("valid_mean(v, 1)", "(CAST(NULL AS DECIMAL(18, 6)))", "-"),
        // HJ 663-2013 annex A by hand: k = 3.7; 30 + 0.7 · 10 = 37.
        ("percentile_hj663(v, 90)", "(40), (10), (30), (20)", "37"),
        // k = 2.9; 0.8 + 0.9 · 0.45 = 1.205.
        ("percentile_hj663(v, 95)", "(0.4), (0.8), (1.25)", "1.205"),
        ("percentile_hj663(v, 95)", "(CAST(NULL AS INT))", "-"),
    ] {
        assert_eq!(one(&snapshot, &format!("SELECT {what} FROM {}", values(list))), expected, "{what} of {list}");
    }
    for (what, told) in [
        ("percentile_hj663(v, 101)", "from 0 to 100 as p, not 101"),
        ("percentile_hj663(v, -1)", "from 0 to 100 as p, not -1"),
        ("percentile_hj663(v, 0.9)", "from 0 to 100 as p, not 0.9"),
        ("percentile_hj663(v, CAST(50.7 AS DECIMAL(4, 1)))", "from 0 to 100 as p, not"),
        ("valid_mean(v, -1)", "0 or more, as min_n, not -1"),
        ("valid_mean(v, 1.5)", "0 or more, as min_n, not 1.5"),
    ] {
        let error = ask(&snapshot, &format!("SELECT {what} FROM (VALUES (1)) AS t(v)")).expect_err(what);
        assert!(error.to_string().contains(told), "{what}: {error}");
    }
    assert_eq!(one(&snapshot, "SELECT percentile_hj663(v, 90.0) FROM (VALUES (1)) AS t(v)"), "1");
}

/// The same question over one file and over many, before and after a compaction.
#[test]
fn answers_do_not_depend_on_files() {
    let mut dice = Dice(7);
    let texts: Vec<String> = (0..2000).map(|_| format!("{}.{}", dice.roll(100), dice.roll(1000))).collect();
    let cells: Vec<Cell<'_>> = texts
        .iter()
        .enumerate()
        .map(|(n, text)| (["s1", "s2", "s3"][n % 3], "pm25", n as i32 / 3, Some(text.as_str())))
        .collect();
    let sql = "SELECT station, valid_mean(value, 20) AS m, percentile_hj663(value, 95) AS p, sum(value), count(*), \
               max(iaqi('pm25', 'hour', value, time)) FROM observations GROUP BY station ORDER BY station";
    let mut answers = Vec::new();
    for buffer in [100_000, 37] {
        let place = place_with_buffer(buffer);
        import(&place.lake, "a", 1, &cells);
        import(
            &place.lake,
            "b",
            2,
            &cells[500..700].iter().map(|cell| (cell.0, cell.1, cell.2, Some("1"))).collect::<Vec<_>>(),
        );
        answers.push(rows(&now(&place.lake), sql));
        place.lake.compact(Instant(3)).expect("sound");
        answers.push(rows(&now(&place.lake), sql));
    }
    assert_eq!(answers[0].len(), 3);
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:#?}");
}

#[test]
fn tables_of_others_stand_beside_the_lakes_own() {
    let place = corrected();
    let snapshot = now(&place.lake);
    let frames = crate::ExtraTable::new(
        "frames",
        vec![
            ("station", crate::ExtraColumn::Text(vec![Some("s1".to_string()), None])),
            ("value", crate::ExtraColumn::Decimal(vec!["36.25".parse().ok(), None])),
            ("at", crate::ExtraColumn::Time(vec![Some(Instant(1_577_836_800_000)), None])),
            ("n", crate::ExtraColumn::Integer(vec![Some(7), None])),
        ],
    );
    let sql = "SELECT f.value, f.at, f.n, o.parameter FROM frames f JOIN observations o ON o.station = f.station AND o.value = f.value";
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let ask = crate::SqlAsk { sql: sql.to_string(), rows: usize::MAX, extra: vec![frames] };
    let table = runtime.block_on(snapshot.sql_asked(ask)).expect("the tables join");
    let cells: Vec<Option<&str>> = table.rows.iter().flatten().map(Option::as_deref).collect();
    assert_eq!(cells, [Some("36.25"), Some("2020-01-01T08:00:00+08:00"), Some("7"), Some("pm25")]);
}
