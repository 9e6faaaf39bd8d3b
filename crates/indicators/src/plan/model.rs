//! The nouns of a plan, as its folder in the catalog states them.

use crate::plan::known::ReportedKind;
use crate::plan::value::{ValueKind, ValueText};
use domain::{Confidence, Fixed, Record, Text};

/// A plan: its table of indicators, the past plan's table, its other targets, its own reported values.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Id, the folder's name.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Code of the area it is for.
    pub area: String,
    /// First year.
    pub from: i16,
    /// Last year, the year of the targets.
    pub to: i16,
    /// Year of the base values.
    pub base_year: i16,
    /// Groups in the plan's order.
    pub groups: Vec<Group>,
    /// What the plan calls its table of indicators, such as 专栏2.
    pub table_label: Text,
    /// Title of that table.
    pub table_title: Text,
    /// Its indicators, in the plan's order.
    pub rows: Vec<PlanIndicator>,
    /// The past plan's table.
    pub past: PastTable,
    /// Targets stated elsewhere in the text.
    pub targets: Vec<PlanTarget>,
    /// Values that the plan itself publishes, as records of the `reported` table.
    pub reported: Vec<Record>,
    /// Where all this is printed.
    pub source: Text,
    /// Which of several values of one year is judged: the first kind present.
    pub assess_by: Vec<ReportedKind>,
    /// Words with which a target in words is reported as met.
    pub done_words: Vec<String>,
    /// What a reader must know, such as contradictions in the text.
    pub notes: Vec<Text>,
}

/// A group of indicators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
}

/// Whether a target binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// 约束性.
    Binding,
    /// 预期性.
    Expected,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Larger values are better: the target is met at or above it.
    Higher,
    /// Smaller values are better: the target is met at or below it.
    Lower,
    /// Judged in words.
    Text,
}

/// A relation to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// ≥
    AtLeast,
    /// ≤
    AtMost,
}

/// How a value is judged against a target in words: a parameter, not the plan's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRule {
    /// The value stands in a relation to a number, in the row's unit.
    Number {
        /// The relation.
        relation: Relation,
        /// The number.
        number: Fixed,
    },
    /// Every condition that the indicator itself tells is met, such as “area not reduced, land class not changed”.
    Conditions,
}

/// One indicator of the plan's table.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanIndicator {
    /// Number in the plan.
    pub no: u16,
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Unit as the plan prints it.
    pub unit: String,
    /// Id of its group.
    pub group: String,
    /// Whether it binds.
    pub attribute: Attribute,
    /// Value of the base year.
    pub base: ValueText,
    /// Target of the last year.
    pub target: ValueText,
    /// Sum over the plan's years.
    pub cumulative: ValueText,
    /// Year of `base`.
    pub base_year: i16,
    /// Year of `target`.
    pub target_year: i16,
    /// Line of the plan's text.
    pub line: u32,
    /// Indicator that computes it from observations, if one does.
    pub indicator: Option<String>,
    /// Which way is better.
    pub direction: Direction,
    /// Decimal places to which a value is rounded before it is compared.
    pub digits: u32,
    /// How a number is judged where the target is words.
    pub text_rule: Option<TextRule>,
    /// Confidence in the reading of the target.
    pub confidence: Confidence,
    /// Standards to judge by.
    pub standard: String,
    /// Territory and points.
    pub scope: Text,
    /// What a reader must know.
    pub note: Text,
}

/// The past plan's table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PastTable {
    /// What the plan calls the table, such as 专栏1.
    pub label: Text,
    /// Title.
    pub title: Text,
    /// Year of its base values.
    pub base_year: i16,
    /// Year of its targets and actual values.
    pub target_year: i16,
    /// Its rows.
    pub rows: Vec<PastIndicator>,
}

/// One row of the past plan's table.
#[derive(Clone, Debug, PartialEq)]
pub struct PastIndicator {
    /// Position in the table, from 1.
    pub no: u16,
    /// Id, under which its values are reported.
    pub id: String,
    /// Group.
    pub group: Text,
    /// Title.
    pub title: Text,
    /// Unit as printed.
    pub unit: String,
    /// Base value.
    pub base: ValueText,
    /// Target.
    pub target: ValueText,
    /// What was reached.
    pub actual: ValueText,
    /// The same after an adjustment that the plan states beside it.
    pub actual_adjusted: Option<Fixed>,
    /// Whether it bound.
    pub attribute: Attribute,
    /// Whether it was met, in the plan's word.
    pub done: Text,
    /// Line of the plan's text.
    pub line: u32,
    /// Id of the present plan's row that continues it, or empty.
    pub same_as: String,
    /// What a reader must know.
    pub note: Text,
}

/// A target stated in the plan's text outside its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanTarget {
    /// Id.
    pub id: String,
    /// First line of the plan's text that states it.
    pub line: u32,
    /// All lines, as `9/144`.
    pub lines: String,
    /// The plan's words.
    pub quote: String,
    /// The target, short.
    pub value: String,
    /// When it is due, as the plan says it.
    pub deadline: String,
    /// Year of the deadline, if there is one.
    pub due_year: Option<i16>,
    /// Kind of the target.
    pub kind: ValueKind,
    /// Its number, where it has one.
    pub number: Option<Fixed>,
    /// Unit of the number.
    pub unit: String,
    /// Id of the plan's row that repeats it, or empty.
    pub indicator: String,
    /// Id of the indicator that computes it, if one does.
    pub computed_by: Option<String>,
    /// How it can be evaluated.
    pub hint: String,
}

impl Plan {
    /// A row by its number.
    pub fn row(&self, no: u16) -> Option<&PlanIndicator> {
        self.rows.iter().find(|row| row.no == no)
    }

    /// A row by what people call it: its id, its number, or the indicator that computes it.
    pub fn row_called(&self, name: &str) -> Option<&PlanIndicator> {
        let name = name.trim();
        self.rows.iter().find(|row| row.is_called(name))
    }
}

impl PlanIndicator {
    /// Whether `name` is its id, its number, its title, or the indicator that computes it.
    pub fn is_called(&self, name: &str) -> bool {
        self.id == name
            || self.indicator.as_deref() == Some(name)
            || self.title.zh == name
            || name.trim_matches(['(', ')', '（', '）']).parse() == Ok(self.no)
    }

    /// The number to reach in [`PlanIndicator::target_year`]: the target's, or the five-year sum.
    pub fn goal(&self) -> Option<Fixed> {
        self.target.number.or(self.cumulative.number)
    }

    /// Where the straight line to the goal starts: the base value; zero for a sum over the years.
    pub fn start(&self) -> Option<Fixed> {
        match (self.target.number, self.cumulative.number) {
            (Some(_), _) => self.base.number,
            (None, Some(_)) => Some(Fixed::ZERO),
            (None, None) => None,
        }
    }

    /// How a number is compared with the goal.
    pub fn relation(&self) -> Option<Relation> {
        match (self.target.kind, self.direction) {
            (ValueKind::AtLeast, _) | (_, Direction::Higher) => Some(Relation::AtLeast),
            (ValueKind::AtMost, _) | (_, Direction::Lower) => Some(Relation::AtMost),
            (_, Direction::Text) => None,
        }
    }
}

impl Relation {
    /// Whether `value` stands in this relation to `number`.
    pub fn holds(self, value: Fixed, number: Fixed) -> bool {
        match self {
            Relation::AtLeast => value >= number,
            Relation::AtMost => value <= number,
        }
    }

    /// `≥` or `≤`.
    pub fn sign(self) -> &'static str {
        match self {
            Relation::AtLeast => "≥",
            Relation::AtMost => "≤",
        }
    }
}

impl Attribute {
    /// The word used in answers.
    pub fn code(self) -> &'static str {
        match self {
            Attribute::Binding => "binding",
            Attribute::Expected => "expected",
        }
    }

    /// From 约束性, 预期性, `binding` or `expected`.
    pub fn from_word(word: &str) -> Option<Attribute> {
        match word.trim() {
            "约束性" | "binding" => Some(Attribute::Binding),
            "预期性" | "expected" => Some(Attribute::Expected),
            _ => None,
        }
    }
}
