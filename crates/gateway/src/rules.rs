//! `catalog/gateway.toml` → the standards' numbers that the gateway keeps to, and the words of what it
//! finds itself. Used by the dialogues, and by `server` for its ledger.

use domain::Text;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A frame of a device that is not in the register.
pub const UNKNOWN_MN: &str = "unknown-mn";
/// A frame whose password is not the registered one.
pub const WRONG_PASSWORD: &str = "wrong-password";
/// A frame from an address that the register does not allow for the device.
pub const ADDRESS_NOT_ALLOWED: &str = "address-not-allowed";
/// Generation that the register names for devices that publish over MQTT.
pub const MQTT_GENERATION: &str = "mqtt";
/// Bytes between frames.
pub const GARBAGE: &str = "garbage";
/// Its time cannot be meant: a clock gone wrong.
pub const IMPLAUSIBLE_TIME: &str = "implausible-time";

/// Numbers and words.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// How long a dialogue waits where the device was not set otherwise.
    pub timing: Timing,
    /// Days after which the key of a device must be changed.
    pub key_max_age_days: u32,
    /// Whether that number was read in the standard itself.
    pub key_age_confirmed: bool,
    deviations: BTreeMap<String, Text>,
}

/// How long to wait and how often to ask again (command 1000 sets both).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Seconds to wait for an answer.
    pub over_time_s: u32,
    /// How often a request is sent again.
    pub resends: u32,
}

static BUILTIN: LazyLock<Rules> =
    LazyLock::new(|| Rules::parse(include_str!("../catalog/gateway.toml")).expect("the embedded catalog is tested"));

impl Rules {
    /// The built-in rules.
    pub fn builtin() -> &'static Rules {
        &BUILTIN
    }

    /// What one of the gateway's own deviation codes means; `None` for a code of `intake`.
    pub fn deviation(&self, code: &str) -> Option<&Text> {
        self.deviations.get(code)
    }

    fn parse(text: &str) -> Result<Rules, toml::de::Error> {
        let file: File = toml::from_str(text)?;
        Ok(Rules {
            timing: Timing { over_time_s: file.dialogue.over_time_s, resends: file.dialogue.resends },
            key_max_age_days: file.key.max_age_days,
            key_age_confirmed: file.key.confidence == "confirmed",
            deviations: file.deviation.into_iter().map(|word| (word.code, Text::new(word.zh, word.en))).collect(),
        })
    }
}

/// Whether the sender of a kept frame was who it says, by the frame's deviation codes: only then are its
/// values values of the device.
pub fn is_trusted<S: AsRef<str>>(deviations: &[S]) -> bool {
    !deviations.iter().any(|code| [UNKNOWN_MN, WRONG_PASSWORD, ADDRESS_NOT_ALLOWED].contains(&code.as_ref()))
}

#[derive(Deserialize)]
struct File {
    dialogue: Dialogue,
    key: Key,
    deviation: Vec<Word>,
}

#[derive(Deserialize)]
struct Dialogue {
    over_time_s: u32,
    resends: u32,
}

#[derive(Deserialize)]
struct Key {
    max_age_days: u32,
    confidence: String,
}

#[derive(Deserialize)]
struct Word {
    code: String,
    zh: String,
    en: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_rules() {
        let rules = Rules::builtin();
        // HJ 212-2017: 10 s and 3 resends unless set by command 1000.
        assert_eq!(rules.timing, Timing { over_time_s: 10, resends: 3 });
        // HJ 212-2025, second-hand.
        assert_eq!((rules.key_max_age_days, rules.key_age_confirmed), (90, false));
        for code in [UNKNOWN_MN, WRONG_PASSWORD, ADDRESS_NOT_ALLOWED, GARBAGE, IMPLAUSIBLE_TIME] {
            assert!(rules.deviation(code).is_some_and(|text| !text.zh.is_empty() && !text.en.is_empty()), "{code}");
        }
        assert!(!is_trusted(&["unknown-mn"]) && is_trusted(&["crc-wrong"]));
    }
}
