//! `GET /api/v1/setup`
use crate::api::dto::session::SetupState;
use crate::app::App;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::users;

/// Whether the one-time link still has to be used.
#[utoipa::path(get, path = "/api/v1/setup", operation_id = "get_setup", tag = "session", security(()),
    responses((status = 200, description = "Whether no user exists yet", body = SetupState)))]
pub async fn handler(State(app): State<App>) -> ApiResult<Json<SetupState>> {
    Ok(Json(SetupState { needed: users::count(&app.store).await? == 0 }))
}
