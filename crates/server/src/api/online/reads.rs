//! What anybody may read.

use super::bearer::Bearer;
use crate::answers::imports::ErrorBody;
use crate::answers::online::alerts::AlertList;
use crate::answers::online::curve::Curve;
use crate::answers::online::dialogues::DialogueList;
use crate::answers::online::frames::{DeviationLedger, FrameDetail, FrameList};
use crate::answers::online::gateway::{GatewayHealth, Operator};
use crate::answers::online::marks::MarkList;
use crate::answers::online::outlet::{OutletList, OutletPage};
use crate::answers::online::reviews::ReviewDesk;
use crate::answers::online::statement::Statement;
use crate::answers::online::wall::Wall;
use crate::api::Shared;
use crate::jobs::online::{
    alerts, asks, curve, deviations, dialogues, frames, gateway, marks, operators, outlets, reviews, statement, wall,
};
use crate::trouble::Trouble;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(devices))
        .routes(routes!(outlet_list))
        .routes(routes!(outlet))
        .routes(routes!(outlet_curve))
        .routes(routes!(outlet_statement))
        .routes(routes!(frame_list))
        .routes(routes!(frame))
        .routes(routes!(ledger))
        .routes(routes!(ledger_csv))
        .routes(routes!(alert_list))
        .routes(routes!(mark_list))
        .routes(routes!(review_desk))
        .routes(routes!(dialogue_list))
        .routes(routes!(operator))
}

/// Whether frames are taken, and why not.
#[utoipa::path(get, path = "/api/online/gateway", tag = "online",
    responses((status = 200, body = GatewayHealth), (status = "default", body = ErrorBody)))]
async fn health(State(shared): State<Shared>) -> Result<Json<GatewayHealth>, Trouble> {
    shared.run(gateway::health).await
}

/// The wall of devices with their newest values.
#[utoipa::path(get, path = "/api/online/devices", tag = "online",
    responses((status = 200, body = Wall), (status = "default", body = ErrorBody)))]
async fn devices(State(shared): State<Shared>) -> Result<Json<Wall>, Trouble> {
    shared.run(wall::wall).await
}

/// Every outlet of the register.
#[utoipa::path(get, path = "/api/online/outlets", tag = "online",
    responses((status = 200, body = OutletList), (status = "default", body = ErrorBody)))]
async fn outlet_list(State(shared): State<Shared>) -> Result<Json<OutletList>, Trouble> {
    shared.run(outlets::list).await
}

/// One outlet: devices, channels, limits, marks, alerts.
#[utoipa::path(get, path = "/api/online/outlets/{code}", tag = "online", params(("code" = String, Path)),
    responses((status = 200, body = OutletPage), (status = "default", body = ErrorBody)))]
async fn outlet(State(shared): State<Shared>, Path(code): Path<String>) -> Result<Json<OutletPage>, Trouble> {
    shared.run(move |data| outlets::page(data, &code)).await
}

/// Values over a span with flags, tests, marks and limits.
#[utoipa::path(get, path = "/api/online/outlets/{code}/curve", tag = "online",
    params(("code" = String, Path), asks::CurveAsk),
    responses((status = 200, body = Curve), (status = "default", body = ErrorBody)))]
async fn outlet_curve(
    State(shared): State<Shared>,
    Path(outlet): Path<String>,
    Query(ask): Query<asks::CurveAsk>,
) -> Result<Json<Curve>, Trouble> {
    shared.run(move |data| curve::curve(data, &outlet, &ask)).await
}

/// Judged days of a month and hours of a day, with and without marks, beside the instrument's own.
#[utoipa::path(get, path = "/api/online/outlets/{code}/statement", tag = "online",
    params(("code" = String, Path), asks::StatementAsk),
    responses((status = 200, body = Statement), (status = "default", body = ErrorBody)))]
async fn outlet_statement(
    State(shared): State<Shared>,
    Path(outlet): Path<String>,
    Query(ask): Query<asks::StatementAsk>,
) -> Result<Json<Statement>, Trouble> {
    shared.run(move |data| statement::statement(data, &outlet, &ask)).await
}

/// Raw frames, newest first.
#[utoipa::path(get, path = "/api/online/frames", tag = "online", params(asks::FramesAsk),
    responses((status = 200, body = FrameList), (status = "default", body = ErrorBody)))]
async fn frame_list(
    State(shared): State<Shared>,
    Query(ask): Query<asks::FramesAsk>,
) -> Result<Json<FrameList>, Trouble> {
    shared.run(move |data| frames::list(data, &ask)).await
}

/// One raw frame, decoded, with every deviation by clause.
#[utoipa::path(get, path = "/api/online/frames/{id}", tag = "online", params(("id" = u64, Path)),
    responses((status = 200, body = FrameDetail), (status = "default", body = ErrorBody)))]
async fn frame(State(shared): State<Shared>, Path(id): Path<u64>) -> Result<Json<FrameDetail>, Trouble> {
    shared.run(move |data| frames::detail(data, id)).await
}

/// Deviations by device or vendor.
#[utoipa::path(get, path = "/api/online/deviations", tag = "online", params(asks::LedgerAsk),
    responses((status = 200, body = DeviationLedger), (status = "default", body = ErrorBody)))]
async fn ledger(
    State(shared): State<Shared>,
    Query(ask): Query<asks::LedgerAsk>,
) -> Result<Json<DeviationLedger>, Trouble> {
    shared.run(move |data| deviations::ledger(data, &ask)).await
}

/// The same as a CSV file.
#[utoipa::path(get, path = "/api/online/deviations.csv", tag = "online", params(asks::LedgerAsk),
    responses((status = 200, body = String, content_type = "text/csv"), (status = "default", body = ErrorBody)))]
async fn ledger_csv(State(shared): State<Shared>, Query(ask): Query<asks::LedgerAsk>) -> Result<Response, Trouble> {
    let text = shared.blocking(move |data| deviations::csv(data, &ask)).await?;
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"deviations.csv\"")];
    Ok((headers, text).into_response())
}

/// Alerts, newest first.
#[utoipa::path(get, path = "/api/online/alerts", tag = "online", params(asks::AlertsAsk),
    responses((status = 200, body = AlertList), (status = "default", body = ErrorBody)))]
async fn alert_list(
    State(shared): State<Shared>,
    Query(ask): Query<asks::AlertsAsk>,
) -> Result<Json<AlertList>, Trouble> {
    shared.run(move |data| alerts::list(data, &ask)).await
}

/// Marks on periods.
#[utoipa::path(get, path = "/api/online/marks", tag = "online", params(asks::MarksAsk),
    responses((status = 200, body = MarkList), (status = "default", body = ErrorBody)))]
async fn mark_list(State(shared): State<Shared>, Query(ask): Query<asks::MarksAsk>) -> Result<Json<MarkList>, Trouble> {
    shared.run(move |data| marks::list(data, &ask)).await
}

/// The review desk: flagged runs, proposals, decisions.
#[utoipa::path(get, path = "/api/online/reviews", tag = "online", params(asks::ReviewsAsk),
    responses((status = 200, body = ReviewDesk), (status = "default", body = ErrorBody)))]
async fn review_desk(
    State(shared): State<Shared>,
    Query(ask): Query<asks::ReviewsAsk>,
) -> Result<Json<ReviewDesk>, Trouble> {
    shared.run(move |data| reviews::desk(data, &ask)).await
}

/// What was asked of a device, and its answers.
#[utoipa::path(get, path = "/api/online/devices/{mn}/dialogues", tag = "online", params(("mn" = String, Path)),
    responses((status = 200, body = DialogueList), (status = "default", body = ErrorBody)))]
async fn dialogue_list(State(shared): State<Shared>, Path(mn): Path<String>) -> Result<Json<DialogueList>, Trouble> {
    shared.run(move |data| dialogues::list(data, &mn)).await
}

/// Who the token is.
#[utoipa::path(get, path = "/api/online/operator", tag = "online",
    responses((status = 200, body = Operator), (status = "default", body = ErrorBody)))]
async fn operator(State(shared): State<Shared>, bearer: Bearer) -> Result<Json<Operator>, Trouble> {
    shared.run(move |data| operators::who(data, bearer.token()?).map(Into::into)).await
}
