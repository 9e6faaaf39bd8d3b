//! The tests as a whole: beside `ioos-qc`, a point at a time, and the catalog.

mod catalog;
mod live;
mod oracle;
