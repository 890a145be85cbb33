//! `GET /api/v1/alert-rules`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, alert::AlertRule};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::AlertRules;

/// The alert rules, by name.
#[utoipa::path(get, path = "/api/v1/alert-rules", operation_id = "list_alert_rules", tag = "alerts", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<AlertRule>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<AlertRule>>> {
    crud::list::<AlertRules>(&app, &caller, &query).await
}
