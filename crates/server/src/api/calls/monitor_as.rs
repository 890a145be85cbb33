//! `PUT /api/v1/calls/{id}/monitor`
use super::may;
use crate::api::dto::live::SuperviseAs;
use crate::api::dto::{same, view};
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::Permission;
use engine::handle::{CallCommand, Command};

/// Changes how one takes part in another's talk. Audited.
#[utoipa::path(put, path = "/api/v1/calls/{id}/monitor", operation_id = "monitor_call_as", tag = "calls", request_body = SuperviseAs,
    params(("id" = Uuid, Path, description = "The call")),
    responses((status = 204, description = "Changed"), (status = 409, description = "Not in the call")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId, body: Unread<SuperviseAs>) -> ApiResult<StatusCode> {
    let user = caller.agent()?;
    may(&app, &caller, Permission::CallMonitor, id.into()).await?;
    let mode = same(&body.parse()?.mode)?;
    let tx = app.store.begin(app.now()).await?;
    audit::by(&caller, "call.monitor").on("call", id).with("mode", view::<String>(&mode)?).write(&tx).await?;
    tx.commit().await?;
    let command = CallCommand::SuperviseAs { user, mode };
    app.engine.ask(|reply| Command::Call { agent: None, call: id.into(), command, reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}
