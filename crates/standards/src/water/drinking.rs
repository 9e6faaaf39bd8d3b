//! Drinking sources → how many of them, and how much of their water, meets the standard.

use domain::{Ratio, RatioSum};

/// A source in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrinkingSource {
    /// Whether it met the standard; `None` where it was not judged.
    pub meets: Option<bool>,
    /// Water taken in the period, in any one unit of volume; `None` where it is not known.
    pub volume: Option<Ratio>,
}

/// Rates of drinking sources [%].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DrinkingRates {
    /// Sources that were judged.
    pub judged: u32,
    /// Of them, those that met the standard.
    pub met: u32,
    /// By number; `None` without a judged source.
    pub by_number: Option<Ratio>,
    /// By volume; `None` when a judged source has no volume, or nothing was taken.
    pub by_volume: Option<Ratio>,
}

/// Rates of sources that meet the standard.
///
/// ```text
/// by number = met / judged · 100      by volume = Σ volume of the met / Σ volume of the judged · 100
/// ```
/// Reference: published reports of cities (水源达标率, 水量达标率). A source without a judgement is in neither sum.
pub fn drinking_rates(sources: &[DrinkingSource]) -> DrinkingRates {
    let judged: Vec<&DrinkingSource> = sources.iter().filter(|own| own.meets.is_some()).collect();
    let met = judged.iter().filter(|own| own.meets == Some(true));
    let volume = |list: &mut dyn Iterator<Item = Option<Ratio>>| {
        let mut sum = RatioSum::default();
        for own in list {
            sum.add(own?);
        }
        Some(sum.total())
    };
    let all = volume(&mut judged.iter().map(|own| own.volume)).filter(|all| all.num() > 0);
    let good = volume(&mut met.clone().map(|own| own.volume));
    let percent = |part: Ratio, of: Ratio| part.times(100).divided_by(of);
    let (count, met) = (judged.len() as u32, met.count() as u32);
    DrinkingRates {
        judged: count,
        met,
        by_number: (count > 0).then(|| percent(Ratio::new(i128::from(met), 1), Ratio::new(i128::from(count), 1))),
        by_volume: all.zip(good).map(|(all, good)| percent(good, all)),
    }
}
