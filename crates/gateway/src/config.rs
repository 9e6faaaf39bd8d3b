//! What a deployment sets → how the gateway listens and where it draws its lines. Filled by `server`.
//!
//! None of these numbers is a standard's: those stand in `catalog/gateway.toml` and are read by
//! [`crate::rules`].

use intake::micro::Micros;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Everything a gateway is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where instruments connect.
    pub listen: SocketAddr,
    /// Connections held at most; one more is closed at once and counted.
    pub max_connections: usize,
    /// Seconds without a whole frame after which a connection is closed.
    pub idle_s: u32,
    /// Seconds within which a new connection must have sent its first whole frame. Devices that send minute
    /// values only may have nothing to say for ten minutes.
    pub first_frame_s: u32,
    /// Longest frame taken, in bytes.
    pub max_frame_bytes: usize,
    /// Bytes of frames that may wait to be written, of all connections together.
    pub in_flight_bytes: usize,
    /// Group commit.
    pub group: Group,
    /// Lines drawn for one connection.
    pub limits: Limits,
    /// Newest arrivals kept in memory for those who follow them.
    pub recent_arrivals: usize,
    /// Encrypted listener beside the plain one.
    pub tls: Option<Tls>,
    /// Micro-stations over MQTT.
    pub mqtt: Option<MqttConfig>,
}

/// When frames that wait become durable together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Frames in one transaction at most.
    pub max_frames: usize,
    /// Milliseconds that a busy gateway waits for more frames; an idle one writes at once.
    pub max_wait_ms: u32,
}

/// What one connection may do before it is slowed or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Seconds within which a frame that began must be whole.
    pub frame_s: u32,
    /// Seconds within which a peer must have taken what is sent to it.
    pub write_s: u32,
    /// Frames of one connection that may wait to be written; it is not read meanwhile.
    pub pending_frames: usize,
    /// Frames per second a connection may keep sending; it is read slower beyond.
    pub frames_per_s: u32,
    /// Frames it may send at once before that rate counts.
    pub burst_frames: u32,
    /// Bytes of garbage after which it is closed; every good frame gives back as many bytes as it has.
    pub garbage_bytes: usize,
    /// Frames of unknown or false senders that are kept before the connection is closed.
    pub stranger_frames: u32,
}

/// The encrypted listener.
#[derive(Clone, Debug)]
pub struct Tls {
    /// Where instruments connect.
    pub listen: SocketAddr,
    /// Certificate chain, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

/// The broker that micro-stations publish to.
#[derive(Clone, Debug)]
pub struct MqttConfig {
    /// Its host name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Name of this client: the broker keeps what is not acknowledged under it.
    pub client_id: String,
    /// User and password, if it asks for them.
    pub credentials: Option<(String, String)>,
    /// Topics subscribed to.
    pub topics: Vec<String>,
    /// How their payloads are read.
    pub micros: Arc<Micros>,
    /// Seconds between signs of life.
    pub keep_alive_s: u16,
}

impl Config {
    /// Usual settings for one city: a listener on `listen`, without TLS and MQTT.
    pub fn new(listen: SocketAddr) -> Config {
        Config {
            listen,
            max_connections: 20_000,
            idle_s: 3_900,
            first_frame_s: 600,
            max_frame_bytes: 16 * 1024,
            in_flight_bytes: 64 * 1024 * 1024,
            group: Group { max_frames: 4_096, max_wait_ms: 4 },
            limits: Limits::default(),
            recent_arrivals: 8_192,
            tls: None,
            mqtt: None,
        }
    }
}

impl MqttConfig {
    /// Usual settings for a broker, with the topics that the mappings are for.
    pub fn new(host: impl Into<String>, port: u16, micros: Arc<Micros>) -> MqttConfig {
        MqttConfig {
            host: host.into(),
            port,
            client_id: "jingce".to_string(),
            credentials: None,
            topics: micros.topics(),
            micros,
            keep_alive_s: 30,
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            frame_s: 30,
            write_s: 20,
            pending_frames: 64,
            frames_per_s: 1_000,
            burst_frames: 2_000,
            garbage_bytes: 64 * 1024,
            stranger_frames: 10,
        }
    }
}
