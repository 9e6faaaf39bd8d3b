//! The months of a point's year → the class of each month and of the year, with everything it was made of.
//!
//! What the rules of the medium do not say is chosen and said: each month is judged under what holds on its last
//! day (the row of the register, the dated limits), the year
//! under what holds on the last day of the last month that is asked for; where these differ
//! the parts of the year are given beside.

use crate::graph::{MonthValue, PointMonth, Source};
use crate::media::bench::{Bench, Benches, Judged};
use crate::media::combine::combine;
use crate::media::month::last_day;
use crate::media::words;
use domain::{Confidence, Day, Month, Point, Text, Year};
use standards::Catalog;
use standards::media::{ItemVerdict, Reading, Verdict};
use standards::monitoring::{Monitoring, YearWay};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Months of a year.
pub(super) const MONTHS: i32 = 12;

/// A month of a point, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct PointMonthVerdict {
    /// Which.
    pub month: Month,
    /// Kind of the point in this month; empty while it is not in the register.
    pub kind: String,
    /// By each standard that judges the kind, the one that gives the class first.
    pub judged: Vec<Judged>,
    /// Whether all of them are met; `None` where none could be judged.
    pub good: Option<bool>,
    /// Why there is nothing: the point's word of the month, such as 断流.
    pub state: String,
    /// Whether anything in it is made up for demonstration (模拟).
    pub simulated: bool,
}

/// An item's value of a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct YearValue {
    /// The mean over the months (or the value of the one month that counts), not rounded.
    pub value: MonthValue,
    /// Of its months, those with automatic values.
    pub automatic: u32,
}

/// A part of a year under one kind of point and one standard.
#[derive(Clone, Debug, PartialEq)]
pub struct YearPart {
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
    /// Kind of the point.
    pub kind: String,
    /// Its months judged together; `None` where there is nothing to judge.
    pub judged: Option<Judged>,
    /// Months with values.
    pub months: u32,
}

/// A year of a point, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct PointYear {
    /// The point as it is registered at the end of the year.
    pub point: Point,
    /// Year.
    pub year: Year,
    /// January to December.
    pub months: Vec<PointMonthVerdict>,
    /// The year by each standard that judges the kind, the one that gives the class first.
    pub judged: Vec<Judged>,
    /// The values that the year was judged by, by parameter.
    pub values: BTreeMap<String, YearValue>,
    /// The class by its place in the classes of the first standard, from 1; `None` where nothing could be judged.
    pub class: Option<usize>,
    /// Its id, such as `Ⅲ`.
    pub class_id: String,
    /// Whether the reference class of every standard is met.
    pub good: Option<bool>,
    /// Whether the class is an assumption of a scenario.
    pub assumed: bool,
    /// Months with a class.
    pub n: u32,
    /// Months that a year needs; those that dried up are not needed.
    pub needed: u32,
    /// Months without a sample for a known reason, such as 断流.
    pub dry: Vec<Month>,
    /// Parts of the year, where kind or limits changed in it; else empty.
    pub parts: Vec<YearPart>,
    /// What a reader must know.
    pub notes: Vec<Text>,
    /// Standards and rules used, by id.
    pub standards: Vec<String>,
    /// Weakest confidence of what it rests on.
    pub confidence: Confidence,
    /// Whether anything in it is made up for demonstration (模拟).
    pub simulated: bool,
}

/// What is asked of a year beyond the rules of the medium.
#[derive(Clone, Copy, Debug)]
pub struct YearOptions<'a> {
    /// Only months from this one …
    pub from: Month,
    /// … up to this one, whose last day picks the kind of the point and the limits.
    pub through: Month,
    /// Months that a year needs; `None`: those of the medium's rules.
    pub needed: Option<u32>,
    /// A class assumed by a scenario.
    pub assumed: Option<&'a str>,
    /// Items that make the class, by code; `None`: those of the standard.
    pub items: Option<&'a [String]>,
}

impl YearOptions<'_> {
    /// The whole year by the rules of the medium.
    pub fn of(year: Year) -> YearOptions<'static> {
        let (from, through) = (year.first_day().month(), year.last_day().month());
        YearOptions { from, through, needed: None, assumed: None, items: None }
    }
}

impl PointYear {
    /// Whether it has the months it needs of so many that have gone by.
    pub fn enough(&self, elapsed: u32) -> bool {
        self.class.is_some() && (self.assumed || self.n + self.dry.len() as u32 >= self.needed_full().min(elapsed))
    }

    /// Months needed before those that dried up are taken off.
    fn needed_full(&self) -> u32 {
        self.needed + self.dry.len() as u32
    }

    /// The verdict that gives the class.
    pub fn verdict(&self) -> Option<&Judged> {
        self.judged.first()
    }
}

/// The judged year of one point: all rows of its register that hold in the year, by time, and its months.
///
/// `None` without a row.
pub fn point_year<'m>(
    catalog: &Catalog,
    rows: &[&Point],
    year: Year,
    months: impl Fn(Month) -> Option<&'m PointMonth>,
    options: YearOptions<'_>,
) -> Option<PointYear> {
    let medium = rows.last()?.medium;
    let (rules, _) = catalog.monitoring(medium.code(), last_day(options.through))?;
    judged_year(&Benches::new(catalog, rules), rows, year, months, options)
}

/// The same with limits already joined.
pub(super) fn judged_year<'m>(
    benches: &Benches<'_>,
    rows: &[&Point],
    year: Year,
    months: impl Fn(Month) -> Option<&'m PointMonth>,
    options: YearOptions<'_>,
) -> Option<PointYear> {
    let last_row = rows.iter().rev().find(|own| own.holds(last_day(options.through))).or(rows.last())?;
    let rules = benches.rules;
    let mut own = PointYear {
        point: (*last_row).clone(),
        year,
        months: Vec::with_capacity(MONTHS as usize),
        judged: Vec::new(),
        values: BTreeMap::new(),
        class: None,
        class_id: String::new(),
        good: None,
        assumed: false,
        n: 0,
        needed: options.needed.unwrap_or(rules.year_months),
        dry: Vec::new(),
        parts: Vec::new(),
        notes: Vec::new(),
        standards: Vec::new(),
        confidence: Confidence::Confirmed,
        simulated: last_row.simulated,
    };
    let first = year.first_day().month();
    let mut given: Vec<(Month, &PointMonth)> = Vec::new();
    let mut held: Vec<(Month, &str)> = Vec::new();
    for at in first.0..first.0 + MONTHS {
        let at = Month(at);
        let row = rows.iter().rev().find(|row| row.holds(last_day(at))).or_else(|| touching(rows, at));
        let month = months(at).filter(|_| options.from <= at && at <= options.through);
        let kind = row.map_or("", |row| row.kind.as_str());
        own.push_month(benches, at, kind, month.filter(|_| row.is_some()));
        if let (Some(month), Some(_)) = (month, row) {
            given.push((at, month));
            held.push((at, kind));
        } else if month.is_some_and(|month| !month.values.is_empty()) {
            own.notes.push(words::outside_register(at));
        }
    }
    own.needed = own.needed.saturating_sub(own.dry.len() as u32);
    own.judge_year(benches, &given, options);
    own.find_parts(benches, &given, &held);
    own.assume(benches, options);
    own.account(rules, &given);
    Some(own)
}

/// A row that holds on any day of a month.
fn touching<'a, 'b>(rows: &'a [&'b Point], at: Month) -> Option<&'a &'b Point> {
    let (first, last) = (at.first_day(), last_day(at));
    rows.iter().rev().find(|row| row.from.is_none_or(|from| from <= last) && row.to.is_none_or(|to| first <= to))
}

impl PointYear {
    fn push_month(&mut self, benches: &Benches<'_>, at: Month, kind: &str, month: Option<&PointMonth>) {
        let mut verdict = PointMonthVerdict {
            month: at,
            kind: kind.to_string(),
            judged: Vec::new(),
            good: None,
            state: String::new(),
            simulated: false,
        };
        if let Some(month) = month {
            let judged = benches.of(kind, last_day(at));
            verdict.judged = judged.iter().map(|bench| bench.judge(&month.values, None)).collect();
            verdict.good = all_good(&verdict.judged);
            verdict.simulated = month.simulated;
            self.simulated |= month.simulated;
            verdict.state.clone_from(&month.state);
            if verdict.good.is_some() || judged.is_empty() && !month.values.is_empty() {
                self.n += 1;
            } else if !month.state.is_empty() {
                self.dry.push(at);
            }
        }
        self.months.push(verdict);
    }

    fn judge_year(&mut self, benches: &Benches<'_>, given: &[(Month, &PointMonth)], options: YearOptions<'_>) {
        let rules = benches.rules;
        let latest = given.iter().rev().find(|(_, month)| !month.values.is_empty());
        let counted: Vec<(Month, &PointMonth)> = match rules.year {
            YearWay::Latest => latest.copied().into_iter().collect(),
            YearWay::Mean | YearWay::Worst => given.to_vec(),
        };
        self.values = means(rules, &counted);
        let day = match (rules.year, counted.last()) {
            (YearWay::Latest, Some((at, _))) => last_day(*at),
            _ => last_day(options.through),
        };
        let kind = self.point.kind.clone();
        let made = benches.of(&kind, day);
        if made.is_empty() && !rules.judges.is_empty() && !rules.unjudged.contains(&kind) {
            self.notes.push(words::no_limits_of_kind(&kind, rules));
        }
        self.notes.extend(made.iter().filter(|own| !own.in_force).map(|own| words::not_in_force(&own.limits.id, day)));
        let values: BTreeMap<String, MonthValue> =
            self.values.iter().map(|(parameter, own)| (parameter.clone(), own.value)).collect();
        self.judged = made
            .iter()
            .map(|bench| match rules.year {
                YearWay::Worst => worst(bench, &counted, &mut self.values),
                YearWay::Mean | YearWay::Latest => {
                    let items = options.items.map(|items| counted_items(bench, items));
                    bench.judge(&values, items.as_deref())
                }
            })
            .collect();
        self.class = self.judged.first().and_then(|own| own.verdict.class);
        self.good = all_good(&self.judged);
        self.name_class(made.first());
    }

    fn name_class(&mut self, bench: Option<&Rc<Bench<'_>>>) {
        let class = self.class.and_then(|class| bench?.limits.class(class));
        self.class_id = class.map(|own| own.id.clone()).unwrap_or_default();
    }

    /// The parts of the year, where the kind of the point or the limits are not the same in all of it.
    fn find_parts(&mut self, benches: &Benches<'_>, given: &[(Month, &PointMonth)], held: &[(Month, &str)]) {
        let mut runs: Vec<(usize, usize, Vec<Rc<Bench<'_>>>)> = Vec::new();
        for (at, (month, kind)) in held.iter().enumerate() {
            let own = benches.of(kind, last_day(*month));
            let id = |list: &[Rc<Bench<'_>>]| list.first().map(|bench| bench.limits.id.clone());
            match runs.last_mut() {
                Some((_, to, before)) if held[*to].1 == *kind && id(before) == id(&own) => *to = at,
                _ => runs.push((at, at, own)),
            }
        }
        if runs.len() < 2 {
            return;
        }
        for (from, to, made) in &runs {
            let values = means(benches.rules, &given[*from..=*to]);
            let months = given[*from..=*to].iter().filter(|(_, month)| !month.values.is_empty()).count() as u32;
            let values: BTreeMap<String, MonthValue> =
                values.into_iter().map(|(name, own)| (name, own.value)).collect();
            let judged = made.first().map(|bench| bench.judge(&values, None));
            let (from, to) = (held[*from].0, held[*to].0);
            self.parts.push(YearPart { from, to, kind: held_kind(held, from), judged, months });
        }
        self.notes.push(words::parts(benches.catalog, &self.parts, self.judged.first()));
    }

    /// Takes the class that a scenario assumes.
    fn assume(&mut self, benches: &Benches<'_>, options: YearOptions<'_>) {
        let Some(assumed) = options.assumed else { return };
        let made = benches.of(&self.point.kind, last_day(options.through));
        let Some(bench) = made.first() else { return };
        match bench.limits.classes.iter().position(|own| own.id == assumed) {
            Some(at) => {
                self.class = Some(at + 1);
                self.class_id = assumed.to_string();
                self.good = Some(at < bench.limits.reference);
                self.assumed = true;
                self.notes.push(words::assumed(assumed));
            }
            None => self.notes.push(words::unknown_class(assumed, bench.limits)),
        }
    }

    /// Standards, confidence and notes.
    fn account(&mut self, rules: &Monitoring, given: &[(Month, &PointMonth)]) {
        self.standards = self.judged.iter().map(|own| own.standard.clone()).collect();
        self.standards.push(rules.id.clone());
        self.confidence = self.judged.iter().map(|own| own.verdict.confidence).fold(rules.confidence, Confidence::and);
        if self.values.values().any(|own| own.automatic > 0) {
            self.confidence = self.confidence.and(rules.day_confidence);
        }
        if self.n < MONTHS as u32 {
            self.confidence = self.confidence.and(rules.year_confidence);
        }
        let mut fewer: BTreeMap<String, (Text, Vec<Month>)> = BTreeMap::new();
        for (at, month) in given {
            for note in &month.notes {
                fewer.entry(note.zh.clone()).or_insert_with(|| (note.clone(), Vec::new())).1.push(*at);
            }
        }
        self.notes.extend(fewer.into_values().map(|(note, months)| words::in_months(&months, &note)));
        if !self.dry.is_empty() {
            self.notes.push(words::dry_months(&self.dry));
        }
    }
}

fn held_kind(held: &[(Month, &str)], at: Month) -> String {
    held.iter().find(|(month, _)| *month == at).map_or(String::new(), |(_, kind)| (*kind).to_string())
}

/// Whether all of several judgements are met; `None` where none of them could be made.
fn all_good(judged: &[Judged]) -> Option<bool> {
    let known: Vec<bool> = judged.iter().filter_map(|own| own.good).collect();
    (!known.is_empty()).then(|| known.iter().all(|good| *good))
}

fn counted_items(bench: &Bench<'_>, items: &[String]) -> Vec<bool> {
    bench.limits.items.iter().map(|own| items.contains(&own.code)).collect()
}

/// The mean of each parameter over the months that have it.
fn means(rules: &Monitoring, months: &[(Month, &PointMonth)]) -> BTreeMap<String, YearValue> {
    let mut gathered: BTreeMap<&str, (Vec<Reading>, u32)> = BTreeMap::new();
    for (parameter, own) in months.iter().flat_map(|(_, month)| &month.values) {
        let (readings, automatic) = gathered.entry(parameter).or_default();
        readings.push(own.reading);
        *automatic += u32::from(own.source == Source::Automatic);
    }
    let value = |(parameter, (readings, automatic)): (&str, (Vec<Reading>, u32))| {
        let reading = combine(rules.mean_way(parameter), &readings)?;
        let n = readings.len() as u32;
        let source = if automatic * 2 > n { Source::Automatic } else { Source::Manual };
        let value = MonthValue { reading, source, n, of: months.len() as u32 };
        Some((parameter.to_string(), YearValue { value, automatic }))
    };
    gathered.into_iter().filter_map(value).collect()
}

/// Every month judged, and of each item the worst: its value takes the place of the mean.
fn worst(bench: &Bench<'_>, months: &[(Month, &PointMonth)], values: &mut BTreeMap<String, YearValue>) -> Judged {
    let mut all = bench.judge(&BTreeMap::new(), None);
    let mut items: BTreeMap<usize, ItemVerdict> = BTreeMap::new();
    let mut confidence: Option<Confidence> = None;
    for (_, month) in months {
        let own = bench.judge(&month.values, None);
        if own.verdict.items.is_empty() {
            continue;
        }
        for item in own.verdict.items {
            let worse =
                items.get(&item.item).is_none_or(|known| (known.class, known.exceed).lt(&(item.class, item.exceed)));
            if worse {
                items.insert(item.item, item);
                all.sample.items[item.item] = own.sample.items[item.item];
                let parameter = &bench.limits.items[item.item].parameter;
                if let (Some(kept), Some(own)) = (values.get_mut(parameter), month.values.get(parameter)) {
                    (kept.value.reading, kept.value.source) = (own.reading, own.source);
                }
            }
        }
        confidence = Some(confidence.map_or(own.verdict.confidence, |known| known.and(own.verdict.confidence)));
        for doubt in own.verdict.doubts {
            if !all.verdict.doubts.contains(&doubt) {
                all.verdict.doubts.push(doubt);
            }
        }
    }
    let class = items.values().filter(|own| own.counted).map(|own| own.class).max();
    all.verdict = Verdict {
        class,
        items: items.into_values().collect(),
        doubts: all.verdict.doubts,
        confidence: confidence.unwrap_or(bench.limits.confidence),
    };
    all.good = class.map(|class| class <= bench.limits.reference);
    all
}

/// The day by whose register and limits a month is judged.
pub fn day_of(month: Month) -> Day {
    last_day(month)
}
