//! Judged values and what people decide → alerts, marks and reviews, as pure steps over events.
//!
//! Nothing here reads a file or a clock, and no number or name of a pollutant stands in code: rules are folders of
//! the catalog, limits come from the register. Who calls is `server`: it feeds values, keeps the events that come
//! out, and folds the kept events for pages.
//!
//! * [`rule`]: the catalog of alert rules;
//! * [`threshold`]: judged values → alert events, by the rules;
//! * [`event`], [`alert`]: what is kept of an alert, and the alert as of a moment;
//! * [`words`]: an alert in a sentence;
//! * [`mark`]: intervals that people mark (stopped, maintenance …), added and withdrawn;
//! * [`review`]: what people decide about flagged values, proposed and approved by two;
//! * [`cases`]: worked cases of the rules, run as tests.

pub mod alert;
pub mod cases;
pub mod event;
pub mod mark;
pub mod review;
pub mod rule;
pub mod threshold;
pub mod wire;
pub mod words;

pub use alert::{Act, Alert, AlertState, Alerts, Recorded};
pub use cases::{RuleCase, run_cases};
pub use event::{About, AlertEvent, LimitRef, Reason, Side, Step};
pub use mark::{Mark, MarkEvent, Marks, NewMark, SettableKind};
pub use review::{NewReview, Review, ReviewEvent, ReviewState, Reviews, SeriesKey, Verdict};
pub use rule::{Basis, Grade, Method, Rule, RuleProblem, Rules};
pub use threshold::{Judged, Watch};
pub use words::{Names, alert_words};

use domain::catalog::Files;

static CATALOG: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/catalog");

/// The built-in catalog: `rules/<id>/`.
pub fn builtin_files() -> Files {
    Files::embedded(&CATALOG)
}

/// Why an action of a person is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SuperviseError {
    /// No alert of this id.
    #[error("no alert `{0}`")]
    NoAlert(String),
    /// Somebody has acknowledged it already.
    #[error("alert `{alert}` was acknowledged by {who} at {at}")]
    AlreadyAcknowledged {
        /// Id of the alert.
        alert: String,
        /// Who did.
        who: String,
        /// When, ISO.
        at: String,
    },
    /// No mark of this id.
    #[error("no mark `{0}`")]
    NoMark(String),
    /// The mark is withdrawn already.
    #[error("mark `{mark}` was withdrawn by {who} at {at}")]
    AlreadyWithdrawn {
        /// Id of the mark.
        mark: String,
        /// Who did.
        who: String,
        /// When, ISO.
        at: String,
    },
    /// The mark has an end already.
    #[error("mark `{mark}` ends at {at}; withdraw it and set another")]
    AlreadyEnded {
        /// Id of the mark.
        mark: String,
        /// When it ends, ISO.
        at: String,
    },
    /// A mark must end after it begins.
    #[error("mark `{mark}` begins at {from} and cannot end at {to}")]
    EndsBefore {
        /// Id of the mark.
        mark: String,
        /// Its begin, ISO.
        from: String,
        /// The end asked for, ISO.
        to: String,
    },
    /// No review of this id.
    #[error("no review `{0}`")]
    NoReview(String),
    /// Somebody has decided on the review already.
    #[error("review `{review}` was {state} by {who} at {at}")]
    AlreadyDecided {
        /// Id of the review.
        review: String,
        /// `approved` or `rejected`.
        state: &'static str,
        /// Who did.
        who: String,
        /// When, ISO.
        at: String,
    },
    /// Who proposed a review may not decide on it.
    #[error("review `{review}` was proposed by {who}: another person must decide")]
    SamePerson {
        /// Id of the review.
        review: String,
        /// Who proposed it.
        who: String,
    },
    /// The last value of a review is before its first.
    #[error("the review begins at {from} and cannot end at {to}")]
    ReviewEndsBefore {
        /// Time of the first value, ISO.
        from: String,
        /// Time of the last value, ISO.
        to: String,
    },
    /// A reason is asked for and was not given.
    #[error("a reason is needed")]
    NoReason,
    /// The body of an event cannot be read; the event is not lost, it is told.
    #[error("event of kind `{kind}` cannot be read: {reason}")]
    Body {
        /// Kind of the event.
        kind: String,
        /// What is wrong.
        reason: String,
    },
}
