//! A month's value of a point → the observations it was made of, with file and row.

use super::asked_point;
use crate::answers::Text;
use crate::answers::media::{PointSources, SourceRow};
use crate::data::View;
use crate::jobs::city::{Asked, city, same, stations_of};
use crate::trouble::Trouble;
use domain::{Flag, Instant, Month, Observation, Span};
use indicators::graph::{MonthValue, Source};
use indicators::media::{Sampled, Usage, account};
use lake::ObservationQuery;
use std::collections::BTreeMap;

/// The observations behind an item's month.
pub fn sources(view: &View, code: &str, item: &str, month: Month) -> Result<PointSources, Trouble> {
    let kept = city(view)?;
    let asked = Asked::new(view, &kept);
    let point = asked_point(asked.world(), code, month.first_day())?;
    let names = stations_of(&asked.world().city).remove(code).unwrap_or_default();
    let mut observations = Vec::new();
    for span in [Span::Instant, Span::Hour, Span::Day, Span::Month] {
        observations.extend(view.snapshot.observations(&ObservationQuery {
            stations: names.iter().cloned().collect(),
            parameters: Vec::new(),
            span,
            from: Instant::from_civil(month.first_day(), 0),
            to: Instant::from_civil(Month(month.0 + 1).first_day(), 0),
        })?);
    }
    // Every parameter goes into the account, as some are about the month as a whole; the page shows one.
    let current: Vec<&Observation> = newest(&observations);
    let rows: Vec<Sampled> = current.iter().map(|own| Sampled::of(own)).collect();
    let made = account(&asked.world().standards, Some(point), month, &rows);
    let usage: BTreeMap<*const Observation, &Usage> =
        current.iter().map(|own| std::ptr::from_ref(*own)).zip(&made.usage).collect();
    let value = made.month.as_ref().and_then(|own| own.values.get(item));
    let parameter = view.data.catalogs.parameters.get(item);
    let digits = 4;
    Ok(PointSources {
        item: item.to_string(),
        name: parameter.map_or_else(|| Text::same(item), |own| (&own.name).into()),
        unit: parameter.map(|own| own.unit.clone()).unwrap_or_default(),
        month: crate::jobs::trend::month_text(month),
        value: value.map(|own| super::reading_text(own.reading, digits)),
        how: how(value, made.month.as_ref().map(|own| own.state.as_str())),
        rows: shown(view, &observations, item, &usage),
        simulated: point.simulated,
    })
}

/// The newest revision of each.
fn newest(all: &[Observation]) -> Vec<&Observation> {
    let replaced = |at: usize| all.get(at + 1).is_some_and(|next| same(&all[at], next));
    (0..all.len()).filter(|at| !replaced(*at)).map(|at| &all[at]).collect()
}

fn shown(view: &View, all: &[Observation], item: &str, usage: &BTreeMap<*const Observation, &Usage>) -> Vec<SourceRow> {
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    let mut rows: Vec<&Observation> = all.iter().filter(|own| own.parameter == item).collect();
    rows.sort_by(|a, b| a.time.cmp(&b.time).then(b.revision.cmp(&a.revision)));
    rows.into_iter()
        .map(|own| {
            let file = files
                .entry(&own.import)
                .or_insert_with(|| view.snapshot.import_info(&own.import).map(|info| info.file).unwrap_or_default());
            let used = usage.get(&std::ptr::from_ref(own));
            let why = match used {
                Some(usage) => usage.why.as_ref().map(Text::from),
                None => Some(Text::new("已由更新的修订取代", "replaced by a newer revision")),
            };
            SourceRow {
                time: own.time.to_iso(),
                value: own.value.map(|value| value.to_string()),
                below: own.flag == Flag::Below,
                flag: own.flag.code().to_string(),
                method: if own.method == "manual" { "manual" } else { "automatic" }.to_string(),
                import: own.import.clone(),
                file: file.clone(),
                row: Some(own.row),
                revision: own.revision,
                recorded: own.recorded.to_iso(),
                used: used.is_some_and(|usage| usage.used),
                why,
            }
        })
        .collect()
}

fn how(value: Option<&MonthValue>, state: Option<&str>) -> Text {
    let Some(value) = value else {
        let state = state.unwrap_or_default();
        return Text::new(format!("本月没有这一项的值{state}"), format!("no value of this item in the month {state}"));
    };
    let (n, of) = (value.n, value.of);
    match value.source {
        Source::Automatic => Text::new(
            format!("自动监测，由 {n} 个有效日平均得到（应有 {of} 日）"),
            format!("automatic: the mean of {n} valid days of {of}"),
        ),
        Source::Manual => Text::new(
            format!("手工监测，由 {n} 个样品平均得到（应有 {of} 个）"),
            format!("samples: the mean of {n} of {of}"),
        ),
    }
}
