//! A city → connections that say what its devices say, answer what they are asked, and come back when the server does.
//! Called by `jingce simulate`.
//!
//! One thread makes the events in the order of simulated time and writes the truth; each connection takes its devices'
//! frames from a short queue, so that a slow server slows the city and no memory fills.

mod dialogue;
mod line;
mod outbox;
#[cfg(test)]
mod tests;

use crate::city::City;
use crate::counters::{Counters, Summary};
use crate::error::SimulatorError;
use crate::events::{Action, Event};
use crate::frame::Frame;
use crate::truth::TruthWriter;
use domain::Instant;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::mpsc;

/// How a city is played.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayOptions {
    /// `HOST:PORT` of the server.
    pub to: String,
    /// Simulated seconds a real second; 0 for as fast as the server takes it.
    pub speed: f64,
    /// How many frames of a connection may wait for their answer.
    pub window: usize,
    /// How many devices share a connection; outages of the line are played only for connections of one device.
    pub per_connection: usize,
    /// How long a frame waits before it is sent again.
    pub answer_timeout: Duration,
    /// How often a frame is sent again before the connection is made anew.
    pub resends: u32,
    /// How long the server may be away before the rest is given up.
    pub give_up: Duration,
    /// Where to write the truth: see [`crate::truth`].
    pub truth: Option<PathBuf>,
    /// Where to write every answered frame, one line each: `mn,cadence,data_time,pnum,pno,qn`.
    pub answered: Option<PathBuf>,
}

impl PlayOptions {
    /// The defaults of the standard: 10 s for an answer, three resends (HJ 212-2017, 6.2).
    pub fn new(to: impl Into<String>) -> PlayOptions {
        PlayOptions {
            to: to.into(),
            speed: 1.0,
            window: 4,
            per_connection: 1,
            answer_timeout: Duration::from_secs(10),
            resends: 3,
            give_up: Duration::from_secs(120),
            truth: None,
            answered: None,
        }
    }
}

/// First line of the log of answered frames.
pub const ANSWERED_HEADER: &str = "mn,cadence,data_time,pnum,pno,qn";
/// How many events of a connection wait in its queue.
const QUEUE: usize = 16;

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) city: Arc<City>,
    pub(crate) options: PlayOptions,
    pub(crate) counters: Arc<Counters>,
    truth: Mutex<Option<TruthWriter>>,
    answered: Mutex<Option<BufWriter<std::fs::File>>>,
    trouble: Mutex<Option<SimulatorError>>,
}

/// Plays a city to its end, or until [`Counters::stop`].
pub async fn play(city: Arc<City>, options: PlayOptions, counters: Arc<Counters>) -> Result<Summary, SimulatorError> {
    let truth = options.truth.as_deref().map(TruthWriter::create).transpose()?;
    let answered = options.answered.as_deref().map(answered_log).transpose()?;
    let shared = Arc::new(Shared {
        city,
        options,
        counters,
        truth: Mutex::new(truth),
        answered: Mutex::new(answered),
        trouble: Mutex::new(None),
    });
    let per_connection = shared.options.per_connection.max(1);
    let mut queues = Vec::new();
    let mut lines = Vec::new();
    for first in (0..shared.city.devices.len()).step_by(per_connection) {
        let devices = first..(first + per_connection).min(shared.city.devices.len());
        let (queue, events) = mpsc::channel(QUEUE);
        queues.push(queue);
        lines.push(tokio::spawn(line::run(Arc::clone(&shared), devices, events)));
    }
    let producer = Arc::clone(&shared);
    let plan = tokio::task::spawn_blocking(move || produce(&producer, &queues));
    // A task that panicked has said so on standard error; the others' work is still to be counted.
    let _ = plan.await;
    for line in lines {
        let _ = line.await;
    }
    finish(&shared)?;
    Ok(shared.counters.summary())
}

fn answered_log(path: &Path) -> Result<BufWriter<std::fs::File>, SimulatorError> {
    let file = std::fs::File::create(path).map_err(|error| SimulatorError::file(path, error))?;
    let mut log = BufWriter::new(file);
    writeln!(log, "{ANSWERED_HEADER}").map_err(|error| SimulatorError::file(path, error))?;
    Ok(log)
}

fn finish(shared: &Shared) -> Result<(), SimulatorError> {
    let path = |path: &Option<PathBuf>| path.clone().unwrap_or_default();
    if let Some(error) = lock(&shared.trouble).take() {
        return Err(error);
    }
    if let Some(truth) = lock(&shared.truth).take() {
        truth.finish().map_err(|error| SimulatorError::file(&path(&shared.options.truth), error))?;
    }
    if let Some(mut answered) = lock(&shared.answered).take() {
        answered.flush().map_err(|error| SimulatorError::file(&path(&shared.options.answered), error))?;
    }
    Ok(())
}

/// Makes the events and deals them out, in simulated time at the speed asked for.
fn produce(shared: &Shared, queues: &[mpsc::Sender<Event>]) {
    let begun = std::time::Instant::now();
    let start = shared.city.options.start.0;
    let per_connection = shared.options.per_connection.max(1);
    for event in shared.city.events() {
        if shared.options.speed > 0.0 {
            let due = Duration::from_secs_f64((event.time.0 - start).max(0) as f64 / 1000.0 / shared.options.speed);
            if !sleep_until(begun, due, &shared.counters) {
                return;
            }
        }
        if shared.counters.is_stopping() {
            return;
        }
        shared.counters.simulated_ms.store(event.time.0.max(0) as u64, std::sync::atomic::Ordering::Relaxed);
        if let Action::Send(frame) = &event.action {
            Counters::add(&shared.counters.planned, 1);
            shared.tell_truth(event.time, frame);
        }
        let connection = event.device / per_connection;
        if queues[connection].blocking_send(event).is_err() {
            return;
        }
    }
}

/// Sleeps in short steps; `false` when the end is asked for meanwhile.
fn sleep_until(begun: std::time::Instant, due: Duration, counters: &Counters) -> bool {
    while let Some(rest) = due.checked_sub(begun.elapsed()).filter(|rest| !rest.is_zero()) {
        if counters.is_stopping() {
            return false;
        }
        std::thread::sleep(rest.min(Duration::from_millis(100)));
    }
    true
}

impl Shared {
    pub(crate) fn tell_truth(&self, time: Instant, frame: &Frame) {
        if let Some(truth) = lock(&self.truth).as_mut()
            && let Err(error) = truth.frame(&self.city, time, frame)
        {
            self.fail(SimulatorError::file(&self.options.truth.clone().unwrap_or_default(), error));
        }
    }

    pub(crate) fn log_answered(&self, frame: &Frame) {
        let mut log = lock(&self.answered);
        let Some(log) = log.as_mut() else { return };
        let mn = &self.city.devices[frame.device].mn;
        let mut time = String::with_capacity(14);
        crate::message::push_seconds(&mut time, frame.data_time);
        let (cadence, (pnum, pno), qn) = (frame.cadence.code(), frame.part, &frame.qn);
        if let Err(error) = writeln!(log, "{mn},{cadence},{time},{pnum},{pno},{qn}") {
            self.fail(SimulatorError::file(&self.options.answered.clone().unwrap_or_default(), error));
        }
    }

    /// A file that cannot be written ends the play.
    fn fail(&self, error: SimulatorError) {
        lock(&self.trouble).get_or_insert(error);
        self.counters.stop();
    }
}

/// A lock whose holder panicked is as good as any: what it guards is written line by line.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
