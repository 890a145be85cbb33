//! `GET /api/v1/callbacks/{id}`
use super::seen;
use crate::api::dto::callback::Callback;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use domain::CallbackId;
use domain::access::{Permission, Resource};
use store::repo::callbacks;

/// One callback; its number masked by role.
#[utoipa::path(get, path = "/api/v1/callbacks/{id}", operation_id = "get_callback", tag = "callbacks",
    params(("id" = Uuid, Path, description = "Its id")), responses((status = 200, description = "The callback", body = Callback)))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<Json<Callback>> {
    caller.authorize(Permission::CallbackRead, &Resource::HOUSE)?;
    Ok(Json(seen(caller.sight(), &callbacks::get(&app.store, CallbackId(id)).await?)?))
}
