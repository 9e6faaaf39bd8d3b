//! `/api/areas`, `/api/version`.

use super::Shared;
use super::asked::Named;
use crate::answers::places::{Area, Version};
use crate::jobs;
use crate::trouble::Trouble;
use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(areas)).routes(routes!(area_map)).routes(routes!(version))
}

/// Every area, those with a plan first.
#[utoipa::path(get, path = "/api/areas", responses((status = 200, body = Vec<Area>)))]
async fn areas(State(shared): State<Shared>) -> Result<Json<Vec<Area>>, Trouble> {
    shared.run(|data| jobs::areas::areas(&data.view(None)?)).await
}

/// Boundaries and rivers of an area as GeoJSON.
#[utoipa::path(get, path = "/api/areas/{id}/map", params(("id" = String, Path, description = "area code")), responses((status = 200, body = serde_json::Value, description = "GeoJSON")))]
async fn area_map(State(shared): State<Shared>, Named(id): Named<String>) -> Result<impl IntoResponse, Trouble> {
    let text = shared.blocking(move |data| jobs::areas::area_map(&data.view(None)?, &id)).await?;
    Ok(([(CONTENT_TYPE, "application/geo+json")], text))
}

/// Version of the server.
#[utoipa::path(get, path = "/api/version", responses((status = 200, body = Version)))]
async fn version() -> Json<Version> {
    Json(Version {
        version: env!("CARGO_PKG_VERSION").to_string(),
        commit: option_env!("JINGCE_COMMIT").map(str::to_string),
    })
}
