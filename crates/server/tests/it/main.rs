//! The only integration binary: drives the built `jingce` as a person or a script would.

mod commands;
mod killed;
mod kit;
mod scenarios;
