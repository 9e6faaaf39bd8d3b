//! The points of a medium in an area and a year → their classes, shares by class and month, rivers and lakes, and
//! what became of it since the year before. For the pages of `server` and the indicators of the graph.

use crate::graph::World;
use crate::media::bench::Benches;
use crate::media::bodies::{BodyYear, bodies};
use crate::media::look::{Look, Plain};
use crate::media::month::last_day;
use crate::media::point_year::{MONTHS, PointYear, YearOptions, judged_year};
use crate::media::words;
use domain::{Confidence, Medium, Month, Point, Ratio, Text, Year};
use standards::media::Limits;
use standards::water::Change;
use std::collections::BTreeMap;

/// Which points are looked at, and how.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only points of this network.
    pub network: Option<String>,
    /// Only points of these kinds; empty: all.
    pub kinds: Vec<String>,
    /// Months that a year needs; `None`: those of the medium's rules.
    pub needed: Option<u32>,
    /// One month of the year instead of the year so far.
    pub month: Option<Month>,
    /// Not later than this month; `None`: the last one that any point has values of.
    pub through: Option<Month>,
}

/// The judged points of a selection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// One a point, by code.
    pub list: Vec<PointYear>,
    /// The last month of the year that any of them has values of; `None` where there is none.
    pub through: Option<Month>,
    /// Months from January to that one; 1 for a single month.
    pub elapsed: u32,
}

impl Points {
    /// Whether the year is over in the data, or every point has already what a whole year needs, as one that is sampled
    /// twice a year has.
    pub fn is_whole_year(&self) -> bool {
        self.elapsed == MONTHS as u32 || self.list.iter().all(|own| own.enough(MONTHS as u32))
    }
}

/// Points of one class.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassShare {
    /// Standard of limits, by id.
    pub standard: String,
    /// Class, by its id.
    pub class: String,
    /// Colour; empty where there is none.
    pub color: String,
    /// Whether it is the reference class or better.
    pub good: bool,
    /// Points.
    pub count: u32,
    /// Of the points judged by the same standard [%].
    pub percent: Option<Ratio>,
}

/// Points by class in one month.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthShares {
    /// Which.
    pub month: Month,
    /// Points by class.
    pub shares: Vec<ClassShare>,
    /// Points judged.
    pub judged: u32,
    /// Of them, those that are good [%].
    pub good: Option<Ratio>,
}

/// A medium of an area in a year or a month.
#[derive(Clone, Debug, PartialEq)]
pub struct MediumYear {
    /// Medium.
    pub medium: Medium,
    /// Year.
    pub year: Year,
    /// Points with what they are judged by.
    pub points: Points,
    /// Points by class; those without a class are left out.
    pub shares: Vec<ClassShare>,
    /// Points without a class.
    pub unjudged: u32,
    /// Points that are good, of those judged [%].
    pub good: Option<Ratio>,
    /// Month by month, those with points judged.
    pub monthly: Vec<MonthShares>,
    /// Rivers, lakes, basins, and the area as a whole; empty where the medium has no such rule.
    pub bodies: Vec<BodyYear>,
    /// Against the same months of the year before, over the points judged in both: by the rule of significance.
    pub change: Option<Change>,
    /// That, in a sentence.
    pub change_words: Option<Text>,
    /// Standards and rules used, by id; the one that gives the classes first.
    pub standards: Vec<String>,
    /// Weakest confidence of what it rests on.
    pub confidence: Confidence,
    /// What a reader must know of the whole; what concerns one point stands with it.
    pub notes: Vec<Text>,
    /// Whether anything in it is made up for demonstration (模拟).
    pub simulated: bool,
}

/// Judges the selected points of a look's year.
pub fn points_of(look: &dyn Look, medium: Medium, selection: &Selection) -> Points {
    let year = look.year();
    let mut rows: BTreeMap<&str, Vec<&Point>> = BTreeMap::new();
    for point in look.points(medium) {
        let network = selection.network.as_deref().is_none_or(|own| point.is_in(own));
        if network && (selection.kinds.is_empty() || selection.kinds.contains(&point.kind)) {
            rows.entry(&point.code).or_default().push(point);
        }
    }
    let first = year.first_day().month();
    let most = selection.month.or(selection.through).unwrap_or(year.last_day().month());
    let has = |at: Month| rows.keys().any(|code| look.month(code, at).is_some_and(|own| !own.values.is_empty()));
    // Every month is looked at, also those without values: what comes into one of them changes the result.
    let with_values: Vec<Month> = (first.0..first.0 + MONTHS).map(Month).filter(|at| has(*at)).collect();
    let through = selection.month.or_else(|| with_values.iter().rev().find(|at| **at <= most).copied());
    let end = through.unwrap_or(most);
    let Some((rules, _)) = look.catalog().monitoring(medium.code(), last_day(end)) else { return Points::default() };
    let benches = Benches::new(look.catalog(), rules);
    let one = |(code, rows): (&&str, &Vec<&Point>)| {
        let needed = selection.month.map(|_| 1).or(selection.needed);
        let from = selection.month.unwrap_or(first);
        let assumed = look.assumed(code, "class");
        let options = YearOptions { from, through: end, needed, assumed, items: None };
        judged_year(&benches, rows, year, |at| look.month(code, at), options)
    };
    let list = rows.iter().filter_map(one).collect();
    let elapsed = match selection.month {
        Some(_) => 1,
        None => through.map_or(0, |own| (own.0 - first.0 + 1).clamp(0, MONTHS) as u32),
    };
    Points { list, through, elapsed }
}

/// The page of a medium: an area's points in a year, or in one month of it.
pub fn medium_year(world: &World, medium: Medium, area: &str, year: Year, selection: &Selection) -> MediumYear {
    let look = Plain { world, area, year };
    let points = points_of(&look, medium, selection);
    let catalog = look.catalog();
    let classed: Vec<(&str, usize)> = points.list.iter().filter_map(|own| class_of(own)).collect();
    let judged = points.list.iter().filter(|own| own.good.is_some()).count() as u32;
    let good = points.list.iter().filter(|own| own.good == Some(true)).count() as u32;
    let end = last_day(points.through.unwrap_or(year.last_day().month()));
    let rules = catalog.monitoring(medium.code(), end).map(|(rules, _)| rules);
    let before = rules.and_then(|rules| rules.evaluation.as_deref()).and_then(|id| catalog.surface_evaluation(id));
    let change = before.and_then(|evaluation| {
        let back = |month: Month| Month(month.0 - MONTHS);
        let selection =
            Selection { through: points.through.map(back), month: selection.month.map(back), ..selection.clone() };
        let last = points_of(&Plain { world, area, year: Year(year.0 - 1) }, medium, &selection);
        let (then, now, count) = shares_of_both(look.catalog(), &last.list, &points.list)?;
        Some((evaluation.share_change(then, now), then, now, count))
    });
    let mut own = MediumYear {
        medium,
        year,
        shares: shares(catalog, &classed),
        unjudged: points.list.len() as u32 - judged,
        good: percent(good, judged),
        monthly: monthly(catalog, &points.list),
        bodies: rules.map(|rules| bodies(catalog, rules, &points.list)).unwrap_or_default(),
        change_words: change.as_ref().map(|(change, then, now, count)| words::change(change, *then, *now, *count)),
        change: change.map(|(change, ..)| change),
        standards: Vec::new(),
        confidence: Confidence::Confirmed,
        notes: Vec::new(),
        simulated: points.list.iter().any(|own| own.simulated),
        points,
    };
    own.account();
    own
}

impl MediumYear {
    fn account(&mut self) {
        for point in &self.points.list {
            for id in &point.standards {
                if !self.standards.contains(id) {
                    self.standards.push(id.clone());
                }
            }
            self.confidence = self.confidence.and(point.confidence);
        }
        let late =
            self.points.list.iter().filter(|own| own.class.is_some() && !own.enough(self.points.elapsed)).count();
        if late > 0 {
            self.notes.push(words::points_with_few_months(late));
        }
    }
}

/// The standard and class of a judged point.
fn class_of(own: &PointYear) -> Option<(&str, usize)> {
    Some((own.verdict()?.standard.as_str(), own.class?))
}

/// Points by class, every class of every standard in use, the best first.
fn shares(catalog: &standards::Catalog, classed: &[(&str, usize)]) -> Vec<ClassShare> {
    let mut used: Vec<&str> = Vec::new();
    classed.iter().for_each(|(standard, _)| {
        if !used.contains(standard) {
            used.push(standard);
        }
    });
    let mut found = Vec::new();
    for limits in used.into_iter().filter_map(|id| catalog.limits(id)) {
        let own: Vec<usize> = classed.iter().filter(|(id, _)| *id == limits.id).map(|(_, class)| *class).collect();
        found.extend((1..=limits.classes.len()).map(|class| share(limits, class, &own)));
    }
    found
}

fn share(limits: &Limits, class: usize, own: &[usize]) -> ClassShare {
    let count = own.iter().filter(|at| **at == class).count() as u32;
    ClassShare {
        standard: limits.id.clone(),
        class: limits.classes[class - 1].id.clone(),
        color: limits.classes[class - 1].color.clone(),
        good: class <= limits.reference,
        count,
        percent: percent(count, own.len() as u32),
    }
}

fn monthly(catalog: &standards::Catalog, points: &[PointYear]) -> Vec<MonthShares> {
    let mut found = Vec::new();
    for at in 0..MONTHS as usize {
        let own: Vec<_> = points.iter().filter_map(|point| point.months.get(at)).collect();
        let Some(month) = own.first().map(|first| first.month) else { continue };
        let classed: Vec<(&str, usize)> = own
            .iter()
            .filter_map(|month| month.judged.first())
            .filter_map(|judged| Some((judged.standard.as_str(), judged.verdict.class?)))
            .collect();
        let judged = own.iter().filter(|month| month.good.is_some()).count() as u32;
        let good = own.iter().filter(|month| month.good == Some(true)).count() as u32;
        if judged > 0 {
            found.push(MonthShares { month, shares: shares(catalog, &classed), judged, good: percent(good, judged) });
        }
    }
    found
}

/// Shares of good and bad points [%].
type GoodAndBad = (Ratio, Ratio);

/// Shares before and after, over the points judged in both, and how many these are.
fn shares_of_both(
    catalog: &standards::Catalog,
    before: &[PointYear],
    after: &[PointYear],
) -> Option<(GoodAndBad, GoodAndBad, u32)> {
    let mut counts = [0_u32; 4];
    let mut count = 0;
    for now in after {
        let Some(then) = before.iter().find(|own| own.point.code == now.point.code) else { continue };
        let (Some((old, was)), Some((new, is))) = (class_of(then), class_of(now)) else { continue };
        let (old, new) = (catalog.limits(old)?, catalog.limits(new)?);
        count += 1;
        for (at, (limits, class)) in [(old, was), (new, is)].into_iter().enumerate() {
            counts[at * 2] += u32::from(class <= limits.reference);
            counts[at * 2 + 1] += u32::from(class == limits.classes.len());
        }
    }
    let share = |at: usize| percent(counts[at], count);
    Some(((share(0)?, share(1)?), (share(2)?, share(3)?), count))
}

/// A part of a count [%].
pub(super) fn percent(part: u32, of: u32) -> Option<Ratio> {
    (of > 0).then(|| Ratio::new(i128::from(part) * 100, i128::from(of)))
}
