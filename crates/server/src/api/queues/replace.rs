//! `PUT /api/v1/queues/{id}`
use crate::api::crud;
use crate::api::dto::queue::{Queue, QueueBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Queues;

/// Replaces a queue. Audited; running calls keep what they began with.
#[utoipa::path(put, path = "/api/v1/queues/{id}", operation_id = "replace_queue", tag = "queues", request_body = QueueBody,
    params(("id" = Uuid, Path, description = "Its id"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Replaced", body = Queue, headers(("ETag" = String)))))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    expected: IfMatch,
    body: Unread<QueueBody>,
) -> ApiResult<impl IntoResponse> {
    crud::replace::<Queues>(&app, &caller, &id.to_string(), expected, body).await
}
