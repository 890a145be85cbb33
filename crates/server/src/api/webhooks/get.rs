//! `GET /api/v1/webhooks/{id}`
use crate::api::crud;
use crate::api::dto::webhook::Webhook;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Webhooks;

/// One webhook, with its ETag.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", operation_id = "get_webhook", tag = "webhooks", params(("id" = Uuid, Path, description = "Its id")),
    responses((status = 200, description = "The webhook", body = Webhook, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<impl IntoResponse> {
    crud::get::<Webhooks>(&app, &caller, &id.to_string()).await
}
