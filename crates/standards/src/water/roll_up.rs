//! Grades of indices, points and reaches → the grade of a black-odorous water body.

use domain::{Confidence, Ratio};

/// How points make a water body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollUp {
    /// Standard id.
    pub id: String,
    /// Confidence in the rule.
    pub confidence: Confidence,
    /// Share of the data of one index at the severe grade that makes a point severe [%].
    pub one_index_percent: Ratio,
    /// Share of each of several indices that does [%], and how many of them.
    pub several_percent: Ratio,
    /// How many indices that takes.
    pub several: usize,
    /// Severe points in a row that make their reach severe.
    pub points_in_a_row: usize,
    /// Share of severe points that makes the whole body severe [%].
    pub body_percent: Ratio,
}

/// What a water body is, point by point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachGrade {
    /// Whether the whole body is severe.
    pub body_severe: bool,
    /// For each point, whether it lies in a severe reach.
    pub severe: Vec<bool>,
}

impl RollUp {
    /// Whether a point is severe: for each index, how many of its data are severe, of how many.
    ///
    /// An index without data does not count.
    pub fn point_severe(&self, indices: &[(u32, u32)]) -> bool {
        let share =
            |(severe, all): &(u32, u32)| (*all > 0).then(|| Ratio::new(i128::from(*severe) * 100, i128::from(*all)));
        let shares: Vec<Ratio> = indices.iter().filter_map(share).collect();
        shares.iter().any(|share| *share >= self.one_index_percent)
            || shares.iter().filter(|share| **share >= self.several_percent).count() >= self.several
    }

    /// Points in the order of the stream, severe or not, to the water body.
    pub fn body(&self, points: &[bool]) -> ReachGrade {
        let severe = points.iter().filter(|severe| **severe).count();
        let share = Ratio::new(severe as i128 * 100, points.len().max(1) as i128);
        let body_severe = severe > 0 && share >= self.body_percent;
        if body_severe {
            return ReachGrade { body_severe, severe: vec![true; points.len()] };
        }
        let mut reaches = vec![false; points.len()];
        let mut start = 0;
        while start < points.len() {
            let run = points[start..].iter().take_while(|severe| **severe).count();
            if run >= self.points_in_a_row {
                reaches[start..start + run].fill(true);
            }
            start += run.max(1);
        }
        ReachGrade { body_severe, severe: reaches }
    }
}
