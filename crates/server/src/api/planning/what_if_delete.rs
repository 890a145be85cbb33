//! `DELETE /api/v1/planning/what-ifs/{id}`
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::{Permission, Resource};

/// Cancels a run that waits or is played; one that is over stays as it is.
#[utoipa::path(delete, path = "/api/v1/planning/what-ifs/{id}", operation_id = "delete_what_if", tag = "planning",
    params(("id" = Uuid, Path, description = "The run")), responses((status = 204, description = "Cancelled, or over already")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<StatusCode> {
    caller.authorize(Permission::PlanningUse, &Resource::HOUSE)?;
    app.planning.cancel(id)?;
    Ok(StatusCode::NO_CONTENT)
}
