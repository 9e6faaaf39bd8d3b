//! Values against what stands beside them: another parameter of the place, and the stations around.

use super::flag::QcFlag;

/// What stands beside one point.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// Other parameters of the same place and time, by code; what is not finite is missing.
    pub parameters: &'a [(&'a str, f64)],
    /// The same parameter and time at stations around.
    pub neighbours: &'a [f64],
}

/// One parameter that cannot exceed another: `lower ≤ upper`.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossRule {
    /// Code of the part, such as `pm25`.
    pub lower: String,
    /// Code of the whole, such as `pm10`.
    pub upper: String,
    /// Excess that instruments may show: suspect above `suspect + suspect_share · upper` [unit of the series].
    pub suspect: f64,
    /// Share of the whole that may come on top [1].
    pub suspect_share: f64,
    /// As `suspect`, for fail.
    pub fail: Option<f64>,
    /// As `suspect_share`, for fail [1].
    pub fail_share: f64,
}

/// The rules that concern a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Cross {
    /// Code of the parameter tested.
    pub own: String,
    /// Each names it as the lower or the upper.
    pub rules: Vec<CrossRule>,
}

/// Limits of the neighbour test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Neighbours needed.
    pub least: usize,
    /// Further from the median than so many robust deviations: suspect [1].
    pub suspect: f64,
    /// As `suspect`, for fail [1].
    pub fail: Option<f64>,
    /// Smallest deviation that is assumed [unit of the series].
    pub floor: f64,
    /// And as a share of the median [1].
    pub floor_share: f64,
}

/// Median absolute deviation → standard deviation of a normal distribution: 1 / Φ⁻¹(3/4).
const NORMAL: f64 = 1.482_602_218_505_602;

impl Beside<'_> {
    fn parameter(&self, code: &str) -> f64 {
        self.parameters.iter().find(|(own, _)| *own == code).map_or(f64::NAN, |(_, value)| *value)
    }
}

impl Cross {
    /// Cross-parameter test: the strictest of its rules; a rule whose other parameter is missing is unknown.
    ///
    /// ```text
    /// excess = lower − upper > tolerance + share · |upper|
    /// ```
    /// Both parameters of a rule get the flag: which of the two is wrong it cannot tell.
    pub fn at(&self, value: f64, beside: &Beside<'_>) -> QcFlag {
        if !value.is_finite() {
            return QcFlag::Missing;
        }
        let of = |code: &str| if code == self.own { value } else { beside.parameter(code) };
        let said = self.rules.iter().map(|rule| rule.at(of(&rule.lower), of(&rule.upper)));
        said.reduce(QcFlag::and).unwrap_or(QcFlag::Unknown)
    }

    /// Codes of the other parameters.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| if rule.lower == self.own { rule.upper.as_str() } else { rule.lower.as_str() })
    }
}

impl CrossRule {
    /// The flag of a pair.
    pub fn at(&self, lower: f64, upper: f64) -> QcFlag {
        let excess = lower - upper;
        if !excess.is_finite() {
            return QcFlag::Unknown;
        }
        let limit = |own: f64, share: f64| own + share * upper.abs();
        let fail = self.fail.map(|own| limit(own, self.fail_share));
        QcFlag::above(excess, Some(limit(self.suspect, self.suspect_share)), fail)
    }
}

impl Neighbour {
    /// Neighbour test: the distance from the neighbours' median in robust deviations.
    ///
    /// ```text
    /// z = |x − m| / s,   m = median(nⱼ),   s = max(1.4826 · median |nⱼ − m|, floor, share · |m|)
    /// ```
    /// `work` is room for the neighbours that are there; what it holds does not matter.
    pub fn at(&self, value: f64, beside: &Beside<'_>, work: &mut Vec<f64>) -> QcFlag {
        if !value.is_finite() {
            return QcFlag::Missing;
        }
        work.clear();
        work.extend(beside.neighbours.iter().copied().filter(|value| value.is_finite()));
        if work.len() < self.least {
            return QcFlag::Unknown;
        }
        let Some(middle) = median(work) else { return QcFlag::Unknown };
        for other in work.iter_mut() {
            *other = (*other - middle).abs();
        }
        let spread = median(work).map_or(0.0, |deviation| deviation * NORMAL);
        let spread = spread.max(self.floor).max(self.floor_share * middle.abs());
        let distance = (value - middle).abs();
        // As a product, so that a spread of zero judges too.
        QcFlag::above(distance, Some(self.suspect * spread), self.fail.map(|fail| fail * spread))
    }
}

/// The median of finite numbers, which are put in order; `None` of none.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[half]),
        _ => Some((values[half - 1] + values[half]) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fine_in_coarse() -> CrossRule {
        CrossRule {
            lower: "fine".into(),
            upper: "coarse".into(),
            suspect: 2.0,
            suspect_share: 0.0,
            fail: Some(5.0),
            fail_share: 0.1,
        }
    }

    /// Hand calculation: 50 + 2, then 50 + 5 + 10 % of 50.
    #[test]
    fn both_sides_of_a_rule_get_its_flag() {
        for (fine, coarse, flag) in [
            (50.0, 50.0, QcFlag::Good),
            (52.0, 50.0, QcFlag::Good),
            (52.5, 50.0, QcFlag::Suspect),
            (60.0, 50.0, QcFlag::Suspect),
            (60.5, 50.0, QcFlag::Fail),
            (60.5, f64::NAN, QcFlag::Unknown),
        ] {
            let own = |code: &str| Cross { own: code.into(), rules: vec![fine_in_coarse()] };
            let beside = [("fine", fine), ("coarse", coarse)];
            let beside = Beside { parameters: &beside, neighbours: &[] };
            assert_eq!(own("fine").at(fine, &beside), flag, "{fine} in {coarse}");
            let other = if coarse.is_nan() { QcFlag::Missing } else { flag };
            assert_eq!(own("coarse").at(coarse, &beside), other, "{fine} in {coarse}");
        }
    }

    /// Hand calculation: median 22, deviations 12 2 0 3 78, their median 3, s = 4.4478.
    #[test]
    fn one_wild_neighbour_does_not_decide() {
        let test = Neighbour { least: 3, suspect: 3.0, fail: Some(6.0), floor: 1.0, floor_share: 0.0 };
        let neighbours = [10.0, 20.0, 22.0, 25.0, 100.0, f64::NAN];
        let beside = Beside { parameters: &[], neighbours: &neighbours };
        let mut work = Vec::new();
        for (value, flag) in [
            (22.0, QcFlag::Good),
            (35.3, QcFlag::Good),
            (35.4, QcFlag::Suspect),
            (48.6, QcFlag::Suspect),
            (48.7, QcFlag::Fail),
            (f64::NAN, QcFlag::Missing),
        ] {
            assert_eq!(test.at(value, &beside, &mut work), flag, "{value}");
        }
        let few = Beside { parameters: &[], neighbours: &neighbours[..2] };
        assert_eq!(test.at(22.0, &few, &mut work), QcFlag::Unknown);
    }
}
