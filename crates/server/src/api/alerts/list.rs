//! `GET /api/v1/alerts`
use crate::api::dto::alert::Alert;
use crate::api::dto::{Paged, view};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use serde::Deserialize;
use store::PageRequest;
use store::repo::alerts;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    Active,
    Over,
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AlertQuery {
    #[param(inline)]
    pub state: Option<AlertState>,
    /// `next_cursor` of the page before.
    #[param(pattern = "^[A-Za-z0-9_-]{1,500}$")]
    pub cursor: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// Alerts, newest first.
#[utoipa::path(get, path = "/api/v1/alerts", operation_id = "list_alerts", tag = "alerts", params(AlertQuery),
    responses((status = 200, description = "One page", body = Paged<Alert>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(q): Query<AlertQuery>) -> ApiResult<Json<Paged<Alert>>> {
    caller.authorize(Permission::LiveView, &Resource::HOUSE)?;
    let over = q.state.map(|s| s == AlertState::Over);
    let page = alerts::list(&app.store, over, PageRequest::parse(q.cursor.as_deref(), q.limit)?).await?;
    let items = page.items.iter().map(view).collect::<ApiResult<_>>()?;
    Ok(Json(Paged { items, next_cursor: page.next_cursor }))
}
