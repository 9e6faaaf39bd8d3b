//! The product against a second reading of the standards: `oracle/` states the expected values.

mod beijing;
mod cases;
mod online;
