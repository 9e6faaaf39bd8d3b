//! One series → every function of the family by pymannkendall's name, as numbers. Called by the tests that hold them
//! against `bench/oracle/trend-cases.json`, and by the example that answers `bench/oracle/trend.py`.

use models::ModelError;
use models::trend::{self, Direction, Kendall, Slope};

/// Numbers by name, or why there are none.
pub type Numbers = Result<Vec<(&'static str, f64)>, ModelError>;

/// Every function of one series; columns are made of it as `trend.py` makes them.
pub fn all(series: &[Option<f64>], period: usize, lag: usize) -> Vec<(&'static str, Numbers)> {
    let alpha = 0.05;
    let table = columns(series, 3);
    let kendall: Vec<(&'static str, Result<Kendall, ModelError>)> = vec![
        ("original_test", trend::original(series, alpha)),
        ("hamed_rao_modification_test", trend::hamed_rao(series, alpha, None)),
        ("hamed_rao_modification_test/lag", trend::hamed_rao(series, alpha, Some(lag))),
        ("yue_wang_modification_test", trend::yue_wang(series, alpha, None)),
        ("yue_wang_modification_test/lag", trend::yue_wang(series, alpha, Some(lag))),
        ("pre_whitening_modification_test", trend::pre_whitening(series, alpha)),
        ("trend_free_pre_whitening_modification_test", trend::trend_free_pre_whitening(series, alpha)),
        ("seasonal_test", trend::seasonal(series, period, alpha)),
        ("correlated_seasonal_test", trend::correlated_seasonal(series, period, alpha)),
        ("multivariate_test", trend::multivariate(&table, alpha)),
        ("regional_test", trend::regional(&table, alpha)),
        ("correlated_multivariate_test", trend::correlated_multivariate(&table, alpha)),
        ("partial_test", trend::partial(&table[0], &table[1], alpha)),
    ];
    let mut list: Vec<_> = kendall.into_iter().map(|(name, got)| (name, got.map(numbers))).collect();
    let line =
        |got: Result<Slope, ModelError>| got.map(|line| vec![("slope", line.slope), ("intercept", line.intercept)]);
    list.push(("sens_slope", line(trend::sens_slope(series))));
    list.push(("seasonal_sens_slope", line(trend::seasonal_sens_slope(series, period))));
    let sen = trend::theil_sen(series, alpha);
    list.push((
        "scipy theilslopes",
        sen.map(|sen| vec![("slope", sen.line.slope), ("low", sen.low), ("high", sen.high)]),
    ));
    list
}

fn numbers(kendall: Kendall) -> Vec<(&'static str, f64)> {
    let Kendall { direction, significant, p, z, tau, s, var_s, line, .. } = kendall;
    let trend = match direction {
        Direction::Increasing => 1.0,
        Direction::Decreasing => -1.0,
        Direction::NoTrend => 0.0,
    };
    let h = f64::from(u8::from(significant));
    vec![
        ("trend", trend),
        ("h", h),
        ("p", p),
        ("z", z),
        ("Tau", tau),
        ("s", s),
        ("var_s", var_s),
        ("slope", line.slope),
        ("intercept", line.intercept),
    ]
}

/// The series row by row into `width` columns; what does not fill a row is left out.
fn columns(series: &[Option<f64>], width: usize) -> Vec<Vec<Option<f64>>> {
    let rows = series.len() / width;
    (0..width).map(|column| (0..rows).map(|row| series[row * width + column]).collect()).collect()
}
