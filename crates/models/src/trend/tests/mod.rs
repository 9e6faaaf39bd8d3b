//! The family against pymannkendall and scipy, changes against R; properties; refusals.

mod change;
mod family;
mod oracle;
mod properties;
mod run;
