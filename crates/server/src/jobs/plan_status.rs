//! A plan, the values computed for it and the values reported → where each indicator stands.

use crate::answers::plan::{
    Budget, Costs, Group, HistoryPoint, IndicatorPage, ItemDays, PastRow, PathPoint, Plan, PlanRow, PlanStatus,
    PollutantCost, PollutedDay, StationCost, TargetRow, ValueText,
};
use crate::answers::{Number, Text};
use crate::catalogs::Catalogs;
use crate::clock;
use crate::data::View;
use crate::jobs::areas::years_of;
use crate::jobs::city::{Asked, city};
use crate::jobs::judge::{AreaYear, Judged, judge};
use crate::trouble::Trouble;
use domain::{Area, Day, Record, Table, Year};
use indicators::air::{air_value, costs, days_so_far};
use indicators::graph::NodeKey;
use indicators::plan::{self, BudgetTarget, ComputedValue, PlanIndicator, budget, history, path, plan_status_of};
use indicators::{DayClass, Method};

/// A plan applied to an area's year.
#[derive(Clone, Debug)]
pub struct PlanAsk {
    /// Plan id.
    pub plan: String,
    /// Area, year, rules.
    pub year: AreaYear,
}

/// A plan as an answer.
pub fn plan_answer(catalogs: &Catalogs, id: &str) -> Result<Plan, Trouble> {
    let own = find(catalogs, id)?;
    Ok(Plan {
        id: own.id.clone(),
        title: (&own.title).into(),
        area: own.area.clone(),
        from: own.from,
        to: own.to,
        base_year: own.base_year,
        groups: own.groups.iter().map(|group| Group { id: group.id.clone(), title: (&group.title).into() }).collect(),
        source: (&own.source).into(),
    })
}

/// The plan that is meant: the named one, or else the area's own.
pub fn plan_of(view: &View, area: &Area, named: Option<&str>) -> Result<String, Trouble> {
    match named {
        Some(id) => find(&view.data.catalogs, id).map(|plan| plan.id.clone()),
        None if !area.plan.is_empty() => Ok(area.plan.clone()),
        None => named_or_only(&view.data.catalogs, None),
    }
}

/// The named plan, or the only one there is.
pub fn named_or_only(catalogs: &Catalogs, named: Option<&str>) -> Result<String, Trouble> {
    let ids: Vec<&str> = catalogs.plans.iter().map(|plan| plan.id.as_str()).collect();
    match (named, ids.as_slice()) {
        (Some(id), _) => find(catalogs, id).map(|plan| plan.id.clone()),
        (None, [only]) => Ok(only.to_string()),
        (None, _) => Err(Trouble::bad(
            "which-plan",
            format!("请用 --plan 指明规划：{}。", ids.join(", ")),
            format!("say which plan with --plan: {}.", ids.join(", ")),
        )),
    }
}

/// Where every indicator of a plan stands.
pub fn status(view: &View, ask: &PlanAsk) -> Result<PlanStatus, Trouble> {
    let plan = find(&view.data.catalogs, &ask.plan)?;
    let computed = computed(view, plan, &ask.year)?;
    let reported = reported(view, &ask.year.area)?;
    let status = plan_status_of(plan, &ask.year.area.id, ask.year.year.0, &computed, &reported);
    Ok(PlanStatus {
        plan: status.plan.clone(),
        area: status.area.clone(),
        year: status.year,
        rows: status.rows.iter().map(row).collect(),
        past: status.past.iter().map(past).collect(),
        targets: status.targets.iter().map(target).collect(),
        counts: status.counts.iter().map(|(state, count)| (state.to_string(), *count)).collect(),
    })
}

/// Everything of one indicator of a plan.
pub fn indicator_page(view: &View, ask: &PlanAsk, no: u16) -> Result<IndicatorPage, Trouble> {
    let plan = find(&view.data.catalogs, &ask.plan)?;
    let own = plan.row(no).ok_or_else(|| {
        let last = plan.rows.iter().map(|row| row.no).max().unwrap_or(0);
        Trouble::not_found(
            "no-such-indicator",
            format!("规划 {} 没有第 {no} 项指标，共有 {last} 项。请从总览页选择。", plan.id),
            format!("plan {} has no indicator {no}; it has {last}. Choose one on the overview.", plan.id),
        )
    })?;
    let computed = computed(view, plan, &ask.year)?;
    let reported = reported(view, &ask.year.area)?;
    let status = plan_status_of(plan, &ask.year.area.id, ask.year.year.0, &computed, &reported);
    let found = status.rows.iter().find(|row| row.no == no).expect("every row of the plan has a status");
    let own_area = ask.year.area.id == plan.area;
    let points = history(plan, no, &computed, &reported);
    let (budget, costs) = day_parts(view, own, &ask.year)?;
    Ok(IndicatorPage {
        row: row(found),
        history: points.iter().map(point).collect(),
        path: if own_area {
            path(own).into_iter().map(|(year, value)| PathPoint { year, value: value.map(Number) }).collect()
        } else {
            Vec::new()
        },
        budget,
        costs,
    })
}

/// Budget and costs, for an indicator that is a share of good days and an area with measurements.
fn day_parts(view: &View, row: &PlanIndicator, ask: &AreaYear) -> Result<(Option<Budget>, Option<Costs>), Trouble> {
    let definitions = &view.data.catalogs.definitions;
    let definition = row.indicator.as_deref().and_then(|id| definitions.get(id));
    let good_share = definition.is_some_and(|own| own.method == Method::DayShare(DayClass::Good));
    let judged = judge(view, ask)?;
    if !good_share || !judged.has_data() {
        return Ok((None, None));
    }
    Ok((BudgetTarget::of(row).map(|target| day_budget(view, &judged, &target)), Some(day_costs(&judged))))
}

fn day_budget(view: &View, judged: &Judged, target: &BudgetTarget) -> Budget {
    let today = view.as_of.map_or_else(clock::today, |moment| moment.civil().0);
    let year = judged.year.year;
    let newest = judged.year.city.iter().rev().find(|day| day.cell.aqi.is_some()).map(|day| day.day);
    let until = if today > year.last_day() { year.last_day() } else { newest.unwrap_or(Day(today.0 - 1)) };
    let so_far = days_so_far(&judged.year, until);
    let own = budget(target, year, &so_far);
    Budget {
        year: own.year,
        days_in_year: own.days_in_year,
        good_days_needed: own.good_days_needed,
        good_so_far: own.good_so_far,
        polluted_so_far: own.polluted_so_far,
        days_left: own.days_left,
        polluted_affordable: own.polluted_affordable as i32,
        reachable: own.reachable,
        text: own.text.into(),
    }
}

fn day_costs(judged: &Judged) -> Costs {
    let own = costs(&judged.year);
    let name = |item: &str| {
        let known = judged.year.items().iter().find(|own| own.item == item);
        Text::same(known.map_or(item, |known| known.item.as_str()))
    };
    let items = |counts: &[(String, u32)]| {
        counts.iter().map(|(item, days)| ItemDays { item: item.clone(), days: *days }).collect()
    };
    Costs {
        polluted_days: own.days.len() as u32,
        by_pollutant: own
            .by_pollutant
            .iter()
            .map(|(item, days)| PollutantCost { item: item.clone(), name: name(item), days: *days })
            .collect(),
        by_station: own
            .by_station
            .iter()
            .map(|station| StationCost {
                station: station.station.clone(),
                name: judged.station_name(&station.station),
                station_days: station.station_days,
                by_pollutant: items(&station.by_pollutant),
            })
            .collect(),
        days: own
            .days
            .iter()
            .map(|(day, aqi, primary)| PollutedDay { date: day.to_string(), aqi: Some(*aqi), primary: primary.clone() })
            .collect(),
    }
}

/// The years whose values are looked at: every one from the base year up to the asked one for the plan's own area,
/// the asked year for another area.
pub fn years(plan: &plan::Plan, ask: &AreaYear) -> Vec<i16> {
    let own_area = ask.area.id == plan.area;
    let first = if own_area { plan.base_year.min(ask.year.0) } else { ask.year.0 };
    (first..=ask.year.0).collect()
}

/// The values that data give to the plan's indicators and targets.
pub fn computed(view: &View, plan: &plan::Plan, ask: &AreaYear) -> Result<Vec<ComputedValue>, Trouble> {
    let mut values = of_air(view, plan, ask)?;
    let definitions = &view.data.catalogs.definitions;
    let ids = plan.rows.iter().filter_map(|row| row.indicator.as_deref());
    let mut ids: Vec<&str> = ids.chain(plan.targets.iter().filter_map(|own| own.computed_by.as_deref())).collect();
    ids.sort_unstable();
    ids.dedup();
    let kept = city(view)?;
    let mut asked = Asked::new(view, &kept);
    for definition in ids.into_iter().filter_map(|id| definitions.get(id)) {
        if !matches!(definition.method, Method::Graph(_)) {
            continue;
        }
        for year in years(plan, ask) {
            let node = asked.value(&definition.id, &ask.area.id, year)?;
            let key = NodeKey::new(&definition.id, &ask.area.id, year);
            values.push(ComputedValue::of_node(&key, &definition.unit, &node));
        }
    }
    Ok(values)
}

/// The values of the air: every measured year up to the asked one for the plan's own area, the asked year for another
/// area.
fn of_air(view: &View, plan: &plan::Plan, ask: &AreaYear) -> Result<Vec<ComputedValue>, Trouble> {
    let own_area = ask.area.id == plan.area;
    let measured = years_of(view, &view.stations(&ask.area.id)?)?;
    let wanted = |year: &i16| *year == ask.year.0 || (own_area && *year <= ask.year.0);
    let definitions = &view.data.catalogs.definitions;
    let mut values = Vec::new();
    for year in measured.into_iter().filter(wanted) {
        let judged = judge(view, &AreaYear { year: Year(year), ..ask.clone() })?;
        if !judged.has_data() {
            continue;
        }
        for id in plan.rows.iter().filter_map(|row| row.indicator.as_deref()) {
            let Some(definition) = definitions.of_air().find(|own| own.id == id) else { continue };
            let value = air_value(&judged.year, definition);
            values.push(ComputedValue::of_air(Year(year), definition, &value));
        }
    }
    Ok(values)
}

/// What was reported for an area.
pub fn reported(view: &View, area: &Area) -> Result<Vec<Record>, Trouble> {
    let mut records = view.snapshot.records(Table::Reported)?;
    records.retain(|record| record.get("area") == area.id);
    Ok(records)
}

/// A plan of the catalog.
pub fn find<'a>(catalogs: &'a Catalogs, id: &str) -> Result<&'a plan::Plan, Trouble> {
    catalogs.plans.get(id).ok_or_else(|| {
        let known = catalogs.plans.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>().join(", ");
        Trouble::not_found(
            "no-such-plan",
            format!("没有规划“{id}”。现有：{known}。"),
            format!("there is no plan `{id}`. There are: {known}."),
        )
    })
}

fn value_text(value: &plan::ValueText) -> ValueText {
    ValueText { text: value.shown().to_string(), number: value.number.map(Number), kind: value.kind.code().to_string() }
}

pub(super) fn row(own: &plan::PlanRow) -> PlanRow {
    PlanRow {
        no: own.no,
        id: own.id.clone(),
        title: (&own.title).into(),
        unit: own.unit.clone(),
        group: own.group.clone(),
        attribute: own.attribute.code().to_string(),
        base: value_text(&own.base),
        target: value_text(&own.target),
        cumulative: value_text(&own.cumulative),
        target_year: own.target_year,
        value: own.value.as_ref().map(value_text),
        value_year: own.value_year,
        source: own.source.map(|source| source.code().to_string()),
        path: own.path.map(Number),
        state: own.state.code().to_string(),
        why: (&own.why).into(),
        indicator: own.indicator.clone(),
        document: own.document.clone(),
        confidence: own.confidence.into(),
    }
}

pub(super) fn past(own: &plan::PastRow) -> PastRow {
    PastRow {
        group: (&own.group).into(),
        title: (&own.title).into(),
        unit: own.unit.clone(),
        base2015: value_text(&own.base),
        target2020: value_text(&own.target),
        actual2020: value_text(&own.actual),
        attribute: own.attribute.code().to_string(),
        done: (&own.done).into(),
    }
}

pub(super) fn target(own: &plan::TargetRow) -> TargetRow {
    TargetRow {
        id: own.id.clone(),
        quote: own.quote.clone(),
        value: own.value.clone(),
        deadline: own.deadline.clone(),
        line: own.line,
        state: own.state.code().to_string(),
        why: (&own.why).into(),
    }
}

fn point(own: &plan::HistoryPoint) -> HistoryPoint {
    HistoryPoint {
        year: own.year,
        value: Some(value_text(&own.value)),
        source: Some(own.source.code().to_string()),
        document: own.document.clone(),
        confidence: own.confidence.into(),
    }
}
