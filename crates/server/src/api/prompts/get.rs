//! `GET /api/v1/prompts/{key}`
use crate::api::crud;
use crate::api::dto::prompt::Prompt;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathKey;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Prompts;

/// One prompt, with its ETag.
#[utoipa::path(get, path = "/api/v1/prompts/{key}", operation_id = "get_prompt", tag = "prompts", params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$")),
    responses((status = 200, description = "The prompt", body = Prompt, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathKey(key): PathKey) -> ApiResult<impl IntoResponse> {
    crud::get::<Prompts>(&app, &caller, &key).await
}
