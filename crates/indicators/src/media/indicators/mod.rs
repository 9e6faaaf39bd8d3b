//! The indicators of monitored media: each a method that an indicator's folder names.

pub(crate) mod black_odorous;
pub(crate) mod class_share;
pub(crate) mod drinking_rate;
pub(crate) mod flow_rate;
pub(crate) mod frame;
mod monthly;
pub(crate) mod noise_level;
pub(crate) mod noise_rate;
pub(crate) mod water_index;
mod words;

pub use monthly::monthly_shares;
