//! `PUT /api/v1/webhooks/{id}`
use crate::api::crud;
use crate::api::dto::webhook::{Webhook, WebhookBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Webhooks;

/// Replaces a webhook. Audited; running calls keep what they began with.
#[utoipa::path(put, path = "/api/v1/webhooks/{id}", operation_id = "replace_webhook", tag = "webhooks", request_body = WebhookBody,
    params(("id" = Uuid, Path, description = "Its id"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Replaced", body = Webhook, headers(("ETag" = String)))))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    expected: IfMatch,
    body: Unread<WebhookBody>,
) -> ApiResult<impl IntoResponse> {
    crud::replace::<Webhooks>(&app, &caller, &id.to_string(), expected, body).await
}
