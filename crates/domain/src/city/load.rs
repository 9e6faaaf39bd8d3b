//! Records of the tables `points`, `facts`, `projects`, `parcels` → [`City`], and everything in them that cannot
//! be used.

use super::{City, Fact, FactKey, Medium, Parcel, Point, Project, ProjectState};
use crate::period::{Day, Month};
use crate::problem::{Problem, Severity};
use crate::record::{Record, Table};
use crate::row::Row;
use crate::text::Text;

/// Datums that a position may name; empty is read as the first.
const DATUMS: [&str; 5] = ["cgcs2000", "wgs84", "gcj02", "bd09", "unknown"];

impl City {
    /// From the records of the lake. A row that cannot be used is an error, a cell that cannot is a warning; both
    /// keep the place and the raw text, and the rest stays usable. A later row of the same key replaces the earlier
    /// one, as in the lake.
    pub fn load(points: &[Record], facts: &[Record], projects: &[Record], parcels: &[Record]) -> (City, Vec<Problem>) {
        let mut city = City::default();
        let mut problems = Vec::new();
        for record in points {
            city.points.extend(read_point(&mut Row::new(Table::Points, record, &mut problems)));
        }
        for record in facts {
            if let Some(fact) = Fact::from_record(record, &mut problems) {
                city.facts.insert(fact.key.clone(), fact);
            }
        }
        for record in projects {
            if let Some(project) = read_project(&mut Row::new(Table::Projects, record, &mut problems), record) {
                city.projects.insert(project.code.clone(), project);
            }
        }
        for record in parcels {
            city.parcels.extend(read_parcel(&mut Row::new(Table::Parcels, record, &mut problems)));
        }
        city.points.sort_by(|a, b| (&a.code, a.from).cmp(&(&b.code, b.from)));
        city.parcels.sort_by(|a, b| (&a.layer, &a.code, a.from).cmp(&(&b.layer, &b.code, b.from)));
        tell_overlaps(&city.points, &mut problems);
        (city, problems)
    }
}

impl Fact {
    /// From one record; `None` when it cannot be used, which is told.
    pub fn from_record(record: &Record, problems: &mut Vec<Problem>) -> Option<Fact> {
        let mut row = Row::new(Table::Facts, record, problems);
        let (feature, item) = (row.needed("feature")?, row.needed("item")?);
        let period = row.needed("period")?;
        if !is_period(&period) {
            let message = Text::new(
                format!("period 的值“{period}”应为 2025 或 2025-03 的形式，这一行不能使用"),
                format!("`period` must be like 2025 or 2025-03, it is `{period}`; the row cannot be used"),
            );
            row.refuse("not-a-period", "period", message);
            return None;
        }
        row.needed("value")?;
        let value = row.number("value", Severity::Error).value()?;
        Some(Fact {
            key: FactKey { feature, item, period },
            value,
            unit: row.owned("unit"),
            department: row.owned("department"),
            document: row.owned("document"),
            simulated: row.yes("simulated"),
            note: row.owned("note"),
            import: record.import.clone(),
            row: record.row,
        })
    }
}

/// `2025` or `2025-03`.
fn is_period(text: &str) -> bool {
    let number =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i16>().ok()).flatten();
    match text.split_once('-') {
        None => text.len() == 4 && number(text).is_some(),
        Some((year, month)) => {
            let parts = (number(year), number(month).and_then(|month| i8::try_from(month).ok()));
            year.len() == 4 && matches!(parts, (Some(year), Some(month)) if Month::from_ym(year, month).is_some())
        }
    }
}

fn read_point(row: &mut Row<'_>) -> Option<Point> {
    let code = row.needed("point")?;
    let Some(medium) = Medium::from_code(row.text("medium")) else {
        row.wrong_word("medium", &Medium::ALL.map(Medium::code).join(", "), Severity::Error);
        return None;
    };
    let (from, to) = days(row)?;
    Some(Point {
        code,
        from,
        to,
        name_zh: row.owned("name_zh"),
        name_en: row.owned("name_en"),
        medium,
        kind: row.owned("kind"),
        area: row.owned("area"),
        water_body: row.owned("water_body"),
        basin: row.owned("basin"),
        level: row.owned("level"),
        target: row.owned("target"),
        networks: words(row.text("networks")),
        source_name: row.owned("source_name"),
        lon_deg: row.degrees("lon", 180),
        lat_deg: row.degrees("lat", 90),
        datum: datum(row),
        simulated: row.yes("simulated"),
        document: row.owned("document"),
        note: row.owned("note"),
    })
}

fn read_project(row: &mut Row<'_>, record: &Record) -> Option<Project> {
    let code = row.needed("project")?;
    let Some(state) = ProjectState::from_word(row.text("state")) else {
        row.wrong_word("state", &ProjectState::ALL.map(ProjectState::code).join(", "), Severity::Error);
        return None;
    };
    let (from, to) = days(row)?;
    Some(Project {
        code,
        plan_project: row.owned("plan_project"),
        name_zh: row.owned("name_zh"),
        name_en: row.owned("name_en"),
        area: row.owned("area"),
        class: row.owned("class"),
        facility: row.owned("facility"),
        state,
        from,
        to,
        document: row.owned("document"),
        simulated: row.yes("simulated"),
        note: row.owned("note"),
        import: record.import.clone(),
        row: record.row,
    })
}

fn read_parcel(row: &mut Row<'_>) -> Option<Parcel> {
    let (code, layer) = (row.needed("parcel")?, row.needed("layer")?);
    let geometry = row.needed("geometry")?;
    let (from, to) = days(row)?;
    Some(Parcel {
        code,
        layer,
        from,
        to,
        name_zh: row.owned("name_zh"),
        name_en: row.owned("name_en"),
        area: row.owned("area"),
        land_class: row.owned("land_class"),
        datum: datum(row),
        geometry,
        document: row.owned("document"),
        simulated: row.yes("simulated"),
        note: row.owned("note"),
    })
}

/// First and last day. A bad one makes the row unusable: it would hold at times for which it was not meant.
fn days(row: &mut Row<'_>) -> Option<(Option<Day>, Option<Day>)> {
    use crate::row::Cell;
    let mut read = |column| match row.day(column, Severity::Error) {
        Cell::Empty => Some(None),
        Cell::Is(day) => Some(Some(day)),
        Cell::Bad => None,
    };
    let (from, to) = (read("from")?, read("to")?);
    if let (Some(first), Some(last)) = (from, to)
        && last < first
    {
        let message = Text::new(
            format!("止 {last} 早于起 {first}，这一行不能使用；请核对"),
            format!("it ends on {last}, before it begins on {first}; the row cannot be used, check it"),
        );
        row.refuse("ends-before-it-begins", "to", message);
        return None;
    }
    Some((from, to))
}

fn datum(row: &mut Row<'_>) -> String {
    let datum = row.text("datum").to_ascii_lowercase();
    if datum.is_empty() {
        return DATUMS[0].to_string();
    }
    if DATUMS.contains(&datum.as_str()) {
        return datum;
    }
    row.wrong_word("datum", &DATUMS.join(", "), Severity::Warning);
    "unknown".to_string()
}

fn words(text: &str) -> Vec<String> {
    text.split([';', '；', '、', ' ']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_string).collect()
}

/// Two rows of one point that hold on the same day contradict each other; the first in time order is used.
fn tell_overlaps(points: &[Point], problems: &mut Vec<Problem>) {
    for pair in points.windows(2) {
        let [before, after] = pair else { continue };
        if before.code != after.code {
            continue;
        }
        let Some(day) = after.from.or(before.to).filter(|day| before.holds(*day) && after.holds(*day)) else {
            continue;
        };
        let code = &after.code;
        problems.push(Problem {
            severity: Severity::Warning,
            code: "points-overlap",
            place: crate::problem::Place { file: Table::Points.code().to_string(), ..Default::default() },
            raw: code.clone(),
            message: Text::new(
                format!("点位 {code} 有两行在 {day} 同时有效，采用较早的一行；请给较早的一行填 to"),
                format!("two rows of point {code} hold on {day}; the earlier is used: give it its last day `to`"),
            ),
        });
    }
}
