//! `PUT /api/v1/routing-rules/{key}`
use crate::api::crud;
use crate::api::dto::rules::{RoutingRule, RoutingRuleBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathKey, Unread};
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::RoutingRules;

/// Replaces a routing rule. Audited; running calls keep what they began with.
#[utoipa::path(put, path = "/api/v1/routing-rules/{key}", operation_id = "replace_routing_rule", tag = "routing_rules", request_body = RoutingRuleBody,
    params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Replaced", body = RoutingRule, headers(("ETag" = String)))))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathKey(key): PathKey,
    expected: IfMatch,
    body: Unread<RoutingRuleBody>,
) -> ApiResult<impl IntoResponse> {
    crud::replace::<RoutingRules>(&app, &caller, &key, expected, body).await
}
