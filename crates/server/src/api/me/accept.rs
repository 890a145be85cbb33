//! `POST /api/v1/me/offers/{id}/accept`
use super::connected;
use crate::api::dto::live::{Connected, MediaChoice};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use engine::handle::Command;

/// Takes an offer: by browser (the answer to its SDP comes back) or by ringing the desk phone.
#[utoipa::path(post, path = "/api/v1/me/offers/{id}/accept", operation_id = "accept_offer", tag = "me", request_body = MediaChoice,
    params(("id" = Uuid, Path, description = "The offer")),
    responses((status = 200, description = "Connected, or the desk phone rings", body = Connected), (status = 409, description = "Gone or not possible now")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId, body: Unread<MediaChoice>) -> ApiResult<Json<Connected>> {
    let agent = caller.agent()?;
    let media = body.parse()?.into_engine()?;
    let done = app.engine.ask(|reply| Command::Accept { agent, offer: id.into(), media, reply }).await?;
    Ok(Json(connected(done)))
}
