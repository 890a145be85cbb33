//! `GET /api/v1/break-reasons/{key}`
use crate::api::crud;
use crate::api::dto::breaks::BreakReason;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathKey;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::BreakReasons;

/// One break reason, with its ETag.
#[utoipa::path(get, path = "/api/v1/break-reasons/{key}", operation_id = "get_break_reason", tag = "break_reasons", params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$")),
    responses((status = 200, description = "The break reason", body = BreakReason, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathKey(key): PathKey) -> ApiResult<impl IntoResponse> {
    crud::get::<BreakReasons>(&app, &caller, &key).await
}
