//! A row's year so far and the years before → what the year will be, with its interval and its honesty test.

use super::standing::Standing;
use crate::answers::Text;
use crate::answers::plan_full::{Forecast, HonestyRow};
use crate::data::View;
use crate::jobs::areas::years_of;
use crate::jobs::judge::{AreaYear, judge};
use crate::jobs::media::monthly_tallies;
use crate::trouble::Trouble;
use domain::{Day, Year};
use indicators::air::{Course, course};
use indicators::plan::{PlanIndicator, PlanRow, ValueSource};
use indicators::{Definition, Method};
use models::forecast::{self as made, Grid, Settings, SlotYear, Tally};
use std::collections::BTreeMap;

/// Past years that are looked at.
const PAST: i16 = 8;

/// What the years of an indicator are made of, year by year.
#[derive(Clone, Debug)]
pub(super) enum Years {
    Shares(Grid, Vec<SlotYear<Tally>>),
    Means(Grid, Vec<SlotYear<f64>>),
}

/// The years of every indicator that has a course within the year.
pub(super) fn years(view: &View<'_>, ask: &AreaYear, ids: &[&str]) -> Result<BTreeMap<String, Years>, Trouble> {
    let definitions = &view.data.catalogs.definitions;
    let mut all = BTreeMap::new();
    let asked: Vec<i16> = (ask.year.0 - PAST..=ask.year.0).collect();
    let air: Vec<&Definition> = ids.iter().filter_map(|id| definitions.of_air().find(|own| own.id == **id)).collect();
    if !air.is_empty() {
        let measured = years_of(view, &view.stations(&ask.area.id)?)?;
        for year in asked.iter().filter(|year| measured.contains(year)) {
            let judged = judge(view, &AreaYear { year: Year(*year), ..ask.clone() })?;
            for definition in &air {
                if let Some(course) = course(&judged.year, definition) {
                    add_days(&mut all, definition, Year(*year), &course);
                }
            }
        }
    }
    for id in ids {
        let Some(definition) = definitions.get(id).filter(|own| matches!(own.method, Method::Graph(_))) else {
            continue;
        };
        // A year whose months are all there needs no forecast, and then its past is not judged for one.
        let this = monthly_tallies(view, definition, &ask.area.id, &[ask.year.0])?;
        let over = this.iter().all(|(_, months)| months.last().is_some_and(Option::is_some));
        let years = if over { this } else { monthly_tallies(view, definition, &ask.area.id, &asked)? };
        if years.iter().any(|(_, months)| months.iter().any(Option::is_some)) {
            let years = years.into_iter().map(|(year, slots)| SlotYear { year: Year(year), slots });
            all.insert(definition.id.clone(), Years::Shares(Grid::Months, years.collect()));
        }
    }
    Ok(all)
}

fn add_days(all: &mut BTreeMap<String, Years>, definition: &Definition, year: Year, course: &Course) {
    match course {
        Course::Share(days) => {
            let own = all.entry(definition.id.clone()).or_insert(Years::Shares(Grid::Days, Vec::new()));
            let Years::Shares(_, list) = own else { return };
            let tally = |met: bool| Tally { met: u32::from(met), of: 1 };
            list.push(slots(year, days.iter().filter_map(|(day, met)| Some((*day, tally((*met)?))))));
        }
        Course::Mean(days) => {
            let own = all.entry(definition.id.clone()).or_insert(Years::Means(Grid::Days, Vec::new()));
            let Years::Means(_, list) = own else { return };
            list.push(slots(year, days.iter().filter_map(|(day, value)| Some((*day, (*value)?)))));
        }
    }
}

fn slots<T: Clone>(year: Year, days: impl Iterator<Item = (Day, T)>) -> SlotYear<T> {
    let mut own = SlotYear::empty(Grid::Days, year);
    for (day, value) in days {
        own.slots[Grid::Days.slot_of(day)] = Some(value);
    }
    own
}

/// The forecast of a row, or why there is none.
pub(super) fn of_row(own: &Standing<'_>, row: &PlanIndicator, status: &PlanRow) -> Result<Forecast, Text> {
    let year = own.year();
    if status.value_year == Some(year) && status.source == Some(ValueSource::Reported) {
        return Err(Text::new("已有当年上报值", "the year's value is reported already"));
    }
    let found = row.indicator.as_ref().and_then(|id| own.courses.get(id));
    let Some(years) = found else {
        return Err(Text::new("没有年内逐日或逐月数据，无法外推", "no daily or monthly data within the year to go on"));
    };
    let (made, scale) = match years {
        Years::Shares(grid, years) => (at(*grid, year, years, made::year_share)?, 100.0),
        Years::Means(grid, years) => (at(*grid, year, years, made::year_mean)?, 1.0),
    };
    Ok(answer(&made, year, (row.digits as usize, scale)))
}

type Say<T> = fn(&[SlotYear<T>], &SlotYear<T>, &Settings) -> Result<made::Forecast, models::ModelError>;

fn at<T: Clone>(grid: Grid, year: i16, years: &[SlotYear<T>], method: Say<T>) -> Result<made::Forecast, Text> {
    let none = || Text::new(format!("{year} 年还没有数据"), format!("no data of {year} yet"));
    let this = years.iter().find(|own| own.year.0 == year).ok_or_else(none)?;
    let reached = this.slots.iter().rposition(Option::is_some).ok_or_else(none)? + 1;
    if reached == grid.slots() {
        return Err(Text::new("全年已过，无需预测", "the year is over, there is nothing to forecast"));
    }
    let past: Vec<SlotYear<T>> = years.iter().filter(|own| own.year.0 < year).cloned().collect();
    method(&past, this, &Settings::at(grid, reached)).map_err(|error| (&error.words()).into())
}

fn answer(made: &made::Forecast, year: i16, (digits, scale): (usize, f64)) -> Forecast {
    let shown = |value: f64| format!("{:.*}", digits, value * scale);
    let error = |value: Option<f64>| value.map(|value| format!("{:.*}", digits + 1, value * scale));
    let honesty = made.hindcast.rows.iter().filter_map(|row| {
        Some(HonestyRow {
            year: row.year.0,
            said: shown(row.said?),
            low: row.interval.map(|own| shown(own.low)),
            high: row.interval.map(|own| shown(own.high)),
            came: shown(row.came),
            within: row.within,
        })
    });
    let mut method: Text = (&made.method).into();
    for note in &made.notes {
        method.zh.push_str(&format!("；{}", note.zh));
        method.en.push_str(&format!("; {}", note.en));
    }
    Forecast {
        year,
        value: shown(made.value),
        low: made.interval.map(|own| shown(own.low)),
        high: made.interval.map(|own| shown(own.high)),
        level: made.interval.map(|own| format!("{:.0}", own.level * 100.0)),
        method,
        honesty: honesty.collect(),
        mean_error: error(made.hindcast.mean_miss),
        naive_error: error(made.hindcast.mean_miss_naive),
        better: made.hindcast.better_than_naive(),
    }
}
