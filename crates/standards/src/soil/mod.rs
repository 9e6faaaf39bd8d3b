//! Areas of land → the rates of its safe use. Pure; what counts as safe is judged before. Called by `indicators`.

use domain::Ratio;

/// Areas of polluted farmland [any one unit of area].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Farmland {
    /// 优先保护类 within the polluted farmland, and slightly polluted land kept safe.
    pub protected: Ratio,
    /// 安全利用类 with measures that reached their target.
    pub safe_use: Ratio,
    /// 严格管控类 under control.
    pub controlled: Ratio,
    /// All polluted farmland.
    pub polluted: Ratio,
}

/// Rate of safe use of polluted farmland (受污染耕地安全利用率) [%].
///
/// ```text
/// A = (B + C + D) / E · 100
/// ```
/// * `B`: protected, `C`: safely used, `D`: controlled, `E`: all polluted farmland [same unit of area].
///
/// `None` without polluted farmland, or where the parts are more than the whole: such areas contradict each other.
///
/// Reference: public provincial accounting rules; one source (probable).
///
/// ```
/// use domain::Ratio;
/// use standards::soil::{Farmland, farmland_safe_use};
/// let area = |number| Ratio::new(number, 1);
/// let land = Farmland { protected: area(20), safe_use: area(65), controlled: area(8), polluted: area(100) };
/// assert_eq!(farmland_safe_use(land), Some(area(93)));
/// ```
pub fn farmland_safe_use(land: Farmland) -> Option<Ratio> {
    let safe = land.protected.plus(land.safe_use).plus(land.controlled);
    rate(safe, land.polluted)
}

/// Rate of safe use of plots of development land (污染地块安全利用率) [%]: safely used of all that were put to use.
///
/// By number or by area, as the caller counts. `None` without a plot, or where more are safe than there are.
pub fn plot_safe_use(safe: Ratio, all: Ratio) -> Option<Ratio> {
    rate(safe, all)
}

fn rate(part: Ratio, whole: Ratio) -> Option<Ratio> {
    let sound = whole.num() > 0 && part.num() >= 0 && part <= whole;
    sound.then(|| part.times(100).divided_by(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_that_contradict_have_no_rate() {
        let area = |number| Ratio::new(number, 1);
        assert_eq!(plot_safe_use(area(9), area(10)), Some(area(90)));
        assert_eq!(plot_safe_use(area(0), area(10)), Some(area(0)));
        assert_eq!(plot_safe_use(area(11), area(10)), None);
        assert_eq!(plot_safe_use(area(0), area(0)), None);
        assert_eq!(plot_safe_use(area(-1), area(10)), None);
    }
}
