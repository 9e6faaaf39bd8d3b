//! The built-in plan's lists against the lists that were made of its text, and how states are derived.

use super::coverage::{Coverage, Known, SystemState, coverage, read_stories};
use super::coverage_lists::PlanCatalog;
use super::{Plan, Plans};
use crate::Definitions;
use domain::catalog::Files;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

/// FNV-1a of the columns of the source lists, computed over these by a script in Python 3.
const SYSTEMS: u64 = 0x555c_566d_dbe9_73d7;
const QUOTES: u64 = 0xbdec_d20e_f645_d787;
const PROJECTS: u64 = 0xe410_7f3d_c82a_2578;
const ENTITIES: u64 = 0x98d1_9abf_5ba8_19f8;
const ACTORS: u64 = 0x88d5_2d10_2e03_ef57;
const RELATIONS: u64 = 0xfc27_850d_99bd_61c7;

fn plan() -> Plan {
    Plans::builtin().get("ziyang-145").cloned().expect("the built-in plan")
}

fn lists() -> PlanCatalog {
    static ONCE: LazyLock<PlanCatalog> = LazyLock::new(|| PlanCatalog::load(&crate::builtin_files(), "ziyang-145").0);
    ONCE.clone()
}

/// FNV-1a over the lines: short, and any change of a letter or of the order shows.
fn sum<'a>(lines: impl Iterator<Item = &'a str>) -> (usize, u64) {
    let lines: Vec<&str> = lines.collect();
    let all = lines.join("\n");
    let sum =
        all.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (lines.len(), sum)
}

#[test]
fn every_row_of_the_source_lists_is_there_once() {
    let (lists, problems) = PlanCatalog::load(&crate::builtin_files(), "ziyang-145");
    assert_eq!(problems, vec![]);
    let systems = sum(lists.systems.iter().map(|own| own.id.as_str()));
    assert_eq!(systems, (358, SYSTEMS), "ids of systems");
    assert_eq!(sum(lists.systems.iter().map(|own| own.quote.as_str())), (358, QUOTES), "quotes of systems");
    assert_eq!(sum(lists.projects.iter().map(|own| own.id.as_str())), (143, PROJECTS), "ids of projects");
    assert_eq!(sum(lists.entities.iter().map(|own| own.name.as_str())), (259, ENTITIES), "names of entities");
    assert_eq!(sum(lists.actors.iter().map(|own| own.id.as_str())), (37, ACTORS), "ids of actors");
    assert_eq!(sum(lists.relations.iter().map(|own| own.quote.as_str())), (35, RELATIONS), "quotes of relations");
    let ids: Vec<String> = lists.entities.iter().map(|own| own.id.clone()).collect();
    assert_eq!(ids, (1..=259).map(|no| format!("E{no:03}")).collect::<Vec<_>>());
    let ids: Vec<String> = lists.relations.iter().map(|own| own.id.clone()).collect();
    assert_eq!(ids, (1..=35).map(|no| format!("R{no:02}")).collect::<Vec<_>>());
}

/// Counts as the source list states them: 96, 124 and 138 by depth; by domain as printed there.
#[test]
fn totals_add_up_and_every_system_is_counted_once() {
    let covered = coverage(&lists(), &everything());
    let all: Vec<(&str, usize)> = covered.by_depth.iter().map(|part| (part.id.as_str(), part.totals.all)).collect();
    assert_eq!(all, [("A", 96), ("M", 124), ("D", 138)]);
    let all: Vec<(&str, usize)> = covered.by_group.iter().map(|part| (part.id.as_str(), part.totals.all)).collect();
    let printed = [
        ("T", 30),
        ("A", 42),
        ("W", 57),
        ("C", 47),
        ("E", 27),
        ("N", 5),
        ("V", 24),
        ("S", 18),
        ("X", 17),
        ("R", 24),
        ("P", 15),
        ("G", 20),
        ("B", 8),
        ("K", 24),
    ];
    assert_eq!(all, printed);
    adds_up(&covered);
    let boxes: Vec<(&str, usize)> = covered.projects_by_box.iter().map(|own| (own.name.as_str(), own.count)).collect();
    assert_eq!(boxes, [("专栏3", 17), ("专栏4", 11), ("专栏5", 64), ("专栏6", 17), ("专栏7", 17), ("专栏8", 17)]);
    assert_eq!(covered.entities_by_type.iter().map(|own| own.count).sum::<usize>(), 259);
}

#[test]
fn a_project_shows_the_state_of_what_it_builds_and_a_repeated_one_is_told() {
    let covered = coverage(&lists(), &everything());
    let project = |id: &str| covered.projects.iter().find(|own| own.project.id == id).expect("the project");
    assert_eq!((covered.projects.len(), covered.projects_repeated), (143, 1));
    assert_eq!(project("P8-16").state, Some(state(&covered, "command-platform")));
    assert_eq!((project("P3-01").state, project("P5-47").project.same_as.as_str()), (None, "P3-03"));
}

fn adds_up(covered: &Coverage) {
    let ids: BTreeSet<&str> = covered.rows.iter().map(|row| row.system.id.as_str()).collect();
    assert_eq!((ids.len(), covered.rows.len(), covered.totals.all), (358, 358, 358));
    let totals = covered.totals;
    assert_eq!(totals.works + totals.declared + totals.missing, totals.all);
    for parts in [&covered.by_group, &covered.by_depth] {
        let sum = |of: fn(&super::Totals) -> usize| parts.iter().map(|part| of(&part.totals)).sum::<usize>();
        assert_eq!(sum(|own| own.works), totals.works);
        assert_eq!(sum(|own| own.declared), totals.declared);
        assert_eq!(sum(|own| own.missing), totals.missing);
    }
}

/// All that the workspace defines, read from its catalogs as they stand in the tree.
fn everything() -> Known {
    static ONCE: LazyLock<Known> = LazyLock::new(of_the_tree);
    ONCE.clone()
}

fn of_the_tree() -> Known {
    let (stories, problems) = read_stories(&text("scenarios/index.csv"));
    assert_eq!(problems, vec![]);
    let mut known = Known { stories, ..Known::default() };
    known.add_defined(&Definitions::builtin(), &standards::Catalog::builtin(), &plan());
    known.add("mapping", folders("crates/intake/catalog", "mapping.toml"));
    known.add("micro", folders("crates/intake/protocol/micro", "micro.toml"));
    known.add("alert", folders("crates/supervise/catalog/rules", "rule.toml"));
    known.add("report", folders("crates/report/catalog", "report.toml"));
    known
}

fn tree(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn text(path: &str) -> String {
    std::fs::read_to_string(tree(path)).expect("a file of the tree")
}

fn folders(path: &str, with: &str) -> Vec<String> {
    let below = std::fs::read_dir(tree(path)).expect("a folder of the tree");
    let own = below.map(|entry| entry.expect("readable").path()).filter(|folder| folder.join(with).is_file());
    own.map(|folder| folder.file_name().expect("it has a name").to_string_lossy().to_string()).collect()
}

#[test]
fn nothing_is_named_that_does_not_exist() {
    let covered = coverage(&lists(), &everything());
    assert_eq!(covered.problems, vec![]);
    assert!(covered.totals.works > 0 && covered.totals.declared > 0 && covered.totals.missing > 0);
    for story in everything().stories.keys() {
        assert!(tree("scenarios").join(story).join("story.toml").is_file(), "{story} is in the index only");
    }
    let pages = text("web/src/pages.ts");
    for place in lists().served.iter().flat_map(|own| own.places.clone()) {
        let page = place.strip_prefix('/').map(|path| path.split('/').next().unwrap_or_default().to_string());
        assert!(page.is_none_or(|name| name.is_empty() || pages.contains(&format!("\"{name}\""))), "no page {place}");
        let command = place.strip_prefix("jingce ").and_then(|words| words.split(' ').next());
        let has = |name: &str| tree("crates/server/src/cli").join(format!("{name}.rs")).is_file();
        assert!(command.is_none_or(has), "no command {place}");
    }
}

fn state(covered: &Coverage, id: &str) -> SystemState {
    covered.rows.iter().find(|row| row.system.id == id).expect("the system").state
}

#[test]
fn a_story_that_is_gone_takes_its_systems_with_it_and_that_is_told() {
    let known = everything();
    assert_eq!(state(&coverage(&lists(), &known), "source-auto-monitor"), SystemState::Works);
    let mut less = known.clone();
    less.stories.clear();
    let covered = coverage(&lists(), &less);
    assert_eq!(state(&covered, "source-auto-monitor"), SystemState::Declared);
    assert_eq!(covered.totals.works, 0);
    let told = covered.problems.iter().any(|problem| {
        problem.path == "plans/ziyang-145/coverage.csv"
            && problem.message.en.contains("`source-auto-monitor` names the story `online-an-hour-from-frames`")
    });
    assert!(told, "{:?}", covered.problems);
    less.definitions.clear();
    let covered = coverage(&lists(), &less);
    assert_eq!(covered.totals.missing, 358);
    assert!(covered.problems.iter().any(|problem| problem.message.zh.contains("alert:gas-hour-limit")));
}

#[test]
fn a_relation_works_when_both_of_its_ends_do() {
    let covered = coverage(&lists(), &everything());
    let relation = |id: &str| covered.relations.iter().find(|own| own.id == id).expect("the relation");
    assert_eq!(covered.relations.len(), 35);
    let outside = relation("R02");
    assert_eq!((outside.from_works, outside.to_works, outside.both_work), (Some(false), None, false));
    let fused = relation("R21");
    assert_eq!(fused.from.len(), 3);
    assert_eq!((fused.from[0].state, fused.both_work), (Some(SystemState::Works), false));
    assert_eq!(relation("R31").to.iter().map(|end| end.name.zh.as_str()).collect::<Vec<_>>(), ["成都", "德阳", "眉山"]);
}

#[test]
fn somebody_answers_for_every_row_and_target() {
    let (plan, lists) = (plan(), lists());
    let rows: Vec<String> = plan.rows.iter().map(|row| row.no.to_string()).collect();
    let targets = plan.targets.iter().map(|target| target.id.clone());
    let wanted: Vec<String> = rows.into_iter().chain(targets).collect();
    assert_eq!(lists.bodies.iter().map(|body| body.row.clone()).collect::<Vec<_>>(), wanted);
    let body = lists.body("4").expect("row 4");
    assert_eq!(body.lead, ["a-water"]);
    assert_eq!(body.confidence, domain::Confidence::Unconfirmed);
    assert!(body.source.zh.contains("第 682 行") && !body.evidence.en.is_empty());
    assert_eq!(lists.actors_called(&body.lead)[0].name.zh, "水科");
    assert_eq!(lists.entity("资阳高新区").expect("an alias").id, "E004");
}

fn spoilt(file: &str, change: impl Fn(&str) -> String) -> Vec<String> {
    let mut files = crate::builtin_files();
    let path = format!("plans/ziyang-145/{file}");
    let text = change(files.get(&path).expect("the file"));
    files.insert(path, text);
    let (_, problems) = PlanCatalog::load(&files, "ziyang-145");
    problems.into_iter().map(|problem| format!("{}: {}", problem.path, problem.message.en)).collect()
}

#[test]
fn a_row_lost_or_doubled_or_pointing_nowhere_is_told() {
    let lost = spoilt("systems.csv", |text| text.lines().take(358).collect::<Vec<_>>().join("\n"));
    assert!(lost.iter().any(|line| line.contains("357 rows were read, lists.toml says 358")), "{lost:?}");
    let doubled = spoilt("projects.csv", |text| format!("{text}{}\n", text.lines().last().expect("a row")));
    assert!(doubled.iter().any(|line| line.contains("appears more than once")), "{doubled:?}");
    let astray = spoilt("relations.csv", |text| text.replace("E254", "E999"));
    assert!(astray.iter().any(|line| line.contains("`R04` names `E999`")), "{astray:?}");
    let silent = spoilt("coverage.csv", |text| format!("{text}smart-service,,,row:1,,,\n"));
    assert!(silent.iter().any(|line| line.contains("needs words on what is there")), "{silent:?}");
    let half = spoilt("coverage.csv", |text| format!("{text}smart-service,two-generations,,,,有,some\n"));
    assert!(half.iter().any(|line| line.contains("go together")), "{half:?}");
}

#[test]
fn a_plan_without_lists_has_none_and_no_problem() {
    let (lists, problems) = PlanCatalog::load(&Files::new(), "elsewhere");
    assert_eq!((lists.systems.len(), problems), (0, vec![]));
    assert_eq!(coverage(&lists, &Known::default()).totals, super::Totals::default());
}

proptest! {
    #[test]
    fn whatever_is_known_the_totals_add_up_and_knowing_more_never_lowers_a_state(seed in any::<u64>()) {
        let all = everything();
        let keep = |word: &str| sum([word, &seed.to_string()].into_iter()).1 % 2 == 0;
        let mut some = all.clone();
        some.stories.retain(|id, _| keep(id));
        some.definitions.retain(|id| keep(id));
        let (less, more) = (coverage(&lists(), &some), coverage(&lists(), &all));
        adds_up(&less);
        for (a, b) in less.rows.iter().zip(&more.rows) {
            prop_assert!(b.state <= a.state, "{}", a.system.id);
        }
    }
}
