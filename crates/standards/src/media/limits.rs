//! The tables of one standard of limits, typed. Filled by [`crate::media::read`], used by the judge, the
//! kernel and the evaluator.

use crate::media::condition::Condition;
use domain::{Confidence, Ratio, Text};
use serde::Deserialize;

/// A standard that gives each item ascending classes.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Standard id, such as `gb3838-2002`.
    pub id: String,
    /// Number, such as `GB 3838-2002`.
    pub number: String,
    /// Title.
    pub title: Text,
    /// Confidence in its tables as a whole; a row may say less.
    pub confidence: Confidence,
    /// What is judged: `surface-water`, `groundwater`, `soil`, `noise` …
    pub medium: String,
    /// Classes, the best first; the last is that of what meets none.
    pub classes: Vec<Class>,
    /// The class, from 1, whose limit an exceedance is counted against.
    pub reference: usize,
    /// How an exceedance is said.
    pub exceed_as: ExceedAs,
    /// Decimal places of it.
    pub exceed_digits: u32,
    /// How many main items are named.
    pub main: usize,
    /// What is taken for a value below the detection limit.
    pub below: BelowDetection,
    /// Words that say "below the detection limit" without giving it.
    pub undetected: Vec<String>,
    /// Words that pick rows.
    pub selectors: Vec<Selector>,
    /// The selector that picks a column of limits rather than a row, by its place.
    pub pick: Option<usize>,
    /// Numbers that pick rows or change limits, and are not judged themselves.
    pub numbers: Vec<NumberInput>,
    /// What is judged, in table order.
    pub items: Vec<Item>,
    /// When day and night are, where the items are sound levels.
    pub day_night: Option<DayHours>,
    /// Columns of the result.
    pub outputs: Vec<(String, Shows, Text)>,
}

/// One class.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// As the standard writes it, such as `Ⅲ`.
    pub id: String,
    /// Its name, such as 良好.
    pub name: Text,
    /// The customary colour, `#RRGGBB`; empty where there is none.
    #[serde(default)]
    pub color: String,
    /// What it is good for, or what follows from it.
    #[serde(default)]
    pub meaning: Text,
}

/// When day and night are, and how much worse a night is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayHours {
    /// Hour of the day at which the day begins [h].
    pub day_from: u8,
    /// Hour of the day at which the night begins [h].
    pub night_from: u8,
    /// What is added to a night level in the day-night level [dB].
    pub night_addition: u8,
}

/// How an exceedance is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExceedAs {
    /// `(C − S) / S`.
    Multiple,
    /// `C − S`, in the unit of the item.
    Difference,
}

/// What is taken for a value below the detection limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BelowDetection {
    /// Half of the limit.
    Half,
    /// The best class, whatever the limit.
    BestClass,
}

/// A column of words that picks rows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selector {
    /// Column name.
    pub column: String,
    /// What it says.
    pub meaning: Text,
    /// The words it may hold.
    pub words: Vec<Word>,
    /// The word taken where the column is absent or empty; without it a row must say one.
    pub default: Option<String>,
}

/// A word of a [`Selector`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// As files write it.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Other spellings.
    #[serde(default)]
    pub also: Vec<String>,
}

/// A column of numbers that are not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberInput {
    /// Column name.
    pub column: String,
    /// Unit.
    pub unit: String,
    /// What it says.
    pub meaning: Text,
    /// The value taken where it is not given; the result says so.
    pub assumed: Option<Ratio>,
}

/// Which values are the good ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Low values.
    Max,
    /// High values.
    Min,
    /// Values between two.
    Range,
}

/// One judged item.
#[derive(Clone, Debug)]
pub struct Item {
    /// Column name, such as `codmn`.
    pub code: String,
    /// Parameter of the domain catalog.
    pub parameter: String,
    /// Name.
    pub name: Text,
    /// Unit of values and limits.
    pub unit: String,
    /// Other names a column may have.
    pub also: Vec<String>,
    /// Which values are good.
    pub direction: Direction,
    /// Whether it makes the class unless asked otherwise.
    pub in_class: bool,
    /// Whether it is named before others among the main items.
    pub priority: bool,
    /// Whether its exceedance has a number.
    pub multiple: bool,
    /// Words that stand for numbers, such as `无`.
    pub words: Vec<(String, Ratio)>,
    /// Smallest and largest value that can be real.
    pub range: (Option<Ratio>, Option<Ratio>),
    /// Its limits; the first row whose conditions hold is used.
    pub rows: Vec<LimitRow>,
    /// Other ways to meet a class.
    pub alternatives: Vec<Alternative>,
}

/// The limits of an item under conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitRow {
    /// All must hold.
    pub when: Vec<Condition>,
    /// One a class, but for the last class, which has none.
    pub limits: Vec<Limit>,
    /// Limits by the word of the picking selector, where one picks a column; otherwise empty.
    pub picked: Vec<Vec<Limit>>,
    /// The value is divided by this number first, by its place in [`Limits::numbers`].
    pub per: Option<usize>,
    /// The limit of the first class is at least this number.
    pub raised_by: Option<usize>,
    /// Clause or table.
    pub clause: String,
    /// Confidence in the row.
    pub confidence: Confidence,
}

/// What a value must be to meet a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Not above.
    AtMost(Ratio),
    /// Not below.
    AtLeast(Ratio),
    /// Above.
    Above(Ratio),
    /// Below.
    Below(Ratio),
    /// Not outside.
    Between(Ratio, Ratio),
    /// Anything.
    Any,
    /// The standard gives none here.
    None,
}

/// Another way to meet a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The class, from 1.
    pub class: usize,
    /// The number that decides, by its place in [`Limits::numbers`].
    pub number: usize,
    /// What it must be.
    pub limit: Limit,
    /// Clause or table.
    pub clause: String,
}

/// What a column of the result shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shows {
    /// The class.
    Class,
    /// Its Chinese name.
    Grade,
    /// The main items.
    Main,
    /// Items above the reference class with how far.
    Exceed,
    /// Items above the reference class.
    Over,
    /// Items that make the class.
    Deciding,
    /// How many items were judged for the class.
    Judged,
    /// Class of each item.
    Items,
    /// Confidence in the rules that were used.
    Confidence,
}

impl Limit {
    /// Whether a value meets it; `None` where there is no limit.
    pub fn met(self, value: Ratio) -> Option<bool> {
        Some(match self {
            Limit::AtMost(limit) => value <= limit,
            Limit::AtLeast(limit) => value >= limit,
            Limit::Above(limit) => value > limit,
            Limit::Below(limit) => value < limit,
            Limit::Between(low, high) => low <= value && value <= high,
            Limit::Any => true,
            Limit::None => return None,
        })
    }

    /// The one number of it, where it has one.
    pub fn number(self) -> Option<Ratio> {
        match self {
            Limit::AtMost(limit) | Limit::AtLeast(limit) | Limit::Above(limit) | Limit::Below(limit) => Some(limit),
            Limit::Between(..) | Limit::Any | Limit::None => None,
        }
    }
}

impl Limits {
    /// An item by its code.
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }

    /// The place of an item.
    pub fn item_at(&self, code: &str) -> Option<usize> {
        self.items.iter().position(|item| item.code == code)
    }

    /// A class by its place, from 1.
    pub fn class(&self, class: usize) -> Option<&Class> {
        self.classes.get(class.checked_sub(1)?)
    }

    /// The limits of an item for a class under given words, such as the Ⅲ limit of a lake; `None` where there
    /// is none or a number is needed to pick it.
    pub fn limit(&self, item: &str, class: usize, words: &[(&str, &str)]) -> Option<Limit> {
        let mut sample = self.sample();
        for (selector, word) in words {
            sample.say(self, selector, word);
        }
        let row = crate::media::judge::pick(self, self.item(item)?, &sample).ok()??;
        let limit = *crate::media::judge::limits_of(self, row, &sample)?.get(class.checked_sub(1)?)?;
        (limit != Limit::None).then_some(limit)
    }
}
