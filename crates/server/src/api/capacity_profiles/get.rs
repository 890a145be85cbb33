//! `GET /api/v1/capacity-profiles/{key}`
use crate::api::crud;
use crate::api::dto::capacity::CapacityProfile;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathKey;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::CapacityProfiles;

/// One capacity profile, with its ETag.
#[utoipa::path(get, path = "/api/v1/capacity-profiles/{key}", operation_id = "get_capacity_profile", tag = "capacity_profiles", params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$")),
    responses((status = 200, description = "The capacity profile", body = CapacityProfile, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathKey(key): PathKey) -> ApiResult<impl IntoResponse> {
    crud::get::<CapacityProfiles>(&app, &caller, &key).await
}
