//! One sample → its class, its exceedances and its main items: the exact path.
//!
//! [`crate::media::Kernel`] gives the same classes for whole columns and is tested to be identical.

use crate::media::cell::Reading;
use crate::media::condition::Condition;
use crate::media::limits::{BelowDetection, ExceedAs, Item, Limit, LimitRow, Limits};
use crate::media::number::shown;
use domain::{Confidence, Ratio};
use std::borrow::Cow;
use std::cmp::Ordering;

/// What is known of one sample: a word for each selector, a reading for each number and item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// By place in [`Limits::selectors`]; `None` where nothing was said.
    pub words: Vec<Option<usize>>,
    /// By place in [`Limits::numbers`].
    pub numbers: Vec<Option<Ratio>>,
    /// By place in [`Limits::items`].
    pub items: Vec<Reading>,
}

/// The judgement of one sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The class, from 1; `None` where nothing could be judged.
    pub class: Option<usize>,
    /// Every item that could be judged, in table order.
    pub items: Vec<ItemVerdict>,
    /// Items that could not, and what to know of those that could.
    pub doubts: Vec<Doubt>,
    /// The weakest of the rules used.
    pub confidence: Confidence,
}

/// The judgement of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemVerdict {
    /// Place in [`Limits::items`].
    pub item: usize,
    /// The value that was judged.
    pub value: Ratio,
    /// Its class, from 1.
    pub class: usize,
    /// The limit of the reference class.
    pub limit: Limit,
    /// How far it is beyond that limit; `None` where it is not, or where this has no number.
    pub exceed: Option<Ratio>,
    /// Whether it makes the class of the sample.
    pub counted: bool,
}

/// Why an item was not judged, or what to know of how it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A selector without a word: nothing can be judged.
    NoWord {
        /// Place of the selector.
        selector: usize,
    },
    /// The row of limits cannot be picked without these columns.
    NotPicked {
        /// Place of the item.
        item: usize,
        /// Columns that are needed.
        needs: Vec<String>,
    },
    /// The standard has no limit for it here.
    NoLimit {
        /// Place of the item.
        item: usize,
    },
    /// "Not detected" without the limit of detection, where half of it is needed.
    NoDetectionLimit {
        /// Place of the item.
        item: usize,
    },
    /// The detection limit is above the limit it is held against.
    CoarseDetection {
        /// Place of the item.
        item: usize,
        /// The detection limit.
        detection: Ratio,
        /// The limit of the reference class.
        limit: Ratio,
    },
    /// A number that was not given was taken to be this.
    Assumed {
        /// Place of the number.
        number: usize,
        /// The value.
        value: Ratio,
    },
}

impl Sample {
    /// Says a word of a selector, by column and code; an unknown one changes nothing.
    pub fn say(&mut self, limits: &Limits, column: &str, word: &str) {
        let Some(at) = limits.selectors.iter().position(|selector| selector.column == column) else { return };
        if let Some(word) = limits.selectors[at].words.iter().position(|own| own.code == word) {
            self.words[at] = Some(word);
        }
    }

    /// Sets a reading of an item, or a number; an unknown column changes nothing.
    pub fn set(&mut self, limits: &Limits, column: &str, reading: Reading) {
        if let Some(at) = limits.item_at(column) {
            self.items[at] = reading;
        } else if let Some(at) = limits.numbers.iter().position(|number| number.column == column)
            && let Reading::Value(value) = reading
        {
            self.numbers[at] = Some(value);
        }
    }
}

impl Limits {
    /// A sample of which nothing is known but the words taken by default.
    pub fn sample(&self) -> Sample {
        let default = |word: &Option<String>, at: usize| {
            word.as_ref().and_then(|word| self.selectors[at].words.iter().position(|own| own.code == *word))
        };
        let words = self.selectors.iter().enumerate().map(|(at, selector)| default(&selector.default, at)).collect();
        Sample { words, numbers: vec![None; self.numbers.len()], items: vec![Reading::Missing; self.items.len()] }
    }

    /// The items that make the class unless asked otherwise.
    pub fn default_items(&self) -> Vec<bool> {
        self.items.iter().map(|item| item.in_class).collect()
    }

    /// Judges a sample; `counted` says for each item whether it makes the class.
    ///
    /// The class is the worst of the counted items (single-factor evaluation). An item meets the best class
    /// whose limit it meets, so of equal limits the better class is taken.
    pub fn judge(&self, sample: &Sample, counted: &[bool]) -> Verdict {
        let mut verdict = Verdict { class: None, items: Vec::new(), doubts: Vec::new(), confidence: self.confidence };
        if let Some(selector) = sample.words.iter().position(Option::is_none) {
            verdict.doubts.push(Doubt::NoWord { selector });
            return verdict;
        }
        let sample = self.assume(sample, &mut verdict.doubts);
        for at in 0..self.items.len() {
            let reading = sample.items[at];
            if reading == Reading::Missing {
                continue;
            }
            let counted = counted.get(at).copied().unwrap_or(false);
            if let Some(mut own) = self.item_verdict(at, &sample, &mut verdict) {
                own.counted = counted;
                verdict.items.push(own);
            }
        }
        verdict.class = verdict.items.iter().filter(|own| own.counted).map(|own| own.class).max();
        verdict
            .doubts
            .retain(|doubt| !matches!(doubt, Doubt::Assumed { number, .. } if !self.asks(*number, &verdict.items)));
        verdict
    }

    /// The sample with the assumed numbers filled in.
    fn assume(&self, sample: &Sample, doubts: &mut Vec<Doubt>) -> Sample {
        let mut sample = sample.clone();
        for (number, own) in self.numbers.iter().enumerate() {
            if let (None, Some(value)) = (sample.numbers[number], own.assumed) {
                sample.numbers[number] = Some(value);
                doubts.push(Doubt::Assumed { number, value });
            }
        }
        sample
    }

    /// Whether a judged item asked for a number.
    fn asks(&self, number: usize, judged: &[ItemVerdict]) -> bool {
        let asked = |row: &LimitRow| {
            row.when.iter().any(|own| matches!(own, Condition::Compares { number: at, .. } if *at == number))
        };
        judged.iter().any(|own| self.items[own.item].rows.iter().any(asked))
    }

    fn item_verdict(&self, at: usize, sample: &Sample, verdict: &mut Verdict) -> Option<ItemVerdict> {
        let item = &self.items[at];
        let row = match pick(self, item, sample) {
            Ok(Some(row)) => row,
            Ok(None) => {
                verdict.doubts.push(Doubt::NoLimit { item: at });
                return None;
            }
            Err(needs) => {
                verdict.doubts.push(Doubt::NotPicked { item: at, needs });
                return None;
            }
        };
        let limits = raised(limits_of(self, row, sample)?, row, sample);
        if limits.iter().all(|limit| *limit == Limit::None) {
            verdict.doubts.push(Doubt::NoLimit { item: at });
            return None;
        }
        let Some(value) = self.value(at, sample) else {
            verdict.doubts.push(Doubt::NoDetectionLimit { item: at });
            return None;
        };
        let value = match row.per.and_then(|number| sample.numbers[number]) {
            Some(by) if by.num() > 0 => value.divided_by(by),
            Some(_) | None => value,
        };
        let limit = limits.get(self.reference - 1).copied().unwrap_or(Limit::None);
        self.doubt_detection(at, sample.items[at], limit, verdict);
        let best = self.below == BelowDetection::BestClass
            && matches!(sample.items[at], Reading::Below(_) | Reading::Undetected);
        let class = if best { 1 } else { self.class_of(item, &limits, value, sample) };
        let exceed = (class > self.reference && item.multiple).then(|| self.exceed(value, limit)).flatten();
        verdict.confidence = verdict.confidence.and(row.confidence);
        Some(ItemVerdict { item: at, value, class, limit, exceed, counted: true })
    }

    /// The value that is judged; `None` where half of an unknown detection limit would be needed.
    fn value(&self, at: usize, sample: &Sample) -> Option<Ratio> {
        match (sample.items[at], self.below) {
            (Reading::Value(value), _) => Some(value),
            (Reading::Below(detection), _) => Some(Ratio::new(detection.num(), detection.den() * 2)),
            (Reading::Undetected, BelowDetection::BestClass) => Some(Ratio::new(0, 1)),
            (Reading::Undetected, BelowDetection::Half) | (Reading::Missing, _) => None,
        }
    }

    fn doubt_detection(&self, item: usize, reading: Reading, limit: Limit, verdict: &mut Verdict) {
        if let (Reading::Below(detection), Limit::AtMost(limit)) = (reading, limit)
            && detection > limit
            && limit.num() > 0
        {
            verdict.doubts.push(Doubt::CoarseDetection { item, detection, limit });
        }
    }

    fn class_of(&self, item: &Item, limits: &[Limit], value: Ratio, sample: &Sample) -> usize {
        let met = limits.iter().position(|limit| limit.met(value) == Some(true));
        let class = met.map_or(self.classes.len(), |at| at + 1);
        let other = item
            .alternatives
            .iter()
            .filter(|other| sample.numbers[other.number].is_some_and(|number| other.limit.met(number) == Some(true)));
        other.map(|other| other.class).fold(class, usize::min)
    }

    fn exceed(&self, value: Ratio, limit: Limit) -> Option<Ratio> {
        let limit = match limit {
            Limit::AtMost(limit) | Limit::Below(limit) => limit,
            _ => return None,
        };
        match self.exceed_as {
            ExceedAs::Difference => Some(value.minus(limit)),
            ExceedAs::Multiple if limit.num() > 0 => Some(value.minus(limit).divided_by(limit)),
            ExceedAs::Multiple => None,
        }
    }

    /// The main items of a verdict, at most [`Limits::main`]: those beyond the reference class, by priority,
    /// then the worst class, then the largest exceedance, then the order of the table.
    ///
    /// Reference: 地表水环境质量评价办法（试行）, main pollutants of a section.
    pub fn main_items(&self, verdict: &Verdict) -> Vec<ItemVerdict> {
        let beyond = |own: &&ItemVerdict| own.counted && own.class > self.reference;
        let mut main: Vec<ItemVerdict> = verdict.items.iter().filter(beyond).copied().collect();
        main.sort_by(|a, b| {
            let first = |own: &ItemVerdict| self.items[own.item].priority;
            first(b).cmp(&first(a)).then(b.class.cmp(&a.class)).then_with(|| farther(b.exceed, a.exceed))
        });
        main.truncate(self.main);
        main
    }

    /// An exceedance as text.
    pub(crate) fn exceed_text(&self, exceed: Ratio) -> String {
        shown(exceed, self.exceed_digits)
    }
}

fn farther(a: Option<Ratio>, b: Option<Ratio>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// The row whose conditions hold; the error is the columns that would decide it.
pub(crate) fn pick<'a>(limits: &Limits, item: &'a Item, sample: &Sample) -> Result<Option<&'a LimitRow>, Vec<String>> {
    for row in &item.rows {
        let mut needs = Vec::new();
        let mut holds = true;
        for condition in &row.when {
            match holds_for(condition, sample) {
                Some(true) => {}
                Some(false) => holds = false,
                None => needs.push(condition.column(limits).to_string()),
            }
        }
        if !holds {
            continue;
        }
        // What a row divides by it needs as much as what it is picked by.
        let by = row.per.filter(|number| sample.numbers[*number].is_none_or(|value| value.num() <= 0));
        needs.extend(by.map(|number| limits.numbers[number].column.clone()));
        needs.dedup();
        return if needs.is_empty() { Ok(Some(row)) } else { Err(needs) };
    }
    Ok(None)
}

fn holds_for(condition: &Condition, sample: &Sample) -> Option<bool> {
    match condition {
        Condition::Says { selector, words } => sample.words[*selector].map(|word| words.contains(&word)),
        Condition::Compares { number, by, with } => sample.numbers[*number].map(|value| by.holds(value, *with)),
    }
}

/// The limits of a row, by the picking selector where there is one.
pub(crate) fn limits_of<'a>(limits: &Limits, row: &'a LimitRow, sample: &Sample) -> Option<&'a [Limit]> {
    match limits.pick {
        None => Some(&row.limits),
        Some(selector) => row.picked.get(sample.words[selector]?).map(Vec::as_slice),
    }
}

/// The limits with the first raised to a number of the sample.
fn raised<'a>(limits: &'a [Limit], row: &LimitRow, sample: &Sample) -> Cow<'a, [Limit]> {
    if let (Some(Limit::AtMost(limit)), Some(by)) =
        (limits.first().copied(), row.raised_by.and_then(|number| sample.numbers[number]))
        && by > limit
    {
        let mut limits = limits.to_vec();
        limits[0] = Limit::AtMost(by);
        return Cow::Owned(limits);
    }
    Cow::Borrowed(limits)
}
