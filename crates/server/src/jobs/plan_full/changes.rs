//! A plan's indicator as it stood at a moment and as it stands now: the value, its parts, and what else moved.

use super::standing::Standing;
use crate::answers::Text;
use crate::answers::plan_full::{IndicatorChanges, PartChange, RowChange};
use crate::data::View;
use crate::jobs::plan_status::PlanAsk;
use crate::trouble::Trouble;
use domain::Instant;
use indicators::graph::{Changed, NodeKey};
use indicators::plan::PlanRow;
use std::sync::Arc;

/// What changed since a moment.
pub fn changes(view: &View, ask: &PlanAsk, no: u16, since: Instant) -> Result<IndicatorChanges, Trouble> {
    let past = view.data.view(Some(since))?;
    let moment = since.to_iso();
    if since > crate::clock::now() {
        return Err(Trouble::bad(
            "since",
            format!("{moment} 还没有到；请选择过去的时刻。"),
            format!("{moment} has not come yet; choose a moment of the past."),
        ));
    }
    // Before the first commit there is nothing to compare with; that is told as for any other question.
    past.area(&ask.year.area.id)?;
    let (before, after) = (Standing::of(&past, ask)?, Standing::of(view, ask)?);
    let (old, new) = (super::parts::find(&before, no)?.1, super::parts::find(&after, no)?);
    let (row, new) = new;
    let node = |own: &Standing<'_>| own.node(row.indicator.as_deref()).cloned().map(Arc::new);
    let key = NodeKey::new(row.indicator.as_deref().unwrap_or(&row.id), &ask.year.area.id, ask.year.year.0);
    let changed = Changed { key, before: node(&before), after: node(&after) };
    let parts = changed.parts().into_iter().map(|(old, new)| {
        let own = new.or(old).expect("a change has at least one side");
        PartChange {
            feature: own.feature.clone(),
            name: (&own.name).into(),
            before: old.map(|part| part.value.clone()),
            after: new.map(|part| part.value.clone()),
            why_before: old.map(|part| (&part.why).into()),
            why_after: new.map(|part| (&part.why).into()),
        }
    });
    let parts: Vec<PartChange> = parts.collect();
    let other = before.status.rows.iter().zip(&after.status.rows).filter(|(a, b)| a.no != no && shown(a) != shown(b));
    let (was, is) = (shown(old), shown(new));
    let why = match (was == is, parts.is_empty()) {
        (true, true) => Text::new("没有变化", "nothing changed"),
        (true, false) => Text::new(
            format!("{} 个组成项有变化，结果不变", parts.len()),
            format!("{} parts became others, the value stays", parts.len()),
        ),
        (false, _) => Text::new(
            format!("由 {} 变为 {}；{} 个组成项有变化", told(&was), told(&is), parts.len()),
            format!("from {} to {}; {} parts became others", told(&was), told(&is), parts.len()),
        ),
    };
    Ok(IndicatorChanges {
        no,
        since: since.to_iso(),
        before: was,
        after: is,
        unit: row.unit.clone(),
        why,
        parts,
        other: other
            .map(|(a, b)| RowChange {
                no: a.no,
                title: (&a.title).into(),
                unit: a.unit.clone(),
                before: shown(a),
                after: shown(b),
            })
            .collect(),
    })
}

/// The value of a row as it is shown, with its year when it is another.
pub(super) fn shown(row: &PlanRow) -> Option<String> {
    row.value.as_ref().map(|value| value.shown().to_string())
}

fn told(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or("—")
}
