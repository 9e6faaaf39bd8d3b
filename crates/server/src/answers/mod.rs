//! What the HTTP API and `--format json` answer: one plain shape per answer, made by `jobs`.
//!
//! The shapes are the contract with the web front end (`web/src/api/types.ts`); the golden file
//! `openapi.json` is generated from them. Null means missing.

pub mod air;
pub mod explain;
pub mod imports;
pub mod media;
pub mod online;
pub mod places;
pub mod plan;
pub mod plan_full;
pub mod rules;

use domain::Fixed;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// From both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Text {
        Text { zh: zh.into(), en: en.into() }
    }

    /// The same words in both.
    pub fn same(words: &str) -> Text {
        Text::new(words, words)
    }
}

impl From<domain::Text> for Text {
    fn from(text: domain::Text) -> Text {
        Text { zh: text.zh, en: text.en }
    }
}

impl From<&domain::Text> for Text {
    fn from(text: &domain::Text) -> Text {
        Text { zh: text.zh.clone(), en: text.en.clone() }
    }
}

/// Confidence in the weakest rule behind a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Read in the official text, or two independent sources agree.
    Confirmed,
    /// One good secondary source.
    Probable,
    /// One weak source.
    Unconfirmed,
}

impl From<domain::Confidence> for Confidence {
    fn from(confidence: domain::Confidence) -> Confidence {
        match confidence {
            domain::Confidence::Confirmed => Confidence::Confirmed,
            domain::Confidence::Probable => Confidence::Probable,
            domain::Confidence::Unconfirmed => Confidence::Unconfirmed,
        }
    }
}

/// An exact decimal as a JSON number: a whole number without a point, the shortest decimal otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = f64)]
pub struct Number(pub Fixed);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let millionths = self.0.millionths();
        if millionths % domain::fixed::ONE == 0 {
            serializer.serialize_i64(millionths / domain::fixed::ONE)
        } else {
            serializer.serialize_f64(self.0.to_f64())
        }
    }
}

impl From<Fixed> for Number {
    fn from(value: Fixed) -> Number {
        Number(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        let json = |text: &str| serde_json::to_string(&Number(text.parse().expect("a number"))).expect("serialises");
        assert_eq!(json("35"), "35");
        assert_eq!(json("90.8"), "90.8");
        assert_eq!(json("-0.000001"), "-1e-6");
        assert_eq!(json("4.7225"), "4.7225");
    }
}
