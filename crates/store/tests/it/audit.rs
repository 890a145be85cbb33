//! The chain: what was written stays as it was, or `verify` says where not.
use crate::support::{Db, NOW, on_both};
use domain::UserId;
use store::audit::{self, Actor, AuditFilter, Entry, Outcome, Tampered};
use store::repo::settings;
use store::{PageRequest, Store, StoreError};

async fn write(store: &Store, n: usize) {
    for i in 0..n {
        let tx = store.begin(NOW.plus_ms(i as u64)).await.unwrap();
        let mut entry = Entry::new(Actor::System, "config.apply");
        entry.target = Some(("number", format!("n{i}")));
        entry.detail = serde_json::json!({"i": i});
        audit::append(&tx, &entry).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn rows_are_numbered_and_found(db: Db) {
    let user: UserId = crate::support::id();
    let tx = db.store.begin(NOW).await.unwrap();
    let entry = Entry {
        actor: Actor::User { id: user, name: "anna".into() },
        action: "session.create",
        target: Some(("user", user.to_string())),
        address: Some("10.0.0.1".into()),
        user_agent: Some("x".repeat(1000)),
        result: Outcome::Denied,
        detail: serde_json::json!({"reason": "password"}),
    };
    assert_eq!(audit::append(&tx, &entry).await.unwrap(), 1);
    assert_eq!(audit::append(&tx, &Entry::new(Actor::Anonymous, "session.delete")).await.unwrap(), 2);
    tx.commit().await.unwrap();
    write(&db.store, 3).await;

    let all = audit::list(&db.store, &AuditFilter::default(), PageRequest::parse(None, Some(2)).unwrap()).await.unwrap();
    assert_eq!(all.items.iter().map(|r| r.seq).collect::<Vec<_>>(), [5, 4]);
    let next =
        audit::list(&db.store, &AuditFilter::default(), PageRequest::parse(all.next_cursor.as_deref(), None).unwrap()).await.unwrap();
    assert_eq!(next.items.iter().map(|r| r.seq).collect::<Vec<_>>(), [3, 2, 1]);
    let found = |f: AuditFilter| {
        let store = db.store.clone();
        async move { audit::list(&store, &f, PageRequest::default()).await.unwrap().items.len() }
    };
    assert_eq!(found(AuditFilter { actor: Some(user.0), ..Default::default() }).await, 1);
    assert_eq!(found(AuditFilter { action: Some("session.".into()), ..Default::default() }).await, 2);
    assert_eq!(found(AuditFilter { action: Some("session.create".into()), ..Default::default() }).await, 1);
    assert_eq!(found(AuditFilter { target: Some("n1".into()), ..Default::default() }).await, 1);
    assert_eq!(found(AuditFilter { from: Some(NOW.plus_ms(1)), to: Some(NOW.plus_ms(2)), ..Default::default() }).await, 1);
    assert_eq!(audit::verify(&db.store).await.unwrap(), Ok(5));
}

async fn an_action_whose_audit_fails_does_not_happen(db: Db) {
    let tx = db.store.begin(NOW).await.unwrap();
    settings::set(&tx, "action", "done").await.unwrap();
    let mut entry = Entry::new(Actor::System, "too.long");
    entry.detail = serde_json::json!("x".repeat(audit::DETAIL_BYTES_MAX));
    assert!(audit::append(&tx, &entry).await.is_err());
    drop(tx);
    assert_eq!(settings::get(&db.store, "action").await.unwrap(), None);
    assert_eq!(audit::verify(&db.store).await.unwrap(), Ok(0));
}

async fn the_database_refuses_to_change_rows(db: Db) {
    use sea_orm::ConnectionTrait;
    write(&db.store, 2).await;
    let raw = db.raw().await;
    for sql in ["UPDATE audit SET action = 'x' WHERE seq = 1", "DELETE FROM audit WHERE seq = 1"] {
        let refused = raw.execute_unprepared(sql).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    assert_eq!(audit::verify(&db.store).await.unwrap(), Ok(2));
}

async fn changes_are_found(db: Db) {
    write(&db.store, 6).await;
    db.unguard("audit").await;
    db.sql("UPDATE audit SET target = 'n9' WHERE seq = 3").await;
    assert_eq!(audit::verify(&db.store).await.unwrap(), Err(Tampered::Changed(3)));
    db.sql("UPDATE audit SET target = 'n2' WHERE seq = 3").await;
    assert_eq!(audit::verify(&db.store).await.unwrap(), Ok(6));
    // A null that became empty is a change too.
    db.sql("UPDATE audit SET address = '' WHERE seq = 4").await;
    assert_eq!(audit::verify(&db.store).await.unwrap(), Err(Tampered::Changed(4)));
}

async fn swapped_rows_are_found(db: Db) {
    write(&db.store, 4).await;
    db.unguard("audit").await;
    db.sql("UPDATE audit SET seq = 100 WHERE seq = 2").await;
    db.sql("UPDATE audit SET seq = 2 WHERE seq = 3").await;
    db.sql("UPDATE audit SET seq = 3 WHERE seq = 100").await;
    assert_eq!(audit::verify(&db.store).await.unwrap(), Err(Tampered::Changed(2)));
}

async fn removed_rows_are_found(db: Db) {
    write(&db.store, 4).await;
    db.unguard("audit").await;
    db.sql("DELETE FROM audit WHERE seq = 2").await;
    assert_eq!(audit::verify(&db.store).await.unwrap(), Err(Tampered::Missing(2)));
}

async fn a_removed_tail_is_found(db: Db) {
    write(&db.store, 4).await;
    db.unguard("audit").await;
    db.sql("DELETE FROM audit WHERE seq = 4").await;
    assert_eq!(audit::verify(&db.store).await.unwrap(), Err(Tampered::Missing(4)));
    // Pointing the head at the shorter chain needs the key.
    db.sql("UPDATE settings SET value = '3|00|00' WHERE key = 'audit_head'").await;
    assert_eq!(audit::verify(&db.store).await.unwrap(), Err(Tampered::Head(0)));
    db.sql("DELETE FROM settings WHERE key = 'audit_head'").await;
    assert_eq!(audit::verify(&db.store).await.unwrap(), Err(Tampered::Head(0)));
    // And nothing more is written on a head that does not fit.
    db.sql("INSERT INTO settings (key, value, version) VALUES ('audit_head', '3|00|00', 1)").await;
    let tx = db.store.begin(NOW).await.unwrap();
    let refused = audit::append(&tx, &Entry::new(Actor::System, "x")).await.unwrap_err();
    assert!(matches!(refused, StoreError::Corrupt("audit head")));
}

async fn rows_added_behind_the_head_are_found(db: Db) {
    write(&db.store, 2).await;
    db.sql(
        "INSERT INTO audit (seq, at, actor_kind, actor_name, action, result, detail, prev, hash) \
         SELECT 3, at, actor_kind, actor_name, action, result, detail, hash, hash FROM audit WHERE seq = 2",
    )
    .await;
    assert_eq!(audit::verify(&db.store).await.unwrap(), Err(Tampered::Head(2)));
}

async fn many_writers_make_one_chain(db: Db) {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let store = db.store.clone();
        tasks.spawn(async move { write(&store, 5).await });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!(audit::verify(&db.store).await.unwrap(), Ok(40));
}

on_both!(
    rows_are_numbered_and_found,
    an_action_whose_audit_fails_does_not_happen,
    the_database_refuses_to_change_rows,
    changes_are_found,
    swapped_rows_are_found,
    removed_rows_are_found,
    a_removed_tail_is_found,
    rows_added_behind_the_head_are_found,
    many_writers_make_one_chain,
);
