//! One door to every test of one series by name. Called by `server` for `jingce trend` and the pages.

use super::catalog::TrendCatalog;
use super::kendall::Kendall;
use super::{
    Direction, Spearman, TheilSen, breaks, correlated_seasonal, hamed_rao, original, pettitt, pre_whitening, seasonal,
    spearman, theil_sen, trend_free_pre_whitening, yue_wang,
};
use super::{change, slope};
use crate::error::ModelError;
use domain::Text;
use std::str::FromStr;
use std::sync::LazyLock;

/// A test of one series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test {
    /// Mann–Kendall.
    MannKendall,
    /// Mann–Kendall, variance corrected by Hamed and Rao.
    HamedRao,
    /// Mann–Kendall, variance corrected by Yue and Wang.
    YueWang,
    /// Mann–Kendall after pre-whitening.
    PreWhitening,
    /// Mann–Kendall after trend-free pre-whitening.
    TrendFreePreWhitening,
    /// Seasonal Kendall.
    Seasonal,
    /// Seasonal Kendall for seasons that depend on each other.
    CorrelatedSeasonal,
    /// Sen's slope with its interval.
    TheilSen,
    /// Spearman's rank correlation with time.
    Spearman,
    /// Pettitt's test for one change.
    Pettitt,
    /// Bai and Perron's breaks.
    Breaks,
}

/// What a test may be told; [`Options::default`] has what is usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Level of significance: 0.05. Spearman's table has its own.
    pub alpha: f64,
    /// Steps of a seasonal cycle: 12.
    pub period: usize,
    /// Largest lag of the corrections by Hamed and Rao, Yue and Wang; `None`: all lags.
    pub lag: Option<usize>,
    /// Least share of the values in a segment between breaks: 0.15.
    pub segment: f64,
}

/// What a test says. What a test does not have is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendResult {
    /// Which test.
    pub test: Test,
    /// Up, down, or neither shown.
    pub direction: Direction,
    /// Whether it is significant; `None` where nothing says so.
    pub significant: Option<bool>,
    /// Two-sided probability without a trend or change.
    pub p: Option<f64>,
    /// Values used.
    pub n: usize,
    /// Places without a value, or left out with their cycle.
    pub missing: usize,
    /// The slope, where the test has one.
    pub slope: Option<SlopeWithin>,
    /// What only this test has.
    pub detail: Detail,
    /// What a reader should know about this result.
    pub notes: Vec<Text>,
}

/// A slope with its unit of time and, where the test gives one, its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlopeWithin {
    /// Change over `steps` steps [unit of the series].
    pub slope: f64,
    /// Value of the line at the first place [unit of the series].
    pub intercept: f64,
    /// How many steps of the series the slope is over: 1, or a seasonal cycle.
    pub steps: usize,
    /// Interval of the slope, at the level of the test.
    pub interval: Option<(f64, f64)>,
}

/// What only one kind of test has.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// The Mann–Kendall family.
    Kendall(Kendall),
    /// Sen's slope.
    TheilSen(TheilSen),
    /// Spearman.
    Spearman(Spearman),
    /// One change.
    Pettitt(change::Pettitt),
    /// Several changes.
    Breaks(change::Breaks),
}

/// Below this number of values a normal approximation is rough: Kendall 1975; Gilbert 1987, section 16.4.
const NORMAL_FROM: usize = 10;

static BUILTIN: LazyLock<TrendCatalog> = LazyLock::new(TrendCatalog::builtin);

impl Test {
    /// Every test.
    pub const ALL: [Test; 11] = [
        Test::MannKendall,
        Test::HamedRao,
        Test::YueWang,
        Test::PreWhitening,
        Test::TrendFreePreWhitening,
        Test::Seasonal,
        Test::CorrelatedSeasonal,
        Test::TheilSen,
        Test::Spearman,
        Test::Pettitt,
        Test::Breaks,
    ];

    /// The word used in commands, files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Test::MannKendall => "mk",
            Test::HamedRao => "hamed-rao",
            Test::YueWang => "yue-wang",
            Test::PreWhitening => "pre-whitening",
            Test::TrendFreePreWhitening => "trend-free-pre-whitening",
            Test::Seasonal => "seasonal",
            Test::CorrelatedSeasonal => "correlated-seasonal",
            Test::TheilSen => "theil-sen",
            Test::Spearman => "spearman",
            Test::Pettitt => "pettitt",
            Test::Breaks => "breaks",
        }
    }

    /// Every word, for a message.
    pub fn codes() -> String {
        Test::ALL.map(Test::code).join(", ")
    }

    /// Whether it looks at the seasons of the series.
    pub fn has_seasons(self) -> bool {
        matches!(self, Test::Seasonal | Test::CorrelatedSeasonal)
    }
}

impl FromStr for Test {
    type Err = ModelError;

    fn from_str(name: &str) -> Result<Test, ModelError> {
        let known = Test::ALL.into_iter().find(|test| test.code() == name);
        known.ok_or_else(|| ModelError::UnknownTest(name.to_string()))
    }
}

impl Default for Options {
    fn default() -> Options {
        Options { alpha: 0.05, period: 12, lag: None, segment: 0.15 }
    }
}

/// Runs one test on an even series with gaps, with the built-in catalog's critical values.
///
/// ```
/// use models::trend::{Options, Test, run};
/// let years = [58.0, 55.0, 51.0, 52.0, 47.0].map(Some);
/// let got = run("spearman".parse().unwrap(), &years, &Options::default()).unwrap();
/// assert_eq!((got.direction.code(), got.significant, got.n), ("no trend", Some(false), 5), "|−0.9| is not above 0.9");
/// ```
pub fn run(test: Test, series: &[Option<f64>], options: &Options) -> Result<TrendResult, ModelError> {
    run_with(test, series, options, &BUILTIN)
}

/// The same with a deployment's catalog.
pub fn run_with(
    test: Test,
    series: &[Option<f64>],
    options: &Options,
    catalog: &TrendCatalog,
) -> Result<TrendResult, ModelError> {
    let Options { alpha, period, lag, segment } = *options;
    let result = match test {
        Test::MannKendall => of_kendall(test, original(series, alpha)?, 1),
        Test::HamedRao => of_kendall(test, hamed_rao(series, alpha, lag)?, 1),
        Test::YueWang => of_kendall(test, yue_wang(series, alpha, lag)?, 1),
        Test::PreWhitening => of_kendall(test, pre_whitening(series, alpha)?, 1),
        Test::TrendFreePreWhitening => of_kendall(test, trend_free_pre_whitening(series, alpha)?, 1),
        Test::Seasonal => of_kendall(test, seasonal(series, period, alpha)?, period),
        Test::CorrelatedSeasonal => of_kendall(test, correlated_seasonal(series, period, alpha)?, period),
        Test::TheilSen => of_theil_sen(theil_sen(series, alpha)?),
        Test::Spearman => of_spearman(spearman(series, &catalog.spearman)?, slope::sens_slope(series)?),
        Test::Pettitt => of_pettitt(pettitt(series, alpha)?),
        Test::Breaks => of_breaks(breaks(series, segment)?),
    };
    Ok(result)
}

fn of_kendall(test: Test, kendall: Kendall, steps: usize) -> TrendResult {
    let Kendall { direction, significant, p, line, n, missing, .. } = kendall;
    let slope = SlopeWithin { slope: line.slope, intercept: line.intercept, steps, interval: None };
    TrendResult {
        test,
        direction,
        significant: Some(significant),
        p: Some(p),
        n,
        missing,
        slope: Some(slope),
        detail: Detail::Kendall(kendall),
        notes: few(n).into_iter().collect(),
    }
}

fn of_theil_sen(sen: TheilSen) -> TrendResult {
    let significant = sen.low > 0.0 || sen.high < 0.0;
    let TheilSen { line, low, high, n, missing } = sen;
    let slope = SlopeWithin { slope: line.slope, intercept: line.intercept, steps: 1, interval: Some((low, high)) };
    TrendResult {
        test: Test::TheilSen,
        direction: Direction::of(line.slope, significant),
        significant: Some(significant),
        p: None,
        n,
        missing,
        slope: Some(slope),
        detail: Detail::TheilSen(sen),
        notes: few(n).into_iter().collect(),
    }
}

fn of_spearman(rank: Spearman, line: slope::Slope) -> TrendResult {
    let mut notes = Vec::new();
    if rank.critical.is_none() {
        notes.push(Text::new(
            format!("临界值表中没有 {} 个值的一行，不作判定", rank.n),
            format!("the table of critical values has no row of {} values: not judged", rank.n),
        ));
    } else if rank.confidence == domain::Confidence::Unconfirmed {
        notes.push(Text::new("临界值未经正式文本核实", "the critical value is not confirmed by the official text"));
    }
    let slope = SlopeWithin { slope: line.slope, intercept: line.intercept, steps: 1, interval: None };
    TrendResult {
        test: Test::Spearman,
        direction: rank.direction,
        significant: rank.significant,
        p: None,
        n: rank.n,
        missing: rank.missing,
        slope: Some(slope),
        detail: Detail::Spearman(rank),
        notes,
    }
}

fn of_pettitt(change: change::Pettitt) -> TrendResult {
    let change::Pettitt { mean_before, mean_after, significant, p, n, missing, .. } = change;
    TrendResult {
        test: Test::Pettitt,
        direction: Direction::of(mean_after - mean_before, significant),
        significant: Some(significant),
        p: Some(p),
        n,
        missing,
        slope: None,
        detail: Detail::Pettitt(change),
        notes: few(n).into_iter().collect(),
    }
}

fn of_breaks(found: change::Breaks) -> TrendResult {
    let first = found.means.first().zip(found.means.last()).map_or(0.0, |(first, last)| last - first);
    let any = !found.last_before.is_empty();
    TrendResult {
        test: Test::Breaks,
        direction: Direction::of(first, any),
        significant: Some(any),
        p: None,
        n: found.n,
        missing: found.missing,
        slope: None,
        detail: Detail::Breaks(found),
        notes: Vec::new(),
    }
}

fn few(n: usize) -> Option<Text> {
    (n < NORMAL_FROM).then(|| {
        Text::new(
            format!("只有 {n} 个值，少于 {NORMAL_FROM} 个时正态近似较粗"),
            format!("only {n} values: below {NORMAL_FROM} the normal approximation is rough"),
        )
    })
}
