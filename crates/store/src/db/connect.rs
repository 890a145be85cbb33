//! Connections. SQLite: one writer and N readers on a write-ahead log. PostgreSQL: one pool.
use crate::config::StoreConfig;
use crate::{Result, StoreError};
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::{ConnectionTrait, DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// A writer waits this long for another process's lock before it fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// A caller waits this long for a free connection (SQLite's one writer, or the pool).
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Distinct statements kept prepared on each connection.
const STATEMENT_CACHE_LEN: usize = 256;

/// (readers, writer)
pub(super) async fn connect(config: &StoreConfig) -> Result<(DatabaseConnection, DatabaseConnection)> {
    make_private_dir(&config.data_dir)?;
    match config.url.as_deref() {
        None => sqlite(config, config.data_dir.join("zhiyin.db")).await,
        Some(url) if url.starts_with("sqlite:") => {
            let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
            if path.is_empty() || path.contains(":memory:") {
                return Err(StoreError::Config("url: SQLite needs a file".into()));
            }
            sqlite(config, PathBuf::from(path)).await
        }
        Some(url) if url.starts_with("postgres:") || url.starts_with("postgresql:") => {
            let pool = postgres(config, url).await?;
            Ok((pool.clone(), pool))
        }
        Some(_) => Err(StoreError::Config("url: expected sqlite://path or postgres://…".into())),
    }
}

async fn sqlite(config: &StoreConfig, path: PathBuf) -> Result<(DatabaseConnection, DatabaseConnection)> {
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .statement_cache_capacity(STATEMENT_CACHE_LEN)
        .pragma("secure_delete", "on")
        .pragma("temp_store", "memory")
        .disable_statement_logging();
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone())
        .await
        .map_err(connect_error)?;
    make_private_file(&path)?;
    let read = SqlitePoolOptions::new()
        .max_connections(config.connections_max.max(1))
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.pragma("query_only", "on"))
        .await
        .map_err(connect_error)?;
    Ok((SqlxSqliteConnector::from_sqlx_sqlite_pool(read), SqlxSqliteConnector::from_sqlx_sqlite_pool(write)))
}

async fn postgres(config: &StoreConfig, url: &str) -> Result<DatabaseConnection> {
    let mut options = PgConnectOptions::from_str(url)
        .map_err(connect_error)?
        .application_name("zhiyin")
        .statement_cache_capacity(STATEMENT_CACHE_LEN)
        .disable_statement_logging();
    if let Some(schema) = &config.schema {
        if schema.is_empty() || !schema.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            return Err(StoreError::Config("schema: [a-z0-9_]+".into()));
        }
        options = options.options([("search_path", schema.as_str())]);
    }
    let pool = PgPoolOptions::new()
        .max_connections(config.connections_max.max(2))
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options)
        .await
        .map_err(connect_error)?;
    let db = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    if let Some(schema) = &config.schema {
        db.execute_unprepared(&format!("CREATE SCHEMA IF NOT EXISTS {schema}")).await?;
    }
    Ok(db)
}

/// The driver's message may hold the URL with its password: it is kept to the error kind and the server's own words.
fn connect_error(error: sea_orm::sqlx::Error) -> StoreError {
    let text = match &error {
        sea_orm::sqlx::Error::Configuration(_) => "url is malformed".into(),
        other => other.to_string(),
    };
    StoreError::Config(format!("cannot connect: {text}"))
}

#[cfg(unix)]
fn make_private_dir(path: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if !path.is_dir() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    }
    Ok(())
}
#[cfg(not(unix))]
fn make_private_dir(path: &Path) -> Result<()> {
    Ok(std::fs::create_dir_all(path)?)
}

#[cfg(unix)]
fn make_private_file(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?)
}
#[cfg(not(unix))]
fn make_private_file(_: &Path) -> Result<()> {
    Ok(())
}
