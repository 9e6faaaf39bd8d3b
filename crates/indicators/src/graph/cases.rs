//! A row of an indicator's `cases.csv` → a small world → the indicator's value, for indicators of the graph.
//!
//! Columns: `name`, `year`, `below` (areas below the asked one, `a b`), `facts`, `projects`, `expect`, `source`.
//! A fact is `[feature/]item[@period]=value unit`, several are separated by `;`; without a feature it is the asked
//! area's, without a period the asked year's. A project is `code class state from facility`. The columns `points`
//! and `values` are those of `media::cases`. Called by `cases`.

use crate::definition::Definitions;
use crate::graph::{Graph, NodeKey, World};
use crate::plan::value::print;
use domain::{Area, City, Fact, FactKey, Project, ProjectState, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The asked area of every case.
const AREA: &str = "city";

pub(crate) fn run(
    cells: &BTreeMap<&str, &str>,
    id: &str,
    definitions: &Definitions,
    catalog: &standards::Catalog,
) -> Result<String, Text> {
    let cell = |name: &str| cells.get(name).copied().unwrap_or("");
    let year: i16 = cell("year").parse().map_err(|_| wrong("year", cell("year")))?;
    let standards = Arc::new(catalog.clone());
    let mut world = world(&standards, cell("below"), cell("facts"), cell("projects"), year)?;
    crate::media::cases::fill(&mut world, AREA, cell("points"), cell("values"), domain::Year(year))?;
    let value = Graph::default().value(&NodeKey::new(id, AREA, year), &world, definitions);
    Ok(match (value.value, &value.words) {
        (Some(number), Some(words)) => format!("{} {}", print(number, value.digits), words.zh),
        (Some(number), None) => print(number, value.digits),
        (None, _) => format!("none: {}", value.why.zh),
    })
}

/// The small world of a case; also for tests.
pub(crate) fn world(
    standards: &Arc<standards::Catalog>,
    below: &str,
    facts: &str,
    projects: &str,
    year: i16,
) -> Result<World, Text> {
    let mut world = World::new(Arc::clone(standards));
    world.areas.push(area(AREA, ""));
    world.areas.extend(below.split_whitespace().map(|code| area(code, AREA)));
    world.city = city(facts, projects, year)?;
    Ok(world)
}

fn city(facts: &str, projects: &str, year: i16) -> Result<City, Text> {
    let mut city = City::default();
    for written in facts.split(';').map(str::trim).filter(|text| !text.is_empty()) {
        let fact = fact(written, year).ok_or_else(|| wrong("facts", written))?;
        city.facts.insert(fact.key.clone(), fact);
    }
    for written in projects.split(';').map(str::trim).filter(|text| !text.is_empty()) {
        let project = project(written).ok_or_else(|| wrong("projects", written))?;
        city.projects.insert(project.code.clone(), project);
    }
    Ok(city)
}

fn fact(written: &str, year: i16) -> Option<Fact> {
    let (key, value) = written.split_once('=')?;
    let (value, unit) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
    let (key, period) =
        key.split_once('@').map_or_else(|| (key, year.to_string()), |(key, period)| (key, period.to_string()));
    let (feature, item) = key.split_once('/').unwrap_or((AREA, key));
    Some(Fact {
        key: FactKey {
            feature: feature.trim().to_string(),
            item: item.trim().to_string(),
            period: period.trim().to_string(),
        },
        value: value.parse().ok()?,
        unit: unit.trim().to_string(),
        department: String::new(),
        document: String::new(),
        simulated: false,
        note: String::new(),
        import: String::new(),
        row: 0,
    })
}

fn project(written: &str) -> Option<Project> {
    let mut words = written.split_whitespace();
    let code = words.next()?.to_string();
    let class = words.next()?.to_string();
    let state = ProjectState::from_word(words.next()?)?;
    let from = words.next().and_then(|day| day.parse().ok());
    Some(Project {
        name_zh: code.clone(),
        name_en: code.clone(),
        code,
        plan_project: String::new(),
        area: AREA.to_string(),
        class,
        facility: words.next().unwrap_or("").to_string(),
        state,
        from,
        to: None,
        document: String::new(),
        simulated: false,
        note: String::new(),
        import: String::new(),
        row: 0,
    })
}

/// An area with nothing but its code.
pub(crate) fn area(id: &str, parent: &str) -> Area {
    let text = |text: &str| text.to_string();
    Area {
        id: text(id),
        name_zh: text(id),
        name_en: text(id),
        parent: text(parent),
        plan: String::new(),
        map: String::new(),
        note: String::new(),
        note_en: String::new(),
    }
}

fn wrong(what: &str, value: &str) -> Text {
    Text::new(format!("“{what}”不能是“{value}”"), format!("`{what}` cannot be `{value}`"))
}
