//! The folder of standards and rule sets → what judges the data of a day.
//!
//! Called by `server` at start (built-in catalog with a deployment's own folder on top) and by
//! `jingce catalog check`. A folder with a problem is left out; the rest stays usable.

use crate::air::index::AirIndex;
use crate::cases::{self, CaseResult};
use crate::problem::CatalogProblem;
use crate::rule_set::{self, RuleSet};
use crate::standard::{self, Names, Standard};
use domain::Day;
use domain::catalog::Files;

static CATALOG: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/catalog");

/// Every standard and rule set.
#[derive(Clone, Debug)]
pub struct Catalog {
    standards: Vec<Standard>,
    rule_sets: Vec<RuleSet>,
}

impl Catalog {
    /// The built-in catalog.
    pub fn builtin() -> Catalog {
        let (catalog, _) = Catalog::read(&Catalog::builtin_files());
        assert!(!catalog.rule_sets.is_empty(), "the built-in catalog is tested to have rule sets");
        catalog
    }

    /// The built-in catalog as files, to be overlaid with a deployment's own.
    pub fn builtin_files() -> Files {
        Files::embedded(&CATALOG)
    }

    /// Reads a catalog. A folder with a problem is not used; should no rule set be left at all, the built-in
    /// ones stay, so that data can always be judged.
    pub fn load(files: &Files) -> (Catalog, Vec<CatalogProblem>) {
        let (mut catalog, mut problems) = Catalog::read(files);
        if catalog.rule_sets.is_empty() {
            problems.push(CatalogProblem::file(
                "rule-sets",
                "没有可用的规则集，改用内置规则集",
                "no rule set can be used; the built-in ones stay in use",
            ));
            catalog.rule_sets = Catalog::builtin().rule_sets;
        }
        (catalog, problems)
    }

    fn read(files: &Files) -> (Catalog, Vec<CatalogProblem>) {
        let names = Names::builtin();
        let mut problems = Vec::new();
        let mut standards = Vec::new();
        for id in files.folders_with("standard.toml") {
            match standard::read(files, &id, &names) {
                Ok(standard) => standards.push(standard),
                Err(found) => problems.extend(found),
            }
        }
        end_replaced_standards(&mut standards);
        check_families(&standards, &mut problems);
        let mut rule_sets = Vec::new();
        let sets = files.below("rule-sets/");
        for id in sets.folders_with("rule-set.toml") {
            match rule_set::read(files, &id, &standards) {
                Ok(set) => rule_sets.push(set),
                Err(found) => problems.extend(found),
            }
        }
        end_replaced_sets(&mut rule_sets);
        rule_sets.sort_by(|a, b| a.from.cmp(&b.from).then_with(|| a.id.cmp(&b.id)));
        check_rule_sets(&rule_sets, &mut problems);
        unused_files(files, &mut problems);
        (Catalog { standards, rule_sets }, problems)
    }

    /// Every standard, in order of its id.
    pub fn standards(&self) -> impl Iterator<Item = &Standard> {
        self.standards.iter()
    }

    /// A standard by id.
    pub fn standard(&self, id: &str) -> Option<&Standard> {
        self.standards.iter().find(|standard| standard.id == id)
    }

    /// Every rule set, by date.
    pub fn rule_sets(&self) -> &[RuleSet] {
        &self.rule_sets
    }

    /// A rule set by id.
    pub fn rule_set(&self, id: &str) -> Option<&RuleSet> {
        self.rule_sets.iter().find(|set| set.id == id)
    }

    /// The rule set in force on a day, and whether one is: a day before the first (or in a gap) gets the
    /// nearest one before it, or the first, with `false`.
    pub fn rules_in_force(&self, day: Day) -> (&RuleSet, bool) {
        // Of several that cover the day the latest counts: a replacement stands after what it replaces.
        if let Some(set) = self.rule_sets.iter().rev().find(|set| set.covers(day)) {
            return (set, true);
        }
        let before = self.rule_sets.iter().rev().find(|set| set.from <= day);
        let first = self.rule_sets.first().expect("load and builtin leave at least one rule set");
        (before.unwrap_or(first), false)
    }

    /// An index by the id of its standard: what `evaluate` takes.
    pub fn index(&self, standard_id: &str) -> Option<&AirIndex> {
        self.standard(standard_id)?.index()
    }

    /// Ids of the standards that `evaluate` takes, in order.
    pub fn evaluable(&self) -> Vec<&str> {
        self.standards.iter().filter(|own| own.index().is_some()).map(|own| own.id.as_str()).collect()
    }

    /// Runs the worked cases of every standard.
    pub fn run_cases(&self) -> Vec<CaseResult> {
        self.standards.iter().flat_map(cases::run).collect()
    }
}

/// A standard that another replaces ends the day before, unless it says an earlier end itself.
fn end_replaced_standards(standards: &mut [Standard]) {
    let starts: Vec<(Vec<String>, Day)> =
        standards.iter().map(|standard| (standard.replaces.clone(), standard.from)).collect();
    for standard in standards {
        standard.to = ended(&standard.id, standard.to, &starts);
    }
}

fn end_replaced_sets(sets: &mut [RuleSet]) {
    let starts: Vec<(Vec<String>, Day)> = sets.iter().map(|set| (set.replaces.clone(), set.from)).collect();
    for set in sets {
        set.to = ended(&set.id, set.to, &starts);
    }
}

fn ended(id: &str, to: Option<Day>, starts: &[(Vec<String>, Day)]) -> Option<Day> {
    let replaced = starts.iter().filter(|(replaces, _)| replaces.iter().any(|name| name == id));
    replaced.map(|(_, from)| Day(from.0 - 1)).chain(to).min()
}

fn overlap(a: (Day, Option<Day>), b: (Day, Option<Day>)) -> bool {
    let ends_before = |to: Option<Day>, from: Day| to.is_some_and(|to| to < from);
    let empty = |(from, to): (Day, Option<Day>)| ends_before(to, from);
    !empty(a) && !empty(b) && !ends_before(a.1, b.0) && !ends_before(b.1, a.0)
}

fn check_families(standards: &[Standard], problems: &mut Vec<CatalogProblem>) {
    for (position, standard) in standards.iter().enumerate() {
        for other in &standards[..position] {
            let same = other.family == standard.family && other.kind == standard.kind;
            if same && overlap((other.from, other.to), (standard.from, standard.to)) {
                problems.push(dates_overlap(&format!("{}/standard.toml", standard.id), &standard.id, &other.id));
            }
        }
        for replaced in &standard.replaces {
            if !standards.iter().any(|other| other.id == *replaced) {
                problems.push(CatalogProblem::file(
                    format!("{}/standard.toml", standard.id),
                    format!("replaces 所指的 `{replaced}` 不存在或自身有问题"),
                    format!("`replaces` names `{replaced}`, which does not exist or has problems itself"),
                ));
            }
        }
    }
}

fn check_rule_sets(sets: &[RuleSet], problems: &mut Vec<CatalogProblem>) {
    for (position, set) in sets.iter().enumerate() {
        for other in &sets[..position] {
            if overlap((other.from, other.to), (set.from, set.to)) {
                problems.push(dates_overlap(&format!("rule-sets/{}/rule-set.toml", set.id), &set.id, &other.id));
            }
        }
    }
}

fn dates_overlap(path: &str, one: &str, other: &str) -> CatalogProblem {
    CatalogProblem::file(
        path,
        format!("`{one}` 与 `{other}` 的有效日期重叠；请用 replaces 或 to 说明哪个先失效"),
        format!("`{one}` and `{other}` are in force on the same days: say with `replaces` or `to` which one ends"),
    )
}

/// Files that stand in no folder of a standard or rule set would never be read.
fn unused_files(files: &Files, problems: &mut Vec<CatalogProblem>) {
    let standards = files.folders_with("standard.toml");
    for (path, _) in files.iter() {
        let used = match path.strip_prefix("rule-sets/") {
            Some(rest) => matches!(rest.split_once('/'), Some((_, "rule-set.toml" | "notes.md"))),
            None => path
                .rsplit_once('/')
                .map_or(path.ends_with(".md"), |(folder, _)| standards.iter().any(|own| own == folder)),
        };
        if !used {
            problems.push(CatalogProblem::file(
                path,
                "此文件不属于任何标准或规则集（缺少 standard.toml？）",
                "this file belongs to no standard or rule set (is a standard.toml missing?)",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_catalog_has_no_problem() {
        let (catalog, problems) = Catalog::load(&Catalog::builtin_files());
        let lines: Vec<String> = problems.iter().map(|problem| problem.line(domain::Lang::En)).collect();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
        let ids: Vec<&str> = catalog.rule_sets().iter().map(|set| set.id.as_str()).collect();
        assert_eq!(ids, ["air-2012", "air-2026-transition", "air-2026-final"]);
        assert_eq!(catalog.evaluable(), ["hj633-2012", "hj633-2026"]);
    }

    #[test]
    fn every_worked_case_holds() {
        let failed: Vec<String> = Catalog::builtin()
            .run_cases()
            .into_iter()
            .filter(|case| !case.pass)
            .map(|case| {
                format!(
                    "{} line {}: {} should give {}, gave {} ({})",
                    case.standard, case.line, case.given, case.expect, case.got, case.source
                )
            })
            .collect();
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    }
}
