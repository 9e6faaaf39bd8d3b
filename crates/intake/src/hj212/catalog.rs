//! `protocol/hj212/*` → [`Protocol`]: what the three generations say, as data. Used by everything here,
//! by the gateway (which commands are data) and by the pages (words of codes).

use super::Generation;
use super::deviation::{Kinds, Rule, Slip};
use super::header::HeaderField;
use super::names::{LONGEST, Names};
use crate::mapping::MappingProblem;
use domain::catalog::Files;
use domain::{Cadence, Confidence, Text};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
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

/// What is looked up for every frame.
#[derive(Clone, Debug)]
pub(super) struct Index {
    commands: Names,
    /// Forms of each command number of `commands`.
    pub(super) forms: Vec<Forms>,
    params: Names,
    items: Names,
    /// Fields in small letters, to tell a wrong case from an unknown name.
    folded: BTreeMap<String, u32>,
    codes: Names,
    codes_2005: Names,
    systems: Names,
    /// Generations of each field, as bits.
    pub(super) field_generations: Vec<u8>,
    /// Place of each header field in the order of a generation.
    pub(super) header_rank: [[u8; HeaderField::COUNT]; 3],
}

/// The forms of one command, summed up.
#[derive(Clone, Debug, Default)]
pub(super) struct Forms {
    /// Places in [`Protocol::commands`].
    pub(super) forms: Vec<usize>,
    /// For each generation and form: fields that must be there and fields that may, as bits.
    pub(super) fields: [Vec<(u128, u128)>; 3],
    /// Generations that have it, as bits.
    pub(super) generations: u8,
    /// Cadence of its upload.
    pub(super) cadence: Option<Cadence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GenerationsFile {
    generation: Vec<GenerationRules>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommandRow {
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
struct FieldRow {
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
        let fields: Vec<Field> = reader.csv("fields.csv").into_iter().map(FieldRow::into_field).collect();
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
        self.index.codes_2005.get(code.as_bytes()).map(|at| &self.codes[at as usize])
    }

    /// What a value means, such as `("QnRtn", "3")`.
    pub fn value(&self, field: &str, value: &str) -> Option<Text> {
        let named = self.values.iter().rev().find(|named| named.field == field && named.value == value)?;
        Some(Text::new(named.name_zh.clone(), named.name_en.clone()))
    }

    /// A system code's entry.
    pub fn system(&self, st: &str) -> Option<&Named> {
        self.index.systems.get(st.as_bytes()).map(|at| &self.systems[at as usize])
    }
}

impl Index {
    fn new(
        generations: &[GenerationRules; 3],
        commands: &[Command],
        fields: &[Field],
        codes: &[Code],
        systems: &[Named],
    ) -> Index {
        let numbered = |of_item: bool| {
            let named = fields.iter().zip(0..).filter(move |(field, _)| field.of_item == of_item);
            Names::new(named.map(|(field, number)| (field.name.as_str(), number)))
        };
        let (params, items) = (numbered(false), numbered(true));
        let bit = |name: &str| match name.strip_prefix("*-") {
            Some(name) => items.get(name.as_bytes()).map_or(0, |at| 1_u128 << at),
            None => params.get(name.as_bytes()).map_or(0, |at| 1_u128 << at),
        };
        let bits = |names: &[String]| names.iter().fold(0, |bits, name| bits | bit(name));
        let mut forms: BTreeMap<&str, Forms> = BTreeMap::new();
        for (at, command) in commands.iter().enumerate() {
            let entry = forms.entry(&command.cn).or_default();
            entry.forms.push(at);
            entry.cadence = entry.cadence.or(command.cadence);
            entry.generations |= bits_of(&command.generations);
            for generation in &command.generations {
                let required = bits(&command.required);
                entry.fields[*generation as usize].push((required, required | bits(&command.optional)));
            }
        }
        let numbers = Names::new(forms.keys().copied().zip(0..));
        Index {
            commands: numbers,
            forms: forms.into_values().collect(),
            folded: fields.iter().zip(0..).map(|(field, at)| (folded(&field.name, field.of_item), at)).collect(),
            params,
            items,
            codes: Names::new(codes.iter().map(|code| code.code.as_str()).zip(0..)),
            codes_2005: Names::new(codes.iter().map(|code| code.code_2005.as_str()).zip(0..)),
            systems: Names::new(systems.iter().map(|system| system.code.as_str()).zip(0..)),
            field_generations: fields.iter().map(|field| bits_of(&field.generations)).collect(),
            header_rank: std::array::from_fn(|at| header_rank(&generations[at].order)),
        }
    }

    #[inline]
    pub(super) fn command(&self, cn: &str) -> Option<&Forms> {
        self.commands.get(cn.as_bytes()).map(|at| &self.forms[at as usize])
    }

    #[inline]
    pub(super) fn param(&self, name: &str) -> Option<usize> {
        self.params.get(name.as_bytes()).map(|at| at as usize)
    }

    #[inline]
    pub(super) fn item_field(&self, name: &str) -> Option<usize> {
        self.items.get(name.as_bytes()).map(|at| at as usize)
    }

    /// A field of the same name in another case.
    pub(super) fn in_other_case(&self, name: &str, of_item: bool) -> Option<usize> {
        self.folded.get(&folded(name, of_item)).map(|at| *at as usize)
    }

    /// An annex code, or the row `e101xx` of e10101.
    #[inline]
    pub(super) fn code(&self, code: &str) -> Option<u32> {
        self.codes.get(code.as_bytes()).or_else(|| self.code_of_row(code))
    }

    fn code_of_row(&self, code: &str) -> Option<u32> {
        let (row, number) = code.split_at_checked(4)?;
        if number.len() != 2 || !number.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let mut name = *b"....xx";
        name[..4].copy_from_slice(row.as_bytes());
        self.codes.get(&name)
    }

    #[inline]
    pub(super) fn code_2005(&self, code: &str) -> Option<u32> {
        self.codes_2005.get(code.as_bytes())
    }

    #[inline]
    pub(super) fn system(&self, st: &str) -> Option<u32> {
        self.systems.get(st.as_bytes())
    }
}

struct Reader<'f> {
    files: &'f Files,
    problems: Vec<MappingProblem>,
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

    fn csv<T: DeserializeOwned>(&mut self, path: &str) -> Vec<T> {
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

    fn generations(&mut self) -> Option<[GenerationRules; 3]> {
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

    fn rules(&mut self) -> Option<Vec<Rule>> {
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

    fn check_names(&mut self, fields: &[Field], commands: &[Command], codes: &[Code]) {
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
    fn into_field(self) -> Field {
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
    fn into_command(self) -> Command {
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

/// Place of each header field; one that the generation does not have goes with the data, which come last.
fn header_rank(order: &[String]) -> [u8; HeaderField::COUNT] {
    std::array::from_fn(|at| {
        let place = order.iter().position(|name| name == HeaderField::NAMES[at]);
        place.unwrap_or(order.len().saturating_sub(1)) as u8
    })
}

fn bits_of(generations: &[Generation]) -> u8 {
    generations.iter().fold(0, |bits, generation| bits | 1 << *generation as u8)
}

/// `2005 2017`.
fn generations<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Generation>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let read = |word: &str| Generation::from_code(word).ok_or_else(|| serde::de::Error::custom(format!("`{word}` is no generation")));
    text.split_whitespace().map(read).collect()
}

fn folded(name: &str, of_item: bool) -> String {
    format!("{}{}", if of_item { "-" } else { "" }, name.to_ascii_lowercase())
}
