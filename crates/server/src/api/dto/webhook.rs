//! Webhooks: other systems that are told.
use super::common::{Label, Validate, key, never_shown, text};
use crate::http::problem::{ApiResult, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookBody {
    /// Stable natural key.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub key: String,
    pub name: Label,
    /// Where to post. Addresses of private networks need `site.webhooks_private`.
    #[schema(pattern = r"^https?://[A-Za-z0-9.-]{1,200}(:[0-9]{1,4})?(/[A-Za-z0-9._~/-]{0,200})?(\?[A-Za-z0-9._~=&-]{0,200})?$")]
    pub url: String,
    pub enabled: bool,
    /// Signing secret, `whsec_` and the base64 of 24 to 64 bytes; written and never shown. Absent in a change: the stored one stays.
    #[serde(default, skip_serializing_if = "never_shown")]
    #[schema(pattern = "^whsec_[A-Za-z0-9+/]{32}([A-Za-z0-9+/]{4}){0,10}$", write_only)]
    pub secret: Option<String>,
}

impl Validate for WebhookBody {
    fn check(&self) -> ApiResult<()> {
        key("key", &self.key)?;
        self.name.check("name")?;
        text("url", &self.url, 10, 1000)?;
        if !(self.url.starts_with("https://") || self.url.starts_with("http://"))
            || self.url.chars().any(|c| c.is_whitespace() || c.is_control())
        {
            return Err(Problem::invalid("url", "an address that begins with https:// or http://"));
        }
        match &self.secret {
            Some(secret) if !engine::webhooks::is_secret(secret) => {
                Err(Problem::invalid("secret", "\"whsec_\" and the base64 of 24 to 64 bytes"))
            }
            _ => Ok(()),
        }
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Webhook {
    pub id: Uuid,
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: WebhookBody,
    /// A signing secret is stored.
    pub has_secret: bool,
    /// Microseconds UTC.
    pub last_success_at: Option<i64>,
    pub last_failure_at: Option<i64>,
    pub last_failure: Option<String>,
}

/// How a test went.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookTest {
    pub delivered: bool,
    /// The receiver's HTTP status, if it answered.
    pub status: Option<u16>,
    pub detail: Option<String>,
}
