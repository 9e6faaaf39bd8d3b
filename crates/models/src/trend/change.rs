//! Series → where its level changes: Pettitt's test for one change, Bai and Perron's breaks for several.

use super::checked_level;
use super::series::Present;
use crate::error::ModelError;

/// What Pettitt's test says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pettitt {
    /// Place of the last value before the change, from 0, gaps counted; the first of several equal maxima.
    pub last_before: usize,
    /// The same as a number of values there are: τ of the test.
    pub tau: usize,
    /// Largest |U|.
    pub k: f64,
    /// Approximate two-sided probability of so large a K without a change, at most 1.
    pub p: f64,
    /// Whether there is a change at the level asked for.
    pub significant: bool,
    /// Mean before [unit of the series].
    pub mean_before: f64,
    /// Mean after [unit of the series].
    pub mean_after: f64,
    /// Values used.
    pub n: usize,
    /// Places without a value.
    pub missing: usize,
}

/// Breaks of the level, with what each number of breaks costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Breaks {
    /// Places of the last value of each segment but the last, from 0, gaps counted; for the number with the least BIC.
    pub last_before: Vec<usize>,
    /// Means of the segments [unit of the series].
    pub means: Vec<f64>,
    /// The best partition of 0, 1, 2 … breaks.
    pub by_number: Vec<Partition>,
    /// The largest F of one break anywhere a segment may end; `None` where there is no room for a break.
    pub sup_f: Option<f64>,
    /// Values used.
    pub n: usize,
    /// Places without a value.
    pub missing: usize,
}

/// The best partition for one number of breaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Partition {
    /// Numbers of values up to each break.
    pub breaks: Vec<usize>,
    /// Sum of squared distances from the segments' means [unit²].
    pub rss: f64,
    /// Bayesian information criterion; −∞ where the segments fit without a rest.
    pub bic: f64,
}

/// Pettitt's test for one change of the level of a series with gaps.
///
/// ```text
/// U(t) = Σ over i ≤ t < j of sign(xᵢ − xⱼ) = 2 Σ over i ≤ t of rank(xᵢ) − t(n+1)
/// K = max |U(t)|;  p ≈ 2 exp(−6 K² / (n³ + n²))
/// ```
/// Needs two values. The approximation is good for p ≤ 0.5; it is cut off at 1.
/// Checked against R trend's `pettitt.test` on the Nile (1871–1970) and pyhomogeneity 1.1.
/// Reference: Pettitt 1979, Appl. Stat. 28:126.
pub fn pettitt(series: &[Option<f64>], alpha: f64) -> Result<Pettitt, ModelError> {
    checked_level(alpha)?;
    let present = Present::of(series)?.at_least(2)?;
    let n = present.len();
    let (mut u, mut tau, mut k) = (0.0, 1, 0.0);
    let ranks = crate::numbers::ranks(&present.values);
    for (at, rank) in ranks[..n - 1].iter().enumerate() {
        u += 2.0 * rank - (n as f64 + 1.0);
        if f64::abs(u) > k {
            (k, tau) = (f64::abs(u), at + 1);
        }
    }
    let cube = (n as f64).powi(3) + (n as f64).powi(2);
    let p = (2.0 * libm::exp(-6.0 * k * k / cube)).min(1.0);
    Ok(Pettitt {
        last_before: present.places[tau - 1] as usize,
        tau,
        k,
        p,
        significant: p < alpha,
        mean_before: mean(&present.values[..tau]),
        mean_after: mean(&present.values[tau..]),
        n,
        missing: present.missing,
    })
}

/// Bai and Perron's breaks of the level: for each number of them the partition with the least sum of squares.
///
/// ```text
/// RSS(m) = min over partitions into m + 1 segments of Σ (x − mean of its segment)²
/// BIC(m) = n (ln RSS + 1 − ln n + ln 2π) + 2 (m + 1) ln n
/// F(t) = (RSS(0) − RSS of a break at t) / (RSS of a break at t / (n − 2))
/// ```
/// Each segment has at least ⌊share · n⌋ values, and at least two. The number of breaks with the least BIC is taken.
/// Checked against R strucchange 1.5-3 on the Nile (1871–1970, share 0.15). No p is given for sup F.
/// Reference: Bai and Perron 2003, J. Appl. Econometrics 18:1; Zeileis et al. 2003.
pub fn breaks(series: &[Option<f64>], share: f64) -> Result<Breaks, ModelError> {
    checked_level(share)?;
    let present = Present::of(series)?;
    let least = ((share * present.len() as f64).floor() as usize).max(2);
    let present = present.at_least(2 * least)?;
    if present.constant() {
        return Err(ModelError::Constant { n: present.len(), value: present.values[0] });
    }
    let n = present.len();
    let sums = Sums::of(&present.values);
    let most = (n / least - 1).max(1);
    let by_number = partitions(&sums, least, most);
    let best = by_number.iter().min_by(|a, b| a.bic.total_cmp(&b.bic)).expect("none is a number of breaks, too");
    let mut edges = vec![0];
    edges.extend(&best.breaks);
    edges.push(n);
    Ok(Breaks {
        last_before: best.breaks.iter().map(|count| present.places[count - 1] as usize).collect(),
        means: edges.windows(2).map(|pair| mean(&present.values[pair[0]..pair[1]])).collect(),
        sup_f: by_number.get(1).map(|one| (by_number[0].rss - one.rss) / (one.rss / (n as f64 - 2.0))),
        by_number,
        n,
        missing: present.missing,
    })
}

/// Running sums of the values and their squares, from their mean.
struct Sums {
    value: Vec<f64>,
    square: Vec<f64>,
}

impl Sums {
    fn of(values: &[f64]) -> Sums {
        let centre = mean(values);
        let (mut value, mut square) = (vec![0.0], vec![0.0]);
        for (at, x) in values.iter().map(|x| x - centre).enumerate() {
            value.push(value[at] + x);
            square.push(square[at] + x * x);
        }
        Sums { value, square }
    }

    fn len(&self) -> usize {
        self.value.len() - 1
    }

    /// Sum of squared distances of values `from` to `to` from their mean.
    fn rss(&self, from: usize, to: usize) -> f64 {
        let sum = self.value[to] - self.value[from];
        (self.square[to] - self.square[from] - sum * sum / (to - from) as f64).max(0.0)
    }
}

/// The best partitions of none to `most` breaks, by dynamic programming over the last break.
fn partitions(sums: &Sums, least: usize, most: usize) -> Vec<Partition> {
    let n = sums.len();
    let mut costs: Vec<f64> = (0..=n).map(|end| if end < least { f64::INFINITY } else { sums.rss(0, end) }).collect();
    let mut before: Vec<Vec<usize>> = Vec::new();
    let mut list = vec![partition(sums, costs[n], Vec::new())];
    for number in 1..=most {
        let mut next = vec![f64::INFINITY; n + 1];
        let mut last = vec![0; n + 1];
        for end in (number + 1) * least..=n {
            for (at, before) in costs.iter().enumerate().take(end - least + 1).skip(number * least) {
                let cost = before + sums.rss(at, end);
                if cost < next[end] {
                    (next[end], last[end]) = (cost, at);
                }
            }
        }
        costs = next;
        before.push(last);
        let mut breaks = vec![n];
        for last in before.iter().rev() {
            breaks.push(last[breaks[breaks.len() - 1]]);
        }
        breaks.reverse();
        breaks.pop();
        list.push(partition(sums, costs[n], breaks));
    }
    list
}

fn partition(sums: &Sums, rss: f64, breaks: Vec<usize>) -> Partition {
    let n = sums.len() as f64;
    let parameters = 2.0 * (breaks.len() as f64 + 1.0);
    let spread = libm::log(rss) + 1.0 - libm::log(n) + libm::log(2.0 * std::f64::consts::PI);
    Partition { breaks, rss, bic: n * spread + parameters * libm::log(n) }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
