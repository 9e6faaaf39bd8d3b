//! How far a number of a standard may be trusted. It travels with every result made from it.

use serde::{Deserialize, Serialize};

/// Confidence in a table or clause, as read from its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Read in the official text, or two independent sources agree.
    Confirmed,
    /// One good secondary source.
    Probable,
    /// One weak source: never show a result of it without saying so.
    Unconfirmed,
}

impl Confidence {
    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Confidence::Confirmed => "confirmed",
            Confidence::Probable => "probable",
            Confidence::Unconfirmed => "unconfirmed",
        }
    }

    /// The weaker of two: a result is as trustworthy as its weakest rule.
    pub fn and(self, other: Confidence) -> Confidence {
        self.max(other)
    }
}
