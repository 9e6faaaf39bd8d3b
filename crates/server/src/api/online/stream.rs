//! `GET /api/online/stream`: server-sent events.

use crate::api::Shared;
use crate::live::{self, Said};
use crate::trouble::Trouble;
use axum::extract::{Query, State};
use axum::response::sse::{Event, Sse};
use futures_util::Stream;
use serde::Deserialize;
use std::convert::Infallible;
use tokio::sync::broadcast::error::RecvError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(stream))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct StreamAsk {
    /// Only what concerns this outlet.
    outlet: Option<String>,
}

/// Devices, values, alerts, dialogues and the gateway's state as they change.
#[utoipa::path(get, path = "/api/online/stream", tag = "online", params(StreamAsk),
    responses((status = 200, body = String, content_type = "text/event-stream")))]
async fn stream(
    State(shared): State<Shared>,
    Query(ask): Query<StreamAsk>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Trouble> {
    let hello = shared.blocking(live::hello).await?;
    let said = shared.data().live().map(|live| live.listen());
    let start = (Some(hello), said, ask.outlet);
    let events = futures_util::stream::unfold(start, |(first, mut said, outlet)| async move {
        if let Some(first) = first {
            return Some((Ok(Event::default().data(first)), (None, said, outlet)));
        }
        let next = match &mut said {
            Some(said) => next(said, outlet.as_deref()).await?,
            None => {
                tokio::time::sleep(live::PING).await;
                live::ping()
            }
        };
        Some((Ok(Event::default().data(next)), (None, said, outlet)))
    });
    Ok(Sse::new(events))
}

/// The next event that concerns the listener. One who lags is greeted anew, so that it asks for everything again.
async fn next(said: &mut tokio::sync::broadcast::Receiver<Said>, outlet: Option<&str>) -> Option<String> {
    loop {
        match tokio::time::timeout(live::PING, said.recv()).await {
            Err(_) => return Some(live::ping()),
            Ok(Ok(event)) if event.concerns(outlet) => return Some(event.json.to_string()),
            Ok(Ok(_)) => {}
            Ok(Err(RecvError::Lagged(_))) => return Some(live::hello_again()),
            Ok(Err(RecvError::Closed)) => return None,
        }
    }
}
