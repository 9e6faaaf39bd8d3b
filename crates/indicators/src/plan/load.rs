//! `catalog/plans/<id>/` → plans. A bad row is a problem with file and row; everything else stays usable.

use crate::plan::known::ReportedKind;
use crate::plan::model::{
    Attribute, Direction, Group, PastIndicator, PastTable, Plan, PlanIndicator, PlanTarget, Relation, TextRule,
};
use crate::plan::value::{ValueKind, ValueText};
use domain::catalog::Files;
use domain::{Confidence, Record, Text};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::str::FromStr;

/// The plans of the catalog, in order of their id.
#[derive(Clone, Debug, Default)]
pub struct Plans {
    list: Vec<Plan>,
}

/// Something wrong in a plan's folder.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PlanProblem {
    /// Path in the catalog.
    pub path: String,
    /// What is wrong and what to do.
    pub message: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: String,
    title: Text,
    area: String,
    from: i16,
    to: i16,
    base_year: i16,
    source: Text,
    #[serde(default)]
    assess_by: Vec<String>,
    #[serde(default)]
    done_words: Vec<String>,
    groups: Vec<HeadGroup>,
    #[serde(default)]
    past: Option<HeadPast>,
    #[serde(default)]
    table: HeadTable,
    #[serde(default)]
    notes: Vec<Text>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct HeadTable {
    #[serde(default)]
    label: Text,
    #[serde(default)]
    title: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadGroup {
    id: String,
    title: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadPast {
    #[serde(default)]
    label: Text,
    title: Text,
    base_year: i16,
    target_year: i16,
}

impl Plans {
    /// From a catalog; every folder with a `plan.toml` is a plan.
    pub fn load(files: &Files) -> (Plans, Vec<PlanProblem>) {
        let mut list = Vec::new();
        let mut problems = Vec::new();
        for folder in files.folders_with("plan.toml") {
            if let Some(plan) = read_plan(files, &folder, &mut problems) {
                list.push(plan);
            }
        }
        list.sort_by(|a: &Plan, b: &Plan| a.id.cmp(&b.id));
        (Plans { list }, problems)
    }

    /// All, in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &Plan> {
        self.list.iter()
    }

    /// One by id.
    pub fn get(&self, id: &str) -> Option<&Plan> {
        self.list.iter().find(|plan| plan.id == id)
    }
}

fn read_plan(files: &Files, folder: &str, problems: &mut Vec<PlanProblem>) -> Option<Plan> {
    let path = format!("{folder}/plan.toml");
    let head = match read_head(files.get(&path)?, folder) {
        Ok(head) => head,
        Err(message) => {
            problems.push(PlanProblem { path, message });
            return None;
        }
    };
    let mut assess_by = Vec::new();
    for word in &head.assess_by {
        match ReportedKind::from_code(word) {
            Some(kind) => assess_by.push(kind),
            None => problems.push(PlanProblem { path: path.clone(), message: unknown("assess_by", word) }),
        }
    }
    if assess_by.is_empty() {
        assess_by = vec![ReportedKind::Official, ReportedKind::Raw, ReportedKind::Adjusted, ReportedKind::Computed];
    }
    let mut read = Reader { files, folder, problems };
    let past = head.past.as_ref().map_or_else(PastTable::default, |past| PastTable {
        label: past.label.clone(),
        title: past.title.clone(),
        base_year: past.base_year,
        target_year: past.target_year,
        rows: read.table("past.csv", past_row),
    });
    let rows = read.table("indicators.csv", |row| indicator(row, &head));
    let targets = read.table("targets.csv", target);
    let reported = if files.get(&format!("{folder}/reported.csv")).is_some() {
        read.table("reported.csv", |row| Ok(Record::new(row.fields.clone(), row.number)))
    } else {
        Vec::new()
    };
    let plan = Plan {
        id: head.id,
        title: head.title,
        area: head.area,
        from: head.from,
        to: head.to,
        base_year: head.base_year,
        groups: head.groups.into_iter().map(|group| Group { id: group.id, title: group.title }).collect(),
        table_label: head.table.label,
        table_title: head.table.title,
        rows,
        past,
        targets,
        reported,
        source: head.source,
        assess_by,
        done_words: head.done_words,
        notes: head.notes,
    };
    twice(&plan, folder, problems);
    Some(plan)
}

fn read_head(text: &str, folder: &str) -> Result<Head, Text> {
    let head: Head = toml::from_str(text).map_err(|error| {
        let reason = error.message().to_string();
        Text::new(format!("无法读取：{reason}"), format!("cannot be read: {reason}"))
    })?;
    let name = folder.rsplit('/').next().unwrap_or(folder);
    if head.id != name {
        return Err(Text::new(
            format!("id“{}”应与文件夹名“{name}”相同", head.id),
            format!("id `{}` must be the folder's name `{name}`", head.id),
        ));
    }
    if head.base_year >= head.to || head.from > head.to {
        return Err(Text::new(
            format!("年份不合：base_year {}、from {}、to {}；基准年须早于目标年", head.base_year, head.from, head.to),
            format!(
                "years do not fit: base_year {}, from {}, to {}; the base year must be before the last",
                head.base_year, head.from, head.to
            ),
        ));
    }
    Ok(head)
}

/// Two rows with one id or number would hide each other.
fn twice(plan: &Plan, folder: &str, problems: &mut Vec<PlanProblem>) {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let ids = plan.rows.iter().map(|row| row.id.as_str());
    let ids = ids.chain(plan.past.rows.iter().map(|row| row.id.as_str()));
    for id in ids.chain(plan.targets.iter().map(|target| target.id.as_str())) {
        *seen.entry(id).or_default() += 1;
    }
    for (id, _) in seen.iter().filter(|(_, times)| **times > 1) {
        let message = Text::new(format!("id“{id}”出现多次"), format!("id `{id}` appears more than once"));
        problems.push(PlanProblem { path: format!("{folder}/plan.toml"), message });
    }
}

/// Reads the tables of one folder.
pub(super) struct Reader<'a> {
    pub(super) files: &'a Files,
    pub(super) folder: &'a str,
    pub(super) problems: &'a mut Vec<PlanProblem>,
}

/// A row of a table, by column name.
pub(super) struct Row {
    fields: BTreeMap<String, String>,
    pub(super) number: u64,
}

impl Reader<'_> {
    /// Every row that `read` accepts; the others become problems.
    pub(super) fn table<T>(&mut self, name: &str, read: impl Fn(&Row) -> Result<T, Text>) -> Vec<T> {
        let path = format!("{}/{name}", self.folder);
        let Some(text) = self.files.get(&path) else {
            let message = Text::new("缺少这个文件".to_string(), "this file is missing".to_string());
            self.problems.push(PlanProblem { path, message });
            return Vec::new();
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let head = reader.headers().cloned().unwrap_or_default();
        let mut kept = Vec::new();
        for (index, record) in reader.records().enumerate() {
            let number = index as u64 + 2;
            let row =
                record.map_err(|error| Text::new(format!("无法读取：{error}"), format!("cannot be read: {error}")));
            let row = row.and_then(|record| {
                if record.len() != head.len() {
                    return Err(Text::new(
                        format!("有 {} 格，表头有 {} 格", record.len(), head.len()),
                        format!("has {} cells, the header {}", record.len(), head.len()),
                    ));
                }
                let pairs = head.iter().zip(record.iter());
                Ok(Row { fields: pairs.map(|(name, cell)| (name.to_string(), cell.to_string())).collect(), number })
            });
            match row.and_then(|row| read(&row)) {
                Ok(value) => kept.push(value),
                Err(message) => {
                    let message =
                        Text::new(format!("第 {number} 行：{}", message.zh), format!("row {number}: {}", message.en));
                    self.problems.push(PlanProblem { path: path.clone(), message });
                }
            }
        }
        kept
    }
}

impl Row {
    pub(super) fn get(&self, column: &str) -> &str {
        self.fields.get(column).map_or("", |cell| cell.trim())
    }

    pub(super) fn needed(&self, column: &str) -> Result<String, Text> {
        match self.get(column) {
            "" => Err(Text::new(format!("缺少“{column}”"), format!("`{column}` is missing"))),
            cell => Ok(cell.to_string()),
        }
    }

    pub(super) fn parsed<T: FromStr>(&self, column: &str) -> Result<T, Text> {
        let cell = self.needed(column)?;
        cell.parse().map_err(|_| {
            Text::new(
                format!("“{column}”不能是“{cell}”，应为数字"),
                format!("`{column}` cannot be `{cell}`, a number is needed"),
            )
        })
    }

    /// A number that may be blank.
    fn number<T: FromStr>(&self, column: &str) -> Result<Option<T>, Text> {
        if self.get(column).is_empty() { Ok(None) } else { self.parsed(column).map(Some) }
    }

    /// Columns `<name>_zh` and `<name>_en`.
    pub(super) fn text(&self, name: &str) -> Text {
        Text::new(self.get(&format!("{name}_zh")), self.get(&format!("{name}_en")))
    }

    pub(super) fn title(&self, name: &str) -> Result<Text, Text> {
        Ok(Text::new(self.needed(&format!("{name}_zh"))?, self.needed(&format!("{name}_en"))?))
    }

    /// Columns `<name>` and `<name>_kind`; a blank kind is told from the text.
    fn value(&self, name: &str) -> Result<ValueText, Text> {
        let kind = format!("{name}_kind");
        match self.get(&kind) {
            "" => Ok(ValueText::read(self.get(name))),
            word => ValueText::of_kind(self.get(name), ValueKind::from_code(word).ok_or_else(|| unknown(&kind, word))?),
        }
    }

    /// Column `confidence`; blank is confirmed.
    pub(super) fn confidence(&self) -> Result<Confidence, Text> {
        match self.get("confidence") {
            "" | "confirmed" => Ok(Confidence::Confirmed),
            "probable" => Ok(Confidence::Probable),
            "unconfirmed" => Ok(Confidence::Unconfirmed),
            other => Err(unknown("confidence", other)),
        }
    }

    fn attribute(&self) -> Result<Attribute, Text> {
        let word = self.needed("attribute")?;
        Attribute::from_word(&word).ok_or_else(|| unknown("attribute", &word))
    }
}

fn indicator(row: &Row, head: &Head) -> Result<PlanIndicator, Text> {
    let group = row.needed("group")?;
    if !head.groups.iter().any(|own| own.id == group) {
        return Err(unknown("group", &group));
    }
    let direction = match row.needed("direction")?.as_str() {
        "higher" => Direction::Higher,
        "lower" => Direction::Lower,
        "text" => Direction::Text,
        other => return Err(unknown("direction", other)),
    };
    Ok(PlanIndicator {
        no: row.parsed("no")?,
        id: row.needed("id")?,
        title: row.title("title")?,
        unit: row.get("unit").to_string(),
        group,
        attribute: row.attribute()?,
        base: row.value("base")?,
        target: row.value("target")?,
        cumulative: row.value("cumulative")?,
        base_year: head.base_year,
        target_year: head.to,
        line: row.parsed("line")?,
        indicator: Some(row.get("indicator").to_string()).filter(|id| !id.is_empty()),
        direction,
        digits: row.parsed::<u32>("digits")?.min(domain::fixed::PLACES),
        text_rule: text_rule(row.get("text_rule"))?,
        confidence: row.confidence()?,
        standard: row.get("standard").to_string(),
        scope: row.text("scope"),
        note: row.text("note"),
    })
}

/// `at-most 0.0`, `at-least 5`, or nothing.
fn text_rule(rule: &str) -> Result<Option<TextRule>, Text> {
    if rule.is_empty() {
        return Ok(None);
    }
    if rule == "conditions" {
        return Ok(Some(TextRule::Conditions));
    }
    let read = rule.split_once(' ').and_then(|(word, number)| {
        let relation = match word {
            "at-least" => Relation::AtLeast,
            "at-most" => Relation::AtMost,
            _ => return None,
        };
        Some(TextRule::Number { relation, number: number.trim().parse().ok()? })
    });
    read.map(Some).ok_or_else(|| unknown("text_rule", rule))
}

fn past_row(row: &Row) -> Result<PastIndicator, Text> {
    Ok(PastIndicator {
        no: row.parsed("no")?,
        id: row.needed("id")?,
        group: row.title("group")?,
        title: row.title("title")?,
        unit: row.get("unit").to_string(),
        base: row.value("base")?,
        target: row.value("target")?,
        actual: row.value("actual")?,
        actual_adjusted: row.number("actual_adjusted")?,
        attribute: row.attribute()?,
        done: row.title("done")?,
        line: row.parsed("line")?,
        same_as: row.get("same_as").to_string(),
        note: row.text("note"),
    })
}

fn target(row: &Row) -> Result<PlanTarget, Text> {
    let lines = row.needed("lines")?;
    let line = lines.split('/').next().and_then(|first| first.trim().parse().ok());
    let kind = row.needed("kind")?;
    let kind = ValueKind::from_code(&kind).ok_or_else(|| unknown("kind", &kind))?;
    let number = row.number("number")?;
    if number.is_none() && !matches!(kind, ValueKind::Text | ValueKind::Absent) {
        return Err(Text::new(
            format!("种类 {} 需要 number", kind.code()),
            format!("kind {} needs a `number`", kind.code()),
        ));
    }
    let deadline = row.needed("deadline")?;
    Ok(PlanTarget {
        id: row.needed("id")?,
        line: line.ok_or_else(|| unknown("lines", &lines))?,
        lines,
        quote: row.needed("quote")?,
        value: row.needed("value")?,
        due_year: deadline.get(..4).and_then(|year| year.parse().ok()),
        deadline,
        kind,
        number,
        unit: row.get("unit").to_string(),
        indicator: row.get("indicator").to_string(),
        computed_by: Some(row.get("computed_by").to_string()).filter(|id| !id.is_empty()),
        hint: row.get("hint").to_string(),
    })
}

pub(super) fn unknown(what: &str, value: &str) -> Text {
    Text::new(format!("“{what}”不能是“{value}”"), format!("`{what}` cannot be `{value}`"))
}
