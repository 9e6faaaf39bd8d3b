//! A plan's lists and what exists now → what of the plan works, what is declared, what is missing.
//!
//! A system **works** when a story of `scenarios/` that is run by the tests shows its main job; it is **declared** when
//! the catalog defines something that serves it; otherwise it is **missing**. The state is derived, never written down:
//! a row that names a story or a definition that does not exist falls back, and that is told. Called by `server`.

use crate::Definitions;
use crate::plan::coverage_lists::{
    CodeKind, PlanCatalog, PlanEntity, PlanProject, PlanRelation, PlanSystem, Served, Shows,
};
use crate::plan::load::PlanProblem;
use crate::plan::model::Plan;
use domain::Text;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What exists now, as the caller knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Stories that the tests run, with their titles: [`read_stories`].
    pub stories: BTreeMap<String, Text>,
    /// Definitions of the catalogs as `kind:id`: [`Known::add`].
    pub definitions: BTreeSet<String>,
}

/// How far a system has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SystemState {
    /// A story that runs shows its main job.
    Works,
    /// A definition of the catalog serves it.
    Declared,
    /// Neither.
    Missing,
}

/// How much of a plan stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Id of the plan.
    pub plan: String,
    /// All systems.
    pub totals: Totals,
    /// By domain, in the order of the catalog.
    pub by_group: Vec<TotalsOf>,
    /// By the science they need, in the order of the catalog.
    pub by_depth: Vec<TotalsOf>,
    /// How many rows each list has.
    pub lists: Vec<Counted>,
    /// Projects by the box that lists them, in the order of the catalog.
    pub projects_by_box: Vec<CountedCode>,
    /// Entities by type, in the order of the catalog.
    pub entities_by_type: Vec<CountedCode>,
    /// Every system once, in the order of the plan's list.
    pub rows: Vec<SystemRow>,
    /// Every project once, those that repeat another included.
    pub projects: Vec<ProjectRow>,
    /// Projects that repeat another one: one work in two boxes.
    pub projects_repeated: usize,
    /// Every relation once.
    pub relations: Vec<RelationRow>,
    /// Rows that name what does not exist.
    pub problems: Vec<PlanProblem>,
}

/// Systems by state. `works + declared + missing = all`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Shown by a story.
    pub works: usize,
    /// Defined only.
    pub declared: usize,
    /// Nothing yet.
    pub missing: usize,
    /// All of them.
    pub all: usize,
}

/// [`Totals`] of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TotalsOf {
    /// Code of the part.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Its systems.
    #[serde(flatten)]
    pub totals: Totals,
}

/// A number of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Of what.
    pub name: String,
    /// How many.
    pub count: usize,
}

/// A number of rows under one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CountedCode {
    /// The code.
    pub name: String,
    /// What it means.
    pub title: Text,
    /// How many.
    pub count: usize,
}

/// One system and what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SystemRow {
    /// The system, as the plan's list has it.
    #[serde(flatten)]
    pub system: PlanSystem,
    /// How far it has come.
    pub state: SystemState,
    /// Stories that exist and use it.
    pub scenarios: Vec<Story>,
    /// Whether they show its main job or a part.
    pub shows: Shows,
    /// Definitions that exist and serve it, as `kind:id`.
    pub serves: Vec<String>,
    /// Commands and pages where its user finds it.
    pub places: Vec<String>,
    /// What of it is there and what is not; empty when nothing is to be said.
    pub note: Text,
}

/// A story that the tests run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Story {
    /// Its folder in `scenarios/`.
    pub id: String,
    /// Its title.
    pub title: Text,
}

/// One project, with the state of the system that it builds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProjectRow {
    /// The project, as the plan's list has it.
    #[serde(flatten)]
    pub project: PlanProject,
    /// State of the system; none for a project that builds no software.
    pub state: Option<SystemState>,
}

/// One relation and whether its ends work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RelationRow {
    /// Id.
    pub id: String,
    /// Where it begins.
    pub from: Vec<End>,
    /// Where it ends.
    pub to: Vec<End>,
    /// Whether every system of `from` works; none when no system of the plan stands there.
    pub from_works: Option<bool>,
    /// Whether every system of `to` works; none when no system of the plan stands there.
    pub to_works: Option<bool>,
    /// Whether both sides have systems and all of them work.
    pub both_work: bool,
    /// The plan's words; several are parted by ` / `.
    pub quote: String,
    /// Line of the plan's text.
    pub plan_line: u32,
}

/// One end of a relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct End {
    /// Id of the system or entity; empty for what is in no list.
    pub id: String,
    /// Name.
    pub name: Text,
    /// State of the system; none for an entity and for what is in no list.
    pub state: Option<SystemState>,
}

impl Known {
    /// Adds definitions of one kind: `add("standard", ids)` makes `standard:<id>` known.
    pub fn add<I: AsRef<str>>(&mut self, kind: &str, ids: impl IntoIterator<Item = I>) {
        self.definitions.extend(ids.into_iter().map(|id| format!("{kind}:{}", id.as_ref())));
    }

    /// Adds what this crate and `standards` define: `indicator:`, `standard:`, `rules:`, `table:`, and of the plan
    /// `row:` (the number of a row), `target:` and `list:`.
    pub fn add_defined(&mut self, definitions: &Definitions, standards: &standards::Catalog, plan: &Plan) {
        self.add("indicator", definitions.iter().map(|own| own.id.clone()));
        self.add("standard", standards.standards().map(|own| own.id.clone()));
        self.add("rules", standards.rule_sets().iter().map(|own| own.id.clone()));
        self.add("table", domain::Table::ALL.map(domain::Table::code));
        self.add("row", plan.rows.iter().map(|row| row.no.to_string()));
        self.add("target", plan.targets.iter().map(|target| target.id.clone()));
        self.add("list", PlanCatalog::default().counts().map(|(name, _)| name));
    }
}

/// Reads `scenarios/index.csv` (`scenario,title_zh,title_en`): every story that the tests run. A bad row is told.
pub fn read_stories(text: &str) -> (BTreeMap<String, Text>, Vec<PlanProblem>) {
    let mut files = domain::catalog::Files::new();
    files.insert("scenarios/index.csv", text);
    let mut problems = Vec::new();
    let mut read = crate::plan::load::Reader { files: &files, folder: "scenarios", problems: &mut problems };
    let rows = read.table("index.csv", |row| Ok((row.needed("scenario")?, row.title("title")?)));
    let mut stories = BTreeMap::new();
    for (id, title) in rows {
        if stories.insert(id.clone(), title).is_some() {
            let message = Text::new(format!("“{id}”出现多次"), format!("`{id}` appears more than once"));
            problems.push(PlanProblem { path: "scenarios/index.csv".to_string(), message });
        }
    }
    (stories, problems)
}

/// How much of the plan stands, given what exists.
pub fn coverage(catalog: &PlanCatalog, known: &Known) -> Coverage {
    let served: BTreeMap<&str, &Served> = catalog.served.iter().map(|own| (own.system.as_str(), own)).collect();
    let mut problems = Vec::new();
    let mut rows = Vec::with_capacity(catalog.systems.len());
    for system in &catalog.systems {
        let own = served.get(system.id.as_str()).copied();
        rows.push(row(system, own, known, &mut problems));
    }
    let path = format!("plans/{}/coverage.csv", catalog.plan);
    let problems = problems.into_iter().map(|message| PlanProblem { path: path.clone(), message }).collect();
    let states: BTreeMap<&str, SystemState> = rows.iter().map(|row| (row.system.id.as_str(), row.state)).collect();
    Coverage {
        plan: catalog.plan.clone(),
        totals: totals(&rows),
        by_group: totals_of(catalog, CodeKind::Group, &rows, |row| &row.system.group),
        by_depth: totals_of(catalog, CodeKind::Depth, &rows, |row| &row.system.depth),
        lists: catalog.counts().into_iter().map(|(name, count)| Counted { name: name.to_string(), count }).collect(),
        projects_by_box: counted(catalog, CodeKind::Box, catalog.projects.iter().map(|own| own.r#box.as_str())),
        entities_by_type: counted(catalog, CodeKind::Type, catalog.entities.iter().map(|own| own.r#type.as_str())),
        projects: catalog.projects.iter().map(|own| project(own, &states)).collect(),
        projects_repeated: catalog.projects.iter().filter(|own| !own.same_as.is_empty()).count(),
        relations: catalog.relations.iter().map(|own| relation(own, catalog, &states)).collect(),
        rows,
        problems,
    }
}

fn row(system: &PlanSystem, served: Option<&Served>, known: &Known, problems: &mut Vec<Text>) -> SystemRow {
    let Some(served) = served else {
        return SystemRow {
            system: system.clone(),
            state: SystemState::Missing,
            scenarios: Vec::new(),
            shows: Shows::Nothing,
            serves: Vec::new(),
            places: Vec::new(),
            note: Text::default(),
        };
    };
    let mut scenarios = Vec::new();
    for id in &served.scenarios {
        match known.stories.get(id) {
            Some(title) => scenarios.push(Story { id: id.clone(), title: title.clone() }),
            None => problems.push(Text::new(
                format!("“{}”引用的故事“{id}”不存在或不在测试中运行，不计入", system.id),
                format!("`{}` names the story `{id}`, which does not exist or is not run: not counted", system.id),
            )),
        }
    }
    let (serves, absent): (Vec<String>, Vec<String>) =
        served.serves.iter().cloned().partition(|id| known.definitions.contains(id));
    problems.extend(absent.iter().map(|id| {
        Text::new(
            format!("“{}”引用的定义“{id}”不存在，不计入", system.id),
            format!("`{}` names the definition `{id}`, which does not exist: not counted", system.id),
        )
    }));
    let shows = if scenarios.is_empty() { Shows::Nothing } else { served.shows };
    let state = match shows {
        Shows::Main => SystemState::Works,
        Shows::Part => SystemState::Declared,
        Shows::Nothing if !serves.is_empty() => SystemState::Declared,
        Shows::Nothing => SystemState::Missing,
    };
    SystemRow {
        system: system.clone(),
        state,
        scenarios,
        shows,
        serves,
        places: served.places.clone(),
        note: served.note.clone(),
    }
}

fn totals<'a>(rows: impl IntoIterator<Item = &'a SystemRow>) -> Totals {
    let mut totals = Totals::default();
    for row in rows {
        totals.all += 1;
        match row.state {
            SystemState::Works => totals.works += 1,
            SystemState::Declared => totals.declared += 1,
            SystemState::Missing => totals.missing += 1,
        }
    }
    totals
}

fn totals_of(
    catalog: &PlanCatalog,
    kind: CodeKind,
    rows: &[SystemRow],
    part: impl Fn(&SystemRow) -> &String,
) -> Vec<TotalsOf> {
    let of = |id: &String| totals(rows.iter().filter(|row| part(row) == id));
    catalog
        .codes_of(kind)
        .map(|code| TotalsOf { id: code.id.clone(), title: code.title.clone(), totals: of(&code.id) })
        .collect()
}

/// How many of `words` stand under each code of a kind.
fn counted<'a>(
    catalog: &PlanCatalog,
    kind: CodeKind,
    words: impl Iterator<Item = &'a str> + Clone,
) -> Vec<CountedCode> {
    let of = |id: &str| words.clone().filter(|word| *word == id).count();
    catalog
        .codes_of(kind)
        .map(|code| CountedCode { name: code.id.clone(), title: code.title.clone(), count: of(&code.id) })
        .collect()
}

fn project(own: &PlanProject, states: &BTreeMap<&str, SystemState>) -> ProjectRow {
    ProjectRow { project: own.clone(), state: states.get(own.system.as_str()).copied() }
}

fn relation(own: &PlanRelation, catalog: &PlanCatalog, states: &BTreeMap<&str, SystemState>) -> RelationRow {
    let from = ends(&own.from, &own.from_other, catalog, states);
    let to = ends(&own.to, &own.to_other, catalog, states);
    let (from_works, to_works) = (all_work(&from), all_work(&to));
    RelationRow {
        id: own.id.clone(),
        from,
        to,
        from_works,
        to_works,
        both_work: from_works == Some(true) && to_works == Some(true),
        quote: own.quote.clone(),
        plan_line: own.plan_line,
    }
}

fn ends(ids: &[String], other: &str, catalog: &PlanCatalog, states: &BTreeMap<&str, SystemState>) -> Vec<End> {
    let named = |id: &String| {
        let entity = |own: &PlanEntity| Text::new(own.name.clone(), own.name.clone());
        let name = catalog.system(id).map(|own| own.name.clone()).or_else(|| catalog.entity(id).map(entity));
        End { id: id.clone(), name: name.unwrap_or_default(), state: states.get(id.as_str()).copied() }
    };
    let mut ends: Vec<End> = ids.iter().map(named).collect();
    if !other.is_empty() {
        ends.push(End { id: String::new(), name: Text::new(other, other), state: None });
    }
    ends
}

fn all_work(ends: &[End]) -> Option<bool> {
    let states: Vec<SystemState> = ends.iter().filter_map(|end| end.state).collect();
    if states.is_empty() { None } else { Some(states.iter().all(|state| *state == SystemState::Works)) }
}

impl SystemState {
    /// The word used in answers.
    pub fn code(self) -> &'static str {
        match self {
            SystemState::Works => "works",
            SystemState::Declared => "declared",
            SystemState::Missing => "missing",
        }
    }
}

impl PlanCatalog {
    /// The name of each list with the number of its rows.
    pub fn counts(&self) -> [(&'static str, usize); 6] {
        [
            ("systems", self.systems.len()),
            ("projects", self.projects.len()),
            ("entities", self.entities.len()),
            ("actors", self.actors.len()),
            ("relations", self.relations.len()),
            ("bodies", self.bodies.len()),
        ]
    }
}
