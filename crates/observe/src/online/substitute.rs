//! Valid amounts before a gap → what stands in for the missing one, and the capture rate that decides how.

use domain::Ratio;

/// A valid period with its amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Number of the hour or day, rising.
    pub period: i32,
    /// Its amount [kg].
    pub amount: Ratio,
}

/// Where the window lies and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First period that may be in it; `None` for no beginning.
    pub from: Option<i32>,
    /// First period that is after it.
    pub before: i32,
    /// Valid periods in it; `None` for all.
    pub length: Option<u32>,
}

/// The largest amount among the last valid periods of the window, with how many there were.
///
/// `valid` is in order of its periods. Of equal amounts the latest is named. Reference: HJ 75-2017 12.2
/// (second-hand): the maximum of the last 180, 720 or 2160 valid hours.
///
/// ```
/// use domain::Ratio;
/// use observe::online::{Candidate, Window, largest};
/// let hours: Vec<Candidate> = (1..=5).map(|hour| Candidate { period: hour, amount: Ratio::new(10 - i128::from(hour), 1) }).collect();
/// // Before hour 5 the last three valid hours are 2, 3 and 4: the largest is 8, of hour 2.
/// let (found, known) = largest(&hours, &Window { from: None, before: 5, length: Some(3) });
/// assert_eq!((found.unwrap().period, found.unwrap().amount, known), (2, Ratio::new(8, 1), 3));
/// ```
pub fn largest(valid: &[Candidate], window: &Window) -> (Option<Candidate>, u32) {
    let end = valid.partition_point(|one| one.period < window.before);
    let start = window.from.map_or(0, |from| valid.partition_point(|one| one.period < from)).min(end);
    let length = window.length.map_or(end, |length| length as usize);
    let inside = &valid[start.max(end.saturating_sub(length))..end];
    let best = inside.iter().copied().max_by(|a, b| a.amount.cmp(&b.amount).then(a.period.cmp(&b.period)));
    (best, inside.len() as u32)
}

/// Valid-capture rate α = (hours − invalid − stopped) / (hours − stopped) × 100 [%]; `None` where the plant
/// stood still all the time.
///
/// Reference: HJ 75-2017 12.1 (second-hand).
///
/// ```
/// use observe::online::capture_rate;
/// // A quarter of 2160 h with 160 h stopped and 100 h invalid: 1900/2000.
/// assert_eq!(capture_rate(2160, 100, 160).unwrap().to_string(), "95");
/// ```
pub fn capture_rate(hours: u32, invalid: u32, stopped: u32) -> Option<Ratio> {
    let ran = hours.checked_sub(stopped).filter(|ran| *ran > 0)?;
    let valid = ran.saturating_sub(invalid);
    Some(Ratio::new(i128::from(valid) * 100, i128::from(ran)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_window_may_be_empty() {
        let window = Window { from: Some(3), before: 2, length: Some(5) };
        assert_eq!(largest(&[], &window), (None, 0));
        assert_eq!(largest(&[Candidate { period: 1, amount: Ratio::new(1, 1) }], &window), (None, 0));
        assert_eq!(capture_rate(10, 3, 10), None);
        assert_eq!(capture_rate(10, 30, 0), Some(Ratio::new(0, 1)));
    }

    proptest! {
        #[test]
        fn a_longer_window_never_gives_less(amounts in proptest::collection::vec(0_i128..1000, 1..300), before in 0_i32..400, length in 1_u32..200) {
            let valid: Vec<Candidate> = amounts.iter().enumerate()
                .map(|(period, amount)| Candidate { period: period as i32, amount: Ratio::new(*amount, 10) }).collect();
            let at = |length| largest(&valid, &Window { from: None, before, length });
            let (short, n) = at(Some(length));
            let (long, m) = at(Some(length * 2));
            prop_assert!(n <= m && n <= length);
            prop_assert!(short.map(|one| one.amount) <= long.map(|one| one.amount));
            prop_assert!(short.is_none_or(|one| one.period < before));
        }
    }
}
