//! Rules, exclusions, comparison, targets and notes of the document.

use super::Material;
use crate::answers::air::{ComparedDay, Comparison};
use crate::answers::plan::{Plan, PlanRow};
use domain::Text;
use indicators::air::air_value;
use report::Amount;
use report::air_year as doc;
use standards::{Level, RuleSet};

/// The standards that judged the year.
pub(super) fn rules(own: &Material) -> Vec<doc::Rule> {
    let mut rules: Vec<doc::Rule> = Vec::new();
    let catalog = &own.view.data.catalogs.standards;
    for set in own.now.year.rules.sets() {
        for part in &set.standards {
            if rules.iter().any(|rule| rule.id == part.id) {
                continue;
            }
            let whole = catalog.standards().find(|standard| standard.id == part.id);
            rules.push(doc::Rule {
                id: part.id.clone(),
                number: part.number.clone(),
                title: part.title.clone(),
                clauses: whole
                    .map(|standard| standard.tables.iter().map(|table| table.clause.clone()).collect())
                    .unwrap_or_default(),
                in_force: whole
                    .map(|standard| {
                        format!("{} – {}", standard.from, standard.to.map(|day| day.to_string()).unwrap_or_default())
                    })
                    .unwrap_or_default(),
                confidence: part.confidence,
            });
        }
    }
    rules
}

/// Documented exceptional periods.
pub(super) fn exclusions(own: &Material) -> Vec<doc::Exclusion> {
    let all = own.now.year.exclusions.iter();
    all.map(|exclusion| doc::Exclusion {
        from: exclusion.from.to_string(),
        to: exclusion.to.to_string(),
        items: exclusion
            .parameters
            .iter()
            .map(|code| {
                own.view.data.catalogs.parameters.get(code).map_or_else(|| code.clone(), |known| known.symbol.clone())
            })
            .collect(),
        reason: exclusion.reason.clone(),
        document: exclusion.document.clone(),
    })
    .collect()
}

/// The year under another rule set.
pub(super) fn comparison(own: &Material, compared: &Comparison, other: &RuleSet) -> doc::Comparison {
    let base = &own.now.year.rules.annual;
    let (a, b) = (&compared.summary.a, &compared.summary.b);
    let count = |zh: &str, en: &str, a: u32, b: u32| doc::ComparedFigure {
        name: Text::new(zh, en),
        unit: Text::new("天", "d"),
        base: Amount::of(a.to_string()),
        other: Amount::of(b.to_string()),
    };
    let ratio = |value: Option<crate::answers::Number>| {
        Amount::fixed_or(value.map(|value| value.0), 1, "无有效日", "no valid day")
    };
    doc::Comparison {
        base: base.index.number.clone(),
        other: other.index.number.clone(),
        figures: vec![
            count("优良天数", "good days", a.good_days, b.good_days),
            doc::ComparedFigure {
                name: Text::new("优良天数比例", "share of good days"),
                unit: Text::new("%", "%"),
                base: ratio(a.good_ratio),
                other: ratio(b.good_ratio),
            },
            count("重度及以上污染天数", "heavily polluted days", a.heavy_days, b.heavy_days),
            count("有效天数", "valid days", a.valid_days, b.valid_days),
        ],
        days: compared
            .changed
            .iter()
            .map(|day| {
                let (base_level, base_colour) = level(&base.index.levels, &day.a);
                let (other_level, other_colour) = level(&other.index.levels, &day.b);
                doc::ComparedDay {
                    date: day.date.clone(),
                    base_aqi: day.a.aqi,
                    base_level,
                    base_colour,
                    other_aqi: day.b.aqi,
                    other_level,
                    other_colour,
                    primary: day.b.primary.iter().map(|item| super::places::symbol(own, item)).collect(),
                }
            })
            .collect(),
        confidence: Some(other.index.confidence),
    }
}

fn level(levels: &[Level], day: &ComparedDay) -> (Text, String) {
    let own = levels.iter().find(|level| Some(level.level) == day.level);
    own.map_or_else(|| (Text::new("无", "none"), String::new()), |level| (level.class.clone(), level.color.clone()))
}

/// A target of the plan.
pub(super) fn target(plan: &Plan, row: &PlanRow) -> doc::Target {
    let met = match row.state.as_str() {
        "achieved" | "on-track" => Some(true),
        "behind" => Some(false),
        _ => None,
    };
    let attribute =
        if row.attribute == "binding" { Text::new("约束性", "binding") } else { Text::new("预期性", "expected") };
    doc::Target {
        name: Text::new(&row.title.zh, &row.title.en),
        unit: Text::new(&row.unit, &row.unit),
        value: row.value.as_ref().map_or_else(
            || Amount::missing("暂无数据", "no data"),
            |value| Amount::of(&value.text).with_confidence(confidence(row)),
        ),
        target: row.target.text.clone(),
        target_year: row.target_year.to_string(),
        attribute,
        state: Text::new(&row.why.zh, &row.why.en),
        met,
        source: Text::new(format!("{}（{}）", plan.title.zh, row.id), format!("{} ({})", plan.title.en, row.id)),
    }
}

fn confidence(row: &PlanRow) -> domain::Confidence {
    match row.confidence {
        crate::answers::Confidence::Confirmed => domain::Confidence::Confirmed,
        crate::answers::Confidence::Probable => domain::Confidence::Probable,
        crate::answers::Confidence::Unconfirmed => domain::Confidence::Unconfirmed,
    }
}

/// What a reader must know, each once.
pub(super) fn notes(own: &Material) -> Vec<Text> {
    let mut notes: Vec<Text> = Vec::new();
    if super::asked(&own.ask.rules) {
        notes.push(Text::new(
            format!("本报告按指定规则 {} 编制。", own.ask.rules),
            format!("This report was made under the rules {} as asked.", own.ask.rules),
        ));
    }
    for definition in own.view.data.catalogs.definitions.iter() {
        for note in air_value(&own.now.year, definition).notes {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    notes
}
