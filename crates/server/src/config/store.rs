//! `[store]`: where everything is kept.
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use utoipa::ToSchema;

/// Database and files.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSection {
    /// `postgres://user:password@host/database` for PostgreSQL. Absent: SQLite in the data folder.
    pub url: Option<String>,
    /// Folder for SQLite, recordings, generated keys and certificates.
    #[schema(value_type = String)]
    pub data_dir: PathBuf,
}

impl Default for StoreSection {
    fn default() -> Self {
        Self { url: None, data_dir: PathBuf::from("data") }
    }
}
