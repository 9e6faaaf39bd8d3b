//! Raw frames and the ledger of their deviations.

use super::OutletRef;
use crate::answers::Text;
use serde::Serialize;
use utoipa::ToSchema;

/// Frame list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FrameList {
    /// Frames.
    pub frames: Vec<FrameRow>,
    /// `before` of the next page; null when there is none.
    pub next: Option<u64>,
    /// Simulated.
    pub simulated: bool,
}

/// Frame row.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FrameRow {
    /// Id.
    pub id: u64,
    /// Received.
    pub received: String,
    /// Connection.
    pub connection: u64,
    /// Peer.
    pub peer: String,
    /// Source.
    pub source: String,
    /// Mn.
    pub mn: String,
    /// Outlet.
    pub outlet: Option<OutletRef>,
    /// St.
    pub st: String,
    /// Cn.
    pub cn: String,
    /// What the command is called; null when no table has it.
    pub command: Option<Text>,
    /// Qn.
    pub qn: String,
    /// Cadence.
    pub cadence: Option<String>,
    /// Data time.
    pub data_time: Option<String>,
    /// Pnum.
    pub pnum: u64,
    /// Pno.
    pub pno: u64,
    /// Verdict.
    pub verdict: String,
    /// Codes of its deviations.
    pub deviations: Vec<String>,
    /// Bytes.
    pub bytes: u64,
    /// Simulated.
    pub simulated: bool,
}

/// Frame detail.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FrameDetail {
    /// Frame.
    pub frame: FrameRow,
    /// The bytes as text; what is not UTF-8 stands as U+FFFD and `hex` is then given. Passwords are covered with `*`.
    pub raw: String,
    /// Hex.
    pub hex: Option<String>,
    /// `2005`, `2017`, `2025`; null when it cannot be told.
    pub generation: Option<String>,
    /// Length ok.
    pub length_ok: bool,
    /// Crc ok.
    pub crc_ok: bool,
    /// Encrypted.
    pub encrypted: bool,
    /// Deviations.
    pub deviations: Vec<FrameDeviation>,
    /// The fields before CP, as read.
    pub head: Vec<FrameField>,
    /// CP: one list a group.
    pub groups: Vec<Vec<FrameField>>,
    /// Other kept frames of the same message (MN, command, time, part): sent again.
    pub same: Vec<u64>,
    /// Whether and when it was answered 9014, 9013 or 9012.
    pub answered: Option<String>,
}

/// Frame field.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FrameField {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
    /// What the field is; null when no table has it.
    pub title: Option<Text>,
    /// Unit.
    pub unit: Option<String>,
}

/// Frame deviation.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FrameDeviation {
    /// Code.
    pub code: String,
    /// The frame cannot be relied on.
    pub breaks: bool,
    /// Document and clause that it departs from.
    pub clause: Text,
    /// What stands there and what should.
    pub message: Text,
}

/// Deviation ledger.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DeviationLedger {
    /// By.
    pub by: String,
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// Frames received in the span.
    pub frames: u64,
    /// Greatest count first.
    pub rows: Vec<DeviationRow>,
    /// Simulated.
    pub simulated: bool,
}

/// Deviation row.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DeviationRow {
    /// MN, or the vendor's name; empty for devices without a vendor.
    pub subject: String,
    /// By device: where it stands.
    pub outlet: Option<OutletRef>,
    /// Vendor.
    pub vendor: Option<String>,
    /// Devices counted here.
    pub devices: u64,
    /// Code.
    pub code: String,
    /// Title.
    pub title: Text,
    /// Clause.
    pub clause: Text,
    /// Breaks.
    pub breaks: bool,
    /// Count.
    pub count: u64,
    /// Frames of the subject in the span.
    pub frames: u64,
    /// First.
    pub first: String,
    /// Last.
    pub last: String,
    /// A frame that shows it.
    pub example: u64,
    /// Simulated.
    pub simulated: bool,
}
