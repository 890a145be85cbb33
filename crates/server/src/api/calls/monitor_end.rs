//! `DELETE /api/v1/calls/{id}/monitor`
use super::may;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::Permission;
use engine::handle::{CallCommand, Command};

/// Leaves another's talk.
#[utoipa::path(delete, path = "/api/v1/calls/{id}/monitor", operation_id = "stop_monitoring_call", tag = "calls",
    params(("id" = Uuid, Path, description = "The call")),
    responses((status = 204, description = "Left"), (status = 409, description = "Not in the call")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<StatusCode> {
    let user = caller.agent()?;
    may(&app, &caller, Permission::CallMonitor, id.into()).await?;
    let command = CallCommand::StopSupervising { user };
    app.engine.ask(|reply| Command::Call { agent: None, call: id.into(), command, reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}
