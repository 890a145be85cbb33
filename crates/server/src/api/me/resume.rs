//! `POST /api/v1/me/calls/{id}/resume`
use super::connected;
use crate::api::dto::common::text;
use crate::api::dto::live::{Connected, Resume, SDP_CHARS_MAX};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use engine::handle::Command;

/// Brings new media to a call of the caller's own after its page was loaded again.
#[utoipa::path(post, path = "/api/v1/me/calls/{id}/resume", operation_id = "resume_call", tag = "me", request_body = Resume,
    params(("id" = Uuid, Path, description = "The call")),
    responses((status = 200, description = "Media again", body = Connected), (status = 409, description = "Too late, or nothing to resume")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId, body: Unread<Resume>) -> ApiResult<Json<Connected>> {
    let agent = caller.agent()?;
    let Resume { sdp } = body.parse()?;
    text("sdp", &sdp, 1, SDP_CHARS_MAX)?;
    let done = app.engine.ask(|reply| Command::Resume { agent, call: id.into(), sdp_offer: sdp, reply }).await?;
    Ok(Json(connected(done)))
}
