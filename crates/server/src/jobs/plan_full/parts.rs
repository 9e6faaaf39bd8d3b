//! What one of a plan's indicators is made of: parts, accounts, standards, documents, the areas below.

use super::standing::Standing;
use super::{evidence, forecast, missing, variants};
use crate::answers::Text;
use crate::answers::plan_full::{
    AreaPart, AssumptionKind, AssumptionValue, IndicatorPart, IndicatorParts, PartLink, UsedStandard,
};
use crate::data::View;
use crate::jobs::city::{Asked, city};
use crate::jobs::plan_status::PlanAsk;
use crate::trouble::Trouble;
use domain::{ProjectState, Ratio};
use indicators::graph::{NodeValue, Part, World};
use indicators::plan::{PlanIndicator, PlanRow, ValueSource, print};

/// Decimal places of contributions and exact values, for showing.
const PLACES: u32 = 6;

/// The parts of an indicator.
pub fn parts(view: &View, ask: &PlanAsk, no: u16) -> Result<IndicatorParts, Trouble> {
    let own = Standing::of(view, ask)?;
    let (row, status) = find(&own, no)?;
    let empty = NodeValue::absent(status.why.clone());
    let node = own.node(row.indicator.as_deref()).unwrap_or(&empty);
    let kept = city(view)?;
    let areas = areas(view, ask, row)?;
    let asked = Asked::new(view, &kept);
    let (forecast, forecast_why) = match forecast::of_row(&own, row, status) {
        Ok(forecast) => (Some(forecast), None),
        Err(why) => (None, Some(why)),
    };
    let used = Some(node).filter(|_| status.source == Some(ValueSource::Computed));
    Ok(IndicatorParts {
        no,
        year: own.year(),
        area: ask.year.area.id.clone(),
        value: node
            .value
            .map(|value| print(value, node.digits))
            .or_else(|| node.words.as_ref().map(|words| words.zh.clone())),
        exact: node.exact.map(|exact| exact.to_string()),
        unit: row.unit.clone(),
        n: node.n,
        of: node.of,
        valid: node.valid,
        confidence: node.confidence.and(row.confidence).into(),
        why: (&node.why).into(),
        part_name: (&node.counts).into(),
        parts: node.parts.iter().map(|part| shown(part, asked.world())).collect(),
        variants: variants(status, Some(node)),
        standards: standards(view, node),
        documents: node.documents.clone(),
        notes: node.notes.iter().map(Text::from).collect(),
        missing: missing(&own, row, status, own.node(row.indicator.as_deref())),
        areas,
        assume: assumable(node, asked.world(), view),
        forecast,
        forecast_why,
        bodies: own.bodies(&no.to_string()),
        evidence: evidence(&own, &no.to_string(), status, used),
        simulated: node.simulated,
    })
}

/// A row of the plan and where it stands.
pub(super) fn find<'s>(own: &'s Standing<'_>, no: u16) -> Result<(&'s PlanIndicator, &'s PlanRow), Trouble> {
    let rows = own.plan.rows.iter().zip(&own.status.rows);
    rows.into_iter().find(|(row, _)| row.no == no).ok_or_else(|| {
        let (plan, last) = (&own.plan.id, own.plan.rows.iter().map(|row| row.no).max().unwrap_or(0));
        Trouble::not_found(
            "no-such-indicator",
            format!("规划 {plan} 没有第 {no} 项指标，共有 {last} 项。请从总览页选择。"),
            format!("plan {plan} has no indicator {no}; it has {last}. Choose one on the overview."),
        )
    })
}

fn shown(part: &Part, world: &World) -> IndicatorPart {
    let medium = world.city.points.iter().find(|point| point.code == part.feature).map(|point| point.medium.code());
    IndicatorPart {
        feature: part.feature.clone(),
        name: (&part.name).into(),
        value: part.value.clone(),
        met: part.met,
        contribution: part.contribution.map(decimal),
        why: (&part.why).into(),
        counted: part.counted,
        link: medium.map(|medium| PartLink {
            kind: "point".to_string(),
            id: part.feature.clone(),
            medium: Some(medium.to_string()),
            area: None,
        }),
    }
}

fn decimal(value: Ratio) -> String {
    value.round(PLACES).to_string()
}

pub(super) fn standards(view: &View, node: &NodeValue) -> Vec<UsedStandard> {
    let known = |id: &String| {
        let own = view.data.catalogs.standards.standard(id)?;
        Some(UsedStandard {
            id: id.clone(),
            number: own.number.clone(),
            title: (&own.title).into(),
            confidence: own.confidence.into(),
        })
    };
    node.standards.iter().filter_map(known).collect()
}

/// The same indicator of the areas directly below.
fn areas(view: &View, ask: &PlanAsk, row: &PlanIndicator) -> Result<Vec<AreaPart>, Trouble> {
    let Some(indicator) = row.indicator.as_deref() else { return Ok(Vec::new()) };
    let below: Vec<_> = view.areas()?.into_iter().filter(|area| area.parent == ask.year.area.id).collect();
    let kept = city(view)?;
    let mut asked = Asked::new(view, &kept);
    let mut all = Vec::new();
    for area in below {
        let value = asked.value(indicator, &area.id, ask.year.year.0)?;
        if value.of == 0 && value.value.is_none() {
            continue;
        }
        all.push(AreaPart {
            name: Text::new(&area.name_zh, if area.name_en.is_empty() { &area.name_zh } else { &area.name_en }),
            area: area.id,
            value: value.value.map(|own| print(own, value.digits)),
            n: value.n,
            of: value.of,
            why: Some((&value.why).into()),
        });
    }
    Ok(all)
}

/// What can be assumed of the parts: a class of points, the state of projects, the number of inputs.
fn assumable(node: &NodeValue, world: &World, view: &View) -> Vec<AssumptionKind> {
    let mut all = Vec::new();
    let point = node.parts.iter().find_map(|part| world.city.points.iter().find(|point| point.code == part.feature));
    if point.is_some() {
        let standards = &view.data.catalogs.standards;
        let limits = node.standards.iter().find_map(|id| standards.limits(id));
        let classes = limits.map(|limits| limits.classes.as_slice()).unwrap_or_default();
        all.push(AssumptionKind {
            item: "class".to_string(),
            name: Text::new("类别", "class"),
            unit: String::new(),
            values: classes
                .iter()
                .map(|class| AssumptionValue { value: class.id.clone(), name: (&class.name).into() })
                .collect(),
        });
    }
    if node.parts.iter().any(|part| world.city.projects.contains_key(&part.feature)) {
        let values = ProjectState::ALL
            .map(|state| AssumptionValue { value: state.code().to_string(), name: state.name().into() });
        all.push(AssumptionKind {
            item: "state".to_string(),
            name: Text::new("状态", "state"),
            unit: String::new(),
            values: values.to_vec(),
        });
    }
    all
}
