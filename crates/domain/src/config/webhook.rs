//! Where to send what happens.
use super::Label;
use crate::WebhookId;
use serde::{Deserialize, Serialize};

/// An address of somebody else's system that we post to. Its signing secret lives beside it in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    pub id: WebhookId,
    /// Stable natural key: `[a-z0-9_-]{1,40}`.
    pub key: String,
    pub name: Label,
    /// `https://…` or `http://…`.
    pub url: String,
    pub enabled: bool,
}
