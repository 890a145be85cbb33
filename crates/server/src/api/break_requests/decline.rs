//! `POST /api/v1/break-requests/{id}/decline`
use super::decide;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;

/// The agent works on; a new wish may follow. Audited.
#[utoipa::path(post, path = "/api/v1/break-requests/{id}/decline", operation_id = "decline_break_request", tag = "break_requests",
    params(("id" = Uuid, Path, description = "The request")), responses((status = 204, description = "Declined")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<StatusCode> {
    decide(&app, &caller, id.into(), false).await?;
    Ok(StatusCode::NO_CONTENT)
}
