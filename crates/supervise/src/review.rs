//! What people decide about flagged values: one proposes, another approves; the overrides that hold at a moment.
//!
//! Events → reviews as of a moment, and the events of a person's act or why it is refused. No value and no flag is ever
//! changed: an override stands beside what the tests said. Where approved reviews overlap, the one approved last
//! prevails. Called by `server`, which keeps the events and knows who may act.

mod fold;
mod words;

#[cfg(test)]
mod tests;

pub use fold::{OverrideSpan, Reviews};
pub use words::refusal_words;

use crate::SuperviseError;
use crate::alert::Act;
use crate::event::digest_id;
use crate::wire;
use domain::{Cadence, Instant};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a review says of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The tests are right: their flags stand.
    Accept,
    /// The values are good, whatever the tests said.
    Valid,
    /// The values are questionable.
    Suspect,
    /// The values are bad.
    Invalid,
}

/// A series: one pollutant of one device at one cadence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeriesKey {
    /// Device.
    pub mn: String,
    /// Code of the pollutant.
    pub code: String,
    /// Cadence of the values.
    pub cadence: Cadence,
}

/// A review to be proposed: the body of `review-proposed`, with its id beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewReview {
    /// Outlet, for looking it up.
    pub outlet: String,
    /// The series.
    #[serde(flatten)]
    pub series: SeriesKey,
    /// Time of the first value.
    #[serde(with = "wire::moment")]
    pub from: Instant,
    /// Time of the last value, inside.
    #[serde(with = "wire::moment")]
    pub to: Instant,
    /// What is proposed.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
}

/// An event of reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewEvent {
    /// `review-proposed`.
    Proposed {
        /// Id of the review.
        review: String,
        /// What it says.
        body: NewReview,
    },
    /// `review-approved`.
    Approved {
        /// Id of the review.
        review: String,
        /// Who approves: never who proposed.
        by: String,
    },
    /// `review-rejected`.
    Rejected {
        /// Id of the review.
        review: String,
        /// Who rejects: never who proposed.
        by: String,
        /// Why.
        reason: String,
    },
}

/// Where a review stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReviewState {
    /// Nobody has decided.
    Proposed,
    /// It holds.
    Approved,
    /// It never held.
    Rejected,
}

/// A review as of a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Id.
    pub id: String,
    /// What it says.
    pub body: NewReview,
    /// Who proposed it, when and why.
    pub proposed: Act,
    /// Where it stands.
    pub state: ReviewState,
    /// Who decided, when and why.
    pub decided: Option<Act>,
}

#[derive(Serialize, Deserialize)]
struct ProposedBody {
    review: String,
    #[serde(flatten)]
    body: NewReview,
    actor: String,
}

#[derive(Serialize, Deserialize)]
struct ApprovedBody {
    review: String,
    by: String,
}

#[derive(Serialize, Deserialize)]
struct RejectedBody {
    review: String,
    by: String,
    reason: String,
}

const PROPOSED: &str = "review-proposed";
const APPROVED: &str = "review-approved";
const REJECTED: &str = "review-rejected";

impl Verdict {
    /// Every verdict.
    pub const ALL: [Verdict; 4] = [Verdict::Accept, Verdict::Valid, Verdict::Suspect, Verdict::Invalid];

    /// The word used in events and answers.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Accept => "accept",
            Verdict::Valid => "valid",
            Verdict::Suspect => "suspect",
            Verdict::Invalid => "invalid",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.code() == code)
    }

    /// The QARTOD flag that takes the place of what the tests said: 1 good, 3 suspect, 4 fail; none for accept.
    pub fn flag(self) -> Option<u8> {
        match self {
            Verdict::Accept => None,
            Verdict::Valid => Some(1),
            Verdict::Suspect => Some(3),
            Verdict::Invalid => Some(4),
        }
    }

    /// The verdict that sets a QARTOD flag; none for flags that a person cannot set (2 unknown, 9 missing).
    pub fn of_flag(flag: u8) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.flag() == Some(flag))
    }
}

impl ReviewState {
    /// The word used in answers.
    pub fn code(self) -> &'static str {
        match self {
            ReviewState::Proposed => "proposed",
            ReviewState::Approved => "approved",
            ReviewState::Rejected => "rejected",
        }
    }
}

impl NewReview {
    /// The event that proposes it, or why it is refused. The same person proposing the same at the same moment makes
    /// the same id.
    pub fn propose(mut self, actor: &str, recorded: Instant) -> Result<ReviewEvent, SuperviseError> {
        self.reason = self.reason.trim().to_string();
        if self.reason.is_empty() {
            return Err(SuperviseError::NoReason);
        }
        if self.to < self.from {
            return Err(SuperviseError::ReviewEndsBefore { from: self.from.to_iso(), to: self.to.to_iso() });
        }
        let moments = [self.from, self.to, recorded].map(|moment| moment.0.to_string());
        let SeriesKey { mn, code, cadence } = &self.series;
        let mut parts = vec![mn.as_str(), code, cadence.code(), self.verdict.code(), &self.reason, actor];
        parts.extend(moments.iter().map(String::as_str));
        Ok(ReviewEvent::Proposed { review: digest_id("r", &parts), body: self })
    }

    /// Whether it covers a moment of its series; both ends are inside.
    pub fn covers(&self, time: Instant) -> bool {
        self.from <= time && time <= self.to
    }
}

impl ReviewEvent {
    /// Kind of the event in the store.
    pub fn kind(&self) -> &'static str {
        match self {
            ReviewEvent::Proposed { .. } => PROPOSED,
            ReviewEvent::Approved { .. } => APPROVED,
            ReviewEvent::Rejected { .. } => REJECTED,
        }
    }

    /// Id of the review.
    pub fn review(&self) -> &str {
        match self {
            ReviewEvent::Proposed { review, .. }
            | ReviewEvent::Approved { review, .. }
            | ReviewEvent::Rejected { review, .. } => review,
        }
    }

    /// Key under which the store takes the event once: a review is proposed once and decided once, so that of two
    /// people who decide at the same moment only the first is kept.
    pub fn once(&self) -> String {
        match self {
            ReviewEvent::Proposed { review, .. } => format!("{PROPOSED}/{review}"),
            ReviewEvent::Approved { review, .. } | ReviewEvent::Rejected { review, .. } => {
                format!("review-decided/{review}")
            }
        }
    }

    /// Body of the event in the store, which gets `actor` beside it as well.
    pub fn body(&self, actor: &str) -> Value {
        let body = match self.clone() {
            ReviewEvent::Proposed { review, body } => {
                serde_json::to_value(ProposedBody { review, body, actor: actor.to_string() })
            }
            ReviewEvent::Approved { review, by } => serde_json::to_value(ApprovedBody { review, by }),
            ReviewEvent::Rejected { review, by, reason } => serde_json::to_value(RejectedBody { review, by, reason }),
        };
        body.expect("a body has only text keys and texts")
    }
}
