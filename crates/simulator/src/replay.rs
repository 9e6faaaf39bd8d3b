//! A file of frames, one a line → a connection; counts the answers. Called by `jingce replay`.

use crate::error::SimulatorError;
use intake::hj212::{Framer, FramerLimits, Piece, Protocol, decode};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// How a file is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayOptions {
    /// Frames a second; 0 for as fast as the server takes them.
    pub rate: f64,
    /// How many frames may wait for their answer.
    pub window: usize,
    /// How long to wait for the last answers.
    pub linger: Duration,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Replayed {
    /// Frames sent.
    pub sent: u64,
    /// Of these, frames that asked for an answer.
    pub asked: u64,
    /// Answers, by command.
    pub answers: std::collections::BTreeMap<String, u64>,
}

/// The command that answers data.
const DATA_ANSWER: &str = "9014";

impl Default for ReplayOptions {
    fn default() -> ReplayOptions {
        ReplayOptions { rate: 0.0, window: 64, linger: Duration::from_secs(5) }
    }
}

impl Replayed {
    fn data_answers(&self) -> u64 {
        self.answers.get(DATA_ANSWER).copied().unwrap_or(0)
    }
}

/// Sends the lines of a file that begin with `##`, up to the first tab, as they are; a line end is added.
pub async fn replay(file: &Path, to: &str, options: &ReplayOptions) -> Result<Replayed, SimulatorError> {
    let wrong = |error| SimulatorError::file(file, error);
    let lines = tokio::fs::File::open(file).await.map_err(wrong)?;
    let mut lines = BufReader::new(lines);
    let lost = |source| SimulatorError::Connect { to: to.to_string(), source };
    let socket = TcpStream::connect(to).await.map_err(lost)?;
    let (mut reader, mut writer) = socket.into_split();
    let mut framer = Framer::new(FramerLimits::default());
    let mut done = Replayed::default();
    let begun = Instant::now();
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).await.map_err(wrong)? == 0 {
            break;
        }
        let Some(frame) = frame_of(&line) else { continue };
        if options.rate > 0.0 {
            tokio::time::sleep_until((begun + Duration::from_secs_f64(done.sent as f64 / options.rate)).into()).await;
        }
        writer.write_all(frame).await.map_err(lost)?;
        writer.write_all(b"\r\n").await.map_err(lost)?;
        done.sent += 1;
        let decoded = decode(frame, None, Protocol::builtin());
        done.asked += u64::from(decoded.ok && decoded.wants_answer());
        while done.asked.saturating_sub(done.data_answers()) >= options.window.max(1) as u64 {
            if !listen(&mut reader, &mut framer, &mut done, options.linger).await {
                break;
            }
        }
    }
    let _ = writer.shutdown().await;
    while listen(&mut reader, &mut framer, &mut done, options.linger).await {}
    Ok(done)
}

/// The frame in a line: without its end and without what stands behind a tab.
fn frame_of(line: &[u8]) -> Option<&[u8]> {
    let end = line.iter().position(|byte| matches!(byte, b'\t' | b'\r' | b'\n')).unwrap_or(line.len());
    Some(&line[..end]).filter(|frame| frame.starts_with(b"##"))
}

/// Reads once; `false` when nothing comes any more.
async fn listen(
    reader: &mut tokio::net::tcp::OwnedReadHalf,
    framer: &mut Framer,
    done: &mut Replayed,
    patience: Duration,
) -> bool {
    let mut input = [0; 8 * 1024];
    let Ok(Ok(count)) = tokio::time::timeout(patience, reader.read(&mut input)).await else { return false };
    framer.push(&input[..count]);
    while let Some(piece) = framer.next() {
        if let Piece::Frame(raw) = piece {
            let decoded = decode(&raw, None, Protocol::builtin());
            *done.answers.entry(decoded.cn.to_string()).or_default() += 1;
        }
    }
    count > 0
}
