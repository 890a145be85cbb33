//! How a store is opened.
use std::path::PathBuf;

/// Where the 32-byte master key (KEK) comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum MasterKeySource {
    /// In this order: systemd credential `zhiyin-master-key` (`$CREDENTIALS_DIRECTORY`), environment variable
    /// `ZHIYIN_MASTER_KEY`, file `master.key` in the data folder, which is created (mode 0600) when missing.
    #[default]
    Auto,
    /// A file holding 32 raw bytes, 64 hex digits or base64. Must exist.
    File(PathBuf),
    /// An environment variable holding 64 hex digits or base64.
    Env(String),
    /// A systemd credential's name under `$CREDENTIALS_DIRECTORY`.
    Credential(String),
    /// Given directly (tests, a key service).
    Raw([u8; 32]),
}

/// Settings of [`crate::Store::open`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// `sqlite://path` or `postgres://…`; none = `zhiyin.db` in the data folder.
    pub url: Option<String>,
    /// Holds the SQLite file, the master key and the blobs unless told otherwise. Created (0700) when missing.
    pub data_dir: PathBuf,
    /// Recordings and prompts; none = `blobs` in the data folder.
    pub blob_dir: Option<PathBuf>,
    pub master_key: MasterKeySource,
    /// Connections that only read (SQLite) or the whole pool (PostgreSQL).
    pub connections_max: u32,
    /// PostgreSQL only: schema to live in, created when missing (tests); none = `public`.
    pub schema: Option<String>,
}

/// Reader connections when nothing is configured.
pub const CONNECTIONS_DEFAULT: u32 = 4;

impl StoreConfig {
    /// The embedded default: everything in one folder.
    pub fn embedded(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            url: None,
            data_dir: data_dir.into(),
            blob_dir: None,
            master_key: MasterKeySource::Auto,
            connections_max: CONNECTIONS_DEFAULT,
            schema: None,
        }
    }
}
