//! `POST /api/v1/prompts`
use crate::api::crud;
use crate::api::dto::prompt::{Prompt, PromptBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Prompts;

/// Makes a prompt. Audited.
#[utoipa::path(post, path = "/api/v1/prompts", operation_id = "create_prompt", tag = "prompts", request_body = PromptBody,
    responses((status = 201, description = "Made", body = Prompt, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<PromptBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<Prompts>(&app, &caller, body).await
}
