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
    let mut dice = Dice(42);
    let mut batch = ReadingBatch {
        stations: (0..stations).map(|n| format!("{n:04}A")).collect(),
        parameters: parameters.map(str::to_string).to_vec(),
        rows: Vec::new(),
    };
    let mut writer = begin(&lake, "nation");
    let mut adding = std::time::Duration::ZERO;
    let start = Clock::now();
    for n in 0..hours {
        batch.rows.clear();
        for station in 0..stations {
            for parameter in 0..parameters.len() {
                let missing = dice.roll(50) == 0;
                let value = (!missing).then(|| Fixed::from_millionths(dice.roll(300) as i64 * 1_000_000));
                let flag = if missing { Flag::Missing } else { Flag::Good };
                let (station, parameter) = (station as u32, parameter as u16);
                let row = n as u64 * stations as u64 + u64::from(station) + 2;
                batch.rows.push(Reading {
                    station,
                    parameter,
                    span: Span::Hour,
                    time: hour(n).end(),
                    value,
                    flag,
                    row,
                });
            }
        }
        let adds = Clock::now();
        writer.add_readings(&batch).expect("taken");
        adding += adds.elapsed();
    }
    let adds = Clock::now();
    let info = writer.commit(Instant(1)).expect("kept");
    adding += adds.elapsed();
    let total = (info.values + info.missing) as f64;
    let bytes: u64 = now(&lake).files().map(|file| file.bytes).sum();
    println!(
        "{total} readings: all {:?}, in the lake {adding:?} ({:.2} M/s), {} files, {:.2} bytes each",
        start.elapsed(),
        total / adding.as_secs_f64() / 1e6,
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
}
