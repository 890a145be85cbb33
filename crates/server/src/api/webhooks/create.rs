//! `POST /api/v1/webhooks`
use crate::api::crud;
use crate::api::dto::webhook::{Webhook, WebhookBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Webhooks;

/// Makes a webhook. Audited.
#[utoipa::path(post, path = "/api/v1/webhooks", operation_id = "create_webhook", tag = "webhooks", request_body = WebhookBody,
    responses((status = 201, description = "Made", body = Webhook, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<WebhookBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<Webhooks>(&app, &caller, body).await
}
