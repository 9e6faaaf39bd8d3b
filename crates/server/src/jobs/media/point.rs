//! A point through time → its page: the year, the months, the years.

use super::{asked_point, rows};
use crate::answers::media::{PointMonth, PointPage, PointRow, PointYear};
use crate::data::View;
use crate::jobs::city::{Asked, city};
use crate::jobs::trend::month_text;
use crate::trouble::Trouble;
use domain::{Medium, Month, Point, Year};
use indicators::graph::World;
use indicators::media::{self, PointMonthVerdict, YearOptions, point_year};
use std::collections::BTreeSet;

/// Years back that the page goes.
const YEARS: usize = 10;

/// The page of a point.
pub fn point_page(view: &View, medium: Medium, code: &str, year: Year) -> Result<PointPage, Trouble> {
    let kept = city(view)?;
    let asked = Asked::new(view, &kept);
    let world = asked.world();
    let point = asked_point(world, code, year.last_day())?;
    if point.medium != medium {
        let (own, wanted) = (point.medium.code(), medium.code());
        return Err(Trouble::not_found(
            "no-such-point",
            format!("点位“{code}”属于 {own}，不属于 {wanted}。"),
            format!("point `{code}` is of {own}, not of {wanted}."),
        ));
    }
    let registered: Vec<&Point> = world.city.points.iter().filter(|own| own.code == code).collect();
    let from = (code.to_string(), Month(i32::MIN));
    let measured = world.months.range(from..).take_while(|((own, _), _)| own == code);
    let mut years: BTreeSet<i16> = measured.map(|((_, month), _)| month.year().0).collect();
    years.insert(year.0);
    let years: Vec<i16> = years.into_iter().rev().take(YEARS).collect();
    let made: Vec<(i16, media::PointYear)> =
        years.iter().rev().filter_map(|own| Some((*own, of_year(world, &registered, code, Year(*own))?))).collect();
    let this = made.iter().find(|own| own.0 == year.0).map(|own| &own.1);
    let row: PointRow = this.map_or_else(|| rows::row(world, point), |own| rows::year_row(world, own));
    let mut months: Vec<PointMonth> = Vec::new();
    for (of, own) in &made {
        for month in &own.months {
            if !month.judged.is_empty() || !month.state.is_empty() {
                months.push(point_month(world, code, month, *of == year.0));
            }
        }
    }
    let judged: Vec<&media::Judged> = made.iter().flat_map(|own| &own.1.judged).collect();
    let cells: Vec<_> = months.iter().map(|own| own.cells.as_slice()).chain([row.cells.as_slice()]).collect();
    let limits = this.and_then(|own| own.verdict()).and_then(|own| rows::limits_of(world, own));
    Ok(PointPage {
        medium: medium.code().to_string(),
        name: medium.name().into(),
        area: point.area.clone(),
        year: year.0,
        rules: this.map(|own| rows::rules(world, &own.standards)).unwrap_or_default(),
        classes: limits.map(rows::classes).unwrap_or_default(),
        items: rows::items(world, &judged, &cells),
        years: made.iter().map(|(year, own)| year_of(world, *year, own)).collect(),
        notes: this.map(|own| own.notes.iter().map(Into::into).collect()).unwrap_or_default(),
        simulated: point.simulated,
        point: row,
        months,
    })
}

fn of_year(world: &World, registered: &[&Point], code: &str, year: Year) -> Option<media::PointYear> {
    let (first, last) = (year.first_day(), year.last_day());
    let holds = |own: &&&Point| own.from.is_none_or(|from| from <= last) && own.to.is_none_or(|to| first <= to);
    let held: Vec<&Point> = registered.iter().filter(holds).copied().collect();
    let month = |at: Month| world.months.get(&(code.to_string(), at));
    point_year(&world.standards, &held, year, month, YearOptions::of(year))
}

fn point_month(world: &World, code: &str, own: &PointMonthVerdict, with_cells: bool) -> PointMonth {
    let first = own.judged.first();
    let limits = first.and_then(|first| rows::limits_of(world, first));
    let (class, color) = match (limits, first.and_then(|first| first.verdict.class)) {
        (Some(limits), Some(class)) => rows::class_of(limits, class),
        _ => (None, None),
    };
    let values = world.months.get(&(code.to_string(), own.month)).map(|own| &own.values);
    PointMonth {
        month: month_text(own.month),
        class,
        color,
        met: own.good,
        state: own.state.clone(),
        why: None,
        main: first.map(|first| rows::main_items(world, first)).unwrap_or_default(),
        cells: match values {
            Some(values) if with_cells => rows::cells(world, &own.judged, values),
            _ => Vec::new(),
        },
        simulated: own.simulated,
    }
}

fn year_of(world: &World, year: i16, own: &media::PointYear) -> PointYear {
    let row = rows::year_row(world, own);
    PointYear { year, class: row.class, color: row.color, met: row.met, main: row.main, months: own.n }
}
