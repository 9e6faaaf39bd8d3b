//! `cases.csv` → worked cases of a standard, run against its own tables.
//!
//! A case is one line `given,expect,source`; both sides are words `key=value` separated by spaces, and
//! `NA` means no value. Run by the tests of this crate and by `jingce catalog check`.

use crate::air::composite::CompositeRule;
use crate::air::evaluation::AirEvaluation;
use crate::air::index::{AirIndex, Period};
use crate::air::limits::{AirLimits, Condition};
use crate::methods::{percentile, spearman};
use crate::problem::CatalogProblem;
use crate::sheet::Sheet;
use crate::standard::{Content, Standard};
use domain::catalog::Files;
use domain::{Fixed, Ratio, RatioSum};

/// A worked case as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub line: u64,
    given: String,
    expect: String,
    source: String,
}

/// What became of a worked case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseResult {
    /// Standard id.
    pub standard: String,
    /// Line of its `cases.csv`.
    pub line: u64,
    /// What was given.
    pub given: String,
    /// What the source says comes out.
    pub expect: String,
    /// What came out, in the same words.
    pub got: String,
    /// Where the expected value is from.
    pub source: String,
    /// Whether both agree.
    pub pass: bool,
}

/// Reads the cases of a standard; a standard without any has a problem.
pub(crate) fn read(files: &Files, path: &str, problems: &mut Vec<CatalogProblem>) -> Vec<Case> {
    if files.get(path).is_none() {
        problems.push(CatalogProblem::file(
            path,
            "缺少算例：每个标准至少需要一行 given,expect,source",
            "worked cases are missing: every standard needs at least one line given,expect,source",
        ));
        return Vec::new();
    }
    let sheet = match Sheet::read_columns(files, path, &["given", "expect", "source"]) {
        Ok(sheet) => sheet,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    let cases = sheet.map(problems, |row| {
        Ok(Case {
            line: row.line,
            given: row.required("given")?.to_string(),
            expect: row.required("expect")?.to_string(),
            source: row.required("source")?.to_string(),
        })
    });
    if sheet.rows.is_empty() {
        problems.push(CatalogProblem::file(path, "至少需要一个算例", "at least one worked case is needed"));
    }
    cases
}

/// Runs the cases of one standard; `all` are the standards that it may build on.
pub(crate) fn run(standard: &Standard, all: &[Standard]) -> Vec<CaseResult> {
    standard.worked.iter().map(|case| run_one(standard, all, case)).collect()
}

fn run_one(standard: &Standard, all: &[Standard], case: &Case) -> CaseResult {
    let given = Given::new(&case.given);
    let mut got = Vec::new();
    for word in case.expect.split_whitespace() {
        let key = word.split_once('=').map_or(word, |(key, _)| key);
        let value = match &standard.content {
            Content::Index(index) => of_index(index, &given, key),
            Content::Limits(limits) => of_limits(limits, &given, key),
            Content::Evaluation(rules) => of_evaluation(rules.bare(), &given, key),
            Content::Composite(rule) => of_composite(rule, &given, key),
            Content::State(conditions) => of_state(conditions, &given, key),
            Content::Ecology(rule) => crate::ecology::of_ecology(rule, &given, key),
            Content::Water(part) => crate::water::of_water(part, all, &given, key),
            Content::Monitoring(rules) => crate::monitoring::of_monitoring(rules, &given, key),
            Content::Media(limits) => crate::media::of_limits(limits, &given, key),
            Content::Online(part) => crate::online::of_online(part, &given, key),
        };
        got.push(format!("{key}={}", value.unwrap_or_else(|reason| format!("?({reason})"))));
    }
    let got = got.join(" ");
    let wanted: Vec<&str> = case.expect.split_whitespace().collect();
    CaseResult {
        standard: standard.id.clone(),
        line: case.line,
        given: case.given.clone(),
        expect: case.expect.clone(),
        pass: !wanted.is_empty() && got == wanted.join(" "),
        got,
        source: case.source.clone(),
    }
}

/// The words on the left side of a case.
pub(crate) struct Given<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Given<'a> {
    fn new(text: &'a str) -> Given<'a> {
        Given(text.split_whitespace().map(|word| word.split_once('=').unwrap_or((word, ""))).collect())
    }

    pub fn words(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().copied()
    }

    pub fn text(&self, key: &str) -> Result<&'a str, String> {
        let found = self.0.iter().find(|(own, _)| *own == key);
        found.map(|(_, value)| *value).ok_or_else(|| format!("{key} is not given"))
    }

    pub fn number(&self, key: &str) -> Result<Fixed, String> {
        let text = self.text(key)?;
        text.parse().map_err(|error| format!("{key}={text}: {error}"))
    }

    pub fn count(&self, key: &str) -> Result<u32, String> {
        let text = self.text(key)?;
        text.parse().map_err(|error| format!("{key}={text}: {error}"))
    }

    fn list(&self, key: &str) -> Result<Vec<Ratio>, String> {
        let one = |text: &str| text.parse::<Fixed>().map(Ratio::from).map_err(|error| format!("{text}: {error}"));
        self.text(key)?.split(';').map(one).collect()
    }
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "NA".to_string(), |value| value.to_string())
}

fn names(list: &[String]) -> String {
    if list.is_empty() { "NA".to_string() } else { list.join(";") }
}

fn of_index(index: &AirIndex, given: &Given<'_>, key: &str) -> Result<String, String> {
    let period: Period = given.text("period")?.parse().map_err(|error| format!("{error}"))?;
    let mut row = Vec::new();
    for (code, text) in given.0.iter().filter(|(code, _)| *code != "period") {
        if !index.input_columns().iter().any(|(own, _)| own == code) {
            return Err(format!("no item {code}"));
        }
        row.push((*code, if text.is_empty() { None } else { Some(given.number(code)?) }));
    }
    let result = index.evaluate(period, &row);
    match (key, key.strip_prefix("iaqi.")) {
        (_, Some(item)) => {
            let found = result.iaqi.iter().find(|(code, _)| code == item);
            found.map(|(_, iaqi)| shown(*iaqi)).ok_or_else(|| format!("{item} is not given"))
        }
        ("aqi", _) => Ok(shown(result.aqi)),
        ("level", _) => Ok(shown(result.level)),
        ("primary", _) => Ok(names(&result.primary)),
        ("missing", _) => Ok(names(&result.missing)),
        _ => Err("write iaqi.<item>, aqi, level, primary or missing".to_string()),
    }
}

fn of_limits(limits: &AirLimits, given: &Given<'_>, key: &str) -> Result<String, String> {
    let parameter = given.text("parameter")?;
    if matches!(key, "kelvin" | "hpa") {
        return of_state(&limits.conditions, given, key);
    }
    let average = given.text("average")?;
    match key {
        "grade1" => Ok(shown(limits.limit(parameter, average, 1))),
        "grade2" => Ok(shown(limits.limit(parameter, average, 2))),
        "grade" => Ok(shown(limits.grade(parameter, average, Ratio::from(given.number("value")?)))),
        "exceed" => {
            let exceed = limits.exceedance(parameter, average, Ratio::from(given.number("value")?));
            Ok(shown(exceed.map(|exceed| exceed.round(2))))
        }
        _ => Err("write grade1, grade2, grade, exceed, kelvin or hpa".to_string()),
    }
}

fn of_evaluation(rules: &AirEvaluation, given: &Given<'_>, key: &str) -> Result<String, String> {
    match key {
        "stations" => Ok(rules.stations_needed(given.count("of")?).to_string()),
        "year_days" => Ok(rules.completeness.year_days.to_string()),
        "month_days" => Ok(rules.completeness.month_days.to_string()),
        "february_days" => Ok(rules.completeness.february_days.to_string()),
        "r" => Ok(shown(spearman(&given.list("values")?).map(|r| r.round(3)))),
        "critical" => Ok(shown(rules.trend_critical(given.count("periods")?))),
        "value" | "day" => {
            let code = given.text("item")?;
            let item = rules.item(code).ok_or_else(|| format!("no item {code}"))?;
            if key == "day" {
                return Ok(given.number("day")?.round(item.digits_day).to_string());
            }
            let statistic = given.text("statistic")?;
            let annual = item.annual.iter().find(|annual| annual.id == statistic);
            let annual = annual.ok_or_else(|| format!("{code} has no {statistic}"))?;
            let mut values = given.list("values")?;
            values.sort();
            Ok(annual_value(&values, statistic)?.round(annual.digits).to_string())
        }
        _ => Err("write value, day, stations, year_days, month_days, february_days, r or critical".to_string()),
    }
}

fn annual_value(sorted: &[Ratio], statistic: &str) -> Result<Ratio, String> {
    if sorted.is_empty() {
        return Err("no values".to_string());
    }
    match statistic.strip_prefix('p').and_then(|p| p.parse().ok()) {
        Some(p) => Ok(percentile(sorted, p)),
        None => {
            let mut sum = RatioSum::default();
            sorted.iter().for_each(|value| sum.add(*value));
            sum.mean().ok_or_else(|| "no mean".to_string())
        }
    }
}

fn of_composite(rule: &CompositeRule, given: &Given<'_>, key: &str) -> Result<String, String> {
    match key {
        "index" => {
            let index = rule.index(|item| given.number(item).ok().map(Ratio::from));
            Ok(shown(index.map(|index| index.round(rule.digits))))
        }
        _ => Err("write index".to_string()),
    }
}

fn of_state(conditions: &[Condition], given: &Given<'_>, key: &str) -> Result<String, String> {
    let parameter = given.text("parameter")?;
    let own = conditions.iter().find(|condition| condition.parameter == parameter);
    let own = own.ok_or_else(|| format!("no state of {parameter}"))?;
    match key {
        "kelvin" => Ok(shown(own.kelvin)),
        "hpa" => Ok(shown(own.hpa)),
        _ => Err("write kelvin or hpa".to_string()),
    }
}
