//! The annual statistics of an area's year, and a plan's indicators beside them.

use crate::answers::Number;
use crate::answers::air::Statistic;
use crate::answers::plan::PlanRow;
use crate::data::View;
use crate::jobs::judge::{AreaYear, judge};
use crate::jobs::plan_status::{PlanAsk, status};
use crate::trouble::Trouble;
use indicators::Definition;
use indicators::air::{AirValue, air_value};

/// Every statistic of the catalog, then the rows of the plan (`plan`, or else the area's own, or none).
pub fn indicators(view: &View, ask: &AreaYear, plan: Option<&str>) -> Result<Vec<Statistic>, Trouble> {
    let mut rows = statistics(view, ask)?;
    let plan = plan.map(str::to_string).or_else(|| Some(ask.area.plan.clone()).filter(|plan| !plan.is_empty()));
    if let Some(plan) = plan {
        let status = status(view, &PlanAsk { plan, year: ask.clone() })?;
        let own: Vec<Statistic> = status.rows.iter().map(|row| planned(row, &rows)).collect();
        rows.extend(own);
    }
    Ok(rows)
}

/// Every statistic of the catalog.
pub fn statistics(view: &View, ask: &AreaYear) -> Result<Vec<Statistic>, Trouble> {
    let judged = judge(view, ask)?;
    let definitions = view.data.catalogs.definitions.of_air();
    Ok(definitions.map(|definition| statistic(definition, &air_value(&judged.year, definition))).collect())
}

fn statistic(definition: &Definition, value: &AirValue) -> Statistic {
    // A year that is not complete enough has a value, for orientation, and no verdict.
    let state = match (value.value, value.limit) {
        (Some(_), Some(_)) if !value.valid => None,
        (Some(value), Some(limit)) if value <= limit => Some("achieved"),
        (Some(_), Some(_)) => Some("behind"),
        (None, Some(_)) => Some("no-data"),
        _ => None,
    };
    Statistic {
        id: definition.id.clone(),
        title: (&definition.title).into(),
        value: value.value.map(Number),
        value_text: value.shown(),
        exact: value.exact.map(|exact| exact.to_string()),
        unit: definition.unit.clone(),
        valid: value.valid,
        n: value.n,
        of: value.of,
        target: None,
        target_text: None,
        limit: value.limit.map(Number),
        state: state.map(str::to_string),
        rules: value.rules.clone(),
        confidence: value.confidence.into(),
        all_data: value.all_data.map(Number),
        notes: value.notes.iter().map(Into::into).collect(),
    }
}

/// A row of the plan in the same form; what observations computed keeps its completeness.
fn planned(row: &PlanRow, statistics: &[Statistic]) -> Statistic {
    let computed = row.source.as_deref() == Some("computed");
    let own = statistics.iter().find(|own| computed && Some(&own.id) == row.indicator.as_ref());
    let goal =
        if row.target.number.is_none() && row.cumulative.number.is_some() { &row.cumulative } else { &row.target };
    Statistic {
        id: row.id.clone(),
        title: row.title.clone(),
        value: row.value.as_ref().and_then(|value| value.number),
        value_text: row.value.as_ref().map(|value| value.text.clone()),
        exact: own.and_then(|own| own.exact.clone()),
        unit: row.unit.clone(),
        valid: own.map_or(row.value.is_some(), |own| own.valid),
        n: own.map_or(0, |own| own.n),
        of: own.map_or(0, |own| own.of),
        target: goal.number,
        target_text: Some(if std::ptr::eq(goal, &row.cumulative) {
            format!("累计 {}", goal.text)
        } else {
            goal.text.clone()
        }),
        limit: None,
        state: Some(row.state.clone()),
        rules: own.map_or_else(|| row.document.clone().unwrap_or_default(), |own| own.rules.clone()),
        confidence: row.confidence,
        all_data: own.and_then(|own| own.all_data),
        notes: vec![row.why.clone()],
    }
}
