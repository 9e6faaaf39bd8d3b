//! Connections that no server likes, many at once: what the 9,000 others must not notice. Called by the tests of the
//! gateway and by `jingce simulate --hostile`.

use crate::error::SimulatorError;
use crate::malformed::seal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A way of being hostile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A good frame, one byte a second.
    OneByteASecond,
    /// A frame that never ends.
    EndlessFrame,
    /// Random bytes as fast as they go.
    Garbage,
    /// Good frames as fast as they go, without reading the answers.
    Flood,
    /// Good frames with a wrong password.
    WrongPassword,
    /// Connects and leaves, again and again.
    ConnectAndLeave,
    /// Connects, closes its own side, and stays.
    HalfOpen,
}

/// What the hostile connections could do.
#[derive(Debug, Default)]
pub struct Deeds {
    /// Connections made.
    pub connections: AtomicU64,
    /// Connections refused or not made in time.
    pub refused: AtomicU64,
    /// Connections that the server ended.
    pub ended: AtomicU64,
    /// Bytes sent.
    pub bytes: AtomicU64,
    /// Bytes that came back.
    pub answered_bytes: AtomicU64,
}

/// How long a connection or a write may take before it counts as refused.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pause between two connections of one that leaves.
const PAUSE: Duration = Duration::from_millis(20);

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 7] = [
        Kind::OneByteASecond,
        Kind::EndlessFrame,
        Kind::Garbage,
        Kind::Flood,
        Kind::WrongPassword,
        Kind::ConnectAndLeave,
        Kind::HalfOpen,
    ];

    /// The word used on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Kind::OneByteASecond => "one-byte-a-second",
            Kind::EndlessFrame => "endless-frame",
            Kind::Garbage => "garbage",
            Kind::Flood => "flood",
            Kind::WrongPassword => "wrong-password",
            Kind::ConnectAndLeave => "connect-and-leave",
            Kind::HalfOpen => "half-open",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Keeps `count` hostile connections for a while; one that the server ends is made again after a second.
pub async fn run(kind: Kind, to: &str, count: usize, duration: Duration) -> Result<Arc<Deeds>, SimulatorError> {
    let deeds = Arc::new(Deeds::default());
    let until = Instant::now() + duration;
    let mut tasks = Vec::with_capacity(count);
    for number in 0..count {
        let (deeds, to) = (Arc::clone(&deeds), to.to_string());
        tasks.push(tokio::spawn(async move { keep(kind, &to, number, (until, &deeds)).await }));
    }
    for task in tasks {
        let _ = task.await;
    }
    Ok(deeds)
}

async fn keep(kind: Kind, to: &str, number: usize, (until, deeds): (Instant, &Deeds)) {
    while Instant::now() < until {
        let Ok(Ok(socket)) = tokio::time::timeout(PATIENCE, TcpStream::connect(to)).await else {
            deeds.refused.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_secs(1)).await;
            continue;
        };
        deeds.connections.fetch_add(1, Ordering::Relaxed);
        if kind == Kind::ConnectAndLeave {
            drop(socket);
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        let left = until.saturating_duration_since(Instant::now());
        if tokio::time::timeout(left, misbehave(kind, socket, number, deeds)).await.is_ok() {
            deeds.ended.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_secs(1).min(left)).await;
        }
    }
}

/// Goes on until the server ends the connection.
async fn misbehave(kind: Kind, socket: TcpStream, number: usize, deeds: &Deeds) {
    let (mut reader, mut writer) = socket.into_split();
    let good = frame(number);
    match kind {
        Kind::HalfOpen => {
            let _ = writer.shutdown().await;
            read_on(&mut reader, deeds).await;
        }
        Kind::OneByteASecond => {
            for byte in good.iter().cycle() {
                if !say(&mut writer, &[*byte], deeds).await {
                    return;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        Kind::EndlessFrame => {
            let mut bytes = b"##9999QN=20260101000000000;ST=31;CN=2011;CP=&&".to_vec();
            while say(&mut writer, &bytes, deeds).await {
                bytes = b"a21026-Rtd=1.0,a21026-Flag=N;".repeat(64);
                tokio::time::sleep(PAUSE).await;
            }
        }
        Kind::Garbage => {
            let chance = crate::chance::Chance::new(number as u64);
            let mut index = 0;
            loop {
                let bytes: Vec<u8> = (0..512).flat_map(|at| chance.bits(index + at).to_le_bytes()).collect();
                index += 512;
                if !say(&mut writer, &bytes, deeds).await {
                    return;
                }
            }
        }
        Kind::Flood => {
            let bytes = good.repeat(32);
            while say(&mut writer, &bytes, deeds).await {}
        }
        Kind::WrongPassword => {
            let mut input = [0; 1024];
            while say(&mut writer, &good, deeds).await {
                if let Ok(Ok(count)) = tokio::time::timeout(Duration::from_secs(1), reader.read(&mut input)).await {
                    if count == 0 {
                        return;
                    }
                    deeds.answered_bytes.fetch_add(count as u64, Ordering::Relaxed);
                }
            }
        }
        Kind::ConnectAndLeave => {}
    }
}

/// Writes; `false` when the server has ended the connection. A server that takes nothing is waited for.
async fn say(writer: &mut tokio::net::tcp::OwnedWriteHalf, bytes: &[u8], deeds: &Deeds) -> bool {
    let said = writer.write_all(bytes).await.is_ok();
    if said {
        deeds.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    }
    said
}

async fn read_on(reader: &mut tokio::net::tcp::OwnedReadHalf, deeds: &Deeds) {
    let mut input = [0; 1024];
    while let Ok(count) = reader.read(&mut input).await {
        if count == 0 {
            return;
        }
        deeds.answered_bytes.fetch_add(count as u64, Ordering::Relaxed);
    }
}

/// A well-formed frame of a device that nobody knows, with a password that nobody gave.
fn frame(number: usize) -> Vec<u8> {
    let segment = format!(
        "QN=20260101000000{:03};ST=31;CN=2011;PW=000000;MN=99999999{number:016};Flag=5;CP=&&DataTime=20260101000000;a21026-Rtd=1.0,a21026-Flag=N&&",
        number % 1000
    );
    seal(segment.as_bytes())
}
