//! `catalog/rules/<id>/rule.toml` → alert rules: what is watched, how long it must last, when it is over.
//!
//! A rule is data naming a method; limits are the register's. Used by `threshold`, and by `server` for titles.

mod read;

use domain::catalog::Files;
use domain::{Cadence, Confidence, DataFlag, Day, Fixed, OutletKind, Text};
use serde::{Deserialize, Serialize};

/// What a value is, as limits tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// As measured.
    Measured,
    /// Converted to reference oxygen.
    Converted,
    /// An amount in the period.
    Mass,
}

/// How much an alert matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Something is wrong with the instrument or the line, not with the emission.
    Fault,
    /// A limit may soon be exceeded.
    Warning,
    /// A value that a limit is set for is beyond it.
    Violation,
}

/// The methods that a rule may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// A value above the upper or below the lower bound of a limit; a value equal to it is within.
    Limit,
    /// Nothing comes from a device in use.
    NoData,
    /// A value does not change.
    Stuck,
}

/// An alert rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Id, the folder's name.
    pub id: String,
    /// Title.
    pub title: Text,
    /// How it judges.
    pub method: Method,
    /// How much its alerts matter.
    pub grade: Grade,
    /// Which values it is for.
    pub applies: Applies,
    /// Which limits it holds against, where the method is [`Method::Limit`].
    pub limits: Limits,
    /// How long it must last before it is raised.
    pub raise: Persistence,
    /// Which values do not count.
    pub ignore: Ignore,
    /// When it is over.
    pub recover: Recovery,
    /// When it is told again.
    pub repeat: Repeat,
    /// First day in force, if any.
    pub from: Option<Day>,
    /// Last day in force, if any.
    pub to: Option<Day>,
    /// Document and clause, or that it is our choice.
    pub source: String,
    /// Confidence in it; every alert carries it.
    pub confidence: Confidence,
}

/// Which values a rule is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applies {
    /// Kinds of outlet.
    pub outlets: Vec<OutletKind>,
    /// Cadence of the values.
    pub cadence: Cadence,
    /// What they are; empty for every one.
    pub basis: Vec<Basis>,
    /// Codes of pollutants; empty for every one.
    pub codes: Vec<String>,
}

/// Which limits a rule holds against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limits {
    /// None: the method needs none.
    None,
    /// Those of the register of these kinds for values of `statistic`, of the value's own basis; the strictest counts.
    Register {
        /// `permit`, `standard`.
        kinds: Vec<String>,
        /// Which values the limit is for: an early warning holds real-time values against hourly limits.
        statistic: Cadence,
    },
    /// Numbers of the rule itself.
    Fixed(Vec<FixedLimit>),
}

/// A limit that stands in the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedLimit {
    /// Code of the pollutant.
    pub code: String,
    /// Not below.
    pub low: Option<Fixed>,
    /// Not above.
    pub high: Option<Fixed>,
    /// Unit of both.
    pub unit: String,
    /// Document and clause.
    pub document: String,
}

/// How long something must last. Values that do not count are skipped: they neither break a run nor prolong it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Persistence {
    /// So many values beyond (no-data: so many intervals of the device missed; stuck: so many equal values) …
    pub count: u32,
    /// … of the last so many. Equal to `count`: one after the other. At most 64.
    pub of: u32,
    /// … and from the first to the last of them at least so many minutes.
    pub minutes: u32,
    /// A longer gap between two values starts the count anew; 0: none does.
    pub gap_minutes: u32,
}

/// Which values do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignore {
    /// Values with one of these flags.
    pub flags: Vec<DataFlag>,
    /// Values with one of these QARTOD judgements: 3 suspect, 4 fail, 9 missing.
    pub qc: Vec<u8>,
    /// These very values, as 0 for an instrument that shows it below its detection limit.
    pub values: Vec<Fixed>,
}

/// When an alert is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// Back by so many percent of the limit …
    pub percent: Fixed,
    /// … for so many values one after the other …
    pub count: u32,
    /// … and from the first to the last of them at least so many minutes.
    pub minutes: u32,
}

/// When an open alert is told again. 0 switches each off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// After so many minutes.
    pub minutes: u32,
    /// When the worst value is so many percent beyond the worst that was told.
    pub worse_percent: u32,
}

/// The rules of a catalog, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    list: Vec<Rule>,
}

/// Something wrong in a catalog file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleProblem {
    /// Path in the catalog.
    pub path: String,
    /// What is wrong and what to do.
    pub message: Text,
}

impl Basis {
    /// Every basis.
    pub const ALL: [Basis; 3] = [Basis::Measured, Basis::Converted, Basis::Mass];

    /// The word used in files and answers, the same as in the register's limits.
    pub fn code(self) -> &'static str {
        match self {
            Basis::Measured => "measured",
            Basis::Converted => "converted",
            Basis::Mass => "mass",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<Basis> {
        Basis::ALL.into_iter().find(|basis| basis.code() == code)
    }
}

impl Grade {
    /// Every grade, the least first.
    pub const ALL: [Grade; 3] = [Grade::Fault, Grade::Warning, Grade::Violation];

    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Grade::Fault => "fault",
            Grade::Warning => "warning",
            Grade::Violation => "violation",
        }
    }

    /// In both languages.
    pub fn name(self) -> Text {
        match self {
            Grade::Fault => Text::new("设备异常", "instrument fault"),
            Grade::Warning => Text::new("预警", "early warning"),
            Grade::Violation => Text::new("超标", "exceedance"),
        }
    }
}

impl Method {
    /// Every method.
    pub const ALL: [Method; 3] = [Method::Limit, Method::NoData, Method::Stuck];

    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Method::Limit => "limit",
            Method::NoData => "no-data",
            Method::Stuck => "stuck",
        }
    }
}

impl Rule {
    /// Whether it is in force on a day.
    pub fn in_force(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

impl Applies {
    /// Whether values of a pollutant at such an outlet are watched; `basis` as the series has it.
    pub fn covers(&self, kind: OutletKind, code: &str, cadence: Cadence, basis: Basis) -> bool {
        self.outlets.contains(&kind)
            && self.cadence == cadence
            && (self.basis.is_empty() || self.basis.contains(&basis))
            && (self.codes.is_empty() || self.codes.iter().any(|own| own == code))
    }
}

impl Rules {
    /// From a folder of `<id>/rule.toml`; a bad file is a problem, the others stay usable.
    pub fn load(files: &Files) -> (Rules, Vec<RuleProblem>) {
        let mut rules = Rules::default();
        let mut problems = Vec::new();
        for folder in files.folders_with("rule.toml") {
            let path = format!("{folder}/rule.toml");
            let Some(text) = files.get(&path) else { continue };
            match read::rule(text, &folder) {
                Ok(rule) => rules.list.push(rule),
                Err(message) => problems.push(RuleProblem { path, message }),
            }
        }
        rules.list.sort_by(|a, b| a.id.cmp(&b.id));
        (rules, problems)
    }

    /// The built-in rules; a test checks that they load without a problem.
    pub fn builtin() -> Rules {
        Rules::load(&crate::builtin_files()).0
    }

    /// Some rules; for tests and worked cases.
    pub fn of(mut list: Vec<Rule>) -> Rules {
        list.sort_by(|a, b| a.id.cmp(&b.id));
        Rules { list }
    }

    /// All, in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.list.iter()
    }

    /// One by id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.list.iter().find(|rule| rule.id == id)
    }

    pub(crate) fn list(&self) -> &[Rule] {
        &self.list
    }
}
