//! `POST /api/v1/users/{id}/unlock`
use super::resource;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::Permission;
use store::repo::users;

/// Ends a lock-out after failed sign-ins. Audited.
#[utoipa::path(post, path = "/api/v1/users/{id}/unlock", operation_id = "unlock_user", tag = "users",
    params(("id" = Uuid, Path, description = "The user")), responses((status = 204, description = "Unlocked")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<StatusCode> {
    caller.scope(Permission::UserCredentials)?;
    let user = users::get(&app.store, id.into()).await?.value;
    caller.authorize(Permission::UserCredentials, &resource(&user))?;
    let tx = app.store.begin(app.now()).await?;
    users::unlock(&tx, user.id).await?;
    audit::by(&caller, "user.unlock").on("user", id).write(&tx).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
