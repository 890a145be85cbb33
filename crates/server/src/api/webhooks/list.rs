//! `GET /api/v1/webhooks`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, webhook::Webhook};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::Webhooks;

/// The webhooks, by key.
#[utoipa::path(get, path = "/api/v1/webhooks", operation_id = "list_webhooks", tag = "webhooks", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<Webhook>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<Webhook>>> {
    crud::list::<Webhooks>(&app, &caller, &query).await
}
