//! Months or days of a year so far → the year's mean as it will be.

use super::hindcast::{Figure, Said, forecast};
use super::{Asked, Forecast, Settings, SlotYear, checked, words};
use crate::error::ModelError;
use domain::Text;

/// The mean of a year at its end, from the slots that are over and the usual course of the years before.
///
/// ```text
/// ĉ = (Σ over slots that are over of x + f · Σ over slots to come of c) / number of both
/// c(s) = mean of slot s over the last years;  f = (Σ x / Σ c over slots that are over and have both) ^ pull
/// ```
/// x: this year's values [any unit, not below zero], c: usual value [same unit]. All slots weigh the same, as in an
/// annual mean of days or of months. The interval is ± the k-th smallest relative miss of the hindcast, and never
/// below what the values so far make certain.
/// Needs one past year; with fewer than three there is no interval. What each past year would have been told is
/// made from the years before it only. Validated on the years of London, Beijing and Chengdu: see [`Settings::at`].
///
/// ```
/// use domain::Year;
/// use models::forecast::{Grid, Settings, SlotYear, year_mean};
/// let flat = |year: i16, value: f64| SlotYear { year: Year(year), slots: vec![Some(value); 12] };
/// let past = [flat(2021, 40.0), flat(2022, 40.0)];
/// let mut this = SlotYear::empty(Grid::Months, Year(2023));
/// this.slots[..6].fill(Some(10.0));
/// let got = year_mean(&past, &this, &Settings::at(Grid::Months, 6)).unwrap();
/// assert_eq!(got.value, (6.0 * 10.0 + 6.0 * 40.0 * 0.5) / 12.0, "a quarter of the usual, believed as its root");
/// assert_eq!(got.interval, None);
/// ```
pub fn year_mean(past: &[SlotYear<f64>], this: &SlotYear<f64>, settings: &Settings) -> Result<Forecast, ModelError> {
    for year in past.iter().chain([this]) {
        for (at, value) in year.held(0..year.slots.len()) {
            if !value.is_finite() {
                return Err(ModelError::NotFinite { at });
            }
            if *value < 0.0 {
                return Err(ModelError::Negative { at, value: *value });
            }
        }
    }
    let asked = checked(past, this, settings)?;
    forecast(&Mean(*settings), &asked)
}

struct Mean(Settings);

impl Figure for Mean {
    type Slot = f64;

    fn say(&self, past: &[&SlotYear<f64>], this: &SlotYear<f64>) -> Option<Said> {
        let Settings { grid, reached, pull, years, .. } = self.0;
        let recent = &past[past.len().saturating_sub(years)..];
        let usual: Vec<Option<f64>> = (0..grid.slots()).map(|slot| usual(recent, slot)).collect();
        let (mut own, mut same) = (0.0, 0.0);
        for (slot, value) in this.held(0..reached) {
            if let Some(usual) = usual[slot] {
                own += value;
                same += usual;
            }
        }
        let ratio = if same > 0.0 { own / same } else { 1.0 };
        let factor = libm::pow(ratio, pull);
        let to_come: Vec<f64> =
            (reached..grid.slots()).filter(|slot| grid.has(*slot, this.year)).filter_map(|slot| usual[slot]).collect();
        let over: Vec<f64> = this.held(0..reached).map(|(_, value)| *value).collect();
        let number = (over.len() + to_come.len()) as f64;
        let certain: f64 = over.iter().sum::<f64>() / number;
        let value = certain + factor * to_come.iter().sum::<f64>() / number;
        let most = if to_come.is_empty() { value } else { f64::INFINITY };
        // The past gives nothing to go by for what is to come.
        let blind = recent.is_empty() || (to_come.is_empty() && reached < grid.slots());
        (!blind && value.is_finite()).then_some(Said { value, bounds: (certain.min(value), most), factor })
    }

    fn came(&self, year: &SlotYear<f64>, reached: usize) -> Option<f64> {
        let values: Vec<f64> = year.held(0..reached).map(|(_, value)| *value).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    }

    fn miss(&self, said: f64, came: f64) -> f64 {
        if said == came { 0.0 } else { ((came - said) / said).abs() }
    }

    fn around(&self, said: f64, miss: f64) -> (f64, f64) {
        (said * (1.0 - miss), said * (1.0 + miss))
    }

    fn method(&self, asked: &Asked<'_, f64>, said: &Said, past: usize) -> Text {
        words::method_of_mean(asked, said.factor, past.min(self.0.years))
    }
}

/// The mean of a slot over years.
fn usual(past: &[&SlotYear<f64>], slot: usize) -> Option<f64> {
    let values: Vec<f64> = past.iter().filter_map(|year| year.slots[slot]).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
