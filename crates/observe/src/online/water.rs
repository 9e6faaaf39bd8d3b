//! Waste water: volumes, amounts and the mean that is weighted by flow.
//!
//! Reference of all: HJ 212-2017 D.1.

use super::exact::{fine, over, scaled, times};
use domain::{Ratio, RatioSum};

/// Volume of a time slice: D = Q · T · 10⁻³. Q [L/s], T [s], D [m³].
pub fn volume_m3(flow_l_s: Ratio, seconds: i64) -> Option<Ratio> {
    scaled(flow_l_s, seconds, 1000)
}

/// Amount in a volume: G = C · D · 10⁻³. C [mg/L], D [m³], G [kg].
pub fn mass_kg(conc_mg_l: Ratio, volume_m3: Ratio) -> Option<Ratio> {
    fine(scaled(times(conc_mg_l, volume_m3)?, 1, 1000)?)
}

/// Mean flow of a volume: Q = D · 1000 / T. D [m³], T [s], Q [L/s].
///
/// Formulas (5) to (7) are printed without the ×1000, with D in m³ and Q in L/s: a slip of the text, not copied.
pub fn mean_flow_l_s(volume_m3: Ratio, seconds: i64) -> Option<Ratio> {
    if seconds <= 0 { None } else { scaled(volume_m3, 1000, seconds) }
}

/// A mean weighted by flow, with what it was made of.
#[derive(Clone, Debug, Default)]
pub struct Weighted {
    mass: RatioSum,
    volume: RatioSum,
}

impl Weighted {
    /// Adds an amount and the volume it was in.
    pub fn add(&mut self, mass_kg: Ratio, volume_m3: Ratio) {
        self.mass.add(mass_kg);
        self.volume.add(volume_m3);
    }

    /// Total amount [kg].
    pub fn mass_kg(&self) -> Ratio {
        self.mass.total()
    }

    /// Total volume [m³].
    pub fn volume_m3(&self) -> Ratio {
        self.volume.total()
    }

    /// How many were added.
    pub fn count(&self) -> u32 {
        self.mass.count()
    }

    /// C = ΣG / ΣD · 10³ [mg/L]; `None` where nothing flowed.
    ///
    /// ```
    /// use domain::Ratio;
    /// use observe::online::water::{Weighted, mass_kg, volume_m3};
    /// let whole = |n: i128| Ratio::new(n, 1);
    /// let mut mean = Weighted::default();
    /// for (conc, flow) in [(50, 10), (100, 30)] {
    ///     let volume = volume_m3(whole(flow), 60).unwrap();
    ///     mean.add(mass_kg(whole(conc), volume).unwrap(), volume);
    /// }
    /// assert_eq!(mean.mean_mg_l(), Some(Ratio::new(175, 2))); // (500 + 3000)/40
    /// ```
    pub fn mean_mg_l(&self) -> Option<Ratio> {
        over(self.mass_kg().times(1000), self.volume_m3())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn volume_and_mean_flow_undo_each_other() {
        // 10 L/s for ten minutes are 6 m³, and 6·1000/600 is 10 L/s again.
        let volume = volume_m3(Ratio::new(10, 1), 600).expect("small");
        assert_eq!(volume, Ratio::new(6, 1));
        assert_eq!(mean_flow_l_s(volume, 600), Some(Ratio::new(10, 1)));
        assert_eq!(mean_flow_l_s(volume, 0), None);
    }

    #[test]
    fn nothing_flowed() {
        let mut mean = Weighted::default();
        mean.add(Ratio::new(0, 1), Ratio::new(0, 1));
        assert_eq!(mean.mean_mg_l(), None);
    }

    proptest! {
        #[test]
        fn the_mean_lies_between_the_smallest_and_the_largest(rows in proptest::collection::vec((0_i128..100_000, 1_i128..10_000), 1..60)) {
            let mut mean = Weighted::default();
            for (conc, flow) in &rows {
                let volume = volume_m3(Ratio::new(*flow, 100), 60).expect("small");
                mean.add(mass_kg(Ratio::new(*conc, 100), volume).expect("small"), volume);
            }
            let got = mean.mean_mg_l().expect("something flowed");
            let ends = (rows.iter().map(|row| row.0).min(), rows.iter().map(|row| row.0).max());
            prop_assert!(Ratio::new(ends.0.expect("rows"), 100) <= got && got <= Ratio::new(ends.1.expect("rows"), 100));
        }

        #[test]
        fn an_equal_flow_weighs_nothing(concs in proptest::collection::vec(0_i128..100_000, 1..60)) {
            let mut mean = Weighted::default();
            let mut plain = RatioSum::default();
            let volume = volume_m3(Ratio::new(7, 1), 60).expect("small");
            for conc in &concs {
                mean.add(mass_kg(Ratio::new(*conc, 100), volume).expect("small"), volume);
                plain.add(Ratio::new(*conc, 100));
            }
            prop_assert_eq!(mean.mean_mg_l(), plain.mean());
        }
    }
}
