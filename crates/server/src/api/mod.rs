//! The HTTP API under `/api/`: one file a noun, each route a thin wrapper around a job.
//!
//! Jobs block (they read files), so every route runs its job on a blocking thread through [`Shared::run`].

mod air;
mod asked;
mod imports;
mod jobs;
mod media;
mod online;
mod places;
mod plans;
mod reports;
mod rules;

use crate::answers::imports::ErrorBody;
use crate::data::{Data, View};
use crate::trouble::{Kind, Trouble};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{Day, Instant};
use jobs::Jobs;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// What every route sees.
#[derive(Clone, Debug)]
pub struct Shared {
    data: Arc<Data>,
    jobs: Arc<Jobs>,
}

/// An area's year, as every computed answer is asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AreaYearQuery {
    /// Area: code or name.
    area: String,
    /// Calendar year.
    year: i16,
    /// Rule set or standard id; absent or `in-force`: by the date of the data.
    rules: Option<String>,
    /// Read the data as they stood at this moment.
    as_of: Option<String>,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Jingce 境策",
        description = "A city's environmental plan as software: indicators, air, imports, reports. Times are UTC+8; an hour is named by its end. Every failure answers {code, message}."
    ),
    components(schemas(ErrorBody))
)]
struct About;

impl Shared {
    /// Around an open data folder.
    pub fn new(data: Arc<Data>) -> Shared {
        Shared { data, jobs: Arc::new(Jobs::default()) }
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &Data {
        &self.data
    }

    /// Runs a job on a blocking thread.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Data) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<Json<T>, Trouble> {
        self.blocking(job).await.map(Json)
    }

    /// The same without the JSON wrapping.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Data) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let data = Arc::clone(&self.data);
        tokio::task::spawn_blocking(move || job(&data)).await.map_err(|error| {
            tracing::error!(%error, "a job stopped");
            Trouble::broken("stopped", "服务器内部出错，请查看服务日志。", "the server failed inside; look at its log.")
        })?
    }

    /// Runs a job on an area's year.
    pub(crate) async fn run_year<T: Send + 'static>(
        &self,
        query: AreaYearQuery,
        job: impl FnOnce(&View, &crate::jobs::judge::AreaYear) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<Json<T>, Trouble> {
        self.run(move |data| {
            let view = data.view(moment(query.as_of.as_deref())?)?;
            let ask = query.ask(&view)?;
            job(&view, &ask)
        })
        .await
    }
}

impl AreaYearQuery {
    fn ask(&self, view: &View) -> Result<crate::jobs::judge::AreaYear, Trouble> {
        Ok(crate::jobs::judge::AreaYear {
            area: view.area(&self.area)?,
            year: crate::asked::calendar_year(self.year)?,
            rules: rules_word(self.rules.as_deref()),
        })
    }
}

/// The API's routes and its description.
pub fn routes(shared: Shared) -> (axum::Router, utoipa::openapi::OpenApi) {
    let (router, mut about) = OpenApiRouter::with_openapi(About::openapi())
        .merge(places::routes())
        .merge(rules::routes())
        .merge(plans::routes())
        .merge(air::routes())
        .merge(imports::routes())
        .merge(reports::routes())
        .merge(media::routes())
        .merge(online::routes())
        .split_for_parts();
    about.info.version = env!("CARGO_PKG_VERSION").to_string();
    (router.with_state(shared), about)
}

/// The description of the API as the golden file has it.
pub fn openapi_text() -> String {
    let (_, mut about) = OpenApiRouter::<Shared>::with_openapi(About::openapi())
        .merge(places::routes())
        .merge(rules::routes())
        .merge(plans::routes())
        .merge(air::routes())
        .merge(imports::routes())
        .merge(reports::routes())
        .merge(media::routes())
        .merge(online::routes())
        .split_for_parts();
    about.info.version = env!("CARGO_PKG_VERSION").to_string();
    let mut text = about.to_pretty_json().expect("the description is plain data");
    text.push('\n');
    text
}

/// The word for the rules of a query.
pub(crate) fn rules_word(rules: Option<&str>) -> String {
    rules.filter(|rules| !rules.is_empty()).unwrap_or(crate::jobs::judge::IN_FORCE).to_string()
}

/// The moment of a query.
pub(crate) fn moment(as_of: Option<&str>) -> Result<Option<Instant>, Trouble> {
    as_of.filter(|text| !text.is_empty()).map(crate::asked::moment).transpose()
}

/// A day of a query.
pub(crate) fn day(text: &str) -> Result<Day, Trouble> {
    crate::asked::civil_day(text)
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        if self.kind == Kind::Broken {
            tracing::error!(code = self.code, "{self}");
        }
        let status = StatusCode::from_u16(self.kind.status()).expect("the table holds valid status codes");
        (status, Json(self.body())).into_response()
    }
}

#[cfg(test)]
mod tests {
    /// A change of the API is a change of `openapi.json`: `UPDATE=1 cargo test -p server` rewrites it.
    #[test]
    fn the_golden_description_is_current() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
        let now = super::openapi_text();
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &now).expect("the golden file can be written");
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            golden == now,
            "openapi.json is not what the routes say; run UPDATE=1 cargo test -p server and look at the difference"
        );
    }
}
