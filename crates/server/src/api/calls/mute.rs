//! `POST /api/v1/calls/{id}/mute`
use super::may_control;
use crate::api::dto::live::Mute;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use engine::handle::CallCommand;

/// Mutes or unmutes the agent's microphone. Audited when the call is another's.
#[utoipa::path(post, path = "/api/v1/calls/{id}/mute", operation_id = "mute_call", tag = "calls", request_body = Mute,
    params(("id" = Uuid, Path, description = "The call")),
    responses((status = 204, description = "Done"), (status = 409, description = "Not possible now")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId, body: Unread<Mute>) -> ApiResult<StatusCode> {
    let control = may_control(&app, &caller, id.into()).await?;
    let Mute { muted } = body.parse()?;
    control.command(&app, &caller, "call.mute", CallCommand::Mute(muted)).await?;
    Ok(StatusCode::NO_CONTENT)
}
