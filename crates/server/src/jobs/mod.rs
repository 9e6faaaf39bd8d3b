//! Straight recipes: load through a [`crate::data::View`] → compute in the pure crates → answer or save.
//!
//! The whole system can be read here; nothing else joins the crates.

pub mod air_days;
pub mod air_hours;
pub mod air_now;
pub mod areas;
pub mod city;
pub mod compare;
pub mod evaluate;
pub mod explain;
pub mod import;
pub mod indicators;
pub mod judge;
pub mod layers;
pub mod media;
pub mod online;
pub mod plan_coverage;
pub mod plan_full;
pub mod plan_status;
pub mod ranking;
pub mod report_air_year;
pub mod report_plan;
pub mod rules;
pub mod series;
pub mod trend;
pub mod wind;
