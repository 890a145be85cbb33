//! `POST /api/v1/break-requests/{id}/approve`
use super::decide;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;

/// Lets the agent go on the break now, or after the running work, beyond the quota. Audited.
#[utoipa::path(post, path = "/api/v1/break-requests/{id}/approve", operation_id = "approve_break_request", tag = "break_requests",
    params(("id" = Uuid, Path, description = "The request")), responses((status = 204, description = "Approved")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<StatusCode> {
    decide(&app, &caller, id.into(), true).await?;
    Ok(StatusCode::NO_CONTENT)
}
