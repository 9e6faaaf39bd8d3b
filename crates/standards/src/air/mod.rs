//! Air: index (HJ 633), limits (GB 3095), evaluation (HJ 663) and ranking, each read from its tables.

pub mod composite;
pub mod evaluation;
pub mod index;
mod index_file;
pub mod kernel;
pub mod limits;

pub(crate) use index_file::{IndexFile, read as read_index};
