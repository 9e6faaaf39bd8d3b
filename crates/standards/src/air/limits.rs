//! `limits.csv` and `conditions.csv` → limits by parameter, averaging time and grade (GB 3095).

use crate::methods::{class_of, exceed_multiple};
use crate::problem::CatalogProblem;
use crate::sheet::{Row, Sheet};
use crate::standard::{Header, Names};
use domain::catalog::Files;
use domain::{Confidence, Fixed, Ratio, Text};

/// The limits of one standard in one phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AirLimits {
    /// Standard id.
    pub id: String,
    /// Number, such as `GB 3095-2012`.
    pub number: String,
    /// Confidence in the standard as read.
    pub confidence: Confidence,
    /// Every limit, in table order.
    pub limits: Vec<Limit>,
    /// The state at which concentrations are given.
    pub conditions: Vec<Condition>,
}

/// The limits of one parameter over one averaging time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Parameter code.
    pub parameter: String,
    /// `year`, `season`, `quarter`, `month`, `day`, `mda8` (daily maximum 8 h mean) or `hour`.
    pub average: String,
    /// Unit of both grades.
    pub unit: String,
    /// Grade 1 limit.
    pub grade1: Option<Fixed>,
    /// Grade 2 limit.
    pub grade2: Option<Fixed>,
    /// Table or clause.
    pub clause: String,
    /// Confidence in this line.
    pub confidence: Confidence,
}

/// The state of the gas or the particles that a concentration is meant at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Parameter code.
    pub parameter: String,
    /// What it is called.
    pub state: Text,
    /// Temperature [K]; `None` at the actual one.
    pub kelvin: Option<Fixed>,
    /// Pressure [hPa]; `None` at the actual one.
    pub hpa: Option<Fixed>,
    /// Clause.
    pub clause: String,
}

const LIMIT_COLUMNS: [&str; 7] = ["parameter", "average", "unit", "grade1", "grade2", "clause", "confidence"];
const CONDITION_COLUMNS: [&str; 6] = ["parameter", "state_zh", "state_en", "kelvin", "hpa", "clause"];
/// The averaging times a limit may have.
pub const AVERAGES: [&str; 7] = ["year", "season", "quarter", "month", "day", "mda8", "hour"];

impl AirLimits {
    /// The line of a parameter and averaging time.
    pub fn line(&self, parameter: &str, average: &str) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.parameter == parameter && limit.average == average)
    }

    /// The limit of grade 1 or 2.
    pub fn limit(&self, parameter: &str, average: &str, grade: u8) -> Option<Fixed> {
        let line = self.line(parameter, average)?;
        match grade {
            1 => line.grade1,
            2 => line.grade2,
            _ => None,
        }
    }

    /// The grade a value meets: `Some(1)`, `Some(2)`, `Some(3)` for neither; `None` without such limits.
    pub fn grade(&self, parameter: &str, average: &str, value: Ratio) -> Option<usize> {
        let line = self.line(parameter, average)?;
        let limits: Vec<Fixed> = [line.grade1, line.grade2].into_iter().flatten().collect();
        (!limits.is_empty()).then(|| class_of(&limits, value))
    }

    /// How many times a value exceeds the grade 2 limit, by [`exceed_multiple`].
    pub fn exceedance(&self, parameter: &str, average: &str, value: Ratio) -> Option<Ratio> {
        exceed_multiple(value, self.limit(parameter, average, 2)?)
    }

    /// The state a parameter's concentration is meant at.
    pub fn condition(&self, parameter: &str) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.parameter == parameter)
    }
}

/// Reads the limits of a standard's folder.
pub(crate) fn read(
    files: &Files,
    header: &Header,
    names: &Names,
    problems: &mut Vec<CatalogProblem>,
) -> Option<AirLimits> {
    let sheet = match Sheet::read_columns(files, &header.path("limits.csv"), &LIMIT_COLUMNS) {
        Ok(sheet) => sheet,
        Err(problem) => {
            problems.push(problem);
            return None;
        }
    };
    let limits = sheet.map(problems, |row| read_limit(row, header, names));
    twice(&sheet, problems);
    let conditions = match files.get(&header.path("conditions.csv")) {
        Some(_) => read_conditions(files, header, names, problems),
        None => Vec::new(),
    };
    Some(AirLimits {
        id: header.id.clone(),
        number: header.number.clone(),
        confidence: header.confidence,
        limits,
        conditions,
    })
}

/// Reads `conditions.csv` of a standard's folder.
pub(crate) fn read_conditions(
    files: &Files,
    header: &Header,
    names: &Names,
    problems: &mut Vec<CatalogProblem>,
) -> Vec<Condition> {
    match Sheet::read_columns(files, &header.path("conditions.csv"), &CONDITION_COLUMNS) {
        Ok(sheet) => sheet.map(problems, |row| {
            Ok(Condition {
                parameter: names.parameter(row, "parameter")?,
                state: row.both("state")?,
                kelvin: row.amount("kelvin")?,
                hpa: row.amount("hpa")?,
                clause: row.required("clause")?.to_string(),
            })
        }),
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    }
}

fn read_limit(row: &Row, header: &Header, names: &Names) -> Result<Limit, CatalogProblem> {
    let average = row.required("average")?;
    if !AVERAGES.contains(&average) {
        let known = AVERAGES.join(", ");
        return Err(row.problem(
            format!("平均时间 `{average}` 未知；可用：{known}"),
            format!("unknown averaging time `{average}`; the known ones are {known}"),
        ));
    }
    let limit = Limit {
        parameter: names.parameter(row, "parameter")?,
        average: average.to_string(),
        unit: names.unit(row, "unit")?,
        grade1: row.amount("grade1")?,
        grade2: row.amount("grade2")?,
        clause: row.required("clause")?.to_string(),
        confidence: row.confidence("confidence", header.confidence)?,
    };
    match (limit.grade1, limit.grade2) {
        (None, None) => Err(row.problem("两级限值都为空", "both grades are empty: write at least one")),
        (Some(first), Some(second)) if first > second => Err(row.problem(
            format!("一级限值 {first} 大于二级限值 {second}"),
            format!("the grade 1 limit {first} is above the grade 2 limit {second}"),
        )),
        _ => Ok(limit),
    }
}

fn twice(sheet: &Sheet, problems: &mut Vec<CatalogProblem>) {
    for (position, row) in sheet.rows.iter().enumerate() {
        let key = (row.text("parameter"), row.text("average"));
        if sheet.rows[..position].iter().any(|other| (other.text("parameter"), other.text("average")) == key) {
            problems.push(row.problem(
                format!("{} 的 {} 限值出现两次", key.0, key.1),
                format!("the limit of {} over {} stands here twice", key.0, key.1),
            ));
        }
    }
}
