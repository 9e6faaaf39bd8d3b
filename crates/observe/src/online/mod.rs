//! Online monitoring: minutes → means, flags, amounts, substitutes and rates, as pure formulas.
//!
//! Every number of a standard is an argument; nothing here knows a pollutant, an outlet or a limit. All results
//! are exact fractions, apart from [`exact::fine`]'s 10⁻¹² and [`mean::energy`]. Called by `indicators::online`,
//! which fills the arguments from a catalog.

pub mod compare;
pub mod exact;
pub mod flags;
pub mod gas;
pub mod mean;
pub mod rates;
pub mod substitute;
pub mod water;

pub use compare::{Difference, difference};
pub use flags::{Derivation, FlagCounts, derive_flag};
pub use mean::{Extent, Mean, arithmetic, energy, median};
pub use rates::RateCounts;
pub use substitute::{Candidate, Window, capture_rate, largest};
