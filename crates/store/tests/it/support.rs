//! One database a test, on either engine, and the means to look at and damage what lies in it.
use domain::Timestamp;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use store::{MasterKeySource, Store, StoreConfig};

/// 2026-11-22T00:00:00Z.
pub const NOW: Timestamp = Timestamp(1_795_305_600_000_000);

/// Ten bytes that differ at every call of a test process.
pub fn random() -> [u8; 10] {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut out = [0; 10];
    out[2..].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    out
}

/// A new id at `NOW`.
pub fn id<T: From<uuid::Uuid>>() -> T {
    T::from(domain::ids::uuid_v7(NOW, random()))
}

pub struct Db {
    pub store: Store,
    pub config: StoreConfig,
    pub dir: tempfile::TempDir,
}

impl Db {
    pub async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self::open(StoreConfig { master_key: MasterKeySource::Raw([7; 32]), ..StoreConfig::embedded(dir.path()) }, dir).await
    }

    /// None when no server is named.
    pub async fn postgres() -> Option<Self> {
        let url = std::env::var("TEST_PG_URL").ok()?;
        let dir = tempfile::tempdir().unwrap();
        let unique: u64 = rand::random();
        let config = StoreConfig {
            url: Some(url),
            schema: Some(format!("t_{unique:016x}")),
            master_key: MasterKeySource::Raw([7; 32]),
            ..StoreConfig::embedded(dir.path())
        };
        Some(Self::open(config, dir).await)
    }

    async fn open(config: StoreConfig, dir: tempfile::TempDir) -> Self {
        let store = Store::open(config.clone(), NOW).await.unwrap();
        Self { store, config, dir }
    }

    pub fn is_sqlite(&self) -> bool {
        self.config.url.is_none()
    }

    /// A connection of one's own, past all the store's rules.
    pub async fn raw(&self) -> DatabaseConnection {
        let options = match &self.config.url {
            None => ConnectOptions::new(format!("sqlite://{}", self.dir.path().join("zhiyin.db").display())),
            Some(url) => {
                let mut o = ConnectOptions::new(url.clone());
                o.set_schema_search_path(self.config.schema.clone().unwrap());
                o
            }
        };
        Database::connect(options).await.unwrap()
    }

    /// Runs SQL past all rules.
    pub async fn sql(&self, sql: &str) {
        self.raw().await.execute_unprepared(sql).await.unwrap();
    }

    /// Takes the append-only triggers off a table, as an attacker with the database's password would.
    pub async fn unguard(&self, table: &str) {
        if self.is_sqlite() {
            self.sql(&format!("DROP TRIGGER {table}_no_update; DROP TRIGGER {table}_no_delete")).await;
        } else {
            self.sql(&format!("ALTER TABLE {table} DISABLE TRIGGER USER")).await;
        }
    }

    pub async fn reopen(self) -> Self {
        let Self { store, config, dir } = self;
        store.close().await.unwrap();
        Self::open(config, dir).await
    }
}

/// All files below a folder.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { out.extend(files(&path)) } else { out.push(path) }
    }
    out
}

/// Which of the words lie in clear in any file below a folder.
pub fn found_in_clear(dir: &Path, words: &[&[u8]]) -> Vec<String> {
    let mut hits = Vec::new();
    for path in files(dir) {
        let bytes = std::fs::read(&path).unwrap();
        for word in words {
            if bytes.windows(word.len()).any(|w| w == *word) {
                hits.push(format!("{:?} in {}", String::from_utf8_lossy(word), path.display()));
            }
        }
    }
    hits
}

/// Makes each function a test on both engines.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::support::Db::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let Some(db) = $crate::support::Db::postgres().await else { return };
                super::$name(db).await;
            })*
        }
    };
}
pub(crate) use on_both;
