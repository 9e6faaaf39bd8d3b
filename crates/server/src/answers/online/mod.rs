//! What `/api/online` answers and takes: the shapes of `web/src/api/online.ts`.
//!
//! A measured or computed number is text with the decimals it is printed with; a moment is ISO 8601 in UTC+8.

pub mod alerts;
pub mod curve;
pub mod dialogues;
pub mod frames;
pub mod gateway;
pub mod marks;
pub mod outlet;
pub mod reviews;
pub mod statement;
pub mod wall;

use crate::answers::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An outlet as other things name it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OutletRef {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Kind.
    pub kind: String,
    /// Code of its area.
    pub area: String,
    /// Enterprise.
    pub enterprise: String,
}

/// What a code of HJ 212 Annex B is called. `symbol` is the formula or short name (SO2, COD), null when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Parameter {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Symbol.
    pub symbol: Option<String>,
}

/// Area name.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AreaName {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Text,
}

/// What a person did, when, with which words.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Act {
    /// Who.
    pub who: String,
    /// At.
    pub at: String,
    /// Note.
    pub note: String,
}

/// Body of acknowledge, approve, reject and withdraw. The answer is the alert, review or mark as it then is.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
pub struct Note {
    /// Note.
    pub note: String,
}
