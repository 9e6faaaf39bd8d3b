//! The newest message of every device and cadence since the pages were last told → what they are told of it. Filled
//! by the engine for every message, so that the words are made only for those that are told.

use super::memory::Qc;
use crate::answers::online::wall::ValuesOf;
use crate::jobs::online::desk::Desk;
use crate::jobs::online::values;
use crate::jobs::online::wall::wall_value;
use domain::{Instant, OnlineMessage};
use std::collections::{BTreeMap, HashMap};

/// Frames of a device since the start of the process, and deviations in them.
pub(super) type Today = HashMap<String, (u64, u64)>;

/// By device: the newest of each cadence, and when it was received.
#[derive(Debug, Default)]
pub(super) struct Gathered(BTreeMap<String, Vec<(OnlineMessage, Instant)>>);

impl Gathered {
    /// A message that came; of an older time than what is known, it is no news.
    pub fn add(&mut self, message: &OnlineMessage, received: Instant) {
        let list = match self.0.get_mut(&message.mn) {
            Some(list) => list,
            None => self.0.entry(message.mn.clone()).or_default(),
        };
        match list.iter_mut().find(|(known, _)| known.cadence == message.cadence) {
            Some((known, _)) if known.time > message.time => {}
            Some(known) => *known = (message.clone(), received),
            None => list.push((message.clone(), received)),
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// What is told; nothing is gathered afterwards. In order of MN.
    pub fn take(&mut self, desk: &Desk<'_>, qc: &Qc, today: &Today) -> Vec<ValuesOf> {
        let all = std::mem::take(&mut self.0).into_values().flatten();
        all.map(|(message, received)| told(desk, (qc, today), &message, received)).collect()
    }
}

fn told(desk: &Desk<'_>, (qc, today): (&Qc, &Today), message: &OnlineMessage, received: Instant) -> ValuesOf {
    let (frames_today, deviations_today) = today.get(&message.mn).copied().unwrap_or_default();
    let at = (message.cadence, message.time, message.frame.0);
    let items = message.items.iter().filter(|item| values::value(message.cadence, item).is_some());
    let values =
        items.map(|item| wall_value(desk, &message.mn, at, item, qc.of(&message.mn, &item.code, message.cadence)));
    ValuesOf {
        mn: message.mn.clone(),
        outlet: desk.register.outlet_of(&message.mn).map(|outlet| outlet.code.clone()),
        cadence: message.cadence.code().to_string(),
        data_time: message.time.to_iso(),
        received: received.to_iso(),
        frame: message.frame.0,
        frames_today,
        deviations_today,
        values: values.collect(),
    }
}
