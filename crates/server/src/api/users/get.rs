//! `GET /api/v1/users/{id}`
use super::{resource, user_view};
use crate::api::dto::user::User;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::precondition::etag;
use crate::http::problem::ApiResult;
use axum::response::IntoResponse;
use axum::{Json, extract::State};
use domain::access::Permission;
use store::repo::users;

/// One person, with the ETag.
#[utoipa::path(get, path = "/api/v1/users/{id}", operation_id = "get_user", tag = "users",
    params(("id" = Uuid, Path, description = "The user")),
    responses((status = 200, description = "The person", body = User, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<impl IntoResponse> {
    caller.scope(Permission::UserRead)?;
    let row = users::get(&app.store, id.into()).await?;
    caller.authorize(Permission::UserRead, &resource(&row.value))?;
    Ok((etag(row.version), Json(user_view(&app, row).await?)))
}
