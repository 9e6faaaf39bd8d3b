//! Facts and projects of the register → what no indicator will ever use, and why: unknown items, units that do not
//! convert, periods and features of another kind, unknown classes. Called after an import, so that it is told at once.

use crate::definition::Definitions;
use crate::facts::items::{About, Item, PeriodKind};
use domain::{Area, City, Fact, Place, Problem, Project, Severity, Text};

/// Everything in the register that the catalog cannot use. The place is the row of the import.
pub fn check(city: &City, areas: &[Area], definitions: &Definitions) -> Vec<Problem> {
    let mut problems = Vec::new();
    for fact in city.facts.values() {
        match definitions.items().get(&fact.key.item) {
            None => problems.push(tell(fact, "item", "unknown-item", unknown(fact, definitions))),
            Some(item) => of_item(fact, item, (city, areas), definitions, &mut problems),
        }
    }
    let known = |project: &&Project| project.class.is_empty() || definitions.classes().contains_key(&project.class);
    for project in city.projects.values().filter(|project| !known(project)) {
        problems.push(of_project(project, definitions));
    }
    problems
}

fn of_item(
    fact: &Fact,
    item: &Item,
    (city, areas): (&City, &[Area]),
    definitions: &Definitions,
    problems: &mut Vec<Problem>,
) {
    if let Err(refused) = definitions.items().number(item, fact) {
        problems.push(tell(fact, "unit", "wrong-unit", refused));
    }
    let (code, period, feature) = (&item.code, &fact.key.period, &fact.key.feature);
    if (item.period == PeriodKind::Month) != period.contains('-') {
        let (zh, en) = match item.period {
            PeriodKind::Month => ("月度数据，应写作 2025-03 的形式", "monthly: write 2025-03"),
            PeriodKind::Year => ("年度数据，应写作 2025 的形式", "yearly: write 2025"),
        };
        let message = Text::new(
            format!("{code} 是{zh}，现为“{period}”，不会被采用"),
            format!("{code} is {en}; `{period}` will not be used"),
        );
        problems.push(tell(fact, "period", "wrong-period", message));
    }
    let listed = match item.about {
        About::Area => areas.iter().any(|area| area.id == *feature),
        About::Point => city.points.iter().any(|point| point.code == *feature),
        About::Project => city.projects.contains_key(feature),
        About::Parcel => city.parcels.iter().any(|parcel| parcel.code == *feature),
    };
    if !listed {
        let kind = item.about.name();
        let message = Text::new(
            format!("登记中没有编号为“{feature}”的{}，{code} 不会被采用；请先导入登记表或更正编号", kind.zh),
            format!(
                "the register has no {} `{feature}`, so {code} will not be used: import the register or correct the code",
                kind.en
            ),
        );
        problems.push(tell(fact, "feature", "unknown-feature", message));
    }
}

/// What the unknown item may have been meant to be: those that begin alike.
fn unknown(fact: &Fact, definitions: &Definitions) -> Text {
    let item = &fact.key.item;
    let group = item.split('.').next().unwrap_or(item);
    let alike: Vec<&str> = definitions
        .items()
        .iter()
        .map(|own| own.code.as_str())
        .filter(|code| code.split('.').next() == Some(group))
        .collect();
    let (zh, en) = match alike.is_empty() {
        true => ("见 items.csv".to_string(), "see items.csv".to_string()),
        false => (format!("同组有 {}", alike.join("、")), format!("of this group there are {}", alike.join(", "))),
    };
    Text::new(
        format!("目录中没有填报项“{item}”，没有指标会采用它；{zh}"),
        format!("the catalog has no item `{item}`, so no indicator will use it; {en}"),
    )
}

fn of_project(project: &Project, definitions: &Definitions) -> Problem {
    let class = &project.class;
    let classes: Vec<&str> = definitions.classes().keys().map(String::as_str).collect();
    Problem {
        severity: Severity::Warning,
        code: "unknown-class",
        place: place(&project.import, project.row, "class"),
        raw: class.clone(),
        message: Text::new(
            format!("没有减排类别“{class}”，项目 {} 不会计入减排量；可用 {}", project.code, classes.join("、")),
            format!("no class `{class}`: project {} counts for no amount; use {}", project.code, classes.join(", ")),
        ),
    }
}

fn tell(fact: &Fact, column: &str, code: &'static str, message: Text) -> Problem {
    let raw = match column {
        "item" => &fact.key.item,
        "period" => &fact.key.period,
        "feature" => &fact.key.feature,
        _ => &fact.unit,
    };
    Problem {
        severity: Severity::Warning,
        code,
        place: place(&fact.import, fact.row, column),
        raw: raw.clone(),
        message,
    }
}

fn place(import: &str, row: u64, column: &str) -> Place {
    Place { file: import.to_string(), sheet: String::new(), row: Some(row), column: column.to_string() }
}
