//! How what the points of one medium measure becomes values of months and years, and which limits judge them: as
//! data, one dated standard of kind `monitoring` a medium. Used by `indicators::media`.

use crate::cases::Given;
use crate::media::{exact, shown, written};
use crate::problem::CatalogProblem;
use crate::sheet::Sheet;
use crate::standard::{Header, Names, Standard};
use crate::water::MeanWay;
use domain::catalog::Files;
use domain::{Confidence, Fixed, Medium, Ratio, Text};
use serde::Deserialize;

/// The rules of one medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitoring {
    /// Standard id.
    pub id: String,
    /// Confidence in them as a whole.
    pub confidence: Confidence,
    /// Confidence in how many values make a day and how many days a month: it matters where values are automatic.
    pub day_confidence: Confidence,
    /// Confidence in how many months a year needs: it matters where some are missing.
    pub year_confidence: Confidence,
    /// Medium, by its code.
    pub medium: String,
    /// Parameters whose automatic values are taken before samples.
    pub automatic: Vec<String>,
    /// How many values make a full day, one number a way of measuring, ascending: 6 of four hours, 24 of one.
    pub full_day: Vec<u32>,
    /// Share of a full day's values that a day mean needs [%].
    pub day_share: Ratio,
    /// Valid days that a month mean of automatic values needs.
    pub month_days: u32,
    /// Parameters that say why there is no sample, such as 断流: such a month is known and needs no value.
    pub states: Vec<StateOf>,
    /// How the year is made of its months.
    pub year: YearWay,
    /// Months with values that a year needs.
    pub year_months: u32,
    /// The rounding of statistics, by the id of its standard.
    pub rounding: Option<String>,
    /// The evaluation of several points, by the id of its standard.
    pub evaluation: Option<String>,
    /// The trophic state of lakes, by the id of its standard.
    pub trophic: Option<String>,
    /// Parameters whose day values are kept beside the month's.
    pub keep_days: Vec<String>,
    /// Parameters that are not averaged arithmetically.
    pub means: Vec<(String, MeanWay)>,
    /// Kinds of points that no limits judge, such as grid points whose mean is graded.
    pub unjudged: Vec<String>,
    /// Kinds of points whose water bodies are evaluated as lakes.
    pub lakes: Vec<String>,
    /// Which limits judge points of which kind, in the order in which they are asked.
    pub judges: Vec<Judge>,
    /// Parameters that fill the number columns of limits.
    pub numbers: Vec<NumberOf>,
    /// How levels of hours become those of day and night.
    pub day_night: Option<DayNightOf>,
}

/// How a year is made of its months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum YearWay {
    /// The mean of each item over the months is judged.
    Mean,
    /// Every month is judged, and the worst is the year's.
    Worst,
    /// The latest month with values is judged.
    Latest,
}

/// Limits that judge points of some kinds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judge {
    /// Kinds of points, as the register writes them.
    pub kinds: Vec<String>,
    /// Family of dated standards, such as `GB 3838`.
    pub family: String,
    /// The column of words that the kind fills; none where the limits are the same for all.
    #[serde(default)]
    pub selector: Option<String>,
    /// Whether statistics are rounded before they are judged, by [`Monitoring::rounding`].
    #[serde(default)]
    pub rounded: bool,
}

/// A parameter whose value 1 says why there is no sample.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateOf {
    /// Parameter.
    pub parameter: String,
    /// The word for it, such as 断流.
    pub word: Text,
}

/// A parameter that fills a number column of limits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberOf {
    /// Column of the limits.
    pub column: String,
    /// Parameter.
    pub parameter: String,
    /// What the parameter's value is multiplied by to stand in the column's unit.
    #[serde(deserialize_with = "written")]
    pub factor: Ratio,
}

/// Which parameters are levels of an hour, of a day time and of a night.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayNightOf {
    /// Level of an hour.
    pub hour: String,
    /// Level of the day time.
    pub day: String,
    /// Level of the night.
    pub night: String,
    /// Family of the limits that say when day and night are.
    pub family: String,
}

/// `[monitoring]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MonitoringFile {
    medium: String,
    #[serde(default)]
    automatic: Vec<String>,
    full_day: Vec<u32>,
    #[serde(default)]
    state: Vec<StateOf>,
    year: YearWay,
    rounding: Option<String>,
    evaluation: Option<String>,
    trophic: Option<String>,
    #[serde(default)]
    keep_days: Vec<String>,
    #[serde(default)]
    lakes: Vec<String>,
    #[serde(default)]
    unjudged: Vec<String>,
    #[serde(default)]
    mean: Vec<MeanOf>,
    #[serde(default)]
    judge: Vec<Judge>,
    #[serde(default)]
    number: Vec<NumberOf>,
    day_night: Option<DayNightOf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeanOf {
    parameter: String,
    way: MeanWay,
}

impl Monitoring {
    /// How a parameter is averaged.
    pub fn mean_way(&self, parameter: &str) -> MeanWay {
        self.means.iter().find(|(own, _)| own == parameter).map_or(MeanWay::default(), |(_, way)| *way)
    }

    /// Whether automatic values of a parameter are taken before samples.
    pub fn prefers_automatic(&self, parameter: &str) -> bool {
        self.automatic.iter().any(|own| own == parameter)
    }

    /// How many values a full day has, by how many days usually have: the least way of measuring that gives as many.
    pub fn full_day_of(&self, usual: u32) -> u32 {
        self.full_day.iter().copied().find(|full| *full >= usual).or(self.full_day.last().copied()).unwrap_or(1)
    }

    /// Whether so many values of a full day make a day mean.
    pub fn day_is_valid(&self, values: u32, full: u32) -> bool {
        values > 0 && Ratio::new(i128::from(values) * 100, i128::from(full.max(1))) >= self.day_share
    }

    /// The word of a parameter that says why there is no sample.
    pub fn state(&self, parameter: &str) -> Option<&Text> {
        self.states.iter().find(|own| own.parameter == parameter).map(|own| &own.word)
    }

    /// The limits that judge a kind of point, in order.
    pub fn judges_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Judge> {
        self.judges.iter().filter(move |own| own.kinds.iter().any(|word| word == kind))
    }
}

/// Reads the part; an unknown medium or parameter is a problem.
pub(crate) fn read(
    files: &Files,
    header: &Header,
    own: &MonitoringFile,
    names: &Names,
    problems: &mut Vec<CatalogProblem>,
) -> Option<Monitoring> {
    let before = problems.len();
    let path = header.path("standard.toml");
    if Medium::from_code(&own.medium).is_none() {
        let media = Medium::ALL.map(Medium::code).join(", ");
        problems.push(CatalogProblem::file(
            &path,
            format!("medium“{}”不是要素；可用 {media}", own.medium),
            format!("`{}` is no medium; use {media}", own.medium),
        ));
    }
    let means = own.mean.iter().map(|mean| &mean.parameter);
    let numbers = own.number.iter().map(|number| &number.parameter);
    let states = own.state.iter().map(|state| &state.parameter);
    let levels = own.day_night.iter().flat_map(|own| [&own.hour, &own.day, &own.night]);
    for parameter in own.automatic.iter().chain(&own.keep_days).chain(means).chain(numbers).chain(states).chain(levels)
    {
        if names.parameters.get(parameter).is_none_or(|own| own.code != *parameter) {
            problems.push(CatalogProblem::file(
                &path,
                format!("参数“{parameter}”不在 parameters.csv 中"),
                format!("the parameter `{parameter}` is not in parameters.csv"),
            ));
        }
    }
    let numbers = Numbers::read(files, header, problems)?;
    let mut full_day = own.full_day.clone();
    full_day.sort_unstable();
    (problems.len() == before).then(|| Monitoring {
        id: header.id.clone(),
        confidence: header.confidence,
        day_confidence: numbers.day_share.1.and(numbers.month_days.1),
        year_confidence: numbers.year_months.1,
        medium: own.medium.clone(),
        automatic: own.automatic.clone(),
        full_day,
        day_share: numbers.day_share.0.into(),
        month_days: numbers.month_days.0.to_decimal().try_into().unwrap_or(u32::MAX),
        states: own.state.clone(),
        year: own.year,
        year_months: numbers.year_months.0.to_decimal().try_into().unwrap_or(u32::MAX),
        rounding: own.rounding.clone(),
        evaluation: own.evaluation.clone(),
        trophic: own.trophic.clone(),
        keep_days: own.keep_days.clone(),
        lakes: own.lakes.clone(),
        unjudged: own.unjudged.clone(),
        means: own.mean.iter().map(|mean| (mean.parameter.clone(), mean.way)).collect(),
        judges: own.judge.clone(),
        numbers: own.number.clone(),
        day_night: own.day_night.clone(),
    })
}

/// The numbers of `rules.csv`, each with its confidence.
struct Numbers {
    day_share: (Fixed, Confidence),
    month_days: (Fixed, Confidence),
    year_months: (Fixed, Confidence),
}

impl Numbers {
    /// From `rule,value,unit,clause,confidence`; a rule that is missing is a problem.
    fn read(files: &Files, header: &Header, problems: &mut Vec<CatalogProblem>) -> Option<Numbers> {
        let path = header.path("rules.csv");
        let columns = ["rule", "value", "unit", "clause", "confidence"];
        let sheet = Sheet::read_columns(files, &path, &columns).map_err(|problem| problems.push(problem)).ok()?;
        let rows = sheet.map(problems, |row| {
            let value: Fixed = row.value("value")?;
            Ok((row.required("rule")?.to_string(), value, row.confidence("confidence", header.confidence)?))
        });
        let mut find = |name: &str| {
            let found = rows.iter().find(|(rule, ..)| rule == name).map(|(_, value, confidence)| (*value, *confidence));
            if found.is_none() {
                problems.push(CatalogProblem::file(
                    &path,
                    format!("缺少规则“{name}”"),
                    format!("the rule `{name}` is missing"),
                ));
            }
            found
        };
        let (day_share, month_days, year_months) = (find("day_share"), find("month_days"), find("year_months"));
        Some(Numbers { day_share: day_share?, month_days: month_days?, year_months: year_months? })
    }
}

/// What the rules name and the catalog does not have: families of limits, roundings, evaluations.
pub(crate) fn check(standards: &[Standard], problems: &mut Vec<CatalogProblem>) {
    for rules in standards.iter().filter_map(Standard::monitoring) {
        let path = format!("{}/standard.toml", rules.id);
        let families = rules.judges.iter().map(|own| &own.family);
        for family in families.chain(rules.day_night.iter().map(|own| &own.family)) {
            if !standards.iter().any(|own| own.family == *family && own.limits().is_some()) {
                problems.push(absent(&path, family));
            }
        }
        for id in [&rules.rounding, &rules.evaluation, &rules.trophic].into_iter().flatten() {
            if !standards.iter().any(|own| own.id == *id) {
                problems.push(absent(&path, id));
            }
        }
    }
}

fn absent(path: &str, name: &str) -> CatalogProblem {
    CatalogProblem::file(
        path,
        format!("目录中没有“{name}”；请改名或加上该标准"),
        format!("the catalog has no `{name}`: correct the name or add the standard"),
    )
}

/// Worked cases: `values=4 full=6 → day=valid`, `days=19 → month=invalid`, `parameter=ph values=… → mean=…`,
/// `parameter=tp → prefers=automatic`, `kind=lake → families=GB3838`.
pub(crate) fn of_monitoring(rules: &Monitoring, given: &Given<'_>, key: &str) -> Result<String, String> {
    let valid = |yes: bool| if yes { "valid" } else { "invalid" }.to_string();
    match key {
        "day" => Ok(valid(rules.day_is_valid(given.count("values")?, given.count("full")?))),
        "full" => Ok(rules.full_day_of(given.count("usual")?).to_string()),
        "month" => Ok(valid(given.count("days")? >= rules.month_days)),
        "year" => Ok(valid(given.count("months")? >= rules.year_months)),
        "prefers" => {
            let automatic = rules.prefers_automatic(given.text("parameter")?);
            Ok(if automatic { "automatic" } else { "manual" }.to_string())
        }
        "mean" => {
            let one = |text: &str| exact(text).ok_or_else(|| format!("{text} is no number"));
            let values: Result<Vec<Ratio>, String> = given.text("values")?.split(';').map(one).collect();
            let mean = rules.mean_way(given.text("parameter")?).mean(&values?);
            Ok(mean.map_or_else(|| "NA".to_string(), |mean| shown(mean, 6)))
        }
        "families" => {
            let families: Vec<String> =
                rules.judges_of(given.text("kind")?).map(|own| own.family.replace(' ', "")).collect();
            Ok(if families.is_empty() { "NA".to_string() } else { families.join(";") })
        }
        _ => Err("write day, full, month, year, prefers, mean or families".to_string()),
    }
}
