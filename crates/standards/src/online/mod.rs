//! Rules of online monitoring: from how much data a mean is valid, how flags are carried upward, at which
//! state an amount is meant, what stands in for a missing amount, and what a mark on an interval does.
//!
//! A standard of kind `online` gives some of these sections, each for some kinds of outlet;
//! [`crate::Catalog::online_rules`] joins what is in force on a day for one kind of outlet. Called by
//! `indicators::online`.

mod cases;
mod channels;
mod file;
mod marks;
mod rules;
mod substitution;

pub use channels::{Channel, FlowUnit, MeanRule, Part, Role};
pub use marks::{Effect, MarkKind};
pub use rules::{OnlineRules, RuleSource, Section};
pub use substitution::{Before, Quantity, Substitution, SubstitutionRow};

pub(crate) use cases::of as of_online;
pub(crate) use file::{OnlineFile, OnlinePart, read};
pub(crate) use rules::{check, join};

use domain::{Confidence, DataFlag, Fixed, OutletKind};
use serde::Deserialize;

/// How much is needed of what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// This many.
    AtLeast(u32),
    /// This share of what is due [%].
    Percent(u32),
}

/// From how much data a mean is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// Real-time values for a minute value that the instrument did not send itself.
    pub minute: Need,
    /// Valid minutes for an hour.
    pub hour: Need,
    /// Valid hours for a day.
    pub day: Need,
    /// Valid days for a month other than February.
    pub month: Need,
    /// Valid days for February.
    pub february: Need,
    /// An hour in which nothing flowed is like one in which the plant stood still.
    pub zero_flow_stops: bool,
}

/// Why data are missing, as substitution asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// 失控: a calibration or check is overdue or failed.
    OutOfControl,
    /// 维护: calibration, maintenance.
    Maintenance,
    /// 故障: failure, lost connection, everything else.
    Failure,
}

/// How the flag of a period is made of the flags below it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagRule {
    /// The flag of a normal value.
    pub normal: DataFlag,
    /// The flag of a value taken while the plant stands still.
    pub stopped: DataFlag,
    /// Normal values needed for a normal period [% of those due].
    pub normal_percent: u32,
    /// One value that is not normal makes the period not normal, whatever the share.
    pub one_abnormal: bool,
    /// A period that is not normal takes the flag that most of its values have; else always `otherwise`.
    pub dominant: bool,
    /// The flag where no value says why.
    pub otherwise: DataFlag,
    /// Flags that are not normal, the first prevailing when two are as frequent.
    pub order: Vec<DataFlag>,
    /// A value with any of these is out of control.
    pub out_of_control: Vec<DataFlag>,
    /// A value with any of these is in maintenance; every other that is not normal is a failure.
    pub maintenance: Vec<DataFlag>,
}

/// At which level a concentration is converted to the reference oxygen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConvertAt {
    /// Each minute, then averaged.
    Minute,
    /// The hour's mean by the hour's mean oxygen.
    Hour,
}

/// What becomes of the converted value when there is no oxygen to convert by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OxygenGuard {
    /// There is no converted value, and it is said.
    NoValue,
    /// The measured value stands, and it is said.
    Measured,
}

/// The state at which flue gas is reported, and the conversion to reference oxygen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Standard temperature [K].
    #[serde(deserialize_with = "file::exact")]
    pub kelvin: Fixed,
    /// Standard pressure [Pa].
    #[serde(deserialize_with = "file::exact")]
    pub pressure_pa: Fixed,
    /// Atmospheric pressure where no instrument measures it [Pa].
    #[serde(deserialize_with = "file::exact")]
    pub assumed_atmosphere_pa: Fixed,
    /// Volume of a mole at the standard state [L/mol].
    #[serde(deserialize_with = "file::exact")]
    pub molar_volume_l: Fixed,
    /// Oxygen of air in the conversion formula [%].
    #[serde(deserialize_with = "file::exact")]
    pub air_oxygen_percent: Fixed,
    /// From this oxygen on nothing is converted [%].
    #[serde(deserialize_with = "file::exact")]
    pub guard_oxygen_percent: Fixed,
    /// What is given then.
    pub guard: OxygenGuard,
    /// At which level.
    pub convert_at: ConvertAt,
}

/// How the platform counts transmission and validity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// Periods in which the plant stands still are not due.
    pub exclude_stopped: bool,
}

/// A rule with where it is from and which outlets it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scoped<T> {
    pub outlets: Vec<OutletKind>,
    pub clause: String,
    pub confidence: Confidence,
    pub rule: T,
}

impl Need {
    /// Whether `valid` of `due` is enough; nothing is never enough.
    pub fn met(self, valid: u32, due: u32) -> bool {
        match self {
            Need::AtLeast(count) => valid > 0 && valid >= count,
            Need::Percent(percent) => valid > 0 && u64::from(valid) * 100 >= u64::from(percent) * u64::from(due),
        }
    }

    /// The count that is needed of `due`.
    pub fn count(self, due: u32) -> u32 {
        match self {
            Need::AtLeast(count) => count,
            Need::Percent(percent) => (due * percent).div_ceil(100),
        }
    }
}

impl FlagRule {
    /// The cause that a flag stands for; `None` for a normal value or one while the plant stands still.
    pub fn cause(&self, flag: DataFlag) -> Option<Cause> {
        if flag == self.normal || flag == self.stopped {
            None
        } else if self.out_of_control.contains(&flag) {
            Some(Cause::OutOfControl)
        } else if self.maintenance.contains(&flag) {
            Some(Cause::Maintenance)
        } else {
            Some(Cause::Failure)
        }
    }
}

impl Cause {
    /// Every cause.
    pub const ALL: [Cause; 3] = [Cause::OutOfControl, Cause::Maintenance, Cause::Failure];

    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Cause::OutOfControl => "out-of-control",
            Cause::Maintenance => "maintenance",
            Cause::Failure => "failure",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<Cause> {
        Cause::ALL.into_iter().find(|cause| cause.code() == code)
    }
}
