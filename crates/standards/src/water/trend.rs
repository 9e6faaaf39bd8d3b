//! Two periods, or a row of years → whether the water became better, in the words of the rules.

use crate::methods::spearman;
use domain::{Confidence, Fixed, Ratio, Text};

/// How much changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Changed {
    /// 无明显变化
    Not,
    /// 有所变化
    Some,
    /// 明显变化
    Clearly,
}

/// In which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Toward {
    /// Neither.
    Same,
    /// 好转
    Better,
    /// 变差
    Worse,
}

/// A change between two periods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How much.
    pub changed: Changed,
    /// In which direction.
    pub toward: Toward,
    /// In the words of the rules.
    pub words: Text,
    /// Confidence in the thresholds.
    pub confidence: Confidence,
}

/// A tendency over several periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tendency {
    /// Spearman's rank correlation with time.
    pub r: Ratio,
    /// What it is held against; `None` where the table has no such number of periods.
    pub critical: Option<Fixed>,
    /// Whether it is significant; `None` without a critical value.
    pub significant: Option<bool>,
    /// Confidence in the critical values.
    pub confidence: Confidence,
}

/// The thresholds and words of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChangeRule {
    /// Classes from which a change is a clear one.
    pub clear_steps: usize,
    /// Percentage points that are no clear change, and those that are some.
    pub points: (Ratio, Ratio),
    pub words: ChangeWords,
    /// Periods and critical values, ascending.
    pub critical: Vec<(u32, Fixed)>,
    /// Confidence in the steps, the points and the critical values.
    pub confidence: [Confidence; 3],
}

/// 无明显变化, 有所好转, 有所变差, 明显好转, 明显变差.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeWords {
    pub none: Text,
    pub better: Text,
    pub worse: Text,
    pub clearly_better: Text,
    pub clearly_worse: Text,
}

impl ChangeRule {
    /// From one class to another, both from 1.
    pub fn of_classes(&self, before: usize, after: usize) -> Change {
        let changed = match before.abs_diff(after) {
            0 => Changed::Not,
            steps if steps >= self.clear_steps => Changed::Clearly,
            _ => Changed::Some,
        };
        self.say(changed, before > after, self.confidence[0])
    }

    /// From the shares of good and of bad sections [%] to others: by ΔG − ΔD.
    pub fn of_shares(&self, before: (Ratio, Ratio), after: (Ratio, Ratio)) -> Change {
        let points = after.0.minus(before.0).minus(after.1.minus(before.1));
        let size = if points.num() < 0 { Ratio::new(0, 1).minus(points) } else { points };
        let changed = match size {
            size if size > self.points.1 => Changed::Clearly,
            size if size > self.points.0 => Changed::Some,
            _ => Changed::Not,
        };
        self.say(changed, points.num() > 0, self.confidence[1])
    }

    fn say(&self, changed: Changed, better: bool, confidence: Confidence) -> Change {
        let words = match (changed, better) {
            (Changed::Not, _) => &self.words.none,
            (Changed::Some, true) => &self.words.better,
            (Changed::Some, false) => &self.words.worse,
            (Changed::Clearly, true) => &self.words.clearly_better,
            (Changed::Clearly, false) => &self.words.clearly_worse,
        };
        let toward = match (changed, better) {
            (Changed::Not, _) => Toward::Same,
            (_, true) => Toward::Better,
            (_, false) => Toward::Worse,
        };
        Change { changed, toward, words: words.clone(), confidence }
    }

    /// Spearman's rank correlation over periods in order; `None` of fewer than two.
    pub fn tendency(&self, values: &[Ratio]) -> Option<Tendency> {
        let r = spearman(values)?;
        let periods = values.len() as u32;
        let critical = self.critical.iter().find(|(own, _)| *own == periods).map(|(_, critical)| *critical);
        let size = if r.num() < 0 { Ratio::new(0, 1).minus(r) } else { r };
        Some(Tendency {
            r,
            critical,
            significant: critical.map(|critical| size > Ratio::from(critical)),
            confidence: self.confidence[2],
        })
    }
}
