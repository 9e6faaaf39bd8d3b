//! `/api/plans/…`: a plan, where it stands, one of its indicators, the table as XLSX.

use super::asked::{Asked, Named, Told};
use super::{AreaYearQuery, Shared, moment, rules_word};
use crate::answers::imports::ErrorBody;
use crate::answers::plan::{IndicatorPage, Plan, PlanStatus};
use crate::answers::plan_full::{IndicatorChanges, IndicatorParts, PlanFull, ScenarioAnswer, ScenarioAsk};
use crate::jobs;
use crate::jobs::plan_status::PlanAsk;
use crate::trouble::Trouble;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use report::plan_report::Evaluation;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(plan))
        .routes(routes!(status))
        .routes(routes!(indicator))
        .routes(routes!(export))
        .routes(routes!(full))
        .routes(routes!(parts))
        .routes(routes!(changes))
        .routes(routes!(scenario))
        .routes(routes!(coverage))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SinceQuery {
    /// The moment to compare with.
    since: String,
    /// Area: code or name.
    area: String,
    /// Calendar year.
    year: i16,
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
            jobs::report_plan::document(&view, &PlanAsk { plan: id, year }, Evaluation::Annual, (format, lang))
        })
        .await?;
    Ok(super::reports::attachment(document, &name, format))
}

/// Where a plan stands, with forecast, accounts, bodies, evidence and what is missing.
#[utoipa::path(get, path = "/api/plans/{id}/full", params(("id" = String, Path, description = "plan id"), AreaYearQuery), responses((status = 200, body = PlanFull), (status = 404, body = ErrorBody)))]
async fn full(
    State(shared): State<Shared>,
    Named(id): Named<String>,
    Asked(query): Asked<AreaYearQuery>,
) -> Result<Json<PlanFull>, Trouble> {
    shared.run_year(query, move |view, ask| jobs::plan_full::full(view, &PlanAsk { plan: id, year: ask.clone() })).await
}

/// What an indicator of a plan is made of.
#[utoipa::path(get, path = "/api/plans/{id}/indicators/{no}/parts", params(("id" = String, Path, description = "plan id"), ("no" = u16, Path, description = "number in the plan"), AreaYearQuery), responses((status = 200, body = IndicatorParts), (status = 404, body = ErrorBody)))]
async fn parts(
    State(shared): State<Shared>,
    Named((id, no)): Named<(String, u16)>,
    Asked(query): Asked<AreaYearQuery>,
) -> Result<Json<IndicatorParts>, Trouble> {
    shared
        .run_year(query, move |view, ask| {
            jobs::plan_full::parts::parts(view, &PlanAsk { plan: id, year: ask.clone() }, no)
        })
        .await
}

/// An indicator of a plan as it stood at a moment and as it stands now.
#[utoipa::path(get, path = "/api/plans/{id}/indicators/{no}/changes", params(("id" = String, Path, description = "plan id"), ("no" = u16, Path, description = "number in the plan"), SinceQuery), responses((status = 200, body = IndicatorChanges), (status = 404, body = ErrorBody)))]
async fn changes(
    State(shared): State<Shared>,
    Named((id, no)): Named<(String, u16)>,
    Asked(query): Asked<SinceQuery>,
) -> Result<Json<IndicatorChanges>, Trouble> {
    shared
        .run(move |data| {
            let view = data.view(None)?;
            let since = crate::asked::moment(&query.since)?;
            let ask = plan_ask(&view, id, &query.area, query.year)?;
            jobs::plan_full::changes::changes(&view, &ask, no, since)
        })
        .await
}

/// A plan under assumptions; nothing is kept.
#[utoipa::path(post, path = "/api/plans/{id}/scenario", params(("id" = String, Path, description = "plan id")), request_body = ScenarioAsk, responses((status = 200, body = ScenarioAnswer), (status = 404, body = ErrorBody)))]
async fn scenario(
    State(shared): State<Shared>,
    Named(id): Named<String>,
    Told(asked): Told<ScenarioAsk>,
) -> Result<Json<ScenarioAnswer>, Trouble> {
    shared
        .run(move |data| {
            let view = data.view(None)?;
            let ask = plan_ask(&view, id, &asked.area, asked.year)?;
            jobs::plan_full::scenario::scenario(&view, &ask, &asked)
        })
        .await
}

/// What of a plan works, is declared, or is missing.
#[utoipa::path(get, path = "/api/plans/{id}/coverage", params(("id" = String, Path, description = "plan id")), responses((status = 200, description = "coverage of the plan"), (status = 404, body = ErrorBody)))]
async fn coverage(
    State(shared): State<Shared>,
    Named(id): Named<String>,
) -> Result<Json<indicators::plan::Coverage>, Trouble> {
    shared.run(move |data| jobs::plan_coverage::coverage(&data.catalogs, &id)).await
}

fn plan_ask(view: &crate::data::View, plan: String, area: &str, year: i16) -> Result<PlanAsk, Trouble> {
    let year = jobs::judge::AreaYear {
        area: view.area(area)?,
        year: crate::asked::calendar_year(year)?,
        rules: rules_word(None),
    };
    Ok(PlanAsk { plan, year })
}
