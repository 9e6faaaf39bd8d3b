//! Flows of days or months → how often the ecological flow was there.

use domain::Ratio;

/// How often a flow reached its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowSatisfaction {
    /// Days (or months) with a flow.
    pub known: u32,
    /// Of them, those that reached the target.
    pub met: u32,
    /// Days of the period, with and without a flow.
    pub due: u32,
    /// Share of the known days that reached it [%]; `None` without one.
    pub rate: Option<Ratio>,
}

/// Share of days whose mean flow reached its target.
///
/// ```text
/// rate = days with Q ≥ target / days with a flow · 100
/// ```
/// * each day: mean flow and the target of the day [same unit, such as m³/s]; a day without a flow is not counted,
///   and the caller judges whether enough are known.
///
/// Reference: published practice of river evaluation; the benchmark 90 % of daily means is the caller's. Whether a
/// shortfall counts when the inflow itself was below the target is open.
///
/// ```
/// use domain::Ratio;
/// use standards::water::flow_satisfaction;
/// let day = |flow: i128| (Some(Ratio::new(flow, 1)), Ratio::new(10, 1));
/// let own = flow_satisfaction(&[day(10), day(9), day(30), (None, Ratio::new(10, 1))]);
/// assert_eq!((own.met, own.known, own.due), (2, 3, 4));
/// assert_eq!(own.rate, Some(Ratio::new(200, 3)));
/// ```
pub fn flow_satisfaction(days: &[(Option<Ratio>, Ratio)]) -> FlowSatisfaction {
    let known = days.iter().filter_map(|(flow, target)| flow.map(|flow| flow >= *target));
    let met = known.clone().filter(|met| *met).count() as u32;
    let known = known.count() as u32;
    FlowSatisfaction {
        known,
        met,
        due: days.len() as u32,
        rate: (known > 0).then(|| Ratio::new(i128::from(met) * 100, i128::from(known))),
    }
}
