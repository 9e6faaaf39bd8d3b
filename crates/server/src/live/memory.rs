//! What the series tests last said, by device, code and cadence: fed by the engine, read by the wall.

use domain::Cadence;
use std::collections::HashMap;
use std::sync::Arc;

/// The newest judgement of every series.
#[derive(Clone, Debug, Default)]
pub struct Qc(HashMap<Arc<str>, Vec<Judgement>>);

/// Code, cadence and flag.
type Judgement = (Arc<str>, Cadence, u8);

impl Qc {
    /// The newest judgement of a series; none where nothing was tested.
    pub fn of(&self, mn: &str, code: &str, cadence: Cadence) -> Option<u8> {
        let series = self.0.get(mn)?;
        series.iter().find(|(own, of, _)| **own == *code && *of == cadence).map(|(_, _, flag)| *flag)
    }

    pub(super) fn set(&mut self, mn: &str, code: &str, cadence: Cadence, flag: u8) {
        if !self.0.contains_key(mn) {
            self.0.insert(mn.into(), Vec::new());
        }
        let Some(series) = self.0.get_mut(mn) else { return };
        match series.iter_mut().find(|(own, of, _)| **own == *code && *of == cadence) {
            Some((_, _, known)) => *known = flag,
            None => series.push((code.into(), cadence, flag)),
        }
    }
}
