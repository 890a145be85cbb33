//! `[crypto]`: where the master key comes from.
use super::{ConfigError, invalid};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use utoipa::ToSchema;

/// Source of the 256-bit master key (64 hex digits or 44 base64 characters). It seals every other key: without it
/// nothing personal in the database or the recordings can be read, so keep a copy outside this machine. At most one
/// source may be given; with none, a key is generated into `<data_dir>/master.key`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Crypto {
    /// File that holds the key.
    #[schema(value_type = Option<String>)]
    pub master_key_file: Option<PathBuf>,
    /// Name of the environment variable that holds the key.
    pub master_key_env: Option<String>,
    /// Name of a systemd credential (`LoadCredential=`) that holds the key.
    pub master_key_credential: Option<String>,
}

impl Crypto {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let given = [self.master_key_file.is_some(), self.master_key_env.is_some(), self.master_key_credential.is_some()];
        if given.iter().filter(|g| **g).count() > 1 {
            return Err(invalid("crypto", "more than one source of the master key", "keep exactly one"));
        }
        Ok(())
    }
}
