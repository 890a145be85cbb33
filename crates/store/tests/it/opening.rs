//! Opening, migrating, keys.
use crate::support::{Db, NOW, on_both};
use store::{MasterKeySource, Store, StoreConfig, StoreError};

async fn a_second_start_finds_everything_as_it_was(db: Db) {
    Store::migrate_check(&db.config).await.unwrap();
    assert!(Store::migrate(&db.config).await.unwrap().is_empty());
    let db = db.reopen().await;
    db.store.ping().await.unwrap();
    db.store.load_config().await.unwrap();
}

async fn the_wrong_master_key_is_refused(db: Db) {
    let config = StoreConfig { master_key: MasterKeySource::Raw([8; 32]), ..db.config.clone() };
    assert!(matches!(Store::open(config, NOW).await, Err(StoreError::Sealed("key"))));
}

async fn a_tampered_key_row_is_refused(db: Db) {
    // Another domain's key in its place: ids, domain and version are under the seal.
    db.sql("UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE id = 1) WHERE id = 2").await;
    assert!(matches!(Store::open(db.config.clone(), NOW).await, Err(StoreError::Sealed("key"))));
}

async fn an_unknown_schema_is_refused(db: Db) {
    db.sql("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)").await;
    assert!(matches!(Store::migrate_check(&db.config).await, Err(StoreError::Schema(_))));
    assert!(matches!(Store::open(db.config.clone(), NOW).await, Err(StoreError::Schema(_))));
}

async fn the_readers_cannot_write_and_see_no_open_transaction(db: Db) {
    use store::repo::settings;
    let tx = db.store.begin(NOW).await.unwrap();
    settings::set(&tx, "a", "1").await.unwrap();
    assert_eq!(settings::get(&db.store, "a").await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(settings::get(&db.store, "a").await.unwrap().as_deref(), Some("1"));
}

on_both!(
    a_second_start_finds_everything_as_it_was,
    the_wrong_master_key_is_refused,
    a_tampered_key_row_is_refused,
    an_unknown_schema_is_refused,
    the_readers_cannot_write_and_see_no_open_transaction,
);

#[tokio::test]
async fn an_empty_folder_gets_a_key_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let config = StoreConfig::embedded(dir.path().join("data"));
    assert!(matches!(Store::migrate_check(&config).await, Err(StoreError::Schema(_))));
    assert_eq!(Store::migrate(&config).await.unwrap().len(), 10);
    let store = Store::open(config.clone(), NOW).await.unwrap();
    assert!(store.new_master_key().unwrap().ends_with("master.key"));
    store.close().await.unwrap();
    let store = Store::open(config.clone(), NOW).await.unwrap();
    assert_eq!(store.new_master_key(), None);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |p: &str| std::fs::metadata(config.data_dir.join(p)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("zhiyin.db"), mode("master.key"), mode("")), (0o600, 0o600, 0o700));
    }
}

#[tokio::test]
async fn bad_urls_are_refused_without_telling_the_password() {
    for url in ["mysql://x", "sqlite::memory:", "postgres://user:geheim@127.0.0.1:port/db"] {
        let dir = tempfile::tempdir().unwrap();
        let config = StoreConfig { url: Some(url.into()), ..StoreConfig::embedded(dir.path()) };
        let refused = Store::open(config, NOW).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Config(text) if !text.contains("geheim")), "{refused}");
    }
}

#[tokio::test]
async fn a_closed_store_is_whole_in_its_file_although_clones_live() {
    let dir = tempfile::tempdir().unwrap();
    let config = StoreConfig::embedded(dir.path().join("data"));
    let store = Store::open(config, NOW).await.unwrap();
    let still_used = store.clone();
    store.close().await.unwrap();
    let log = std::fs::read_dir(dir.path().join("data")).unwrap().map(|e| e.unwrap().path());
    let left: Vec<_> = log.filter(|p| p.to_string_lossy().ends_with("-wal") && p.metadata().unwrap().len() > 0).collect();
    assert_eq!(left, Vec::<std::path::PathBuf>::new(), "the log was not checkpointed");
    drop(still_used);
}
