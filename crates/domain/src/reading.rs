//! What intake makes of a file: readings in the parameter's own unit, before they are observations.

use crate::fixed::Fixed;
use crate::observation::Flag;
use crate::period::{Instant, Span};

/// One value (or one declared gap) of one station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Index into [`ReadingBatch::stations`].
    pub station: u32,
    /// Index into [`ReadingBatch::parameters`].
    pub parameter: u16,
    /// Averaging span.
    pub span: Span,
    /// End of the span (or the moment itself).
    pub time: Instant,
    /// Value in the canonical unit of the parameter; `None` when the source says it is missing.
    pub value: Option<Fixed>,
    /// Quality flag.
    pub flag: Flag,
    /// Row in the source, from 1, the header being row 1.
    pub row: u64,
}

/// A run of readings with their small dictionaries. Batches of one file share the order of first sight.
#[derive(Clone, Debug, Default)]
pub struct ReadingBatch {
    /// Station codes.
    pub stations: Vec<String>,
    /// Parameter codes.
    pub parameters: Vec<String>,
    /// The readings.
    pub rows: Vec<Reading>,
}
