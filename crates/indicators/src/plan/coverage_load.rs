//! `lists.toml` and the tables it counts, in the folder of a plan → [`PlanCatalog`] and problems.
//!
//! `lists.toml` says how many rows each table must have, so that a row lost or doubled is told wherever the folder is
//! read. A plan without that file has no lists. Called by `server` and by the tests.

use crate::plan::coverage_lists::{
    Code, CodeKind, PlanActor, PlanBody, PlanCatalog, PlanEntity, PlanProject, PlanRelation, PlanSystem, Served, Shows,
};
use crate::plan::load::{PlanProblem, Reader, Row, unknown};
use domain::Text;
use domain::catalog::Files;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    /// How many rows each table has.
    counts: BTreeMap<String, usize>,
    /// Where it is said who answers, for rows of `bodies.csv` that do not say it themselves.
    #[serde(default)]
    bodies_source: Text,
}

impl PlanCatalog {
    /// The lists of the plan called `plan`. What cannot be read or does not fit together is told; the rest is usable.
    pub fn load(files: &Files, plan: &str) -> (PlanCatalog, Vec<PlanProblem>) {
        let mut catalog = PlanCatalog { plan: plan.to_string(), ..PlanCatalog::default() };
        let mut problems = Vec::new();
        let folders = files.folders_with("lists.toml");
        let Some(folder) = folders.iter().find(|folder| folder.rsplit('/').next() == Some(plan)) else {
            return (catalog, problems);
        };
        let head = head(files, folder, &mut problems);
        let mut read = Reader { files, folder, problems: &mut problems };
        catalog.codes = read.table("codes.csv", code);
        catalog.systems = read.table("systems.csv", system);
        catalog.served = read.table("coverage.csv", served);
        catalog.projects = read.table("projects.csv", project);
        catalog.entities = read.table("entities.csv", entity);
        catalog.actors = read.table("actors.csv", actor);
        catalog.relations = read.table("relations.csv", relation);
        catalog.bodies = read.table("bodies.csv", |row| body(row, &head.bodies_source));
        let mut check = Check { folder, problems: &mut problems };
        check.counts(&catalog, &head.counts);
        check.ids(&catalog);
        check.references(&catalog);
        (catalog, problems)
    }
}

fn head(files: &Files, folder: &str, problems: &mut Vec<PlanProblem>) -> Head {
    let path = format!("{folder}/lists.toml");
    toml::from_str(files.get(&path).unwrap_or_default()).unwrap_or_else(|error: toml::de::Error| {
        let reason = error.message().to_string();
        let message = Text::new(format!("无法读取：{reason}"), format!("cannot be read: {reason}"));
        problems.push(PlanProblem { path, message });
        Head { counts: BTreeMap::new(), bodies_source: Text::default() }
    })
}

/// Tells what does not fit together.
struct Check<'a> {
    folder: &'a str,
    problems: &'a mut Vec<PlanProblem>,
}

impl Check<'_> {
    fn tell(&mut self, file: &str, zh: String, en: String) {
        let path = format!("{}/{file}", self.folder);
        self.problems.push(PlanProblem { path, message: Text::new(zh, en) });
    }

    /// As many rows as `lists.toml` says.
    fn counts(&mut self, catalog: &PlanCatalog, stated: &BTreeMap<String, usize>) {
        let found = catalog.counts();
        for (list, want) in stated {
            match found.iter().find(|(name, _)| name == list) {
                Some((_, have)) if have == want => {}
                Some((_, have)) => self.tell(
                    &format!("{list}.csv"),
                    format!("读到 {have} 行，lists.toml 规定 {want} 行；有行丢失或重复"),
                    format!("{have} rows were read, lists.toml says {want}: a row is lost or doubled"),
                ),
                None => self.tell(
                    "lists.toml",
                    format!("没有名为“{list}”的清单"),
                    format!("there is no list called `{list}`"),
                ),
            }
        }
    }

    /// Every id once in its list.
    fn ids(&mut self, catalog: &PlanCatalog) {
        let codes = catalog.codes.iter().map(|code| format!("{:?} {}", code.kind, code.id)).collect();
        self.once("codes.csv", codes);
        self.once("systems.csv", catalog.systems.iter().map(|system| system.id.clone()).collect());
        self.once("coverage.csv", catalog.served.iter().map(|served| served.system.clone()).collect());
        self.once("projects.csv", catalog.projects.iter().map(|project| project.id.clone()).collect());
        self.once("entities.csv", catalog.entities.iter().map(|entity| entity.id.clone()).collect());
        let named = catalog.entities.iter().map(|entity| format!("{} {}", entity.name, entity.r#type)).collect();
        self.once("entities.csv", named);
        self.once("actors.csv", catalog.actors.iter().map(|actor| actor.id.clone()).collect());
        self.once("relations.csv", catalog.relations.iter().map(|relation| relation.id.clone()).collect());
        self.once("bodies.csv", catalog.bodies.iter().map(|body| body.row.clone()).collect());
    }

    fn once(&mut self, file: &str, ids: Vec<String>) {
        let mut seen = BTreeSet::new();
        for id in ids.iter().filter(|id| !seen.insert(id.as_str())) {
            self.tell(file, format!("“{id}”出现多次"), format!("`{id}` appears more than once"));
        }
    }

    /// Every id that a list uses stands in the list that it belongs to.
    fn references(&mut self, catalog: &PlanCatalog) {
        let codes = |kind| -> BTreeSet<&str> { catalog.codes_of(kind).map(|code| code.id.as_str()).collect() };
        let systems: BTreeSet<&str> = catalog.systems.iter().map(|system| system.id.as_str()).collect();
        let actors: BTreeSet<&str> = catalog.actors.iter().map(|actor| actor.id.as_str()).collect();
        let mut ends = systems.clone();
        ends.extend(catalog.entities.iter().map(|entity| entity.id.as_str()));
        let (groups, depths) = (codes(CodeKind::Group), codes(CodeKind::Depth));
        let (boxes, types) = (codes(CodeKind::Box), codes(CodeKind::Type));
        let (primitives, kernels) = (codes(CodeKind::Primitive), codes(CodeKind::Kernel));
        for system in &catalog.systems {
            self.within("systems.csv", &system.id, std::slice::from_ref(&system.group), &groups);
            self.within("systems.csv", &system.id, std::slice::from_ref(&system.depth), &depths);
            self.within("systems.csv", &system.id, &system.primitives, &primitives);
            self.within("systems.csv", &system.id, &system.kernels, &kernels);
        }
        for served in &catalog.served {
            self.within("coverage.csv", &served.system, std::slice::from_ref(&served.system), &systems);
        }
        let projects: BTreeSet<&str> = catalog.projects.iter().map(|project| project.id.as_str()).collect();
        for entity in &catalog.entities {
            self.within("entities.csv", &entity.id, std::slice::from_ref(&entity.r#type), &types);
        }
        for project in &catalog.projects {
            self.within("projects.csv", &project.id, std::slice::from_ref(&project.r#box), &boxes);
            self.within("projects.csv", &project.id, &words(&project.system, ';'), &systems);
            self.within("projects.csv", &project.id, &words(&project.same_as, ';'), &projects);
        }
        for relation in &catalog.relations {
            self.within("relations.csv", &relation.id, &relation.from, &ends);
            self.within("relations.csv", &relation.id, &relation.to, &ends);
        }
        for body in &catalog.bodies {
            self.within("bodies.csv", &body.row, &body.lead, &actors);
            self.within("bodies.csv", &body.row, &body.with, &actors);
        }
    }

    fn within(&mut self, file: &str, of: &str, used: &[String], known: &BTreeSet<&str>) {
        for id in used.iter().filter(|id| !known.contains(id.as_str())) {
            self.tell(
                file,
                format!("“{of}”引用了“{id}”，所属清单中没有它；请更正或补上"),
                format!("`{of}` names `{id}`, which is in no list it could belong to; correct it or add it"),
            );
        }
    }
}

fn code(row: &Row) -> Result<Code, Text> {
    let kind = match row.needed("kind")?.as_str() {
        "group" => CodeKind::Group,
        "depth" => CodeKind::Depth,
        "primitive" => CodeKind::Primitive,
        "kernel" => CodeKind::Kernel,
        "box" => CodeKind::Box,
        "type" => CodeKind::Type,
        other => return Err(unknown("kind", other)),
    };
    Ok(Code { kind, id: row.needed("id")?, title: row.title("title")? })
}

fn system(row: &Row) -> Result<PlanSystem, Text> {
    Ok(PlanSystem {
        no: row.parsed("no")?,
        id: row.needed("id")?,
        name: row.title("name")?,
        group: row.needed("group")?,
        primitives: words(row.get("primitives"), ' '),
        depth: row.needed("depth")?,
        kernels: words(row.get("kernels"), ' '),
        chapter: row.get("chapter").to_string(),
        plan_line: row.parsed("line")?,
        quote: row.needed("quote")?,
        does: row.title("does")?,
        inputs: row.get("inputs").to_string(),
        outputs: row.get("outputs").to_string(),
        standards: row.get("standards").to_string(),
    })
}

fn served(row: &Row) -> Result<Served, Text> {
    let scenarios = words(row.get("scenarios"), ';');
    let note = row.text("note");
    let shows = match row.get("shows") {
        "" => Shows::Nothing,
        "part" => Shows::Part,
        "main" => Shows::Main,
        other => return Err(unknown("shows", other)),
    };
    if (shows == Shows::Nothing) != scenarios.is_empty() {
        return Err(Text::new(
            "scenarios 与 shows 须同时填写：shows 为 main（主要功能）或 part（部分）",
            "scenarios and shows go together: shows is `main` (its main job) or `part`",
        ));
    }
    if note.zh.is_empty() != note.en.is_empty() || (shows != Shows::Main && note.zh.is_empty()) {
        return Err(Text::new(
            "主要功能未由故事演示的系统须用中英文说明有什么、没有什么（note_zh、note_en）",
            "a system whose main job no story shows needs words on what is there and what is not (note_zh, note_en)",
        ));
    }
    let places = words(row.get("places"), ';');
    if let Some(place) = places.iter().find(|place| !place.starts_with("jingce ") && !place.starts_with('/')) {
        return Err(unknown("places", place));
    }
    let serves = words(row.get("serves"), ';');
    if let Some(wrong) = serves.iter().find(|id| !id.contains(':')) {
        return Err(unknown("serves", wrong));
    }
    Ok(Served { system: row.needed("system")?, scenarios, shows, serves, places, note })
}

fn project(row: &Row) -> Result<PlanProject, Text> {
    Ok(PlanProject {
        id: row.needed("id")?,
        r#box: row.needed("box")?,
        category: row.needed("category")?,
        area: row.needed("area")?,
        project: row.needed("project")?,
        plan_line: row.parsed("line")?,
        quote: row.needed("quote")?,
        system: row.get("system").to_string(),
        same_as: row.get("same_as").to_string(),
    })
}

fn entity(row: &Row) -> Result<PlanEntity, Text> {
    Ok(PlanEntity {
        id: row.needed("id")?,
        name: row.needed("name")?,
        r#type: row.needed("type")?,
        group: row.needed("group")?,
        plan_line: row.parsed("first_line")?,
        mentions: row.parsed("mentions")?,
        aliases: words(row.get("aliases"), ';'),
        note: row.get("note").to_string(),
    })
}

fn actor(row: &Row) -> Result<PlanActor, Text> {
    Ok(PlanActor { id: row.needed("id")?, name: row.title("name")?, jobs: row.title("jobs")? })
}

fn relation(row: &Row) -> Result<PlanRelation, Text> {
    let relation = PlanRelation {
        id: row.needed("id")?,
        from: words(row.get("from"), ';'),
        from_other: row.get("from_other").to_string(),
        to: words(row.get("to"), ';'),
        to_other: row.get("to_other").to_string(),
        quote: row.needed("quote")?,
        plan_line: row.parsed("line")?,
    };
    if relation.from.is_empty() && relation.from_other.is_empty() {
        return Err(Text::new("缺少起点（from 或 from_other）", "an end is missing: `from` or `from_other`"));
    }
    if relation.to.is_empty() && relation.to_other.is_empty() {
        return Err(Text::new("缺少终点（to 或 to_other）", "an end is missing: `to` or `to_other`"));
    }
    Ok(relation)
}

fn body(row: &Row, source: &Text) -> Result<PlanBody, Text> {
    let lead = words(&row.needed("lead")?, ';');
    Ok(PlanBody {
        row: row.needed("row")?,
        lead,
        with: words(row.get("with"), ';'),
        confidence: row.confidence()?,
        source: if row.get("source_zh").is_empty() { source.clone() } else { row.title("source")? },
        evidence: row.title("evidence")?,
    })
}

/// The words of a cell, without white space around them.
fn words(cell: &str, between: char) -> Vec<String> {
    cell.split(between).map(str::trim).filter(|word| !word.is_empty()).map(str::to_string).collect()
}
