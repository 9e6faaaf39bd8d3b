//! Judged points → the share of those whose class of the year is one of some: Ⅰ–Ⅲ, 劣Ⅴ, Ⅴ, above the screening value.

use crate::definition::Definition;
use crate::graph::{NodeValue, Part, Reader};
use crate::media::bench::Benches;
use crate::media::indicators::frame::{Of, Stated, framed, part};
use crate::media::indicators::words;
use crate::media::look::Look;
use crate::media::medium_year::{Points, percent};
use crate::media::month::last_day;
use crate::media::point_year::{MONTHS, PointYear, YearOptions, judged_year};
use domain::{Month, Ratio, Text};
use serde::Deserialize;
use standards::media::Verdict;

/// Which classes are counted, and by which other account beside.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which points.
    pub of: Of,
    /// Ids of the classes that are counted.
    pub classes: Vec<String>,
    /// Item of a fact that states, a point and a year, the class with upstream inflow deducted (1 is the best): the
    /// share with it stands beside the raw one.
    #[serde(default)]
    pub deducted: Option<String>,
    /// A monitoring programme: only its items and those that exceeded make the class.
    #[serde(default)]
    pub programme: Option<String>,
}

pub(crate) fn compute(rule: &Rule, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
    let mut points = rule.of.points(reader);
    if points.list.is_empty() {
        return rule.of.no_points();
    }
    if let Some(programme) = &rule.programme
        && judge_by_programme(programme, reader, &mut points).is_none()
    {
        return NodeValue::absent(words::no_rule(programme));
    }
    if let Some(unknown) = unknown_class(rule, reader, &points) {
        return NodeValue::absent(words::no_class(unknown));
    }
    let counted: Vec<bool> = points.list.iter().map(|own| own.enough(points.elapsed)).collect();
    let n = counted.iter().filter(|own| **own).count() as u32;
    let hit = |own: &PointYear| rule.classes.contains(&own.class_id);
    let hits = points.list.iter().zip(&counted).filter(|(own, counted)| **counted && hit(own)).count() as u32;
    let exact = percent(hits, n);
    let why = words::class_share(hits, n, points.list.len() as u32, &rule.classes);
    let mut value = framed(definition, &points, exact, why);
    value.n = n;
    value.counts = words::counted(rule.of.medium);
    value.valid = n > 0 && n == value.of && points.is_whole_year();
    let one = |(own, counted): (&PointYear, &bool)| {
        let share = percent(u32::from(hit(own)), n).filter(|_| *counted);
        Part { contribution: share, ..part(reader, own, *counted) }
    };
    value.parts = points.list.iter().zip(&counted).map(one).collect();
    value.notes.extend(points.list.iter().flat_map(|own| own.notes.iter().map(|note| words::of_point(own, note))));
    if let Some(item) = &rule.deducted {
        deduct(rule, item, reader, &points, &mut value);
    }
    value
}

/// A class of the rule that no standard in use has: counting it would make a share of nothing pass for zero.
fn unknown_class<'r>(rule: &'r Rule, reader: &Reader<'_>, points: &Points) -> Option<&'r str> {
    let used: Vec<_> = points.list.iter().filter_map(|own| reader.catalog().limits(&own.verdict()?.standard)).collect();
    let known = |class: &str| used.iter().any(|limits| limits.classes.iter().any(|own| own.id == class));
    rule.classes.iter().find(|class| !used.is_empty() && !known(class)).map(String::as_str)
}

/// The share with upstream inflow deducted, beside the raw one, and what was deducted.
fn deduct(rule: &Rule, item: &str, reader: &Reader<'_>, points: &Points, value: &mut NodeValue) {
    let period = reader.year().to_string();
    let (mut n, mut hits, mut changed, mut facts) = (0, 0, Vec::new(), Stated::default());
    for (at, own) in points.list.iter().enumerate() {
        let number = facts.number(reader, &own.point.code, item, &period);
        let stated = number.and_then(|class| class_of(reader, own, class));
        let enough = own.enough(points.elapsed);
        let class = stated.clone().or_else(|| enough.then(|| own.class_id.clone()));
        n += u32::from(class.is_some());
        hits += u32::from(class.is_some_and(|class| rule.classes.contains(&class)));
        if let Some(class) = stated.filter(|class| *class != own.class_id) {
            value.parts[at].why = words::deducted(&value.parts[at].why, &class);
            changed.push(own.point.name());
        }
    }
    facts.into_value(value);
    let share: Option<Ratio> = percent(hits, n);
    value.variants.push((words::deducted_title(), share.map(|share| share.round(value.digits))));
    value.notes.push(words::deducted_points(&changed));
}

/// The id of the class that a fact states by its number.
fn class_of(reader: &Reader<'_>, own: &PointYear, class: Ratio) -> Option<String> {
    let limits = reader.catalog().limits(&own.verdict()?.standard)?;
    let whole = class.reduced();
    let at = usize::try_from(whole.num()).ok().filter(|_| whole.den() == 1)?;
    Some(limits.class(at)?.id.clone())
}

/// Judges each point again by the items of a programme and those that exceeded this year or the year before.
/// `None` without such a programme.
fn judge_by_programme(id: &str, reader: &Reader<'_>, points: &mut Points) -> Option<()> {
    let look: &dyn Look = reader;
    let programme = look.catalog().programme(id)?;
    reader.standards(id);
    let year = look.year();
    let end = points.through.unwrap_or(year.last_day().month());
    let medium = points.list.first()?.point.medium;
    let (rules, _) = look.catalog().monitoring(medium.code(), last_day(end))?;
    let benches = Benches::new(look.catalog(), rules);
    let registered = look.points(medium);
    for own in &mut points.list {
        let code = own.point.code.clone();
        let rows: Vec<_> = registered.iter().copied().filter(|row| row.code == code).collect();
        let Some(bench) = benches.of(&own.point.kind, last_day(end)).into_iter().next() else { continue };
        let first = year.first_day().month().0 - MONTHS;
        let last_year = (first..first + MONTHS).filter_map(|at| look.month(&code, Month(at)));
        let mut verdicts: Vec<Verdict> = last_year.map(|own| bench.judge(&own.values, None).verdict).collect();
        verdicts.extend(own.months.iter().filter_map(|own| Some(own.judged.first()?.verdict.clone())));
        let exceeded = programme.exceeded(bench.limits, &verdicts);
        let counted = programme.counted(bench.limits, &exceeded);
        let items: Vec<String> =
            bench.limits.items.iter().zip(counted).filter(|(_, own)| *own).map(|(item, _)| item.code.clone()).collect();
        let assumed = look.assumed(&code, "class");
        let options = YearOptions { through: end, items: Some(&items), assumed, ..YearOptions::of(year) };
        if let Some(mut judged) = judged_year(&benches, &rows, year, |at| look.month(&code, at), options) {
            let names: Vec<Text> = exceeded.iter().map(|at| bench.limits.items[*at].name.clone()).collect();
            judged.notes.push(words::exceeded_items(&names));
            judged.standards.push(id.to_string());
            *own = judged;
        }
    }
    Some(())
}
