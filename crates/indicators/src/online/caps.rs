//! Marks → hours of each kind in a calendar year, beside its cap. A cap that is passed is told; no mark is dropped.

use super::input::Mark;
use super::statement::CapUse;
use domain::period::HOUR_MS;
use domain::{Confidence, Fixed, Instant, Ratio, Year};
use standards::OnlineRules;
use std::collections::BTreeMap;

/// Hours under each group of marks of one outlet, by calendar year. `marks` are those that stand.
///
/// Marks for single codes count like marks for the outlet: overlapping ones count once. An open mark counts up
/// to `until`.
pub fn cap_use(rules: &OnlineRules, marks: &[&Mark], until: Instant) -> Vec<CapUse> {
    let mut spans: BTreeMap<(i16, String), Vec<(Instant, Instant)>> = BTreeMap::new();
    for mark in marks.iter().filter(|mark| mark.from < mark.to.min(until)) {
        let to = mark.to.min(until);
        let Some(kind) = rules.mark(&mark.kind) else { continue };
        let group = if kind.cap_group.is_empty() { &kind.kind } else { &kind.cap_group };
        let (first, last) = (mark.from.civil().0.year().0, Instant(to.0 - 1).civil().0.year().0);
        for year in first..=last {
            let begins = Instant::from_civil(Year(year).first_day(), 0).max(mark.from);
            let ends = Instant::from_civil(Year(year + 1).first_day(), 0).min(to);
            spans.entry((year, group.clone())).or_default().push((begins, ends));
        }
    }
    spans.into_iter().map(|((year, group), spans)| one(rules, year, group, spans)).collect()
}

fn one(rules: &OnlineRules, year: i16, group: String, mut spans: Vec<(Instant, Instant)>) -> CapUse {
    spans.sort();
    let mut total = 0_i64;
    let mut end = Instant(i64::MIN);
    for (from, to) in spans {
        total += (to.0 - from.0.max(end.0)).max(0);
        end = end.max(to);
    }
    let hours = Ratio::new(i128::from(total), i128::from(HOUR_MS));
    let kinds: Vec<_> = rules.marks.iter().filter(|kind| kind.cap_group == group || kind.kind == group).collect();
    let cap_hours: Option<Fixed> = kinds.iter().filter_map(|kind| kind.cap_hours).min();
    CapUse {
        year,
        kinds: kinds.iter().map(|kind| kind.kind.clone()).collect(),
        group,
        hours: Some(hours.round(2)),
        cap_hours,
        exceeded: cap_hours.is_some_and(|cap| hours > Ratio::from(cap)),
        confidence: kinds.iter().fold(Confidence::Confirmed, |weakest, kind| weakest.and(kind.confidence)),
    }
}
