//! Online monitoring: register, frames and values of instruments, and what people decide about them.
//!
//! Each job reads through a [`desk::Desk`]: the register, the store and the catalogs at one moment.

pub mod alerts;
pub mod asks;
pub mod curve;
pub mod desk;
pub mod deviations;
pub mod dialogues;
pub mod frames;
pub mod gateway;
pub mod marks;
pub mod operators;
pub mod outlets;
pub mod qc;
pub mod reviews;
pub mod simulated;
pub mod statement;
pub mod tables;
pub mod values;
pub mod wall;
