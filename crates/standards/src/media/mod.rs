//! Samples of water, soil and sound → classes, by one standard of limits, for whole rows of text or of numbers.
//!
//! Every standard of kind `limits` is the same machine with other tables: items with ascending classes, words
//! and numbers that pick the row of a table, what is done below detection, what an exceedance is counted
//! against. [`Evaluator`] is the one door for `jingce evaluate` and `jingce catalog list`: it names the columns
//! of a standard, binds a header once and judges row after row. `indicators` asks [`Limits::judge`] directly;
//! whole columns go through [`Kernel`]. Nothing here knows a pollutant, a place or a date.

mod bind;
mod cases;
mod cell;
mod condition;
mod evaluator;
mod file;
mod judge;
mod kernel;
mod limits;
mod number;
mod read;
mod row;
mod words;

#[cfg(test)]
mod tests;

pub use cell::Reading;
pub use condition::{Comparison, Condition};
pub use evaluator::{BindError, Bound, Column, Evaluator, Judged, Options, Output, Role};
pub use judge::{Doubt, ItemVerdict, Sample, Verdict};
pub use kernel::{Kernel, KernelColumns, KernelError};
pub use limits::{
    Alternative, BelowDetection, Class, DayHours, Direction, ExceedAs, Item, Limit, LimitRow, Limits, NumberInput,
    Selector, Shows, Word,
};
pub use number::exact;

pub(crate) use cases::of as of_limits;
pub(crate) use cell::reading;
pub(crate) use evaluator::Rule;
pub(crate) use file::LimitsFile;
pub(crate) use judge::pick;
pub(crate) use number::{shown, written};
pub(crate) use read::{item, limit, read};
pub(crate) use words::{above_zero, incomplete};
