//! The nouns on the arrows of Jingce, and the three things every crate must do alike:
//! exact decimals with GB/T 8170 rounding, units with their dimension, periods in UTC+8.
//!
//! Nothing here reads a file or a clock. Every other crate uses this one; it uses none of them.

pub mod catalog;
pub mod city;
pub mod confidence;
pub mod device;
pub mod fixed;
pub mod observation;
pub mod online;
pub mod parameter;
pub mod period;
pub mod place;
pub mod problem;
pub mod ratio;
pub mod reading;
pub mod record;
pub(crate) mod row;
pub mod text;
pub mod unit;

pub use city::{City, Fact, FactKey, Medium, Parcel, Point, Project, ProjectState};
pub use confidence::Confidence;
pub use device::{Channel, Device, Outlet, OutletKind, OutletLimit, Register};
pub use fixed::Fixed;
pub use observation::{Flag, HourSeries, Observation};
pub use online::{Cadence, DataFlag, FrameId, OnlineItem, OnlineMessage};
pub use parameter::{Parameter, Parameters};
pub use period::{Day, Hour, Instant, Month, Span, Year};
pub use place::{Area, Exclusion, Station};
pub use problem::{Place, Problem, Severity};
pub use ratio::{Ratio, RatioSum};
pub use reading::{Reading, ReadingBatch};
pub use record::{Record, Table};
pub use text::{Lang, Text};
pub use unit::{Unit, Units};
