//! `POST /api/v1/users`
use super::{check_names, user_view};
use crate::api::crud::json_id;
use crate::api::dto::Validate;
use crate::api::dto::common::same_with;
use crate::api::dto::user::{NewUser, User, password};
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::{Caller, passwords};
use crate::http::extract::Unread;
use crate::http::precondition::etag;
use crate::http::problem::ApiResult;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::UserId;
use domain::access::{Permission, Resource};
use store::repo::{Versioned, users};

/// Makes a user. Giving any role needs `role.assign` too: who runs the set-up does not give out power. Audited.
#[utoipa::path(post, path = "/api/v1/users", operation_id = "create_user", tag = "users", request_body = NewUser,
    responses((status = 201, description = "Made", body = User, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<NewUser>) -> ApiResult<impl IntoResponse> {
    caller.authorize(Permission::UserManage, &Resource::HOUSE)?;
    let (body, secret) = body.parse()?.split();
    body.check()?;
    password("password", &secret)?;
    if !body.roles.is_empty() {
        caller.authorize(Permission::RoleAssign, &Resource::HOUSE)?;
    }
    let id = app.new_id(UserId::from_parts);
    let user: domain::config::User = same_with(&body, &[("id", json_id(id)?)])?;
    let hash = passwords::hash(&app, secret).await?;
    let tx = app.store.begin(app.now()).await?;
    check_names(&tx, &user).await?;
    let version = users::insert(&tx, &user).await?.version;
    users::set_password_hash(&tx, id, &hash).await?;
    let roles: Vec<&str> = user.roles.iter().map(|r| r.name()).collect();
    audit::by(&caller, "user.create").on("user", id).with("username", user.username.clone()).with("roles", roles).write(&tx).await?;
    tx.commit().await?;
    app.engine.config_changed().await;
    Ok((StatusCode::CREATED, etag(version), Json(user_view(&app, Versioned { version, value: user }).await?)))
}
