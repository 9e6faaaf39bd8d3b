//! What all parts of a running gateway share: made once at start, from configuration, records and register.

use crate::config::Config;
use crate::counters::Counters;
use crate::desk::{Desk, DeskParts, DeskThread};
use crate::devices::Devices;
use crate::error::GatewayError;
use crate::health::Gate;
use crate::hub::Hub;
use crate::latest::LatestValues;
use crate::queue::Queue;
use crate::recall::{Reading, recall};
use crate::roll::{Directory, RollKeeper};
use intake::hj212::Protocol;
use intake::micro::Micros;
use std::sync::Arc;
use store::Store;
use tokio::sync::watch;

/// The shared parts.
#[derive(Debug)]
pub(crate) struct Core {
    pub config: Config,
    pub store: Arc<Store>,
    pub protocol: Arc<Protocol>,
    pub roll: Arc<RollKeeper>,
    pub queue: Queue,
    pub gate: Gate,
    pub hub: Hub,
    pub latest: LatestValues,
    pub devices: Arc<Devices>,
    pub desk: Arc<Desk>,
    pub counters: Counters,
    /// True when the gateway ends.
    pub stop: watch::Sender<bool>,
}

impl Core {
    /// All parts, with what the journal knows of devices and values; and the desk's thread, to be run.
    pub fn new(
        config: Config,
        store: Arc<Store>,
        protocol: Arc<Protocol>,
        directory: watch::Receiver<Arc<Directory>>,
    ) -> Result<(Core, DeskThread), GatewayError> {
        let roll = Arc::new(RollKeeper::new(directory, store.clone()));
        let devices = Arc::<Devices>::default();
        let latest = LatestValues::default();
        let micros = config.mqtt.as_ref().map_or(Micros::builtin(), |mqtt| &*mqtt.micros);
        recall(&store, &roll.roll(), &Reading { protocol: &protocol, micros }, (&devices, &latest))?;
        let parts = DeskParts {
            protocol: protocol.clone(),
            devices: devices.clone(),
            roll: roll.clone(),
            store: store.clone(),
        };
        let (desk, thread) = Desk::new(parts)?;
        let core = Core {
            queue: Queue::new(config.in_flight_bytes, config.group),
            hub: Hub::new(config.recent_arrivals, store.journal().last_id()?),
            config,
            store,
            protocol,
            roll,
            gate: Gate::new(),
            latest,
            devices,
            desk,
            counters: Counters::default(),
            stop: watch::Sender::new(false),
        };
        Ok((core, thread))
    }
}
