//! How numbers and times stand in the bodies of events: decimal text and ISO text, never a binary float.
//! Used by the bodies of alerts and marks.

use domain::Instant;
use serde::{Deserialize, Deserializer, Serializer};

/// A moment as `2025-01-01T14:00:00+08:00`.
pub mod moment {
    use super::*;

    /// Writes it.
    pub fn serialize<S: Serializer>(moment: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&moment.to_iso())
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        let text = String::deserialize(deserializer)?;
        Instant::parse(&text).map_err(|_| serde::de::Error::custom(format!("`{text}` is no time")))
    }
}

/// A moment or null.
pub mod maybe_moment {
    use super::*;

    /// Writes it.
    pub fn serialize<S: Serializer>(moment: &Option<Instant>, serializer: S) -> Result<S::Ok, S::Error> {
        match moment {
            Some(moment) => serializer.serialize_some(&moment.to_iso()),
            None => serializer.serialize_none(),
        }
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        Instant::parse(&text).map(Some).map_err(|_| serde::de::Error::custom(format!("`{text}` is no time")))
    }
}

/// A number as text, or null.
pub mod maybe_number {
    use super::*;
    use domain::Fixed;

    /// Writes it.
    pub fn serialize<S: Serializer>(number: &Option<Fixed>, serializer: S) -> Result<S::Ok, S::Error> {
        match number {
            Some(number) => serializer.serialize_some(&number.to_string()),
            None => serializer.serialize_none(),
        }
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Fixed>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| serde::de::Error::custom(format!("`{text}` is no number")))
    }
}
