//! Judged sections → rivers, lakes, basins, and the area as a whole, by the rules for sets of sections.

use crate::graph::MonthValue;
use crate::media::combine::{combine, value};
use crate::media::names::{factor_to, product};
use crate::media::point_year::PointYear;
use crate::media::words;
use domain::{Ratio, Text};
use standards::Catalog;
use standards::media::{Limits, Reading, Sample};
use standards::monitoring::Monitoring;
use standards::water::{Rounding, SurfaceEvaluation, Trophic, TrophicValue};
use std::collections::BTreeMap;

/// What a set of sections is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BodyKind {
    /// 河流.
    River,
    /// 湖库.
    Lake,
    /// 流域.
    Basin,
    /// Every section of the area.
    Area,
}

/// A river, a lake, a basin or an area.
#[derive(Clone, Debug, PartialEq)]
pub struct BodyYear {
    /// Name in the register; empty for the area as a whole.
    pub name: String,
    /// What it is.
    pub kind: BodyKind,
    /// Sections or points it has.
    pub sections: u32,
    /// Of them, those judged.
    pub judged: u32,
    /// 优, 良好, 轻度污染 …
    pub grade: Option<Text>,
    /// Colour of the grade.
    pub color: String,
    /// Class of the mean, where the mean is judged.
    pub class_id: Option<String>,
    /// Share of the reference class or better [%].
    pub good: Option<Ratio>,
    /// Share of the last class [%].
    pub bad: Option<Ratio>,
    /// Main pollutants.
    pub main: Vec<BodyMain>,
    /// Trophic index of a lake.
    pub trophic: Option<BodyTrophic>,
    /// By which rule, or why there is no grade.
    pub why: Text,
}

/// A main pollutant of a set of sections.
#[derive(Clone, Debug, PartialEq)]
pub struct BodyMain {
    /// Item, by its code.
    pub item: String,
    /// Name.
    pub name: Text,
    /// Sections beyond the reference class, of all judged [%]; `None` with few sections.
    pub rate: Option<Ratio>,
    /// Exceedance of the mean, with few sections.
    pub exceed: Option<Ratio>,
}

/// The trophic state of a lake.
#[derive(Clone, Debug, PartialEq)]
pub struct BodyTrophic {
    /// The index and its parts.
    pub value: TrophicValue,
    /// The index as it is printed.
    pub shown: String,
    /// The state.
    pub state: Text,
    /// Colour.
    pub color: String,
}

/// The rules for sets of sections.
struct Rules<'a> {
    evaluation: &'a SurfaceEvaluation,
    limits: &'a Limits,
    rounding: &'a Rounding,
    trophic: Option<&'a Trophic>,
}

/// Every river, lake and basin of judged sections, and all of them together; empty where the medium has no rule for
/// sets of sections.
pub(super) fn bodies(catalog: &Catalog, monitoring: &Monitoring, points: &[PointYear]) -> Vec<BodyYear> {
    let Some(rules) = Rules::new(catalog, monitoring, points) else { return Vec::new() };
    let lake = |own: &PointYear| monitoring.lakes.contains(&own.point.kind);
    let mut groups: BTreeMap<(BodyKind, &str), Vec<&PointYear>> = BTreeMap::new();
    for point in points {
        let kind = if lake(point) { BodyKind::Lake } else { BodyKind::River };
        for (kind, name) in [(kind, &point.point.water_body), (BodyKind::Basin, &point.point.basin)] {
            if !name.is_empty() {
                groups.entry((kind, name)).or_default().push(point);
            }
        }
        groups.entry((BodyKind::Area, "")).or_default().push(point);
    }
    groups.into_iter().map(|((kind, name), points)| rules.body(kind, name, &points)).collect()
}

impl<'a> Rules<'a> {
    fn new(catalog: &'a Catalog, monitoring: &Monitoring, points: &[PointYear]) -> Option<Rules<'a>> {
        Some(Rules {
            evaluation: catalog.surface_evaluation(monitoring.evaluation.as_deref()?)?,
            limits: catalog.limits(&points.iter().find_map(PointYear::verdict)?.standard)?,
            rounding: catalog.rounding(monitoring.rounding.as_deref()?)?,
            trophic: monitoring.trophic.as_deref().and_then(|id| catalog.trophic(id)),
        })
    }

    fn body(&self, kind: BodyKind, name: &str, points: &[&PointYear]) -> BodyYear {
        let own = |point: &&&PointYear| point.verdict().is_some_and(|own| own.standard == self.limits.id);
        let judged: Vec<&&PointYear> = points.iter().filter(own).filter(|point| point.class.is_some()).collect();
        let samples: Vec<Sample> = judged.iter().filter_map(|own| Some(own.verdict()?.sample.clone())).collect();
        let mut body = BodyYear {
            name: name.to_string(),
            kind,
            sections: points.len() as u32,
            judged: samples.len() as u32,
            grade: None,
            color: String::new(),
            class_id: None,
            good: None,
            bad: None,
            main: Vec::new(),
            trophic: None,
            why: words::no_section_judged(),
        };
        match kind {
            BodyKind::Lake => self.lake(&mut body, &judged, &samples),
            BodyKind::River | BodyKind::Basin | BodyKind::Area => self.river(&mut body, &samples),
        }
        body
    }

    fn river(&self, body: &mut BodyYear, samples: &[Sample]) {
        let Some(river) = self.evaluation.river(self.limits, self.rounding, samples) else { return };
        (body.good, body.bad) = (Some(river.good), Some(river.bad));
        body.main = river.main.iter().map(|own| self.main(own.item, own.rate, own.exceed)).collect();
        if let Some(grade) = river.grade.and_then(|at| self.evaluation.grades.get(at)) {
            (body.grade, body.color) = (Some(grade.name.clone()), grade.color.clone());
        }
        if let Some(mean) = &river.mean {
            self.grade_of_class(body, mean.class);
        }
        body.why = words::river_rule(river.sections, self.evaluation.few_sections);
    }

    fn lake(&self, body: &mut BodyYear, points: &[&&PointYear], samples: &[Sample]) {
        let Some(verdict) = self.evaluation.lake(self.limits, self.rounding, samples) else { return };
        let main = self.limits.main_items(&verdict);
        body.main = main.iter().map(|own| self.main(own.item, None, own.exceed)).collect();
        self.grade_of_class(body, verdict.class);
        body.why = words::lake_rule(samples.len());
        body.trophic = self.trophic.and_then(|rule| trophic(rule, points));
    }

    fn main(&self, item: usize, rate: Option<Ratio>, exceed: Option<Ratio>) -> BodyMain {
        let own = &self.limits.items[item];
        BodyMain { item: own.code.clone(), name: own.name.clone(), rate, exceed }
    }

    fn grade_of_class(&self, body: &mut BodyYear, class: Option<usize>) {
        let Some(class) = class.and_then(|class| self.limits.class(class)) else { return };
        body.class_id = Some(class.id.clone());
        (body.grade, body.color) = (Some(class.name.clone()), class.color.clone());
    }
}

/// The trophic index of a lake from the means of its points.
fn trophic(rule: &Trophic, points: &[&&PointYear]) -> Option<BodyTrophic> {
    let mean = |parameter: &str, unit: &str| {
        let readings: Vec<Reading> =
            points.iter().filter_map(|own| own.values.get(parameter)).map(|own| own.value.reading).collect();
        let mean = value(combine(Default::default(), &readings)?)?;
        Some(product(mean, factor_to(parameter, unit)?).to_f64())
    };
    let values: Vec<Option<f64>> = rule.items.iter().map(|own| mean(&own.item.parameter, &own.item.unit)).collect();
    let value = rule.evaluate(&values)?;
    let (state, _) = rule.grades.get(value.grade?)?;
    Some(BodyTrophic {
        shown: format!("{:.*}", SHOWN_PLACES, value.index),
        state: state.name.clone(),
        color: state.color.clone(),
        value,
    })
}

/// Decimal places in which a trophic index is shown on pages.
const SHOWN_PLACES: usize = 1;

/// The values of a year as a month's, for what judges months.
pub(super) fn year_values(own: &PointYear) -> BTreeMap<String, MonthValue> {
    own.values.iter().map(|(parameter, own)| (parameter.clone(), own.value)).collect()
}
