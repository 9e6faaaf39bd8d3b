//! Values of an outlet over a span, with flags, tests, marks and limits.

use super::Parameter;
use super::marks::Mark;
use crate::answers::Text;
use serde::Serialize;
use utoipa::ToSchema;

/// At most 31 days of realtime or minute values at once: more is refused with 400 `span-too-long`. `code` left out: every channel.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Curve {
    /// Outlet.
    pub outlet: String,
    /// Cadence.
    pub cadence: String,
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// One a device and code, in the order asked.
    pub series: Vec<CurveSeries>,
    /// Marks that touch the span, also withdrawn ones.
    pub marks: Vec<Mark>,
    /// Every test that stands in a point.
    pub tests: Vec<QcTest>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Simulated.
    pub simulated: bool,
}

/// Curve series.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CurveSeries {
    /// Mn.
    pub mn: String,
    /// Code.
    pub code: String,
    /// Unit.
    pub unit: String,
    /// By time.
    pub points: Vec<CurvePoint>,
    /// In force within the span, by start.
    pub limits: Vec<LimitSegment>,
}

/// Curve point.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CurvePoint {
    /// Time.
    pub time: String,
    /// As the instrument sent it: -Rtd, or -Avg of a period.
    pub value: Option<String>,
    /// As the instrument converted it (-ZsRtd, -ZsAvg), or as the platform does when it sends none.
    pub converted: Option<String>,
    /// Min.
    pub min: Option<String>,
    /// Max.
    pub max: Option<String>,
    /// The platform's own value of an hour or day, and its conversion; null at realtime and minute.
    pub own: Option<String>,
    /// Own converted.
    pub own_converted: Option<String>,
    /// Flag.
    pub flag: Option<String>,
    /// Worst test, after overrides that are approved; null when none was run.
    pub qc_flag: Option<u8>,
    /// Tests that did not pass (3 or 4), as they judged, whatever was overridden.
    pub qc: Vec<QcMark>,
    /// The review whose override holds here.
    pub review: Option<String>,
    /// Within a mark that is not withdrawn.
    pub marked: bool,
    /// Over.
    pub over: bool,
    /// The frame that prevails; null when nothing was received and the platform computed the value.
    pub frame: Option<u64>,
}

/// Qc mark.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct QcMark {
    /// Test.
    pub test: String,
    /// Flag.
    pub flag: u8,
    /// What was seen and what was allowed, with the numbers.
    pub words: Text,
}

/// Qc test.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct QcTest {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
}

/// Limit segment.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LimitSegment {
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// Low.
    pub low: Option<String>,
    /// High.
    pub high: Option<String>,
    /// Basis.
    pub basis: String,
    /// Kind.
    pub kind: String,
    /// Document.
    pub document: String,
}
