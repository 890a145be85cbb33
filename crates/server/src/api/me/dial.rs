//! `POST /api/v1/me/calls`
use super::connected;
use crate::api::dto::live::{Connected, Dial};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::{Permission, Resource};
use engine::handle::Command;

/// Calls a number: an extension, a number of ours, or one that a trunk's prefix takes out.
#[utoipa::path(post, path = "/api/v1/me/calls", operation_id = "dial", tag = "me", request_body = Dial,
    responses((status = 201, description = "The call began", body = Connected), (status = 409, description = "Not possible now")))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<Dial>) -> ApiResult<(StatusCode, Json<Connected>)> {
    let agent = caller.agent()?;
    caller.authorize(Permission::CallDial, &Resource::owned(agent, caller.principal.team))?;
    let (to, media) = body.parse()?.into_engine()?;
    let done = app.engine.ask(|reply| Command::Dial { agent, to, media, reply }).await?;
    Ok((StatusCode::CREATED, Json(connected(done))))
}
