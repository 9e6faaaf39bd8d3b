//! A sample → the index by which cities are ranked: the sum of its items' ratios to a class.

use crate::media::{Limit, Limits, Reading, Sample};
use domain::{Confidence, Ratio, RatioSum};

/// How the index is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaterIndex {
    /// Standard id.
    pub id: String,
    /// Confidence in it.
    pub confidence: Confidence,
    /// The standard of limits.
    pub limits: String,
    /// The class, by its id, that items are held against.
    pub class: String,
    /// The value of an item of a span that is neither low nor high.
    pub neutral: Ratio,
}

impl WaterIndex {
    /// The index of a sample.
    ///
    /// ```text
    /// I = Σ Iⱼ     Iⱼ = Cⱼ / Sⱼ,   Sⱼ / Cⱼ where a low value is the bad one,
    ///              (7 − pH) / (7 − low) up to 7, (pH − 7) / (high − 7) above
    /// ```
    /// * `C`: value, `S`: limit of the class [same unit], `low`, `high`: the span of pH.
    ///
    /// Nothing is rounded inside. The error is the items that are missing, in table order: there is no sum of some.
    ///
    /// Reference: 城市地表水环境质量排名技术规定（试行）, 2017.
    pub fn index(&self, limits: &Limits, sample: &Sample) -> Result<Ratio, Vec<String>> {
        let class = limits.classes.iter().position(|own| own.id == self.class).map_or(limits.reference, |at| at + 1);
        let mut sum = RatioSum::default();
        let mut missing = Vec::new();
        for (at, item) in limits.items.iter().enumerate().filter(|(_, item)| item.in_class) {
            let row = crate::media::pick(limits, item, sample).ok().flatten();
            let limit = row.and_then(|row| row.limits.get(class - 1).copied());
            let part = match (sample.items[at], limit) {
                (Reading::Value(value), Some(limit)) => self.part(value, limit),
                (Reading::Below(detection), Some(limit)) => self.part(detection.divided_by(Ratio::new(2, 1)), limit),
                _ => None,
            };
            match part {
                Some(part) => sum.add(part),
                None => missing.push(item.code.clone()),
            }
        }
        if missing.is_empty() { Ok(sum.total()) } else { Err(missing) }
    }

    fn part(&self, value: Ratio, limit: Limit) -> Option<Ratio> {
        match limit {
            Limit::AtMost(limit) if limit.num() > 0 => Some(value.divided_by(limit)),
            Limit::AtLeast(limit) if value.num() > 0 => Some(limit.divided_by(value)),
            Limit::Between(low, _) if value <= self.neutral && low < self.neutral => {
                Some(self.neutral.minus(value).divided_by(self.neutral.minus(low)))
            }
            Limit::Between(_, high) if value > self.neutral && high > self.neutral => {
                Some(value.minus(self.neutral).divided_by(high.minus(self.neutral)))
            }
            _ => None,
        }
    }

    /// The index of a city of rivers and lakes.
    ///
    /// ```text
    /// CWQI = (CWQI_river · M + CWQI_lake · N) / (M + N)
    /// ```
    /// * `M`, `N`: numbers of sections of rivers and of points of lakes.
    ///
    /// `None` without a section, or where one kind has sections and no index.
    pub fn city(&self, river: (Option<Ratio>, u32), lake: (Option<Ratio>, u32)) -> Option<Ratio> {
        let part = |(index, count): (Option<Ratio>, u32)| match (index, count) {
            (_, 0) => Some(Ratio::new(0, 1)),
            (index, count) => Some(index?.times(i64::from(count))),
        };
        let all = river.1 + lake.1;
        let sum = part(river)?.plus(part(lake)?);
        (all > 0).then(|| sum.divided_by(Ratio::new(i128::from(all), 1)))
    }
}

/// The change of an index [%]: `(now − last) / last · 100`; `None` where the last is not above zero.
pub fn change_percent(now: Ratio, last: Ratio) -> Option<Ratio> {
    (last.num() > 0).then(|| now.minus(last).times(100).divided_by(last))
}

/// Ranks of values, the smallest first; equal values share the better rank.
///
/// ```
/// use domain::Ratio;
/// use standards::water::rank;
/// let values: Vec<Ratio> = [7, 5, 7, 9].iter().map(|value| Ratio::new(*value, 1)).collect();
/// assert_eq!(rank(&values), [2, 1, 2, 4]);
/// ```
pub fn rank(values: &[Ratio]) -> Vec<usize> {
    let below = |value: &Ratio| values.iter().filter(|other| *other < value).count();
    values.iter().map(|value| 1 + below(value)).collect()
}
