//! `when` cells → conditions on the words and numbers of a row: `kind=lake ph>5.5 ph<=6.5`.

use crate::media::limits::{Limits, NumberInput, Selector};
use crate::media::number::exact;
use domain::Ratio;

/// One condition of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The selector, by its place, says one of these words, by theirs.
    Says {
        /// Place of the selector.
        selector: usize,
        /// Places of the words.
        words: Vec<usize>,
    },
    /// The number, by its place, compares so.
    Compares {
        /// Place of the number.
        number: usize,
        /// How.
        by: Comparison,
        /// With what.
        with: Ratio,
    },
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `>`
    Above,
}

impl Comparison {
    /// Whether it holds.
    pub fn holds(self, value: Ratio, with: Ratio) -> bool {
        match self {
            Comparison::AtMost => value <= with,
            Comparison::AtLeast => value >= with,
            Comparison::Below => value < with,
            Comparison::Above => value > with,
        }
    }
}

/// Reads a cell; the error is the part that cannot be read.
pub(crate) fn parse(text: &str, selectors: &[Selector], numbers: &[NumberInput]) -> Result<Vec<Condition>, String> {
    text.split_whitespace().map(|part| one(part, selectors, numbers).ok_or_else(|| part.to_string())).collect()
}

fn one(part: &str, selectors: &[Selector], numbers: &[NumberInput]) -> Option<Condition> {
    for (sign, by) in
        [("<=", Comparison::AtMost), (">=", Comparison::AtLeast), ("<", Comparison::Below), (">", Comparison::Above)]
    {
        if let Some((name, with)) = part.split_once(sign) {
            let number = numbers.iter().position(|number| number.column == name)?;
            return Some(Condition::Compares { number, by, with: exact(with)? });
        }
    }
    let (name, words) = part.split_once('=')?;
    let selector = selectors.iter().position(|selector| selector.column == name)?;
    let place = |word: &str| selectors[selector].words.iter().position(|own| own.code == word);
    Some(Condition::Says { selector, words: words.split('|').map(place).collect::<Option<_>>()? })
}

impl Condition {
    /// The column it asks.
    pub fn column<'a>(&self, limits: &'a Limits) -> &'a str {
        match self {
            Condition::Says { selector, .. } => &limits.selectors[*selector].column,
            Condition::Compares { number, .. } => &limits.numbers[*number].column,
        }
    }
}
