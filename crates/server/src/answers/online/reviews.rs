//! The review desk as it is answered: made by `jobs::online::reviews`.

use super::curve::{QcMark, QcTest};
use super::{Act, OutletRef, Parameter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Review desk.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReviewDesk {
    /// The moment the desk is as of; null for now.
    pub as_of: Option<String>,
    /// Runs of flagged values nobody has decided on, the newest first.
    pub queue: Vec<FlaggedRun>,
    /// How many more there are beyond `queue`.
    pub more: u64,
    /// Proposals and decisions.
    pub reviews: Vec<Review>,
    /// Tests.
    pub tests: Vec<QcTest>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Simulated.
    pub simulated: bool,
}

/// Neighbouring values of one series that the same tests did not pass.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FlaggedRun {
    /// Outlet.
    pub outlet: OutletRef,
    /// Mn.
    pub mn: String,
    /// Code.
    pub code: String,
    /// Unit.
    pub unit: String,
    /// Cadence.
    pub cadence: String,
    /// First and last value of the run, both inside.
    pub first: String,
    /// Last.
    pub last: String,
    /// Count.
    pub count: u64,
    /// Lowest.
    pub lowest: Option<String>,
    /// Highest.
    pub highest: Option<String>,
    /// Worst judgement.
    pub flag: u8,
    /// One a test, with the words of its worst value.
    pub qc: Vec<QcMark>,
    /// Frame of the first value.
    pub frame: Option<u64>,
    /// Simulated.
    pub simulated: bool,
}

/// Review.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Review {
    /// Id.
    pub id: String,
    /// Outlet.
    pub outlet: OutletRef,
    /// Mn.
    pub mn: String,
    /// Code.
    pub code: String,
    /// Cadence.
    pub cadence: String,
    /// First.
    pub first: String,
    /// Last.
    pub last: String,
    /// Count.
    pub count: u64,
    /// What the tests said.
    pub qc: Vec<QcMark>,
    /// `accept`: the flags stand; `override`: `flag` takes their place.
    pub decision: String,
    /// Flag.
    pub flag: Option<u8>,
    /// State.
    pub state: String,
    /// Proposed.
    pub proposed: Act,
    /// Decided.
    pub decided: Option<Act>,
    /// Simulated.
    pub simulated: bool,
}

/// Body of POST /api/online/reviews; the answer is the Review. Who proposed may not approve: 403 `same-person`.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
pub struct NewReview {
    /// Outlet.
    pub outlet: String,
    /// Mn.
    pub mn: String,
    /// Code.
    pub code: String,
    /// Cadence.
    pub cadence: String,
    /// First.
    pub first: String,
    /// Last.
    pub last: String,
    /// Decision.
    pub decision: String,
    /// Flag.
    pub flag: Option<u8>,
    /// Reason.
    pub reason: String,
}
