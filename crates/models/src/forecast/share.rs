//! Days or sections that met a class so far → the year's share of them as it will be.

use super::hindcast::{Figure, Said, forecast};
use super::{Asked, Forecast, Settings, SlotYear, checked, words};
use crate::error::ModelError;
use domain::Text;

/// How many of a slot met the class: 1 of 1 for a good day, 7 of 9 for the sections of a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many met it.
    pub met: u32,
    /// Of how many that were judged.
    pub of: u32,
}

/// The share of a year at its end, from the slots that are over and the usual course of the years before.
///
/// ```text
/// P̂ = (met so far + p · m) / (judged so far + m)
/// logit p = logit(past, slots to come) + pull · (logit(this year, slots over) − logit(past, slots over))
/// logit = ln((met + ½) / (not met + ½))
/// ```
/// m: how many will be judged in the slots to come, as many as in the past years. p stays between 0 and 1 whatever
/// the year was like so far. The interval is ± the k-th smallest miss of the hindcast, and never beyond what the
/// slots to come can still make.
/// Needs one past year; with fewer than three there is no interval.
/// Reference for the half added: Haldane 1956; Anscombe 1956.
///
/// ```
/// use domain::Year;
/// use models::forecast::{Grid, Settings, SlotYear, Tally, year_share};
/// let past = [SlotYear { year: Year(2022), slots: vec![Some(Tally { met: 27, of: 30 }); 12] }];
/// let mut this = SlotYear::empty(Grid::Months, Year(2023));
/// this.slots[..11].fill(Some(Tally { met: 27, of: 30 }));
/// let got = year_share(&past, &this, &Settings::at(Grid::Months, 11)).unwrap();
/// assert!((got.value - 0.9).abs() < 0.005);
/// ```
pub fn year_share(
    past: &[SlotYear<Tally>],
    this: &SlotYear<Tally>,
    settings: &Settings,
) -> Result<Forecast, ModelError> {
    for year in past.iter().chain([this]) {
        if let Some(wrong) = year.slots.iter().flatten().find(|tally| tally.met > tally.of) {
            return Err(ModelError::Columns(format!("{}: {} > {}", year.year, wrong.met, wrong.of)));
        }
    }
    let asked = checked(past, this, settings)?;
    forecast(&Share(*settings), &asked)
}

struct Share(Settings);

impl Figure for Share {
    type Slot = Tally;

    fn say(&self, past: &[&SlotYear<Tally>], this: &SlotYear<Tally>) -> Option<Said> {
        let Settings { grid, reached, pull, years, .. } = self.0;
        let recent = &past[past.len().saturating_sub(years)..];
        let so_far = sum(this.held(0..reached));
        let same = sum(recent.iter().flat_map(|year| year.held(0..reached)));
        let rest = sum(recent.iter().flat_map(|year| year.held(reached..grid.slots())));
        let known = so_far.of > 0 && same.of > 0;
        let shift = if known { pull * (logit(so_far) - logit(same)) } else { 0.0 };
        let odds = libm::exp(logit(rest) + shift);
        let share = odds / (1.0 + odds);
        let number: f64 = (reached..grid.slots())
            .filter(|slot| grid.has(*slot, this.year))
            .filter_map(|slot| usual_number(recent, slot))
            .sum();
        let all = f64::from(so_far.of) + number;
        let value = (f64::from(so_far.met) + share * number) / all;
        let bounds = (f64::from(so_far.met) / all, (f64::from(so_far.met) + number) / all);
        let blind = recent.is_empty() || (rest.of == 0 && reached < grid.slots());
        (!blind && value.is_finite()).then_some(Said { value, bounds, factor: libm::exp(shift) })
    }

    fn came(&self, year: &SlotYear<Tally>, reached: usize) -> Option<f64> {
        let tally = sum(year.held(0..reached));
        (tally.of > 0).then(|| f64::from(tally.met) / f64::from(tally.of))
    }

    fn miss(&self, said: f64, came: f64) -> f64 {
        (came - said).abs()
    }

    fn around(&self, said: f64, miss: f64) -> (f64, f64) {
        (said - miss, said + miss)
    }

    fn method(&self, asked: &Asked<'_, Tally>, said: &Said, past: usize) -> Text {
        words::method_of_share(asked, said.factor, past.min(self.0.years))
    }
}

fn sum<'a>(slots: impl Iterator<Item = (usize, &'a Tally)>) -> Tally {
    slots.fold(Tally::default(), |sum, (_, tally)| Tally { met: sum.met + tally.met, of: sum.of + tally.of })
}

/// Log odds with half a case added on both sides, so that none and all have one, too.
fn logit(tally: Tally) -> f64 {
    libm::log((f64::from(tally.met) + 0.5) / (f64::from(tally.of - tally.met) + 0.5))
}

/// How many are judged in a slot, in the mean of years.
fn usual_number(past: &[&SlotYear<Tally>], slot: usize) -> Option<f64> {
    let numbers: Vec<f64> = past.iter().filter_map(|year| Some(f64::from(year.slots[slot]?.of))).collect();
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}
