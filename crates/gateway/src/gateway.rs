//! Configuration, records and register → a running gateway, and everything that can be asked of it.

use crate::arrival::Arrival;
use crate::config::Config;
use crate::core::Core;
use crate::devices::DeviceState;
use crate::dialogue::{Dialogue, DialogueId};
use crate::error::GatewayError;
use crate::health::Health;
use crate::latest::Latest;
use crate::listener::{self, Door};
use crate::moment::Moment;
use crate::mqtt::{self, Broker};
use crate::request::Request;
use crate::roll::Directory;
use crate::rules::{Rules, Timing};
use crate::tls;
use crate::writer::Writer;
use domain::FrameId;
use domain::period::HOUR_MS;
use intake::hj212::Protocol;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use store::Store;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// A running gateway. It ends with [`Gateway::shutdown`].
#[derive(Debug)]
pub struct Gateway {
    address: SocketAddr,
    tls_address: Option<SocketAddr>,
    core: Arc<Core>,
    /// One permit for each connection that may be.
    places: Arc<Semaphore>,
    broker: Option<Arc<Broker>>,
    tasks: JoinSet<()>,
    /// Writer, then desk.
    threads: Vec<JoinHandle<()>>,
}

/// How long connections are waited for when the gateway ends: one may wait for a disk that is full.
const FAREWELL: Duration = Duration::from_secs(5);

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
        let places = Arc::new(Semaphore::new(config.max_connections.min(Semaphore::MAX_PERMITS)));
        let (core, clerk) = Core::new(config, store, protocol, directory)?;
        let core = Arc::new(core);
        let writer = Writer(core.clone());
        let threads = vec![thread("hj212-writer", move || writer.run())?, thread("hj212-desk", move || clerk.run())?];

        let mut tasks = JoinSet::new();
        tasks.spawn(follow_directory(core.clone()));
        let door = Arc::new(Door { core: core.clone(), places: places.clone(), numbers: AtomicU64::new(1) });
        tasks.spawn(listener::accept(listener, None, door.clone()));
        if let Some((listener, acceptor)) = encrypted {
            tasks.spawn(listener::accept(listener, Some(acceptor), door));
        }
        let broker = core.config.mqtt.clone().map(|mqtt| {
            let broker = Arc::<Broker>::default();
            tasks.spawn(mqtt::run(core.clone(), mqtt, broker.clone()));
            broker
        });
        Ok(Gateway { address, tls_address, core, places, broker, tasks, threads })
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
        self.core.hub.follow()
    }

    /// Arrivals after `after`, in order; `None` if some of them are in the journal only.
    pub fn recent(&self, after: FrameId) -> Option<Vec<Arc<Arrival>>> {
        self.core.hub.recent(after)
    }

    /// The newest value of every series, sorted by device.
    pub fn latest(&self) -> Vec<Latest> {
        self.core.latest.all()
    }

    /// The newest values of one device.
    pub fn latest_of(&self, mn: &str) -> Vec<Latest> {
        self.core.latest.of(mn)
    }

    /// Every device of the register and every one that was heard of, by code.
    pub fn devices(&self) -> Vec<DeviceState> {
        let mut states = self.core.devices.all();
        let now = Moment::now().wall;
        let max_age_ms = i64::from(Rules::builtin().key_max_age_days) * 24 * HOUR_MS;
        let roll = self.core.roll.roll();
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
        self.core.desk.ask(mn, request, actor)
    }

    /// A dialogue by its number.
    pub fn dialogue(&self, id: DialogueId) -> Option<Dialogue> {
        self.core.desk.get(id)
    }

    /// The dialogues of a device, the newest first.
    pub fn dialogues(&self, mn: &str) -> Vec<Dialogue> {
        self.core.desk.of(mn)
    }

    /// A wake-up for every change of a dialogue, with its number.
    pub fn dialogue_changes(&self) -> watch::Receiver<DialogueId> {
        self.core.desk.follow()
    }

    /// How long dialogues with a device wait, as command 1000 or the standard has it.
    pub fn timing(&self, mn: &str) -> Timing {
        self.core.desk.timing(mn)
    }

    /// Whether frames are taken, and why not.
    pub fn health(&self) -> Health {
        let state = self.core.gate.state();
        let max_connections = self.core.config.max_connections;
        let (in_flight_bytes, in_flight_limit) = self.core.queue.in_flight();
        Health {
            accepting: state.reason.is_none(),
            reason: state.reason,
            code: state.code,
            since: state.since,
            connections: max_connections - self.places.available_permits().min(max_connections),
            queue: self.core.queue.len(),
            in_flight_bytes,
            in_flight_limit,
            mqtt_connected: self.broker.as_ref().map(|broker| broker.connected.load(Ordering::Acquire)),
            counts: self.core.counters.read(),
        }
    }

    /// Closes all connections, writes what waits, and ends.
    pub async fn shutdown(mut self) {
        self.core.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
        // Connections give their places back when they have ended.
        let all = u32::try_from(self.core.config.max_connections).unwrap_or(u32::MAX);
        let _ = tokio::time::timeout(FAREWELL, self.places.acquire_many(all)).await;
        self.core.queue.close();
        let (core, threads) = (self.core.clone(), std::mem::take(&mut self.threads));
        let ended = tokio::task::spawn_blocking(move || {
            for thread in threads {
                // A thread that panicked has said so.
                let _ = thread.join();
                // The desk hears the writer to the end.
                core.desk.stop();
            }
        });
        let _ = ended.await;
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.core.stop.send_replace(true);
        self.core.queue.close();
        self.core.desk.stop();
    }
}

async fn follow_directory(core: Arc<Core>) {
    let mut stopping = core.stop.subscribe();
    let mut directory = core.roll.directory();
    loop {
        tokio::select! {
            changed = directory.changed() => match changed {
                Ok(()) => core.roll.renew(),
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
