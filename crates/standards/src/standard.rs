//! `<id>/standard.toml` and the tables beside it → one dated standard, typed by its kind.
//!
//! Every table the folder holds is declared in `standard.toml` with its clause and unit, so that none is
//! silently unused. Called by [`crate::catalog`].

use crate::air::composite::{self, CompositeFile, CompositeRule};
use crate::air::evaluation::{self, EvaluationFile, EvaluationRules};
use crate::air::index::AirIndex;
use crate::air::limits::{self, AirLimits, Condition};
use crate::cases::{self, Case};
use crate::ecology::{EcologyFile, WeightedIndex};
use crate::media::{Evaluator, Limits, LimitsFile};
use crate::monitoring::{self, Monitoring, MonitoringFile};
use crate::online::{self, OnlineFile, OnlinePart};
use crate::problem::CatalogProblem;
use crate::sheet::{Row, Sheet};
use crate::water::{WaterFile, WaterPart};
use domain::catalog::Files;
use domain::{Confidence, Day, Fixed, Parameters, Ratio, Text, Units};
use serde::Deserialize;

/// One dated standard.
#[derive(Clone, Debug)]
pub struct Standard {
    /// Id: the name of its folder.
    pub id: String,
    /// Number, such as `HJ 633-2012`.
    pub number: String,
    /// Title.
    pub title: Text,
    /// What it is.
    pub kind: Kind,
    /// Revisions of one standard share a family, such as `HJ 633`; their dates do not overlap.
    pub family: String,
    /// First day in force.
    pub from: Day,
    /// Last day in force; `None` while no end is known.
    pub to: Option<Day>,
    /// Ids of the standards it replaces from its first day on.
    pub replaces: Vec<String>,
    /// Where its numbers were read.
    pub source: String,
    /// Confidence in them as a whole; a table or a line may say less.
    pub confidence: Confidence,
    /// The clauses that were used, in words.
    pub clauses: Vec<Clause>,
    /// Its tables as printed.
    pub tables: Vec<TableInfo>,
    /// How many worked cases it has.
    pub cases: usize,
    /// `notes.md`: what is open, what was decided and why.
    pub notes: String,
    pub(crate) content: Content,
    pub(crate) worked: Vec<Case>,
}

/// What a standard is, which is also how its tables are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Breakpoints, levels and report items of an air quality index.
    AirIndex,
    /// Limits by parameter, averaging time and grade.
    AirLimits,
    /// What is evaluated over days and years, and from how much data.
    AirEvaluation,
    /// A composite index for ranking.
    CompositeIndex,
    /// The state concentrations are given at: an amendment to limits.
    ReferenceState,
    /// Means, flags, amounts, substitution and marks of online monitoring.
    Online,
    /// Ascending classes or limits of items of water, soil or sound.
    Limits,
    /// Rules of water beside its limits: means and rounding, rivers, the trophic state, indices.
    WaterRules,
    /// A weighted index of ecological quality.
    EcologyIndex,
    /// How what the points of a medium measure becomes values of months and years.
    Monitoring,
}

/// A clause in words.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Number in the document.
    pub id: String,
    /// What it says.
    pub text: Text,
}

/// A table as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableInfo {
    /// File name.
    pub file: String,
    /// Title.
    pub title: Text,
    /// Clause or table number in the document.
    pub clause: String,
    /// Unit of its numbers, in words where there are several.
    pub unit: String,
    /// Confidence in it.
    pub confidence: Confidence,
    /// Column names.
    pub header: Vec<String>,
    /// Cells.
    pub rows: Vec<Vec<String>>,
}

/// What the methods work on.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Index(Box<AirIndex>),
    Limits(AirLimits),
    Evaluation(EvaluationRules),
    Composite(CompositeRule),
    State(Vec<Condition>),
    Online(Box<OnlinePart>),
    Media(Box<Limits>),
    Water(WaterPart),
    Ecology(Box<WeightedIndex>),
    Monitoring(Box<Monitoring>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StandardFile {
    id: String,
    number: String,
    title: Text,
    kind: Kind,
    family: String,
    from: String,
    to: Option<String>,
    #[serde(default)]
    replaces: Vec<String>,
    source: String,
    confidence: Confidence,
    #[serde(default)]
    clause: Vec<Clause>,
    #[serde(default)]
    table: Vec<TableFile>,
    index: Option<crate::air::IndexFile>,
    evaluation: Option<EvaluationFile>,
    composite: Option<CompositeFile>,
    online: Option<OnlineFile>,
    limits: Option<LimitsFile>,
    water: Option<WaterFile>,
    ecology: Option<EcologyFile>,
    monitoring: Option<MonitoringFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFile {
    file: String,
    title: Text,
    clause: String,
    #[serde(default)]
    unit: String,
    confidence: Option<Confidence>,
}

/// What the readers of tables need to know of the standard they belong to.
pub(crate) struct Header {
    pub id: String,
    pub number: String,
    pub title: Text,
    pub confidence: Confidence,
}

impl Header {
    /// The path of a file of the standard's folder.
    pub fn path(&self, file: &str) -> String {
        format!("{}/{file}", self.id)
    }
}

/// The words a table may use for parameters and units.
pub(crate) struct Names {
    pub parameters: Parameters,
    units: Units,
}

impl Names {
    /// The words of `domain`.
    pub fn builtin() -> Names {
        Names { parameters: Parameters::builtin(), units: Units::builtin() }
    }

    /// A parameter code that exists.
    pub fn parameter(&self, row: &Row, column: &str) -> Result<String, CatalogProblem> {
        let code = row.required(column)?;
        match self.parameters.get(code) {
            Some(parameter) if parameter.code == code => Ok(code.to_string()),
            _ => Err(row.problem(
                format!("参数 `{code}` 不在 parameters.csv 中"),
                format!("the parameter `{code}` is not in parameters.csv"),
            )),
        }
    }

    /// A unit that exists.
    pub fn unit(&self, row: &Row, column: &str) -> Result<String, CatalogProblem> {
        let unit = row.required(column)?;
        match self.units.get(unit) {
            Ok(known) => Ok(known.symbol.clone()),
            Err(_) => Err(row
                .problem(format!("单位 `{unit}` 不在 units.csv 中"), format!("the unit `{unit}` is not in units.csv"))),
        }
    }

    /// The canonical unit of a parameter, and no other: values are kept in it.
    pub fn unit_of(&self, row: &Row, column: &str, parameter: &str) -> Result<String, CatalogProblem> {
        let unit = self.unit(row, column)?;
        match self.parameters.get(parameter) {
            Some(own) if own.unit != unit => Err(row.problem(
                format!("`{parameter}` 的单位应为 {}，表中为 {unit}；请换算后填写", own.unit),
                format!("`{parameter}` is kept in {}, the table has {unit}: write converted numbers", own.unit),
            )),
            _ => Ok(unit),
        }
    }

    /// The smallest and largest value of a parameter that can be real, in another unit of its dimension.
    pub fn range_in(
        &self,
        row: &Row,
        parameter: &str,
        unit: &str,
    ) -> Result<(Option<Ratio>, Option<Ratio>), CatalogProblem> {
        let Some(own) = self.parameters.get(parameter) else { return Ok((None, None)) };
        let conversion = self
            .units
            .conversion(&own.unit, unit)
            .map_err(|error| row.problem(format!("单位不符：{error}"), format!("the unit does not fit: {error}")))?;
        let converted = |bound: Option<Fixed>| bound.and_then(|own| conversion.apply(own).ok()).map(Ratio::from);
        Ok((converted(own.min), converted(own.max)))
    }
}

impl Standard {
    /// Whether it is in force on a day.
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// The rules of its index, if it is one.
    pub fn index(&self) -> Option<&AirIndex> {
        match &self.content {
            Content::Index(index) => Some(index),
            _ => None,
        }
    }

    /// What judges rows by it, if it can be given rows of water, soil or sound.
    pub fn evaluator(&self) -> Option<Evaluator<'_>> {
        match &self.content {
            Content::Media(limits) => Some(Evaluator::new(limits.as_ref())),
            Content::Water(WaterPart::Trophic(rule)) => Some(Evaluator::new(rule.as_ref())),
            _ => None,
        }
    }

    /// Its rule of water, if it is of that kind.
    pub(crate) fn water(&self) -> Option<&WaterPart> {
        match &self.content {
            Content::Water(part) => Some(part),
            _ => None,
        }
    }

    /// Its weighted index, if it is of that kind.
    pub fn ecology(&self) -> Option<&WeightedIndex> {
        match &self.content {
            Content::Ecology(index) => Some(index),
            _ => None,
        }
    }

    /// Its rules of months and years, if it is of that kind.
    pub fn monitoring(&self) -> Option<&Monitoring> {
        match &self.content {
            Content::Monitoring(rules) => Some(rules),
            _ => None,
        }
    }

    /// Its limits, if it is of that kind.
    pub fn limits(&self) -> Option<&Limits> {
        match &self.content {
            Content::Media(limits) => Some(limits),
            _ => None,
        }
    }
}

impl Kind {
    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Kind::AirIndex => "air-index",
            Kind::AirLimits => "air-limits",
            Kind::AirEvaluation => "air-evaluation",
            Kind::CompositeIndex => "composite-index",
            Kind::ReferenceState => "reference-state",
            Kind::Online => "online",
            Kind::Limits => "limits",
            Kind::WaterRules => "water-rules",
            Kind::EcologyIndex => "ecology-index",
            Kind::Monitoring => "monitoring",
        }
    }
}

/// Reads one folder; anything wrong in it is a problem and the standard is not used.
pub(crate) fn read(files: &Files, id: &str, names: &Names) -> Result<Standard, Vec<CatalogProblem>> {
    let path = format!("{id}/standard.toml");
    let own: StandardFile = parse_toml(files, &path).map_err(|problem| vec![problem])?;
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
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        problems.push(CatalogProblem::file(
            &path,
            format!("失效日期 {to} 早于生效日期 {from}"),
            format!("`to` {to} is before `from` {from}"),
        ));
    }
    let header =
        Header { id: id.to_string(), number: own.number.clone(), title: own.title.clone(), confidence: own.confidence };
    let content = content(files, &own, &header, names, &mut problems);
    let tables = tables(files, &own, &header, &mut problems);
    let worked = cases::read(files, &header.path("cases.csv"), &mut problems);
    let notes = files.get(&header.path("notes.md")).unwrap_or("").to_string();
    let (Some(content), Some(from), true) = (content, from, problems.is_empty()) else { return Err(problems) };
    Ok(Standard {
        id: own.id,
        number: own.number,
        title: own.title,
        kind: own.kind,
        family: own.family,
        from,
        to,
        replaces: own.replaces,
        source: own.source,
        confidence: own.confidence,
        clauses: own.clause,
        tables,
        cases: worked.len(),
        notes,
        content,
        worked,
    })
}

fn content(
    files: &Files,
    own: &StandardFile,
    header: &Header,
    names: &Names,
    problems: &mut Vec<CatalogProblem>,
) -> Option<Content> {
    match own.kind {
        Kind::AirIndex => {
            let part = needed(&own.index, "index", own, header, problems)?;
            let index = crate::air::read_index(files, header, part, names, problems)?;
            Some(Content::Index(Box::new(index)))
        }
        Kind::AirEvaluation => {
            let part = needed(&own.evaluation, "evaluation", own, header, problems)?;
            evaluation::read(files, header, part, names, problems).map(Content::Evaluation)
        }
        Kind::CompositeIndex => {
            let part = needed(&own.composite, "composite", own, header, problems)?;
            composite::read(files, header, part, names, problems).map(Content::Composite)
        }
        Kind::AirLimits => limits::read(files, header, names, problems).map(Content::Limits),
        Kind::ReferenceState => Some(Content::State(limits::read_conditions(files, header, names, problems))),
        Kind::Online => {
            let part = needed(&own.online, "online", own, header, problems)?;
            online::read(files, header, part, problems).map(|part| Content::Online(Box::new(part)))
        }
        Kind::Limits => {
            let part = needed(&own.limits, "limits", own, header, problems)?;
            crate::media::read(files, header, part, names, problems).map(|limits| Content::Media(Box::new(limits)))
        }
        Kind::WaterRules => {
            let part = needed(&own.water, "water", own, header, problems)?;
            crate::water::read(files, header, part, names, problems).map(Content::Water)
        }
        Kind::EcologyIndex => {
            let part = needed(&own.ecology, "ecology", own, header, problems)?;
            crate::ecology::read(files, header, part, problems).map(|index| Content::Ecology(Box::new(index)))
        }
        Kind::Monitoring => {
            let part = needed(&own.monitoring, "monitoring", own, header, problems)?;
            monitoring::read(files, header, part, names, problems).map(|rules| Content::Monitoring(Box::new(rules)))
        }
    }
}

/// The part of `standard.toml` that its kind needs.
fn needed<'a, T>(
    part: &'a Option<T>,
    name: &str,
    own: &StandardFile,
    header: &Header,
    problems: &mut Vec<CatalogProblem>,
) -> Option<&'a T> {
    if part.is_none() {
        problems.push(CatalogProblem::file(
            header.path("standard.toml"),
            format!("{} 需要 [{name}] 部分", own.kind.code()),
            format!("a standard of kind {} needs the part [{name}]", own.kind.code()),
        ));
    }
    part.as_ref()
}

/// Files of a standard's folder that are not tables of it.
const NOT_TABLES: [&str; 3] = ["standard.toml", "notes.md", "cases.csv"];

fn tables(files: &Files, own: &StandardFile, header: &Header, problems: &mut Vec<CatalogProblem>) -> Vec<TableInfo> {
    let mut list = Vec::new();
    for table in &own.table {
        match Sheet::read(files, &header.path(&table.file)) {
            Ok(sheet) => list.push(TableInfo {
                file: table.file.clone(),
                title: table.title.clone(),
                clause: table.clause.clone(),
                unit: table.unit.clone(),
                confidence: table.confidence.unwrap_or(own.confidence).and(own.confidence),
                rows: sheet
                    .rows
                    .iter()
                    .map(|row| sheet.header.iter().map(|column| row.text(column).to_string()).collect())
                    .collect(),
                header: sheet.header,
            }),
            Err(problem) if problems.contains(&problem) => {}
            Err(problem) => problems.push(problem),
        }
    }
    let folder = format!("{}/", header.id);
    for (path, _) in files.iter() {
        let Some(file) = path.strip_prefix(&folder) else { continue };
        if !NOT_TABLES.contains(&file) && !own.table.iter().any(|table| table.file == file) {
            problems.push(CatalogProblem::file(
                path,
                "standard.toml 没有声明此文件；请加一个 [[table]]",
                "`standard.toml` does not declare this file: add a [[table]] for it",
            ));
        }
    }
    list
}

/// Reads a TOML file of the catalog.
pub(crate) fn parse_toml<T: serde::de::DeserializeOwned>(files: &Files, path: &str) -> Result<T, CatalogProblem> {
    let Some(text) = files.get(path) else {
        return Err(CatalogProblem::file(path, "缺少此文件", "this file is missing"));
    };
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| 1 + text.get(..span.start).unwrap_or("").matches('\n').count() as u64);
        let reason = error.message().to_string();
        CatalogProblem {
            path: path.to_string(),
            line,
            message: Text::new(format!("无法读取：{reason}"), format!("cannot be read: {reason}")),
        }
    })
}

/// Reads a date of a TOML file.
pub(crate) fn day(path: &str, key: &str, text: &str) -> Result<Day, CatalogProblem> {
    text.parse().map_err(|_| {
        CatalogProblem::file(
            path,
            format!("`{key}` 的值 `{text}` 不是日期，应写成 2026-03-01 这样"),
            format!("`{key}` is `{text}`, which is no date: write it like 2026-03-01"),
        )
    })
}
