//! Messages → the newest value of every series, in memory. Filled by the writer, rebuilt from the journal
//! at start, read by `server`.

use crate::arrival::Arrival;
use domain::{Cadence, OnlineItem, OnlineMessage};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The newest value of one series: a code of a device in one cadence.
#[derive(Clone, Debug)]
pub struct Latest {
    arrival: Arc<Arrival>,
    item: usize,
}

/// The newest values of all series.
#[derive(Debug, Default)]
pub(crate) struct LatestValues {
    devices: Mutex<HashMap<String, Vec<Latest>>>,
}

impl Latest {
    /// The frame it came in.
    pub fn arrival(&self) -> &Arrival {
        &self.arrival
    }

    /// The message it is part of.
    pub fn message(&self) -> &OnlineMessage {
        self.arrival.message.as_ref().expect("only arrivals with a message are kept here")
    }

    /// The value itself.
    pub fn item(&self) -> &OnlineItem {
        &self.message().items[self.item]
    }

    fn is_of(&self, cadence: Cadence, code: &str) -> bool {
        self.message().cadence == cadence && self.item().code == code
    }
}

impl LatestValues {
    /// Takes note of a message, if its sender can be trusted and it is not older than what is known.
    pub fn learn(&self, arrivals: &[Arc<Arrival>]) {
        let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        for arrival in arrivals.iter().filter(|arrival| arrival.trusted) {
            let Some(message) = &arrival.message else { continue };
            if !devices.contains_key(&message.mn) {
                devices.insert(message.mn.clone(), Vec::new());
            }
            let Some(series) = devices.get_mut(&message.mn) else { continue };
            // Devices send their items in the same order, so the next series is mostly the one after.
            let mut hint = 0;
            for (item, value) in message.items.iter().enumerate() {
                hint = place(series, hint, message.cadence, &value.code);
                let new = Latest { arrival: arrival.clone(), item };
                match series.get_mut(hint) {
                    Some(known) if known.message().time <= message.time => *known = new,
                    Some(_) => {}
                    None => series.push(new),
                }
                hint += 1;
            }
        }
    }

    /// The newest values of one device.
    pub fn of(&self, mn: &str) -> Vec<Latest> {
        let devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        devices.get(mn).cloned().unwrap_or_default()
    }

    /// The newest values of all, sorted by device.
    pub fn all(&self) -> Vec<Latest> {
        let devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<(&String, &Vec<Latest>)> = devices.iter().collect();
        all.sort_unstable_by_key(|(mn, _)| *mn);
        all.into_iter().flat_map(|(_, series)| series.iter().cloned()).collect()
    }
}

/// Where a series stands, looking at `hint` first; the end if it is new.
fn place(series: &[Latest], hint: usize, cadence: Cadence, code: &str) -> usize {
    if series.get(hint).is_some_and(|known| known.is_of(cadence, code)) {
        return hint;
    }
    series.iter().position(|known| known.is_of(cadence, code)).unwrap_or(series.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{FrameId, Instant};
    use store::Verdict;

    fn arrival(mn: &str, time: i64, codes: &[&str]) -> Arc<Arrival> {
        let items = codes.iter().map(|code| OnlineItem { code: code.to_string(), ..OnlineItem::default() }).collect();
        let message = OnlineMessage {
            frame: FrameId(time as u64),
            mn: mn.to_string(),
            st: String::new(),
            cadence: Cadence::Minute,
            time: Instant(time),
            part: (1, 1),
            resent: false,
            items,
        };
        Arc::new(Arrival {
            frame: message.frame,
            received: Instant(0),
            mn: mn.to_string(),
            cn: String::new(),
            message: Some(message),
            verdict: Verdict::Conforms,
            deviations: Vec::new(),
            trusted: true,
        })
    }

    fn shown(latest: &LatestValues, mn: &str) -> Vec<(String, i64)> {
        latest.of(mn).iter().map(|value| (value.item().code.clone(), value.message().time.0)).collect()
    }

    #[test]
    fn what_is_filled_in_later_does_not_hide_the_newest() {
        let latest = LatestValues::default();
        latest.learn(&[arrival("A", 2, &["x", "y"]), arrival("A", 1, &["y", "z"]), arrival("A", 3, &["x"])]);
        assert_eq!(shown(&latest, "A"), [("x".into(), 3), ("y".into(), 2), ("z".into(), 1)]);
        let untrusted = Arrival { trusted: false, ..(*arrival("A", 9, &["x"])).clone() };
        latest.learn(&[Arc::new(untrusted)]);
        assert_eq!(shown(&latest, "A")[0].1, 3);
    }

    #[test]
    fn ten_thousand_series_are_read_in_an_instant() {
        let latest = LatestValues::default();
        let codes: Vec<String> = (0..10).map(|code| format!("a{code}")).collect();
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        let arrivals: Vec<_> = (0..1000).map(|mn| arrival(&mn.to_string(), 1, &codes)).collect();
        latest.learn(&arrivals);
        let start = std::time::Instant::now();
        assert_eq!(latest.all().len(), 10_000);
        // The aim is 20 ms; the rest is for a machine that does something else besides.
        assert!(start.elapsed().as_millis() < 200, "{:?}", start.elapsed());
        println!("10,000 series in {:?}", start.elapsed());
    }
}
