//! `POST /api/v1/break-reasons`
use crate::api::crud;
use crate::api::dto::breaks::{BreakReason, BreakReasonBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::BreakReasons;

/// Makes a break reason. Audited.
#[utoipa::path(post, path = "/api/v1/break-reasons", operation_id = "create_break_reason", tag = "break_reasons", request_body = BreakReasonBody,
    responses((status = 201, description = "Made", body = BreakReason, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<BreakReasonBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<BreakReasons>(&app, &caller, body).await
}
