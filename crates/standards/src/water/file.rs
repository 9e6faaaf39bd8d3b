//! `[water]` and the tables beside it → the one part of a standard of kind `water-rules`.

use crate::media::{Class, Direction, item, limit, written};
use crate::problem::CatalogProblem;
use crate::sheet::{Row, Sheet};
use crate::standard::{Header, Names};
use crate::water::WaterPart;
use crate::water::evaluation::{RiverGrade, SurfaceEvaluation};
use crate::water::factor::{OxygenForm, SingleFactor};
use crate::water::index::WaterIndex;
use crate::water::mean::MeanWay;
use crate::water::programme::Programme;
use crate::water::roll_up::RollUp;
use crate::water::rounding::{Rounding, RoundingItem};
use crate::water::trend::{ChangeRule, ChangeWords};
use crate::water::trophic::{Trophic, TrophicItem};
use domain::catalog::Files;
use domain::{Confidence, Ratio, Text};
use serde::Deserialize;

/// The part `[water]` as written: exactly one of these.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaterFile {
    trophic: Option<TrophicFile>,
    index: Option<IndexFile>,
    evaluation: Option<EvaluationFile>,
    rounding: Option<RoundingFile>,
    factor: Option<FactorFile>,
    roll_up: Option<RollUpFile>,
    programme: Option<ProgrammeFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrophicFile {
    undetected: Vec<String>,
    digits: usize,
    #[serde(deserialize_with = "written")]
    scale: Ratio,
    grade: Vec<TrophicGrade>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrophicGrade {
    /// As a cell of a table of limits.
    index: String,
    class: Class,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IndexFile {
    limits: String,
    class: String,
    #[serde(deserialize_with = "written")]
    neutral: Ratio,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EvaluationFile {
    limits: String,
    rounding: String,
    few_sections: usize,
    main: usize,
    year_months: u32,
    ice_year_months: u32,
    quarter_results: u32,
    clear_steps: usize,
    #[serde(deserialize_with = "written")]
    points_not: Ratio,
    #[serde(deserialize_with = "written")]
    points_some: Ratio,
    steps_confidence: Confidence,
    points_confidence: Confidence,
    trend_confidence: Confidence,
    words: ChangeWords,
    #[serde(default)]
    mean: Vec<MeanFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeanFile {
    item: String,
    way: MeanWay,
}

/// All of it stands in `decimals.csv`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundingFile {}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FactorFile {
    #[serde(deserialize_with = "written")]
    saturation: Ratio,
    #[serde(deserialize_with = "written")]
    offset: Ratio,
    #[serde(deserialize_with = "written")]
    neutral: Ratio,
    oxygen_form: OxygenForm,
    #[serde(deserialize_with = "written")]
    older_start: Ratio,
    #[serde(deserialize_with = "written")]
    older_slope: Ratio,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RollUpFile {
    #[serde(deserialize_with = "written")]
    one_index_percent: Ratio,
    #[serde(deserialize_with = "written")]
    several_percent: Ratio,
    several: usize,
    points_in_a_row: usize,
    #[serde(deserialize_with = "written")]
    body_percent: Ratio,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgrammeFile {
    measured: Vec<String>,
    measured_lake: Vec<String>,
    evaluated: Vec<String>,
}

/// Reads the part; more than one, or none, is a problem.
pub(crate) fn read(
    files: &Files,
    header: &Header,
    own: &WaterFile,
    names: &Names,
    problems: &mut Vec<CatalogProblem>,
) -> Option<WaterPart> {
    let (id, confidence) = (header.id.clone(), header.confidence);
    let part = match own {
        WaterFile { trophic: Some(own), .. } => trophic(files, header, own, names, problems),
        WaterFile { evaluation: Some(own), .. } => evaluation(files, header, own, problems),
        WaterFile { rounding: Some(_), .. } => rounding(files, header, names, problems),
        WaterFile { index: Some(own), .. } => Some(WaterPart::Index(WaterIndex {
            id,
            confidence,
            limits: own.limits.clone(),
            class: own.class.clone(),
            neutral: own.neutral,
        })),
        WaterFile { factor: Some(own), .. } => Some(WaterPart::Factor(SingleFactor {
            id,
            confidence,
            saturation: own.saturation,
            offset: own.offset,
            neutral: own.neutral,
            oxygen_form: own.oxygen_form,
            older: (own.older_start, own.older_slope),
        })),
        WaterFile { roll_up: Some(own), .. } => Some(WaterPart::RollUp(RollUp {
            id,
            confidence,
            one_index_percent: own.one_index_percent,
            several_percent: own.several_percent,
            several: own.several,
            points_in_a_row: own.points_in_a_row.max(1),
            body_percent: own.body_percent,
        })),
        WaterFile { programme: Some(own), .. } => Some(WaterPart::Programme(Programme {
            id,
            confidence,
            measured: own.measured.clone(),
            measured_lake: own.measured_lake.clone(),
            evaluated: own.evaluated.clone(),
        })),
        _ => None,
    };
    if count(own) != 1 {
        problems.push(CatalogProblem::file(
            header.path("standard.toml"),
            "[water] 下应恰有 trophic、index、evaluation、rounding、factor、roll_up、programme 之一",
            "exactly one of trophic, index, evaluation, rounding, factor, roll_up and programme must stand under [water]",
        ));
    }
    part
}

fn count(own: &WaterFile) -> usize {
    let given = [
        own.trophic.is_some(),
        own.index.is_some(),
        own.evaluation.is_some(),
        own.rounding.is_some(),
        own.factor.is_some(),
        own.roll_up.is_some(),
        own.programme.is_some(),
    ];
    given.into_iter().filter(|given| *given).count()
}

fn sheet(files: &Files, path: &str, columns: &[&str], problems: &mut Vec<CatalogProblem>) -> Option<Sheet> {
    Sheet::read_columns(files, path, columns).map_err(|problem| problems.push(problem)).ok()
}

fn trophic(
    files: &Files,
    header: &Header,
    own: &TrophicFile,
    names: &Names,
    problems: &mut Vec<CatalogProblem>,
) -> Option<WaterPart> {
    const COLUMNS: [&str; 14] = [
        "item",
        "parameter",
        "unit",
        "direction",
        "in_class",
        "priority",
        "multiple",
        "words",
        "also",
        "name_zh",
        "name_en",
        "intercept",
        "slope",
        "r",
    ];
    let sheet = sheet(files, &header.path("items.csv"), &COLUMNS, problems)?;
    let one = |row: &Row| {
        Ok(TrophicItem {
            item: item(row, names)?,
            scale: own.scale.to_f64(),
            intercept: row.value("intercept")?,
            slope: row.value("slope")?,
            r: row.value("r")?,
        })
    };
    let items = sheet.map(problems, one);
    let mut grades = Vec::new();
    for grade in &own.grade {
        match limit(&grade.index, Direction::Max) {
            Some(limit) => grades.push((grade.class.clone(), limit)),
            None => problems.push(CatalogProblem::file(
                header.path("standard.toml"),
                format!("等级的 index `{}` 无法读取", grade.index),
                format!("the index `{}` of a grade cannot be read", grade.index),
            )),
        }
    }
    Some(WaterPart::Trophic(Box::new(Trophic {
        id: header.id.clone(),
        confidence: header.confidence,
        undetected: own.undetected.clone(),
        digits: own.digits,
        items,
        grades,
    })))
}

fn evaluation(
    files: &Files,
    header: &Header,
    own: &EvaluationFile,
    problems: &mut Vec<CatalogProblem>,
) -> Option<WaterPart> {
    const GRADES: [&str; 5] = ["grade_zh", "grade_en", "color", "good_at_least", "bad_below"];
    let grade = |row: &Row| {
        Ok(RiverGrade {
            name: Text::new(row.required("grade_zh")?, row.required("grade_en")?),
            color: row.text("color").to_string(),
            good_at_least: row.amount("good_at_least")?.map(Ratio::from),
            bad_below: row.amount("bad_below")?.map(Ratio::from),
        })
    };
    let grades = sheet(files, &header.path("river.csv"), &GRADES, problems)?.map(problems, grade);
    let critical = sheet(files, &header.path("trend.csv"), &["periods", "critical"], problems)?;
    let critical = critical.map(problems, |row| Ok((row.value("periods")?, row.value("critical")?)));
    Some(WaterPart::Evaluation(Box::new(SurfaceEvaluation {
        id: header.id.clone(),
        confidence: header.confidence,
        limits: own.limits.clone(),
        rounding: own.rounding.clone(),
        few_sections: own.few_sections,
        main: own.main,
        year_months: (own.year_months, own.ice_year_months),
        quarter_results: own.quarter_results,
        grades,
        means: own.mean.iter().map(|own| (own.item.clone(), own.way)).collect(),
        change: ChangeRule {
            clear_steps: own.clear_steps,
            points: (own.points_not, own.points_some),
            words: own.words.clone(),
            critical,
            confidence: [own.steps_confidence, own.points_confidence, own.trend_confidence],
        },
    })))
}

fn rounding(files: &Files, header: &Header, names: &Names, problems: &mut Vec<CatalogProblem>) -> Option<WaterPart> {
    let sheet = sheet(files, &header.path("decimals.csv"), &["parameter", "hour", "assess"], problems)?;
    let items = sheet.map(problems, |row| {
        let parameter = names.parameter(row, "parameter")?;
        Ok(RoundingItem { parameter, hour: row.optional("hour")?, assess: row.value("assess")? })
    });
    Some(WaterPart::Rounding(Rounding { id: header.id.clone(), confidence: header.confidence, items }))
}
