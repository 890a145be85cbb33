//! `POST /api/v1/me/password`
use crate::api::dto::common::text;
use crate::api::dto::session::ChangePassword;
use crate::api::dto::user;
use crate::app::App;
use crate::audit::{self, EntryExt, Outcome};
use crate::auth::caller::Credential;
use crate::auth::{Caller, lockout, passwords};
use crate::http::extract::Unread;
use crate::http::problem::{ApiResult, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use store::repo::{sessions, users};

/// Changes the caller's own password and ends its other sessions. Wrong guesses of the current one count towards the
/// lock-out. Audited.
#[utoipa::path(post, path = "/api/v1/me/password", operation_id = "change_my_password", tag = "me", request_body = ChangePassword,
    responses((status = 204, description = "Changed"), (status = 409, description = "The current password is wrong")))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<ChangePassword>) -> ApiResult<StatusCode> {
    let id = caller.person()?.id;
    let body = body.parse()?;
    text("current", &body.current, 1, 1000)?;
    user::password("new", &body.new)?;
    let credentials = users::credentials_by_id(&app.store, id).await?;
    lockout::check_user(&app, Some(&credentials))?;
    let entry = audit::by(&caller, "user.password").on("user", id);
    if !passwords::verify(&app, body.current, credentials.password_hash.clone()).await? {
        let tx = app.store.begin(app.now()).await?;
        users::login_failed(&tx, id, lockout::lock_after_failure(&app, &credentials)).await?;
        audit::Entry { result: Outcome::Denied, ..entry }.write(&tx).await?;
        tx.commit().await?;
        return Err(Problem::conflict("the current password is wrong").field("current"));
    }
    let hash = passwords::hash(&app, body.new).await?;
    let keep = match &caller.credential {
        Credential::Session { id, .. } => Some(*id),
        Credential::ApiKey { .. } => None,
    };
    let tx = app.store.begin(app.now()).await?;
    users::set_password_hash(&tx, id, &hash).await?;
    sessions::delete_of_user(&tx, id, keep).await?;
    entry.write(&tx).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
