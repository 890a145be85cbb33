//! `GET /api/v1/capacity-profiles`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, capacity::CapacityProfile};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::CapacityProfiles;

/// The capacity profiles, by name.
#[utoipa::path(get, path = "/api/v1/capacity-profiles", operation_id = "list_capacity_profiles", tag = "capacity_profiles", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<CapacityProfile>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<CapacityProfile>>> {
    crud::list::<CapacityProfiles>(&app, &caller, &query).await
}
