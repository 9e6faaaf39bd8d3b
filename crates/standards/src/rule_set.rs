//! `rule-sets/<id>/rule-set.toml` → the standards that judge together, and the dates for which they do.

use crate::air::composite::CompositeRule;
use crate::air::evaluation::AirEvaluation;
use crate::air::index::AirIndex;
use crate::air::limits::AirLimits;
use crate::problem::CatalogProblem;
use crate::standard::{Content, Standard, day, parse_toml};
use domain::catalog::Files;
use domain::{Confidence, Day, Text};
use serde::Deserialize;

/// The standards that judge the data of a span of dates.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// Id, such as `air-2012`: the name of its folder.
    pub id: String,
    /// Title.
    pub title: Text,
    /// What a reader must know about it.
    pub note: Text,
    /// First day of data it judges.
    pub from: Day,
    /// Last day; `None` while no end is known.
    pub to: Option<Day>,
    /// Its standards, in the order index, limits, evaluation, ranking, amendments.
    pub standards: Vec<StandardRef>,
    /// Index of days and hours.
    pub index: AirIndex,
    /// Limits.
    pub limits: AirLimits,
    /// Evaluation of days and years, joined with `limits`.
    pub evaluation: AirEvaluation,
    /// Composite index.
    pub composite: CompositeRule,
    pub(crate) replaces: Vec<String>,
}

/// A standard of a rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandardRef {
    /// Standard id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Title.
    pub title: Text,
    /// `index`, `limits`, `evaluation`, `composite` or `amendment`.
    pub role: &'static str,
    /// Confidence in it as this rule set uses it.
    pub confidence: Confidence,
    /// Why the confidence is lower here than in the standard itself; empty otherwise.
    pub doubt: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleSetFile {
    id: String,
    title: Text,
    #[serde(default)]
    note: Text,
    from: String,
    to: Option<String>,
    #[serde(default)]
    replaces: Vec<String>,
    index: String,
    limits: String,
    evaluation: String,
    composite: String,
    #[serde(default)]
    amendments: Vec<String>,
    #[serde(default)]
    doubt: Vec<Doubt>,
}

/// A standard that is used here with less confidence than its own text deserves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Doubt {
    standard: String,
    confidence: Confidence,
    reason: Text,
}

impl RuleSet {
    /// Whether it judges the data of a day.
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// Reads one rule set; standards it names must have been read without a problem.
pub(crate) fn read(files: &Files, id: &str, standards: &[Standard]) -> Result<RuleSet, Vec<CatalogProblem>> {
    let path = format!("rule-sets/{id}/rule-set.toml");
    let own: RuleSetFile = parse_toml(files, &path).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    if own.id != id {
        problems.push(CatalogProblem::file(
            &path,
            format!("id 为 `{}`，与文件夹名 `{id}` 不同", own.id),
            format!("the id is `{}`, the folder is called `{id}`", own.id),
        ));
    }
    let from = day(&path, "from", &own.from).map_err(|problem| problems.push(problem)).ok();
    let to = own.to.as_deref().map(|to| day(&path, "to", to)).transpose();
    let to = to.map_err(|problem| problems.push(problem)).ok().flatten();
    let mut member = |role: &'static str, name: &str| {
        let found = standards.iter().find(|standard| standard.id == name && fits(role, &standard.content));
        if found.is_none() {
            problems.push(CatalogProblem::file(
                &path,
                format!("{role} 所指的 `{name}` 不存在、种类不符或自身有问题"),
                format!("`{role}` names `{name}`, which does not exist, is of another kind or has problems itself"),
            ));
        }
        found.map(|standard| (role, standard))
    };
    let mut members = vec![
        member("index", &own.index),
        member("limits", &own.limits),
        member("evaluation", &own.evaluation),
        member("composite", &own.composite),
    ];
    members.extend(own.amendments.iter().map(|name| member("amendment", name)));
    check_doubts(&own, &path, &mut problems);
    let (Some(from), true) = (from, problems.is_empty()) else { return Err(problems) };
    let members: Vec<(&'static str, &Standard)> = members.into_iter().flatten().collect();
    join(own, (from, to), &members).ok_or(problems)
}

fn fits(role: &str, content: &Content) -> bool {
    matches!(
        (role, content),
        ("index", Content::Index(_))
            | ("limits", Content::Limits(_))
            | ("evaluation", Content::Evaluation(_))
            | ("composite", Content::Composite(_))
            | ("amendment", Content::State(_))
    )
}

fn check_doubts(own: &RuleSetFile, path: &str, problems: &mut Vec<CatalogProblem>) {
    let members = [&own.index, &own.limits, &own.evaluation, &own.composite];
    for doubt in &own.doubt {
        let known = members.iter().any(|name| **name == doubt.standard) || own.amendments.contains(&doubt.standard);
        if !known {
            problems.push(CatalogProblem::file(
                path,
                format!("[[doubt]] 所指的 `{}` 不属于本规则集", doubt.standard),
                format!("a [[doubt]] names `{}`, which this rule set does not use", doubt.standard),
            ));
        }
    }
}

/// The joined set; `None` only when a member is missing, which [`read`] has already refused.
fn join(own: RuleSetFile, dates: (Day, Option<Day>), members: &[(&'static str, &Standard)]) -> Option<RuleSet> {
    let content = |role: &str| members.iter().find(|(own, _)| *own == role).map(|(_, standard)| &standard.content);
    let (mut index, mut limits) = match (content("index")?, content("limits")?) {
        (Content::Index(index), Content::Limits(limits)) => ((**index).clone(), limits.clone()),
        _ => return None,
    };
    let (mut evaluation, mut composite) = match (content("evaluation")?, content("composite")?) {
        (Content::Evaluation(rules), Content::Composite(rule)) => (rules.with_limits(&limits), rule.clone()),
        _ => return None,
    };
    for doubt in &own.doubt {
        for (id, confidence) in [
            (&index.id, &mut index.confidence),
            (&limits.id, &mut limits.confidence),
            (&evaluation.id, &mut evaluation.confidence),
            (&composite.id, &mut composite.confidence),
        ] {
            if *id == doubt.standard {
                *confidence = confidence.and(doubt.confidence);
            }
        }
    }
    for (_, standard) in members {
        if let Content::State(conditions) = &standard.content {
            limits.conditions.retain(|old| !conditions.iter().any(|new| new.parameter == old.parameter));
            limits.conditions.extend(conditions.iter().cloned());
        }
    }
    let standards = members.iter().map(|(role, standard)| reference(role, standard, &own.doubt)).collect();
    Some(RuleSet {
        id: own.id,
        title: own.title,
        note: own.note,
        from: dates.0,
        to: dates.1,
        standards,
        index,
        limits,
        evaluation,
        composite,
        replaces: own.replaces,
    })
}

fn reference(role: &'static str, standard: &Standard, doubts: &[Doubt]) -> StandardRef {
    let doubt = doubts.iter().find(|doubt| doubt.standard == standard.id);
    let own = match &standard.content {
        Content::Index(index) => index.confidence,
        Content::Evaluation(rules) => rules.bare().confidence,
        _ => standard.confidence,
    };
    StandardRef {
        id: standard.id.clone(),
        number: standard.number.clone(),
        title: standard.title.clone(),
        role,
        confidence: doubt.map_or(own, |doubt| own.and(doubt.confidence)),
        doubt: doubt.map(|doubt| doubt.reason.clone()).unwrap_or_default(),
    }
}
