//! `Authorization: Bearer TOKEN` → the operator, or a refusal that says what to do.

use crate::jobs::online::operators;
use crate::trouble::Trouble;
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use std::convert::Infallible;

/// The token of a request, if it has one.
#[derive(Clone, Debug)]
pub(super) struct Bearer(Option<String>);

impl Bearer {
    /// The token.
    pub fn token(&self) -> Result<&str, Trouble> {
        self.0.as_deref().ok_or_else(operators::nobody)
    }
}

impl<S: Sync> FromRequestParts<S> for Bearer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Bearer, Infallible> {
        let value = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        Ok(Bearer(value.and_then(|value| value.strip_prefix("Bearer ")).map(|token| token.trim().to_string())))
    }
}
