//! “If this section reached Ⅲ”: the plan's indicators under assumptions. Nothing is kept.

use super::changes::shown;
use super::standing::Standing;
use crate::answers::Text;
use crate::answers::plan_full::{ScenarioAnswer, ScenarioAsk, ScenarioRow};
use crate::data::View;
use crate::jobs::city::{Asked, city};
use crate::jobs::plan_status::PlanAsk;
use crate::trouble::Trouble;
use indicators::graph::{Assumption, Graph, NodeKey, World};
use indicators::plan::{ComputedValue, plan_status_of};
use indicators::{Definitions, Method};

/// The plan under assumptions, beside the plan as it is.
pub fn scenario(view: &View, ask: &PlanAsk, assumed: &ScenarioAsk) -> Result<ScenarioAnswer, Trouble> {
    let own = Standing::of(view, ask)?;
    let kept = city(view)?;
    let mut world = Asked::new(view, &kept).world().clone();
    world.assumed = assumed
        .assumptions
        .iter()
        .map(|own| Assumption { feature: own.feature.clone(), item: own.item.clone(), value: own.value.clone() })
        .collect();
    let definitions = &view.data.catalogs.definitions;
    let (area, year) = (&ask.year.area.id, ask.year.year.0);
    let computed: Vec<ComputedValue> =
        own.computed.iter().map(|value| recomputed(value, &world, definitions, (area, year))).collect();
    let then = plan_status_of(own.plan, area, year, &computed, &own.reported);
    let mut simulated = false;
    let mut rows = Vec::new();
    for (was, is) in own.status.rows.iter().zip(&then.rows) {
        let node = own.node(was.indicator.as_deref());
        let concerned = node.is_some_and(|node| {
            node.parts.iter().any(|part| assumed.assumptions.iter().any(|own| own.feature == part.feature))
        });
        if !concerned && shown(was) == shown(is) && was.state == is.state {
            continue;
        }
        simulated |= node.is_some_and(|node| node.simulated);
        rows.push(ScenarioRow {
            no: was.no,
            title: (&was.title).into(),
            unit: was.unit.clone(),
            before: shown(was),
            after: shown(is),
            state_before: was.state.code().to_string(),
            state_after: is.state.code().to_string(),
        });
    }
    Ok(ScenarioAnswer { rows, notes: notes(&world), simulated })
}

/// A computed value again, under the assumptions of the world; values of the air cannot be assumed away.
fn recomputed(
    value: &ComputedValue,
    world: &World,
    definitions: &Definitions,
    (area, year): (&str, i16),
) -> ComputedValue {
    let Some(definition) = definitions.get(&value.indicator) else { return value.clone() };
    if value.year != year || !matches!(definition.method, Method::Graph(_)) {
        return value.clone();
    }
    let key = NodeKey::new(&value.indicator, area, year);
    // A graph of its own: what is kept is never mixed with what is assumed.
    let node = Graph::default().value(&key, world, definitions);
    ComputedValue::of_node(&key, &definition.unit, &node)
}

/// What was assumed, and what names nothing that there is.
fn notes(world: &World) -> Vec<Text> {
    let known = |feature: &str| {
        let city = &world.city;
        city.points.iter().any(|point| point.code == feature)
            || city.projects.contains_key(feature)
            || world.areas.iter().any(|area| area.id == feature)
            || city.parcels.iter().any(|parcel| parcel.code == feature)
    };
    let told = world.assumed.iter().map(|own| {
        let (feature, item, value) = (&own.feature, &own.item, &own.value);
        if known(feature) {
            Text::new(
                format!("假设 {feature} 的 {item} 为 {value}"),
                format!("assumed: {item} of {feature} is {value}"),
            )
        } else {
            Text::new(
                format!("没有名为“{feature}”的点位、项目、图斑或区域，这一假设不起作用"),
                format!("there is no point, project, parcel or area `{feature}`: this assumption has no effect"),
            )
        }
    });
    told.collect()
}
