//! A year's days so far and a target for the share of good days → how many polluted days it can still afford.

use crate::plan::model::{PlanIndicator, Relation};
use crate::plan::value::print;
use domain::{Day, Fixed, Ratio, Text, Year};

/// The share of good days to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetTarget {
    /// Target [%].
    pub percent: Fixed,
    /// Decimal places to which the share is rounded before it is compared.
    pub digits: u32,
}

/// How a year has gone so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DaysSoFar {
    /// Good days.
    pub good: u32,
    /// Days judged and not good.
    pub polluted: u32,
    /// Past days without a verdict; they count neither as good nor in the denominator.
    pub missing: u32,
}

/// What a year can still afford.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Year.
    pub year: i16,
    /// 365 or 366.
    pub days_in_year: u32,
    /// Days that will have a verdict if every day to come has one.
    pub valid_days: u32,
    /// Fewest good days with which the rounded share meets the target.
    pub good_days_needed: u32,
    /// Good days so far.
    pub good_so_far: u32,
    /// Polluted days so far.
    pub polluted_so_far: u32,
    /// Days to come.
    pub days_left: u32,
    /// Polluted days that may still come.
    pub polluted_affordable: u32,
    /// Whether the target can still be met.
    pub reachable: bool,
    /// All this in words, with the rounding.
    pub text: Text,
}

impl BudgetTarget {
    /// Of a row whose target is a share that should be high; `None` for other rows.
    pub fn of(row: &PlanIndicator) -> Option<BudgetTarget> {
        let percent = row.target.number?;
        (row.relation()? == Relation::AtLeast).then_some(BudgetTarget { percent, digits: row.digits })
    }
}

impl DaysSoFar {
    /// Counts the days up to and including `as_of`: `day` gives for each day of the year whether it is good,
    /// polluted (`Some(false)`) or without verdict.
    pub fn count(year: Year, as_of: Day, day: impl Fn(Day) -> Option<bool>) -> DaysSoFar {
        let mut so_far = DaysSoFar::default();
        for own in year.days().take_while(|own| *own <= as_of) {
            match day(own) {
                Some(true) => so_far.good += 1,
                Some(false) => so_far.polluted += 1,
                None => so_far.missing += 1,
            }
        }
        so_far
    }

    fn passed(&self) -> u32 {
        self.good + self.polluted + self.missing
    }
}

/// The budget of a year, running or complete.
///
/// ```text
/// v = d − m                              days with a verdict at the year's end [d]
/// g* = min { g : round(100·g/v) ≥ t }    good days needed [d]
/// affordable = v − g* − polluted so far  [d]
/// ```
/// d days in the year, m past days without verdict, t target [%], `round` = GB/T 8170 to the target's places,
/// once, on the exact fraction. Valid for any target from 0 to 100; above 100 nothing is enough.
///
/// ```
/// use domain::Year;
/// use indicators::plan::{BudgetTarget, DaysSoFar, budget};
/// let target = BudgetTarget { percent: "90.8".parse().unwrap(), digits: 1 };
/// let start = budget(&target, Year(2025), &DaysSoFar::default());
/// // 331/365 = 90.68 → 90.7 < 90.8; 332/365 = 90.96 → 91.0
/// assert_eq!((start.good_days_needed, start.polluted_affordable), (332, 33));
/// ```
pub fn budget(target: &BudgetTarget, year: Year, so_far: &DaysSoFar) -> Budget {
    let days_in_year = year.len();
    let days_left = days_in_year.saturating_sub(so_far.passed());
    let valid_days = so_far.good + so_far.polluted + days_left;
    let needed = good_days_needed(target, valid_days);
    let spare = needed.and_then(|needed| valid_days.checked_sub(needed));
    let affordable = spare.map_or(0, |spare| spare.saturating_sub(so_far.polluted)).min(days_left);
    let reachable = spare.is_some_and(|spare| so_far.polluted <= spare) && valid_days > 0;
    let mut budget = Budget {
        year: year.0,
        days_in_year,
        valid_days,
        good_days_needed: needed.unwrap_or(valid_days + 1),
        good_so_far: so_far.good,
        polluted_so_far: so_far.polluted,
        days_left,
        polluted_affordable: affordable,
        reachable,
        text: Text::default(),
    };
    budget.text = sentence(target, so_far, &budget);
    budget
}

/// Fewest good days whose rounded share meets the target; `None` if all days are not enough.
fn good_days_needed(target: &BudgetTarget, valid_days: u32) -> Option<u32> {
    let enough = |good: u32| share(good, valid_days, target.digits).is_some_and(|share| share >= target.percent);
    if !enough(valid_days) {
        return None;
    }
    let (mut low, mut high) = (0, valid_days);
    while low < high {
        let middle = low.midpoint(high);
        if enough(middle) { high = middle } else { low = middle + 1 }
    }
    Some(low)
}

fn share(good: u32, valid_days: u32, digits: u32) -> Option<Fixed> {
    (valid_days > 0).then(|| Ratio::new(i128::from(good) * 100, i128::from(valid_days)).round(digits))
}

fn sentence(target: &BudgetTarget, so_far: &DaysSoFar, budget: &Budget) -> Text {
    let goal = print(target.percent, target.digits);
    if budget.valid_days == 0 {
        return Text::new(
            format!("{} 年没有一天有空气质量评价，不能与目标 {goal}% 比较", budget.year),
            format!("no day of {} has a verdict, so nothing can be held against the target of {goal} %", budget.year),
        );
    }
    let rule = rounding(target, budget);
    let state = if budget.days_left == 0 { complete(&goal, target, budget) } else { running(&goal, budget) };
    let missing = match so_far.missing {
        0 => Text::default(),
        days => Text::new(
            format!("已有 {days} 天没有评价，不计入分母。"),
            format!(" {days} past days have no verdict and are left out of the denominator."),
        ),
    };
    Text::new(format!("{}{}{}", rule.zh, state.zh, missing.zh), format!("{} {}{}", rule.en, state.en, missing.en))
}

/// Which number of good days is needed and why one day fewer is not enough.
fn rounding(target: &BudgetTarget, budget: &Budget) -> Text {
    let (v, g, goal) = (budget.valid_days, budget.good_days_needed, print(target.percent, target.digits));
    if g > v {
        return Text::new(
            format!("即使 {v} 天全部优良也达不到 {goal}%。"),
            format!("Even {v} good days of {v} do not make {goal} %."),
        );
    }
    let show = |good: u32| {
        let exact = Ratio::new(i128::from(good) * 100, i128::from(v));
        (print(exact.round(target.digits + 1), target.digits + 1), print(exact.round(target.digits), target.digits))
    };
    let (enough, enough_rounded) = show(g);
    let mut text = Text::new(
        format!("{v} 天中需优良 {g} 天（{g}/{v} = {enough}%，修约为 {enough_rounded}%，不低于 {goal}%"),
        format!("{g} good days of {v} are needed ({g}/{v} = {enough} %, rounded {enough_rounded} %, at least {goal} %"),
    );
    if let Some(fewer) = g.checked_sub(1) {
        let (short, short_rounded) = show(fewer);
        text.zh.push_str(&format!("；{fewer}/{v} = {short}%，修约为 {short_rounded}%，不足）。"));
        text.en.push_str(&format!("; {fewer}/{v} = {short} %, rounded {short_rounded} %, is short)."));
    } else {
        text.zh.push_str("）。");
        text.en.push_str(").");
    }
    text
}

fn running(goal: &str, budget: &Budget) -> Text {
    let (good, polluted, left) = (budget.good_so_far, budget.polluted_so_far, budget.days_left);
    if budget.reachable {
        return Text::new(
            format!(
                "已有优良 {good} 天、污染 {polluted} 天，还剩 {left} 天，还可承受 {} 个污染天。",
                budget.polluted_affordable
            ),
            format!(
                "{good} good and {polluted} polluted days so far, {left} to come: {} more polluted days can be afforded.",
                budget.polluted_affordable
            ),
        );
    }
    let best = good + left;
    Text::new(
        format!("已有污染 {polluted} 天；余下 {left} 天即使全部优良也只有 {best} 天，今年已不可能达到 {goal}%。"),
        format!(
            "{polluted} polluted days already: even if all {left} days to come are good there are only {best}, {goal} % is out of reach."
        ),
    )
}

fn complete(goal: &str, target: &BudgetTarget, budget: &Budget) -> Text {
    let (good, v) = (budget.good_so_far, budget.valid_days);
    let rounded = share(good, v, target.digits).map_or_else(String::new, |share| print(share, target.digits));
    if budget.reachable {
        return Text::new(
            format!(
                "{} 年优良 {good} 天，为 {rounded}%，达到 {goal}%，多出 {} 天。",
                budget.year,
                good.saturating_sub(budget.good_days_needed)
            ),
            format!(
                "{} had {good} good days, {rounded} %: meets {goal} % with {} to spare.",
                budget.year,
                good.saturating_sub(budget.good_days_needed)
            ),
        );
    }
    let short = budget.good_days_needed.saturating_sub(good);
    Text::new(
        format!("{} 年优良 {good} 天，为 {rounded}%，未达到 {goal}%，差 {short} 天。", budget.year),
        format!("{} had {good} good days, {rounded} %: misses {goal} % by {short} days.", budget.year),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn target(percent: &str) -> BudgetTarget {
        BudgetTarget { percent: percent.parse().expect("a number"), digits: 1 }
    }

    /// Hand: 331/365 = 90.685 → 90.7; 332/365 = 90.959 → 91.0; 332/366 = 90.710 → 90.7, 333/366 = 90.984 → 91.0.
    #[test]
    fn the_plans_target_needs_332_of_365() {
        let full = budget(&target("90.8"), Year(2025), &DaysSoFar::default());
        assert_eq!((full.days_in_year, full.good_days_needed, full.polluted_affordable), (365, 332, 33));
        assert!(full.text.zh.contains("331/365 = 90.68%，修约为 90.7%，不足"), "{}", full.text.zh);
        let leap = budget(&target("90.8"), Year(2024), &DaysSoFar::default());
        assert_eq!((leap.days_in_year, leap.good_days_needed), (366, 333));
    }

    /// Hand: 21 of the 33 polluted days are gone, 12 are left.
    #[test]
    fn a_running_year() {
        let so_far = DaysSoFar { good: 250, polluted: 21, missing: 0 };
        let running = budget(&target("90.8"), Year(2021), &so_far);
        assert_eq!((running.days_left, running.polluted_affordable, running.reachable), (94, 12, true));
        assert!(running.text.en.contains("12 more polluted days"), "{}", running.text.en);
        let lost = budget(&target("90.8"), Year(2021), &DaysSoFar { good: 200, polluted: 34, missing: 0 });
        assert_eq!((lost.reachable, lost.polluted_affordable), (false, 0));
        let on_the_edge = budget(&target("90.8"), Year(2021), &DaysSoFar { good: 200, polluted: 33, missing: 0 });
        assert_eq!((on_the_edge.reachable, on_the_edge.polluted_affordable), (true, 0));
    }

    /// Hand: 5 days without verdict leave 360; 327/360 = 90.833 → 90.8, 326/360 = 90.556 → 90.6.
    #[test]
    fn days_without_verdict_leave_the_denominator() {
        let complete = budget(&target("90.8"), Year(2021), &DaysSoFar { good: 327, polluted: 33, missing: 5 });
        assert_eq!((complete.good_days_needed, complete.reachable, complete.days_left), (327, true, 0));
        assert!(complete.text.zh.contains("达到 90.8%，多出 0 天"), "{}", complete.text.zh);
        assert!(complete.text.zh.contains("5 天没有评价"));
        let short = budget(&target("90.8"), Year(2021), &DaysSoFar { good: 331, polluted: 34, missing: 0 });
        assert!(!short.reachable && short.text.zh.contains("差 1 天"), "{}", short.text.zh);
    }

    #[test]
    fn odd_targets_and_empty_years_say_so() {
        let none = budget(&target("101"), Year(2021), &DaysSoFar::default());
        assert!(!none.reachable && none.text.zh.contains("即使 365 天全部优良"), "{}", none.text.zh);
        let empty = budget(&target("90.8"), Year(2021), &DaysSoFar { missing: 365, ..DaysSoFar::default() });
        assert!(!empty.reachable && empty.valid_days == 0);
        let zero = budget(&target("0"), Year(2021), &DaysSoFar::default());
        assert_eq!((zero.good_days_needed, zero.polluted_affordable), (0, 365));
        let too_many = budget(&target("90"), Year(2021), &DaysSoFar { good: 400, polluted: 9, missing: 0 });
        assert_eq!(too_many.days_left, 0);
    }

    proptest! {
        /// The definition itself: g* is enough, g* − 1 is not, and affording what is affordable still meets it.
        #[test]
        fn what_is_affordable_is_affordable_and_one_more_is_not(good in 0_u32..366, polluted in 0_u32..100, tenths in 1_i64..1000) {
            let polluted = polluted.min(365_u32.saturating_sub(good));
            prop_assume!(good + polluted <= 365);
            let target = BudgetTarget { percent: Fixed::from_millionths(tenths * 100_000), digits: 1 };
            let got = budget(&target, Year(2023), &DaysSoFar { good, polluted, missing: 0 });
            let share = |good: u32| share(good, 365, 1).expect("days");
            prop_assert!(share(got.good_days_needed) >= target.percent);
            prop_assert!(got.good_days_needed == 0 || share(got.good_days_needed - 1) < target.percent);
            let all_used = 365 - polluted - got.polluted_affordable;
            prop_assert_eq!(got.reachable, share(good + got.days_left) >= target.percent);
            if got.reachable {
                prop_assert!(share(all_used) >= target.percent);
                prop_assert!(got.polluted_affordable == got.days_left || share(all_used - 1) < target.percent);
            }
        }
    }
}
