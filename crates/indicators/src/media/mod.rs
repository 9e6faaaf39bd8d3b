//! Monitoring points of water, soil and sound: their values → months, years, classes, and the indicators made of them.
//!
//! ```text
//! Sampled ──▶ month ──▶ PointMonth (in the World) ──▶ PointYear ──▶ shares, rivers, lakes, indicators
//! ```
//!
//! Every number and every choice of the texts is data of the standards' catalog: [`standards::monitoring`] says how
//! a medium's values become months and years and which dated limits judge which kind of point. Pure; called by the
//! graph of indicators and by `server` for the pages of a medium.

mod bench;
mod bodies;
pub(crate) mod cases;
mod combine;
pub(crate) mod indicators;
mod look;
mod medium_year;
mod month;
mod names;
mod point_year;
mod sampled;
mod sound;
#[cfg(test)]
mod tests;
mod words;

pub use bench::Judged;
pub use bodies::{BodyKind, BodyMain, BodyTrophic, BodyYear};
pub use indicators::monthly_shares;
pub use look::{Look, Plain};
pub use medium_year::{ClassShare, MediumYear, MonthShares, Points, Selection, medium_year, points_of};
pub use month::{MonthAccount, account, month, point_month};
pub use point_year::{PointMonthVerdict, PointYear, YearOptions, YearPart, YearValue, day_of, point_year};
pub use sampled::{Sampled, Usage};
