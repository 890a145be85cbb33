//! `POST /api/v1/routing-rules`
use crate::api::crud;
use crate::api::dto::rules::{RoutingRule, RoutingRuleBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::RoutingRules;

/// Makes a routing rule. Audited.
#[utoipa::path(post, path = "/api/v1/routing-rules", operation_id = "create_routing_rule", tag = "routing_rules", request_body = RoutingRuleBody,
    responses((status = 201, description = "Made", body = RoutingRule, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<RoutingRuleBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<RoutingRules>(&app, &caller, body).await
}
