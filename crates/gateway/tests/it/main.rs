//! The gateway over real sockets on the loopback address: one file per subject, `world` is the stage.

#![allow(clippy::unwrap_used, reason = "tests")]

mod dialogue;
mod disk;
mod flow;
mod hostile;
mod mqtt;
mod speed;
mod tls;
mod world;
