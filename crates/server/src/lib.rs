//! The edge of Jingce: command line, HTTP API, jobs. It joins the other crates and computes nothing itself.
//!
//! * `cli/` – one file a command, called by [`run`];
//! * `api/` – one file a noun, the HTTP routes;
//! * `jobs/` – straight recipes *load → compute → save*, called by both;
//! * `live/` – the gateway that runs beside the pages, and the engine that follows it;
//! * `answers/` – the shapes that both give back.

pub mod answers;
pub mod api;
pub mod asked;
pub mod catalogs;
pub mod cli;
pub mod clock;
pub mod data;
pub mod jobs;
pub mod live;
pub mod trouble;
pub mod web;

pub use cli::run;
