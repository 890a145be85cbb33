//! `POST /api/v1/calls/{id}/hangup`
use super::may_control;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use engine::handle::CallCommand;

/// Ends the call. Audited when the call is another's.
#[utoipa::path(post, path = "/api/v1/calls/{id}/hangup", operation_id = "hangup_call", tag = "calls",
    params(("id" = Uuid, Path, description = "The call")),
    responses((status = 204, description = "Done"), (status = 409, description = "Not possible now")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<StatusCode> {
    let control = may_control(&app, &caller, id.into()).await?;
    control.command(&app, &caller, "call.hangup", CallCommand::HangUp).await?;
    Ok(StatusCode::NO_CONTENT)
}
