//! A simulated city of instruments (模拟): the same seed sends the same frames, with the truth beside them.
//!
//! A seed and options make a [`City`]; [`City::events`] is what happens in it, in order; [`play`] sends that to a server
//! and writes what it sent; [`compare`] says whether a platform holds exactly that. [`hostile`] are connections that no
//! server likes, [`replay`] sends a file of frames. Used by `jingce simulate`, `jingce replay`, the tests and the bench.
//!
//! Everything before the player is pure: no clock, no socket, no number that another machine would compute otherwise.

mod catalog;
mod chance;
mod city;
mod compare;
mod counters;
mod error;
mod events;
mod frame;
pub mod hostile;
mod malformed;
mod message;
mod options;
mod player;
mod process;
mod register;
mod replay;
#[cfg(test)]
mod tests;
pub mod truth;
mod values;

pub use catalog::Catalog;
pub use city::{Channel, City, Device};
pub use compare::{Comparison, Held, KindCount, compare};
pub use counters::{Counters, Summary};
pub use error::SimulatorError;
pub use events::{Action, Event, Events};
pub use frame::{Expected, Frame, Shape, raw_digest};
pub use malformed::Kind;
pub use message::qn;
pub use options::CityOptions;
pub use player::{ANSWERED_HEADER, PlayOptions, play};
pub use register::SECRET_COLUMNS;
pub use replay::{ReplayOptions, Replayed, replay};
pub use truth::{TruthReader, TruthRow, TruthWriter};
