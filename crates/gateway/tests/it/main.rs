//! The gateway over real sockets on the loopback address: one file per subject, `world` is the stage.

#![allow(clippy::unwrap_used, reason = "tests")]

mod flow;
mod world;
