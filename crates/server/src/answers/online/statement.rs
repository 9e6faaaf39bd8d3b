//! Judged hours, days and months of an outlet.

use super::Parameter;
use crate::answers::{Confidence, Text};
use serde::Serialize;
use utoipa::ToSchema;

/// Statement.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Statement {
    /// Outlet.
    pub outlet: String,
    /// Month.
    pub month: String,
    /// The day whose hours are in `hours`; null when none was asked.
    pub day: Option<String>,
    /// Computed.
    pub computed: String,
    /// The rules that were used, with how sure the project is of them.
    pub rules: Vec<StatementRule>,
    /// One a device and code. Flow is a line of its own, whose amount is a volume.
    pub lines: Vec<StatementLine>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Simulated.
    pub simulated: bool,
}

/// Statement rule.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StatementRule {
    /// Document.
    pub document: String,
    /// Clause.
    pub clause: String,
    /// Title.
    pub title: Text,
    /// Confidence.
    pub confidence: Confidence,
}

/// Statement line.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StatementLine {
    /// Mn.
    pub mn: String,
    /// Code.
    pub code: String,
    /// Unit.
    pub unit: String,
    /// `kg`, `m3`, or null when no amount is computed.
    pub amount_unit: Option<String>,
    /// Month.
    pub month: JudgedPeriod,
    /// Every day of the month that has begun, by date.
    pub days: Vec<JudgedPeriod>,
    /// The hours of `day`, by start; empty when none was asked.
    pub hours: Vec<JudgedPeriod>,
}

/// Judged period.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct JudgedPeriod {
    /// Start.
    pub start: String,
    /// Every value counts, whatever is marked.
    pub without_marks: JudgedResult,
    /// Values within marks left out.
    pub with_marks: JudgedResult,
    /// What the instrument itself sent for the period; null when it sent nothing.
    pub instrument: Option<InstrumentResult>,
    /// Ours (without marks) less the instrument's; null when one of them is missing.
    pub difference: Option<Difference>,
    /// Substitution.
    pub substitution: Option<Substitution>,
    /// Received of due, and valid of received; at least by hour.
    pub transmission: Rate,
    /// Validity.
    pub validity: Rate,
    /// Their product, the rate of valid transmission, as a percentage.
    pub effective_percent: Option<String>,
    /// Low.
    pub low: Option<String>,
    /// High.
    pub high: Option<String>,
    /// Over.
    pub over: bool,
    /// The instrument's own frame for the period.
    pub frame: Option<u64>,
    /// Notes.
    pub notes: Vec<Text>,
}

/// Judged result.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct JudgedResult {
    /// Value.
    pub value: Option<String>,
    /// Converted.
    pub converted: Option<String>,
    /// Mass or volume in the period, in the line's `amount_unit`, substituted amounts included.
    pub amount: Option<String>,
    /// Values it was made of, and how many there should be.
    pub n: u64,
    /// Of.
    pub of: u64,
    /// Valid.
    pub valid: bool,
    /// Flag.
    pub flag: Option<String>,
}

/// Instrument result.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct InstrumentResult {
    /// Value.
    pub value: Option<String>,
    /// Converted.
    pub converted: Option<String>,
    /// Amount.
    pub amount: Option<String>,
}

/// Difference.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Difference {
    /// Value.
    pub value: Option<String>,
    /// Converted.
    pub converted: Option<String>,
    /// Amount.
    pub amount: Option<String>,
    /// Of the concentration, in per cent of the instrument's.
    pub percent: Option<String>,
    /// More than rounding explains.
    pub notable: bool,
}

/// Substitution.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Substitution {
    /// Part of the amount that was substituted, in the line's `amount_unit`.
    pub amount: String,
    /// Hours.
    pub hours: u64,
    /// Rule.
    pub rule: Text,
    /// Confidence.
    pub confidence: Confidence,
}

/// Rate.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Rate {
    /// N.
    pub n: u64,
    /// Of.
    pub of: u64,
    /// Percent.
    pub percent: Option<String>,
}
