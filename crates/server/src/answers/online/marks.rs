//! Marks on periods as they are answered: made by `jobs::online::marks`.

use super::{Act, OutletRef};
use crate::answers::{Confidence, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Mark list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MarkList {
    /// Marks.
    pub marks: Vec<Mark>,
    /// The kinds a person may set, of the marking rules.
    pub kinds: Vec<MarkKind>,
    /// Simulated.
    pub simulated: bool,
}

/// Mark kind.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MarkKind {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Confidence.
    pub confidence: Confidence,
}

/// Mark.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Mark {
    /// Id.
    pub id: String,
    /// Outlet.
    pub outlet: OutletRef,
    /// null for every device of the outlet.
    pub mn: Option<String>,
    /// Empty for every parameter.
    pub codes: Vec<String>,
    /// From.
    pub from: String,
    /// null while it lasts.
    pub to: Option<String>,
    /// Kind.
    pub kind: String,
    /// Title.
    pub title: Text,
    /// Set by a person, or read from the instrument's own flags.
    pub source: String,
    /// Reason.
    pub reason: String,
    /// Evidence.
    pub evidence: String,
    /// Who.
    pub who: String,
    /// At.
    pub at: String,
    /// Withdrawn.
    pub withdrawn: Option<Act>,
    /// Simulated.
    pub simulated: bool,
}

/// Body of POST /api/online/marks; the answer is the Mark.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
pub struct NewMark {
    /// Outlet.
    pub outlet: String,
    /// Mn.
    pub mn: Option<String>,
    /// Codes.
    pub codes: Vec<String>,
    /// From.
    pub from: String,
    /// To.
    pub to: Option<String>,
    /// Kind.
    pub kind: String,
    /// Reason.
    pub reason: String,
    /// Evidence.
    pub evidence: String,
}
