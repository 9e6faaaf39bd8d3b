//! Columns of concentrations → AQI, level and primary pollutants, on one core: station-hours a second.
//!
//! `bench-aqi FOLDER [--runs 5] [--index hj633-2026] [--block 16384] [--out aqi.u16]`; the folder comes from
//! `make.py aqi` and holds `<item>.i64` for every item of the real-time report.

use anyhow::{Context, Result};
use bench::{Clock, Options, read_i64};
use standards::{AqiColumns, Catalog, Period};

fn main() -> Result<()> {
    let options = Options::read()?;
    let folder = options.path("the folder made by `make.py aqi`")?;
    let id = options.text("index").unwrap_or("hj633-2026");
    let block = options.number("block", 16_384)?.max(1);
    let catalog = Catalog::builtin();
    let index = catalog.index(id).with_context(|| format!("no index {id} in the catalog"))?;
    let items = index.items(Period::Hour);
    let columns =
        items.iter().map(|item| read_i64(&format!("{folder}/{}.i64", item.item))).collect::<Result<Vec<_>>>()?;
    let rows = columns.iter().map(Vec::len).min().unwrap_or(0);

    let mut out = AqiColumns::default();
    let mut aqi = vec![0_u16; rows];
    for _ in 0..options.number("runs", 5)? {
        let clock = Clock::start();
        for start in (0..rows).step_by(block) {
            let end = (start + block).min(rows);
            let part: Vec<&[i64]> = columns.iter().map(|column| &column[start..end]).collect();
            index.columns(Period::Hour, &part, &mut out);
            aqi[start..end].copy_from_slice(&out.aqi);
        }
        clock.print("aqi", &[("rows", rows as f64), ("rows_per_second", rows as f64 / clock.seconds())]);
    }
    if let Some(path) = options.text("out") {
        let bytes: Vec<u8> = aqi.iter().flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(path, bytes).with_context(|| path.to_string())?;
    }
    Ok(())
}
