//! `items.csv`, `annual.csv` and `trend.csv` → what is evaluated over a day and a year, from how much data,
//! and how it is rounded (HJ 663).

use crate::air::composite::is_statistic;
use crate::air::limits::{AVERAGES, AirLimits};
use crate::problem::CatalogProblem;
use crate::sheet::{Row, Sheet};
use crate::standard::{Header, Names};
use domain::catalog::Files;
use domain::{Confidence, Fixed};
use serde::Deserialize;

/// The evaluation rules of one standard, joined by a rule set with the limits in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AirEvaluation {
    /// Standard id.
    pub id: String,
    /// Number, such as `HJ 663-2013`.
    pub number: String,
    /// Confidence in the rules: of the weakest of them.
    pub confidence: Confidence,
    /// Clause by which a city's concentration is the mean of its stations'.
    pub city_clause: String,
    /// Share of the stations that a city's day value needs [%].
    pub min_station_percent: u32,
    /// The lower share where a city has few stations.
    pub few_stations: Option<FewStations>,
    /// Day values that a year needs.
    pub completeness: CompletenessNeeds,
    /// What is evaluated, in table order.
    pub items: Vec<EvaluationItem>,
    /// Critical values of the rank correlation, by number of periods.
    pub trend: Vec<TrendCritical>,
}

/// A lower share of stations for cities with few of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FewStations {
    /// Applies with fewer stations than this.
    pub below: u32,
    /// Share needed [%].
    pub percent: u32,
}

/// How many valid day values a year needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompletenessNeeds {
    /// In the year.
    pub year_days: u32,
    /// In each month …
    pub month_days: u32,
    /// … but February.
    pub february_days: u32,
}

/// One evaluated item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluationItem {
    /// Item code, such as `o3_8h`.
    pub item: String,
    /// Parameter it is made of.
    pub parameter: String,
    /// Unit.
    pub unit: String,
    /// Decimal places of a day value.
    pub digits_day: u32,
    /// How hours become a day value.
    pub day: DayStatistic,
    /// Clause of the day value.
    pub clause: String,
    /// Statistics of a year.
    pub annual: Vec<Annual>,
}

/// How hours become a day value; the rule itself is `observe`'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayStatistic {
    /// Arithmetic mean.
    Mean {
        /// Hours needed.
        min_hours: u8,
    },
    /// Largest running mean inside the day.
    MaxRunning {
        /// Length of the window [h].
        window_hours: u8,
        /// Hours needed in a window.
        min_hours: u8,
        /// Windows needed in a day.
        min_windows: u8,
        /// A largest mean above this makes the day valid all the same.
        exceed_above: Option<Fixed>,
    },
}

/// One statistic of a year's day values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annual {
    /// `mean` or `p<number>`.
    pub id: String,
    /// Decimal places.
    pub digits: u32,
    /// Averaging time of the limit it is judged by.
    pub average: String,
    /// Grade 2 limit in force, where there is one.
    pub limit: Option<Fixed>,
    /// Clause.
    pub clause: String,
    /// Confidence in this line.
    pub confidence: Confidence,
}

/// A critical value of Spearman's rank correlation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrendCritical {
    /// Number of periods.
    pub periods: u32,
    /// The trend is significant where |r| reaches this.
    pub value: Fixed,
}

/// The `[evaluation]` part of `standard.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvaluationFile {
    city_clause: String,
    min_station_percent: u32,
    few_stations: Option<FewStations>,
    completeness: CompletenessNeeds,
}

const ITEM_COLUMNS: [&str; 11] = [
    "item",
    "parameter",
    "unit",
    "digits_day",
    "day",
    "min_hours",
    "window_hours",
    "min_windows",
    "exceed_average",
    "clause",
    "confidence",
];
const ANNUAL_COLUMNS: [&str; 6] = ["item", "statistic", "digits", "limit_average", "clause", "confidence"];
const TREND_COLUMNS: [&str; 2] = ["periods", "critical"];

/// An evaluation as read, before a rule set joins it with limits.
#[derive(Clone, Debug)]
pub(crate) struct EvaluationRules {
    evaluation: AirEvaluation,
    exceed_averages: Vec<Option<String>>,
}

impl AirEvaluation {
    /// Stations with a valid value that a city of `total` stations needs.
    pub fn stations_needed(&self, total: u32) -> u32 {
        let percent = match self.few_stations {
            Some(few) if total < few.below => few.percent,
            _ => self.min_station_percent,
        };
        (u64::from(total) * u64::from(percent)).div_ceil(100) as u32
    }

    /// An item by its code.
    pub fn item(&self, code: &str) -> Option<&EvaluationItem> {
        self.items.iter().find(|item| item.item == code)
    }

    /// The critical value for a number of periods: of the largest listed number not above it, which is the
    /// stricter of its neighbours; `None` below the smallest listed.
    pub fn trend_critical(&self, periods: u32) -> Option<Fixed> {
        self.trend.iter().rev().find(|line| line.periods <= periods).map(|line| line.value)
    }
}

impl EvaluationRules {
    /// With the limits that are in force together with it.
    pub fn with_limits(&self, limits: &AirLimits) -> AirEvaluation {
        let mut joined = self.evaluation.clone();
        for (item, average) in joined.items.iter_mut().zip(&self.exceed_averages) {
            if let DayStatistic::MaxRunning { exceed_above, .. } = &mut item.day {
                *exceed_above = average.as_deref().and_then(|average| limits.limit(&item.parameter, average, 2));
            }
            for annual in &mut item.annual {
                annual.limit = limits.limit(&item.parameter, &annual.average, 2);
            }
        }
        joined
    }

    /// As read, without limits.
    pub fn bare(&self) -> &AirEvaluation {
        &self.evaluation
    }
}

/// Reads the evaluation of a standard's folder.
pub(crate) fn read(
    files: &Files,
    header: &Header,
    own: &EvaluationFile,
    names: &Names,
    problems: &mut Vec<CatalogProblem>,
) -> Option<EvaluationRules> {
    let (items, annual) = match (
        Sheet::read_columns(files, &header.path("items.csv"), &ITEM_COLUMNS),
        Sheet::read_columns(files, &header.path("annual.csv"), &ANNUAL_COLUMNS),
    ) {
        (Ok(items), Ok(annual)) => (items, annual),
        (items, annual) => {
            problems.extend([items.err(), annual.err()].into_iter().flatten());
            return None;
        }
    };
    let mut confidence = header.confidence;
    let mut exceed_averages = Vec::new();
    let mut list = items.map(problems, |row| {
        let item = read_item(row, names)?;
        confidence = confidence.and(row.confidence("confidence", header.confidence)?);
        exceed_averages.push(average(row, "exceed_average")?);
        Ok(item)
    });
    annual.map(problems, |row| {
        let (item, statistic) = read_annual(row, header)?;
        confidence = confidence.and(statistic.confidence);
        match list.iter_mut().find(|own| own.item == item) {
            Some(own) => own.annual.push(statistic),
            None => {
                return Err(row.problem(
                    format!("评价项目 `{item}` 不在 items.csv 中"),
                    format!("the item `{item}` is not in items.csv"),
                ));
            }
        }
        Ok(())
    });
    let trend = read_trend(files, header, problems);
    let evaluation = AirEvaluation {
        id: header.id.clone(),
        number: header.number.clone(),
        confidence,
        city_clause: own.city_clause.clone(),
        min_station_percent: own.min_station_percent,
        few_stations: own.few_stations,
        completeness: own.completeness,
        items: list,
        trend,
    };
    Some(EvaluationRules { evaluation, exceed_averages })
}

fn read_item(row: &Row, names: &Names) -> Result<EvaluationItem, CatalogProblem> {
    let day = match row.required("day")? {
        "mean" => DayStatistic::Mean { min_hours: row.value("min_hours")? },
        "max-running" => DayStatistic::MaxRunning {
            window_hours: row.value("window_hours")?,
            min_hours: row.value("min_hours")?,
            min_windows: row.value("min_windows")?,
            exceed_above: None,
        },
        other => {
            return Err(row.problem(
                format!("日值方法 `{other}` 应为 mean 或 max-running"),
                format!("the day method `{other}` must be mean or max-running"),
            ));
        }
    };
    Ok(EvaluationItem {
        item: row.required("item")?.to_string(),
        parameter: names.parameter(row, "parameter")?,
        unit: names.unit(row, "unit")?,
        digits_day: row.value("digits_day")?,
        day,
        clause: row.required("clause")?.to_string(),
        annual: Vec::new(),
    })
}

fn read_annual(row: &Row, header: &Header) -> Result<(String, Annual), CatalogProblem> {
    let statistic = row.required("statistic")?;
    if !is_statistic(statistic) {
        return Err(row.problem(
            format!("统计量 `{statistic}` 应为 mean、max 或 p0…p100"),
            format!("the statistic `{statistic}` must be mean, max or p0 … p100"),
        ));
    }
    let annual = Annual {
        id: statistic.to_string(),
        digits: row.value("digits")?,
        average: average(row, "limit_average")?.unwrap_or_default(),
        limit: None,
        clause: row.required("clause")?.to_string(),
        confidence: row.confidence("confidence", header.confidence)?,
    };
    Ok((row.required("item")?.to_string(), annual))
}

fn average(row: &Row, column: &str) -> Result<Option<String>, CatalogProblem> {
    match row.text(column) {
        "" => Ok(None),
        average if AVERAGES.contains(&average) => Ok(Some(average.to_string())),
        other => {
            let known = AVERAGES.join(", ");
            Err(row.problem(
                format!("平均时间 `{other}` 未知；可用：{known}"),
                format!("unknown averaging time `{other}`; the known ones are {known}"),
            ))
        }
    }
}

fn read_trend(files: &Files, header: &Header, problems: &mut Vec<CatalogProblem>) -> Vec<TrendCritical> {
    let path = header.path("trend.csv");
    if files.get(&path).is_none() {
        return Vec::new();
    }
    match Sheet::read_columns(files, &path, &TREND_COLUMNS) {
        Ok(sheet) => {
            let mut lines = sheet.map(problems, |row| {
                Ok(TrendCritical { periods: row.value("periods")?, value: row.value("critical")? })
            });
            lines.sort_by_key(|line| line.periods);
            lines
        }
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    }
}
