//! A series → its trends, in words. The series is of a point, of an indicator, or of a file.

use crate::answers::Text;
use crate::answers::media::{SeriesMonth, TrendResult, YearOnYear};
use crate::trouble::Trouble;
use domain::{Month, Ratio};
use models::trend::{Detail, Direction, Options, Test, TrendCatalog, run};
use models::year_on_year::{CalendarSlot, year_on_year};

/// Decimals of slopes, probabilities and means in answers.
const PLACES: usize = 6;

/// A series with what its steps are.
#[derive(Clone, Debug)]
pub struct Series {
    /// Unit of the values.
    pub unit: String,
    /// Name of each place: a month, a year, a row.
    pub places: Vec<String>,
    /// Values, with gaps.
    pub values: Vec<Option<f64>>,
    /// Steps of a year: 12 for months, 1 for years.
    pub period: usize,
}

/// The tests of a list of words; the customary ones of an empty list.
pub fn tests(words: &[String], period: usize) -> Result<Vec<Test>, Trouble> {
    if words.is_empty() {
        let seasonal = [Test::MannKendall, Test::Seasonal, Test::TheilSen, Test::Pettitt];
        let yearly = [Test::MannKendall, Test::Spearman, Test::TheilSen, Test::Pettitt];
        return Ok(if period > 1 { seasonal.to_vec() } else { yearly.to_vec() });
    }
    words
        .iter()
        .map(|word| {
            word.trim().parse().map_err(|error: models::ModelError| {
                let words = error.words();
                Trouble::bad("no-such-test", words.zh, words.en)
            })
        })
        .collect()
}

/// Runs the tests; one that cannot be made says why.
pub fn trends(series: &Series, tests: &[Test], alpha: f64) -> Vec<TrendResult> {
    let options = Options { alpha, period: series.period.max(2), ..Options::default() };
    let catalog = TrendCatalog::builtin();
    tests.iter().map(|test| one(series, *test, &options, &catalog)).collect()
}

fn one(series: &Series, test: Test, options: &Options, catalog: &TrendCatalog) -> TrendResult {
    let words = catalog.words(test);
    let mut answer = TrendResult {
        test: test.code().to_string(),
        name: (&words.name).into(),
        assumes: (&words.assumes).into(),
        result: Text::default(),
        direction: None,
        slope: None,
        slope_unit: None,
        low: None,
        high: None,
        p: None,
        n: series.values.iter().flatten().count() as u32,
        missing: series.values.iter().filter(|value| value.is_none()).count() as u32,
        significant: None,
        at: None,
    };
    let made = match run(test, &series.values, options) {
        Ok(made) => made,
        Err(error) => {
            answer.result = (&error.words()).into();
            return answer;
        }
    };
    let direction = match made.direction {
        Direction::Increasing => "up",
        Direction::Decreasing => "down",
        Direction::NoTrend => "none",
    };
    (answer.n, answer.missing) = (made.n as u32, made.missing as u32);
    answer.p = made.p.map(|p| format!("{p:.PLACES$}"));
    answer.significant = made.significant;
    answer.direction = Some(direction.to_string());
    if let Some(slope) = made.slope {
        // A slope over one step of a series of months is shown a year.
        let year = series.period as f64 / slope.steps as f64;
        let shown = |value: f64| format!("{:.PLACES$}", value * year);
        answer.slope = Some(shown(slope.slope));
        answer.slope_unit = Some(format!("{}/a", series.unit));
        (answer.low, answer.high) = slope.interval.map(|(low, high)| (shown(low), shown(high))).unzip();
    }
    let place = |at: usize| series.places.get(at).cloned();
    match &made.detail {
        Detail::Pettitt(own) => answer.at = place(own.last_before + 1),
        Detail::Breaks(own) => answer.at = own.last_before.first().and_then(|at| place(at + 1)),
        _ => {}
    }
    answer.result = sentence(&answer, &made.notes);
    answer
}

fn sentence(answer: &TrendResult, notes: &[domain::Text]) -> Text {
    let (zh, en) = match (answer.direction.as_deref(), answer.significant) {
        (Some("up"), _) => ("显著上升", "a significant rise"),
        (Some("down"), _) => ("显著下降", "a significant fall"),
        _ if answer.at.is_some() && answer.significant == Some(true) => ("有显著突变", "a significant change"),
        (_, None) => ("不作判定", "not judged"),
        _ => ("没有显著变化", "no significant change"),
    };
    let mut text = Text::new(zh, en);
    if let Some(p) = &answer.p {
        text.zh.push_str(&format!("，p = {p}"));
        text.en.push_str(&format!(", p = {p}"));
    }
    if let (Some(slope), Some(unit)) = (&answer.slope, &answer.slope_unit) {
        text.zh.push_str(&format!("，斜率 {slope} {unit}"));
        text.en.push_str(&format!(", slope {slope} {unit}"));
    }
    if let (Some(low), Some(high)) = (&answer.low, &answer.high) {
        text.zh.push_str(&format!("（{low} 至 {high}）"));
        text.en.push_str(&format!(" ({low} to {high})"));
    }
    if let Some(at) = &answer.at {
        text.zh.push_str(&format!("，变化点 {at}"));
        text.en.push_str(&format!(", change at {at}"));
    }
    for note in notes {
        text.zh.push_str(&format!("；{}", note.zh));
        text.en.push_str(&format!("; {}", note.en));
    }
    text
}

/// The newest twelve months against those before, over the months that both have.
pub fn against_year_before(months: &[(Month, Option<Ratio>)], digits: u32) -> Option<YearOnYear> {
    let newest = months.iter().rev().find(|(_, value)| value.is_some())?.0;
    let within = |last: Month| {
        let own = months.iter().filter(move |(month, _)| last.0 - 12 < month.0 && month.0 <= last.0);
        own.map(|(month, value)| (CalendarSlot::of_month(*month), *value)).collect::<Vec<_>>()
    };
    let made = year_on_year(&within(Month(newest.0 - 12)), &within(newest)).ok()?;
    let (before, after) = (made.before.mean.round(digits).to_string(), made.after.mean.round(digits).to_string());
    let percent = made.percent.map(|own| own.round(1).to_string());
    let change = percent.clone().map_or_else(|| "—".to_string(), |own| format!("{own} %"));
    Some(YearOnYear {
        from: month_text(Month(newest.0 - 11)),
        to: month_text(newest),
        months: made.n as u32,
        result: Text::new(
            format!("近 12 个月与上年同期都有数据的 {} 个月：{before} → {after}（{change}）", made.n),
            format!("over the {} months that both years have: {before} → {after} ({change})", made.n),
        ),
        before,
        after,
        change_percent: percent,
    })
}

/// `2025-03`.
pub fn month_text(month: Month) -> String {
    format!("{}-{:02}", month.year().0, month.month_of_year())
}

/// A series of months as the tests want it.
pub fn of_months(months: &[SeriesMonth], unit: &str) -> Series {
    Series {
        unit: unit.to_string(),
        places: months.iter().map(|own| own.month.clone()).collect(),
        values: months.iter().map(|own| own.value.as_ref().and_then(|value| value.parse().ok())).collect(),
        period: 12,
    }
}
