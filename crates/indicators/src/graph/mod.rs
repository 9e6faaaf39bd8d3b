//! Everything a plan measures as one graph: facts, months of points, projects, polygons and air years → nodes, each
//! an indicator of an area and a year, each knowing what it was made of.
//!
//! An indicator is a folder of the catalog that names a method ([`GraphMethod`]). A method reads through a
//! [`Reader`], which writes down every leaf and every other indicator that was looked at, found or not. So a change
//! of one leaf recomputes what depends on it and nothing else, and the same record explains the value.
//!
//! ```text
//! World (plain data) ──▶ Reader ──▶ method ──▶ NodeValue + uses ──▶ Graph (memory) ──▶ plan, pages, reports
//! ```
//!
//! Pure: no file, no clock. `server` fills the [`World`] and keeps the [`Graph`].

pub(crate) mod cases;
mod change;
mod compute;
mod layer;
#[cfg(test)]
mod layer_tests;
mod method;
mod node;
mod reader;
mod roll_up;
#[cfg(test)]
mod tests;
mod world;

pub use change::Changed;
pub use compute::Graph;
pub use method::GraphMethod;
pub use node::{Leaf, Node, NodeKey, NodeValue, Part, Use};
pub use reader::Reader;
pub use world::{Assumption, LayerFigures, MonthValue, PointMonth, Source, World};
