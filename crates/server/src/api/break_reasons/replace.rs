//! `PUT /api/v1/break-reasons/{key}`
use crate::api::crud;
use crate::api::dto::breaks::{BreakReason, BreakReasonBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathKey, Unread};
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::BreakReasons;

/// Replaces a break reason. Audited; running calls keep what they began with.
#[utoipa::path(put, path = "/api/v1/break-reasons/{key}", operation_id = "replace_break_reason", tag = "break_reasons", request_body = BreakReasonBody,
    params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Replaced", body = BreakReason, headers(("ETag" = String)))))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathKey(key): PathKey,
    expected: IfMatch,
    body: Unread<BreakReasonBody>,
) -> ApiResult<impl IntoResponse> {
    crud::replace::<BreakReasons>(&app, &caller, &key, expected, body).await
}
