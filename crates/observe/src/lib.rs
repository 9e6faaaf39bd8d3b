//! Hourly series → day values with their completeness, the wind statistics that go with them, and sound levels.
//!
//! Called by `indicators` and by the jobs of `server`. It knows no limit, no colour and no pollutant: how
//! many hours make a day comes in as a [`DayRule`], which a standard's catalog fills.

pub mod day;
pub mod noise;
pub mod online;
pub mod qc;
pub mod wind;

pub use day::{DayRule, DayValue, day_value, day_values};
pub use wind::{WindRose, wind_rose};
