//! A formula of the catalog, such as `used / collectable * 100`, and its exact value.
//!
//! Made when a definition is read, so that a misspelt formula is a problem of the catalog; used by `facts` and
//! `amounts`. Numbers are exact fractions, decimals are read as written, and nothing is rounded on the way: what
//! cannot be kept exactly has no value and says so.
//!
//! ```
//! use domain::Ratio;
//! use indicators::Formula;
//! let formula = Formula::read("(now - before) / before * 100").unwrap();
//! let value = formula.value(&|name| Ratio::new(if name == "now" { 1 } else { 3 }, 1)).unwrap();
//! assert_eq!(value, Ratio::new(-200, 3));
//! ```

mod number;
#[cfg(test)]
mod tests;

use domain::{Ratio, Text};
use exmex::{BinOp, Express, FlatEx, MakeOperators, Operator};
use number::Number;
use serde::Deserialize;

/// A formula that was read without a fault.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Formula {
    text: String,
    parsed: FlatEx<Number, Operations>,
}

/// Why a formula has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoValue {
    /// Something was divided by zero.
    DividedByZero,
    /// The exact number does not fit in 128 bits.
    TooLarge,
}

/// Longest formula that is read, in characters.
const LONGEST: usize = 2_000;

/// `+ − × ÷`, `min(a, b)` and `max(a, b)`.
#[derive(Clone, Debug)]
struct Operations;

impl MakeOperators<Number> for Operations {
    fn make<'a>() -> Vec<Operator<'a, Number>> {
        let two = |prio, is_commutative, apply| BinOp { apply, prio, is_commutative };
        vec![
            Operator::make_bin("min", two(0, true, Number::least)),
            Operator::make_bin("max", two(0, true, Number::most)),
            Operator::make_bin_unary("+", two(1, true, Number::plus), |own| own),
            Operator::make_bin_unary("-", two(2, false, Number::minus), Number::negated),
            Operator::make_bin("*", two(3, true, Number::times)),
            Operator::make_bin("/", two(4, false, Number::over)),
        ]
    }
}

impl Formula {
    /// From its text: names, decimal numbers, `+ - * /`, parentheses, `min(a, b)`, `max(a, b)`.
    pub fn read(text: &str) -> Result<Formula, Text> {
        let wrong = |zh: String, en: String| {
            Text::new(
                format!("公式“{text}”无法读取：{zh}；可用名称、数、+ - * /、括号、min(a, b)、max(a, b)"),
                format!(
                    "the formula `{text}` cannot be read: {en}; use names, numbers, + - * /, parentheses, min(a, b), max(a, b)"
                ),
            )
        };
        let known = |c: char| c.is_ascii_alphanumeric() || "_+-*/(), .".contains(c);
        if let Some(other) = text.chars().find(|c| !known(*c)) {
            return Err(wrong(format!("有字符“{other}”"), format!("it has the character `{other}`")));
        }
        if text.len() > LONGEST {
            return Err(wrong(format!("超过 {LONGEST} 个字符"), format!("it has more than {LONGEST} characters")));
        }
        let spelled = spelled_out(text)
            .ok_or_else(|| wrong("括号或逗号不配对".into(), "parentheses or commas do not fit".into()))?;
        let parsed = FlatEx::parse(&spelled).map_err(|error| wrong(error.to_string(), error.to_string()))?;
        Ok(Formula { text: text.to_string(), parsed })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names in it, in order.
    pub fn names(&self) -> &[String] {
        self.parsed.var_names()
    }

    /// Its exact value, given the value of each name.
    pub fn value(&self, of: &dyn Fn(&str) -> Ratio) -> Result<Ratio, NoValue> {
        let numbers: Vec<Number> = self.names().iter().map(|name| Number::Is(of(name))).collect();
        match self.parsed.eval(&numbers).expect("as many numbers as there are names") {
            Number::Is(value) => Ok(value.reduced()),
            Number::DividedByZero => Err(NoValue::DividedByZero),
            Number::TooLarge => Err(NoValue::TooLarge),
        }
    }
}

impl NoValue {
    /// In both languages.
    pub fn text(self) -> Text {
        match self {
            NoValue::DividedByZero => Text::new("除数为 0，没有值", "a divisor is 0: there is no value"),
            NoValue::TooLarge => Text::new(
                "数字过大，无法精确计算；请核对输入的量级与单位",
                "the numbers are too large to be computed exactly: check their magnitude and units",
            ),
        }
    }
}

impl TryFrom<String> for Formula {
    type Error = String;

    fn try_from(text: String) -> Result<Formula, String> {
        Formula::read(&text).map_err(|reason| reason.en)
    }
}

impl PartialEq for Formula {
    fn eq(&self, other: &Formula) -> bool {
        self.text == other.text
    }
}

/// An open parenthesis.
enum Open<'a> {
    /// Around a group.
    Group,
    /// Around the first operand of an operation written as a word.
    First(&'a str),
    /// Around the second.
    Second,
}

/// The text as the library reads it: every name in braces, so that a name may begin like an operation
/// (`minerals`), and `min(a, b)` as `((a)min(b))`, which nests. `None` if parentheses and commas do not fit.
fn spelled_out(text: &str) -> Option<String> {
    let mut out = String::with_capacity(2 * text.len() + 16);
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let named = |c: char| c == '_' || c.is_ascii_alphanumeric();
        let is_word = named(first) && !first.is_ascii_digit();
        let end = if is_word { rest.find(|c| !named(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (word, after) = rest.split_at(end);
        rest = after;
        match word {
            "min" | "max" => {
                rest = rest.trim_start().strip_prefix('(')?;
                open.push(Open::First(word));
                out.push_str("((");
            }
            "(" => {
                open.push(Open::Group);
                out.push('(');
            }
            "," => {
                let Some(Open::First(operation)) = open.pop() else { return None };
                open.push(Open::Second);
                out.extend([")", operation, "("]);
            }
            ")" => out.push_str(match open.pop()? {
                Open::Group => ")",
                Open::Second => "))",
                Open::First(_) => return None,
            }),
            name if is_word => out.extend(["{", name, "}"]),
            other => out.push_str(other),
        }
    }
    open.is_empty().then_some(out)
}
