//! Seconds of sound level → equivalent and percentile levels, of any span, of day and night.
//!
//! Called by `indicators`. It knows no limit and no zone: when the day begins and what a night weighs come in as
//! a [`DayNight`], which a standard's catalog fills. Levels are binary floats, since no decimal holds a power or a
//! logarithm: right to 10⁻⁹ dB for up to a day of seconds. Means of levels over places are exact.

use domain::period::HOUR_MS;
use domain::{Day, Instant, Ratio, RatioSum};

/// Sound levels at even steps.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundSeries {
    /// When the first step begins.
    pub first: Instant,
    /// Length of a step [ms].
    pub step_ms: i64,
    /// Level of each step [dB(A)]; not finite where there is none.
    pub levels: Vec<f64>,
}

/// When day and night are, and how much worse a night is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayNight {
    /// Hour of the day at which the day begins [h].
    pub day_from: u8,
    /// Hour of the day at which the night begins [h]; after `day_from`.
    pub night_from: u8,
    /// What is added to a night level [dB].
    pub night_addition: u8,
}

/// Statistics of a span of sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoundStatistics {
    /// Equivalent level [dB(A)].
    pub leq: f64,
    /// Levels exceeded in 10, 50 and 90 % of the time [dB(A)].
    pub exceeded: [f64; 3],
    /// Smallest and largest level [dB(A)].
    pub range: (f64, f64),
    /// Standard deviation [dB].
    pub deviation: f64,
    /// Steps with a level.
    pub n: u32,
    /// Steps of the span.
    pub due: u32,
}

/// One day's sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DaySound {
    /// The day time; `None` without a level in it.
    pub day: Option<SoundStatistics>,
    /// The night that begins in the evening of the day.
    pub night: Option<SoundStatistics>,
    /// Day-night level [dB(A)]; `None` without both.
    pub ldn: Option<f64>,
}

/// The shares of time of [`SoundStatistics::exceeded`] [%].
pub const EXCEEDED_PERCENT: [u32; 3] = [10, 50, 90];

/// The equivalent continuous level of equally long steps.
///
/// ```text
/// Leq = 10 · lg( (1/T) ∫ 10^(0.1·LA) dt ) = 10 · lg( (1/n) Σ 10^(0.1·Lᵢ) )
/// ```
/// * `Lᵢ`: level of a step [dB(A)]; `n`: steps with a level. Values that are not finite are left out.
///
/// Reference: GB 3096-2008, 3. `None` without a level. Example: 60 and 70 for as long → 67.403627.
///
/// ```
/// use observe::noise::leq;
/// assert!((leq(&[60.0, 70.0]).unwrap() - 67.403627).abs() < 1e-6);
/// assert_eq!(leq(&[f64::NAN]), None);
/// ```
pub fn leq(levels: &[f64]) -> Option<f64> {
    energy_mean(levels.iter().map(|level| (*level, 1.0)))
}

/// The same of levels that held for different times.
pub fn energy_mean(levels: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (mut energy, mut time) = (0.0, 0.0);
    for (level, weight) in levels.filter(|(level, _)| level.is_finite()) {
        energy += weight * 10_f64.powf(level / 10.0);
        time += weight;
    }
    (time > 0.0).then(|| 10.0 * (energy / time).log10())
}

/// The level exceeded in a share of the time.
///
/// ```text
/// the levels from the largest down; L_N is the ⌈n · N / 100⌉-th of them
/// ```
/// * `percent`: `N`, 1 to 100. Of 100 levels, L10 is the tenth from the top.
///
/// Reference: GB 3096-2008, 3 (cumulative percentile levels). `None` without a level.
pub fn level_exceeded(levels: &[f64], percent: u32) -> Option<f64> {
    let mut sorted: Vec<f64> = levels.iter().copied().filter(|level| level.is_finite()).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    exceeded(&sorted, percent)
}

fn exceeded(descending: &[f64], percent: u32) -> Option<f64> {
    let place = (descending.len() * percent.clamp(1, 100) as usize).div_ceil(100);
    descending.get(place.checked_sub(1)?).copied()
}

/// Statistics of equally long steps; `None` without a level.
pub fn statistics(levels: &[f64]) -> Option<SoundStatistics> {
    let mut sorted: Vec<f64> = levels.iter().copied().filter(|level| level.is_finite()).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let n = sorted.len() as f64;
    let mean = sorted.iter().sum::<f64>() / n;
    let spread: f64 = sorted.iter().map(|level| (level - mean) * (level - mean)).sum();
    let [l10, l50, l90] = EXCEEDED_PERCENT.map(|percent| exceeded(&sorted, percent));
    Some(SoundStatistics {
        leq: leq(&sorted)?,
        exceeded: [l10?, l50?, l90?],
        range: (*sorted.last()?, *sorted.first()?),
        deviation: (spread / n).sqrt(),
        n: sorted.len() as u32,
        due: levels.len() as u32,
    })
}

/// The day-night level.
///
/// ```text
/// Ldn = 10 · lg( (hours of day · 10^(0.1·Ld) + hours of night · 10^(0.1·(Ln + addition))) / 24 )
/// ```
/// * `Ld`, `Ln`: equivalent levels of day and night [dB(A)]; `addition`: [dB].
///
/// Reference: GB 3096-2008, 3. Examples, with 16 and 8 hours and 10 dB: 55 and 45 → 55; 60 and 52 → 60.773550.
///
/// ```
/// use observe::noise::{DayNight, ldn};
/// let rule = DayNight { day_from: 6, night_from: 22, night_addition: 10 };
/// assert!((ldn(55.0, 45.0, rule) - 55.0).abs() < 1e-9);
/// assert!((ldn(60.0, 52.0, rule) - 60.773550).abs() < 1e-6);
/// ```
pub fn ldn(day: f64, night: f64, rule: DayNight) -> f64 {
    let hours = f64::from(rule.night_from.saturating_sub(rule.day_from));
    let night = night + f64::from(rule.night_addition);
    let energy = hours * 10_f64.powf(day / 10.0) + (24.0 - hours) * 10_f64.powf(night / 10.0);
    10.0 * (energy / 24.0).log10()
}

impl SoundSeries {
    /// The levels whose steps begin from one moment on and before another; a step outside the series has none.
    pub fn between(&self, from: Instant, to: Instant) -> Vec<f64> {
        if self.step_ms <= 0 {
            return Vec::new();
        }
        let step = |moment: Instant| {
            (moment.0 - self.first.0).div_euclid(self.step_ms)
                + i64::from((moment.0 - self.first.0).rem_euclid(self.step_ms) > 0)
        };
        let level = |at: i64| usize::try_from(at).ok().and_then(|at| self.levels.get(at).copied()).unwrap_or(f64::NAN);
        (step(from)..step(to)).map(level).collect()
    }

    /// The sound of a day, and of the night that begins in its evening and ends the next morning.
    pub fn day(&self, day: Day, rule: DayNight) -> DaySound {
        let at = |day: Day, hour: u8| Instant::from_civil(day, i64::from(hour) * HOUR_MS);
        let light = statistics(&self.between(at(day, rule.day_from), at(day, rule.night_from)));
        let dark = statistics(&self.between(at(day, rule.night_from), at(Day(day.0 + 1), rule.day_from)));
        let ldn = light.zip(dark).map(|(light, dark)| ldn(light.leq, dark.leq, rule));
        DaySound { day: light, night: dark, ldn }
    }
}

/// The level of a region: the arithmetic mean over the points of its grid; `None` without a point.
///
/// Reference: HJ 640-2012 (unconfirmed).
pub fn region_level(points: &[Ratio]) -> Option<Ratio> {
    let mut sum = RatioSum::default();
    points.iter().for_each(|level| sum.add(*level));
    sum.mean()
}

/// The level of road traffic: the mean over roads by their length.
///
/// ```text
/// L = Σ (Lᵢ · lᵢ) / Σ lᵢ
/// ```
/// * `Lᵢ`: level [dB(A)], `lᵢ`: length [any one unit]. `None` without length.
///
/// Reference: HJ 640-2012 (unconfirmed).
///
/// ```
/// use domain::Ratio;
/// use observe::noise::road_level;
/// let roads = [(Ratio::new(70, 1), Ratio::new(3, 1)), (Ratio::new(66, 1), Ratio::new(1, 1))];
/// assert_eq!(road_level(&roads), Some(Ratio::new(69, 1)));
/// ```
pub fn road_level(roads: &[(Ratio, Ratio)]) -> Option<Ratio> {
    let (mut levels, mut lengths) = (RatioSum::default(), RatioSum::default());
    for (level, length) in roads.iter().filter(|(_, length)| length.num() > 0) {
        let (level, length) = (level.reduced(), length.reduced());
        levels.add(Ratio::new(level.num() * length.num(), level.den() * length.den()).reduced());
        lengths.add(length);
    }
    (lengths.count() > 0).then(|| levels.total().divided_by(lengths.total()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULE: DayNight = DayNight { day_from: 6, night_from: 22, night_addition: 10 };

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    /// Of 100 levels 1 to 100 the tenth from the top is 91.
    #[test]
    fn percentile_levels_count_from_the_top() {
        let levels: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(level_exceeded(&levels, 10), Some(91.0));
        assert_eq!(level_exceeded(&levels, 50), Some(51.0));
        assert_eq!(level_exceeded(&levels, 90), Some(11.0));
        assert_eq!(level_exceeded(&[40.0], 10), Some(40.0));
        assert_eq!(level_exceeded(&[], 10), None);
    }

    /// Hand: 55 by day and 45 by night are 55 in all, with every second there.
    #[test]
    fn a_day_of_seconds() {
        let day = Day::from_ymd(2026, 3, 1).expect("a date");
        let first = Instant::from_civil(day, 0);
        let levels: Vec<f64> =
            (0..30 * 3600).map(|s| if (6 * 3600..22 * 3600).contains(&s) { 55.0 } else { 45.0 }).collect();
        let series = SoundSeries { first, step_ms: 1000, levels };
        let sound = series.day(day, RULE);
        let (light, dark) = (sound.day.expect("levels"), sound.night.expect("levels"));
        assert!(near(light.leq, 55.0) && near(dark.leq, 45.0) && near(sound.ldn.expect("both"), 55.0));
        assert_eq!((light.n, light.due, dark.n, dark.due), (57_600, 57_600, 28_800, 28_800));
        assert!(near(light.deviation, 0.0));
        let next = series.day(Day(day.0 + 1), RULE);
        assert!(next.day.is_none() && next.night.is_none() && next.ldn.is_none(), "the series ends at six");
    }

    /// A gap is neither silence nor sound: it is not there, and it is counted.
    #[test]
    fn gaps_are_left_out_and_counted() {
        let own = statistics(&[60.0, f64::NAN, 60.0, f64::INFINITY]).expect("two levels");
        assert!(near(own.leq, 60.0));
        assert_eq!((own.n, own.due), (2, 4));
        assert!(statistics(&[f64::NAN]).is_none());
    }

    proptest! {
        #[test]
        fn an_equivalent_level_lies_between_mean_and_maximum(levels in prop::collection::vec(20.0_f64..120.0, 1..500)) {
            let own = statistics(&levels).expect("levels");
            let mean = levels.iter().sum::<f64>() / levels.len() as f64;
            prop_assert!(own.leq >= mean - 1e-9 && own.leq <= own.range.1 + 1e-9);
            prop_assert!(own.exceeded[0] >= own.exceeded[1] && own.exceeded[1] >= own.exceeded[2]);
        }

        #[test]
        fn two_halves_make_the_whole(levels in prop::collection::vec(20.0_f64..120.0, 2..200), cut in 1_usize..199) {
            let cut = cut.min(levels.len() - 1);
            let (a, b) = levels.split_at(cut);
            let parts = [(leq(a).expect("levels"), a.len() as f64), (leq(b).expect("levels"), b.len() as f64)];
            let joined = energy_mean(parts.into_iter()).expect("levels");
            prop_assert!((joined - leq(&levels).expect("levels")).abs() < 1e-9);
        }
    }
}
