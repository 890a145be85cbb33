//! The audit as its readers see it.
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One link of the chain.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditEntry {
    pub seq: i64,
    pub at: i64,
    /// `user`, `api_key`, `system`, `anonymous`.
    pub actor_kind: String,
    pub actor: Option<Uuid>,
    pub actor_name: String,
    /// `thing.act`, e.g. `session.create`.
    pub action: String,
    pub target_kind: Option<String>,
    pub target: Option<String>,
    pub address: Option<String>,
    /// `success`, `denied` or `failure`.
    pub result: String,
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    pub user_agent: Option<String>,
}
