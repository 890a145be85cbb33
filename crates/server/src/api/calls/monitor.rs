//! `POST /api/v1/calls/{id}/monitor`
use super::may;
use crate::api::dto::live::{Connected, Supervise};
use crate::api::me::connected;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::problem::ApiResult;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::Permission;
use engine::handle::Command;

/// Joins another's talk: to listen, to whisper to the agent, or to barge in. Audited.
#[utoipa::path(post, path = "/api/v1/calls/{id}/monitor", operation_id = "monitor_call", tag = "calls", request_body = Supervise,
    params(("id" = Uuid, Path, description = "The call")),
    responses((status = 201, description = "Joined", body = Connected), (status = 409, description = "Not possible now")))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    body: Unread<Supervise>,
) -> ApiResult<(StatusCode, Json<Connected>)> {
    let user = caller.agent()?;
    may(&app, &caller, Permission::CallMonitor, id.into()).await?;
    let (mode, media) = body.parse()?.into_engine()?;
    let tx = app.store.begin(app.now()).await?;
    audit::by(&caller, "call.monitor").on("call", id).with("mode", crate::api::dto::view::<String>(&mode)?).write(&tx).await?;
    tx.commit().await?;
    let done = app.engine.ask(|reply| Command::Supervise { user, call: id.into(), mode, media, reply }).await?;
    Ok((StatusCode::CREATED, Json(connected(done))))
}
