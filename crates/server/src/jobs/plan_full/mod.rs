//! A plan with everything that belongs to its rows: accounts, bodies, evidence, forecast, what is missing.

pub mod changes;
mod forecast;
pub mod parts;
pub mod scenario;
mod standing;

use crate::answers::Text;
use crate::answers::plan_full::{FullRow, FullTarget, PlanFull, Variant};
use crate::data::View;
use crate::jobs::plan_status::{self, PlanAsk};
use crate::trouble::Trouble;
use indicators::graph::NodeValue;
use indicators::plan::{self, PlanIndicator, PlanRow, PlanTarget, State, ValueSource};
use standing::Standing;
use std::collections::BTreeMap;

/// Where a plan stands, with all that belongs to it.
pub fn full(view: &View, ask: &PlanAsk) -> Result<PlanFull, Trouble> {
    let own = Standing::of(view, ask)?;
    let rows = own
        .plan
        .rows
        .iter()
        .zip(&own.status.rows)
        .map(|(row, status)| full_row(&own, row, status))
        .collect::<Result<Vec<_>, _>>()?;
    let targets = own.plan.targets.iter().zip(&own.status.targets);
    let targets: Vec<FullTarget> = targets.map(|(target, status)| full_target(&own, target, status)).collect();
    let mut target_counts: BTreeMap<String, u32> =
        State::ALL.into_iter().map(|state| (state.key().to_string(), 0)).collect();
    for target in &own.status.targets {
        *target_counts.entry(target.state.key().to_string()).or_default() += 1;
    }
    Ok(PlanFull {
        plan: own.plan.id.clone(),
        area: ask.year.area.id.clone(),
        year: ask.year.year.0,
        past: own.status.past.iter().map(plan_status::past).collect(),
        counts: own.status.counts.iter().map(|(state, count)| (state.to_string(), *count)).collect(),
        target_counts,
        notes: own.plan.notes.iter().chain(&own.status.problems).map(Text::from).collect(),
        simulated: rows.iter().any(|row| row.simulated) || targets.iter().any(|target| target.simulated),
        rows,
        targets,
    })
}

fn full_row(own: &Standing<'_>, row: &PlanIndicator, status: &PlanRow) -> Result<FullRow, Trouble> {
    let node = own.node(row.indicator.as_deref());
    let (forecast, forecast_why) = match forecast::of_row(own, row, status) {
        Ok(forecast) => (Some(forecast), None),
        Err(why) => (None, Some(why)),
    };
    let value_node = status.value_year.and_then(|year| own.node_of(row.indicator.as_deref(), year));
    let used = value_node.filter(|_| status.source == Some(ValueSource::Computed));
    Ok(FullRow {
        row: plan_status::row(status),
        forecast,
        forecast_why,
        variants: variants(status, used.or(node)),
        bodies: own.bodies(&row.no.to_string()),
        evidence: evidence(own, &row.no.to_string(), status, used),
        parts: node.map_or(0, |node| node.parts.len() as u32),
        n: node.map_or(0, |node| node.n),
        of: node.map_or(0, |node| node.of),
        valid: node.map_or(status.value.is_some(), |node| node.valid),
        missing: missing(own, row, status, node),
        notes: [&status.note]
            .into_iter()
            .filter(|note| !note.zh.is_empty())
            .chain(node.iter().flat_map(|node| &node.notes))
            .map(Text::from)
            .collect(),
        simulated: used.is_some_and(|node| node.simulated),
    })
}

/// Every account of the value that is shown, the judged one first.
fn variants(status: &PlanRow, node: Option<&NodeValue>) -> Vec<Variant> {
    let mut all = Vec::new();
    if let (Some(value), Some(source)) = (&status.value, status.source) {
        let name = match source {
            ValueSource::Reported => Text::new("上报值", "reported"),
            ValueSource::Computed => Text::new("由数据计算", "computed from data"),
        };
        let basis = status.document.as_ref().map(|document| Text::same(document));
        all.push(Variant { name, value: Some(value.shown().to_string()), judged: true, basis });
    }
    for (kind, value) in &status.others {
        all.push(Variant {
            name: kind.name().into(),
            value: Some(value.shown().to_string()),
            judged: false,
            basis: None,
        });
    }
    if let Some(computed) = status.computed {
        let basis = status.difference.map(|difference| {
            Text::new(format!("公布值与计算值相差 {difference}"), format!("official minus computed: {difference}"))
        });
        all.push(Variant {
            name: Text::new("由数据计算", "computed from data"),
            value: Some(computed.to_string()),
            judged: false,
            basis,
        });
    }
    for (node, (name, value)) in node.iter().flat_map(|node| node.variants.iter().map(move |own| (node, own))) {
        all.push(Variant {
            name: name.into(),
            value: value.map(|value| plan::print(value, node.digits)),
            judged: false,
            basis: None,
        });
    }
    all
}

/// What a value rests on; without a value, what would be evidence.
fn evidence(own: &Standing<'_>, row: &str, status: &PlanRow, node: Option<&NodeValue>) -> Text {
    if let Some(document) = &status.document {
        return Text::same(document);
    }
    if let Some(node) = node.filter(|node| node.value.is_some() || node.words.is_some()) {
        let standards = node.standards.iter().map(|id| own.number_of(id)).collect::<Vec<_>>().join(", ");
        let parts = |between: &str| {
            let mut documents = node.documents.clone();
            documents.dedup();
            let documents = documents.join(between);
            let all = [standards.clone(), documents];
            all.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(between)
        };
        return Text::new(parts("；"), parts("; "));
    }
    own.wanted_evidence(row)
}

/// What is missing for the asked year, one sentence each.
fn missing(own: &Standing<'_>, row: &PlanIndicator, status: &PlanRow, node: Option<&NodeValue>) -> Vec<Text> {
    let mut all = Vec::new();
    let year = own.year();
    let reported = status.value_year == Some(year) && status.source == Some(ValueSource::Reported);
    match node {
        _ if reported => {}
        Some(node) if node.value.is_none() && node.words.is_none() => all.push((&node.why).into()),
        Some(node) if !node.valid => all.push(Text::new(
            format!("{}只有 {}/{}：{}", node.counts.zh, node.n, node.of, node.why.zh),
            format!("only {} of {} {}: {}", node.n, node.of, node.counts.en, node.why.en),
        )),
        Some(_) => {}
        None if status.value_year != Some(year) => all.push(match row.indicator {
            Some(_) => Text::new(
                format!("{year} 年没有可计算的数据，也没有上报值"),
                format!("no data of {year} to compute from, and nothing reported"),
            ),
            None => Text::new(
                format!("没有以 {} 上报的 {year} 年的值；本指标只能由部门上报", row.id),
                format!("nothing reported as `{}` for {year}; this indicator can only be reported", row.id),
            ),
        }),
        None => {}
    }
    if row.goal().is_none() && row.text_rule.is_none() && row.target.is_absent() {
        all.push(Text::new(
            "规划没有写明目标值，待省下达后录入",
            "the plan states no target; enter it when the province issues it",
        ));
    }
    all
}

fn full_target(own: &Standing<'_>, target: &PlanTarget, status: &plan::TargetRow) -> FullTarget {
    let node = own.node(target.computed_by.as_deref());
    let same_as =
        own.plan.rows.iter().find(|row| !target.indicator.is_empty() && row.id == target.indicator).map(|row| row.no);
    let reported = own.reported_of(target);
    let (value, value_year, source) = match (reported, node.filter(|node| node.value.is_some())) {
        (Some(reported), _) => (Some(reported.value.shown().to_string()), Some(reported.year), Some("reported")),
        (None, Some(node)) => {
            (node.value.map(|value| plan::print(value, node.digits)), Some(own.year()), Some("computed"))
        }
        (None, None) => {
            let row = same_as.and_then(|no| own.status.rows.iter().find(|row| row.no == no));
            let value = row.and_then(|row| row.value.as_ref()).map(|value| value.shown().to_string());
            (value, row.and_then(|row| row.value_year), row.and_then(|row| row.source).map(ValueSource::code))
        }
    };
    let document = reported.map(|reported| Text::same(&reported.document)).filter(|text| !text.zh.is_empty());
    let evidence = document.unwrap_or_else(|| match node.filter(|node| node.value.is_some()) {
        Some(node) => Text::same(&node.documents.join("；")),
        None => own.wanted_evidence(&target.id),
    });
    let missing = match (&value, node) {
        (None, Some(node)) => vec![(&node.why).into()],
        (None, None) if same_as.is_none() => vec![(&status.why).into()],
        _ => Vec::new(),
    };
    FullTarget {
        target: plan_status::target(status),
        bodies: own.bodies(&target.id),
        evidence,
        value,
        unit: target.unit.clone(),
        value_year,
        source: source.map(str::to_string),
        same_as,
        missing,
        simulated: node.is_some_and(|node| node.simulated && node.value.is_some())
            || same_as.is_some_and(|no| own.is_simulated(no)),
    }
}
