//! `POST /api/v1/alert-rules`
use crate::api::crud;
use crate::api::dto::alert::{AlertRule, AlertRuleBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::AlertRules;

/// Makes an alert rule. Audited.
#[utoipa::path(post, path = "/api/v1/alert-rules", operation_id = "create_alert_rule", tag = "alerts", request_body = AlertRuleBody,
    responses((status = 201, description = "Made", body = AlertRule, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<AlertRuleBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<AlertRules>(&app, &caller, body).await
}
