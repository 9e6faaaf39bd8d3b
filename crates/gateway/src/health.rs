//! Whether the gateway takes frames, and why not: set by the writer, watched by every connection, shown by
//! `server` on the page, in `/healthz` and in the log.

use crate::counters::Counts;
use crate::moment::Moment;
use domain::{Instant, Text};
use std::sync::{Mutex, PoisonError};
use store::StoreError;
use tokio::sync::watch;

/// The state of the gateway at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Frames are read and answered.
    pub accepting: bool,
    /// Why not.
    pub reason: Option<Text>,
    /// The kind of that reason: [`StoreError::code`].
    pub code: Option<&'static str>,
    /// Since when it is so.
    pub since: Instant,
    /// Connections open now.
    pub connections: usize,
    /// Frames waiting to be written.
    pub queue: usize,
    /// Bytes of frames waiting, with what is needed beside them.
    pub in_flight_bytes: usize,
    /// Most bytes that may wait.
    pub in_flight_limit: usize,
    /// Whether the broker of the micro-stations is connected; `None` without one.
    pub mqtt_connected: Option<bool>,
    /// Counters since the start.
    pub counts: Counts,
}

/// The gate that every connection looks at before it reads.
#[derive(Debug)]
pub(crate) struct Gate {
    open: watch::Sender<bool>,
    state: Mutex<State>,
}

#[derive(Clone, Debug)]
pub(crate) struct State {
    pub reason: Option<Text>,
    pub code: Option<&'static str>,
    pub since: Instant,
}

impl Gate {
    pub fn new() -> Gate {
        let state = State { reason: None, code: None, since: Moment::now().wall };
        Gate { open: watch::Sender::new(true), state: Mutex::new(state) }
    }

    /// Frames are taken again, if they were not.
    pub fn open(&self) {
        if *self.open.borrow() {
            return;
        }
        tracing::warn!("the journal can be written again: frames are taken and answered");
        self.set(None, None);
        self.open.send_replace(true);
    }

    /// Frames are no longer taken.
    pub fn close(&self, error: &StoreError) {
        let reason = reason(error);
        if self.state().reason.as_ref() != Some(&reason) {
            tracing::error!("frames are not answered any more: {}", reason.en);
            self.set(Some(reason), Some(error.code()));
        }
        self.open.send_replace(false);
    }

    pub fn watch(&self) -> watch::Receiver<bool> {
        self.open.subscribe()
    }

    pub fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, reason: Option<Text>, code: Option<&'static str>) {
        let state = State { reason, code, since: Moment::now().wall };
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// Why nothing is taken, and what to do.
fn reason(error: &StoreError) -> Text {
    let text = error.text();
    Text::new(
        format!("报文无法落盘，暂停接收，不再应答 9014：{}", text.zh),
        format!("frames cannot be kept, so none is read or answered: {}", text.en),
    )
}
