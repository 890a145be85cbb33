//! `GET /api/v1/routing-rules`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, rules::RoutingRule};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::RoutingRules;

/// The routing rules, by name.
#[utoipa::path(get, path = "/api/v1/routing-rules", operation_id = "list_routing_rules", tag = "routing_rules", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<RoutingRule>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<RoutingRule>>> {
    crud::list::<RoutingRules>(&app, &caller, &query).await
}
