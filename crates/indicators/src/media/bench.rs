//! The limits that judge a kind of point on a day, joined once with the parameters they need.

use crate::graph::MonthValue;
use crate::media::names::{factor_to, product};
use domain::{Day, Ratio};
use standards::Catalog;
use standards::media::{Limits, Reading, Sample, Verdict};
use standards::monitoring::{Judge, Monitoring};
use standards::water::{Rounding, SurfaceEvaluation};
use std::collections::BTreeMap;

/// A standard of limits joined with the kind of a point.
#[derive(Debug)]
pub(super) struct Bench<'a> {
    pub limits: &'a Limits,
    /// Whether the standard is in force on the day it was asked for.
    pub in_force: bool,
    /// The words of the kind, and nothing else.
    empty: Sample,
    /// By item: what its parameter is multiplied by; `None` where its unit does not fit.
    factors: Vec<Option<Ratio>>,
    /// By number column: parameter and factor.
    numbers: Vec<Option<(&'a str, Ratio)>>,
    counted: Vec<bool>,
    rounding: Option<(&'a SurfaceEvaluation, &'a Rounding)>,
}

/// A judged sample with what it was judged from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Standard of limits, by id.
    pub standard: String,
    /// The sample as it was judged: rounded where the rules say so.
    pub sample: Sample,
    /// The judgement.
    pub verdict: Verdict,
    /// Whether it meets the reference class of the standard; `None` where nothing could be judged.
    pub good: Option<bool>,
}

/// Benches already made, by family, kind and standard.
#[derive(Debug)]
pub(super) struct Benches<'a> {
    pub catalog: &'a Catalog,
    pub rules: &'a Monitoring,
    made: std::cell::RefCell<Vec<(String, std::rc::Rc<Bench<'a>>)>>,
}

impl<'a> Benches<'a> {
    pub fn new(catalog: &'a Catalog, rules: &'a Monitoring) -> Benches<'a> {
        Benches { catalog, rules, made: std::cell::RefCell::default() }
    }

    /// Everything that judges a kind of point on a day, the one that gives the class first.
    pub fn of(&self, kind: &str, day: Day) -> Vec<std::rc::Rc<Bench<'a>>> {
        let judges = self.rules.judges.iter().filter(|own| own.kinds.iter().any(|word| word == kind));
        judges.filter_map(|judge| self.one(judge, kind, day)).collect()
    }

    fn one(&self, judge: &'a Judge, kind: &str, day: Day) -> Option<std::rc::Rc<Bench<'a>>> {
        let (limits, in_force) = self.catalog.limits_on(&judge.family, day)?;
        let mut made = self.made.borrow_mut();
        let same = |(own, bench): &&(String, std::rc::Rc<Bench<'a>>)| {
            own == kind && std::ptr::eq(bench.limits, limits) && bench.in_force == in_force
        };
        if let Some((_, bench)) = made.iter().find(same) {
            return Some(std::rc::Rc::clone(bench));
        }
        let bench = std::rc::Rc::new(Bench::new(self, judge, kind, (limits, in_force)));
        made.push((kind.to_string(), std::rc::Rc::clone(&bench)));
        Some(bench)
    }
}

impl<'a> Bench<'a> {
    fn new(benches: &Benches<'a>, judge: &'a Judge, kind: &str, (limits, in_force): (&'a Limits, bool)) -> Bench<'a> {
        let rules = benches.rules;
        let mut empty = limits.sample();
        if let Some(selector) = &judge.selector {
            empty.say(limits, selector, kind);
        }
        let number = |column: &str| {
            let own = rules.numbers.iter().find(|own| own.column == column)?;
            Some((own.parameter.as_str(), own.factor))
        };
        let rounding = judge.rounded.then(|| {
            let evaluation = benches.catalog.surface_evaluation(rules.evaluation.as_deref()?)?;
            Some((evaluation, benches.catalog.rounding(rules.rounding.as_deref()?)?))
        });
        Bench {
            limits,
            in_force,
            empty,
            factors: limits.items.iter().map(|item| factor_to(&item.parameter, &item.unit)).collect(),
            numbers: limits.numbers.iter().map(|own| number(&own.column)).collect(),
            counted: limits.default_items(),
            rounding: rounding.flatten(),
        }
    }

    /// The values of a month or a year as a sample of this standard, not rounded.
    pub fn sample(&self, values: &BTreeMap<String, MonthValue>) -> Sample {
        let mut sample = self.empty.clone();
        for (at, item) in self.limits.items.iter().enumerate() {
            if let (Some(own), Some(factor)) = (values.get(&item.parameter), self.factors[at]) {
                sample.items[at] = scaled(own.reading, factor);
            }
        }
        for (at, own) in self.numbers.iter().enumerate() {
            let value = own.and_then(|(parameter, factor)| match values.get(parameter)?.reading {
                Reading::Value(value) => Some(product(value, factor)),
                _ => None,
            });
            sample.numbers[at] = value;
        }
        sample
    }

    /// Judges values; with `counted` other items make the class.
    pub fn judge(&self, values: &BTreeMap<String, MonthValue>, counted: Option<&[bool]>) -> Judged {
        let sample = self.sample(values);
        let sample = match self.rounding {
            Some((evaluation, rounding)) => evaluation.rounded(self.limits, rounding, &sample),
            None => sample,
        };
        let verdict = self.limits.judge(&sample, counted.unwrap_or(&self.counted));
        let good = verdict.class.map(|class| class <= self.limits.reference);
        Judged { standard: self.limits.id.clone(), sample, verdict, good }
    }
}

fn scaled(reading: Reading, factor: Ratio) -> Reading {
    if factor == Ratio::new(1, 1) {
        return reading;
    }
    match reading {
        Reading::Value(value) => Reading::Value(product(value, factor)),
        Reading::Below(detection) => Reading::Below(product(detection, factor)),
        other => other,
    }
}
