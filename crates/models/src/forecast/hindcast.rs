//! What a method says of this year, and would have said of each past year at the same date from the years before it
//! → a forecast with an interval of the size of those misses. Called by the two forecasts.

use super::{Asked, Forecast, SlotYear, YEARS_FOR_INTERVAL, words};
use crate::error::ModelError;
use domain::{Text, Year};

/// Where a figure will lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end [unit of the figure].
    pub low: f64,
    /// Upper end [unit of the figure].
    pub high: f64,
    /// Probability with which it holds what comes, if this year is a year like the past ones: k/(m+1) of the k-th
    /// smallest of m misses. The ends are the quantiles (1 − level)/2 and (1 + level)/2.
    pub level: f64,
}

/// One past year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HindcastRow {
    /// Which.
    pub year: Year,
    /// What the method would have said at the same date; `None` without a year before.
    pub said: Option<f64>,
    /// The figure of the last usable year before.
    pub naive: Option<f64>,
    /// What came.
    pub came: f64,
    /// The interval it would have given, by the misses of the years before; `None` of fewer than two of them.
    pub interval: Option<Interval>,
    /// Whether what came lay within it.
    pub within: Option<bool>,
}

/// What the method would have said before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hindcast {
    /// Past years in order.
    pub rows: Vec<HindcastRow>,
    /// Years for which the method and last year's figure both said something.
    pub compared: usize,
    /// Mean size of the method's misses over them [unit of the figure].
    pub mean_miss: Option<f64>,
    /// Mean size of the misses of last year's figure over them [unit of the figure].
    pub mean_miss_naive: Option<f64>,
    /// Years that lay within their interval, of those that had one.
    pub within: usize,
    /// Years that had an interval.
    pub tried: usize,
}

impl Hindcast {
    /// Whether the method missed by less than last year's figure; `None` where nothing was compared.
    pub fn better_than_naive(&self) -> Option<bool> {
        Some(self.mean_miss? < self.mean_miss_naive?)
    }
}

/// What a method says of one year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Said {
    pub value: f64,
    /// What is already certain: no less than this, no more than that.
    pub bounds: (f64, f64),
    /// How the year so far stands against the years before, as it was applied to the rest.
    pub factor: f64,
}

/// A figure of a year that can be foretold.
pub(crate) trait Figure {
    /// What a slot holds.
    type Slot;
    /// What is said of a year from the years before; `None` where the past gives nothing to go by.
    fn say(&self, past: &[&SlotYear<Self::Slot>], this: &SlotYear<Self::Slot>) -> Option<Said>;
    /// The figure of slots 0 to `reached`.
    fn came(&self, year: &SlotYear<Self::Slot>, reached: usize) -> Option<f64>;
    /// The size of a miss.
    fn miss(&self, said: f64, came: f64) -> f64;
    /// The ends at this distance.
    fn around(&self, said: f64, miss: f64) -> (f64, f64);
    /// In words: the method, from how this year stands.
    fn method(&self, asked: &Asked<'_, Self::Slot>, said: &Said, past: usize) -> Text;
}

/// The forecast of a figure, with its interval and its honesty test.
pub(crate) fn forecast<F: Figure>(figure: &F, asked: &Asked<'_, F::Slot>) -> Result<Forecast, ModelError> {
    let grid = asked.settings.grid;
    let (past, few): (Vec<_>, Vec<_>) =
        asked.past.iter().copied().partition(|year| year.share(grid) >= asked.settings.least_share);
    if past.is_empty() {
        return Err(ModelError::TooFew { have: 0, need: 1 });
    }
    let said = figure.say(&past, asked.this).ok_or(ModelError::NoCourse { years: past.len() })?;
    let (rows, misses) = look_back(figure, &past, asked);
    let hindcast = summed(rows);
    let enough = past.len() >= YEARS_FOR_INTERVAL;
    let interval = if enough { interval(figure, &said, misses, asked.settings.cover) } else { None };
    let reached = asked.settings.reached;
    let over = (0..reached).filter(|slot| grid.has(*slot, asked.this.year)).count();
    let n = asked.this.held(0..reached).count();
    Ok(Forecast {
        value: said.value,
        interval,
        so_far: figure.came(asked.this, reached),
        n,
        missing: over.saturating_sub(n),
        remaining: (reached..grid.slots()).filter(|slot| grid.has(*slot, asked.this.year)).count(),
        method: figure.method(asked, &said, past.len()),
        notes: words::notes(past.len(), interval, &hindcast),
        past: past.iter().map(|year| year.year).collect(),
        left_out: few.iter().map(|year| year.year).collect(),
        hindcast,
    })
}

/// Every past year as if it were this one, known only up to the same slot, and from the years before it only.
fn look_back<F: Figure>(
    figure: &F,
    past: &[&SlotYear<F::Slot>],
    asked: &Asked<'_, F::Slot>,
) -> (Vec<HindcastRow>, Vec<f64>) {
    let slots = asked.settings.grid.slots();
    let (mut list, mut misses, mut naive) = (Vec::new(), Vec::new(), None);
    for (at, year) in past.iter().enumerate() {
        let Some(came) = figure.came(year, slots) else { continue };
        let said = if at == 0 { None } else { figure.say(&past[..at], year) };
        let interval = said.as_ref().and_then(|said| interval(figure, said, misses.clone(), asked.settings.cover));
        let within = interval.map(|interval| interval.low <= came && came <= interval.high);
        let value = said.map(|said| said.value);
        list.push(HindcastRow { year: year.year, said: value, naive, came, interval, within });
        misses.extend(value.map(|value| figure.miss(value, came)));
        naive = Some(came);
    }
    (list, misses)
}

/// The interval by the k-th smallest miss, k the least that covers enough, or the largest miss where none does.
///
/// ```text
/// k = min(m, ⌈(m + 1) · cover⌉);  level = k / (m + 1)
/// ```
/// If this year's miss is as likely as any other to be the largest, the interval holds what comes with that level.
/// Reference: Vovk, Gammerman and Shafer 2005 (conformal prediction).
fn interval<F: Figure>(figure: &F, said: &Said, mut misses: Vec<f64>, cover: f64) -> Option<Interval> {
    if misses.len() < 2 {
        return None;
    }
    misses.sort_by(f64::total_cmp);
    let all = misses.len() as f64 + 1.0;
    // A hair less, so that 5 · 0.8 is not above 4 by a rounding of binary numbers.
    let k = ((all * cover - 1e-9).ceil() as usize).clamp(1, misses.len());
    let (low, high) = figure.around(said.value, misses[k - 1]);
    // After years that were told zero and were not, nothing can be said.
    if !low.is_finite() || !high.is_finite() {
        return None;
    }
    let (least, most) = said.bounds;
    Some(Interval { low: low.clamp(least, most), high: high.clamp(least, most), level: k as f64 / all })
}

fn summed(rows: Vec<HindcastRow>) -> Hindcast {
    let both: Vec<(f64, f64)> =
        rows.iter().filter_map(|row| Some(((row.said? - row.came).abs(), (row.naive? - row.came).abs()))).collect();
    let mean = |sum: f64| (!both.is_empty()).then(|| sum / both.len() as f64);
    Hindcast {
        compared: both.len(),
        mean_miss: mean(both.iter().map(|pair| pair.0).sum()),
        mean_miss_naive: mean(both.iter().map(|pair| pair.1).sum()),
        within: rows.iter().filter(|row| row.within == Some(true)).count(),
        tried: rows.iter().filter(|row| row.within.is_some()).count(),
        rows,
    }
}
