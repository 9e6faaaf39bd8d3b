//! A seed and a place → the same pseudo-random number on every machine and in every order of asking.
//!
//! Nothing here has a state: a value is a pure function of `(seed, stream, index)`, so that any minute of any
//! device can be asked for again (a resend, a history request) without anything being kept. Only integers and
//! the four exact operations of IEEE 754 are used, so that no mathematical library can make a difference.

use domain::Instant;

/// One source of numbers: a seed with the names of what it is for folded in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance(u64);

/// A stretch of time in which something happens, in milliseconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First moment.
    pub from: i64,
    /// First moment after it.
    pub to: i64,
}

/// How often windows come: at most one in each block of time, well inside it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recurrence {
    /// Length of a block [ms].
    pub every_ms: i64,
    /// Probability that a block has a window.
    pub chance: f64,
    /// Shortest window [ms].
    pub min_ms: i64,
    /// Longest window [ms].
    pub max_ms: i64,
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014, “Fast splittable pseudorandom number generators”,
/// with the constants of Vigna's version).
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The step of SplitMix64: 2⁶⁴ divided by the golden ratio, odd.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

impl Chance {
    /// The source of a whole city.
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// The source of one part of it.
    #[must_use]
    pub fn of(self, stream: u64) -> Chance {
        Chance(mix(self.0.wrapping_add(GAMMA).wrapping_add(mix(stream.wrapping_mul(GAMMA)))))
    }

    /// The `index`-th number: 64 bits.
    pub fn bits(self, index: u64) -> u64 {
        mix(self.0.wrapping_add(GAMMA.wrapping_mul(index.wrapping_add(1))))
    }

    /// The `index`-th number, in [0, 1).
    pub fn unit(self, index: u64) -> f64 {
        (self.bits(index) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The `index`-th number, in [−1, 1).
    pub fn sign(self, index: u64) -> f64 {
        self.unit(index) * 2.0 - 1.0
    }

    /// The `index`-th number, one of `0..count`.
    pub fn pick(self, index: u64, count: usize) -> usize {
        ((u128::from(self.bits(index)) * count as u128) >> 64) as usize
    }

    /// Correlated noise in [−1, 1): random values at whole multiples of `period_ms`, joined by 3f² − 2f³.
    ///
    /// Neighbours are alike and values a few periods apart are independent, as in a first-order process with
    /// that time constant, but the value at any moment needs nothing of the moments before it.
    pub fn noise(self, at: Instant, period_ms: i64) -> f64 {
        let (left, rest) = (at.0.div_euclid(period_ms) as u64, at.0.rem_euclid(period_ms));
        let f = rest as f64 / period_ms as f64;
        let (a, b) = (self.sign(left), self.sign(left.wrapping_add(1)));
        a + (b - a) * (f * f * (3.0 - 2.0 * f))
    }

    /// The window that holds `at`, if there is one.
    pub fn window(self, recurrence: &Recurrence, at: Instant) -> Option<Window> {
        self.window_of(recurrence, at.0.div_euclid(recurrence.every_ms)).filter(|w| (w.from..w.to).contains(&at.0))
    }

    /// The window of a block, if it has one; never nearer than a tenth of the block to its ends.
    pub fn window_of(self, recurrence: &Recurrence, block: i64) -> Option<Window> {
        let index = (block as u64).wrapping_mul(3);
        if self.unit(index) >= recurrence.chance {
            return None;
        }
        let room = recurrence.every_ms / 10 * 8;
        let spread = (recurrence.max_ms - recurrence.min_ms) as f64;
        let length = (recurrence.min_ms + (self.unit(index + 1) * spread) as i64).min(room);
        let offset = recurrence.every_ms / 10 + (self.unit(index + 2) * (room - length) as f64) as i64;
        let from = block * recurrence.every_ms + offset;
        Some(Window { from, to: from + length })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The first five numbers of SplitMix64 with seed 1234567, as published on Rosetta Code,
    /// “Pseudo-random numbers/Splitmix64”.
    #[test]
    fn numbers_are_those_of_splitmix64() {
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        for (index, number) in expected.into_iter().enumerate() {
            assert_eq!(Chance::new(1_234_567).bits(index as u64), number);
        }
    }

    #[test]
    fn units_are_spread_evenly() {
        let chance = Chance::new(1).of(7);
        let mean = (0..10_000).map(|i| chance.unit(i)).sum::<f64>() / 10_000.0;
        // Standard error of the mean of 10,000 uniform numbers: 0.0029.
        assert!((mean - 0.5).abs() < 0.01, "{mean}");
        let low = (0..10_000).filter(|i| chance.pick(*i, 4) == 0).count();
        assert!((2_300..2_700).contains(&low), "{low}");
    }

    proptest! {
        #[test]
        fn noise_is_bounded_and_smooth(seed in any::<u64>(), at in -4_000_000_000_000_i64..4_000_000_000_000) {
            let chance = Chance::new(seed);
            let (here, next) = (chance.noise(Instant(at), 3_600_000), chance.noise(Instant(at + 1000), 3_600_000));
            prop_assert!((-1.0..1.0).contains(&here));
            // The steepest slope of 3f² − 2f³ is 1.5 per period.
            prop_assert!((here - next).abs() <= 2.0 * 1.5 / 3600.0 + 1e-9);
        }

        #[test]
        fn a_window_is_inside_its_block(seed in any::<u64>(), block in -1000_i64..1000) {
            let recurrence = Recurrence { every_ms: 600_000, chance: 0.9, min_ms: 60_000, max_ms: 900_000 };
            if let Some(window) = Chance::new(seed).window_of(&recurrence, block) {
                prop_assert!(window.from >= block * 600_000 && window.to <= (block + 1) * 600_000);
                prop_assert_eq!(Chance::new(seed).window(&recurrence, Instant(window.from)), Some(window));
                prop_assert_eq!(Chance::new(seed).window(&recurrence, Instant(window.to)), None);
            }
        }
    }
}
