//! `DELETE /api/v1/session`
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::caller::Credential;
use crate::auth::{Caller, cookie};
use crate::http::problem::{ApiResult, Problem};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
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
    let cookie = cookie::clear(app.https).ok_or_else(|| Problem::internal(&"cookie"))?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]))
}
