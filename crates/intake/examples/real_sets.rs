//! Reads the real sets of a folder of measurements and prints what they give: rows, values, missing
//! cells, problems, speed. `JINGCE_DATA=DIR cargo run -p intake --example real_sets`; sets that are not
//! there are left out.

use intake::{Context, Mappings, Source, open};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

const SETS: [(&str, &str); 17] = [
    ("air_chengdu_2020_2021/hourly.csv.gz", "dmgenet-hourly"),
    ("air_beijing_uci_2013_2017/prsa_12stations_hourly.csv.gz", "uci-beijing"),
    ("air_beijing_uci_2013_2017/prsa_12stations_hourly.parquet", "uci-beijing"),
    ("air_beijing_recent/hourly.csv.gz", "dmgenet-hourly"),
    ("air_cnemc_snapshots/cnemc_station_hourly_2snapshots.csv", "cnemc-snapshot"),
    ("air_cnemc_snapshots/heqinwill_2023-03-01T08_ziyang_sample.csv", "cnemc-snapshot"),
    ("air_cnemc_snapshots/stations_2018.csv", "national-stations"),
    ("air_cnemc_snapshots/stations_knowair.csv", "national-stations"),
    ("air_chengdu_uci_2010_2015/chengdu_pm25_met_hourly.csv.gz", "uci-chengdu"),
    ("air_uk_openair/mydata_marylebone_1998_2005.csv.gz", "openair-site"),
    ("water_national_2026-02-04/sections_realtime.csv", "national-water-stations"),
    ("water_qiantang_zhakou/zhakou_2020_hourly.csv", "water-auto-hourly"),
    ("water_qiantang_zhakou/qiantang_5param_hourly_2020_2023.csv", "water-auto-station"),
    ("demo/beijing-2013-2017.parquet", "uci-beijing"),
    ("demo/stations.csv", "stations"),
    ("demo/areas.csv", "areas"),
    ("big.csv", "jingce-wide-hourly"),
];

fn main() {
    let Some(root) = std::env::var_os("JINGCE_DATA") else {
        println!("JINGCE_DATA is not set: nothing to read");
        return;
    };
    let (mappings, context) = (Mappings::builtin(), Context::builtin());
    for (path, id) in SETS {
        let file = Path::new(&root).join(path);
        let (Ok(source), Some(mapping)) = (Source::open(&file), mappings.get(id)) else { continue };
        let started = Instant::now();
        let chunks = match open(source, &mapping.at_station("marylebone"), &context) {
            Ok(chunks) => chunks,
            Err(problem) => {
                println!("{path}: {}", problem.line(domain::Lang::En));
                continue;
            }
        };
        let (mut rows, mut readings, mut missing, mut records, mut rejects) = (0, 0, 0, 0, 0);
        let mut codes: BTreeMap<&'static str, u64> = BTreeMap::new();
        for chunk in chunks {
            rows += chunk.rows;
            readings += chunk.readings.rows.len();
            missing += chunk.readings.rows.iter().filter(|reading| reading.value.is_none()).count();
            records += chunk.records.len();
            rejects += chunk.rejects.len();
            chunk.problems.iter().for_each(|problem| *codes.entry(problem.code).or_default() += 1);
        }
        let seconds = started.elapsed().as_secs_f64();
        let speed = readings as f64 / seconds / 1e6;
        println!(
            "{path} [{id}]: {rows} rows, {readings} readings ({missing} missing), {records} records, {rejects} rejects, {codes:?}, {seconds:.2} s, {speed:.2} M readings/s"
        );
    }
}
