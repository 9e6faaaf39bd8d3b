//! The journal's newest frames → devices and latest values as they were before the last stop. Called once,
//! at start.

use crate::arrival::Arrival;
use crate::devices::Devices;
use crate::latest::LatestValues;
use crate::roll::Roll;
use crate::rules::is_trusted;
use domain::Cadence;
use intake::hj212::{self, Protocol};
use std::sync::Arc;
use store::{Frame, Source, Store, StoreError, Verdict};

/// Reads the newest frame of every device and cadence.
pub(crate) fn recall(
    store: &Store,
    protocol: &Protocol,
    roll: &Roll,
    (devices, latest): (&Devices, &LatestValues),
) -> Result<(), StoreError> {
    for cadence in Cadence::ALL {
        let frames = store.journal().latest(cadence)?;
        let arrivals: Vec<Arc<Arrival>> =
            frames.into_iter().map(|frame| Arc::new(arrival(frame, protocol, roll))).collect();
        arrivals.iter().for_each(|arrival| devices.recall(arrival));
        latest.learn(&arrivals);
    }
    Ok(())
}

/// A kept frame as it arrived.
fn arrival(frame: Frame, protocol: &Protocol, roll: &Roll) -> Arrival {
    let trusted = is_trusted(&frame.deviations) && roll.find(&frame.mn).is_some();
    let readable = trusted && frame.verdict != Verdict::Broken && frame.source == Source::Hj212;
    let keys = roll.find(&frame.mn).map(|device| device.keys.as_slice()).unwrap_or_default();
    let keys = std::iter::once(None).chain(keys.iter().map(Some));
    let decoded = keys.map(|key| hj212::decode(&frame.raw, key, protocol)).find(|decoded| decoded.ok);
    let message = decoded.filter(|_| readable).and_then(|decoded| hj212::message(&decoded, frame.id, protocol).0);
    Arrival {
        frame: frame.id,
        received: frame.received,
        mn: frame.mn,
        cn: frame.cn,
        message,
        verdict: frame.verdict,
        deviations: frame.deviations,
        trusted,
    }
}
