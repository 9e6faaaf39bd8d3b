//! A measurement, not a check: `cargo test -p lake --release -- --ignored --nocapture speed`.

use super::*;
use std::time::Instant as Clock;

/// Stations × hours × 6 values, written hour by hour as a national download has them.
#[test]
#[ignore = "a measurement"]
fn speed_of_import_and_series() {
    let stations: usize = std::env::var("STATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(200);
    let hours: i32 = std::env::var("HOURS").ok().and_then(|text| text.parse().ok()).unwrap_or(8784);
    let own = tempfile::tempdir().expect("a folder");
    let dir = std::env::var("LAKE_DIR").map_or_else(|_| own.path().to_path_buf(), std::path::PathBuf::from);
    let lake = Lake::create_or_open(&dir).expect("an empty lake");
    let parameters = ["so2", "no2", "co", "o3", "pm10", "pm25"];
    let mut batch = ReadingBatch {
        stations: (0..stations).map(|n| format!("{n:04}A")).collect(),
        parameters: parameters.map(str::to_string).to_vec(),
        rows: Vec::new(),
    };
    let (info, took) = write(&lake, "nation", (hours, &mut batch), 50);
    let total = (info.values + info.missing) as f64;
    let bytes: u64 = now(&lake).files().map(|file| file.bytes).sum();
    println!(
        "{total} readings in {took:?} ({:.2} M/s), {} files, {:.2} bytes each",
        total / took.as_secs_f64() / 1e6,
        now(&lake).files().count(),
        bytes as f64 / total
    );
    for round in 0..3 {
        let start = Clock::now();
        let cells: usize = series(&now(&lake), hours).iter().map(|one| one.values.len()).sum();
        let took = start.elapsed();
        println!("series {round}: {cells} cells in {took:?} ({:.1} M/s)", cells as f64 / took.as_secs_f64() / 1e6);
    }
    let start = Clock::now();
    println!("compaction: {:?} in {:?}", lake.compact(Instant(2)).expect("sound"), start.elapsed());
    let start = Clock::now();
    let cells: usize = series(&now(&lake), hours).iter().map(|one| one.values.len()).sum();
    println!("series after: {cells} cells in {:?}", start.elapsed());
    let (info, took) = write(&lake, "again", (hours, &mut batch), 49);
    println!("again, corrected: {} new, {} unchanged, {} revised in {took:?}", info.new, info.unchanged, info.revised);
    let start = Clock::now();
    let cells: usize = series(&now(&lake), hours).iter().map(|one| one.values.len()).sum();
    println!("series of both: {cells} cells in {:?}", start.elapsed());
}

/// Imports hour after hour; one value in `missing_one_in` is missing. The time is that spent in the lake.
fn write(
    lake: &Lake,
    name: &str,
    (hours, batch): (i32, &mut ReadingBatch),
    missing_one_in: u64,
) -> (ImportInfo, std::time::Duration) {
    let mut dice = Dice(42);
    let mut writer = begin(lake, name);
    let mut adding = std::time::Duration::ZERO;
    for n in 0..hours {
        batch.rows.clear();
        for station in 0..batch.stations.len() as u32 {
            for parameter in 0..batch.parameters.len() as u16 {
                let (missing, value) = (dice.roll(1 << 40).is_multiple_of(missing_one_in), dice.roll(300) as i32);
                let value = (!missing).then(|| Fixed::from_integer(value));
                let flag = if missing { Flag::Missing } else { Flag::Good };
                let row = n as u64 * batch.stations.len() as u64 + u64::from(station) + 2;
                let time = hour(n).end();
                batch.rows.push(Reading { station, parameter, span: Span::Hour, time, value, flag, row });
            }
        }
        let adds = Clock::now();
        writer.add_readings(batch).expect("taken");
        adding += adds.elapsed();
    }
    let adds = Clock::now();
    let info = writer.commit(Instant(1)).expect("kept");
    (info, adding + adds.elapsed())
}
