//! A gateway on a free port with some devices in its register, and instruments that connect to it.

use domain::{Device, Instant, Register};
use gateway::{Config, Directory, Gateway};
use intake::hj212::say::{self, Area, Party};
use intake::hj212::{
    Answer, Decoded, Framer, FramerLimits, Generation, Key, Outgoing, Piece, Protocol, decode, encode,
};
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::{Frame, FrameQuery, Secret, Store};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;

/// Longest wait for anything that should come.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Wait after which something that should not come is taken not to.
pub const SILENCE: Duration = Duration::from_millis(300);
/// An SM4 key: the one of the standard's examples.
pub const KEY: &str = "30303030303030303030303030303030";

pub struct World {
    pub dir: TempDir,
    pub store: Arc<Store>,
    pub gateway: Gateway,
    pub directory: watch::Sender<Arc<Directory>>,
}

/// An instrument's logger.
pub struct Instrument {
    pub stream: TcpStream,
    framer: Framer,
    pieces: VecDeque<Vec<u8>>,
}

/// Until it is so.
pub async fn until(so: impl Fn() -> bool) {
    let wait = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, wait).await.expect("it is so in time");
}

/// A config with usual times.
pub fn config() -> Config {
    Config::new("127.0.0.1:0".parse().unwrap())
}

/// The code of device `number`, as long as the generations since 2017 have it.
pub fn mn(number: usize) -> String {
    format!("{number:024X}")
}

/// Device `number` of a generation, with the password 123456.
pub fn party(number: usize, generation: Generation) -> Party {
    Party { generation, st: "31".into(), pw: "123456".into(), mn: mn(number), key: None }
}

pub fn device(number: usize, generation: Generation) -> Device {
    Device {
        mn: mn(number),
        outlet: format!("DA{number:03}"),
        st: "31".into(),
        generation: generation.code().into(),
        vendor: "V".into(),
        model: String::new(),
        networks: Vec::new(),
        minute_interval_min: 10,
        realtime_interval_s: 30,
        from: None,
        to: None,
    }
}

pub fn secret(password: &str, key_hex: Option<&str>) -> Secret {
    Secret { password: password.into(), key_hex: key_hex.map(str::to_string), since: Instant(1) }
}

/// `count` devices of 2017, numbered from 0.
pub fn directory(count: usize) -> Directory {
    let mut register = Register::default();
    let mut secrets = HashMap::new();
    for number in 0..count {
        register.devices.insert(mn(number), device(number, Generation::G2017));
        secrets.insert(mn(number), secret("123456", None));
    }
    Directory { register, secrets }
}

impl World {
    pub fn of(config: Config, directory: Directory) -> World {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(dir.path()).unwrap());
        World::on(dir, store, config, directory)
    }

    pub fn on(dir: TempDir, store: Arc<Store>, config: Config, directory: Directory) -> World {
        let (directory, receiver) = watch::channel(Arc::new(directory));
        let protocol = Arc::new(Protocol::builtin().clone());
        let gateway = Gateway::start(config, store.clone(), protocol, receiver).unwrap();
        World { dir, store, gateway, directory }
    }

    pub async fn connect(&self) -> Instrument {
        Instrument::connect(self.gateway.local_addr()).await
    }

    /// Every frame kept, in order.
    pub fn frames(&self) -> Vec<Frame> {
        self.frames_where(FrameQuery::default())
    }

    /// Every frame kept of a device, in order.
    pub fn frames_of(&self, mn: &str) -> Vec<Frame> {
        self.frames_where(FrameQuery { mn: Some(mn.to_string()), ..FrameQuery::default() })
    }

    fn frames_where(&self, query: FrameQuery) -> Vec<Frame> {
        let query = FrameQuery { limit: 100_000, ..query };
        let mut frames = self.store.journal().frames(&query).unwrap();
        frames.reverse();
        frames
    }

    /// Every frame kept, once there are `count`.
    pub async fn kept(&self, count: usize) -> Vec<Frame> {
        let mut arrivals = self.gateway.arrivals();
        let enough = timeout(PATIENCE, async {
            while self.frames().len() < count {
                arrivals.changed().await.unwrap();
            }
        });
        enough.await.expect("the frames are kept in time");
        self.frames()
    }
}

impl Instrument {
    pub async fn connect(address: SocketAddr) -> Instrument {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let framer = Framer::new(FramerLimits::default());
        Instrument { stream, framer, pieces: VecDeque::new() }
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    pub async fn say(&mut self, outgoing: &Outgoing) {
        self.send(&encode(outgoing)).await;
    }

    /// The next frame of the platform; `None` when it has closed.
    pub async fn next(&mut self) -> Option<Decoded<'static>> {
        let raw = self.next_raw().await?;
        Some(decode(&raw, None, Protocol::builtin()).into_owned())
    }

    /// The next frame, encrypted with a key.
    pub async fn hear_with(&mut self, key_hex: &str) -> Decoded<'static> {
        let raw = timeout(PATIENCE, self.next_raw()).await.expect("a frame in time").expect("a connection");
        decode(&raw, Key::from_hex(key_hex).as_ref(), Protocol::builtin()).into_owned()
    }

    async fn next_raw(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(raw) = self.pieces.pop_front() {
                return Some(raw);
            }
            let mut buffer = [0; 4096];
            let read = self.stream.read(&mut buffer).await.unwrap_or(0);
            if read == 0 {
                return None;
            }
            self.framer.push(&buffer[..read]);
            while let Some(piece) = self.framer.next() {
                let Piece::Frame(raw) = piece else { panic!("the platform sends frames only: {piece:?}") };
                self.pieces.push_back(raw);
            }
        }
    }

    /// The next frame, which must come, as `(CN, QN)`.
    pub async fn answer(&mut self) -> (String, String) {
        let answer = timeout(PATIENCE, self.next()).await.expect("an answer in time").expect("a connection");
        assert!(answer.ok, "{answer:?}");
        (answer.cn.to_string(), answer.qn.to_string())
    }

    /// The next frame in full.
    pub async fn hear(&mut self) -> Decoded<'static> {
        timeout(PATIENCE, self.next()).await.expect("a frame in time").expect("a connection")
    }

    /// That nothing comes.
    pub async fn silence(&mut self) {
        let heard = timeout(SILENCE, self.next()).await;
        assert!(heard.is_err(), "nothing should come, and the connection should stay: {heard:?}");
    }

    /// That the platform closes the connection.
    pub async fn closed(&mut self) {
        let end = timeout(PATIENCE, self.next()).await.expect("an end in time");
        assert!(end.is_none(), "{end:?}");
    }
}

/// A moment for a `QN`, each a second after the one before.
pub fn at(second: i64) -> Instant {
    Instant(Instant::parse("2026-11-25T08:00:00+08:00").unwrap().0 + second * 1000)
}

/// Minute values of a flue: a frame that conforms.
pub fn minute(party: &Party, second: i64, value: &str) -> Outgoing {
    minute_with(party, second, value, Answer::Wanted)
}

pub fn minute_with(party: &Party, second: i64, value: &str, answer: Answer) -> Outgoing {
    let fields = [("Min", value), ("Avg", value), ("Max", value), ("Flag", "N")].map(|(name, v)| (name, v.to_string()));
    let area = Area::new().time("DataTime", at(second / 60 * 60)).item("a21026", &fields);
    say::upload(party, at(second), "2051", area, answer)
}
