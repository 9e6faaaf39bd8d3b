//! What the platform asked a device, and its answers.

use crate::answers::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Dialogue list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DialogueList {
    /// Mn.
    pub mn: String,
    /// Connected.
    pub connected: bool,
    /// What may be asked of this device's generation; the page makes its form of it.
    pub requests: Vec<RequestKind>,
    /// Dialogues.
    pub dialogues: Vec<Dialogue>,
    /// Simulated.
    pub simulated: bool,
}

/// Request kind.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RequestKind {
    /// As `history-minute`, `time-set`, `interval-realtime-get`.
    pub id: String,
    /// The command it sends.
    pub cn: String,
    /// Title.
    pub title: Text,
    /// It changes or moves something at the site: the page asks again before it sends.
    pub control: bool,
    /// Fields.
    pub fields: Vec<RequestField>,
}

/// Request field.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RequestField {
    /// Name.
    pub name: String,
    /// Title.
    pub title: Text,
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Unit.
    pub unit: Option<String>,
    /// Required.
    pub required: bool,
    /// Of a number.
    pub min: Option<f64>,
    /// Max.
    pub max: Option<f64>,
    /// Of a choice.
    pub choices: Vec<RequestChoice>,
    /// What stands there first; for a time ISO.
    pub usual: Option<String>,
}

/// One choice of a field.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RequestChoice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub title: Text,
}

/// Body of POST …/requests: `fields` by name, a time as ISO. The answer (202) is the Dialogue; 409 `not-connected` when nobody is there.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
pub struct NewRequest {
    /// Request.
    pub request: String,
    /// Fields.
    pub fields: BTreeMap<String, String>,
}

/// Dialogue.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Dialogue {
    /// Id.
    pub id: String,
    /// Mn.
    pub mn: String,
    /// Request.
    pub request: String,
    /// Title.
    pub title: Text,
    /// Actor.
    pub actor: String,
    /// Started.
    pub started: String,
    /// Ended.
    pub ended: Option<String>,
    /// State.
    pub state: String,
    /// In the order they happened; data frames are told as one step each up to fifty, then counted only.
    pub steps: Vec<DialogueStep>,
    /// Data frames received because of it.
    pub data_frames: u64,
    /// What came of it.
    pub result: Option<Text>,
}

/// Dialogue step.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DialogueStep {
    /// Time.
    pub time: String,
    /// Direction.
    pub direction: String,
    /// Cn.
    pub cn: String,
    /// Raw.
    pub raw: String,
    /// Words.
    pub words: Text,
    /// Its number in the journal when it is kept there.
    pub frame: Option<u64>,
}
