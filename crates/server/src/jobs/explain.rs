//! An indicator value → rules, steps, completeness, days and files behind it.

use crate::answers::explain::{
    ExplainedCompleteness, ExplainedDay, ExplainedExclusion, ExplainedRule, Explanation, MonthDays, SourceFile, Step,
};
use crate::answers::{Number, Text};
use crate::data::View;
use crate::jobs::judge::{AreaYear, Judged, judge};
use crate::trouble::Trouble;
use domain::{Station, Year};
use indicators::air::{self, explain as explain_air};
use indicators::{Definition, Method};
use lake::SourceQuery;

/// Explains an indicator of the catalog, or a plan's indicator that one of them computes.
pub fn explain(view: &View, ask: &AreaYear, indicator: &str) -> Result<Explanation, Trouble> {
    let definition = definition(view, indicator)?;
    let judged = judge(view, ask)?;
    let own = explain_air(&judged.year, definition);
    let sources = sources(view, &judged.stations, &parameters(&judged, definition), ask.year)?;
    Ok(Explanation {
        indicator: indicator.to_string(),
        title: own.title.into(),
        area: ask.area.id.clone(),
        year: own.year,
        value: own.value.value.map(Number),
        exact: own.value.exact.map(|exact| exact.to_string()),
        unit: own.unit,
        valid: own.value.valid,
        rules: own.rules.into_iter().map(rule).collect(),
        equation: own.equation.into(),
        steps: own.steps.into_iter().map(|text| Step { text: text.into() }).collect(),
        completeness: completeness(&own.completeness),
        exclusions: own.exclusions.iter().map(exclusion).collect(),
        days: own.days.into_iter().map(day).collect(),
        sources,
        as_of: view.as_of.map(|moment| moment.to_iso()),
    })
}

/// The files whose values of these parameters are visible for an area's year.
pub fn sources(
    view: &View,
    stations: &[Station],
    parameters: &[String],
    year: Year,
) -> Result<Vec<SourceFile>, Trouble> {
    if stations.is_empty() {
        return Ok(Vec::new());
    }
    let (first, last) = year.hours();
    let used = view.snapshot.sources(&SourceQuery {
        stations: stations.iter().map(|station| station.code.clone()).collect(),
        parameters: parameters.to_vec(),
        from: first.end(),
        to: last.end(),
    })?;
    Ok(used
        .into_iter()
        .filter_map(|(import, rows)| {
            let info = view.snapshot.import_info(&import)?;
            Some(SourceFile { import, file: info.file, sha256: info.sha256, recorded: info.recorded.to_iso(), rows })
        })
        .collect())
}

fn definition<'a>(view: &View<'a>, indicator: &str) -> Result<&'a Definition, Trouble> {
    let catalogs = &view.data.catalogs;
    if let Some(definition) = catalogs.definitions.get(indicator) {
        return Ok(definition);
    }
    let row = catalogs.plans.iter().find_map(|plan| plan.rows.iter().find(|row| row.id == indicator));
    match row {
        Some(row) => row.indicator.as_deref().and_then(|id| catalogs.definitions.get(id)).ok_or_else(|| {
            Trouble::not_found(
                "reported-only",
                format!("{}（{indicator}）由部门上报，不由监测数据计算；上报值及其文件见规划页或 SQL 表 reported。", row.title.zh),
                format!("{} ({indicator}) is reported by a department, not computed; its values and documents are on the plan's page and in the SQL table reported.", row.title.en),
            )
        }),
        None => {
            let known = catalogs.definitions.iter().map(|own| own.id.as_str()).collect::<Vec<_>>().join(", ");
            Err(Trouble::not_found(
                "no-such-indicator",
                format!("没有指标“{indicator}”。现有：{known}，以及规划的指标。"),
                format!("there is no indicator `{indicator}`. There are: {known}, and those of the plans."),
            ))
        }
    }
}

/// Parameters that an indicator is made of: its item's, or all that are evaluated.
fn parameters(judged: &Judged, definition: &Definition) -> Vec<String> {
    let items = judged.year.items().iter();
    match &definition.method {
        Method::DayStatistic { item: of, .. } => {
            items.filter(|item| item.item == *of).map(|item| item.parameter.clone()).collect()
        }
        _ => items.map(|item| item.parameter.clone()).collect(),
    }
}

fn rule(own: air::ExplainedRule) -> ExplainedRule {
    ExplainedRule {
        standard: own.standard,
        number: own.number,
        clause: own.clause,
        title: own.title.into(),
        confidence: own.confidence.into(),
    }
}

fn completeness(own: &air::Completeness) -> ExplainedCompleteness {
    ExplainedCompleteness {
        days: own.days,
        of: own.of,
        per_month: own
            .months
            .iter()
            .map(|month| MonthDays { month: month.month.month_of_year() as u8, days: month.days, needed: month.needed })
            .collect(),
        valid: own.valid,
    }
}

fn exclusion(own: &air::ExplainedExclusion) -> ExplainedExclusion {
    ExplainedExclusion {
        from: own.exclusion.from.to_string(),
        to: own.exclusion.to.to_string(),
        reason: Text::same(&own.exclusion.reason),
        document: Some(own.exclusion.document.clone()).filter(|document| !document.is_empty()),
        days: own.days,
    }
}

fn day(own: air::ExplainedDay) -> ExplainedDay {
    ExplainedDay {
        date: own.day.to_string(),
        value: own.value.map(|value| value.to_string()),
        valid: own.valid,
        used: own.used,
        stations: own.stations,
        aqi: own.aqi,
        level: own.level,
        primary: own.primary,
        excluded: own.excluded,
    }
}
