//! `protocol/hj212/*` → [`Protocol`]: what the three generations say, as data. Used by everything here,
//! by the gateway (which commands are data) and by the pages (words of codes).

use super::Generation;
use super::deviation::{DeviationKind, Kinds};
use super::index::Index;
use super::load::{CommandRow, FieldRow, Reader};
use crate::mapping::MappingProblem;
use domain::catalog::Files;
use domain::{Cadence, Confidence, Text};
use serde::Deserialize;
use std::sync::OnceLock;

static BUILTIN: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/protocol/hj212");

/// The three generations as data.
#[derive(Clone, Debug)]
pub struct Protocol {
    /// What each generation says of frame and segment, oldest first.
    pub generations: [GenerationRules; 3],
    /// Every form of every command.
    pub commands: Vec<Command>,
    /// Every field of a data area.
    pub fields: Vec<Field>,
    /// Codes of Annex B.
    pub codes: Vec<Code>,
    /// System codes `ST`.
    pub systems: Vec<Named>,
    /// Values of `QnRtn`, `ExeRtn`, `Flag`, `RS`, `MinInterval`.
    pub values: Vec<ValueName>,
    pub(super) kinds: Kinds,
    pub(super) index: Index,
}

/// Frame and segment of one generation. Widths are those of values.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenerationRules {
    /// `2005`, `2017`, `2025`.
    pub code: Generation,
    /// Document.
    pub document: String,
    /// Version in the Flag.
    pub flag_version: u8,
    /// First day in force.
    pub in_force_from: String,
    /// Header fields that must be there.
    pub required: Vec<String>,
    /// Order of the header's fields.
    pub order: Vec<String>,
    /// Longest data segment, bytes.
    pub max_segment_bytes: usize,
    /// Longest data area, bytes.
    pub max_cp_bytes: usize,
    /// Characters of a password.
    pub pw_chars: usize,
    /// Characters of an MN.
    pub mn_chars: usize,
    /// Characters allowed in an MN; empty for any.
    pub mn_alphabet: String,
    /// Most digits of PNUM and of PNO.
    pub part_digits: [usize; 2],
    /// It has the field `RF`.
    pub resend: bool,
    /// Its data area may be encrypted.
    pub encryption: bool,
    /// How far this may be trusted.
    pub confidence: Confidence,
    /// Where it was read.
    pub source: String,
}

/// One form of a command: a request, an upload, a notice or an answer.
#[derive(Clone, Debug)]
pub struct Command {
    /// `CN`.
    pub cn: String,
    /// What it is.
    pub form: Form,
    /// Who sends it.
    pub from: Sender,
    /// Generations that have it; none for regional ones.
    pub generations: Vec<Generation>,
    /// What its data are, when it uploads data.
    pub cadence: Option<Cadence>,
    /// Fields it must have; `*-Rtd` is a field of an item.
    pub required: Vec<String>,
    /// Fields it may have.
    pub optional: Vec<String>,
    /// Its data area is to be encrypted on the Internet (HJ 212-2025, 6.4.4).
    pub encrypted: bool,
    /// How far this may be trusted.
    pub confidence: Confidence,
    /// Name.
    pub name: Text,
    /// What a reader should know.
    pub note: String,
}

/// What a command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Answered 9011, executed, and 9012.
    Request,
    /// Data; answered 9014 when the Flag asks for it.
    Upload,
    /// Answered 9013 when the Flag asks for it.
    Notice,
    /// 9011 to 9014.
    Answer,
}

/// Who sends a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sender {
    /// 上位机.
    Platform,
    /// 现场机.
    Device,
    /// Either.
    Both,
}

/// One field of a data area.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name, without the `xxxxxx-` of an item's field.
    pub name: String,
    /// It belongs to an item: `xxxxxx-Rtd`.
    pub of_item: bool,
    /// Its item is a device, not a pollutant: `SBxxx-RS`.
    pub of_device: bool,
    /// How its value is written.
    pub format: Format,
    /// Least value, where the standard gives one.
    pub low: Option<i64>,
    /// Greatest value, where the standard gives one.
    pub high: Option<i64>,
    /// Which part of an [`domain::OnlineItem`] it fills.
    pub slot: Option<Slot>,
    /// Generations that have it.
    pub generations: Vec<Generation>,
    /// Clause.
    pub clause: String,
    /// How far this may be trusted.
    pub confidence: Confidence,
    /// Name.
    pub title: Text,
    /// What a reader should know.
    pub note: String,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A decimal number.
    Number,
    /// A whole number.
    Integer,
    /// `YYYYMMDDhhmmss`.
    Time,
    /// `hhmmss`.
    Clock,
    /// A data flag.
    Flag,
    /// Anything.
    Text,
}

/// Part of an [`domain::OnlineItem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "named as the parts of an item, which say what they are")]
pub enum Slot {
    Rtd,
    Min,
    Avg,
    Max,
    Cou,
    ZsRtd,
    ZsMin,
    ZsAvg,
    ZsMax,
    Flag,
    SampleTime,
}

/// A code of Annex B.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Table it stands in, or `practice`.
    pub table: String,
    /// Code since 2017; `e101xx` stands for e10101 to e10199. Empty when 2005 only.
    pub code: String,
    /// Code of 2005, or empty.
    pub code_2005: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name, where there is one.
    pub name_en: String,
    /// Unit of concentrations, as the annex prints it. Not to be trusted: see the note.
    pub unit_conc: String,
    /// Unit of amounts, as the annex prints it.
    pub unit_mass: String,
    /// Default type, such as `N5.2`.
    pub format: String,
    #[serde(deserialize_with = "generations")]
    /// Generations that have it.
    pub generations: Vec<Generation>,
    /// How far this may be trusted.
    pub confidence: Confidence,
    /// What a reader should know.
    pub note: String,
}

/// A code with its name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Code.
    pub code: String,
    #[serde(deserialize_with = "generations")]
    /// Generations that have it.
    pub generations: Vec<Generation>,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// How far this may be trusted.
    pub confidence: Confidence,
    /// What a reader should know.
    pub note: String,
}

/// What a value of a coded field means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueName {
    /// Field, such as `QnRtn`.
    pub field: String,
    /// Value.
    pub value: String,
    #[serde(deserialize_with = "generations")]
    /// Generations that have it.
    pub generations: Vec<Generation>,
    /// Chinese words.
    pub name_zh: String,
    /// English words.
    pub name_en: String,
    /// How far this may be trusted.
    pub confidence: Confidence,
}
impl Protocol {
    /// The built-in protocol.
    pub fn builtin() -> &'static Protocol {
        static PROTOCOL: OnceLock<Protocol> = OnceLock::new();
        PROTOCOL.get_or_init(|| {
            Protocol::load(&Protocol::builtin_files()).expect("the built-in protocol is read by this crate's tests")
        })
    }

    /// The text files of the built-in protocol, to be overlaid by a deployment's own.
    pub fn builtin_files() -> Files {
        Files::embedded(&BUILTIN)
    }

    /// The protocol of a catalog folder, or everything that is wrong with it.
    pub fn load(files: &Files) -> Result<Protocol, Vec<MappingProblem>> {
        let mut reader = Reader { files, problems: Vec::new() };
        let generations = reader.generations();
        let rules = reader.rules();
        let codes: Vec<Code> = reader.csv("codes.csv");
        let systems: Vec<Named> = reader.csv("st.csv");
        let values: Vec<ValueName> = reader.csv("values.csv");
        let fields: Vec<Field> = reader.csv::<FieldRow>("fields.csv").into_iter().map(FieldRow::into_field).collect();
        let commands: Vec<Command> = reader.csv("commands.csv").into_iter().map(CommandRow::into_command).collect();
        reader.check_names(&fields, &commands, &codes);
        match (generations, rules) {
            (Some(generations), Some(rules)) if reader.problems.is_empty() => {
                let index = Index::new(&generations, &commands, &fields, &codes, &systems);
                let documents = std::array::from_fn(|at| generations[at].document.as_str());
                let kinds = Kinds::new(&rules, documents);
                Ok(Protocol { generations, commands, fields, codes, systems, values, kinds, index })
            }
            _ => Err(reader.problems),
        }
    }

    /// The rules of one generation.
    pub fn rules_of(&self, generation: Generation) -> &GenerationRules {
        &self.generations[generation as usize]
    }

    /// Every form of a command.
    pub fn command<'p>(&'p self, cn: &str) -> impl Iterator<Item = &'p Command> + use<'p> {
        let forms = self.index.command(cn).map(|forms| forms.forms.as_slice()).unwrap_or_default();
        forms.iter().map(|form| &self.commands[*form])
    }

    /// What the data of a command are, when it uploads data of a cadence.
    pub fn cadence(&self, cn: &str) -> Option<Cadence> {
        self.index.command(cn)?.cadence
    }

    /// The entry of Annex B for a code of 2017 or later.
    pub fn code(&self, code: &str) -> Option<&Code> {
        self.index.code(code).map(|at| &self.codes[at as usize])
    }

    /// The entry of Annex B for a code of 2005.
    pub fn code_2005(&self, code: &str) -> Option<&Code> {
        self.index.code_2005(code).map(|at| &self.codes[at as usize])
    }

    /// What a value means, such as `("QnRtn", "3")`.
    pub fn value(&self, field: &str, value: &str) -> Option<Text> {
        let named = self.values.iter().rev().find(|named| named.field == field && named.value == value)?;
        Some(Text::new(named.name_zh.clone(), named.name_en.clone()))
    }

    /// A kind of deviation by its code, with the clause of a generation.
    pub fn deviation(&self, code: &str, generation: Generation) -> Option<DeviationKind> {
        self.kinds.get(code, generation)
    }

    /// A system code's entry.
    pub fn system(&self, st: &str) -> Option<&Named> {
        self.index.system(st).map(|at| &self.systems[at as usize])
    }
}
/// `2005 2017`.
pub(super) fn generations<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Generation>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let read = |word: &str| {
        Generation::from_code(word).ok_or_else(|| serde::de::Error::custom(format!("`{word}` is no generation")))
    };
    text.split_whitespace().map(read).collect()
}
