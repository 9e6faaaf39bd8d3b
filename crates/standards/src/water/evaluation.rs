//! Sections of a river, points of a lake → the state of the whole, with its main pollutants.
//!
//! The rules of 地表水环境质量评价办法（试行）, 环办〔2011〕22号. A section is judged by [`Limits::judge`]; here are the
//! rounding before it, and what several sections make together.

use crate::media::{Limits, Reading, Sample, Verdict};
use crate::water::mean::{MeanWay, mean_sample};
use crate::water::rounding::Rounding;
use crate::water::trend::{Change, ChangeRule, Tendency};
use domain::{Confidence, Ratio, Text};

/// How surface water is evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurfaceEvaluation {
    /// Standard id.
    pub id: String,
    /// Confidence in the rules.
    pub confidence: Confidence,
    /// The standard of limits.
    pub limits: String,
    /// The rounding of statistics.
    pub rounding: String,
    /// With fewer sections than this, their mean is judged; with as many, their shares.
    pub few_sections: usize,
    /// How many main pollutants of a river are named.
    pub main: usize,
    /// Months that a year needs, and that it needs where the river freezes.
    pub year_months: (u32, u32),
    /// Results that a quarter needs.
    pub quarter_results: u32,
    /// Grades of a river, the best first.
    pub grades: Vec<RiverGrade>,
    /// Items that are not averaged arithmetically.
    pub means: Vec<(String, MeanWay)>,
    pub(crate) change: ChangeRule,
}

/// A grade of a river or basin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiverGrade {
    /// Name.
    pub name: Text,
    /// Colour, `#RRGGBB`.
    pub color: String,
    /// Least share of sections of the reference class or better [%]; `None` where it does not matter.
    pub good_at_least: Option<Ratio>,
    /// Share of sections of the last class that it stays below [%]; `None` where it does not matter.
    pub bad_below: Option<Ratio>,
}

/// The state of a river or basin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiverVerdict {
    /// Sections that could be judged.
    pub sections: usize,
    /// Of them, by class.
    pub counts: Vec<usize>,
    /// Share of the reference class or better [%].
    pub good: Ratio,
    /// Share of the last class [%].
    pub bad: Ratio,
    /// The grade by shares, by its place in [`SurfaceEvaluation::grades`]; `None` with few sections.
    pub grade: Option<usize>,
    /// The judgement of the mean, with few sections.
    pub mean: Option<Verdict>,
    /// Main pollutants.
    pub main: Vec<RiverMain>,
}

/// A main pollutant of a river.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiverMain {
    /// Place of the item in [`Limits::items`].
    pub item: usize,
    /// Sections beyond the reference class, of all judged [%]; `None` with few sections.
    pub rate: Option<Ratio>,
    /// Exceedance of the mean, with few sections.
    pub exceed: Option<Ratio>,
}

impl SurfaceEvaluation {
    /// How an item is averaged.
    pub fn mean_way(&self, item: &str) -> MeanWay {
        self.means.iter().find(|(own, _)| own == item).map_or(MeanWay::default(), |(_, way)| *way)
    }

    /// A sample of statistics, rounded as they are assessed. A value below detection is half of its limit.
    pub fn rounded(&self, limits: &Limits, rounding: &Rounding, sample: &Sample) -> Sample {
        let mut sample = sample.clone();
        for (reading, item) in sample.items.iter_mut().zip(&limits.items) {
            *reading = match *reading {
                Reading::Value(value) => Reading::Value(rounding.assess(&item.parameter, value)),
                Reading::Below(detection) => {
                    Reading::Value(rounding.assess(&item.parameter, Ratio::new(detection.num(), detection.den() * 2)))
                }
                other => other,
            };
        }
        sample
    }

    /// A section, or a lake given by the mean of its points: the rounded statistics judged.
    pub fn section(&self, limits: &Limits, rounding: &Rounding, sample: &Sample) -> Verdict {
        limits.judge(&self.rounded(limits, rounding, sample), &limits.default_items())
    }

    /// The points of a lake, each already averaged over time: their mean, judged. `None` without a point.
    pub fn lake(&self, limits: &Limits, rounding: &Rounding, points: &[Sample]) -> Option<Verdict> {
        let mean = mean_sample(limits, points, |item| self.mean_way(item))?;
        Some(self.section(limits, rounding, &mean))
    }

    /// A river or basin by its sections; `None` when none of them could be judged.
    ///
    /// ```text
    /// fewer than 5: each indicator is averaged over the sections, and the mean is judged
    /// 5 or more:    G = sections of Ⅰ–Ⅲ / all · 100,  D = sections of 劣Ⅴ / all · 100  →  the first grade that fits
    /// ```
    /// Reference: 环办〔2011〕22号. The text that was read says 5 and more; one copy prints "more than 5".
    pub fn river(&self, limits: &Limits, rounding: &Rounding, sections: &[Sample]) -> Option<RiverVerdict> {
        let all: Vec<(usize, Verdict)> = sections
            .iter()
            .enumerate()
            .map(|(at, own)| (at, self.section(limits, rounding, own)))
            .filter(|(_, own)| own.class.is_some())
            .collect();
        let mut counts = vec![0; limits.classes.len()];
        for class in all.iter().filter_map(|(_, own)| own.class) {
            counts[class - 1] += 1;
        }
        let (good, bad) = shares(&counts, limits.reference)?;
        let mut river =
            RiverVerdict { sections: all.len(), counts, good, bad, grade: None, mean: None, main: Vec::new() };
        if all.len() >= self.few_sections {
            river.grade = self.grade(good, bad);
            river.main = self.main_of_many(limits, &all);
        } else {
            let samples: Vec<Sample> = all.iter().map(|(at, _)| sections[*at].clone()).collect();
            let mean = self.lake(limits, rounding, &samples)?;
            let main = limits.main_items(&mean);
            river.main = main.iter().map(|own| RiverMain { item: own.item, rate: None, exceed: own.exceed }).collect();
            river.mean = Some(mean);
        }
        Some(river)
    }

    /// The grade of given shares [%], by its place.
    pub fn grade(&self, good: Ratio, bad: Ratio) -> Option<usize> {
        self.grades.iter().position(|grade| {
            grade.good_at_least.is_none_or(|least| good >= least) && grade.bad_below.is_none_or(|below| bad < below)
        })
    }

    /// Items beyond the reference class, by the share of sections; none where the river is good.
    fn main_of_many(&self, limits: &Limits, sections: &[(usize, Verdict)]) -> Vec<RiverMain> {
        let mut over = vec![0_usize; limits.items.len()];
        for own in sections.iter().flat_map(|(_, verdict)| &verdict.items) {
            over[own.item] += usize::from(own.counted && own.class > limits.reference);
        }
        let mut items: Vec<usize> = (0..over.len()).filter(|at| over[*at] > 0).collect();
        items.sort_by_key(|at| std::cmp::Reverse(over[*at]));
        items.truncate(self.main);
        let rate = |count: usize| percent(count, sections.len());
        items.into_iter().map(|item| RiverMain { item, rate: rate(over[item]), exceed: None }).collect()
    }

    /// What became of a class between two periods.
    pub fn class_change(&self, before: usize, after: usize) -> Change {
        self.change.of_classes(before, after)
    }

    /// What became of the shares of good and bad sections [%] between two periods.
    pub fn share_change(&self, before: (Ratio, Ratio), after: (Ratio, Ratio)) -> Change {
        self.change.of_shares(before, after)
    }

    /// The tendency over several periods; `None` of fewer than two.
    pub fn tendency(&self, values: &[Ratio]) -> Option<Tendency> {
        self.change.tendency(values)
    }
}

/// Shares of good and of bad sections [%]; `None` without a section.
fn shares(counts: &[usize], reference: usize) -> Option<(Ratio, Ratio)> {
    let all: usize = counts.iter().sum();
    let good: usize = counts.iter().take(reference).sum();
    Some((percent(good, all)?, percent(*counts.last()?, all)?))
}

fn percent(part: usize, of: usize) -> Option<Ratio> {
    (of > 0).then(|| Ratio::new(part as i128 * 100, of as i128))
}
