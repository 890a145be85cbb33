//! `POST /api/v1/webhooks/{id}/test`
use crate::api::dto::webhook::WebhookTest;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::{ApiResult, Problem};
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use engine::webhooks::PostError;
use store::repo::config::kind::Webhooks;
use store::repo::secrets;

/// Posts a message of the type `test` and says how it went. Audited.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/test", operation_id = "test_webhook", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook")), responses((status = 200, description = "How it went", body = WebhookTest)))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<Json<WebhookTest>> {
    caller.authorize(Permission::ConfigWrite, &Resource::HOUSE)?;
    let all = secrets::list_all::<Webhooks>(&app.store).await?;
    let (webhook, secret) = all.into_iter().find(|(w, _)| w.id.0 == id).ok_or_else(|| Problem::not_found("webhook"))?;
    let tx = app.store.begin(app.now()).await?;
    audit::by(&caller, "webhook.test").on("webhook", id).with("key", webhook.key.clone()).write(&tx).await?;
    tx.commit().await?;
    Ok(Json(match app.engine.webhooks().test(&webhook, secret.as_ref()).await {
        Ok(done) => WebhookTest { delivered: true, status: Some(done.status), detail: None },
        Err(PostError::Status(status)) => WebhookTest { delivered: false, status: Some(status), detail: None },
        Err(error) => WebhookTest { delivered: false, status: None, detail: Some(error.to_string()) },
    }))
}
