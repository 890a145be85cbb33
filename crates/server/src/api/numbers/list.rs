//! `GET /api/v1/numbers`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, number::Number};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::Numbers;

/// The numbers, by name.
#[utoipa::path(get, path = "/api/v1/numbers", operation_id = "list_numbers", tag = "numbers", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<Number>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<Number>>> {
    crud::list::<Numbers>(&app, &caller, &query).await
}
