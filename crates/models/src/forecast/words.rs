//! How a forecast was made and how far it can be believed, in words. Called by the two forecasts.

use super::hindcast::{Hindcast, Interval};
use super::{Asked, Grid, YEARS_FOR_INTERVAL};
use domain::Text;

/// How a mean was foretold.
pub(crate) fn method_of_mean<T>(asked: &Asked<'_, T>, factor: f64, past: usize) -> Text {
    let (n, rest, unit) = counted(asked);
    Text::new(
        format!(
            "已有 {n} 个{} 的实测值，其余 {rest} 个取近 {past} 年同期平均的 {factor:.3} 倍（按今年迄今与往年同期之比折算）",
            unit.zh
        ),
        format!(
            "values of {n} {}, and for the other {rest} the mean of the same of the last {past} years times {factor:.3} (by how this year stands against them so far)",
            unit.en
        ),
    )
}

/// How a share was foretold.
pub(crate) fn method_of_share<T>(asked: &Asked<'_, T>, factor: f64, past: usize) -> Text {
    let (n, rest, unit) = counted(asked);
    Text::new(
        format!(
            "已有 {n} 个{} 的达标情况，其余 {rest} 个取近 {past} 年同期的达标优势比，再乘 {factor:.3}（按今年迄今与往年同期之比折算）",
            unit.zh
        ),
        format!(
            "what {n} {} met, and for the other {rest} the odds of the same of the last {past} years times {factor:.3} (by how this year stands against them so far)",
            unit.en
        ),
    )
}

/// What a reader should know.
pub(crate) fn notes(past: usize, interval: Option<Interval>, hindcast: &Hindcast) -> Vec<Text> {
    let mut notes = Vec::new();
    match interval {
        None if past >= YEARS_FOR_INTERVAL => {
            notes.push(Text::new(
                "往年回报值为零而实际不为零，不给区间",
                "past years were told zero and were not: no interval is given",
            ));
        }
        None => notes.push(Text::new(
            format!("只有 {past} 个往年可用，不足 {YEARS_FOR_INTERVAL} 年，不给区间"),
            format!("only {past} past years can be used, below {YEARS_FOR_INTERVAL}: no interval is given"),
        )),
        Some(interval) => notes.push(Text::new(
            format!("区间取自往年同日回报的误差，名义把握 {:.0} %", interval.level * 100.0),
            format!(
                "the interval is of the size of past misses at the same date; it should hold with {:.0} %",
                interval.level * 100.0
            ),
        )),
    }
    match (interval, hindcast.tried) {
        (Some(_), 0) => notes.push(Text::new("往年太少，区间未经检验", "too few past years to try the interval on")),
        (Some(_), tried) => notes.push(Text::new(
            format!("回报 {tried} 年中 {} 年落在区间内", hindcast.within),
            format!("{} of {tried} past years lay within theirs", hindcast.within),
        )),
        (None, _) => {}
    }
    if hindcast.better_than_naive() == Some(false) {
        notes.push(Text::new(
            format!("回报 {} 年，误差不小于直接照搬上年值：此预测不比上年值更可信", hindcast.compared),
            format!("over {} past years it missed by no less than last year's figure would have: do not trust it more than that", hindcast.compared),
        ));
    }
    notes
}

fn counted<T>(asked: &Asked<'_, T>) -> (usize, usize, Text) {
    let grid = asked.settings.grid;
    let rest = (asked.settings.reached..grid.slots()).filter(|slot| grid.has(*slot, asked.this.year)).count();
    let unit = match grid {
        Grid::Months => Text::new("月", "months"),
        Grid::Days => Text::new("日", "days"),
    };
    (asked.this.held(0..asked.settings.reached).count(), rest, unit)
}
