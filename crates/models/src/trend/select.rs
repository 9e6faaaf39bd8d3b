//! Points → the slopes of all their pairs that stand at given places of their order, without keeping them all.
//!
//! Ten years of hours make four thousand million pairs. Fewer than a few are simply sorted; of more, a random sample
//! says between which two slopes the wanted ones lie, a count says whether that is so, and only the pairs between are
//! made. A pair (i, j) is not steeper than t where vⱼ − t·pⱼ ≤ vᵢ − t·pᵢ, so counting is counting inversions.
//! After Matoušek 1991 and Dillencourt, Mount and Netanyahu 1992. Called by [`super::slope`].

use crate::numbers::{compare, inversions};
use std::cmp::Reverse;

/// Values at ascending places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Points<'a> {
    pub places: &'a [f64],
    pub values: &'a [f64],
}

/// All pairs of each of several rows of points.
#[derive(Clone, Debug)]
pub(crate) struct Slopes<'a> {
    rows: Vec<Points<'a>>,
    /// Pairs.
    count: u64,
    /// So many are kept at once.
    few: u64,
}

/// So many slopes are made without asking twice.
const FEW: u64 = 1_000;
/// Sampled for each point: then about 0.75 · n^1.5 pairs are left of n²/2.
const SAMPLE_EACH: u64 = 4;

/// Slopes above `low` and up to `high`, with how many are not above them.
#[derive(Clone, Copy, Debug)]
struct Bracket {
    low: f64,
    high: f64,
    below: u64,
    upto: u64,
}

impl<'a> Slopes<'a> {
    /// Of rows of which no two points share a place.
    pub fn of(rows: Vec<Points<'a>>) -> Slopes<'a> {
        let points = rows.iter().map(|row| row.places.len() as f64).sum::<f64>();
        let count = rows.iter().map(Points::pairs).sum();
        Slopes { rows, count, few: FEW.max((1.5 * points * points.sqrt()) as u64) }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The median; `None` of no pairs.
    pub fn median(&self) -> Option<f64> {
        match self.count {
            0 => None,
            count if count % 2 == 1 => Some(self.at(count / 2)),
            count => {
                let (lower, upper) = self.both(count / 2 - 1, count / 2);
                Some((lower + upper) / 2.0)
            }
        }
    }

    /// The slope at a place of the order, from 0.
    pub fn at(&self, place: u64) -> f64 {
        self.both(place, place).0
    }

    /// The slopes at two places, the second not before the first.
    fn both(&self, one: u64, other: u64) -> (f64, f64) {
        assert!(one <= other && other < self.count, "places among the pairs");
        let mut bracket = Bracket { low: f64::NEG_INFINITY, high: f64::INFINITY, below: 0, upto: self.count };
        let mut dice = Dice(self.count);
        let mut sample = None;
        while bracket.upto - bracket.below > self.few {
            let picked = self.sample(&bracket, &mut dice);
            let Some(narrower) = self.narrowed(bracket, &picked, one) else {
                // Far more equal slopes than can be kept: what the sample has there is what they are.
                sample = Some(picked);
                break;
            };
            bracket = narrower;
        }
        let mut kept = if sample.is_none() { self.within(&bracket) } else { Vec::new() };
        let mut find = |place: u64| match &sample {
            Some(sample) => nearest(sample, &bracket, place),
            None => *kept.select_nth_unstable_by((place - bracket.below) as usize, f64::total_cmp).1,
        };
        (find(one), if other < bracket.upto { find(other) } else { self.at(other) })
    }

    /// A narrower bracket by a sample of this one; `None` where it cannot become narrower.
    fn narrowed(&self, bracket: Bracket, sample: &[f64], wanted: u64) -> Option<Bracket> {
        let share = (wanted - bracket.below) as f64 / (bracket.upto - bracket.below) as f64;
        let size = sample.len() as f64;
        let spread = 3.0 * (share * (1.0 - share) * size).sqrt() + 1.0;
        let at = |place: f64| sample.get(place as usize).filter(|_| place >= 0.0).copied();
        let rounding = self.rounding(at((share * size).min(size - 1.0))?);
        let low = at(share * size - spread).map_or(bracket.low, |low| (low - rounding).max(bracket.low));
        let high = at(share * size + spread).map_or(bracket.high, |high| (high + rounding).min(bracket.high));
        if low == bracket.low && high == bracket.high {
            return None;
        }
        let below = if low > bracket.low { self.not_above(low) } else { bracket.below };
        let upto = if high < bracket.high { self.not_above(high) } else { bracket.upto };
        // The sample may have missed: then what is wanted lies on one side of it.
        Some(if wanted < below {
            Bracket { high: low, upto: below, ..bracket }
        } else if wanted >= upto {
            Bracket { low: high, below: upto, ..bracket }
        } else {
            Bracket { low, high, below, upto }
        })
    }

    /// How far a slope may be from `t` and yet be counted on its wrong side.
    fn rounding(&self, t: f64) -> f64 {
        let largest = |list: &[f64]| list.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        let size = self.rows.iter().map(|row| largest(row.values) + t.abs() * largest(row.places));
        64.0 * f64::EPSILON * size.fold(0.0, f64::max)
    }

    /// How many slopes are not above `t`.
    fn not_above(&self, t: f64) -> u64 {
        let mut count = 0;
        for row in &self.rows {
            let mut order = row.order(t);
            inversions(&mut order, &mut vec![0; row.places.len()], &mut |rest, _| count += rest.len() as u64);
        }
        count
    }

    /// The slopes of a bracket.
    fn within(&self, bracket: &Bracket) -> Vec<f64> {
        let mut list = Vec::with_capacity((bracket.upto - bracket.below) as usize);
        for row in &self.rows {
            if bracket.upto - bracket.below == self.count {
                row.all(&mut list);
                continue;
            }
            let high = row.order(bracket.high);
            let mut rank = vec![0_u32; high.len()];
            high.iter().zip(0..).for_each(|(point, at)| rank[*point as usize] = at);
            let mut low: Vec<u32> = row.order(bracket.low).into_iter().map(|point| rank[point as usize]).collect();
            inversions(&mut low, &mut rank, &mut |rest, other| {
                list.extend(rest.iter().map(|one| row.slope(high[*one as usize], high[other as usize])));
            });
        }
        list
    }

    /// Slopes of a bracket, of pairs picked at random, in ascending order.
    fn sample(&self, bracket: &Bracket, dice: &mut Dice) -> Vec<f64> {
        let wanted = (self.rows.iter().map(|row| row.places.len() as u64).sum::<u64>() * SAMPLE_EACH) as usize;
        let mut list = Vec::with_capacity(wanted);
        while list.len() < wanted {
            let mut pick = dice.below(self.count);
            let row = self.rows.iter().find(|row| {
                let own = row.pairs();
                let here = pick < own;
                pick = if here { pick } else { pick - own };
                here
            });
            let row = row.expect("a pair belongs to a row");
            let n = row.places.len() as u64;
            let (one, other) = (dice.below(n) as u32, dice.below(n) as u32);
            if one != other {
                let slope = row.slope(one, other);
                list.extend((bracket.low < slope && slope <= bracket.high).then_some(slope));
            }
        }
        list.sort_unstable_by(f64::total_cmp);
        list
    }
}

impl Points<'_> {
    fn pairs(&self) -> u64 {
        let n = self.places.len() as u64;
        n * n.saturating_sub(1) / 2
    }

    /// The slope of a pair, the earlier point first.
    fn slope(&self, one: u32, other: u32) -> f64 {
        let (i, j) = (one.min(other) as usize, one.max(other) as usize);
        (self.values[j] - self.values[i]) / (self.places[j] - self.places[i])
    }

    /// The slopes of all pairs.
    fn all(&self, list: &mut Vec<f64>) {
        for (i, (place, value)) in self.places.iter().zip(self.values).enumerate() {
            let later = self.places[i + 1..].iter().zip(&self.values[i + 1..]);
            list.extend(later.map(|(p, v)| (v - value) / (p - place)));
        }
    }

    /// Points in the order of v − t·p, the later of equal ones first: pairs not above `t` stand the wrong way round.
    fn order(&self, t: f64) -> Vec<u32> {
        let points = 0..self.places.len() as u32;
        if t == f64::NEG_INFINITY {
            return points.collect();
        }
        if t == f64::INFINITY {
            return points.rev().collect();
        }
        let rest = self.values.iter().zip(self.places).map(|(value, place)| value - t * place);
        let mut list: Vec<(f64, u32)> = rest.zip(points).collect();
        list.sort_unstable_by(|a, b| compare(a.0, b.0).then_with(|| Reverse(a.1).cmp(&Reverse(b.1))));
        list.into_iter().map(|(_, point)| point).collect()
    }
}

/// What a sample has at a place of a bracket that cannot be made narrower.
fn nearest(sample: &[f64], bracket: &Bracket, place: u64) -> f64 {
    let share = (place - bracket.below) as f64 / (bracket.upto - bracket.below) as f64;
    sample[((share * sample.len() as f64) as usize).min(sample.len() - 1)]
}

/// Numbers that look random and are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((u128::from(z ^ (z >> 31)) * u128::from(end)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every slope sorted: smooth values, values on a grid with many ties, values at few levels, uneven places.
    #[test]
    fn what_is_selected_is_what_sorting_all_gives() {
        let mut dice = Dice(7);
        let mut unit = || dice.below(1 << 40) as f64 / (1_u64 << 40) as f64;
        for step in [0.0, 0.01, 0.1, 1.0, 5.0] {
            let places: Vec<f64> = (0..800).filter(|at| at % 7 != 3).map(f64::from).collect();
            let raw: Vec<f64> = places.iter().map(|place| 10.0 + 4.0 * unit() + 0.001 * place).collect();
            let values: Vec<f64> =
                raw.iter().map(|value| if step > 0.0 { (value / step).round() * step } else { *value }).collect();
            let points = Points { places: &places, values: &values };
            let mut sorted = Vec::new();
            points.all(&mut sorted);
            sorted.sort_unstable_by(f64::total_cmp);
            for few in [1_000, 20_000, 200_000] {
                let slopes = Slopes { few, ..Slopes::of(vec![points]) };
                let count = slopes.count();
                for place in [0, 1, count / 10, count / 2 - 1, count / 2, count - 1] {
                    let (got, want) = (slopes.at(place), sorted[place as usize]);
                    let equal = sorted.iter().filter(|slope| (**slope - want).abs() < 1e-9).count() as u64;
                    // Only where more slopes are equal than can be kept may the last bits differ.
                    let most = if equal > few / 2 { slopes.rounding(want) } else { 0.0 };
                    assert!((got - want).abs() <= most, "step {step}, few {few}, place {place}: {got}, not {want}");
                }
                let median = (sorted[(count - 1) as usize / 2] + sorted[count as usize / 2]) / 2.0;
                let got = slopes.median().expect("pairs");
                assert!((got - median).abs() < 1e-12, "step {step}, few {few}: {got}, not {median}");
            }
        }
    }

    /// By hand: two rows, the slopes 1 1 1 and 5.
    #[test]
    fn rows_are_not_mixed() {
        let (places, rising, steep) = ([0.0, 1.0, 2.0], [0.0, 1.0, 2.0], [0.0, 5.0]);
        let rows = vec![Points { places: &places, values: &rising }, Points { places: &places[..2], values: &steep }];
        let slopes = Slopes::of(rows);
        assert_eq!([0, 1, 2, 3].map(|place| slopes.at(place)), [1.0, 1.0, 1.0, 5.0]);
        assert_eq!((slopes.count(), slopes.median()), (4, Some(1.0)));
        assert_eq!(Slopes::of(Vec::new()).median(), None);
    }
}
