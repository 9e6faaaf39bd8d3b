//! One item → its single-factor index, as impact assessments use it.

use domain::{Confidence, Ratio};
use serde::Deserialize;

/// How single-factor indices are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleFactor {
    /// Standard id.
    pub id: String,
    /// Confidence in the formulas.
    pub confidence: Confidence,
    /// Numerator of saturation [mg/L · °C].
    pub saturation: Ratio,
    /// What is added to the temperature [°C].
    pub offset: Ratio,
    /// The pH that is neither acid nor alkaline.
    pub neutral: Ratio,
    /// The form below the standard of oxygen.
    pub oxygen_form: OxygenForm,
    /// Factors of the older form: `start − slope · DO / DOs`.
    pub older: (Ratio, Ratio),
}

/// The index of oxygen below its standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OxygenForm {
    /// `10 − 9 · DO / DOs`, the older one.
    Linear,
    /// `DOs / DO`.
    Ratio,
}

impl SingleFactor {
    /// `S = C / Cs`; `None` where the standard is not above zero.
    pub fn general(&self, value: Ratio, standard: Ratio) -> Option<Ratio> {
        (standard.num() > 0).then(|| value.divided_by(standard))
    }

    /// Saturation of dissolved oxygen in fresh water at sea level [mg/L].
    ///
    /// ```text
    /// DOf = 468 / (31.6 + T)
    /// ```
    /// * `T`: temperature [°C], above −31.6.
    ///
    /// Reference: HJ 2.3-2018 annex D. Check values: 0 → 14.8101, 15 → 10.0429, 20 → 9.0698, 25 → 8.2686.
    pub fn saturated(&self, temperature_c: Ratio) -> Option<Ratio> {
        let below = self.offset.plus(temperature_c);
        (below.num() > 0).then(|| self.saturation.divided_by(below))
    }

    /// The index of dissolved oxygen.
    ///
    /// ```text
    /// DO ≥ DOs:  |DOf − DO| / (DOf − DOs)
    /// DO < DOs:  DOs / DO   (HJ 2.3-2018),   10 − 9 · DO / DOs   (HJ/T 2.3-93)
    /// ```
    /// * `DO`: value, `DOs`: standard, `DOf`: saturation [mg/L].
    pub fn oxygen(&self, value: Ratio, standard: Ratio, saturated: Ratio) -> Option<Ratio> {
        if value < standard {
            return match self.oxygen_form {
                OxygenForm::Ratio => (value.num() > 0).then(|| standard.divided_by(value)),
                OxygenForm::Linear => {
                    let share = value.divided_by(standard);
                    let (start, slope) = self.older;
                    Some(start.minus(product(slope, share)))
                }
            };
        }
        let gap = saturated.minus(standard);
        let off = if saturated < value { value.minus(saturated) } else { saturated.minus(value) };
        (gap.num() > 0).then(|| off.divided_by(gap))
    }

    /// The index of pH: `(7 − pH) / (7 − low)` up to 7, `(pH − 7) / (high − 7)` above.
    pub fn ph(&self, value: Ratio, low: Ratio, high: Ratio) -> Option<Ratio> {
        let (off, span) = if value <= self.neutral {
            (self.neutral.minus(value), self.neutral.minus(low))
        } else {
            (value.minus(self.neutral), high.minus(self.neutral))
        };
        (span.num() > 0).then(|| off.divided_by(span))
    }
}

fn product(a: Ratio, b: Ratio) -> Ratio {
    let (a, b) = (a.reduced(), b.reduced());
    Ratio::new(a.num() * b.num(), a.den() * b.den()).reduced()
}
