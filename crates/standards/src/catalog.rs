//! The folder of standards and rule sets → what judges the data of a day.
//!
//! Called by `server` at start (built-in catalog with a deployment's own folder on top) and by
//! `jingce catalog check`. A folder with a problem is left out; the rest stays usable.

use crate::air::index::AirIndex;
use crate::cases::{self, CaseResult};
use crate::media::{Evaluator, Limits};
use crate::monitoring::{self, Monitoring};
use crate::online::{self, OnlineRules};
use crate::problem::CatalogProblem;
use crate::rule_set::{self, RuleSet};
use crate::standard::{self, Names, Standard};
use crate::water::{Programme, RollUp, Rounding, SingleFactor, SurfaceEvaluation, Trophic, WaterIndex, WaterPart};
use domain::catalog::Files;
use domain::{Day, OutletKind};

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
        online::check(&standards, &mut problems);
        monitoring::check(&standards, &mut problems);
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

    /// What judges rows of water, soil or sound by the standard of this id.
    pub fn evaluator(&self, standard_id: &str) -> Option<Evaluator<'_>> {
        self.standard(standard_id)?.evaluator()
    }

    /// Every standard that judges rows of water, soil or sound, in order of its id.
    pub fn evaluators(&self) -> impl Iterator<Item = Evaluator<'_>> {
        self.standards.iter().filter_map(Standard::evaluator)
    }

    /// Limits by the id of their standard.
    pub fn limits(&self, standard_id: &str) -> Option<&Limits> {
        self.standard(standard_id)?.limits()
    }

    /// The rule of the trophic state, by the id of its standard.
    pub fn trophic(&self, standard_id: &str) -> Option<&Trophic> {
        match self.standard(standard_id)?.water()? {
            WaterPart::Trophic(rule) => Some(rule.as_ref()),
            _ => None,
        }
    }

    /// The index that cities are ranked by, by the id of its standard.
    pub fn water_index(&self, standard_id: &str) -> Option<&WaterIndex> {
        match self.standard(standard_id)?.water()? {
            WaterPart::Index(rule) => Some(rule),
            _ => None,
        }
    }

    /// How surface water is evaluated, by the id of its standard.
    pub fn surface_evaluation(&self, standard_id: &str) -> Option<&SurfaceEvaluation> {
        match self.standard(standard_id)?.water()? {
            WaterPart::Evaluation(rule) => Some(rule.as_ref()),
            _ => None,
        }
    }

    /// Decimal places of statistics of water, by the id of its standard.
    pub fn rounding(&self, standard_id: &str) -> Option<&Rounding> {
        match self.standard(standard_id)?.water()? {
            WaterPart::Rounding(rule) => Some(rule),
            _ => None,
        }
    }

    /// Single-factor indices, by the id of its standard.
    pub fn single_factor(&self, standard_id: &str) -> Option<&SingleFactor> {
        match self.standard(standard_id)?.water()? {
            WaterPart::Factor(rule) => Some(rule),
            _ => None,
        }
    }

    /// A monitoring programme of water, by the id of its standard.
    pub fn programme(&self, standard_id: &str) -> Option<&Programme> {
        match self.standard(standard_id)?.water()? {
            WaterPart::Programme(rule) => Some(rule),
            _ => None,
        }
    }

    /// How points make a black-odorous water body, by the id of its standard.
    pub fn roll_up(&self, standard_id: &str) -> Option<&RollUp> {
        match self.standard(standard_id)?.water()? {
            WaterPart::RollUp(rule) => Some(rule),
            _ => None,
        }
    }

    /// How what the points of a medium measure becomes months and years, on a day, and whether rules are in force
    /// then: a day before the first gets the nearest ones, with `false`.
    pub fn monitoring(&self, medium: &str, day: Day) -> Option<(&Monitoring, bool)> {
        let own = self.standards.iter().filter(|own| own.monitoring().is_some_and(|rules| rules.medium == medium));
        let (standard, in_force) = nearest(own, day)?;
        Some((standard.monitoring()?, in_force))
    }

    /// The limits of a family, such as `GB 3838`, on a day, and whether they are in force then: a day before the
    /// first gets the nearest ones, with `false`.
    pub fn limits_on(&self, family: &str, day: Day) -> Option<(&Limits, bool)> {
        let own = self.standards.iter().filter(|own| own.family == family && own.limits().is_some());
        let (standard, in_force) = nearest(own, day)?;
        Some((standard.limits()?, in_force))
    }

    /// The rules of online monitoring for a kind of outlet on a day; `None` only where a deployment has
    /// taken them all away.
    pub fn online_rules(&self, outlet: OutletKind, day: Day) -> Option<OnlineRules> {
        online::join(&self.standards, outlet, day)
    }

    /// Runs the worked cases of every standard.
    pub fn run_cases(&self) -> Vec<CaseResult> {
        self.standards.iter().flat_map(|own| cases::run(own, &self.standards)).collect()
    }
}

/// The standard in force on a day; else the last that ended before it, or the first that begins after it, with
/// `false`.
fn nearest<'a>(standards: impl Iterator<Item = &'a Standard>, day: Day) -> Option<(&'a Standard, bool)> {
    let mut list: Vec<&Standard> = standards.collect();
    list.sort_by_key(|own| own.from);
    if let Some(own) = list.iter().rev().find(|own| own.covers(day)) {
        return Some((own, true));
    }
    let before = list.iter().rev().find(|own| own.from <= day);
    before.or(list.first()).map(|own| (*own, false))
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
    use crate::{DayStatistic, Period};
    use domain::{Confidence, Fixed, Lang, Ratio};
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a date in the test")
    }

    fn number(text: &str) -> Fixed {
        text.parse().expect("a number in the test")
    }

    /// The built-in catalog with one file changed by replacing `old` with `new`.
    fn changed(path: &str, old: &str, new: &str) -> Files {
        let mut files = Catalog::builtin_files();
        let text = files.get(path).unwrap_or_else(|| panic!("{path} exists")).to_string();
        assert!(text.contains(old), "{path} holds `{old}`");
        files.insert(path, text.replacen(old, new, 1));
        files
    }

    fn lines(problems: &[CatalogProblem]) -> String {
        problems.iter().map(|problem| problem.line(Lang::En)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_builtin_catalog_has_no_problem() {
        let (catalog, problems) = Catalog::load(&Catalog::builtin_files());
        assert!(problems.is_empty(), "{}", lines(&problems));
        let ids: Vec<&str> = catalog.rule_sets().iter().map(|set| set.id.as_str()).collect();
        assert_eq!(ids, ["air-2012", "air-2026-transition", "air-2026-final"]);
        assert_eq!(catalog.evaluable(), ["hj633-2012", "hj633-2026"]);
        let number_of = |id: &str| catalog.standard(id).map(|own| own.number.clone());
        for id in ["gb3095-2012", "gb3095-2012-amd2018", "gb3095-2026-transition", "gb3095-2026-final"] {
            assert!(number_of(id).is_some(), "{id}");
        }
        for id in ["hj663-2013", "hj663-2026", "ranking-2018"] {
            assert!(number_of(id).is_some(), "{id}");
        }
        assert!(catalog.standards().all(|own| !own.notes.is_empty() && own.cases > 0 && !own.tables.is_empty()));
    }

    #[test]
    fn every_worked_case_holds() {
        let failed: Vec<String> = Catalog::builtin()
            .run_cases()
            .into_iter()
            .filter(|case| !case.pass)
            .map(|case| {
                format!("{} line {}: {} gave {}, not {}", case.standard, case.line, case.given, case.got, case.expect)
            })
            .collect();
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    }

    #[test]
    fn a_wrong_case_is_seen_to_fail() {
        for (path, old, new) in [
            ("hj633-2026/cases.csv", "iaqi.pm25=115", "iaqi.pm25=102"),
            ("hj633-2026/cases.csv", "iaqi.pm25=115", "iaqi.pm99=115"),
            ("gb3095-2012/cases.csv", "grade=2 exceed=0", "grade=1 exceed=0"),
            ("hj663-2013/cases.csv", "value=37", "value=38"),
            ("ranking-2018/cases.csv", "index=6", "index=6.01"),
            ("gb3095-2012-amd2018/cases.csv", "kelvin=298.15", "kelvin=273"),
        ] {
            let (catalog, problems) = Catalog::load(&changed(path, old, new));
            assert!(problems.is_empty(), "{}", lines(&problems));
            assert_eq!(catalog.run_cases().iter().filter(|case| !case.pass).count(), 1, "{path}: {new}");
        }
    }

    #[test]
    fn the_date_of_the_data_picks_the_rules() {
        let catalog = Catalog::builtin();
        for (date, id, in_force) in [
            ("2012-12-31", "air-2012", false),
            ("2013-01-01", "air-2012", true),
            ("2026-02-28", "air-2012", true),
            ("2026-03-01", "air-2026-transition", true),
            ("2030-12-31", "air-2026-transition", true),
            ("2031-01-01", "air-2026-final", true),
            ("2099-01-01", "air-2026-final", true),
        ] {
            let (set, own) = catalog.rules_in_force(day(date));
            assert_eq!((set.id.as_str(), own), (id, in_force), "{date}");
        }
    }

    /// GB 3095, tables 1; the limits reach the evaluation through the rule set.
    #[test]
    fn a_rule_set_joins_evaluation_and_limits() {
        let catalog = Catalog::builtin();
        for (id, pm25_year, pm25_day) in
            [("air-2012", "35", "75"), ("air-2026-transition", "30", "60"), ("air-2026-final", "25", "50")]
        {
            let set = catalog.rule_set(id).expect("built in");
            let item = set.evaluation.item("pm25").expect("evaluated");
            let limits: Vec<_> = item.annual.iter().map(|annual| (annual.id.as_str(), annual.limit)).collect();
            assert_eq!(limits, [("mean", Some(number(pm25_year))), ("p95", Some(number(pm25_day)))], "{id}");
            let ozone = set.evaluation.item("o3_8h").expect("evaluated");
            let DayStatistic::MaxRunning { min_windows, exceed_above, .. } = ozone.day else {
                panic!("ozone is a running maximum")
            };
            assert_eq!((min_windows, exceed_above), (14, Some(number("160"))), "{id}");
        }
        let old = catalog.rule_set("air-2012").expect("built in");
        assert_eq!(old.evaluation.confidence, Confidence::Probable);
        assert_eq!(old.composite.confidence, Confidence::Probable);
        assert_eq!(old.limits.condition("so2").and_then(|state| state.kelvin), Some(number("298.15")));
        let new = catalog.rule_set("air-2026-transition").expect("built in");
        assert_eq!(new.index.confidence, Confidence::Confirmed);
        assert_eq!(new.evaluation.confidence, Confidence::Unconfirmed, "no full text of HJ 663-2026");
        assert_eq!(new.composite.confidence, Confidence::Unconfirmed, "no ranking rule of 2026");
        let composite = new.standards.iter().find(|own| own.role == "composite").expect("listed");
        assert!(!composite.doubt.zh.is_empty(), "the reader is told why");
    }

    /// A revision is a folder and a rule set; nothing of the old is edited.
    #[test]
    fn adding_a_revision_adds_folders_only() {
        let mut files = Catalog::builtin_files();
        for file in ["breakpoints.csv", "items.csv", "levels.csv", "groups.csv", "standard.toml"] {
            let text = files.get(&format!("hj633-2026/{file}")).expect("exists");
            let text = text
                .replace("id = \"hj633-2026\"", "id = \"hj633-2029\"")
                .replace("replaces = [\"hj633-2012\"]", "replaces = [\"hj633-2026\"]")
                .replace("2026-03-01", "2029-07-01");
            files.insert(format!("hj633-2029/{file}"), text);
        }
        files.insert("hj633-2029/cases.csv", "given,expect,source\nperiod=day pm25=76,aqi=115,invented\n");
        let set = files.get("rule-sets/air-2026-transition/rule-set.toml").expect("exists").to_string();
        let set = set
            .replace("air-2026-transition", "air-2029")
            .replace("index = \"hj633-2026\"", "index = \"hj633-2029\"")
            .replace("from = \"2026-03-01\"", "from = \"2029-07-01\"")
            .replace("replaces = [\"air-2012\"]", "replaces = [\"air-2026-transition\"]");
        files.insert("rule-sets/air-2029/rule-set.toml", set);
        let (catalog, problems) = Catalog::load(&files);
        assert!(problems.is_empty(), "{}", lines(&problems));
        assert_eq!(catalog.standard("hj633-2026").and_then(|old| old.to), Some(day("2029-06-30")));
        assert_eq!(catalog.rules_in_force(day("2029-06-30")).0.id, "air-2026-transition");
        assert_eq!(catalog.rules_in_force(day("2029-07-01")).0.id, "air-2029");
        assert_eq!(catalog.rules_in_force(day("2031-01-01")).0.id, "air-2026-final");
        assert!(catalog.evaluable().contains(&"hj633-2029"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let breakpoints = "hj633-2026/breakpoints.csv";
        for (path, old, new, expect) in [
            (
                breakpoints,
                "100,150,500,80",
                "100,50,500,80",
                ":4: `so2_24h` is 50 at index 100, not above 50 at index 50",
            ),
            (breakpoints, "100,150,500,80", "100,,500,80", ":5: the column `so2_24h` has a hole"),
            (breakpoints, "100,150,500,80", "100,1x,500,80", ":4: `so2_24h` cannot be read from `1x`"),
            (breakpoints, "100,150,500,80", "100,-1,500,80", ":4: `so2_24h` cannot be read from `-1`"),
            (breakpoints, "iaqi,so2_24h", "iaqi,so2_day", "items.csv:2: breakpoints.csv has no column `so2_24h`"),
            ("hj633-2026/items.csv", "co_24h,mg/m³", "co_24h,µg/m³", ":4: `co` is kept in mg/m³, the table has µg/m³"),
            ("hj633-2026/items.csv", "co_24h,mg/m³", "co_24h,furlong", ":4: the unit `furlong` is not in units.csv"),
            (
                "hj633-2026/items.csv",
                "day,so2,so2,",
                "day,so2,so9,",
                ":2: the parameter `so9` is not in parameters.csv",
            ),
            ("hj633-2026/items.csv", "above_last", "above", ":1: unknown column `above`"),
            ("hj633-2026/items.csv", "day,no2,no2", "day,so2,no2", "the item `so2` of day stands here twice"),
            ("hj633-2026/items.csv", ",300,,,yes", ",250,,,yes", ":5: above_last is 250, below the last index 300"),
            ("hj633-2026/items.csv", ",300,,,yes", ",not-applicable,,,yes", ":5: `instead_zh` must not be empty"),
            ("hj633-2026/levels.csv", "#00E400", "green", ":2: the colour `green` must be written #RRGGBB"),
            ("hj633-2026/levels.csv", ",51,100,", ",52,100,", ":3: levels must adjoin"),
            (
                "hj633-2026/standard.toml",
                "primary_above",
                "primary_over",
                ":14: cannot be read: unknown field `primary_over`",
            ),
            ("hj633-2026/standard.toml", "2026-03-01", "2026-02-31", "`from` is `2026-02-31`, which is no date"),
            ("hj633-2026/standard.toml", "id = \"hj633-2026\"", "id = \"hj633\"", "the folder is called `hj633-2026`"),
            ("hj633-2026/standard.toml", "groups.csv", "group.csv", "group.csv: this file is missing"),
            ("hj633-2026/standard.toml", "replaces = [\"hj633-2012\"]", "", ""),
            (
                "hj633-2012/standard.toml",
                "to = \"2026-02-28\"",
                "to = \"2015-01-01\"",
                "`to` 2015-01-01 is before `from` 2016-01-01",
            ),
            (
                "gb3095-2012/limits.csv",
                "so2,year,µg/m³,20,60",
                "so2,year,µg/m³,80,60",
                ":2: the grade 1 limit 80 is above the grade 2 limit 60",
            ),
            ("gb3095-2012/limits.csv", "so2,year", "so2,decade", ":2: unknown averaging time `decade`"),
            ("gb3095-2012/limits.csv", "so2,day", "so2,year", ":3: the limit of so2 over year stands here twice"),
            ("hj663-2013/annual.csv", "o3_8h,p90", "o3,p90", ": the item `o3` is not in items.csv"),
            ("hj663-2013/annual.csv", "o3_8h,p90", "o3_8h,p900", ": the statistic `p900` must be mean, max or p0"),
            ("hj663-2013/standard.toml", "[evaluation]", "[evaluations]", "unknown field `evaluations`"),
            ("ranking-2018/weights.csv", "mean,60", "mean,0", ":2: standard must be above 0"),
            ("ranking-2018/cases.csv", "given,expect,source", "given,expect,from", ":1: unknown column `from`"),
            (
                "rule-sets/air-2012/rule-set.toml",
                "hj663-2013",
                "hj663-2014",
                "`evaluation` names `hj663-2014`, which does not exist",
            ),
            (
                "rule-sets/air-2012/rule-set.toml",
                "hj663-2013",
                "ranking-2018",
                "`evaluation` names `ranking-2018`, which does not exist, is of another kind",
            ),
            ("rule-sets/air-2026-final/rule-set.toml", "2031-01-01", "2030-01-01", ""),
        ] {
            let (_, problems) = Catalog::load(&changed(path, old, new));
            assert!(lines(&problems).contains(expect), "{path} `{new}`: {}", lines(&problems));
            assert!(problems.iter().all(|problem| !problem.message.zh.is_empty()), "{path}");
        }
    }

    #[test]
    fn overlapping_revisions_are_told() {
        let mut files = changed("hj633-2026/standard.toml", "replaces = [\"hj633-2012\"]\n", "");
        let old = files.get("hj633-2012/standard.toml").expect("exists").replace("to = \"2026-02-28\"\n", "");
        files.insert("hj633-2012/standard.toml", old);
        let (_, problems) = Catalog::load(&files);
        assert!(
            lines(&problems).contains("`hj633-2026` and `hj633-2012` are in force on the same days"),
            "{}",
            lines(&problems)
        );
        let mut files = changed("rule-sets/air-2026-final/rule-set.toml", "2031-01-01", "2030-06-01");
        let set =
            files.get("rule-sets/air-2026-final/rule-set.toml").expect("exists").replace("replaces", "# replaces");
        files.insert("rule-sets/air-2026-final/rule-set.toml", set);
        let (_, problems) = Catalog::load(&files);
        assert!(
            lines(&problems).contains("`air-2026-final` and `air-2026-transition` are in force"),
            "{}",
            lines(&problems)
        );
    }

    #[test]
    fn a_bad_folder_leaves_the_rest_usable() {
        let (catalog, problems) = Catalog::load(&changed("hj633-2026/levels.csv", "#00E400", "green"));
        assert!(!problems.is_empty());
        assert!(catalog.index("hj633-2026").is_none());
        assert!(catalog.index("hj633-2012").is_some());
        assert_eq!(catalog.rules_in_force(day("2027-01-01")).0.id, "air-2012", "the nearest set before");
        let (empty, problems) = Catalog::load(&Files::new());
        assert_eq!(empty.rule_sets().len(), 3, "data can always be judged");
        assert!(lines(&problems).contains("the built-in ones stay"));
    }

    #[test]
    fn files_that_nothing_reads_are_told() {
        let mut files = Catalog::builtin_files();
        files.insert("hj633-2026/extra.csv", "a\n1\n");
        files.insert("hj999/limits.csv", "a\n1\n");
        files.insert("rule-sets/air-2012/sets.toml", "");
        files.insert("README.md", "anything");
        let (catalog, problems) = Catalog::load(&files);
        let told = lines(&problems);
        for path in ["hj633-2026/extra.csv", "hj999/limits.csv", "rule-sets/air-2012/sets.toml"] {
            assert!(told.contains(path), "{told}");
        }
        assert!(!told.contains("README.md"));
        assert!(catalog.index("hj633-2012").is_some());
    }

    #[test]
    fn a_missing_cases_file_is_told() {
        let mut files = Files::new();
        for (path, text) in Catalog::builtin_files().iter().filter(|(path, _)| *path != "hj633-2012/cases.csv") {
            files.insert(path, text);
        }
        let (_, problems) = Catalog::load(&files);
        assert!(lines(&problems).contains("hj633-2012/cases.csv: worked cases are missing"), "{}", lines(&problems));
        let (_, problems) = Catalog::load(&{
            files.insert("hj633-2012/cases.csv", "given,expect,source\n");
            files
        });
        assert!(lines(&problems).contains("at least one worked case"), "{}", lines(&problems));
    }

    /// GB 3095 table 4 is repeated by HJ 663; the two must say the same.
    #[test]
    fn completeness_is_that_of_the_limits_standard() {
        let catalog = Catalog::builtin();
        for set in catalog.rule_sets() {
            let limits = catalog.standard(&set.limits.id).expect("named by the set");
            let table = limits.tables.iter().find(|table| table.file == "validity.csv").expect("declared");
            let column = |name: &str| table.header.iter().position(|own| own == name).expect("a column");
            let row = |average: &str| table.rows.iter().find(|row| row[column("average")] == average).expect("a row");
            let needs = set.evaluation.completeness;
            for (name, value) in
                [("days", needs.year_days), ("month_days", needs.month_days), ("february_days", needs.february_days)]
            {
                assert_eq!(row("year")[column(name)], value.to_string(), "{} {name}", set.id);
            }
            for item in &set.evaluation.items {
                match item.day {
                    DayStatistic::Mean { min_hours } => {
                        assert_eq!(row("day")[column("hours")], min_hours.to_string(), "{}", item.item);
                    }
                    DayStatistic::MaxRunning { min_hours, window_hours, .. } => {
                        let own = row(&format!("{window_hours}h"));
                        assert_eq!(own[column("hours")], min_hours.to_string(), "{}", item.item);
                    }
                }
            }
        }
    }

    #[test]
    fn every_item_of_the_evaluation_is_in_the_daily_index() {
        for set in Catalog::builtin().rule_sets() {
            for item in &set.evaluation.items {
                let own = set.index.items(Period::Day).iter().find(|own| own.item == item.item);
                let own = own.unwrap_or_else(|| panic!("{} has {}", set.id, item.item));
                assert_eq!((&own.parameter, &own.unit), (&item.parameter, &item.unit));
                assert!(own.required, "{} needs {}", set.id, item.item);
            }
            let full: Vec<Option<Ratio>> =
                set.index.items(Period::Day).iter().map(|own| own.required.then(|| Ratio::new(1, 1))).collect();
            assert_eq!(set.index.cell(Period::Day, &full).missing, 0, "{}: the evaluated items are enough", set.id);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Whatever is done to a file, loading and the cases end in an answer.
        #[test]
        fn a_damaged_catalog_never_panics(file in 0_usize..1000, at in 0_usize..4000, junk in "[0-9a-z,\"=\n\\[\\]{}µ年.-]{0,6}", cut in 0_usize..8) {
            let mut files = Catalog::builtin_files();
            let all: Vec<(String, String)> = files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
            let (path, text) = &all[file % all.len()];
            let letters: Vec<char> = text.chars().collect();
            let at = at % (letters.len() + 1);
            let damaged: String = letters[..at].iter().copied().chain(junk.chars()).chain(letters[(at + cut).min(letters.len())..].iter().copied()).collect();
            files.insert(path.clone(), damaged);
            let (catalog, _) = Catalog::load(&files);
            let _ = catalog.run_cases();
            let _ = catalog.rules_in_force(day("2027-01-01"));
        }
    }
}
