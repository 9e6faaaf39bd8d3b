//! Which series tests a value gets, and what they said of a span.

use super::desk::Desk;
use crate::answers::Text;
use crate::answers::online::curve::{QcMark, QcTest};
use domain::{Cadence, Fixed, Instant, Units};
use observe::qc::{Companions, QcFlag, QcFlags, QcPlan, QcSeries, TestKind, run};
use std::collections::BTreeMap;

/// The plan of a series, and how its values come into the plan's unit.
#[derive(Clone, Debug)]
pub struct SeriesPlan {
    /// Tests with their limits.
    pub plan: QcPlan,
    unit: Option<domain::unit::Conversion>,
}

impl SeriesPlan {
    /// For a code of a device; the plan is empty where the catalog has none, or the unit cannot be converted.
    pub fn new(desk: &Desk<'_>, (mn, code): (&str, &str), cadence: Cadence) -> SeriesPlan {
        let mut own = SeriesPlan::of_site(desk, mn, code);
        if cadence == Cadence::RealTime {
            // Limits of change are an hour's: the noise of readings half a minute apart is no change.
            own.plan.tests.retain(|planned| planned.test.kind() != TestKind::Rate);
        }
        own
    }

    fn of_site(desk: &Desk<'_>, mn: &str, code: &str) -> SeriesPlan {
        let none = SeriesPlan { plan: QcPlan::default(), unit: None };
        let Some(outlet) = desk.register.outlet_of(mn) else { return none };
        let catalog = &desk.data.catalogs.qc;
        let known = desk.data.catalogs.parameters.get(code).map(|parameter| parameter.code.as_str());
        let by_code = catalog.for_series(code, outlet.kind);
        let specific = by_code.tests.iter().any(|test| !test.unit.is_empty());
        let mut plan = match known {
            Some(own) if !specific => catalog.for_series(own, outlet.kind),
            _ => by_code,
        };
        let Some(unit) = plan.tests.iter().map(|test| test.unit.as_str()).find(|unit| !unit.is_empty()) else {
            return SeriesPlan { plan, unit: None };
        };
        let sent = desk.register.channel(mn, code).map(|channel| channel.unit.as_str()).unwrap_or(unit);
        match Units::builtin().conversion(sent, unit) {
            Ok(conversion) => SeriesPlan { plan, unit: Some(conversion) },
            Err(_) => {
                // Values in another unit cannot be held against these limits; time still can.
                plan.tests.retain(|test| test.unit.is_empty());
                SeriesPlan { plan, unit: None }
            }
        }
    }

    /// A sent value in the plan's unit; NaN when there is none.
    pub fn number(&self, value: Option<Fixed>) -> f64 {
        let converted = match &self.unit {
            Some(unit) => value.and_then(|value| unit.apply(value).ok()),
            None => value,
        };
        converted.map_or(f64::NAN, |value| value.to_f64())
    }

    /// What the tests say of each point, in order of time.
    pub fn run(&self, points: &[(Instant, Option<Fixed>)]) -> Vec<QcFlags> {
        let times = points.iter().map(|(time, _)| time.0).collect();
        let values = points.iter().map(|(_, value)| self.number(*value)).collect();
        let series = QcSeries { times: observe::qc::Times::at(times), values };
        run(&series, &self.plan, &Companions::default())
    }

    /// Tests that a value did not pass, in words.
    pub fn marks(&self, flags: QcFlags, value: Option<Fixed>) -> Vec<QcMark> {
        let number = self.number(value);
        let failed = flags.said().filter(|(_, flag)| matches!(flag, QcFlag::Suspect | QcFlag::Fail));
        let marks = failed.map(|(kind, flag)| QcMark {
            test: kind.code().to_string(),
            flag: flag.number(),
            words: self.plan.explain(kind, flag, number).map(Text::from).unwrap_or_default(),
        });
        marks.collect()
    }
}

/// Names of the tests that stand in some marks.
pub fn tests<'m>(marks: impl IntoIterator<Item = &'m QcMark>) -> Vec<QcTest> {
    let mut all: BTreeMap<String, Text> = BTreeMap::new();
    for mark in marks {
        if let Some(kind) = TestKind::from_code(&mark.test) {
            all.entry(mark.test.clone()).or_insert_with(|| kind.name().into());
        }
    }
    all.into_iter().map(|(id, title)| QcTest { id, title }).collect()
}

/// The worst of some flags, as its number; none where nothing was tested.
pub fn worst(flags: QcFlags) -> Option<u8> {
    (flags.bits() != 0).then(|| flags.aggregate().number())
}

/// How far before a span its values are read, so that tests know what came before.
pub fn lead(cadence: Cadence) -> i64 {
    match cadence {
        Cadence::RealTime | Cadence::Minute => super::asks::DAY_MS / 2,
        Cadence::Hour => 2 * super::asks::DAY_MS,
        Cadence::Day => 31 * super::asks::DAY_MS,
    }
}
