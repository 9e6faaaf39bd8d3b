//! The only integration binary: drives the built `jingce` as a person or a script would.

mod commands;
mod killed;
mod kit;
mod live_crowd;
mod live_disk;
mod live_killed;
mod live_kit;
mod live_truth;
mod scenarios;
