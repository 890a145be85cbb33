//! `[log]`: the human log on stderr.
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is logged and how.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `human` or `json` (one object a line).
    pub format: LogFormat,
    /// Level, also by module, e.g. `warn` or `info,engine=debug`.
    pub level: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    #[default]
    Human,
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Human, level: "info,sqlx=warn,sea_orm_migration=warn,str0m=warn".into() }
    }
}
