//! Several samples → their mean, item by item.

use crate::media::{Limits, Reading, Sample};
use domain::{Ratio, RatioSum};
use serde::Deserialize;

/// How values of an item are averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MeanWay {
    /// Arithmetic mean.
    #[default]
    Arithmetic,
    /// Mean of what the negative exponent stands for: pH by its hydrogen ions.
    Hydrogen,
    /// Mean of sound energy: levels in decibels.
    Energy,
}

impl MeanWay {
    /// The mean of values in this way; `None` of no values.
    pub fn mean(self, values: &[Ratio]) -> Option<Ratio> {
        match self {
            MeanWay::Arithmetic => arithmetic(values),
            MeanWay::Hydrogen => hydrogen_mean(values),
            MeanWay::Energy => level_mean(values),
        }
    }
}

/// The mean of pH values, by their hydrogen ions.
///
/// ```text
/// pH = −lg( (1/n) Σ 10^(−pHᵢ) )
/// ```
/// * `pHᵢ`: the values [pH]; `n`: how many.
///
/// A binary float, since no decimal holds a logarithm: right to 10⁻⁹ for values from 0 to 14; the result is given
/// at six decimal places. `None` of no values.
///
/// Reference: 环办监测函〔2020〕82号. Example: 6.5, 7.5, 8.5 → 6.931798 (the arithmetic mean would be 7.5).
///
/// ```
/// use standards::{media::exact, water::hydrogen_mean};
/// let values: Vec<_> = ["6.5", "7.5", "8.5"].iter().map(|text| exact(text).unwrap()).collect();
/// assert_eq!(hydrogen_mean(&values).unwrap().round(6).to_string(), "6.931798");
/// ```
pub fn hydrogen_mean(values: &[Ratio]) -> Option<Ratio> {
    if values.is_empty() {
        return None;
    }
    let ions: f64 = values.iter().map(|value| 10_f64.powf(-value.to_f64())).sum();
    let mean = -(ions / values.len() as f64).log10();
    crate::media::exact(&format!("{mean:.6}"))
}

/// The mean of sound levels of equal times, by their energy.
///
/// ```text
/// L = 10 · lg( (1/n) Σ 10^(Lᵢ/10) )
/// ```
/// * `Lᵢ`: the levels [dB]; `n`: how many.
///
/// A binary float, right to 10⁻⁹ for levels up to 200 dB; the result is given at six decimal places.
///
/// Reference: GB 3096-2008, 3.2. Example: 50 and 60 → 57.403627 (the arithmetic mean would be 55).
fn level_mean(values: &[Ratio]) -> Option<Ratio> {
    if values.is_empty() {
        return None;
    }
    let energy: f64 = values.iter().map(|value| 10_f64.powf(value.to_f64() / 10.0)).sum();
    let mean = 10.0 * (energy / values.len() as f64).log10();
    crate::media::exact(&format!("{mean:.6}"))
}

/// The mean of several samples of one kind: each item over the samples that have it, and each number alike.
///
/// A value below detection counts as half of its limit; "not detected" without a limit is left out. The words are
/// those of the first sample. `way` says how an item is averaged, by its code.
///
/// Reference: 环办〔2011〕22号: fewer than five sections, and the points of a lake (first over time at each point,
/// then over the points).
pub fn mean_sample(limits: &Limits, samples: &[Sample], way: impl Fn(&str) -> MeanWay) -> Option<Sample> {
    let first = samples.first()?;
    let mut mean = Sample { words: first.words.clone(), ..limits.sample() };
    for (at, item) in limits.items.iter().enumerate() {
        let values: Vec<Ratio> = samples.iter().filter_map(|sample| value(sample.items[at])).collect();
        mean.items[at] = way(&item.code).mean(&values).map_or(Reading::Missing, Reading::Value);
    }
    for at in 0..limits.numbers.len() {
        let values: Vec<Ratio> = samples.iter().filter_map(|sample| sample.numbers[at]).collect();
        mean.numbers[at] = arithmetic(&values);
    }
    Some(mean)
}

fn value(reading: Reading) -> Option<Ratio> {
    match reading {
        Reading::Value(value) => Some(value),
        Reading::Below(detection) => Some(Ratio::new(detection.num(), detection.den() * 2)),
        Reading::Missing | Reading::Undetected => None,
    }
}

/// The exact mean; `None` of no values.
pub(crate) fn arithmetic(values: &[Ratio]) -> Option<Ratio> {
    let mut sum = RatioSum::default();
    values.iter().for_each(|value| sum.add(*value));
    sum.mean()
}
