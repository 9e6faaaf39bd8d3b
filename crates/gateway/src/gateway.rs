//! Configuration, records and register → a running gateway, and everything that can be asked of it.

use crate::arrival::Arrival;
use crate::config::Config;
use crate::connection::Shared;
use crate::counters::Counters;
use crate::desk::{Desk, DeskParts};
use crate::devices::{DeviceState, Devices};
use crate::dialogue::{Dialogue, DialogueId};
use crate::error::GatewayError;
use crate::health::{Gate, Health};
use crate::hub::Hub;
use crate::latest::{Latest, LatestValues};
use crate::listener::{self, Door};
use crate::moment::Moment;
use crate::mqtt::{self, Broker};
use crate::queue::Queue;
use crate::recall::{Reading, recall};
use crate::request::Request;
use crate::roll::{Directory, RollKeeper};
use crate::rules::{Rules, Timing};
use crate::tls;
use crate::writer::Writer;
use domain::FrameId;
use domain::period::HOUR_MS;
use intake::hj212::Protocol;
use intake::micro::Micros;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use store::Store;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// A running gateway. It ends with [`Gateway::shutdown`].
#[derive(Debug)]
pub struct Gateway {
    address: SocketAddr,
    tls_address: Option<SocketAddr>,
    max_connections: usize,
    queue: Arc<Queue>,
    gate: Arc<Gate>,
    hub: Arc<Hub>,
    latest: Arc<LatestValues>,
    devices: Arc<Devices>,
    desk: Arc<Desk>,
    roll: Arc<RollKeeper>,
    counters: Arc<Counters>,
    places: Arc<Semaphore>,
    broker: Option<Arc<Broker>>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    writer: Option<JoinHandle<()>>,
    clerk: Option<JoinHandle<()>>,
}

impl Gateway {
    /// Starts listening. It must be called on a tokio runtime with IO and time.
    pub fn start(
        config: Config,
        store: Arc<Store>,
        protocol: Arc<Protocol>,
        directory: watch::Receiver<Arc<Directory>>,
    ) -> Result<Gateway, GatewayError> {
        let listener = listener::bind(config.listen)?;
        let address = listener.local_addr().map_err(|source| listen_error(config.listen, source))?;
        let encrypted = match &config.tls {
            Some(tls) => Some((listener::bind(tls.listen)?, tls::acceptor(tls)?)),
            None => None,
        };
        let tls_address = encrypted.as_ref().and_then(|(listener, _)| listener.local_addr().ok());

        let roll = Arc::new(RollKeeper::new(directory, store.clone()));
        let devices = Arc::<Devices>::default();
        let latest = Arc::<LatestValues>::default();
        let micros = config.mqtt.as_ref().map_or(Micros::builtin(), |mqtt| &*mqtt.micros);
        recall(&store, &roll.roll(), &Reading { protocol: &protocol, micros }, (&devices, &latest))?;
        let hub = Arc::new(Hub::new(config.recent_arrivals, store.journal().last_id()?));
        let parts = DeskParts {
            protocol: protocol.clone(),
            devices: devices.clone(),
            roll: roll.clone(),
            store: store.clone(),
        };
        let (desk, clerk) = Desk::new(parts)?;
        let queue = Arc::new(Queue::new(config.in_flight_bytes, config.group));
        let gate = Arc::new(Gate::new());
        let counters = Arc::<Counters>::default();
        let writer = Writer {
            store,
            queue: queue.clone(),
            gate: gate.clone(),
            hub: hub.clone(),
            latest: latest.clone(),
            devices: devices.clone(),
            desk: desk.clone(),
            counters: counters.clone(),
        };
        let writer = thread("hj212-writer", move || writer.run())?;
        let clerk = thread("hj212-desk", move || clerk.run())?;

        let (stop, stopping) = watch::channel(false);
        let max_connections = config.max_connections;
        let places = Arc::new(Semaphore::new(max_connections.min(Semaphore::MAX_PERMITS)));
        let mqtt = config.mqtt.clone();
        let broker = Arc::<Broker>::default();
        let shared = Arc::new(Shared {
            config,
            protocol,
            roll: roll.watch(),
            queue: queue.clone(),
            gate: gate.clone(),
            devices: devices.clone(),
            counters: counters.clone(),
            stopping: stopping.clone(),
        });
        let door = Arc::new(Door { shared: shared.clone(), places: places.clone(), numbers: AtomicU64::new(1) });
        let mut tasks = JoinSet::new();
        tasks.spawn(follow_directory(roll.clone(), stopping));
        tasks.spawn(listener::accept(listener, None, door.clone()));
        if let Some((listener, acceptor)) = encrypted {
            tasks.spawn(listener::accept(listener, Some(acceptor), door));
        }
        let broker = mqtt.map(|mqtt| {
            tasks.spawn(mqtt::run(shared, mqtt, broker.clone()));
            broker
        });
        let (writer, clerk) = (Some(writer), Some(clerk));
        Ok(Gateway {
            address,
            tls_address,
            max_connections,
            queue,
            gate,
            hub,
            latest,
            devices,
            desk,
            roll,
            counters,
            places,
            broker,
            stop,
            tasks,
            writer,
            clerk,
        })
    }

    /// Where instruments connect.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Where they connect encrypted.
    pub fn tls_addr(&self) -> Option<SocketAddr> {
        self.tls_address
    }

    /// The number of the last durable frame, and a wake-up for each change.
    pub fn arrivals(&self) -> watch::Receiver<FrameId> {
        self.hub.follow()
    }

    /// Arrivals after `after`, in order; `None` if some of them are in the journal only.
    pub fn recent(&self, after: FrameId) -> Option<Vec<Arc<Arrival>>> {
        self.hub.recent(after)
    }

    /// The newest value of every series, sorted by device.
    pub fn latest(&self) -> Vec<Latest> {
        self.latest.all()
    }

    /// The newest values of one device.
    pub fn latest_of(&self, mn: &str) -> Vec<Latest> {
        self.latest.of(mn)
    }

    /// Every device of the register and every one that was heard of, by code.
    pub fn devices(&self) -> Vec<DeviceState> {
        let mut states = self.devices.all();
        let now = Moment::now().wall;
        let max_age_ms = i64::from(Rules::builtin().key_max_age_days) * 24 * HOUR_MS;
        let roll = self.roll.roll();
        states.values_mut().for_each(|state| state.registered = false);
        for device in roll.all() {
            let mn = device.mn.to_string();
            let state = states.entry(mn.clone()).or_insert_with(|| DeviceState { mn, ..DeviceState::default() });
            state.registered = true;
            state.key_since = device.key_since;
            state.key_due = device.key_since.is_some_and(|since| now.0 - since.0 > max_age_ms);
        }
        let mut states: Vec<DeviceState> = states.into_values().collect();
        states.sort_unstable_by(|a, b| a.mn.cmp(&b.mn));
        states
    }

    /// Asks something of a device. The request is in the audit when this returns, and is sent when the
    /// dialogues before it are over. It writes to the disk: call it where waiting is allowed.
    pub fn ask(&self, mn: &str, request: Request, actor: &str) -> Result<DialogueId, GatewayError> {
        self.desk.ask(mn, request, actor)
    }

    /// A dialogue by its number.
    pub fn dialogue(&self, id: DialogueId) -> Option<Dialogue> {
        self.desk.get(id)
    }

    /// The dialogues of a device, the newest first.
    pub fn dialogues(&self, mn: &str) -> Vec<Dialogue> {
        self.desk.of(mn)
    }

    /// A wake-up for every change of a dialogue, with its number.
    pub fn dialogue_changes(&self) -> watch::Receiver<DialogueId> {
        self.desk.follow()
    }

    /// How long dialogues with a device wait, as command 1000 or the standard has it.
    pub fn timing(&self, mn: &str) -> Timing {
        self.desk.timing(mn)
    }

    /// Whether frames are taken, and why not.
    pub fn health(&self) -> Health {
        let state = self.gate.state();
        let (in_flight_bytes, in_flight_limit) = self.queue.in_flight();
        Health {
            accepting: state.reason.is_none(),
            reason: state.reason,
            code: state.code,
            since: state.since,
            connections: self.max_connections - self.places.available_permits().min(self.max_connections),
            queue: self.queue.len(),
            in_flight_bytes,
            in_flight_limit,
            mqtt_connected: self.broker.as_ref().map(|broker| broker.connected.load(Ordering::Acquire)),
            counts: self.counters.read(),
        }
    }

    /// Closes all connections, writes what waits, and ends.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
        // Connections give their places back when they have ended.
        let all = u32::try_from(self.max_connections).unwrap_or(u32::MAX);
        let _ = self.places.acquire_many(all).await;
        self.queue.close();
        let (writer, clerk, desk) = (self.writer.take(), self.clerk.take(), self.desk.clone());
        let ended = tokio::task::spawn_blocking(move || {
            writer.into_iter().for_each(|thread| drop(thread.join()));
            desk.stop();
            clerk.into_iter().for_each(|thread| drop(thread.join()));
        });
        let _ = ended.await;
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        self.queue.close();
        self.desk.stop_soon();
    }
}

async fn follow_directory(roll: Arc<RollKeeper>, mut stopping: watch::Receiver<bool>) {
    let mut directory = roll.directory();
    loop {
        tokio::select! {
            changed = directory.changed() => match changed {
                Ok(()) => roll.renew(),
                // Nobody can change it any more.
                Err(_) => return,
            },
            _ = stopping.changed() => return,
        }
    }
}

fn thread(name: &'static str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, GatewayError> {
    std::thread::Builder::new()
        .name(name.to_string())
        .spawn(run)
        .map_err(|source| GatewayError::Thread { name, source })
}

fn listen_error(address: SocketAddr, source: std::io::Error) -> GatewayError {
    GatewayError::Listen { address, source }
}
