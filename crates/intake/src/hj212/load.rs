//! `protocol/hj212/*` as text → the tables of a [`super::Protocol`], or everything that is wrong with them.

use super::Generation;
use super::catalog::{Code, Command, Field, Form, Format, GenerationRules, Sender, Slot, generations};
use super::deviation::{Rule, Slip};
use super::names::LONGEST;
use crate::mapping::MappingProblem;
use domain::catalog::Files;
use domain::{Cadence, Confidence, Text};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GenerationsFile {
    generation: Vec<GenerationRules>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommandRow {
    cn: String,
    form: Form,
    from: Sender,
    #[serde(deserialize_with = "generations")]
    generations: Vec<Generation>,
    cadence: String,
    required: String,
    optional: String,
    encrypted: String,
    confidence: Confidence,
    name_zh: String,
    name_en: String,
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldRow {
    name: String,
    scope: String,
    format: Format,
    low: Option<i64>,
    high: Option<i64>,
    slot: Option<Slot>,
    #[serde(deserialize_with = "generations")]
    generations: Vec<Generation>,
    clause: String,
    confidence: Confidence,
    name_zh: String,
    name_en: String,
    note: String,
}
/// Reads the files, and keeps what is wrong with them.
pub(super) struct Reader<'f> {
    pub(super) files: &'f Files,
    pub(super) problems: Vec<MappingProblem>,
}

impl Reader<'_> {
    fn fault(&mut self, path: &str, zh: String, en: String) {
        self.problems.push(MappingProblem { path: path.to_string(), message: Text::new(zh, en) });
    }

    fn unreadable(&mut self, path: &str, why: &dyn std::fmt::Display) {
        self.fault(path, format!("无法读取：{why}"), format!("cannot be read: {why}"));
    }

    fn text(&mut self, path: &str) -> &str {
        if self.files.get(path).is_none() {
            self.fault(path, "缺少该文件".into(), "the file is missing".into());
        }
        self.files.get(path).unwrap_or("")
    }

    pub(super) fn csv<T: DeserializeOwned>(&mut self, path: &str) -> Vec<T> {
        let text = self.text(path).to_string();
        let mut rows = Vec::new();
        for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => self.unreadable(path, &error),
            }
        }
        rows
    }

    pub(super) fn generations(&mut self) -> Option<[GenerationRules; 3]> {
        let path = "generations.toml";
        let file: GenerationsFile = match toml::from_str(self.text(path)) {
            Ok(file) => file,
            Err(error) => {
                self.unreadable(path, &error);
                return None;
            }
        };
        let in_order = file.generation.iter().map(|rules| rules.code).eq(Generation::ALL);
        match <[GenerationRules; 3]>::try_from(file.generation) {
            Ok(rules) if in_order => Some(rules),
            _ => {
                self.fault(path, "应依次为 2005、2017、2025 三版".into(), "needs 2005, 2017 and 2025, in order".into());
                None
            }
        }
    }

    pub(super) fn rules(&mut self) -> Option<Vec<Rule>> {
        let path = "deviations.toml";
        let mut file: BTreeMap<String, Rule> = match toml::from_str(self.text(path)) {
            Ok(file) => file,
            Err(error) => {
                self.unreadable(path, &error);
                return None;
            }
        };
        let mut rules = Vec::new();
        for code in Slip::CODES {
            match file.remove(*code) {
                Some(rule) => rules.push(rule),
                None => self.fault(path, format!("缺少 `{code}`"), format!("`{code}` is missing")),
            }
        }
        for code in file.keys() {
            self.fault(path, format!("`{code}` 无人使用"), format!("nothing finds `{code}`"));
        }
        Some(rules)
    }

    pub(super) fn check_names(&mut self, fields: &[Field], commands: &[Command], codes: &[Code]) {
        if fields.len() > 128 {
            self.fault("fields.csv", "字段不得多于 128 个".into(), "at most 128 fields can be kept".into());
        }
        let named = fields.iter().map(|field| ("fields.csv", field.name.as_str()));
        let named = named.chain(codes.iter().map(|code| ("codes.csv", code.code.as_str())));
        let long: Vec<_> = named.filter(|(_, name)| name.len() > LONGEST).collect();
        for (path, name) in long {
            self.fault(path, format!("`{name}` 过长"), format!("`{name}` is longer than {LONGEST} bytes"));
        }
        for command in commands {
            for name in command.required.iter().chain(&command.optional) {
                let (of_item, bare) = match name.strip_prefix("*-") {
                    Some(bare) => (true, bare),
                    None => (false, name.as_str()),
                };
                if !fields.iter().any(|field| field.of_item == of_item && field.name == bare) {
                    let cn = &command.cn;
                    let zh = format!("命令 {cn} 的字段 `{name}` 不在 fields.csv 中");
                    self.fault("commands.csv", zh, format!("`{name}` of command {cn} is not in fields.csv"));
                }
            }
        }
    }
}

impl FieldRow {
    pub(super) fn into_field(self) -> Field {
        Field {
            name: self.name,
            of_item: self.scope != "param",
            of_device: self.scope == "device",
            format: self.format,
            low: self.low,
            high: self.high,
            slot: self.slot,
            generations: self.generations,
            clause: self.clause,
            confidence: self.confidence,
            title: Text::new(self.name_zh, self.name_en),
            note: self.note,
        }
    }
}

impl CommandRow {
    pub(super) fn into_command(self) -> Command {
        let words = |text: &str| text.split_whitespace().map(str::to_string).collect();
        Command {
            cn: self.cn,
            form: self.form,
            from: self.from,
            generations: self.generations,
            cadence: Cadence::from_code(&self.cadence),
            required: words(&self.required),
            optional: words(&self.optional),
            encrypted: self.encrypted == "yes",
            confidence: self.confidence,
            name: Text::new(self.name_zh, self.name_en),
            note: self.note,
        }
    }
}
