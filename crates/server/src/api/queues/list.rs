//! `GET /api/v1/queues`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, queue::Queue};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::Queues;

/// The queues, by name.
#[utoipa::path(get, path = "/api/v1/queues", operation_id = "list_queues", tag = "queues", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<Queue>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<Queue>>> {
    crud::list::<Queues>(&app, &caller, &query).await
}
