//! What is stated of an outlet: hours, days and months of each code, with everything they were made of.
//!
//! Numbers are text and rounded once, to six places; between hour, day and month nothing is rounded.

use super::compare::{Compared, MinuteCheck};
use super::words::{Noted, moment, number, plain, time};
use domain::{Confidence, DataFlag, Day, Fixed, FrameId, Instant, Month, Text};
use serde::{Deserialize, Serialize};

/// Everything stated of one outlet for some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutletStatement {
    /// Outlet.
    pub outlet: String,
    /// First day.
    #[serde(with = "plain")]
    pub from: Day,
    /// Last day.
    #[serde(with = "plain")]
    pub to: Day,
    /// Nothing was due after this.
    #[serde(with = "time")]
    pub until: Instant,
    /// What judged.
    pub rules: Vec<RuleUsed>,
    /// One for each code.
    pub codes: Vec<CodeStatement>,
    /// Hours under marks in each calendar year, beside their caps.
    pub caps: Vec<CapUse>,
    /// All of it is simulated.
    pub simulated: bool,
}

/// Everything stated of one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeStatement {
    /// Code of HJ 212-2017 Annex B.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Unit of value, alternative, converted, min and max.
    pub unit: String,
    /// Hours, in order; every due hour is there.
    pub hours: Vec<HourStatement>,
    /// Days, in order.
    pub days: Vec<DayStatement>,
    /// Months, in order.
    pub months: Vec<MonthStatement>,
    /// Capture rate of each quarter, as far as it is known; only of what is substituted.
    pub capture: Vec<Capture>,
}

/// A section of rules that judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleUsed {
    /// `validity`, `flags`, `state`, `rates`, `substitution`, `channels` or `marks`.
    pub section: String,
    /// Id of the standard.
    pub standard: String,
    /// Its number.
    pub number: String,
    /// Clause.
    pub clause: String,
    /// Confidence in it.
    pub confidence: Confidence,
    /// Whether it was in force.
    pub in_force: bool,
}

/// Where the minutes of an hour are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Minute values.
    Minutes,
    /// Real-time values.
    RealTime,
    /// The instrument's own hour.
    InstrumentHour,
    /// Nothing came.
    Nothing,
}

/// The values of an hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourValues {
    /// Mean of the valid minutes, given also where the hour is not valid.
    #[serde(with = "number")]
    pub value: Option<Fixed>,
    /// The arithmetic mean, where `value` is another one.
    #[serde(with = "number")]
    pub alternative: Option<Fixed>,
    /// Smallest valid minute.
    #[serde(with = "number")]
    pub min: Option<Fixed>,
    /// Largest valid minute.
    #[serde(with = "number")]
    pub max: Option<Fixed>,
    /// Converted to reference oxygen.
    #[serde(with = "number")]
    pub converted: Option<Fixed>,
    /// Converted at the other level (the hour's mean by the hour's oxygen, or each minute).
    #[serde(with = "number")]
    pub converted_alternative: Option<Fixed>,
    /// Amount [kg]; only of a valid hour with a valid flow.
    #[serde(with = "number")]
    pub mass_kg: Option<Fixed>,
    /// Volume, of a code that is a flow [m³].
    #[serde(with = "number")]
    pub amount_m3: Option<Fixed>,
    /// Valid minutes.
    pub valid_minutes: u32,
    /// Minutes with a converted value.
    pub converted_minutes: u32,
    /// Minutes that came.
    pub received_minutes: u32,
    /// Minutes during which the plant stood still.
    pub stopped_minutes: u32,
    /// Minutes that were due: not those of a stop, nor those to come.
    pub due_minutes: u32,
    /// Flag made of the minutes' flags.
    pub flag: DataFlag,
    /// Whether the hour is valid.
    pub valid: bool,
    /// Whether its converted value is.
    pub converted_valid: bool,
    /// The plant stood still.
    pub stopped: bool,
    /// A mark says that the limit does not judge it.
    pub exempt: bool,
    /// Where the minutes are from.
    pub source: Source,
    /// What a reader should know.
    pub notes: Vec<Noted>,
}

/// One hour of one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourStatement {
    /// Outlet.
    pub outlet: String,
    /// Code.
    pub code: String,
    /// Start of the hour.
    #[serde(with = "time")]
    pub start: Instant,
    /// Values, as the marks have them.
    #[serde(flatten)]
    pub values: HourValues,
    /// The same without any mark; `None` where no mark is about it and none of what it is made of changes.
    pub without_marks: Option<HourValues>,
    /// Ids of the marks that are about this code in this hour.
    pub marks: Vec<String>,
    /// The instrument's own hour beside ours.
    pub instrument: Option<Compared>,
    /// The instrument's own minutes beside ours.
    pub minutes: Option<MinuteCheck>,
    /// What stands in for a missing amount.
    pub substituted: Option<Substituted>,
    /// Ids of the standards that judged.
    pub rules: String,
    /// The weakest confidence in them.
    pub confidence: Confidence,
    /// First and last frame it was made of.
    pub frames: Option<(FrameId, FrameId)>,
}

/// Counts of due, received and valid periods with their rates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// Due while the plant ran.
    pub due: u32,
    /// Received of those.
    pub received: u32,
    /// Valid of those.
    pub valid: u32,
    /// received / due [%].
    #[serde(with = "number")]
    pub transmission_percent: Option<Fixed>,
    /// valid / due [%].
    #[serde(with = "number")]
    pub validity_percent: Option<Fixed>,
    /// Product of both [%].
    #[serde(with = "number")]
    pub effective_percent: Option<Fixed>,
}

/// The values of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayValues {
    /// Mean of the valid hours, given also where the day is not valid.
    #[serde(with = "number")]
    pub value: Option<Fixed>,
    /// The arithmetic mean, where `value` is another one.
    #[serde(with = "number")]
    pub alternative: Option<Fixed>,
    /// Smallest valid hour.
    #[serde(with = "number")]
    pub min: Option<Fixed>,
    /// Largest valid hour.
    #[serde(with = "number")]
    pub max: Option<Fixed>,
    /// Mean of the hours' converted values.
    #[serde(with = "number")]
    pub converted: Option<Fixed>,
    /// Amount of the hours that have one [kg].
    #[serde(with = "number")]
    pub mass_kg: Option<Fixed>,
    /// Amount that stands in for missing ones [kg].
    #[serde(with = "number")]
    pub substituted_kg: Option<Fixed>,
    /// Volume, of a code that is a flow [m³].
    #[serde(with = "number")]
    pub amount_m3: Option<Fixed>,
    /// Valid hours.
    pub valid_hours: u32,
    /// Hours with a valid converted value.
    pub converted_hours: u32,
    /// Hours whose amount is measured.
    pub mass_hours: u32,
    /// Hours whose amount is substituted.
    pub substituted_hours: u32,
    /// Hours of which the plant ran whose amount is neither.
    pub missing_mass_hours: u32,
    /// Hours during which the plant stood still.
    pub stopped_hours: u32,
    /// Hours that were due.
    pub due_hours: u32,
    /// Hours that the limit does not judge.
    pub exempt_hours: u32,
    /// Flag made of the hours' flags.
    pub flag: DataFlag,
    /// Whether the day is valid.
    pub valid: bool,
    /// Whether its converted value is.
    pub converted_valid: bool,
    /// Rates counted by hours.
    pub rates: Rates,
    /// Rates counted by minutes.
    pub minute_rates: Rates,
    /// What a reader should know.
    pub notes: Vec<Noted>,
}

/// One day of one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayStatement {
    /// Outlet.
    pub outlet: String,
    /// Code.
    pub code: String,
    /// The day.
    #[serde(with = "plain")]
    pub day: Day,
    /// Values, as the marks have them.
    #[serde(flatten)]
    pub values: DayValues,
    /// The same without any mark; `None` where no mark touches the day.
    pub without_marks: Option<DayValues>,
    /// The instrument's own day beside ours.
    pub instrument: Option<Compared>,
    /// What stands in for the day's amount, where the rule goes by days.
    pub substituted: Option<Substituted>,
    /// Ids of the standards that judged.
    pub rules: String,
    /// The weakest confidence in them.
    pub confidence: Confidence,
    /// First and last frame it was made of.
    pub frames: Option<(FrameId, FrameId)>,
}

/// The values of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthValues {
    /// Arithmetic mean of the valid days.
    #[serde(with = "number")]
    pub value: Option<Fixed>,
    /// Mean of the days' converted values.
    #[serde(with = "number")]
    pub converted: Option<Fixed>,
    /// Measured amount [kg].
    #[serde(with = "number")]
    pub mass_kg: Option<Fixed>,
    /// Amount that stands in for missing ones [kg].
    #[serde(with = "number")]
    pub substituted_kg: Option<Fixed>,
    /// Volume, of a code that is a flow [m³].
    #[serde(with = "number")]
    pub amount_m3: Option<Fixed>,
    /// Valid days.
    pub valid_days: u32,
    /// Days with a valid converted value.
    pub converted_days: u32,
    /// Days that were due.
    pub due_days: u32,
    /// Hours of which the plant ran whose amount is neither measured nor substituted.
    pub missing_mass_hours: u32,
    /// Whether the month is valid.
    pub valid: bool,
    /// Rates counted by days.
    pub rates: Rates,
    /// Rates counted by hours.
    pub hour_rates: Rates,
    /// Rates counted by minutes.
    pub minute_rates: Rates,
    /// What a reader should know.
    pub notes: Vec<Noted>,
}

/// One month of one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthStatement {
    /// Outlet.
    pub outlet: String,
    /// Code.
    pub code: String,
    /// First day of the month.
    #[serde(with = "plain")]
    pub first_day: Day,
    /// Values, as the marks have them.
    #[serde(flatten)]
    pub values: MonthValues,
    /// The same without any mark; `None` where no mark touches the month.
    pub without_marks: Option<MonthValues>,
    /// Ids of the standards that judged.
    pub rules: String,
    /// The weakest confidence in them.
    pub confidence: Confidence,
}

/// What stands in for a missing amount, and why that much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Substituted {
    /// The amount [kg]; `None` where no rule gives one.
    #[serde(with = "number")]
    pub amount_kg: Option<Fixed>,
    /// Line of the table; empty where none fits.
    pub rule: String,
    /// Its standard and clause.
    pub clause: String,
    /// Confidence in it.
    pub confidence: Confidence,
    /// `out-of-control`, `maintenance` or `failure`.
    pub cause: String,
    /// Capture rate of the quarter [%].
    #[serde(with = "number")]
    pub alpha_percent: Option<Fixed>,
    /// Periods of the quarter that are known.
    pub alpha_known: u32,
    /// Length of the run of missing periods.
    pub run: u32,
    /// Valid periods the window should have; `None` for all between two checks.
    pub window: Option<u32>,
    /// Valid periods it has, as far as history is known.
    pub window_known: u32,
    /// The window ends before this.
    #[serde(with = "moment")]
    pub window_before: Option<Instant>,
    /// Start of the period that gave the amount.
    #[serde(with = "moment")]
    pub from: Option<Instant>,
    /// Why there is no amount, or what is doubtful.
    pub why: Text,
}

/// The capture rate of a quarter, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// First day of the quarter.
    #[serde(with = "plain")]
    pub quarter: Day,
    /// Periods that are known.
    pub known: u32,
    /// Of those, not valid while the plant ran.
    pub invalid: u32,
    /// Of those, during a stop.
    pub stopped: u32,
    /// α [%].
    #[serde(with = "number")]
    pub alpha_percent: Option<Fixed>,
    /// Whether it reaches what the standard asks.
    pub enough: bool,
}

/// Hours under a group of marks in a calendar year, beside the cap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapUse {
    /// Calendar year.
    pub year: i16,
    /// Group, or kind where it has no group.
    pub group: String,
    /// Kinds in it.
    pub kinds: Vec<String>,
    /// Hours marked; overlapping marks count once.
    #[serde(with = "number")]
    pub hours: Option<Fixed>,
    /// Cap; `None` where none is known.
    #[serde(with = "number")]
    pub cap_hours: Option<Fixed>,
    /// The cap is passed. It is told; no mark is dropped for it.
    pub exceeded: bool,
    /// Confidence in the cap.
    pub confidence: Confidence,
}

impl MonthStatement {
    /// The month.
    pub fn month(&self) -> Month {
        self.first_day.month()
    }
}

impl HourStatement {
    /// What history keeps of it, for later substitution.
    pub fn past(&self) -> super::PastAmount {
        super::PastAmount {
            code: self.code.clone(),
            span: super::PastSpan::Hour,
            start: self.start,
            amount_kg: self.values.mass_kg,
            stopped: self.values.stopped,
        }
    }
}

impl DayStatement {
    /// What history keeps of it, for later substitution.
    pub fn past(&self) -> super::PastAmount {
        super::PastAmount {
            code: self.code.clone(),
            span: super::PastSpan::Day,
            start: Instant::from_civil(self.day, 0),
            amount_kg: self.values.mass_kg.filter(|_| self.values.valid),
            stopped: self.values.stopped_hours > 0 && self.values.due_hours == 0,
        }
    }
}
