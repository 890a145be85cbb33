//! `PUT /api/v1/prompts/{key}`
use crate::api::crud;
use crate::api::dto::prompt::{Prompt, PromptBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathKey, Unread};
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Prompts;

/// Replaces a prompt. Audited; running calls keep what they began with.
#[utoipa::path(put, path = "/api/v1/prompts/{key}", operation_id = "replace_prompt", tag = "prompts", request_body = PromptBody,
    params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Replaced", body = Prompt, headers(("ETag" = String)))))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathKey(key): PathKey,
    expected: IfMatch,
    body: Unread<PromptBody>,
) -> ApiResult<impl IntoResponse> {
    crud::replace::<Prompts>(&app, &caller, &key, expected, body).await
}
