//! `GET /api/v1/routing-rules/{key}`
use crate::api::crud;
use crate::api::dto::rules::RoutingRule;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathKey;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::RoutingRules;

/// One routing rule, with its ETag.
#[utoipa::path(get, path = "/api/v1/routing-rules/{key}", operation_id = "get_routing_rule", tag = "routing_rules", params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$")),
    responses((status = 200, description = "The routing rule", body = RoutingRule, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathKey(key): PathKey) -> ApiResult<impl IntoResponse> {
    crud::get::<RoutingRules>(&app, &caller, &key).await
}
