//! `/api/plans/…`: a plan, where it stands, one of its indicators, the table as XLSX.

use super::asked::{Asked, Named};
use super::{AreaYearQuery, Shared, moment, rules_word};
use crate::answers::imports::ErrorBody;
use crate::answers::plan::{IndicatorPage, Plan, PlanStatus};
use crate::jobs;
use crate::jobs::plan_status::PlanAsk;
use crate::trouble::Trouble;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(plan))
        .routes(routes!(status))
        .routes(routes!(indicator))
        .routes(routes!(export))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// Area: code or name.
    area: String,
    /// Calendar year.
    year: i16,
    /// Rule set or standard id.
    rules: Option<String>,
    /// Read the data as they stood at this moment.
    as_of: Option<String>,
    /// `xlsx` or `pdf`.
    format: Option<String>,
    /// `zh` or `en`.
    lang: Option<String>,
}

/// A plan.
#[utoipa::path(get, path = "/api/plans/{id}", params(("id" = String, Path, description = "plan id")), responses((status = 200, body = Plan), (status = 404, body = ErrorBody)))]
async fn plan(State(shared): State<Shared>, Named(id): Named<String>) -> Result<Json<Plan>, Trouble> {
    shared.run(move |data| jobs::plan_status::plan_answer(&data.catalogs, &id)).await
}

/// Where a plan stands in a year, for its own area or another one as an example.
#[utoipa::path(get, path = "/api/plans/{id}/status", params(("id" = String, Path, description = "plan id"), AreaYearQuery), responses((status = 200, body = PlanStatus), (status = 404, body = ErrorBody)))]
async fn status(
    State(shared): State<Shared>,
    Named(id): Named<String>,
    Asked(query): Asked<AreaYearQuery>,
) -> Result<Json<PlanStatus>, Trouble> {
    shared
        .run_year(query, move |view, ask| jobs::plan_status::status(view, &PlanAsk { plan: id, year: ask.clone() }))
        .await
}

/// One indicator of a plan: path, history, budget, costs.
#[utoipa::path(get, path = "/api/plans/{id}/indicators/{no}", params(("id" = String, Path, description = "plan id"), ("no" = u16, Path, description = "number in the plan"), AreaYearQuery), responses((status = 200, body = IndicatorPage), (status = 404, body = ErrorBody)))]
async fn indicator(
    State(shared): State<Shared>,
    Named((id, no)): Named<(String, u16)>,
    Asked(query): Asked<AreaYearQuery>,
) -> Result<Json<IndicatorPage>, Trouble> {
    shared
        .run_year(query, move |view, ask| {
            jobs::plan_status::indicator_page(view, &PlanAsk { plan: id, year: ask.clone() }, no)
        })
        .await
}

/// The plan's table with its state, as XLSX (or PDF).
#[utoipa::path(get, path = "/api/plans/{id}/export", params(("id" = String, Path, description = "plan id"), ExportQuery), responses((status = 200, description = "the document"), (status = 404, body = ErrorBody)))]
async fn export(
    State(shared): State<Shared>,
    Named(id): Named<String>,
    Asked(query): Asked<ExportQuery>,
) -> Result<Response, Trouble> {
    let format = super::reports::Format::of(query.format.as_deref().unwrap_or("xlsx"))?;
    let lang = super::reports::lang(query.lang.as_deref());
    let name = format!("{id}-{}-{}", query.area, query.year);
    let document = shared
        .blocking(move |data| {
            let view = data.view(moment(query.as_of.as_deref())?)?;
            let year = jobs::judge::AreaYear {
                area: view.area(&query.area)?,
                year: crate::asked::calendar_year(query.year)?,
                rules: rules_word(query.rules.as_deref()),
            };
            jobs::report_plan::document(&view, &PlanAsk { plan: id, year }, format, lang)
        })
        .await?;
    Ok(super::reports::attachment(document, &name, format))
}
