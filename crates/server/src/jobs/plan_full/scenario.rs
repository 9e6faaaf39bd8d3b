//! “If this section reached Ⅲ”: the plan's indicators under assumptions. Nothing is kept.

use super::changes::shown;
use super::standing::Standing;
use crate::answers::Text;
use crate::answers::plan_full::{Assumption as AssumptionAsk, ScenarioAnswer, ScenarioAsk, ScenarioRow};
use crate::data::View;
use crate::jobs::city::{Asked, city};
use crate::jobs::plan_status::PlanAsk;
use crate::trouble::Trouble;
use domain::{Fixed, ProjectState};
use indicators::graph::{Assumption, Graph, NodeKey, World};
use indicators::plan::{ComputedValue, plan_status_of};
use indicators::{Definitions, Method};

/// The plan under assumptions, beside the plan as it is.
pub fn scenario(view: &View, ask: &PlanAsk, assumed: &ScenarioAsk) -> Result<ScenarioAnswer, Trouble> {
    let own = Standing::of(view, ask)?;
    let kept = city(view)?;
    for asked in &assumed.assumptions {
        check(asked, view, Asked::new(view, &kept).world())?;
    }
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
            // A value of another year says nothing of the asked one.
            after: shown(is).filter(|_| is.value_year == was.value_year || is.value_year == Some(year)),
            state_before: was.state.code().to_string(),
            state_after: is.state.code().to_string(),
        });
    }
    Ok(ScenarioAnswer { rows, notes: notes(&world), simulated })
}

/// Refuses what cannot be assumed: a class that no standard of the point has, a state that no project has, an item
/// that no indicator asks for, a number that is none.
fn check(own: &AssumptionAsk, view: &View, world: &World) -> Result<(), Trouble> {
    let standards = &view.data.catalogs.standards;
    let known: Vec<String> = match own.item.as_str() {
        "class" => {
            let families = standards.evaluators().filter_map(|rule| standards.limits(rule.id()));
            let point = world.city.points.iter().find(|point| point.code == own.feature);
            let day = crate::clock::today();
            let used: Vec<&str> = point
                .and_then(|point| Some((point, standards.monitoring(point.medium.code(), day)?.0)))
                .map(|(point, rules)| rules.judges_of(&point.kind).map(|judge| judge.family.as_str()).collect())
                .unwrap_or_default();
            let mine = families.filter(|limits| {
                used.is_empty() || standards.standard(&limits.id).is_some_and(|own| used.contains(&own.family.as_str()))
            });
            mine.flat_map(|limits| limits.classes.iter().map(|class| class.id.clone())).collect()
        }
        "state" => ProjectState::ALL.map(|state| state.code().to_string()).to_vec(),
        item => {
            let items = view.data.catalogs.definitions.items();
            let number = own.value.parse::<Fixed>();
            return match (items.get(item), number) {
                (Some(_), Ok(_)) => Ok(()),
                (Some(_), Err(_)) => Err(refused(own, "一个十进制数字", "a decimal number")),
                (None, _) => Err(Trouble::bad(
                    "assumption",
                    format!("没有可假设的项“{item}”；可用 class（点位类别）、state（项目状态）或统计项目编码。"),
                    format!(
                        "`{item}` is nothing that can be assumed; use class (of a point), state (of a project) or the code of a stated item."
                    ),
                )),
            };
        }
    };
    if known.contains(&own.value) {
        return Ok(());
    }
    let list = known.join(", ");
    Err(refused(own, &list, &list))
}

fn refused(own: &AssumptionAsk, zh: &str, en: &str) -> Trouble {
    let (feature, item, value) = (&own.feature, &own.item, &own.value);
    Trouble::bad(
        "assumption",
        format!("{feature} 的 {item} 不能假设为“{value}”；应为：{zh}。"),
        format!("`{item}` of {feature} cannot be `{value}`; it must be: {en}."),
    )
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
