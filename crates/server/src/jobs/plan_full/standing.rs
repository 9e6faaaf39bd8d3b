//! A plan, its status in a year, and the nodes that its rows and targets are computed by.

use super::forecast;
use crate::answers::Text;
use crate::answers::plan_full::Body;
use crate::data::View;
use crate::jobs::city::{Asked, city};
use crate::jobs::plan_status::{self, PlanAsk};
use crate::trouble::Trouble;
use domain::Record;
use indicators::graph::NodeValue;
use indicators::plan::{
    ComputedValue, Plan, PlanCatalog, PlanStatus, PlanTarget, ReportedValue, ValueSource, plan_status_of, read_reported,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of a plan in a year.
pub(super) struct Standing<'a> {
    pub plan: &'a Plan,
    pub lists: Option<&'a PlanCatalog>,
    standards: &'a standards::Catalog,
    definitions: &'a indicators::Definitions,
    pub ask: PlanAsk,
    pub status: PlanStatus,
    pub computed: Vec<ComputedValue>,
    pub reported: Vec<Record>,
    typed: Vec<ReportedValue>,
    nodes: BTreeMap<(String, i16), Arc<NodeValue>>,
    /// Within-year data of indicators that can be foretold.
    pub courses: BTreeMap<String, forecast::Years>,
}

impl<'a> Standing<'a> {
    pub fn of(view: &View<'a>, ask: &PlanAsk) -> Result<Standing<'a>, Trouble> {
        let catalogs = &view.data.catalogs;
        crate::jobs::judge::rules_choice(catalogs, &ask.year.rules)?;
        let plan = plan_status::find(catalogs, &ask.plan)?;
        let computed = plan_status::computed(view, plan, &ask.year)?;
        let reported = plan_status::reported(view, &ask.year.area)?;
        let status = plan_status_of(plan, &ask.year.area.id, ask.year.year.0, &computed, &reported);
        let nodes = nodes(view, plan, ask)?;
        let ids: Vec<&str> = plan.rows.iter().filter_map(|row| row.indicator.as_deref()).collect();
        let courses = forecast::years(view, &ask.year, &ids)?;
        Ok(Standing {
            plan,
            lists: catalogs.lists.get(&plan.id),
            standards: &catalogs.standards,
            definitions: &catalogs.definitions,
            ask: ask.clone(),
            status,
            computed,
            typed: read_reported(&reported).0,
            reported,
            nodes,
            courses,
        })
    }

    pub fn year(&self) -> i16 {
        self.ask.year.year.0
    }

    /// The node of the asked year.
    pub fn node(&self, indicator: Option<&str>) -> Option<&NodeValue> {
        self.node_of(indicator, self.year())
    }

    /// The node of a year.
    pub fn node_of(&self, indicator: Option<&str>, year: i16) -> Option<&NodeValue> {
        self.nodes.get(&(indicator?.to_string(), year)).map(Arc::as_ref)
    }

    /// Bodies that answer for a row or a target, those that lead first.
    pub fn bodies(&self, row: &str) -> Vec<Body> {
        let Some(lists) = self.lists else { return Vec::new() };
        let Some(own) = lists.body(row) else { return Vec::new() };
        let all = own.lead.iter().map(|id| (id, true)).chain(own.with.iter().map(|id| (id, false)));
        all.filter_map(|(id, lead)| {
            let actor = lists.actor(id)?;
            Some(Body {
                name: (&actor.name).into(),
                lead,
                confidence: own.confidence.into(),
                source: Some(Text::from(&own.source)).filter(|source| !source.zh.is_empty()),
            })
        })
        .collect()
    }

    /// Whether what a row shows was computed from simulated data.
    pub fn is_simulated(&self, no: u16) -> bool {
        let row = self.plan.rows.iter().zip(&self.status.rows).find(|(row, _)| row.no == no);
        row.is_some_and(|(row, status)| {
            let node = status.value_year.and_then(|year| self.node_of(row.indicator.as_deref(), year));
            status.source == Some(ValueSource::Computed) && node.is_some_and(|node| node.simulated)
        })
    }

    /// A standard, or a class of projects, as people call it.
    pub fn number_of(&self, id: &str) -> String {
        let class = || self.definitions.classes().get(id).map(|own| own.title.zh.clone());
        let number = self.standards.standard(id).map(|own| own.number.clone());
        number.or_else(class).unwrap_or_else(|| id.to_string())
    }

    /// What would be evidence of a row or a target.
    pub fn wanted_evidence(&self, row: &str) -> Text {
        self.lists.and_then(|lists| lists.body(row)).map(|body| (&body.evidence).into()).unwrap_or_default()
    }

    /// The newest value reported of a target up to the asked year.
    pub fn reported_of(&self, target: &PlanTarget) -> Option<&ReportedValue> {
        let own = self
            .typed
            .iter()
            .filter(|value| target.is_called(self.plan, &value.indicator) && value.year <= self.year());
        own.max_by_key(|value| value.year)
    }
}

fn nodes(view: &View<'_>, plan: &Plan, ask: &PlanAsk) -> Result<BTreeMap<(String, i16), Arc<NodeValue>>, Trouble> {
    let kept = city(view)?;
    let mut asked = Asked::new(view, &kept);
    let ids = plan.rows.iter().filter_map(|row| row.indicator.as_deref());
    let ids = ids.chain(plan.targets.iter().filter_map(|target| target.computed_by.as_deref()));
    let mut nodes = BTreeMap::new();
    for id in ids.filter(|id| view.data.catalogs.definitions.get(id).is_some()) {
        for year in plan_status::years(plan, &ask.year) {
            let value = asked.value(id, &ask.year.area.id, year)?;
            nodes.insert((id.to_string(), year), value);
        }
    }
    Ok(nodes)
}
