//! `/api/indicators`, `/api/explain`, `/api/air/…`.

use super::asked::Asked;
use super::{AreaYearQuery, Shared, day, moment, rules_word};
use crate::answers::air::{
    AirDay, Comparison, DayOfStations, HourRow, RankedStation, Series, StationMap, Statistic, Wind,
};
use crate::answers::explain::Explanation;
use crate::answers::imports::ErrorBody;
use crate::jobs;
use crate::trouble::Trouble;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(indicators))
        .routes(routes!(explain))
        .routes(routes!(days))
        .routes(routes!(one_day))
        .routes(routes!(hours))
        .routes(routes!(stations))
        .routes(routes!(ranking))
        .routes(routes!(series))
        .routes(routes!(wind))
        .routes(routes!(compare))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ExplainQuery {
    /// Indicator id.
    indicator: String,
    /// Area: code or name.
    area: String,
    /// Calendar year.
    year: i16,
    /// Rule set or standard id.
    rules: Option<String>,
    /// Read the data as they stood at this moment.
    as_of: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DayQuery {
    /// Area: code or name.
    area: String,
    /// Date, `2020-01-31`.
    date: String,
    /// 1 to 24 for one hour; absent for the day.
    hour: Option<u8>,
    /// Rule set or standard id.
    rules: Option<String>,
    /// Read the data as they stood at this moment.
    as_of: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct HoursQuery {
    /// Station code.
    station: String,
    /// Date, `2020-01-31`.
    date: String,
    /// Read the data as they stood at this moment.
    as_of: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SeriesQuery {
    /// Area: code or name (for the city's series).
    area: Option<String>,
    /// Station code (for a station's series).
    station: Option<String>,
    /// Parameter or item code.
    parameter: String,
    /// First day.
    from: String,
    /// Last day.
    to: String,
    /// `hour`, `day` or `month`.
    step: String,
    /// Rule set or standard id.
    rules: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct WindQuery {
    /// Area: code or name.
    area: String,
    /// Calendar year.
    year: i16,
    /// Only this station.
    station: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct CompareQuery {
    /// Area: code or name.
    area: String,
    /// Calendar year.
    year: i16,
    /// First rule set.
    a: String,
    /// Second rule set.
    b: String,
}

/// Annual statistics of an area, and its plan's indicators; empty without measurements.
#[utoipa::path(get, path = "/api/indicators", params(AreaYearQuery), responses((status = 200, body = Vec<Statistic>), (status = 404, body = ErrorBody)))]
async fn indicators(
    State(shared): State<Shared>,
    Asked(query): Asked<AreaYearQuery>,
) -> Result<Json<Vec<Statistic>>, Trouble> {
    shared
        .run_year(query, |view, ask| {
            let rows = jobs::indicators::statistics(view, ask)?;
            Ok(if rows.iter().all(|row| row.n == 0) { Vec::new() } else { rows })
        })
        .await
}

/// What a value was made of.
#[utoipa::path(get, path = "/api/explain", params(ExplainQuery), responses((status = 200, body = Explanation), (status = 404, body = ErrorBody)))]
async fn explain(
    State(shared): State<Shared>,
    Asked(query): Asked<ExplainQuery>,
) -> Result<Json<Explanation>, Trouble> {
    let ExplainQuery { indicator, area, year, rules, as_of } = query;
    let query = AreaYearQuery { area, year, rules, as_of };
    shared.run_year(query, move |view, ask| jobs::explain::explain(view, ask, &indicator)).await
}

/// Every day of a city's year; empty without measurements.
#[utoipa::path(get, path = "/api/air/days", params(AreaYearQuery), responses((status = 200, body = Vec<AirDay>), (status = 404, body = ErrorBody)))]
async fn days(State(shared): State<Shared>, Asked(query): Asked<AreaYearQuery>) -> Result<Json<Vec<AirDay>>, Trouble> {
    shared.run_year(query, jobs::air_days::air_days).await
}

/// One day of a city with its stations.
#[utoipa::path(get, path = "/api/air/day", params(DayQuery), responses((status = 200, body = DayOfStations), (status = 404, body = ErrorBody)))]
async fn one_day(State(shared): State<Shared>, Asked(query): Asked<DayQuery>) -> Result<Json<DayOfStations>, Trouble> {
    shared
        .run(move |data| {
            let view = data.view(moment(query.as_of.as_deref())?)?;
            let area = view.area(&query.area)?;
            jobs::air_days::day_of_stations(&view, &area, day(&query.date)?, &rules_word(query.rules.as_deref()))
        })
        .await
}

/// The hours of a station on a day, with file, row and earlier revisions.
#[utoipa::path(get, path = "/api/air/hours", params(HoursQuery), responses((status = 200, body = Vec<HourRow>), (status = 400, body = ErrorBody)))]
async fn hours(State(shared): State<Shared>, Asked(query): Asked<HoursQuery>) -> Result<Json<Vec<HourRow>>, Trouble> {
    shared
        .run(move |data| {
            let view = data.view(moment(query.as_of.as_deref())?)?;
            jobs::air_hours::hours(&view, &[query.station], day(&query.date)?)
        })
        .await
}

/// The stations of an area on a day or in an hour, for the map.
#[utoipa::path(get, path = "/api/air/stations", params(DayQuery), responses((status = 200, body = StationMap), (status = 404, body = ErrorBody)))]
async fn stations(State(shared): State<Shared>, Asked(query): Asked<DayQuery>) -> Result<Json<StationMap>, Trouble> {
    shared
        .run(move |data| {
            let view = data.view(moment(query.as_of.as_deref())?)?;
            let (area, day, rules) = (view.area(&query.area)?, day(&query.date)?, rules_word(query.rules.as_deref()));
            match query.hour {
                None => jobs::air_days::stations_on_day(&view, &area, day, &rules),
                Some(hour) => jobs::air_now::stations_in_hour(&view, &area, (day, hour), &rules),
            }
        })
        .await
}

/// Stations of an area by composite index.
#[utoipa::path(get, path = "/api/air/stations/ranking", params(AreaYearQuery), responses((status = 200, body = Vec<RankedStation>), (status = 404, body = ErrorBody)))]
async fn ranking(
    State(shared): State<Shared>,
    Asked(query): Asked<AreaYearQuery>,
) -> Result<Json<Vec<RankedStation>>, Trouble> {
    shared.run_year(query, jobs::ranking::ranking).await
}

/// A series of a station or of the city.
#[utoipa::path(get, path = "/api/air/series", params(SeriesQuery), responses((status = 200, body = Series), (status = 404, body = ErrorBody)))]
async fn series(State(shared): State<Shared>, Asked(query): Asked<SeriesQuery>) -> Result<Json<Series>, Trouble> {
    shared
        .run(move |data| {
            let view = data.view(None)?;
            let ask = jobs::series::SeriesAsk {
                area: query.area.as_deref().map(|area| view.area(area)).transpose()?,
                station: query.station,
                parameter: query.parameter,
                from: day(&query.from)?,
                to: day(&query.to)?,
                step: query.step,
                rules: rules_word(query.rules.as_deref()),
            };
            jobs::series::series(&view, &ask)
        })
        .await
}

/// Wind rose of a year.
#[utoipa::path(get, path = "/api/air/wind", params(WindQuery), responses((status = 200, body = Wind), (status = 404, body = ErrorBody)))]
async fn wind(State(shared): State<Shared>, Asked(query): Asked<WindQuery>) -> Result<Json<Wind>, Trouble> {
    shared
        .run(move |data| {
            let view = data.view(None)?;
            let area = view.area(&query.area)?;
            jobs::wind::wind(&view, &area, crate::asked::calendar_year(query.year)?, query.station.as_deref())
        })
        .await
}

/// The same year under two rule sets.
#[utoipa::path(get, path = "/api/air/compare", params(CompareQuery), responses((status = 200, body = Comparison), (status = 404, body = ErrorBody)))]
async fn compare(State(shared): State<Shared>, Asked(query): Asked<CompareQuery>) -> Result<Json<Comparison>, Trouble> {
    shared
        .run(move |data| {
            let view = data.view(None)?;
            let area = view.area(&query.area)?;
            jobs::compare::compare(&view, &area, crate::asked::calendar_year(query.year)?, &query.a, &query.b)
        })
        .await
}
