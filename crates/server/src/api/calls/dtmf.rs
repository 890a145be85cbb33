//! `POST /api/v1/calls/{id}/dtmf`
use super::may_control;
use crate::api::dto::Validate;
use crate::api::dto::live::Dtmf;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use engine::handle::CallCommand;

/// Sends digits to the far side. Audited when the call is another's.
#[utoipa::path(post, path = "/api/v1/calls/{id}/dtmf", operation_id = "dtmf_call", tag = "calls", request_body = Dtmf,
    params(("id" = Uuid, Path, description = "The call")),
    responses((status = 204, description = "Done"), (status = 409, description = "Not possible now")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId, body: Unread<Dtmf>) -> ApiResult<StatusCode> {
    let control = may_control(&app, &caller, id.into()).await?;
    let body = body.parse()?;
    body.check()?;
    control.command(&app, &caller, "call.dtmf", CallCommand::Dtmf(body.digits)).await?;
    Ok(StatusCode::NO_CONTENT)
}
