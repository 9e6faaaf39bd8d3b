//! `long.parquet` of `make.py nation` → a lake, written by the lake's own import and compacted.
//!
//! `bench-fill NATION_FOLDER LAKE_FOLDER`. Prints the time, which is that of the lake's part of an import.

use anyhow::{Context, Result};
use arrow::array::{Array, Float64Array, TimestampMillisecondArray, UInt8Array, UInt16Array};
use arrow::record_batch::RecordBatch;
use bench::{Clock, Options};
use domain::period::UTC_OFFSET_MS;
use domain::{Fixed, Flag, Instant, Reading, ReadingBatch, Span};
use lake::{ImportMeta, Lake};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::Path;

fn main() -> Result<()> {
    let options = Options::read()?;
    let [from, to] = options.free.as_slice() else { anyhow::bail!("give two folders: of the nation, of the lake") };
    let stations = column(&format!("{from}/stations.csv"), "code")?;
    let parameters = column(&format!("{from}/parameters.csv"), "code")?;
    let path = format!("{from}/long.parquet");
    let recorded = Instant::parse("2021-01-15 00:00:00").context("a fixed time")?;

    let clock = Clock::start();
    let lake = Lake::create_or_open(Path::new(to))?;
    let meta = ImportMeta {
        file: "long.parquet".to_string(),
        sha256: format!("{:064x}", std::fs::metadata(&path)?.len()),
        mapping: "bench".to_string(),
        method: "automatic".to_string(),
    };
    let mut writer = lake.begin(meta.clone())?;
    let file = File::open(&path).with_context(|| path.clone())?;
    let mut batch = ReadingBatch { stations, parameters, rows: Vec::new() };
    let mut row = 1;
    for part in ParquetRecordBatchReaderBuilder::try_new(file)?.with_batch_size(65_536).build()? {
        batch.rows.clear();
        readings(&part?, &mut row, &mut batch.rows)?;
        writer.add_readings(&batch)?;
    }
    let info = writer.commit(recorded)?;
    clock.print("fill", &[("values", info.values as f64), ("values_per_second", info.values as f64 / clock.seconds())]);

    let clock = Clock::start();
    lake.compact(recorded)?;
    clock.print("compact", &[("values", info.values as f64)]);

    // The next writer sweeps away what the compaction replaced; readers that ignore the commit log, as the
    // peers do, would else meet every value twice.
    drop(lake.begin(ImportMeta { sha256: String::new(), ..meta })?);
    Ok(())
}

fn column(path: &str, name: &str) -> Result<Vec<String>> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.to_string())?;
    let position =
        reader.headers()?.iter().position(|own| own == name).with_context(|| format!("no {name} in {path}"))?;
    reader.records().map(|record| record.map(|record| record[position].to_string()).context("a row")).collect()
}

fn readings(part: &RecordBatch, row: &mut u64, out: &mut Vec<Reading>) -> Result<()> {
    let station = part.column(0).as_any().downcast_ref::<UInt16Array>().context("station is UInt16")?;
    let parameter = part.column(1).as_any().downcast_ref::<UInt8Array>().context("parameter is UInt8")?;
    let time = part.column(2).as_any().downcast_ref::<TimestampMillisecondArray>().context("time is in ms")?;
    let value = part.column(3).as_any().downcast_ref::<Float64Array>().context("value is a double")?;
    for position in 0..part.num_rows() {
        *row += 1;
        // The made-up values have one decimal at most: rounding to millionths loses nothing.
        let millionths = (value.value(position) * 1e6).round() as i64;
        out.push(Reading {
            station: u32::from(station.value(position)),
            parameter: u16::from(parameter.value(position)),
            span: Span::Hour,
            time: Instant(time.value(position) - UTC_OFFSET_MS),
            value: Some(Fixed::from_millionths(millionths)),
            flag: Flag::Good,
            row: *row,
        });
    }
    Ok(())
}
