//! Plain series of numbers → trends, change points, comparisons of years, forecasts to the year's end.
//!
//! Everything is a pure function over numbers with gaps; nothing here knows a pollutant, a place, a register or a
//! clock. Who calls is `server`, which cuts the series out of the lake and shows what comes back.
//!
//! * [`trend`]: the Mann–Kendall family, Theil–Sen, Spearman, change points, and one door to all of them by name;
//! * [`forecast`]: a year's figure to its end, with what the method would have said before;
//! * [`year_on_year`]: two years compared over the days that both have.

#[cfg(test)]
extern crate self as models;

pub mod error;
pub mod forecast;
pub mod numbers;
pub mod trend;
pub mod year_on_year;

pub use error::ModelError;

use domain::catalog::Files;

static CATALOG: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/catalog");

/// The built-in catalog: `trend/`.
pub fn builtin_files() -> Files {
    Files::embedded(&CATALOG)
}
