//! Judged days and reported values → indicator values, and where a plan stands.
//!
//! An indicator and a plan are folders of the catalog: the code knows methods, never a pollutant, a place or a
//! target. Everything is a pure function; who calls is `server`.
//!
//! * [`air`]: hourly series of an area → judged days → annual indicators with their lineage;
//! * [`amounts`]: projects and their facts → tonnes cut;
//! * [`definition`]: the catalog of indicators;
//! * [`cases`]: worked cases of the catalog, run as tests;
//! * [`facts`]: what departments state, by formulas of the catalog;
//! * [`graph`]: everything a plan measures as nodes that know what they were made of;
//! * [`media`]: values of monitoring points of water, soil and sound → months, years, classes;
//! * [`online`]: messages of an outlet → judged hours, days and months;
//! * [`plan`]: a plan, its targets, and their state in a year.

pub mod air;
pub mod amounts;
pub mod cases;
pub mod definition;
pub mod facts;
mod formula;
pub mod graph;
pub mod media;
pub mod online;
pub mod plan;

pub use cases::{IndicatorCase, run_cases};
pub use definition::{DayClass, Definition, DefinitionProblem, Definitions, Method, Statistic};
pub use formula::{Formula, NoValue};
pub use plan::{Plan, PlanProblem, PlanStatus, Plans};

use domain::catalog::Files;

static CATALOG: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/catalog");

/// The built-in catalog: `air/<id>/` and `plans/<id>/`.
pub fn builtin_files() -> Files {
    Files::embedded(&CATALOG)
}

impl Definitions {
    /// The built-in indicators; a test checks that they load without a problem.
    pub fn builtin() -> Definitions {
        Definitions::load(&builtin_files()).0
    }

    /// Same as [`builtin_files`].
    pub fn builtin_files() -> Files {
        builtin_files()
    }
}

impl Plans {
    /// The built-in plans; a test checks that they load without a problem.
    pub fn builtin() -> Plans {
        Plans::load(&builtin_files()).0
    }

    /// Same as [`builtin_files`].
    pub fn builtin_files() -> Files {
        builtin_files()
    }
}
