//! What only an operator may do; each act is an event with its name.

use super::bearer::Bearer;
use crate::answers::imports::ErrorBody;
use crate::answers::online::Note;
use crate::answers::online::alerts::Alert;
use crate::answers::online::dialogues::{Dialogue, NewRequest};
use crate::answers::online::marks::{Mark, NewMark};
use crate::answers::online::reviews::{NewReview, Review};
use crate::api::Shared;
use crate::api::asked::Told;
use crate::data::Data;
use crate::jobs::online::operators::{self, Scope};
use crate::jobs::online::{alerts, dialogues, marks, reviews};
use crate::trouble::Trouble;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(acknowledge))
        .routes(routes!(add_mark))
        .routes(routes!(withdraw_mark))
        .routes(routes!(propose))
        .routes(routes!(approve))
        .routes(routes!(reject))
        .routes(routes!(ask))
}

/// Does what only an operator of a scope may, in their name.
async fn act<T: Send + 'static>(
    shared: Shared,
    (bearer, scope): (Bearer, Scope),
    job: impl FnOnce(&Data, &str) -> Result<T, Trouble> + Send + 'static,
) -> Result<Json<T>, Trouble> {
    let allowed = move |data: &Data| {
        let who = operators::allowed(data, bearer.token()?, scope)?;
        job(data, &who.name)
    };
    shared.run(allowed).await
}

/// Acknowledges an alert.
#[utoipa::path(post, path = "/api/online/alerts/{id}/acknowledge", tag = "online", params(("id" = String, Path)),
    request_body = Note, responses((status = 200, body = Alert), (status = "default", body = ErrorBody)))]
async fn acknowledge(
    State(shared): State<Shared>,
    bearer: Bearer,
    Path(id): Path<String>,
    Told(note): Told<Note>,
) -> Result<Json<Alert>, Trouble> {
    act(shared, (bearer, Scope::Acknowledge), move |data, who| alerts::acknowledge(data, &id, who, &note.note)).await
}

/// Marks a period.
#[utoipa::path(post, path = "/api/online/marks", tag = "online", request_body = NewMark,
    responses((status = 200, body = Mark), (status = "default", body = ErrorBody)))]
async fn add_mark(
    State(shared): State<Shared>,
    bearer: Bearer,
    Told(mark): Told<NewMark>,
) -> Result<Json<Mark>, Trouble> {
    act(shared, (bearer, Scope::Review), move |data, who| marks::add(data, &mark, who)).await
}

/// Withdraws a mark; it stays in the history.
#[utoipa::path(post, path = "/api/online/marks/{id}/withdraw", tag = "online", params(("id" = String, Path)),
    request_body = Note, responses((status = 200, body = Mark), (status = "default", body = ErrorBody)))]
async fn withdraw_mark(
    State(shared): State<Shared>,
    bearer: Bearer,
    Path(id): Path<String>,
    Told(note): Told<Note>,
) -> Result<Json<Mark>, Trouble> {
    act(shared, (bearer, Scope::Review), move |data, who| marks::withdraw(data, &id, who, &note.note)).await
}

/// Proposes that flags stand or are overridden.
#[utoipa::path(post, path = "/api/online/reviews", tag = "online", request_body = NewReview,
    responses((status = 200, body = Review), (status = "default", body = ErrorBody)))]
async fn propose(
    State(shared): State<Shared>,
    bearer: Bearer,
    Told(review): Told<NewReview>,
) -> Result<Json<Review>, Trouble> {
    act(shared, (bearer, Scope::Review), move |data, who| reviews::propose(data, &review, who)).await
}

/// Approves a proposal of somebody else.
#[utoipa::path(post, path = "/api/online/reviews/{id}/approve", tag = "online", params(("id" = String, Path)),
    request_body = Note, responses((status = 200, body = Review), (status = "default", body = ErrorBody)))]
async fn approve(
    State(shared): State<Shared>,
    bearer: Bearer,
    Path(id): Path<String>,
    Told(note): Told<Note>,
) -> Result<Json<Review>, Trouble> {
    decide(shared, bearer, (id, true), note).await
}

/// Rejects a proposal.
#[utoipa::path(post, path = "/api/online/reviews/{id}/reject", tag = "online", params(("id" = String, Path)),
    request_body = Note, responses((status = 200, body = Review), (status = "default", body = ErrorBody)))]
async fn reject(
    State(shared): State<Shared>,
    bearer: Bearer,
    Path(id): Path<String>,
    Told(note): Told<Note>,
) -> Result<Json<Review>, Trouble> {
    decide(shared, bearer, (id, false), note).await
}

async fn decide(
    shared: Shared,
    bearer: Bearer,
    (id, approved): (String, bool),
    note: Note,
) -> Result<Json<Review>, Trouble> {
    act(shared, (bearer, Scope::Approve), move |data, who| reviews::decide(data, (&id, approved), who, &note.note))
        .await
}

/// Asks a device: history, time, intervals, or control. Answers at once; what comes of it is seen in the dialogue.
#[utoipa::path(post, path = "/api/online/devices/{mn}/requests", tag = "online", params(("mn" = String, Path)),
    request_body = NewRequest, responses((status = 202, body = Dialogue), (status = "default", body = ErrorBody)))]
async fn ask(
    State(shared): State<Shared>,
    bearer: Bearer,
    Path(mn): Path<String>,
    Told(request): Told<NewRequest>,
) -> Result<(StatusCode, Json<Dialogue>), Trouble> {
    let asked = act(shared, (bearer, Scope::Control), move |data, who| dialogues::ask(data, &mn, &request, who));
    Ok((StatusCode::ACCEPTED, asked.await?))
}
