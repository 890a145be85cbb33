//! `POST /api/v1/interactions/{id}/wrap-up`
use super::resource;
use crate::api::dto::Validate;
use crate::api::dto::interaction::WrapUp;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::problem::{ApiResult, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use domain::Pii;
use domain::access::Permission;
use engine::handle::{Command, CommandError};
use store::repo::config::{find_by_key, kind::WrapUpCodes};
use store::repo::interactions;

/// Code and note of an interaction. During the agent's wrap-up it also ends the wrap-up; later it changes what was
/// written (audited).
#[utoipa::path(post, path = "/api/v1/interactions/{id}/wrap-up", operation_id = "wrap_up", tag = "interactions", request_body = WrapUp,
    params(("id" = Uuid, Path, description = "The interaction")),
    responses((status = 204, description = "Kept"), (status = 409, description = "Not possible now, or no such code")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId, body: Unread<WrapUp>) -> ApiResult<StatusCode> {
    caller.scope(Permission::InteractionWrapUp)?;
    let interaction = interactions::get(&app.store, id.into()).await?;
    // Who passed a call on has a wrap-up of it too, although the call is now a colleague's.
    let me = caller.principal.user;
    let running = app.engine.snapshot().await?.agents.iter().any(|a| a.user == me && a.works.iter().any(|w| w.interaction == id.into()));
    if !running {
        caller.authorize(Permission::InteractionWrapUp, &resource(&app, &interaction).await?)?;
    }
    let body = body.parse()?;
    body.check()?;
    if let Some(code) = &body.code
        && find_by_key::<WrapUpCodes>(&app.store, code).await?.is_none()
    {
        return Err(Problem::conflict("no such wrap-up code").field("code"));
    }
    let note = body.note.map(Pii::new);
    // Only one's own running wrap-up belongs to the engine; what is over is changed in the store.
    if running || interaction.agent == Some(me) {
        let (code, note) = (body.code.clone(), note.clone());
        let done = app.engine.ask(|reply| Command::WrapUp { agent: me, interaction: id.into(), code, note, reply }).await;
        match done {
            Ok(()) => return Ok(StatusCode::NO_CONTENT),
            Err(CommandError::NotFound(_) | CommandError::Conflict(_)) => {}
            Err(e) => return Err(e.into()),
        }
    }
    if interaction.ended_at.is_none() {
        return Err(Problem::conflict("the interaction is still going on"));
    }
    let tx = app.store.begin(app.now()).await?;
    interactions::set_wrap_up(&tx, id.into(), body.code.as_deref(), note.as_ref()).await?;
    audit::by(&caller, "interaction.wrap_up").on("interaction", id).write(&tx).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
