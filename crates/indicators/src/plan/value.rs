//! A value as a document prints it → the same text with what can be computed with it.
//!
//! Plans print numbers, `≥90`, five-year sums, words, `/` and nothing at all. All of these travel as they
//! were printed; the number stands beside the text, never instead of it.

use domain::{Fixed, Text};

/// What kind of value a printed text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueKind {
    /// A number.
    Number,
    /// At least this number.
    AtLeast,
    /// At most this number.
    AtMost,
    /// A sum over the years of the plan.
    Cumulative,
    /// Words.
    Text,
    /// `/`, `—`, or a blank cell.
    Absent,
}

/// A printed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueText {
    /// Exactly as printed.
    pub text: String,
    /// The number in it, in the unit of its row.
    pub number: Option<Fixed>,
    /// Its kind.
    pub kind: ValueKind,
}

const AT_LEAST: [&str; 5] = ["≥", ">=", "不低于", "不小于", "不少于"];
const AT_MOST: [&str; 5] = ["≤", "<=", "不高于", "不大于", "不超过"];
const CUMULATIVE: &str = "累计";

impl ValueKind {
    /// The word used in catalogs and answers.
    pub fn code(self) -> &'static str {
        match self {
            ValueKind::Number => "number",
            ValueKind::AtLeast => "at-least",
            ValueKind::AtMost => "at-most",
            ValueKind::Cumulative => "cumulative",
            ValueKind::Text => "text",
            ValueKind::Absent => "absent",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<ValueKind> {
        use ValueKind::{Absent, AtLeast, AtMost, Cumulative, Number, Text};
        [Number, AtLeast, AtMost, Cumulative, Text, Absent].into_iter().find(|kind| kind.code() == code)
    }

    fn is_numeric(self) -> bool {
        !matches!(self, ValueKind::Text | ValueKind::Absent)
    }
}

impl ValueText {
    /// Reads a printed value and tells its kind from the text itself.
    ///
    /// ```
    /// use indicators::plan::{ValueKind, ValueText};
    /// let raw = ValueText::read("80（扣除上游来水影响后为100）");
    /// assert_eq!((raw.kind, raw.number.unwrap().to_string().as_str()), (ValueKind::Number, "80"));
    /// assert_eq!(ValueText::read("累计减排7740").kind, ValueKind::Cumulative);
    /// assert_eq!(ValueText::read("≥70 %").kind, ValueKind::AtLeast);
    /// assert_eq!(ValueText::read("基本消除").kind, ValueKind::Text);
    /// assert_eq!(ValueText::read("—").kind, ValueKind::Absent);
    /// ```
    pub fn read(text: &str) -> ValueText {
        let trimmed = text.trim();
        let (kind, number) = if is_absent(trimmed) {
            (ValueKind::Absent, None)
        } else if let Some(rest) = after_any(trimmed, &AT_LEAST) {
            (ValueKind::AtLeast, leading_number(rest))
        } else if let Some(rest) = after_any(trimmed, &AT_MOST) {
            (ValueKind::AtMost, leading_number(rest))
        } else if trimmed.starts_with(CUMULATIVE) {
            (ValueKind::Cumulative, first_number(trimmed))
        } else {
            (ValueKind::Number, leading_number(trimmed))
        };
        let kind = if kind.is_numeric() && number.is_none() { ValueKind::Text } else { kind };
        ValueText { text: trimmed.to_string(), number, kind }
    }

    /// Reads a printed value whose kind the catalog states; the first number in the text is its number.
    pub fn of_kind(text: &str, kind: ValueKind) -> Result<ValueText, Text> {
        let trimmed = text.trim();
        if kind == ValueKind::Absent && !is_absent(trimmed) {
            return Err(Text::new(
                format!("“{text}”不是空值，种类却写 absent；请改种类或清空"),
                format!("`{text}` is not blank but its kind says absent: change the kind or clear the cell"),
            ));
        }
        let number = if kind.is_numeric() { first_number(trimmed) } else { None };
        if kind.is_numeric() && number.is_none() {
            return Err(Text::new(
                format!("“{text}”中没有数字，种类却写 {}；请改种类为 text 或 absent", kind.code()),
                format!("`{text}` holds no number but its kind says {}: use text or absent", kind.code()),
            ));
        }
        Ok(ValueText { text: trimmed.to_string(), number, kind })
    }

    /// From a computed number, printed with `digits` decimal places.
    pub fn of_number(value: Fixed, digits: u32) -> ValueText {
        ValueText { text: print(value, digits), number: Some(value), kind: ValueKind::Number }
    }

    /// A blank cell.
    pub fn absent() -> ValueText {
        ValueText { text: String::new(), number: None, kind: ValueKind::Absent }
    }

    /// Whether there is nothing.
    pub fn is_absent(&self) -> bool {
        self.kind == ValueKind::Absent
    }

    /// For sentences: the text, or a dash when there is none.
    pub fn shown(&self) -> &str {
        if self.text.is_empty() { "—" } else { &self.text }
    }
}

/// A number with exactly `digits` decimal places, rounded by GB/T 8170 if it has more.
pub fn print(value: Fixed, digits: u32) -> String {
    let mut decimal = value.round(digits).to_decimal();
    decimal.rescale(digits);
    decimal.to_string()
}

fn is_absent(text: &str) -> bool {
    matches!(text, "" | "/" | "—" | "——" | "-" | "－" | "–")
}

fn after_any<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    words.iter().find_map(|word| text.strip_prefix(word)).map(str::trim_start)
}

/// The number a text begins with, if only a sign of unit or a remark follows it.
fn leading_number(text: &str) -> Option<Fixed> {
    let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+')).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let remark = rest.is_empty() || rest.starts_with(['%', '％', '‰', '（', '(', ' ']);
    number.parse().ok().filter(|_| remark)
}

fn first_number(text: &str) -> Option<Fixed> {
    let signed = text.find(|c: char| c.is_ascii_digit())?;
    let start = if text[..signed].ends_with('-') { signed - 1 } else { signed };
    let rest = &text[start..];
    let end = rest[1..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(rest.len(), |end| end + 1);
    rest[..end].trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_stated_kind_must_fit_its_text() {
        let cut = ValueText::of_kind("累计减排7740", ValueKind::Cumulative).expect("a sum");
        assert_eq!(cut.number, Some(Fixed::from_integer(7740)));
        assert!(ValueText::of_kind("基本消除", ValueKind::Number).is_err());
        assert!(ValueText::of_kind("93", ValueKind::Absent).is_err());
        assert!(ValueText::of_kind("/", ValueKind::Absent).expect("blank").is_absent());
        let cold = ValueText::of_kind("-2.5", ValueKind::Number).expect("a number");
        assert_eq!(cold.number, Some(Fixed::from_millionths(-2_500_000)));
    }

    #[test]
    fn thousands_separators_are_words_not_guesses() {
        assert_eq!(ValueText::read("4,218").kind, ValueKind::Text);
        assert_eq!(ValueText::read("88.8%").number, Some("88.8".parse().expect("a number")));
        assert_eq!(ValueText::read("12个").kind, ValueKind::Text);
    }

    #[test]
    fn prints_the_places_of_its_row() {
        assert_eq!(print(Fixed::from_integer(90), 1), "90.0");
        assert_eq!(print("90.65".parse().expect("a number"), 1), "90.6");
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_keeps_the_text(text in "\\PC*") {
            let read = ValueText::read(&text);
            prop_assert_eq!(read.text.as_str(), text.trim());
            for kind in ["number", "at-least", "at-most", "cumulative", "text", "absent"] {
                let _ = ValueText::of_kind(&text, ValueKind::from_code(kind).expect("a kind"));
            }
        }
    }
}
