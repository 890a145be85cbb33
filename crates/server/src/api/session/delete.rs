//! `DELETE /api/v1/session`
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::caller::Credential;
use crate::auth::{Caller, cookie};
use crate::http::problem::{ApiResult, Problem};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use engine::handle::Command;
use store::repo::sessions;

/// Signs out and takes the cookie back. An API key cannot sign out (409). Audited.
#[utoipa::path(delete, path = "/api/v1/session", operation_id = "sign_out", tag = "session",
    responses((status = 204, description = "Signed out"), (status = 409, description = "The caller has no session")))]
pub async fn handler(State(app): State<App>, caller: Caller) -> ApiResult<impl IntoResponse> {
    let Credential::Session { id, .. } = caller.credential else {
        return Err(Problem::conflict("an API key has no session"));
    };
    let tx = app.store.begin(app.now()).await?;
    sessions::delete(&tx, id).await?;
    audit::by(&caller, "session.delete").on("user", caller.principal.user).write(&tx).await?;
    tx.commit().await?;
    leave_the_floor(&app, &caller).await?;
    let cookie = cookie::clear(app.https).ok_or_else(|| Problem::internal(&"cookie"))?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]))
}

/// Whoever signs out of the last desk takes no more calls; one on a call finishes it first.
async fn leave_the_floor(app: &App, caller: &Caller) -> ApiResult<()> {
    let Ok(agent) = caller.agent() else { return Ok(()) };
    if sessions::of_user(&app.store, agent, app.now()).await?.is_empty()
        && let Err(e) = app.engine.ask(|reply| Command::SignOut { agent, reply }).await
    {
        tracing::warn!(%agent, error = %e, "signed out, but the router did not hear of it");
    }
    Ok(())
}
