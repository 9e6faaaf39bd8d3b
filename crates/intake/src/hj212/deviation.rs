//! A departure from the standard: its code, what was sent, and words made only when someone reads them.
//!
//! Found by `decode`, counted by the journal's ledger, shown by the command line and the pages. What each
//! means, its clause and its words are in `protocol/hj212/deviations.toml`.

use super::Generation;
use domain::Text;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::Arc;

/// One kind of deviation as the catalog has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    /// The frame's integrity is gone: length, checksum or structure.
    breaks: bool,
    /// Clause in each generation, oldest first; empty where it has none.
    clause: [String; 3],
    zh: String,
    en: String,
}

/// One kind of deviation in one generation.
#[derive(Debug)]
pub(super) struct Kind {
    breaks: bool,
    clause: String,
    words: Text,
}

/// Every kind, by generation.
#[derive(Clone, Debug)]
pub(super) struct Kinds(Vec<[Arc<Kind>; 3]>);

/// A departure from the standard.
#[derive(Clone, Debug)]
pub struct Deviation<'a> {
    /// Kebab-case code, such as `crc-mismatch`.
    pub code: &'static str,
    /// The frame's integrity is gone.
    pub breaks: bool,
    /// What was sent: the first one, where the frame has several of the kind.
    pub value: Cow<'a, str>,
    /// What it should have been, where that can be said.
    pub expected: Cow<'a, str>,
    /// How often the frame has it.
    pub times: u32,
    kind: Arc<Kind>,
}

/// What is found in one frame, each kind once: no frame can make many.
#[derive(Default)]
pub(super) struct Found<'a> {
    seen: u64,
    list: Vec<Finding<'a>>,
}

struct Finding<'a> {
    slip: Slip,
    value: Cow<'a, str>,
    expected: Cow<'a, str>,
    times: u32,
}

/// Deviations known to the reader, in the order of the catalog.
macro_rules! slips {
    ($($name:ident = $code:literal,)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(clippy::enum_variant_names, reason = "each is named as its code in the catalog")]
        pub(super) enum Slip { $($name,)+ }

        impl Slip {
            pub(super) const CODES: &[&str] = &[$($code,)+];
            pub(super) const COUNT: usize = Slip::CODES.len();

            pub(super) fn code(self) -> &'static str {
                Slip::CODES[self as usize]
            }
        }
    };
}

slips! {
    NoHeader = "no-header",
    LengthNot4Digits = "length-not-4-digits",
    LengthMismatch = "length-mismatch",
    CrcNot4Hex = "crc-not-4-hex",
    CrcModbus = "crc-modbus",
    CrcMismatch = "crc-mismatch",
    NoCp = "no-cp",
    NoKey = "no-key",
    CipherUnreadable = "cipher-unreadable",
    CipherForm = "cipher-form",
    CrcLowerCase = "crc-lower-case",
    SegmentTooLong = "segment-too-long",
    CpTooLong = "cp-too-long",
    CpNotClosed = "cp-not-closed",
    NotUtf8 = "not-utf8",
    LengthOfCiphertext = "length-of-ciphertext",
    CrcOfCiphertext = "crc-of-ciphertext",
    MissingQn = "missing-qn",
    MissingSt = "missing-st",
    MissingCn = "missing-cn",
    MissingPw = "missing-pw",
    MissingMn = "missing-mn",
    MissingFlag = "missing-flag",
    BadQn = "bad-qn",
    BadPw = "bad-pw",
    EmptyMn = "empty-mn",
    BadMn = "bad-mn",
    UnknownSt = "unknown-st",
    UnknownCn = "unknown-cn",
    CnOfOtherGeneration = "cn-of-other-generation",
    BadFlag = "bad-flag",
    UnknownVersion = "unknown-version",
    MissingPnumPno = "missing-pnum-pno",
    UnexpectedPnumPno = "unexpected-pnum-pno",
    BadPnumPno = "bad-pnum-pno",
    HeaderOrder = "header-order",
    UnknownHeaderField = "unknown-header-field",
    RepeatedHeaderField = "repeated-header-field",
    BadRf = "bad-rf",
    StrayBlank = "stray-blank",
    SeparatorSlip = "separator-slip",
    TrailingSeparator = "trailing-separator",
    NoEquals = "no-equals",
    EmptyValue = "empty-value",
    ItemsJoined = "items-joined",
    ItemSplit = "item-split",
    UnknownField = "unknown-field",
    FieldCase = "field-case",
    FieldOfOtherGeneration = "field-of-other-generation",
    FieldNotOfCommand = "field-not-of-command",
    RepeatedField = "repeated-field",
    MissingField = "missing-field",
    BadTime = "bad-time",
    NotANumber = "not-a-number",
    ValueOutOfRange = "value-out-of-range",
    UnknownDataFlag = "unknown-data-flag",
    UnknownCode = "unknown-code",
    CodeOf2005 = "code-of-2005",
    CodeOfLater = "code-of-later",
}

impl Deviation<'_> {
    /// Document and clause, such as `HJ 212-2017, 6.3.1 Table 2`.
    pub fn clause(&self) -> &str {
        &self.kind.clause
    }

    /// What is wrong and what to do, quoting what was sent.
    pub fn message(&self) -> Text {
        let fill = |words: &str| words.replace("{expected}", &self.expected).replace("{value}", &clipped(&self.value));
        Text::new(fill(&self.kind.words.zh), fill(&self.kind.words.en))
    }

    /// Without its frame.
    pub fn into_owned(self) -> Deviation<'static> {
        Deviation {
            code: self.code,
            breaks: self.breaks,
            value: Cow::Owned(self.value.into_owned()),
            expected: Cow::Owned(self.expected.into_owned()),
            times: self.times,
            kind: self.kind,
        }
    }
}

impl Kinds {
    /// From the rules in the order of [`Slip::CODES`] and the documents, oldest first.
    pub(super) fn new(rules: &[Rule], documents: [&str; 3]) -> Kinds {
        let kind = |rule: &Rule, at: usize| {
            let clause = match rule.clause[at].as_str() {
                "" => documents[at].to_string(),
                clause => format!("{}, {clause}", documents[at]),
            };
            Arc::new(Kind { breaks: rule.breaks, clause, words: Text::new(rule.zh.clone(), rule.en.clone()) })
        };
        Kinds(rules.iter().map(|rule| std::array::from_fn(|at| kind(rule, at))).collect())
    }
}

/// A kind of deviation, for lists: without what a frame sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviationKind {
    /// The frame's integrity is gone.
    pub breaks: bool,
    /// Document and clause.
    pub clause: String,
    /// Words, with … for what was sent and what should have been.
    pub words: Text,
}

impl Kinds {
    /// A kind by its code, with the clause of a generation.
    pub(super) fn get(&self, code: &str, generation: Generation) -> Option<DeviationKind> {
        let at = Slip::CODES.iter().position(|own| *own == code)?;
        let kind = &self.0.get(at)?[generation as usize];
        let plain = |words: &str| words.replace("{value}", "…").replace("{expected}", "…");
        Some(DeviationKind {
            breaks: kind.breaks,
            clause: kind.clause.clone(),
            words: Text::new(plain(&kind.words.zh), plain(&kind.words.en)),
        })
    }
}

impl<'a> Found<'a> {
    /// Whether one of the kind is there.
    pub(super) fn has(&self, slip: Slip) -> bool {
        self.seen & (1 << slip as u32) != 0
    }

    /// Notes a deviation; only the first of a kind keeps its words.
    #[cold]
    pub(super) fn add(&mut self, slip: Slip, value: impl Into<Cow<'a, str>>, expected: impl Into<Cow<'a, str>>) {
        if self.has(slip) {
            let same = self.list.iter_mut().find(|finding| finding.slip == slip);
            same.expect("a seen kind is in the list").times += 1;
            return;
        }
        self.seen |= 1 << slip as u32;
        self.list.push(Finding { slip, value: value.into(), expected: expected.into(), times: 1 });
    }

    /// What was found elsewhere in the same frame.
    pub(super) fn append(&mut self, other: Found<'a>) {
        for finding in other.list {
            let slip = finding.slip;
            self.add(slip, finding.value, finding.expected);
            let same = self.list.iter_mut().find(|finding| finding.slip == slip);
            same.expect("it was just added").times += finding.times - 1;
        }
    }

    /// Without the text it was found in.
    pub(super) fn into_owned<'b>(self) -> Found<'b> {
        let owned = |finding: Finding<'_>| Finding {
            slip: finding.slip,
            value: Cow::Owned(finding.value.into_owned()),
            expected: Cow::Owned(finding.expected.into_owned()),
            times: finding.times,
        };
        Found { seen: self.seen, list: self.list.into_iter().map(owned).collect() }
    }

    /// The deviations, with the clauses of one generation.
    pub(super) fn finish(self, kinds: &Kinds, generation: Generation) -> Vec<Deviation<'a>> {
        let finished = |finding: Finding<'a>| {
            let kind = kinds.0[finding.slip as usize][generation as usize].clone();
            Deviation {
                code: finding.slip.code(),
                breaks: kind.breaks,
                value: finding.value,
                expected: finding.expected,
                times: finding.times,
                kind,
            }
        };
        self.list.into_iter().map(finished).collect()
    }
}

const _: () = assert!(Slip::COUNT <= 64, "`Found` keeps the kinds seen in 64 bits");

/// Longest text quoted in a message.
const QUOTED: usize = 80;

fn clipped(value: &str) -> Cow<'_, str> {
    if value.chars().count() <= QUOTED {
        return Cow::Borrowed(value);
    }
    Cow::Owned(value.chars().take(QUOTED).chain(['…']).collect())
}
