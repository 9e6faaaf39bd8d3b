//! Kept frames → what they say, again: for the state at start, and for everyone who reads values from the
//! journal.

use crate::arrival::Arrival;
use crate::devices::Devices;
use crate::latest::LatestValues;
use crate::roll::Roll;
use crate::rules::is_trusted;
use domain::{Cadence, OnlineMessage};
use intake::hj212::{self, Key, Protocol};
use intake::micro::Micros;
use std::sync::Arc;
use store::{Frame, Source, Store, StoreError, Verdict};

/// What kept frames are read with.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The three generations of HJ 212.
    pub protocol: &'a Protocol,
    /// Payloads of micro-stations.
    pub micros: &'a Micros,
}

impl Reading<'_> {
    /// What a kept frame says; `None` for one that is broken, is not data, or whose sender was not who it
    /// says. `keys` are those of the device, the newest first.
    ///
    /// A publication with several messages is kept as several frames with the same bytes: each stands for
    /// the message of its own device, cadence and time.
    pub fn message(&self, frame: &Frame, keys: &[Key]) -> Option<OnlineMessage> {
        if frame.verdict == Verdict::Broken || !is_trusted(&frame.deviations) {
            return None;
        }
        match frame.source {
            Source::Mqtt => {
                let (messages, _) = self.micros.read(&frame.cn, &frame.raw, frame.id);
                let is_it = |message: &OnlineMessage| {
                    message.mn == frame.mn
                        && Some(message.cadence) == frame.cadence
                        && Some(message.time) == frame.data_time
                };
                messages.into_iter().find(is_it)
            }
            Source::Hj212 => {
                let first = hj212::decode(&frame.raw, keys.first(), self.protocol);
                let others = keys.iter().skip(1).map(|key| hj212::decode(&frame.raw, Some(key), self.protocol));
                let decoded = std::iter::once(first).chain(others).find(|decoded| decoded.ok)?;
                hj212::message(&decoded, frame.id, self.protocol).0
            }
        }
    }
}

/// Reads the newest frame of every device and cadence. Called once, at start.
pub(crate) fn recall(
    store: &Store,
    roll: &Roll,
    reading: &Reading<'_>,
    (devices, latest): (&Devices, &LatestValues),
) -> Result<(), StoreError> {
    for cadence in Cadence::ALL {
        let frames = store.journal().latest(cadence)?;
        let arrivals: Vec<Arc<Arrival>> =
            frames.into_iter().map(|frame| Arc::new(arrival(frame, reading, roll))).collect();
        arrivals.iter().for_each(|arrival| devices.recall(arrival));
        latest.learn(&arrivals);
    }
    Ok(())
}

/// A kept frame as it arrived.
fn arrival(frame: Frame, reading: &Reading<'_>, roll: &Roll) -> Arrival {
    let device = roll.find(&frame.mn);
    let message = device.and_then(|device| reading.message(&frame, &device.keys));
    Arrival {
        frame: frame.id,
        received: frame.received,
        trusted: device.is_some() && is_trusted(&frame.deviations),
        mn: frame.mn,
        cn: frame.cn,
        message,
        verdict: frame.verdict,
        deviations: frame.deviations,
    }
}
