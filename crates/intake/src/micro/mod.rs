//! MQTT payloads of micro-stations, JSON → [`OnlineMessage`]s, by declared mappings. Called by the gateway
//! for every payload and by whoever reads values from the journal.
//!
//! `protocol/micro/<id>/micro.toml` says which topics it is for and where device, time and values stand. A
//! new form of payload is a new folder here or in a deployment's own catalog; no Rust changes.

mod file;
mod path;
mod read;
mod sample;

pub use file::{Micro, MicroValue};
pub use sample::transcript;

use crate::mapping::{MappingProblem, SampleResult};
use domain::catalog::Files;
use domain::{FrameId, OnlineMessage, Problem, Severity, Text, Units};
use std::sync::OnceLock;

static BUILTIN: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/protocol/micro");

/// Every mapping of payloads.
#[derive(Clone, Debug, Default)]
pub struct Micros {
    list: Vec<Micro>,
    files: Files,
}

impl Micros {
    /// The built-in mappings.
    pub fn builtin() -> &'static Micros {
        static MICROS: OnceLock<Micros> = OnceLock::new();
        MICROS.get_or_init(|| Micros::load(&Micros::builtin_files(), &Units::builtin()).0)
    }

    /// The text files of the built-in mappings, to be overlaid by a deployment's own.
    pub fn builtin_files() -> Files {
        Files::embedded(&BUILTIN)
    }

    /// Every readable mapping of `files` (`<id>/micro.toml`), and what is wrong with the others.
    pub fn load(files: &Files, units: &Units) -> (Micros, Vec<MappingProblem>) {
        let mut micros = Micros { list: Vec::new(), files: files.clone() };
        let mut problems = Vec::new();
        for folder in files.folders_with("micro.toml") {
            let path = format!("{folder}/micro.toml");
            match file::read(&folder, files.get(&path).unwrap_or(""), units) {
                Ok(micro) => micros.list.push(micro),
                Err(found) => {
                    problems.extend(found.into_iter().map(|message| MappingProblem { path: path.clone(), message }));
                }
            }
        }
        (micros, problems)
    }

    /// Every mapping, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Micro> {
        self.list.iter()
    }

    /// Topics to subscribe to, with `+` for what is different for each device.
    pub fn topics(&self) -> Vec<String> {
        self.list.iter().map(Micro::subscription).collect()
    }

    /// What a payload says: by the first mapping whose topic fits.
    pub fn read(&self, topic: &str, payload: &[u8], frame: FrameId) -> (Vec<OnlineMessage>, Vec<Problem>) {
        let fits = self.list.iter().find_map(|micro| micro.captures(topic).map(|mn| (micro, mn)));
        match fits {
            Some((micro, mn)) => read::read(micro, mn, payload, frame),
            None => (Vec::new(), vec![unknown_topic(topic, payload)]),
        }
    }

    /// Runs the samples that lie beside each mapping (`samples/NAME.json` with `samples/NAME.expect.txt`).
    pub fn run_samples(&self) -> Vec<SampleResult> {
        self.list.iter().flat_map(|micro| sample::run_all(micro, &self.files)).collect()
    }
}

/// Reads any bytes as a payload by every built-in mapping, for fuzzing: nothing may panic, and what gives no
/// message names an error.
pub fn fuzz_micro(payload: &[u8]) {
    let micros = Micros::builtin();
    for micro in micros.iter() {
        let topic = micro.subscription().replace(['+', '#'], "fuzz");
        let (messages, problems) = micros.read(&topic, payload, FrameId(1));
        let told = problems.iter().any(|problem| problem.severity == Severity::Error);
        assert!(!messages.is_empty() || told, "a payload was dropped without a word");
    }
}

fn unknown_topic(topic: &str, payload: &[u8]) -> Problem {
    let message = Text::new(
        format!("没有主题“{topic}”的映射，内容未读取；请在目录 micro 下添加映射"),
        format!("no mapping is for the topic \"{topic}\", the payload was not read; add one to the folder micro"),
    );
    read::problem("unknown-topic", topic, &String::from_utf8_lossy(payload), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_built_in_mappings_are_read_and_their_samples_give_what_they_say() {
        let (micros, problems) = Micros::load(&Micros::builtin_files(), &Units::builtin());
        assert_eq!(problems, []);
        let results = micros.run_samples();
        assert!(results.len() >= 4);
        for result in results {
            assert_eq!(result.fault, None, "{}", result.sample);
        }
        assert_eq!(micros.topics(), ["sensor/+/report", "micro/+/data"]);
    }

    #[test]
    fn a_bad_mapping_says_what_is_wrong() {
        let mut files = Files::new();
        files.insert("x/micro.toml", "id = 'y'\n");
        files.insert(
            "z/micro.toml",
            Micros::builtin_files().get("station-json/micro.toml").unwrap_or("").replace("µg/m³", "furlong"),
        );
        let (micros, problems) = Micros::load(&files, &Units::builtin());
        assert_eq!(micros.iter().count(), 0);
        let words: Vec<_> = problems.iter().map(|problem| problem.message.en.as_str()).collect();
        assert!(words.iter().any(|words| words.contains("furlong")), "{words:?}");
        assert!(words.iter().any(|words| words.contains("missing field")), "{words:?}");
    }

    #[test]
    fn a_topic_nobody_knows_is_told() {
        let (messages, problems) = Micros::builtin().read("else/where", b"{}", FrameId(1));
        assert!(messages.is_empty());
        assert_eq!(problems[0].code, "unknown-topic");
    }

    proptest! {
        #[test]
        fn no_payload_makes_it_panic(payload in proptest::collection::vec(any::<u8>(), 0..60), text in "[\\[\\]{}\":,a-z0-9. ]{0,60}") {
            fuzz_micro(&payload);
            fuzz_micro(text.as_bytes());
        }
    }
}
