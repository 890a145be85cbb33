//! `POST /api/v1/users/{id}/password`
use super::resource;
use crate::api::dto::Validate;
use crate::api::dto::user::PasswordBody;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::{Caller, passwords};
use crate::http::extract::{PathId, Unread};
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::Permission;
use store::repo::{sessions, users};

/// Sets another's password and signs that user out everywhere. Audited.
#[utoipa::path(post, path = "/api/v1/users/{id}/password", operation_id = "set_password", tag = "users", request_body = PasswordBody,
    params(("id" = Uuid, Path, description = "The user")), responses((status = 204, description = "Set")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId, body: Unread<PasswordBody>) -> ApiResult<StatusCode> {
    caller.scope(Permission::UserCredentials)?;
    let user = users::get(&app.store, id.into()).await?.value;
    caller.authorize(Permission::UserCredentials, &resource(&user))?;
    let body = body.parse()?;
    body.check()?;
    let hash = passwords::hash(&app, body.password).await?;
    let tx = app.store.begin(app.now()).await?;
    users::set_password_hash(&tx, user.id, &hash).await?;
    sessions::delete_of_user(&tx, user.id, None).await?;
    audit::by(&caller, "user.password").on("user", id).write(&tx).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
