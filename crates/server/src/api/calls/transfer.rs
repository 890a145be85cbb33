//! `POST /api/v1/calls/{id}/transfer`
use super::may_control;
use crate::api::dto::live::Transfer;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use engine::handle::CallCommand;

/// Transfers the call to a queue, an agent or a number; the agent leaves at once. Audited when the call is another's.
#[utoipa::path(post, path = "/api/v1/calls/{id}/transfer", operation_id = "transfer_call", tag = "calls", request_body = Transfer,
    params(("id" = Uuid, Path, description = "The call")),
    responses((status = 204, description = "Done"), (status = 409, description = "Not possible now")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId, body: Unread<Transfer>) -> ApiResult<StatusCode> {
    let control = may_control(&app, &caller, id.into()).await?;
    let to = body.parse()?.into_engine()?;
    control.command(&app, &caller, "call.transfer", CallCommand::Transfer(to)).await?;
    Ok(StatusCode::NO_CONTENT)
}
