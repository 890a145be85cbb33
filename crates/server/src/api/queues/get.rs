//! `GET /api/v1/queues/{id}`
use crate::api::crud;
use crate::api::dto::queue::Queue;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Queues;

/// One queue, with its ETag.
#[utoipa::path(get, path = "/api/v1/queues/{id}", operation_id = "get_queue", tag = "queues", params(("id" = Uuid, Path, description = "Its id")),
    responses((status = 200, description = "The queue", body = Queue, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<impl IntoResponse> {
    crud::get::<Queues>(&app, &caller, &id.to_string()).await
}
