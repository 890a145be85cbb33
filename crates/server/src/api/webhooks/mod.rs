//! `/api/v1/webhooks`: other systems that are told.
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;
pub mod test;

use crate::api::crud::{self, Wire};
use crate::api::dto::common::{WithoutId, same_with};
use crate::api::dto::view;
use crate::api::dto::webhook::{Webhook, WebhookBody};
use crate::app::App;
use crate::http::problem::ApiResult;
use domain::WebhookId;
use domain::access::Permission;
use secrecy::SecretString;
use store::Tx;
use store::repo::config::kind::Webhooks;
use store::repo::{Versioned, secrets, webhooks};

impl Wire for Webhooks {
    type In = WebhookBody;
    type Out = Webhook;
    const CREATE: &'static str = "webhook.create";
    const REPLACE: &'static str = "webhook.replace";
    const DELETE: &'static str = "webhook.delete";
    /// An address may hold a key.
    const READ: Permission = Permission::ConfigWrite;

    fn body(app: &App, input: &WebhookBody, id: Option<&str>) -> ApiResult<Self::Body> {
        let id = crud::id_or_new(app, id, WebhookId::from_parts)?;
        same_with(input, &[("id", crud::json_id(id)?)])
    }
    async fn out(app: &App, row: Versioned<Self::Body>) -> ApiResult<Webhook> {
        let has_secret = secrets::is_set::<Webhooks>(&app.store, &row.value.id.to_string()).await?;
        let status = webhooks::status(&app.store, &row.value.key).await?;
        Ok(Webhook {
            id: row.value.id.0,
            version: row.version,
            body: view(&WithoutId(&row.value))?,
            has_secret,
            last_success_at: status.last_success_at.map(|t| t.as_us()),
            last_failure_at: status.last_failure_at.map(|t| t.as_us()),
            last_failure: status.last_failure,
        })
    }
    async fn secrets(tx: &Tx, input: &WebhookBody, webhook: &Self::Body) -> ApiResult<()> {
        if let Some(secret) = &input.secret {
            secrets::set::<Webhooks>(tx, &webhook.id.to_string(), Some(&SecretString::from(secret.clone()))).await?;
        }
        Ok(())
    }
}
