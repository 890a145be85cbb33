//! `POST /api/v1/capacity-profiles`
use crate::api::crud;
use crate::api::dto::capacity::{CapacityProfile, CapacityProfileBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::CapacityProfiles;

/// Makes a capacity profile. Audited.
#[utoipa::path(post, path = "/api/v1/capacity-profiles", operation_id = "create_capacity_profile", tag = "capacity_profiles", request_body = CapacityProfileBody,
    responses((status = 201, description = "Made", body = CapacityProfile, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<CapacityProfileBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<CapacityProfiles>(&app, &caller, body).await
}
