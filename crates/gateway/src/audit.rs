//! What was asked of devices, by whom, and how it ended → events that are never changed. Called by
//! [`crate::desk`].

use crate::dialogue::{Dialogue, DialogueId};
use crate::request::Request;
use crate::rules::Timing;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use store::{EventQuery, NewEvent, Store, StoreError};

/// Kind of the event written before a request is sent.
pub const ASKED: &str = "device-asked";
/// Kind of the event written when a dialogue is over.
pub const ENDED: &str = "device-answered";
/// Kind of the event that a device was given other waiting times by command 1000.
pub const TIMING: &str = "device-timing";

/// The audit.
#[derive(Debug)]
pub(crate) struct Audit {
    store: Arc<Store>,
}

impl Audit {
    pub fn new(store: Arc<Store>) -> Audit {
        Audit { store }
    }

    /// A request is about to be put on the list.
    pub fn asked(&self, dialogue: &Dialogue) -> Result<(), StoreError> {
        let body = json!({ "dialogue": dialogue.id.0, "request": body(&dialogue.request) });
        self.append(ASKED, dialogue, body)
    }

    /// A dialogue is over.
    pub fn ended(&self, dialogue: &Dialogue) -> Result<(), StoreError> {
        let frames: Vec<u64> = dialogue.steps.iter().filter_map(|step| step.frame).map(|frame| frame.0).collect();
        let body = json!({
            "dialogue": dialogue.id.0,
            "request": body(&dialogue.request),
            "state": dialogue.state.code(),
            "outcome": dialogue.outcome,
            "resent": dialogue.resent,
            "data_frames": dialogue.data_count,
            "frames": frames,
        });
        self.append(ENDED, dialogue, body)
    }

    /// A device waits differently from now on.
    pub fn timing(&self, dialogue: &Dialogue, timing: Timing) -> Result<(), StoreError> {
        let body = json!({ "over_time_s": timing.over_time_s, "resends": timing.resends });
        self.append(TIMING, dialogue, body)
    }

    /// The waiting times that devices were given before the last start.
    pub fn timings(&self) -> Result<HashMap<String, Timing>, StoreError> {
        let query = EventQuery { kinds: vec![TIMING.to_string()], ..EventQuery::default() };
        let events = self.store.events().list(&query)?;
        let timing = |body: &serde_json::Value| {
            let number = |name: &str| u32::try_from(body.get(name)?.as_u64()?).ok();
            Some(Timing { over_time_s: number("over_time_s")?, resends: number("resends")? })
        };
        Ok(events.into_iter().filter_map(|event| Some((event.subject, timing(&event.body)?))).collect())
    }

    /// The greatest number of a dialogue so far.
    pub fn last_id(&self) -> Result<DialogueId, StoreError> {
        let query = EventQuery { kinds: vec![ASKED.to_string()], ..EventQuery::default() };
        let events = self.store.events().list(&query)?;
        let ids = events.iter().filter_map(|event| event.body.get("dialogue")?.as_u64());
        Ok(DialogueId(ids.max().unwrap_or(0)))
    }

    fn append(&self, kind: &str, dialogue: &Dialogue, body: serde_json::Value) -> Result<(), StoreError> {
        let event = NewEvent {
            recorded: crate::moment::Moment::now().wall,
            kind: kind.to_string(),
            subject: dialogue.mn.clone(),
            actor: dialogue.actor.clone(),
            body,
            once: None,
        };
        self.store.events().append(event).map(|_| ())
    }
}

fn body(request: &Request) -> serde_json::Value {
    let fields: serde_json::Map<String, serde_json::Value> =
        request.fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({ "cn": request.cn, "fields": fields })
}

/// Whether an event is one of the gateway's, for those who list them.
pub fn is_dialogue_event(kind: &str) -> bool {
    [ASKED, ENDED, TIMING].contains(&kind)
}
