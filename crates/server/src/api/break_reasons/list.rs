//! `GET /api/v1/break-reasons`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, breaks::BreakReason};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::BreakReasons;

/// The break reasons, by name.
#[utoipa::path(get, path = "/api/v1/break-reasons", operation_id = "list_break_reasons", tag = "break_reasons", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<BreakReason>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<BreakReason>>> {
    crud::list::<BreakReasons>(&app, &caller, &query).await
}
