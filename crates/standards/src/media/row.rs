//! Rows of text → rows of verdicts, by a standard of limits.

use crate::media::cell::{Reading, reading};
use crate::media::evaluator::{Column, Judged, Output, Role, Rule};
use crate::media::judge::{ItemVerdict, Sample, Verdict};
use crate::media::limits::{Item, Limits, Selector, Shows};
use crate::media::number::exact;
use crate::media::words;
use domain::{Confidence, Problem};

/// Between the parts of a cell that lists several.
const LIST: &str = ";";

impl Rule for Limits {
    fn id(&self) -> &str {
        &self.id
    }

    fn confidence(&self) -> Confidence {
        self.confidence
    }

    fn columns(&self) -> Vec<Column> {
        let words = self.selectors.iter().map(|own| Column {
            name: own.column.clone(),
            also: Vec::new(),
            unit: String::new(),
            meaning: own.meaning.clone(),
            role: Role::Word,
            required: own.default.is_none(),
            words: own.words.iter().map(|word| (word.code.clone(), word.name.clone())).collect(),
        });
        let numbers = self.numbers.iter().map(|own| Column {
            name: own.column.clone(),
            also: Vec::new(),
            unit: own.unit.clone(),
            meaning: own.meaning.clone(),
            role: Role::Number,
            required: false,
            words: Vec::new(),
        });
        let items = self.items.iter().map(|own| Column {
            name: own.code.clone(),
            also: other_names(own),
            unit: own.unit.clone(),
            meaning: own.name.clone(),
            role: if own.in_class { Role::Item } else { Role::Reference },
            required: false,
            words: Vec::new(),
        });
        words.chain(numbers).chain(items).collect()
    }

    fn outputs(&self) -> Vec<Output> {
        let output = |(name, _, meaning): &(String, Shows, domain::Text)| Output {
            name: name.clone(),
            meaning: meaning.clone(),
        };
        self.outputs.iter().map(output).collect()
    }

    fn row(&self, cells: &[Option<&str>], counted: &[bool]) -> Judged {
        let mut problems = Vec::new();
        let sample = read(self, cells, &mut problems);
        let first = self.selectors.len() + self.numbers.len();
        let verdict = self.judge(&sample, counted.get(first..).unwrap_or(&[]));
        // An absent word has been told of where it stands.
        let told = verdict.doubts.iter().filter_map(|doubt| words::doubt(self, doubt));
        problems.extend(told);
        let cells = self.outputs.iter().map(|(_, shows, _)| cell(self, &verdict, *shows)).collect();
        Judged { cells, problems }
    }
}

/// What a header may call an item beside its code: what the table says, and its Chinese name.
fn other_names(item: &Item) -> Vec<String> {
    let name = Some(&item.name.zh).filter(|name| !name.eq_ignore_ascii_case(&item.code) && !item.also.contains(name));
    item.also.iter().chain(name).cloned().collect()
}

fn read(limits: &Limits, cells: &[Option<&str>], problems: &mut Vec<Problem>) -> Sample {
    let mut sample = limits.sample();
    let text = |at: usize| cells.get(at).copied().flatten().map_or("", str::trim);
    for (at, selector) in limits.selectors.iter().enumerate() {
        match text(at) {
            "" if selector.default.is_some() => {}
            "" => problems.push(words::no_word(selector)),
            said => match word(selector, said) {
                Some(word) => sample.words[at] = Some(word),
                None => {
                    sample.words[at] = None;
                    problems.push(words::unknown_word(selector, said));
                }
            },
        }
    }
    let first = limits.selectors.len();
    for (at, number) in limits.numbers.iter().enumerate() {
        match text(first + at) {
            "" => {}
            said => match exact(said) {
                Some(value) => sample.numbers[at] = Some(value),
                None => problems.push(words::bad_number(number, said)),
            },
        }
    }
    let first = first + limits.numbers.len();
    for (at, item) in limits.items.iter().enumerate() {
        match reading(&limits.undetected, item, text(first + at)) {
            Ok(reading) => sample.items[at] = reading,
            Err(problem) => {
                sample.items[at] = Reading::Missing;
                problems.push(*problem);
            }
        }
    }
    sample
}

fn word(selector: &Selector, said: &str) -> Option<usize> {
    let same = |own: &str| own.eq_ignore_ascii_case(said);
    selector.words.iter().position(|word| {
        same(&word.code) || same(&word.name.zh) || same(&word.name.en) || word.also.iter().any(|own| same(own))
    })
}

/// A cell of the result.
fn cell(limits: &Limits, verdict: &Verdict, shows: Shows) -> Option<String> {
    let code = |own: &ItemVerdict| limits.items[own.item].code.clone();
    let beyond = |own: &&ItemVerdict| own.counted && own.class > limits.reference;
    let list = |parts: Vec<String>| (!parts.is_empty()).then(|| parts.join(LIST));
    match shows {
        Shows::Class => Some(limits.class(verdict.class?)?.id.clone()),
        Shows::Grade => Some(limits.class(verdict.class?)?.name.zh.clone()),
        Shows::Main => list(limits.main_items(verdict).iter().map(code).collect()),
        Shows::Exceed => {
            let parts = verdict.items.iter().filter(beyond);
            list(parts.filter_map(|own| Some(format!("{}:{}", code(own), limits.exceed_text(own.exceed?)))).collect())
        }
        Shows::Over => list(verdict.items.iter().filter(beyond).map(code).collect()),
        Shows::Deciding => {
            let worst = verdict.class.filter(|class| *class > 1)?;
            list(verdict.items.iter().filter(|own| own.counted && own.class == worst).map(code).collect())
        }
        Shows::Judged => Some(verdict.items.iter().filter(|own| own.counted).count().to_string()),
        Shows::Items => {
            let parts = verdict.items.iter();
            list(parts.filter_map(|own| Some(format!("{}:{}", code(own), limits.class(own.class)?.id))).collect())
        }
        Shows::Confidence => verdict.class.map(|_| verdict.confidence.code().to_string()),
    }
}
