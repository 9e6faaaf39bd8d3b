//! Judged hours of air and water stations → observations of the lake, so that indicators are made of them.
//!
//! The row of each observation is the number of the first frame it was made of.

use super::judge::Judged;
use crate::data::Data;
use crate::jobs::online::desk::Desk;
use crate::trouble::Trouble;
use domain::period::HOUR_MS;
use domain::{Fixed, Flag, Instant, Outlet, OutletKind, Reading, ReadingBatch, Span};
use lake::ImportMeta;
use sha2::{Digest, Sha256};

/// Name by which these imports are known.
const MAPPING: &str = "hj212";

/// Hours to be published together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    batch: ReadingBatch,
}

impl Batch {
    /// Takes a judged hour of a station; others are left alone.
    pub fn add(&mut self, desk: &Desk<'_>, outlet: &Outlet, judged: &Judged) {
        if !matches!(outlet.kind, OutletKind::Air | OutletKind::SurfaceWater | OutletKind::Micro) {
            return;
        }
        let Judged::Hour(hour, unit) = judged else { return };
        let Some(parameter) = desk.data.catalogs.parameters.get(&hour.code) else { return };
        let conversion = desk.data.catalogs.units.conversion(unit, &parameter.unit);
        let Ok(conversion) = conversion else { return };
        let value: Option<Fixed> = hour.values.value.and_then(|value| conversion.apply(value).ok());
        let flag = match (value, hour.values.valid) {
            (None, _) => Flag::Missing,
            (Some(_), true) => Flag::Good,
            (Some(_), false) => Flag::Invalid,
        };
        let station = place(&mut self.batch.stations, &outlet.code) as u32;
        let parameter = place(&mut self.batch.parameters, &parameter.code) as u16;
        let row = hour.frames.map_or(0, |(first, _)| first.0);
        let time = Instant(hour.start.0 + HOUR_MS);
        self.batch.rows.push(Reading { station, parameter, span: Span::Hour, time, value, flag, row });
    }

    /// Publishes them at once.
    pub fn commit(self, data: &Data) -> Result<(), Trouble> {
        if self.batch.rows.is_empty() {
            return Ok(());
        }
        let now = crate::clock::now();
        let mut hash = Sha256::new();
        hash.update(now.0.to_le_bytes());
        for reading in &self.batch.rows {
            hash.update(reading.time.0.to_le_bytes());
            hash.update(reading.row.to_le_bytes());
            hash.update(reading.value.map_or(i64::MIN, Fixed::millionths).to_le_bytes());
        }
        let meta = ImportMeta {
            file: format!("HJ 212 {}", now.to_iso()),
            sha256: hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
            mapping: MAPPING.to_string(),
            method: "automatic".to_string(),
            given: String::new(),
            again: false,
        };
        let mut writer = data.lake.begin(meta)?;
        writer.add_readings(&self.batch)?;
        writer.add_rows(self.batch.rows.len() as u64);
        writer.commit(now)?;
        Ok(())
    }
}

fn place(list: &mut Vec<String>, word: &str) -> usize {
    match list.iter().position(|own| own == word) {
        Some(at) => at,
        None => {
            list.push(word.to_string());
            list.len() - 1
        }
    }
}
