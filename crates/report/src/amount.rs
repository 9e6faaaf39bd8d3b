//! A number as it is printed, or the reason why there is none.

use domain::{Confidence, Fixed, Text};
use serde::Serialize;

/// One printed number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// As it is to be printed, rounded by the standard (`35`, `0.70`, `≥92`); empty if there is none.
    pub text: String,
    /// The exact value before rounding, as a decimal; empty if not stated.
    pub exact: String,
    /// Why there is no number; both empty if there is one.
    pub missing: Text,
    /// Confidence of the weakest rule it rests on; `Unconfirmed` prints a mark beside the number.
    pub confidence: Confidence,
}

impl Default for Amount {
    /// No number and no stated reason.
    fn default() -> Amount {
        Amount::missing("未提供", "not provided")
    }
}

impl Amount {
    /// A number from confirmed rules.
    pub fn of(text: impl Into<String>) -> Amount {
        Amount { text: text.into(), exact: String::new(), missing: Text::default(), confidence: Confidence::Confirmed }
    }

    /// A decimal with exactly `places` decimals (it must be rounded already; more places are not cut).
    pub fn fixed(value: Fixed, places: u32) -> Amount {
        let mut text = value.to_string();
        let have = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        if have == 0 && places > 0 {
            text.push('.');
        }
        for _ in have..places as usize {
            text.push('0');
        }
        Amount::of(text)
    }

    /// A decimal if there is one, else the reason in both languages.
    pub fn fixed_or(value: Option<Fixed>, places: u32, zh: &str, en: &str) -> Amount {
        value.map_or_else(|| Amount::missing(zh, en), |value| Amount::fixed(value, places))
    }

    /// No number, for a reason.
    pub fn missing(zh: impl Into<String>, en: impl Into<String>) -> Amount {
        Amount {
            text: String::new(),
            exact: String::new(),
            missing: Text::new(zh, en),
            confidence: Confidence::Confirmed,
        }
    }

    /// The same with its exact value.
    pub fn with_exact(mut self, exact: impl Into<String>) -> Amount {
        self.exact = exact.into();
        self
    }

    /// The same with the confidence of its rules.
    pub fn with_confidence(mut self, confidence: Confidence) -> Amount {
        self.confidence = confidence;
        self
    }

    /// Whether there is a number.
    pub fn is_some(&self) -> bool {
        !self.text.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_padded_and_never_cut() {
        let fixed = |text: &str, places| Amount::fixed(text.parse().expect("a number"), places).text;
        assert_eq!(fixed("4.2", 2), "4.20");
        assert_eq!(fixed("35", 0), "35");
        assert_eq!(fixed("35", 1), "35.0");
        assert_eq!(fixed("0.123", 2), "0.123");
        assert!(!Amount::fixed_or(None, 1, "缺", "none").is_some());
    }
}
