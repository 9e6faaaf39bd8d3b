//! Events for open pages, as one JSON text each: made once, sent to every page.

use super::Live;
use crate::answers::online::alerts::Alert;
use crate::answers::online::dialogues::Dialogue;
use crate::answers::online::gateway::GatewayHealth;
use crate::answers::online::wall::{ValuesOf, WallDevice};
use crate::data::Data;
use crate::trouble::Trouble;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// How often a page hears that the line is alive.
pub const PING: Duration = Duration::from_secs(10);

/// One event.
#[derive(Clone, Debug)]
pub struct Said {
    /// The event.
    pub json: Arc<str>,
    /// Outlet it is about; `None` concerns everybody.
    outlet: Option<Arc<str>>,
}

impl Said {
    fn new(event: &Value, outlet: Option<&str>) -> Said {
        Said { json: event.to_string().into(), outlet: outlet.map(Into::into) }
    }

    /// Whether a page that watches one outlet, or everything, wants it.
    pub fn concerns(&self, outlet: Option<&str>) -> bool {
        match (&self.outlet, outlet) {
            (Some(own), Some(wanted)) => **own == *wanted,
            _ => true,
        }
    }
}

/// The first event of a page.
pub fn hello(data: &Data) -> Result<String, Trouble> {
    let view = data.view(None)?;
    let simulated = data.register(&view)?.outlets.values().any(|outlet| outlet.simulated);
    Ok(json!({ "kind": "hello", "now": now(), "simulated": simulated }).to_string())
}

/// A page that fell behind asks for everything again.
pub fn hello_again() -> String {
    json!({ "kind": "hello", "now": now(), "simulated": false }).to_string()
}

/// A sign of life.
pub fn ping() -> String {
    json!({ "kind": "ping", "now": now() }).to_string()
}

/// An alert as it now stands.
pub(super) fn alert_event(alert: &Alert) -> Said {
    Said::new(&json!({ "kind": "alert", "alert": plain(alert) }), Some(&alert.outlet.code))
}

/// A device whose state has changed.
pub(super) fn device_event(device: &WallDevice) -> Said {
    let outlet = device.outlet.as_ref().map(|outlet| outlet.code.as_str());
    Said::new(&json!({ "kind": "device", "device": plain(device) }), outlet)
}

/// Newest values, one event an outlet so that its page gets only its own.
pub(super) fn values_events(devices: Vec<ValuesOf>) -> Vec<Said> {
    const TOGETHER: usize = 200;
    let now = now();
    let event = |devices: &[ValuesOf], outlet: Option<&str>| {
        Said::new(&json!({ "kind": "values", "now": now, "devices": plain(&devices) }), outlet)
    };
    devices.chunks(TOGETHER).map(|some| event(some, None)).collect()
}

/// A dialogue as it now stands.
pub(super) fn dialogue_event(dialogue: &Dialogue, outlet: Option<&str>) -> Said {
    Said::new(&json!({ "kind": "dialogue", "dialogue": plain(dialogue) }), outlet)
}

/// The gateway's state.
pub(super) fn gateway_event(health: &GatewayHealth) -> Said {
    Said::new(&json!({ "kind": "gateway", "health": plain(health) }), None)
}

impl Live {
    /// Says that a dialogue has changed.
    pub(crate) fn say_dialogue(&self, dialogue: &Dialogue, outlet: Option<&str>) {
        self.say(dialogue_event(dialogue, outlet));
    }
}

fn plain(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("answers are made of plain values")
}

fn now() -> String {
    crate::clock::now().to_iso()
}
