//! `PUT /api/v1/agents/{user}/status`
use super::supervised;
use crate::api::dto::Validate;
use crate::api::dto::live::PutStatus;
use crate::api::me::agent_set::status_of;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use engine::handle::Command;

/// Sets another's status, without regard to break quotas; during a call it becomes the status that follows. Audited.
#[utoipa::path(put, path = "/api/v1/agents/{user}/status", operation_id = "set_agent_status", tag = "agents", request_body = PutStatus,
    params(("user" = Uuid, Path, description = "The agent")),
    responses((status = 204, description = "Set"), (status = 409, description = "Not possible now")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(user): PathId, body: Unread<PutStatus>) -> ApiResult<StatusCode> {
    let agent = supervised(&app, &caller, user.into()).await?.id;
    let body = body.parse()?;
    body.check()?;
    let (status, reason) = status_of(&app, body.status, body.reason).await?;
    let tx = app.store.begin(app.now()).await?;
    let word = serde_json::to_value(body.status).unwrap_or_default();
    audit::by(&caller, "agent.set_status").on("user", agent).with("status", word).with("reason", reason.clone()).write(&tx).await?;
    tx.commit().await?;
    app.engine.ask(|reply| Command::PutStatus { agent, status, reason, reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}
