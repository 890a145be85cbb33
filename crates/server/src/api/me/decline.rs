//! `POST /api/v1/me/offers/{id}/decline`
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use engine::handle::Command;

/// Refuses an offer: the caller goes back to the head of the queue, the agent is put away.
#[utoipa::path(post, path = "/api/v1/me/offers/{id}/decline", operation_id = "decline_offer", tag = "me",
    params(("id" = Uuid, Path, description = "The offer")),
    responses((status = 204, description = "Refused"), (status = 409, description = "Gone already")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<StatusCode> {
    let agent = caller.agent()?;
    app.engine.ask(|reply| Command::Decline { agent, offer: id.into(), reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}
