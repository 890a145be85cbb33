//! `GET /api/v1/trunks`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, trunk::Trunk};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::Trunks;

/// The trunks, by name.
#[utoipa::path(get, path = "/api/v1/trunks", operation_id = "list_trunks", tag = "trunks", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<Trunk>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<Trunk>>> {
    crud::list::<Trunks>(&app, &caller, &query).await
}
