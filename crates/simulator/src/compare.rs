//! The truth file and what a platform holds → whether they are the same: [`Comparison`]. Called by
//! `jingce simulate --check`.
//!
//! Values are compared as exact decimals, so that `3.20` and `3.2` are the same and `3.2` and `3.20000001` are not.
//! What was sent twice counts once; a spoilt frame is found by the digest of its bytes, not by its kind.

use crate::catalog::Catalog;
use crate::error::SimulatorError;
use crate::frame::{digest, raw_digest};
use crate::malformed::{Kind, NOISE};
use crate::message::{letter, push_seconds};
use crate::truth::TruthReader;
use domain::{Fixed, OnlineItem, OnlineMessage};
use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;

/// One frame as a platform holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its bytes, from `##` to the CRC.
    pub raw: Vec<u8>,
    /// What the platform takes from it; `None` when it takes nothing.
    pub message: Option<OnlineMessage>,
    /// Codes of the deviations in the ledger.
    pub deviations: Vec<String>,
}

/// What came of one kind of spoilt frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindCount {
    /// Frames sent.
    pub sent: u64,
    /// Of these, frames whose very bytes are kept.
    pub kept: u64,
    /// Of these, frames with a deviation in the ledger that says so; equal to `kept` for kinds that are no deviation.
    pub told: u64,
}

/// How truth and platform differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Lines of the truth file.
    pub frames_sent: u64,
    /// Different messages whose values are to be held.
    pub expected: u64,
    /// Frames the platform holds.
    pub frames_held: u64,
    /// Of the expected, those held with equal values.
    pub equal: u64,
    /// Of the expected, those not held.
    pub missing: u64,
    /// Held messages that were never sent so.
    pub extra: u64,
    /// Of the expected, those held with other values.
    pub different: u64,
    /// Frames of messages that the platform holds already, equal to it.
    pub repeated: u64,
    /// By kind of spoiling.
    pub malformed: BTreeMap<Kind, KindCount>,
    /// Some examples of what is wrong, for people.
    pub examples: Vec<String>,
}

/// How many examples are kept.
const EXAMPLES: usize = 20;

impl Comparison {
    /// Whether everything sent is held, nothing else is, and every spoilt frame is in the ledger.
    pub fn is_exact(&self) -> bool {
        let told = self.malformed.values().all(|count| count.told == count.sent);
        self.missing + self.extra + self.different == 0 && self.equal == self.expected && told
    }

    /// A spoilt frame was found among those held.
    fn spoilt(&mut self, kind: Kind, frame: &Held, catalog: &Catalog) {
        let codes = catalog.malformed(kind).map_or("", |row| row.codes.as_str());
        let told = codes.is_empty() || codes.split(';').any(|code| frame.deviations.iter().any(|told| told == code));
        let count = self.malformed.entry(kind).or_default();
        count.kept += 1;
        count.told += u64::from(told);
        if !told {
            let Held { deviations, raw, .. } = frame;
            let raw = String::from_utf8_lossy(raw);
            self.example(|| format!("{}: none of {codes} in {deviations:?}: {raw}", kind.code()));
        }
    }

    fn example(&mut self, text: impl FnOnce() -> String) {
        if self.examples.len() < EXAMPLES {
            self.examples.push(text());
        }
    }
}

/// What is known of a message.
#[derive(Clone, Debug)]
struct Known {
    /// Digest of what it says.
    items: u64,
    /// Digests of what it says otherwise: an answer to a request after a spoilt frame.
    others: Vec<u64>,
    seen: bool,
    equal: bool,
}

/// Compares the lines of a truth file with all frames a platform holds, in the order in which it received them.
pub fn compare<R: BufRead>(
    truth: &mut TruthReader<R>,
    held: impl Iterator<Item = Held>,
) -> Result<Comparison, SimulatorError> {
    let catalog = Catalog::builtin()?;
    let mut comparison = Comparison::default();
    let mut messages: HashMap<u128, Known> = HashMap::new();
    let mut spoilt: HashMap<u64, Vec<Kind>> = HashMap::new();
    read_truth(truth, &mut comparison, (&mut messages, &mut spoilt))?;
    comparison.expected = messages.len() as u64;
    for frame in held {
        comparison.frames_held += 1;
        if let Some(kind) = spoilt.get_mut(&raw_digest(without_noise(&frame.raw))).and_then(Vec::pop) {
            comparison.spoilt(kind, &frame, &catalog);
        }
        if let Some(message) = &frame.message {
            check(message, &mut messages, &mut comparison);
        }
    }
    for known in messages.values() {
        match (known.seen, known.equal) {
            (false, _) => comparison.missing += 1,
            (true, true) => comparison.equal += 1,
            (true, false) => comparison.different += 1,
        }
    }
    if comparison.missing > 0 {
        let missing = comparison.missing;
        comparison.example(|| format!("{missing} messages are not held"));
    }
    Ok(comparison)
}

type Tables<'a> = (&'a mut HashMap<u128, Known>, &'a mut HashMap<u64, Vec<Kind>>);

fn read_truth<R: BufRead>(
    truth: &mut TruthReader<R>,
    comparison: &mut Comparison,
    (messages, spoilt): Tables<'_>,
) -> Result<(), SimulatorError> {
    let mut text = String::new();
    while let Some(row) = truth.next_row()? {
        comparison.frames_sent += 1;
        if let Some(kind) = Kind::from_code(row.kind) {
            comparison.malformed.entry(kind).or_default().sent += 1;
            spoilt.entry(row.raw).or_default().push(kind);
        }
        if !row.keeps {
            continue;
        }
        text.clear();
        exact_items(row.items, &mut text);
        let key = key((row.mn, row.cadence, row.data_time), row.part);
        let items = digest(text.as_bytes());
        let known = messages.entry(key).or_insert(Known { items, others: Vec::new(), seen: false, equal: true });
        if known.items != items && !known.others.contains(&items) {
            known.others.push(items);
        }
    }
    Ok(())
}

fn check(message: &OnlineMessage, messages: &mut HashMap<u128, Known>, comparison: &mut Comparison) {
    let mut time = String::new();
    push_seconds(&mut time, message.time);
    let mut text = String::new();
    for item in &message.items {
        push_held(item, &mut text);
    }
    match messages.get_mut(&key((&message.mn, message.cadence.code(), &time), message.part)) {
        None => {
            comparison.extra += 1;
            comparison.example(|| format!("{} {} {time} was never sent", message.mn, message.cadence.code()));
        }
        Some(known) => {
            comparison.repeated += u64::from(known.seen);
            known.seen = true;
            let items = digest(text.as_bytes());
            if known.items != items && !known.others.contains(&items) {
                known.equal = false;
                comparison.example(|| format!("{} {} {time} is held as {text}", message.mn, message.cadence.code()));
            }
        }
    }
}

fn key((mn, cadence, time): (&str, &str, &str), part: (u32, u32)) -> u128 {
    let text = format!("{mn},{cadence},{time},{},{}", part.0, part.1);
    u128::from(digest(text.as_bytes())) << 64 | u128::from(digest(format!("{text}#").as_bytes()).rotate_left(17))
}

/// A frame cut short and noise before the next one have no border on the line: a platform may keep them as one.
fn without_noise(raw: &[u8]) -> &[u8] {
    raw.strip_suffix(NOISE).unwrap_or(raw)
}

/// Items of a truth line with every number in its one exact form.
fn exact_items(items: &str, out: &mut String) {
    for item in items.split(';') {
        let mut words = item.split(' ');
        out.push_str(words.next().unwrap_or(""));
        for word in words {
            let Some(letter) = word.chars().next() else { continue };
            let rest = &word[letter.len_utf8()..];
            match rest.parse::<Fixed>() {
                Ok(number) if letter != letter::FLAG => push_number(out, letter, Some(number)),
                _ => {
                    out.push(' ');
                    out.push_str(word);
                }
            }
        }
        out.push(';');
    }
}

fn push_held(item: &OnlineItem, out: &mut String) {
    out.push_str(&item.code);
    push_number(out, letter::RTD, item.rtd);
    push_number(out, letter::ZS_RTD, item.zs_rtd);
    push_number(out, letter::MIN, item.min);
    push_number(out, letter::AVG, item.avg);
    push_number(out, letter::MAX, item.max);
    push_number(out, letter::COU, item.cou);
    push_number(out, letter::ZS_MIN, item.zs_min);
    push_number(out, letter::ZS_AVG, item.zs_avg);
    push_number(out, letter::ZS_MAX, item.zs_max);
    if let Some(flag) = item.flag {
        out.push(' ');
        out.push(letter::FLAG);
        out.push(flag.letter());
    }
    out.push(';');
}

fn push_number(out: &mut String, letter: char, number: Option<Fixed>) {
    if let Some(number) = number {
        out.push(' ');
        out.push(letter);
        out.push_str(&number.millionths().to_string());
    }
}
