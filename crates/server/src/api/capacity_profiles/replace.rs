//! `PUT /api/v1/capacity-profiles/{key}`
use crate::api::crud;
use crate::api::dto::capacity::{CapacityProfile, CapacityProfileBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathKey, Unread};
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::CapacityProfiles;

/// Replaces a capacity profile. Audited; running calls keep what they began with.
#[utoipa::path(put, path = "/api/v1/capacity-profiles/{key}", operation_id = "replace_capacity_profile", tag = "capacity_profiles", request_body = CapacityProfileBody,
    params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Replaced", body = CapacityProfile, headers(("ETag" = String)))))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathKey(key): PathKey,
    expected: IfMatch,
    body: Unread<CapacityProfileBody>,
) -> ApiResult<impl IntoResponse> {
    crud::replace::<CapacityProfiles>(&app, &caller, &key, expected, body).await
}
