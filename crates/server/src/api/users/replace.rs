//! `PUT /api/v1/users/{id}`
use super::{check_names, resource, user_view};
use crate::api::crud::json_id;
use crate::api::dto::Validate;
use crate::api::dto::common::same_with;
use crate::api::dto::user::{User, UserBody};
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::precondition::{IfMatch, etag};
use crate::http::problem::{ApiResult, Problem};
use axum::response::IntoResponse;
use axum::{Json, extract::State};
use domain::access::{Permission, Resource, Role};
use domain::config;
use store::Tx;
use store::repo::{Versioned, sessions, users};

/// Changes a user: details need `user.manage`, roles need `role.assign`. A disabled user is signed out everywhere.
/// Audited.
#[utoipa::path(put, path = "/api/v1/users/{id}", operation_id = "replace_user", tag = "users", request_body = UserBody,
    params(("id" = Uuid, Path, description = "The user"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Changed", body = User, headers(("ETag" = String))),
        (status = 409, description = "Nobody could give out roles any more, or a name is taken")))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    expected: IfMatch,
    body: Unread<UserBody>,
) -> ApiResult<impl IntoResponse> {
    if caller.scope(Permission::RoleAssign).is_err() {
        caller.scope(Permission::UserManage)?;
    }
    let body = body.parse()?;
    body.check()?;
    let tx = app.store.begin(app.now()).await?;
    let old = users::get(&tx, id.into()).await?.value;
    let user: config::User = same_with(&body, &[("id", json_id(old.id)?)])?;
    may_change(&caller, &old, &user)?;
    check_names(&tx, &user).await?;
    let version = users::update(&tx, &user, expected.version()?).await?;
    keep_a_guard(&tx).await?;
    if user.disabled {
        sessions::delete_of_user(&tx, user.id, None).await?;
    }
    let roles: Vec<&str> = user.roles.iter().map(|r| r.name()).collect();
    audit::by(&caller, "user.replace").on("user", id).with("roles", roles).with("disabled", user.disabled).write(&tx).await?;
    tx.commit().await?;
    app.engine.config_changed().await;
    Ok((etag(version), Json(user_view(&app, Versioned { version, value: user }).await?)))
}

fn may_change(caller: &Caller, old: &config::User, new: &config::User) -> ApiResult<()> {
    let (mut before, mut after) = (old.roles.clone(), new.roles.clone());
    before.sort();
    after.sort();
    if before != after {
        caller.authorize(Permission::RoleAssign, &Resource::HOUSE)?;
    }
    let same_details = config::User { roles: Vec::new(), ..old.clone() } == config::User { roles: Vec::new(), ..new.clone() };
    // Whoever changes nothing at all needs no less than whoever changes details.
    if !same_details || before == after {
        caller.authorize(Permission::UserManage, &resource(old))?;
    }
    Ok(())
}

/// Somebody must be left who can give out roles, or the installation could never be repaired from within.
async fn keep_a_guard(tx: &Tx) -> ApiResult<()> {
    let left = users::all(tx).await?.iter().any(|u| !u.disabled && u.roles.contains(&Role::SecurityAdmin));
    if left { Ok(()) } else { Err(Problem::conflict("this would leave nobody who can give out roles").field("roles")) }
}
