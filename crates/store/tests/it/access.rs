//! Users, sessions, attempts, API keys, set-up, kept answers.
use crate::support::{Db, NOW, id, on_both};
use domain::access::Role;
use domain::config::{Locale, User};
use domain::{SessionId, TeamId, UserId};
use secrecy::ExposeSecret;
use store::repo::{api_keys, idempotency, login_attempts, sessions, setup, users};
use store::{PageRequest, SipSecret, StoreError};

pub fn user(name: &str, extension: Option<&str>) -> User {
    User {
        id: id(),
        username: name.into(),
        display_name: format!("{name} 显示"),
        roles: vec![Role::Agent, Role::Supervisor],
        team: None,
        extension: extension.map(Into::into),
        locale: Locale::En,
        skills: Default::default(),
        capacity: None,
        disabled: false,
    }
}

async fn users_are_kept_and_unique(db: Db) {
    let tx = db.store.begin(NOW).await.unwrap();
    let anna = user("Anna", Some("1001"));
    assert_eq!(users::insert(&tx, &anna).await.unwrap().value.username, "anna");
    tx.commit().await.unwrap();

    for (other, field) in [(user("ANNA", None), "username"), (user("bert", Some("1001")), "extension")] {
        let tx = db.store.begin(NOW).await.unwrap();
        let refused = users::insert(&tx, &other).await.unwrap_err();
        assert!(matches!(refused, StoreError::Duplicate(f) if f == field), "{refused:?}");
    }
    let got = users::get(&db.store, anna.id).await.unwrap();
    assert_eq!((got.version, got.value), (1, User { username: "anna".into(), ..anna.clone() }));
    assert_eq!(users::find_by_extension(&db.store, "1001").await.unwrap().unwrap().id, anna.id);
    assert!(matches!(users::get(&db.store, id()).await, Err(StoreError::NotFound("user"))));
}

async fn versions_stop_lost_updates(db: Db) {
    let tx = db.store.begin(NOW).await.unwrap();
    let mut anna = user("anna", None);
    users::insert(&tx, &anna).await.unwrap();
    anna.display_name = "Anna B".into();
    anna.team = Some(id::<TeamId>());
    assert_eq!(users::update(&tx, &anna, 1).await.unwrap(), 2);
    let stale = users::update(&tx, &anna, 1).await.unwrap_err();
    assert!(matches!(stale, StoreError::Conflict { expected: 1, found: 2 }), "{stale:?}");
    let unknown = users::update(&tx, &user("x", None), 1).await.unwrap_err();
    assert!(matches!(unknown, StoreError::NotFound("user")));
    tx.commit().await.unwrap();
    assert_eq!(users::get(&db.store, anna.id).await.unwrap().value, anna);
}

async fn pages_of_users_are_complete_and_in_order(db: Db) {
    let team = id::<TeamId>();
    let tx = db.store.begin(NOW).await.unwrap();
    for i in 0..7 {
        let mut u = user(&format!("u{i}"), None);
        u.team = (i % 2 == 0).then_some(team);
        users::insert(&tx, &u).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = users::list(&db.store, &Default::default(), PageRequest::parse(cursor.as_deref(), Some(3)).unwrap()).await.unwrap();
        seen.extend(page.items.iter().map(|u| u.value.username.clone()));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, (0..7).map(|i| format!("u{i}")).collect::<Vec<_>>());
    let filter = users::UserFilter { team: Some(team), ..Default::default() };
    assert_eq!(users::list(&db.store, &filter, PageRequest::default()).await.unwrap().items.len(), 4);
}

async fn passwords_and_lock_out(db: Db) {
    let tx = db.store.begin(NOW).await.unwrap();
    let anna = user("anna", None);
    users::insert(&tx, &anna).await.unwrap();
    let phc = store::password::hash("correct horse battery").unwrap();
    users::set_password_hash(&tx, anna.id, &phc).await.unwrap();
    assert_eq!(users::login_failed(&tx, anna.id, None).await.unwrap(), 1);
    assert_eq!(users::login_failed(&tx, anna.id, Some(NOW.plus_ms(1000))).await.unwrap(), 2);
    tx.commit().await.unwrap();
    let c = users::credentials(&db.store, " ANNA ").await.unwrap().unwrap();
    assert_eq!((c.failed_logins, c.locked_until), (2, Some(NOW.plus_ms(1000))));
    assert!(store::password::verify("correct horse battery", c.password_hash.as_deref()));
    assert!(!store::password::verify("correct horse batterz", c.password_hash.as_deref()));
    assert!(!store::password::verify("no user has this password", None));
    let tx = db.store.begin(NOW).await.unwrap();
    users::login_succeeded(&tx, anna.id).await.unwrap();
    let c = users::credentials_by_id(&tx, anna.id).await.unwrap();
    assert_eq!((c.failed_logins, c.locked_until), (0, None));
}

async fn sip_secrets_are_sealed_to_their_user(db: Db) {
    let tx = db.store.begin(NOW).await.unwrap();
    let (a, b) = (user("a", Some("1001")), user("b", Some("1002")));
    users::insert(&tx, &a).await.unwrap();
    users::insert(&tx, &b).await.unwrap();
    // RFC 2617 §3.5: HA1 of Mufasa.
    let secret = SipSecret::derive("Mufasa", "testrealm@host.com", "Circle Of Life");
    assert_eq!(secret.ha1_md5, "939e7578ed9e3c518a452acee763bce9");
    users::set_sip_secret(&tx, a.id, Some(&secret)).await.unwrap();
    tx.commit().await.unwrap();
    let config = db.store.load_config().await.unwrap();
    assert_eq!(config.users[0].sip.as_ref(), Some(&secret));
    assert!(config.users[1].sip.is_none());
    // The sealed value in another user's row does not open.
    db.sql("UPDATE users SET sip = (SELECT sip FROM users WHERE username = 'a') WHERE username = 'b'").await;
    assert!(matches!(db.store.load_config().await, Err(StoreError::Sealed("sip"))));
}

async fn sessions_live_and_die(db: Db) {
    let tx = db.store.begin(NOW).await.unwrap();
    let anna = user("anna", None);
    users::insert(&tx, &anna).await.unwrap();
    let new = sessions::create(&tx, id(), anna.id, NOW.plus_ms(10_000), "10.0.0.1", "Firefox").await.unwrap();
    let other = sessions::create(&tx, id(), anna.id, NOW.plus_ms(10_000), "10.0.0.1", "Firefox").await.unwrap();
    tx.commit().await.unwrap();
    let token = new.token.expose_secret();
    assert_eq!(new.csrf, store::token::csrf(token));
    assert_eq!(sessions::find(&db.store, token, NOW).await.unwrap().unwrap(), new.session);
    assert!(sessions::find(&db.store, token, NOW.plus_ms(10_000)).await.unwrap().is_none());
    assert!(sessions::find(&db.store, "wrong", NOW).await.unwrap().is_none());
    assert_eq!(sessions::of_user(&db.store, anna.id, NOW).await.unwrap().len(), 2);

    let tx = db.store.begin(NOW.plus_ms(5_000)).await.unwrap();
    sessions::touch(&tx, new.session.id).await.unwrap();
    assert_eq!(sessions::delete_expired(&tx, Some(NOW.plus_ms(1))).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert!(sessions::find(&db.store, other.token.expose_secret(), NOW).await.unwrap().is_none());
    let tx = db.store.begin(NOW).await.unwrap();
    assert_eq!(sessions::delete_of_user(&tx, anna.id, Some(new.session.id)).await.unwrap(), 0);
    assert!(sessions::delete(&tx, new.session.id).await.unwrap());
    assert!(!sessions::delete(&tx, new.session.id).await.unwrap());
    // A session of nobody is refused.
    assert!(sessions::create(&tx, id::<SessionId>(), id::<UserId>(), NOW, "", "").await.is_err());
}

async fn attempts_are_counted_by_address(db: Db) {
    let tx = db.store.begin(NOW).await.unwrap();
    for (address, ok) in [("10.0.0.1", false), ("10.0.0.1", false), ("10.0.0.1", true), ("10.0.0.2", false)] {
        login_attempts::record(&tx, id(), address, "hunter2", ok).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(login_attempts::failures_from(&db.store, "10.0.0.1", NOW).await.unwrap(), 2);
    assert_eq!(login_attempts::failures_from(&db.store, "10.0.0.1", NOW.plus_ms(1)).await.unwrap(), 0);
    let tx = db.store.begin(NOW).await.unwrap();
    assert_eq!(login_attempts::prune(&tx, NOW.plus_ms(1)).await.unwrap(), 4);
}

async fn api_keys_are_found_by_secret_only(db: Db) {
    let new = |name: &str| api_keys::NewApiKey {
        id: id(),
        name: name.into(),
        owner: None,
        permissions: serde_json::json!(["live.view"]),
        created_by: None,
        expires_at: Some(NOW.plus_ms(1000)),
    };
    let tx = db.store.begin(NOW).await.unwrap();
    let (key, secret) = api_keys::create(&tx, new("crm")).await.unwrap();
    let known = api_keys::create_with_secret(&tx, new("demo"), &"zyk_0123abcd_demo".into()).await.unwrap();
    assert_eq!(known.prefix, "zyk_0123abcd");
    assert!(matches!(api_keys::create_with_secret(&tx, new("bad"), &"nope".into()).await, Err(StoreError::Invalid { .. })));
    tx.commit().await.unwrap();
    let secret = secret.expose_secret();
    assert!(api_keys::looks_like_key(secret));
    assert_eq!(api_keys::find(&db.store, secret, NOW).await.unwrap().unwrap(), key);
    assert!(api_keys::find(&db.store, secret, NOW.plus_ms(1000)).await.unwrap().is_none());
    assert!(api_keys::find(&db.store, &format!("{}_other", key.prefix), NOW).await.unwrap().is_none());
    assert_eq!(api_keys::list(&db.store, PageRequest::default()).await.unwrap().items.len(), 2);
    let tx = db.store.begin(NOW).await.unwrap();
    api_keys::touch(&tx, key.id).await.unwrap();
    api_keys::revoke(&tx, key.id).await.unwrap();
    assert!(matches!(api_keys::revoke(&tx, key.id).await, Err(StoreError::NotFound(_))));
    tx.commit().await.unwrap();
    assert!(api_keys::find(&db.store, secret, NOW).await.unwrap().is_none());
}

async fn the_setup_link_works_once(db: Db) {
    let tx = db.store.begin(NOW).await.unwrap();
    let old = setup::create(&tx, NOW.plus_ms(1000)).await.unwrap();
    let new = setup::create(&tx, NOW.plus_ms(1000)).await.unwrap();
    tx.commit().await.unwrap();
    let token = new.expose_secret();
    assert!(!setup::is_valid(&db.store, old.expose_secret(), NOW).await.unwrap());
    assert!(setup::is_valid(&db.store, token, NOW).await.unwrap());
    assert!(!setup::is_valid(&db.store, token, NOW.plus_ms(1000)).await.unwrap());
    let tx = db.store.begin(NOW).await.unwrap();
    assert!(setup::consume(&tx, token).await.unwrap());
    assert!(!setup::consume(&tx, token).await.unwrap());
    tx.commit().await.unwrap();
    assert!(!setup::is_valid(&db.store, token, NOW).await.unwrap());
}

async fn the_same_request_gets_the_same_answer(db: Db) {
    use idempotency::{Kept, find, keep, request_hash};
    let (owner, other) = (id::<UserId>().0, id::<UserId>().0);
    let hash = request_hash("POST", "/users", b"{}");
    assert_eq!(find(&db.store, owner, "k", &hash, NOW).await.unwrap(), Kept::New);
    let tx = db.store.begin(NOW).await.unwrap();
    keep(&tx, owner, "k", &hash, 201, b"answer", NOW.plus_ms(1000)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(find(&db.store, owner, "k", &hash, NOW).await.unwrap(), Kept::Answer { status: 201, body: b"answer".to_vec() });
    assert_eq!(find(&db.store, owner, "k", &request_hash("POST", "/users", b"{ }"), NOW).await.unwrap(), Kept::Mismatch);
    assert_eq!(find(&db.store, other, "k", &hash, NOW).await.unwrap(), Kept::New);
    let tx = db.store.begin(NOW).await.unwrap();
    let twice = keep(&tx, owner, "k", &hash, 201, b"", NOW).await.unwrap_err();
    assert!(matches!(twice, StoreError::Duplicate("idempotency_key")), "{twice:?}");
    drop(tx);
    // Expired: forgotten, and the key may be used again.
    let tx = db.store.begin(NOW.plus_ms(1000)).await.unwrap();
    keep(&tx, owner, "k", &hash, 200, b"new", NOW.plus_ms(5000)).await.unwrap();
    assert_eq!(idempotency::prune(&tx).await.unwrap(), 0);
}

on_both!(
    users_are_kept_and_unique,
    versions_stop_lost_updates,
    pages_of_users_are_complete_and_in_order,
    passwords_and_lock_out,
    sip_secrets_are_sealed_to_their_user,
    sessions_live_and_die,
    attempts_are_counted_by_address,
    api_keys_are_found_by_secret_only,
    the_setup_link_works_once,
    the_same_request_gets_the_same_answer,
);
