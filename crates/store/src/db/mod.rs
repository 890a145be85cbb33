//! Opening the database, and the two ways to it: [`Store`] to read, [`Tx`] to write.
mod connect;
mod keys;

use crate::config::StoreConfig;
use crate::crypto::{Crypto, MasterKey};
use crate::{Result, StoreError};
use domain::Timestamp;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::migration::Migrator;

/// The open store. Cheap to clone; the last clone closes the connections.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    read: DatabaseConnection,
    /// SQLite: its own pool of one connection, so writers queue here instead of failing busy. PostgreSQL: same pool.
    write: DatabaseConnection,
    crypto: Arc<Crypto>,
    blob_dir: PathBuf,
    /// Set when this start made the master key.
    new_master_key: Option<String>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("backend", &self.inner.read.get_database_backend()).finish_non_exhaustive()
    }
}

/// Something that can be read from: the store (its readers) or an open transaction (sees its own writes).
pub trait Source: Sync {
    type Conn: ConnectionTrait;
    fn conn(&self) -> &Self::Conn;
    fn crypto(&self) -> &Crypto;
}
impl Source for Store {
    type Conn = DatabaseConnection;
    fn conn(&self) -> &DatabaseConnection {
        &self.inner.read
    }
    fn crypto(&self) -> &Crypto {
        &self.inner.crypto
    }
}
impl Source for Tx {
    type Conn = DatabaseTransaction;
    fn conn(&self) -> &DatabaseTransaction {
        &self.conn
    }
    fn crypto(&self) -> &Crypto {
        &self.crypto
    }
}

impl Store {
    /// Connects, migrates to the newest schema, and unwraps (on first start: makes) the data keys.
    ///
    /// # Errors
    /// `Config` for a bad URL or key source, `Sealed("key")` for the wrong master key, `Schema` when the database was
    /// written by a newer program, else what the database says.
    pub async fn open(config: StoreConfig, now: Timestamp) -> Result<Self> {
        let (read, write) = connect::connect(&config).await?;
        crate::migration::refuse_newer(&write).await?;
        Migrator::up(&write, None).await?;
        Self::finish(config, now, read, write).await
    }

    /// Like [`Store::open`] but refuses a schema that is not exactly this program's (`zhiyin migrate --check`).
    ///
    /// # Errors
    /// `Schema` naming the first pending or unknown migration.
    pub async fn migrate_check(config: &StoreConfig) -> Result<()> {
        let (read, write) = connect::connect(config).await?;
        let checked = crate::migration::check(&write).await;
        let _ = write.close().await;
        let _ = read.close().await;
        checked
    }

    /// Brings the schema up to date; returns the names of the migrations that ran.
    pub async fn migrate(config: &StoreConfig) -> Result<Vec<String>> {
        let (read, write) = connect::connect(config).await?;
        crate::migration::refuse_newer(&write).await?;
        let pending = crate::migration::pending(&write).await?;
        Migrator::up(&write, None).await?;
        write.close().await?;
        // The readers may be the same pool, already closed.
        let _ = read.close().await;
        Ok(pending)
    }

    async fn finish(config: StoreConfig, now: Timestamp, read: DatabaseConnection, write: DatabaseConnection) -> Result<Self> {
        let master = MasterKey::load(&config.master_key, &config.data_dir)?;
        let crypto = Arc::new(keys::load_or_create(&write, &master, now).await?);
        let blob_dir = config.blob_dir.clone().unwrap_or_else(|| config.data_dir.join("blobs"));
        std::fs::create_dir_all(&blob_dir)?;
        let new_master_key = master.created.then(|| master.origin.clone());
        Ok(Self { inner: Arc::new(Inner { read, write, crypto, blob_dir, new_master_key }) })
    }

    /// Starts the one write transaction (SQLite: `BEGIN IMMEDIATE`, waits its turn). Dropped without `commit` it rolls back.
    pub async fn begin(&self, now: Timestamp) -> Result<Tx> {
        let options = match self.backend() {
            DbBackend::Sqlite => {
                TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() }
            }
            _ => TransactionOptions::default(),
        };
        let conn = self.inner.write.begin_with_options(options).await?;
        Ok(Tx { conn, crypto: self.inner.crypto.clone(), now })
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.inner.read.get_database_backend()
    }

    /// The process's keys.
    pub fn keys(&self) -> Arc<Crypto> {
        self.inner.crypto.clone()
    }

    /// Where blobs are.
    pub fn blob_dir(&self) -> &Path {
        &self.inner.blob_dir
    }

    /// Set when this start made a new master key: its file, which must be backed up.
    pub fn new_master_key(&self) -> Option<&str> {
        self.inner.new_master_key.as_deref()
    }

    /// Whether the database answers (for `/readyz`).
    ///
    /// # Errors
    /// What the database says.
    pub async fn ping(&self) -> Result<()> {
        self.inner.read.execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// Closes all connections, also those that other clones would use: those tasks get errors from here on. The writer is the
    /// last, so that SQLite checkpoints its log into the database file.
    /// Waits until every connection is given back: give it a time limit.
    pub async fn close(self) -> Result<()> {
        self.inner.read.close_by_ref().await?;
        // PostgreSQL: the same pool, already closed.
        let _ = self.inner.write.close_by_ref().await;
        Ok(())
    }
}

/// One write transaction: rows, events, jobs and audit entries commit together or not at all.
pub struct Tx {
    pub(crate) conn: DatabaseTransaction,
    crypto: Arc<Crypto>,
    pub(crate) now: Timestamp,
}

impl Tx {
    /// # Errors
    /// What the database says; nothing was written then.
    pub async fn commit(self) -> Result<()> {
        self.conn.commit().await.map_err(StoreError::from)
    }

    /// Same as dropping it, but waits until it is done.
    pub async fn rollback(self) -> Result<()> {
        self.conn.rollback().await.map_err(StoreError::from)
    }

    /// The instant the transaction was begun at, as the caller's clock said.
    pub fn now(&self) -> Timestamp {
        self.now
    }
}
