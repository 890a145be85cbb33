//! `POST /api/v1/queues`
use crate::api::crud;
use crate::api::dto::queue::{Queue, QueueBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Queues;

/// Makes a queue. Audited.
#[utoipa::path(post, path = "/api/v1/queues", operation_id = "create_queue", tag = "queues", request_body = QueueBody,
    responses((status = 201, description = "Made", body = Queue, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<QueueBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<Queues>(&app, &caller, body).await
}
