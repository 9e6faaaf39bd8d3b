//! Classes of whole columns of millionths, in integers only; identical to [`Limits::judge`], and fast.
//!
//! Every limit is a closed span of whole millionths, and the spans of an item's classes hold each other, so
//! its class is one more than the number of spans that a value is outside of: comparisons and additions,
//! without a branch. Called by `lake` and by `indicators` where many sections are judged.

use crate::media::condition::Condition;
use crate::media::limits::{Item, Limit, Limits};
use domain::Ratio;
use domain::fixed::ONE;

/// Most classes before the last one, and most items, of a kernel.
const SPANS_MAX: usize = 8;
const ITEMS_MAX: usize = 32;
/// Rows worked on at a time, so that all intermediate results stay near.
const BLOCK: usize = 1024;

/// The limits of one standard under the words of one selector, ready for columns.
#[derive(Clone, Debug)]
pub struct Kernel {
    items: Vec<KernelItem>,
    codes: Vec<String>,
    numbers: Vec<String>,
    words: Vec<String>,
    classes: usize,
    reference: i32,
}

/// Results for whole columns; row `i` belongs to the `i`-th value of every input column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KernelColumns {
    /// The class, from 1; 0 where nothing could be judged.
    pub class: Vec<u8>,
    /// Items beyond the reference class, one bit each in the order of [`Kernel::items`].
    pub over: Vec<u32>,
}

/// Why a standard cannot be judged by columns.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KernelError {
    /// Rows of an item are picked by a number or by another selector.
    #[error("the limits of `{0}` depend on more than the words of one selector")]
    Depends(String),
    /// An item has no limits under one of the words.
    #[error("`{0}` has no limits here")]
    NoLimit(String),
    /// The spans of an item do not hold each other.
    #[error("the classes of `{0}` do not hold each other")]
    NotNested(String),
    /// More classes or items than a kernel takes.
    #[error("too many classes or items for a kernel")]
    TooMany,
}

#[derive(Clone, Debug)]
struct KernelItem {
    /// Spans by word; one entry where all words have the same.
    spans: Vec<[Span; SPANS_MAX]>,
    sides: Sides,
    /// Whether every end of a span fits in 32 bits, so that values may be cut to that.
    narrow: bool,
    alternatives: Vec<Other>,
}

/// What a value must lie in, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    low: i64,
    high: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sides {
    High,
    Low,
    Both,
}

#[derive(Clone, Copy, Debug)]
struct Other {
    number: usize,
    class: i32,
    span: Span,
}

/// Intermediate results of a block.
struct Buffers {
    values: [i32; BLOCK],
    codes: [i32; BLOCK],
    spare: [i32; BLOCK],
    worst: [i32; BLOCK],
}

const EVERYTHING: Span = Span { low: i64::MIN, high: i64::MAX };

impl Limits {
    /// A kernel over the items that make the class by themselves, under every word of `selector` (which may be
    /// empty where the standard has none).
    ///
    /// ```
    /// use standards::{Catalog, media::KernelColumns};
    /// let catalog = Catalog::builtin();
    /// let kernel = catalog.limits("gb3838-2002").unwrap().kernel("kind").unwrap();
    /// let lake = kernel.words().iter().position(|word| word == "lake").unwrap() as u8;
    /// let mut columns: Vec<&[i64]> = vec![&[]; kernel.items().len()];
    /// columns[kernel.items().iter().position(|item| item == "tp").unwrap()] = &[60_000, 60_000];
    /// let mut out = KernelColumns::default();
    /// kernel.judge(&[lake, 1 - lake], &columns, &mut out);
    /// assert_eq!(out.class, [4, 2]);
    /// ```
    pub fn kernel(&self, selector: &str) -> Result<Kernel, KernelError> {
        let at = self.selectors.iter().position(|own| own.column == selector);
        let words = at.map_or(1, |at| self.selectors[at].words.len());
        let judged: Vec<&Item> = self.items.iter().filter(|item| item.in_class).collect();
        if judged.len() > ITEMS_MAX || self.classes.len() > SPANS_MAX + 1 || words > usize::from(u8::MAX) {
            return Err(KernelError::TooMany);
        }
        let mut numbers = Vec::new();
        let mut items = Vec::new();
        for item in &judged {
            let mut spans = (0..words).map(|word| self.spans(item, at, word)).collect::<Result<Vec<_>, _>>()?;
            if spans.iter().all(|own| *own == spans[0]) {
                spans.truncate(1);
            }
            let alternatives = item.alternatives.iter().map(|other| {
                let column = &self.numbers[other.number].column;
                let number = numbers.iter().position(|own| own == column).unwrap_or_else(|| {
                    numbers.push(column.clone());
                    numbers.len() - 1
                });
                Other { number, class: other.class as i32, span: span(other.limit) }
            });
            items.push(KernelItem {
                sides: sides(&spans),
                narrow: narrow(&spans),
                alternatives: alternatives.collect(),
                spans,
            });
        }
        Ok(Kernel {
            items,
            codes: judged.iter().map(|item| item.code.clone()).collect(),
            numbers,
            words: at.map_or(Vec::new(), |at| self.selectors[at].words.iter().map(|word| word.code.clone()).collect()),
            classes: self.classes.len(),
            reference: self.reference as i32,
        })
    }

    /// The spans of an item under one word.
    fn spans(&self, item: &Item, selector: Option<usize>, word: usize) -> Result<[Span; SPANS_MAX], KernelError> {
        let depends = || KernelError::Depends(item.code.clone());
        for row in &item.rows {
            let mut holds = true;
            for condition in &row.when {
                match condition {
                    Condition::Says { selector: own, words } if Some(*own) == selector => {
                        holds &= words.contains(&word)
                    }
                    _ => return Err(depends()),
                }
            }
            if row.per.is_some() || row.raised_by.is_some() || self.pick.is_some_and(|pick| Some(pick) != selector) {
                return Err(depends());
            }
            if holds {
                let limits = if self.pick.is_some() { &row.picked[word] } else { &row.limits };
                return nested(limits).ok_or_else(|| KernelError::NotNested(item.code.clone()));
            }
        }
        Err(KernelError::NoLimit(item.code.clone()))
    }
}

/// The spans of a row, filled up with ones that everything is in; `None` unless each holds the one before.
fn nested(limits: &[Limit]) -> Option<[Span; SPANS_MAX]> {
    let mut spans = [EVERYTHING; SPANS_MAX];
    for (slot, limit) in spans.iter_mut().zip(limits) {
        *slot = span(*limit);
    }
    let own = &spans[..limits.len()];
    let holds = own.windows(2).all(|pair| pair[1].low <= pair[0].low && pair[0].high <= pair[1].high);
    (holds && !limits.contains(&Limit::None)).then_some(spans)
}

/// A limit as whole millionths: what lies between two of them is no value of a column.
fn span(limit: Limit) -> Span {
    let scaled = |value: Ratio| value.times(ONE).reduced();
    let whole = |value: i128| value.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
    let floor = |value: Ratio| whole(scaled(value).num().div_euclid(scaled(value).den()));
    let ceiling = |value: Ratio| {
        let value = scaled(value);
        whole(value.num().div_euclid(value.den()) + i128::from(value.num().rem_euclid(value.den()) > 0))
    };
    match limit {
        Limit::AtMost(high) => Span { high: floor(high), ..EVERYTHING },
        Limit::AtLeast(low) => Span { low: ceiling(low), ..EVERYTHING },
        Limit::Above(low) => Span { low: floor(low).saturating_add(1), ..EVERYTHING },
        Limit::Below(high) => Span { high: ceiling(high).saturating_sub(1), ..EVERYTHING },
        Limit::Between(low, high) => Span { low: ceiling(low), high: floor(high) },
        Limit::Any | Limit::None => EVERYTHING,
    }
}

fn sides(spans: &[[Span; SPANS_MAX]]) -> Sides {
    let all = || spans.iter().flatten();
    if all().all(|span| span.low == i64::MIN) {
        Sides::High
    } else if all().all(|span| span.high == i64::MAX) {
        Sides::Low
    } else {
        Sides::Both
    }
}

fn narrow(spans: &[[Span; SPANS_MAX]]) -> bool {
    let fits = |end: i64| (0..i64::from(i32::MAX)).contains(&end);
    let open = |span: &Span| (span.low == i64::MIN || fits(span.low)) && (span.high == i64::MAX || fits(span.high));
    spans.iter().flatten().all(open)
}

impl Kernel {
    /// The items, in the order of the columns.
    pub fn items(&self) -> &[String] {
        &self.codes
    }

    /// The numbers that may follow the items as further columns, such as the saturation of oxygen.
    pub fn numbers(&self) -> &[String] {
        &self.numbers
    }

    /// The words of the selector, in the order of their codes; empty where there is none.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// How many classes there are, the last one included.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Judges columns of millionths: those of [`Kernel::items`], then those of [`Kernel::numbers`].
    ///
    /// A negative value is missing, and so is what a short or absent column does not have. `words` gives each
    /// row its place in [`Kernel::words`]; a row it does not reach, or with a place that is not there, has the
    /// first. `out` is overwritten; reusing it saves the allocation.
    pub fn judge(&self, words: &[u8], columns: &[&[i64]], out: &mut KernelColumns) {
        let rows = columns.iter().map(|column| column.len()).max().unwrap_or(0);
        out.class.clear();
        out.class.resize(rows, 0);
        out.over.clear();
        out.over.resize(rows, 0);
        let mut buffers = Buffers { values: [0; BLOCK], codes: [0; BLOCK], spare: [0; BLOCK], worst: [0; BLOCK] };
        for start in (0..rows).step_by(BLOCK) {
            let end = (start + BLOCK).min(rows);
            buffers.worst.fill(0);
            for (position, item) in self.items.iter().enumerate() {
                let values = part(columns.get(position).copied().unwrap_or(&[]), start, end);
                if values.is_empty() {
                    continue;
                }
                self.item(item, part(words, start, end), values, &mut buffers);
                let codes = &mut buffers.codes[..values.len()];
                for other in &item.alternatives {
                    let numbers = columns.get(self.items.len() + other.number).copied().unwrap_or(&[]);
                    other.improve(part(numbers, start, end), codes);
                }
                let bit = 1_u32 << position;
                for ((worst, over), code) in buffers.worst.iter_mut().zip(&mut out.over[start..end]).zip(codes.iter()) {
                    *worst = (*worst).max(*code);
                    *over |= if *code > self.reference { bit } else { 0 };
                }
            }
            for (class, worst) in out.class[start..end].iter_mut().zip(&buffers.worst) {
                *class = *worst as u8;
            }
        }
    }

    /// The classes of a block of one item, into `buffers.codes`.
    fn item(&self, item: &KernelItem, words: &[u8], values: &[i64], buffers: &mut Buffers) {
        let spans = self.classes - 1;
        let (codes, spare) = (&mut buffers.codes[..values.len()], &mut buffers.spare[..values.len()]);
        let narrow = &mut buffers.values[..values.len()];
        if item.narrow {
            for (narrow, value) in narrow.iter_mut().zip(values) {
                *narrow = (*value).clamp(-1, i64::from(i32::MAX)) as i32;
            }
        }
        for (word, own) in item.spans.iter().enumerate() {
            let into = if word == 0 { &mut *codes } else { &mut *spare };
            match (item.narrow, spans) {
                (true, 5) => each::<5>(own, item.sides, narrow, into),
                (true, _) => each::<SPANS_MAX>(own, item.sides, narrow, into),
                (false, _) => {
                    for (code, value) in into.iter_mut().zip(values) {
                        *code = class(*value, &own[..spans]);
                    }
                }
            }
            if word > 0 {
                for ((code, spare), said) in codes.iter_mut().zip(spare.iter()).zip(words) {
                    *code = if usize::from(*said) == word { *spare } else { *code };
                }
            }
        }
    }
}

impl Other {
    /// A better class for the rows whose number meets the alternative.
    fn improve(self, numbers: &[i64], codes: &mut [i32]) {
        for (code, number) in codes.iter_mut().zip(numbers) {
            let meets = *number >= 0 && self.span.low <= *number && *number <= self.span.high;
            *code = if meets { (*code).min(self.class) } else { *code };
        }
    }
}

fn part<T>(column: &[T], start: usize, end: usize) -> &[T] {
    &column[start.min(column.len())..end.min(column.len())]
}

fn class(value: i64, spans: &[Span]) -> i32 {
    let outside = spans.iter().filter(|span| value > span.high || value < span.low).count() as i32;
    if value < 0 { 0 } else { 1 + outside }
}

/// The class of every value: one more than the spans it is outside of, 0 where it is missing.
fn each<const N: usize>(spans: &[Span; SPANS_MAX], sides: Sides, values: &[i32], codes: &mut [i32]) {
    let mut ends = [(i32::MIN, i32::MAX); N];
    for (end, span) in ends.iter_mut().zip(spans) {
        let narrow = |bound: i64| bound.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        *end = (narrow(span.low), narrow(span.high));
    }
    match sides {
        Sides::High => count(values, codes, |value| ends.iter().map(|(_, high)| i32::from(value > *high)).sum()),
        Sides::Low => count(values, codes, |value| ends.iter().map(|(low, _)| i32::from(value < *low)).sum()),
        Sides::Both => count(values, codes, |value| {
            ends.iter().map(|(low, high)| i32::from(value > *high) | i32::from(value < *low)).sum()
        }),
    }
}

#[inline(always)]
fn count(values: &[i32], codes: &mut [i32], outside: impl Fn(i32) -> i32) {
    for (code, value) in codes.iter_mut().zip(values) {
        *code = if *value < 0 { 0 } else { 1 + outside(*value) };
    }
}
