//! One cell of a row → a reading or a problem. Used by the evaluator.

use crate::media::limits::Item;
use crate::media::number::exact;
use crate::media::words;
use domain::{Problem, Ratio};

/// What a cell says of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Reading {
    /// Nothing that can be used.
    #[default]
    Missing,
    /// A value.
    Value(Ratio),
    /// Below this detection limit.
    Below(Ratio),
    /// Below a detection limit that is not given.
    Undetected,
}

/// Marks of a value below the detection limit: `0.01L`, `<0.01`.
const SUFFIXES: [char; 3] = ['L', 'l', 'Ｌ'];
const PREFIXES: [char; 2] = ['<', '＜'];

/// Reads a cell of an item.
pub(crate) fn reading(undetected: &[String], item: &Item, text: &str) -> Result<Reading, Box<Problem>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Reading::Missing);
    }
    if let Some((_, value)) = item.words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)) {
        return Ok(Reading::Value(*value));
    }
    if undetected.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Ok(Reading::Undetected);
    }
    let bare = text.strip_suffix(SUFFIXES).or_else(|| text.strip_prefix(PREFIXES));
    let value = exact(bare.unwrap_or(text).trim()).ok_or_else(|| Box::new(words::not_a_number(item, text)))?;
    let (least, most) = item.range;
    if least.is_some_and(|least| value < least) {
        return Err(Box::new(words::too_low(item, text, value.num() < 0)));
    }
    if most.is_some_and(|most| value > most) {
        return Err(Box::new(words::too_high(item, text)));
    }
    Ok(if bare.is_some() { Reading::Below(value) } else { Reading::Value(value) })
}
