//! `/api/rules`, `/api/standards`, `/api/levels`.

use super::asked::Asked;
use super::{Shared, rules_word};
use crate::answers::rules::{Level, RuleSet, Standard};
use crate::clock;
use crate::jobs;
use crate::trouble::Trouble;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(rule_sets)).routes(routes!(standards)).routes(routes!(levels))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct RulesQuery {
    /// Rule set or standard id; absent: the one in force on `date`.
    rules: Option<String>,
    /// Date, `2020-12-31`; absent: today.
    date: Option<String>,
}

/// Rule sets by date.
#[utoipa::path(get, path = "/api/rules", responses((status = 200, body = Vec<RuleSet>)))]
async fn rule_sets(State(shared): State<Shared>) -> Result<Json<Vec<RuleSet>>, Trouble> {
    shared.run(|data| Ok(jobs::rules::rule_sets(&data.catalogs))).await
}

/// Standards of the catalog.
#[utoipa::path(get, path = "/api/standards", responses((status = 200, body = Vec<Standard>)))]
async fn standards(State(shared): State<Shared>) -> Result<Json<Vec<Standard>>, Trouble> {
    shared.run(|data| Ok(jobs::rules::standards(&data.catalogs))).await
}

/// Levels of the air quality index.
#[utoipa::path(get, path = "/api/levels", params(RulesQuery), responses((status = 200, body = Vec<Level>), (status = 404, body = crate::answers::imports::ErrorBody)))]
async fn levels(State(shared): State<Shared>, Asked(query): Asked<RulesQuery>) -> Result<Json<Vec<Level>>, Trouble> {
    let rules = rules_word(query.rules.as_deref());
    let date = query.date.as_deref().map(super::day).transpose()?.unwrap_or_else(clock::today);
    shared.run(move |data| jobs::rules::levels(&data.catalogs, &rules, date)).await
}
