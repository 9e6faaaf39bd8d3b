//! A medium of an area in a year or a month → its page; the media there are.

use super::rows;
use crate::answers::Text;
use crate::answers::media as answers;
use crate::answers::media::{BodyItem, BodyTrophic, Medium as MediumAnswer, MediumPage, WaterBody};
use crate::data::View;
use crate::jobs::city::{Asked, city};
use crate::jobs::trend::month_text;
use crate::trouble::Trouble;
use domain::{Area, Medium, Month, Ratio, Year};
use indicators::graph::World;
use indicators::media::{BodyKind, BodyYear, ClassShare, Judged, MediumYear, Selection, medium_year};
use standards::media::Limits;
use std::collections::BTreeSet;

/// The media that an area, or any area, has points of.
pub fn list(view: &View, area: Option<&Area>) -> Result<Vec<MediumAnswer>, Trouble> {
    let kept = city(view)?;
    let asked = Asked::new(view, &kept);
    let world = asked.world();
    let within: Option<BTreeSet<String>> =
        area.map(|area| world.areas_below(&area.id).into_iter().map(|own| own.id.clone()).collect());
    let mut all = Vec::new();
    for medium in Medium::ALL {
        let own = |point: &&domain::Point| {
            point.medium == medium && within.as_ref().is_none_or(|within| within.contains(&point.area))
        };
        let points: Vec<&domain::Point> = world.city.points.iter().filter(own).collect();
        let codes: BTreeSet<&str> = points.iter().map(|point| point.code.as_str()).collect();
        if codes.is_empty() {
            continue;
        }
        let measured =
            world.months.iter().filter(|((code, _), own)| codes.contains(code.as_str()) && !own.values.is_empty());
        let months: BTreeSet<Month> = measured.map(|((_, month), _)| *month).collect();
        let years: BTreeSet<i16> = months.iter().map(|month| month.year().0).collect();
        let today = crate::clock::today();
        let rules = world.standards.monitoring(medium.code(), today).map(|(rules, _)| rules);
        all.push(MediumAnswer {
            medium: medium.code().to_string(),
            name: medium.name().into(),
            points: codes.len() as u32,
            from: months.first().map(|month| month_text(*month)),
            to: months.last().map(|month| month_text(*month)),
            years: years.into_iter().rev().collect(),
            confidence: rules.map_or(domain::Confidence::Confirmed, |rules| rules.confidence).into(),
            simulated: points.iter().any(|point| point.simulated),
        });
    }
    Ok(all)
}

/// The page of a medium.
pub fn page(
    view: &View,
    medium: &Medium,
    area: &Area,
    (year, month): (Year, Option<i8>),
) -> Result<MediumPage, Trouble> {
    let kept = city(view)?;
    let asked = Asked::new(view, &kept);
    let world = asked.world();
    let month = month
        .map(|month| {
            Month::from_ym(year.0, month).ok_or_else(|| {
                Trouble::bad(
                    "month",
                    format!("月份 {month} 不在 1–12 之间。"),
                    format!("month {month} is not between 1 and 12."),
                )
            })
        })
        .transpose()?;
    let made = medium_year(world, *medium, &area.id, year, &Selection { month, ..Selection::default() });
    let mut points: Vec<(Option<usize>, answers::PointRow)> =
        made.points.list.iter().map(|own| (own.class, rows::year_row(world, own))).collect();
    points.sort_by(|a, b| {
        let last = |class: Option<usize>| class.unwrap_or(usize::MAX);
        last(a.0).cmp(&last(b.0)).then_with(|| a.1.code.cmp(&b.1.code))
    });
    let points: Vec<answers::PointRow> = points.into_iter().map(|own| own.1).collect();
    let judged: Vec<&Judged> = made.points.list.iter().flat_map(|own| &own.judged).collect();
    let cells: Vec<&[answers::PointCell]> = points.iter().map(|row| row.cells.as_slice()).collect();
    let limits = limits_used(world, &made);
    Ok(MediumPage {
        medium: medium.code().to_string(),
        name: medium.name().into(),
        area: area.id.clone(),
        year: year.0,
        month: month.map(month_text),
        months: months_with_data(world, &made, year),
        rules: rows::rules(world, &made.standards),
        classes: classes(&limits),
        items: rows::items(world, &judged, &cells),
        shares: made.shares.iter().map(share).collect(),
        unjudged: made.unjudged,
        bodies: made.bodies.iter().map(|own| body(own, area)).collect(),
        change: made.change_words.as_ref().map(Text::from),
        monthly: made
            .monthly
            .iter()
            .map(|own| answers::MonthShares {
                month: month_text(own.month),
                shares: own.shares.iter().map(share).collect(),
                judged: own.judged,
                good_percent: own.good.map(percent),
            })
            .collect(),
        notes: made.notes.iter().map(Text::from).collect(),
        simulated: made.simulated,
        points,
    })
}

/// The classes of the standards in use; one that several have in common stands once.
fn classes(limits: &[&Limits]) -> Vec<answers::MediumClass> {
    let mut all: Vec<answers::MediumClass> = Vec::new();
    for class in limits.iter().flat_map(|limits| rows::classes(limits)) {
        if !all.iter().any(|known| known.class == class.class) {
            all.push(class);
        }
    }
    all
}

/// Standards whose classes the points have, the first of each point, in order of use.
fn limits_used<'w>(world: &'w World, made: &MediumYear) -> Vec<&'w Limits> {
    let mut all: Vec<&Limits> = Vec::new();
    for own in made.points.list.iter().filter_map(|own| own.verdict()) {
        if let Some(limits) = rows::limits_of(world, own)
            && !all.iter().any(|known| known.id == limits.id)
        {
            all.push(limits);
        }
    }
    // Without a judged point the classes of the medium's first standard stand in the legend.
    if all.is_empty() {
        let day = made.year.last_day();
        let rules = world.standards.monitoring(made.medium.code(), day).map(|(rules, _)| rules);
        let family = rules.and_then(|rules| rules.judges.first()).map(|judge| judge.family.as_str());
        all.extend(family.and_then(|family| world.standards.limits_on(family, day)).map(|(limits, _)| limits));
    }
    all
}

fn months_with_data(world: &World, made: &MediumYear, year: Year) -> Vec<String> {
    let has = |month: &Month| {
        made.points
            .list
            .iter()
            .any(|own| world.months.get(&(own.point.code.clone(), *month)).is_some_and(|own| !own.values.is_empty()))
    };
    rows::month_texts((1..=12).filter_map(|month| Month::from_ym(year.0, month)).filter(has))
}

fn share(own: &ClassShare) -> answers::ClassShare {
    answers::ClassShare {
        class: own.class.clone(),
        color: own.color.clone(),
        count: own.count,
        percent: own.percent.map(percent),
    }
}

/// A share to one decimal place, always printed.
fn percent(value: Ratio) -> String {
    let text = value.round(1).to_string();
    if text.contains('.') { text } else { format!("{text}.0") }
}

fn body(own: &BodyYear, area: &Area) -> WaterBody {
    let kind = match own.kind {
        BodyKind::River => "river",
        BodyKind::Lake => "lake",
        BodyKind::Basin => "basin",
        BodyKind::Area => "area",
    };
    let name = if own.name.is_empty() {
        Text::new(&area.name_zh, if area.name_en.is_empty() { &area.name_zh } else { &area.name_en })
    } else {
        Text::same(&own.name)
    };
    WaterBody {
        name,
        kind: kind.to_string(),
        grade: own.grade.as_ref().map(Text::from),
        color: Some(own.color.clone()).filter(|color| !color.is_empty()),
        sections: own.sections,
        judged: own.judged,
        good_percent: own.good.map(percent),
        bad_percent: own.bad.map(percent),
        main: own.main.iter().map(|own| BodyItem { item: own.item.clone(), percent: own.rate.map(percent) }).collect(),
        tli: own.trophic.as_ref().map(|own| BodyTrophic { value: own.shown.clone(), state: (&own.state).into() }),
        why: Some((&own.why).into()),
    }
}
