//! What a request asks, read so that every refusal answers in the API's own form.

use crate::trouble::Trouble;
use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The query of an address, like [`Query`].
pub(super) struct Asked<T>(pub T);

/// The variable parts of an address, like [`Path`].
pub(super) struct Named<T>(pub T);

/// The body of a request, like [`Json`].
pub(super) struct Told<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Told<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Told<T>, Trouble> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Told(body)),
            Err(refused) => Err(unreadable("body", &refused.body_text())),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Asked<T>, Trouble> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(query)) => Ok(Asked(query)),
            Err(refused) => Err(unreadable("query", &refused.body_text())),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named<T>, Trouble> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(path)) => Ok(Named(path)),
            Err(refused) => Err(unreadable("address", &refused.body_text())),
        }
    }
}

fn unreadable(code: &'static str, reason: &str) -> Trouble {
    Trouble::bad(
        code,
        format!("请求不能理解：{reason}。参数说明见 /api/openapi.json。"),
        format!("the request cannot be understood: {reason}. See /api/openapi.json for the parameters."),
    )
}
