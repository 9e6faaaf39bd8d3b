//! An indicator value → rules, steps, completeness, days and files behind it.

use crate::answers::explain::{
    ExplainedCompleteness, ExplainedDay, ExplainedExclusion, ExplainedRule, Explanation, MonthDays, SourceFile, Step,
};
use crate::answers::{Number, Text};
use crate::data::View;
use crate::jobs::city::{Asked, city};
use crate::jobs::judge::{AreaYear, Judged, judge};
use crate::jobs::plan_status::{PlanAsk, reported, status};
use crate::trouble::Trouble;
use domain::{Confidence, Station, Year};
use indicators::air::{self, explain as explain_air};
use indicators::graph::Part;
use indicators::plan::print;
use indicators::{Definition, Method};
use lake::SourceQuery;

/// Explains an indicator of the catalog, or a plan's indicator that one of them computes.
pub fn explain(view: &View, ask: &AreaYear, indicator: &str) -> Result<Explanation, Trouble> {
    if let Some(reported) = explain_reported(view, ask, indicator)? {
        return Ok(reported);
    }
    let definition = definition(view, indicator)?;
    if matches!(definition.method, Method::Graph(_)) {
        return explain_node(view, ask, indicator, definition);
    }
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

/// An indicator of the graph: how it came about, and every part with its reason.
fn explain_node(view: &View, ask: &AreaYear, indicator: &str, definition: &Definition) -> Result<Explanation, Trouble> {
    let kept = city(view)?;
    let node = Asked::new(view, &kept).value(&definition.id, &ask.area.id, ask.year.0)?;
    let mut steps = vec![Step { text: (&node.why).into() }];
    steps.extend(node.parts.iter().map(|part| Step { text: part_line(part) }));
    steps.extend(node.variants.iter().map(|(name, value)| {
        let value = value.map_or_else(|| "—".to_string(), |value| print(value, node.digits));
        Step { text: Text::new(format!("{}：{value}", name.zh), format!("{}: {value}", name.en)) }
    }));
    steps.extend(node.notes.iter().map(|note| Step { text: note.into() }));
    steps.extend(node.documents.iter().map(|own| Step { text: Text::same(own) }));
    if node.simulated {
        steps.push(Step { text: Text::new("含模拟数据", "made with simulated data") });
    }
    steps.extend(doubt(node.confidence).map(|text| Step { text }));
    let standards = &view.data.catalogs.standards;
    let used = node.standards.iter().filter_map(|id| standards.standard(id));
    Ok(Explanation {
        indicator: indicator.to_string(),
        title: (&definition.title).into(),
        area: ask.area.id.clone(),
        year: ask.year.0,
        value: node.value.map(Number),
        exact: node.exact.map(|exact| exact.to_string()),
        unit: definition.unit.clone(),
        valid: node.valid,
        rules: used
            .map(|own| ExplainedRule {
                standard: own.id.clone(),
                number: own.number.clone(),
                clause: String::new(),
                title: (&own.title).into(),
                confidence: own.confidence.into(),
            })
            .collect(),
        equation: (&definition.equation).into(),
        steps,
        completeness: ExplainedCompleteness {
            counts: (&node.counts).into(),
            days: node.n,
            of: node.of,
            per_month: Vec::new(),
            valid: node.valid,
        },
        exclusions: Vec::new(),
        days: Vec::new(),
        sources: Vec::new(),
        as_of: view.as_of.map(|moment| moment.to_iso()),
    })
}

/// What a value rests on is not all confirmed; each rule has its own mark beside.
fn doubt(confidence: Confidence) -> Option<Text> {
    match confidence {
        Confidence::Confirmed => None,
        Confidence::Probable => Some(Text::new(
            "所依据的规则或数值中有转引、尚未与原文核对的",
            "rests in part on rules or numbers that are probable: quoted, not yet checked against the text",
        )),
        Confidence::Unconfirmed => Some(Text::new(
            "所依据的规则或数值中有未经核实的",
            "rests in part on rules or numbers that are unconfirmed",
        )),
    }
}

/// `S1 甲断面：Ⅲ，贡献 5.88；…`.
fn part_line(part: &Part) -> Text {
    let share = part.contribution.map(|own| own.round(2).to_string());
    let (zh, en) = match &share {
        Some(share) => (format!("，贡献 {share}"), format!(", adds {share}")),
        None => (String::new(), String::new()),
    };
    let mark = if part.counted { ("", "") } else { ("（不计入）", " (not counted)") };
    let (feature, value) = (&part.feature, &part.value);
    Text::new(
        format!("{feature} {}{}：{value}{zh}；{}", part.name.zh, mark.0, part.why.zh),
        format!("{feature} {}{}: {value}{en}; {}", part.name.en, mark.1, part.why.en),
    )
}

/// A plan's indicator whose value in the asked year was reported: the value, its document, and the row it stands in.
fn explain_reported(view: &View, ask: &AreaYear, indicator: &str) -> Result<Option<Explanation>, Trouble> {
    let plans = view.data.catalogs.plans.iter();
    let Some((plan, no)) =
        plans.filter_map(|plan| Some((plan, plan.rows.iter().find(|row| row.id == indicator)?.no))).next()
    else {
        return Ok(None);
    };
    let status = status(view, &PlanAsk { plan: plan.id.clone(), year: ask.clone() })?;
    let row = status.rows.into_iter().find(|row| row.no == no).expect("every row of the plan has a status");
    let Some(value) = row.value.filter(|_| row.source.as_deref() == Some("reported")) else { return Ok(None) };
    let document = row.document.unwrap_or_default();
    let year = row.value_year.unwrap_or(ask.year.0);
    let mut steps = vec![
        Step {
            text: Text::new(
                format!("{year} 年上报值 {}（{document}）", value.text),
                format!("reported value of {year}: {} ({document})", value.text),
            ),
        },
        Step { text: row.why },
    ];
    steps.extend(missing_in(view, ask, row.indicator.as_deref(), year)?);
    let mut sources = Vec::new();
    for record in reported(view, &ask.area)? {
        let named = plan.row_called(record.get("indicator")).is_some_and(|own| own.no == no);
        let Some(info) =
            view.snapshot.import_info(&record.import).filter(|_| named && record.get("year") == year.to_string())
        else {
            continue;
        };
        steps.push(Step {
            text: Text::new(
                format!("文件 {} 第 {} 行", info.file, record.row),
                format!("file {}, row {}", info.file, record.row),
            ),
        });
        sources.push(SourceFile {
            import: info.id,
            file: info.file,
            sha256: info.sha256,
            recorded: info.recorded.to_iso(),
            rows: 1,
        });
    }
    Ok(Some(Explanation {
        indicator: indicator.to_string(),
        title: row.title,
        area: ask.area.id.clone(),
        year: ask.year.0,
        value: value.number,
        exact: None,
        unit: row.unit,
        valid: true,
        rules: Vec::new(),
        equation: Text::new("由部门上报，不由监测数据计算", "reported by a department, not computed from measurements"),
        steps,
        completeness: ExplainedCompleteness {
            counts: valid_days(),
            days: 0,
            of: 0,
            per_month: Vec::new(),
            valid: true,
        },
        exclusions: Vec::new(),
        days: Vec::new(),
        sources,
        as_of: view.as_of.map(|moment| moment.to_iso()),
    }))
}

/// Why the asked year has no computed value, where an older reported one is shown instead.
fn missing_in(view: &View, ask: &AreaYear, indicator: Option<&str>, year: i16) -> Result<Vec<Step>, Trouble> {
    let definition = indicator.and_then(|id| view.data.catalogs.definitions.get(id));
    let Some(definition) = definition.filter(|own| matches!(own.method, Method::Graph(_)) && year != ask.year.0) else {
        return Ok(Vec::new());
    };
    let kept = city(view)?;
    let node = Asked::new(view, &kept).value(&definition.id, &ask.area.id, ask.year.0)?;
    let all = [&node.why].into_iter().chain(&node.notes);
    Ok(all.map(|text| Step { text: text.into() }).collect())
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

fn valid_days() -> Text {
    Text::new("有效日", "valid days")
}

fn completeness(own: &air::Completeness) -> ExplainedCompleteness {
    ExplainedCompleteness {
        counts: valid_days(),
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
