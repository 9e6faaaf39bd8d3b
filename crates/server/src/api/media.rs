//! `/api/media…`: media, their points, months, series and sources; `/api/rivers`: lines for the map.

use super::asked::{Asked, Named};
use super::{Shared, moment};
use crate::answers::imports::ErrorBody;
use crate::answers::media::{Medium, MediumPage, PointPage, PointSeries, PointSources};
use crate::jobs::media::{self, series, sources};
use crate::trouble::Trouble;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(page))
        .routes(routes!(point))
        .routes(routes!(point_series))
        .routes(routes!(point_sources))
        .routes(routes!(rivers))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Area: code or name; absent: every area.
    area: Option<String>,
    /// Read the data as they stood at this moment.
    as_of: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// Area: code or name.
    area: String,
    /// Calendar year.
    year: i16,
    /// Month of the year, 1 to 12; absent: the year.
    month: Option<i8>,
    /// Read the data as they stood at this moment.
    as_of: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PointQuery {
    /// Calendar year.
    year: i16,
    /// Read the data as they stood at this moment.
    as_of: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SeriesQuery {
    /// Item.
    item: String,
    /// First month, `YYYY-MM`.
    from: Option<String>,
    /// Last month, `YYYY-MM`.
    to: Option<String>,
    /// Tests by name, parted by commas.
    tests: Option<String>,
    /// Read the data as they stood at this moment.
    as_of: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SourcesQuery {
    /// Item.
    item: String,
    /// Month, `YYYY-MM`.
    month: String,
    /// Read the data as they stood at this moment.
    as_of: Option<String>,
}

/// The media that an area has points of.
#[utoipa::path(get, path = "/api/media", params(ListQuery), responses((status = 200, body = Vec<Medium>), (status = 404, body = ErrorBody)))]
async fn list(State(shared): State<Shared>, Asked(query): Asked<ListQuery>) -> Result<Json<Vec<Medium>>, Trouble> {
    shared
        .run(move |data| {
            let view = data.view(moment(query.as_of.as_deref())?)?;
            let area = query.area.as_deref().filter(|area| !area.is_empty());
            let area = area.map(|area| view.area(area)).transpose()?;
            media::list(&view, area.as_ref())
        })
        .await
}

/// A medium of an area in a year or a month.
#[utoipa::path(get, path = "/api/media/{medium}", params(("medium" = String, Path, description = "medium"), PageQuery), responses((status = 200, body = MediumPage), (status = 404, body = ErrorBody)))]
async fn page(
    State(shared): State<Shared>,
    Named(medium): Named<String>,
    Asked(query): Asked<PageQuery>,
) -> Result<Json<MediumPage>, Trouble> {
    shared
        .run(move |data| {
            let view = data.view(moment(query.as_of.as_deref())?)?;
            let area = view.area(&query.area)?;
            let year = crate::asked::calendar_year(query.year)?;
            media::page(&view, &media::medium(&medium)?, &area, (year, query.month))
        })
        .await
}

/// A point of a medium through time.
#[utoipa::path(get, path = "/api/media/{medium}/points/{code}", params(("medium" = String, Path, description = "medium"), ("code" = String, Path, description = "point"), PointQuery), responses((status = 200, body = PointPage), (status = 404, body = ErrorBody)))]
async fn point(
    State(shared): State<Shared>,
    Named((medium, code)): Named<(String, String)>,
    Asked(query): Asked<PointQuery>,
) -> Result<Json<PointPage>, Trouble> {
    shared
        .run(move |data| {
            let view = data.view(moment(query.as_of.as_deref())?)?;
            let year = crate::asked::calendar_year(query.year)?;
            media::point_page(&view, media::medium(&medium)?, &code, year)
        })
        .await
}

/// An item of a point, month by month, with its trends.
#[utoipa::path(get, path = "/api/media/{medium}/points/{code}/series", params(("medium" = String, Path, description = "medium"), ("code" = String, Path, description = "point"), SeriesQuery), responses((status = 200, body = PointSeries), (status = 404, body = ErrorBody)))]
async fn point_series(
    State(shared): State<Shared>,
    Named((medium, code)): Named<(String, String)>,
    Asked(query): Asked<SeriesQuery>,
) -> Result<Json<PointSeries>, Trouble> {
    shared
        .run(move |data| {
            media::medium(&medium)?;
            let view = data.view(moment(query.as_of.as_deref())?)?;
            let month = |text: &Option<String>| {
                text.as_deref().filter(|text| !text.is_empty()).map(crate::asked::civil_month).transpose()
            };
            let words = query.tests.as_deref().unwrap_or_default();
            let ask = series::SeriesAsk {
                point: code,
                item: query.item.clone(),
                from: month(&query.from)?,
                to: month(&query.to)?,
                tests: words.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_string).collect(),
            };
            series::series(&view, &ask)
        })
        .await
}

/// The observations behind a month's value of a point.
#[utoipa::path(get, path = "/api/media/{medium}/points/{code}/sources", params(("medium" = String, Path, description = "medium"), ("code" = String, Path, description = "point"), SourcesQuery), responses((status = 200, body = PointSources), (status = 404, body = ErrorBody)))]
async fn point_sources(
    State(shared): State<Shared>,
    Named((medium, code)): Named<(String, String)>,
    Asked(query): Asked<SourcesQuery>,
) -> Result<Json<PointSources>, Trouble> {
    shared
        .run(move |data| {
            media::medium(&medium)?;
            let view = data.view(moment(query.as_of.as_deref())?)?;
            sources::sources(&view, &code, &query.item, crate::asked::civil_month(&query.month)?)
        })
        .await
}

/// Lines of rivers for drawing, as GeoJSON.
#[utoipa::path(get, path = "/api/rivers", responses((status = 200, description = "GeoJSON lines")))]
async fn rivers(State(shared): State<Shared>) -> Result<Json<serde_json::Value>, Trouble> {
    shared.run(|data| Ok(media::rivers(data))).await
}
