//! `GET /api/v1/alert-rules/{key}`
use crate::api::crud;
use crate::api::dto::alert::AlertRule;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathKey;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::AlertRules;

/// One alert rule, with its ETag.
#[utoipa::path(get, path = "/api/v1/alert-rules/{key}", operation_id = "get_alert_rule", tag = "alerts", params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$")),
    responses((status = 200, description = "The alert rule", body = AlertRule, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathKey(key): PathKey) -> ApiResult<impl IntoResponse> {
    crud::get::<AlertRules>(&app, &caller, &key).await
}
