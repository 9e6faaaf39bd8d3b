//! Rule sets, standards and levels of the catalog.

use crate::answers::rules::{Level, RuleSet, RuleSetPart, Standard};
use crate::catalogs::Catalogs;
use crate::jobs::judge::rules_choice;
use crate::trouble::Trouble;
use domain::Day;
use indicators::air::RulesChoice;

/// Every rule set by date.
pub fn rule_sets(catalogs: &Catalogs) -> Vec<RuleSet> {
    let sets = catalogs.standards.rule_sets().iter();
    sets.map(|set| RuleSet {
        id: set.id.clone(),
        title: (&set.title).into(),
        from: set.from.to_string(),
        to: set.to.map(|day| day.to_string()),
        standards: set
            .standards
            .iter()
            .map(|standard| RuleSetPart {
                id: standard.id.clone(),
                title: (&standard.title).into(),
                number: standard.number.clone(),
                confidence: standard.confidence.into(),
            })
            .collect(),
    })
    .collect()
}

/// Every standard.
pub fn standards(catalogs: &Catalogs) -> Vec<Standard> {
    let all = catalogs.standards.standards();
    all.map(|standard| Standard {
        id: standard.id.clone(),
        number: standard.number.clone(),
        title: (&standard.title).into(),
        kind: standard.kind.code().to_string(),
        from: standard.from.to_string(),
        to: standard.to.map(|day: Day| day.to_string()),
        confidence: standard.confidence.into(),
        source: standard.source.clone(),
        tables: standard.tables.len() as u32,
        cases: standard.cases as u32,
    })
    .collect()
}

/// Levels of the index under some rules; the newest rule set in force today if none is named.
pub fn levels(catalogs: &Catalogs, rules: &str, today: Day) -> Result<Vec<Level>, Trouble> {
    let set = match rules_choice(catalogs, rules)? {
        RulesChoice::Asked(set) => *set,
        RulesChoice::InForce => catalogs.standards.rules_in_force(today).0.clone(),
    };
    let levels = set.index.levels.iter();
    Ok(levels
        .map(|level| Level {
            level: level.level,
            class: (&level.class).into(),
            name: (&level.name).into(),
            color: level.color.clone(),
            aqi_from: level.from,
            aqi_to: level.to,
            effect: (&level.effect).into(),
            advice: (&level.advice).into(),
        })
        .collect())
}
