//! Rules of water beside its limits: means and rounding, sections to a river, the trophic state, indices for
//! ranking, roll-ups. Pure functions over samples; which sections make a river is the caller's to know.
//!
//! A standard of kind `water-rules` gives exactly one of these parts. Called by `indicators`; the trophic state
//! also judges rows for `jingce evaluate`.

mod cases;
mod drinking;
mod evaluation;
mod factor;
mod file;
mod flow;
mod index;
mod mean;
mod programme;
mod roll_up;
mod rounding;
mod trend;
mod trophic;

#[cfg(test)]
mod tests;

pub use drinking::{DrinkingRates, DrinkingSource, drinking_rates};
pub use evaluation::{RiverGrade, RiverMain, RiverVerdict, SurfaceEvaluation};
pub use factor::{OxygenForm, SingleFactor};
pub use flow::{FlowSatisfaction, flow_satisfaction};
pub use index::{WaterIndex, change_percent, rank};
pub use mean::{MeanWay, hydrogen_mean, mean_sample};
pub use programme::Programme;
pub use roll_up::{ReachGrade, RollUp};
pub use rounding::{Rounding, RoundingItem, round_keeping};
pub use trend::{Change, Changed, Tendency, Toward};
pub use trophic::{Trophic, TrophicItem, TrophicValue};

pub(crate) use cases::of as of_water;
pub(crate) use file::{WaterFile, read};

/// The one part of a standard of kind `water-rules`.
#[derive(Clone, Debug)]
pub(crate) enum WaterPart {
    Trophic(Box<Trophic>),
    Index(WaterIndex),
    Evaluation(Box<SurfaceEvaluation>),
    Rounding(Rounding),
    Factor(SingleFactor),
    RollUp(RollUp),
    Programme(Programme),
}
