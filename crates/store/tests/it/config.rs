//! Configuration of every kind, and the engine's view of it.
use crate::access::user;
use crate::support::{Db, NOW, id, on_both};
use domain::UserId;
use domain::calendar::{Calendar, Switch, SwitchPosition};
use domain::config::*;
use secrecy::ExposeSecret;
use store::repo::config::{self, kind};
use store::repo::{calendar_switches, secrets, settings, users};
use store::{PageRequest, StoreError};

fn label(text: &str) -> Label {
    Label { zh: text.into(), en: text.into() }
}

fn queue(key: &str, members: Vec<QueueMember>) -> Queue {
    Queue {
        id: id(),
        key: key.into(),
        name: label(key),
        strategy: Strategy::LongestIdle,
        ring_timeout_ms: 15_000,
        wrap_up_ms: 30_000,
        queue_len_max: 10,
        wait_max_ms: 60_000,
        overflow: Overflow::HangUp { prompt: None },
        announce_every_ms: 0,
        music: "music".into(),
        record: true,
        hours: None,
        closed: Default::default(),
        closing: Default::default(),
        waiting: Default::default(),
        callbacks: Default::default(),
        service_level_threshold_s: 20,
        measure: Default::default(),
        routing: Default::default(),
        members,
    }
}

fn trunk(key: &str) -> Trunk {
    Trunk {
        id: id(),
        key: key.into(),
        name: label(key),
        host: "sip.example.com".into(),
        port: 5060,
        transport: SipTransport::Udp,
        inbound: vec!["10.0.0.0/8".parse().unwrap()],
        username: Some("acme".into()),
        register: true,
        prefix: "9".into(),
        strip: 1,
        caller_id: None,
        calls_max: 10,
        enabled: true,
    }
}

async fn queues_keep_their_members(db: Db) {
    let tx = db.store.begin(NOW).await.unwrap();
    let (a, b) = (user("a", None), user("b", None));
    users::insert(&tx, &a).await.unwrap();
    users::insert(&tx, &b).await.unwrap();
    let member = |user, level| QueueMember::new(user, level);
    let mut q = queue("service", vec![member(a.id, 1), member(b.id, 3)]);
    assert_eq!(config::insert::<kind::Queues>(&tx, &q).await.unwrap(), 1);
    let empty = queue("sales", vec![]);
    config::insert::<kind::Queues>(&tx, &empty).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(config::get::<kind::Queues>(&db.store, &q.id.to_string()).await.unwrap().value, q);

    let tx = db.store.begin(NOW).await.unwrap();
    q.members = vec![member(b.id, 2)];
    assert_eq!(config::update::<kind::Queues>(&tx, &q, 1).await.unwrap(), 2);
    tx.commit().await.unwrap();
    let all = config::list_all::<kind::Queues>(&db.store).await.unwrap();
    assert_eq!(all.iter().map(|v| v.value.key.as_str()).collect::<Vec<_>>(), ["sales", "service"]);
    assert_eq!((all[1].version, &all[1].value), (2, &q));

    let tx = db.store.begin(NOW).await.unwrap();
    q.members = vec![member(id::<UserId>(), 1)];
    let refused = config::update::<kind::Queues>(&tx, &q, 2).await.unwrap_err();
    assert!(matches!(refused, StoreError::Invalid { field: "members", .. }), "{refused:?}");
}

async fn compare_and_set_and_unique_keys(db: Db) {
    let number = |text: &str| Number {
        id: id(),
        number: text.into(),
        name: label("x"),
        language: Default::default(),
        plan: EntryPlan::Echo,
        announcement_wait_ms: 0,
        hours: None,
        closed: Default::default(),
        enabled: true,
    };
    let tx = db.store.begin(NOW).await.unwrap();
    let mut n = number("4000");
    config::insert::<kind::Numbers>(&tx, &n).await.unwrap();
    n.enabled = false;
    config::update::<kind::Numbers>(&tx, &n, 1).await.unwrap();
    assert!(matches!(config::update::<kind::Numbers>(&tx, &n, 1).await, Err(StoreError::Conflict { expected: 1, found: 2 })));
    let key = n.id.to_string();
    assert!(matches!(config::delete::<kind::Numbers>(&tx, &key, 1).await, Err(StoreError::Conflict { expected: 1, found: 2 })));
    assert!(matches!(config::update::<kind::Numbers>(&tx, &number("1"), 1).await, Err(StoreError::NotFound("number"))));
    tx.commit().await.unwrap();

    let tx = db.store.begin(NOW).await.unwrap();
    assert!(matches!(config::insert::<kind::Numbers>(&tx, &number("4000")).await, Err(StoreError::Duplicate("key"))));
    drop(tx);
    assert_eq!(config::find_by_key::<kind::Numbers>(&db.store, "4000").await.unwrap().unwrap().value, n);
    let tx = db.store.begin(NOW).await.unwrap();
    config::delete::<kind::Numbers>(&tx, &key, 2).await.unwrap();
    assert!(matches!(config::delete::<kind::Numbers>(&tx, &key, 2).await, Err(StoreError::NotFound("number"))));
    tx.commit().await.unwrap();
    assert!(config::find_by_key::<kind::Numbers>(&db.store, "4000").await.unwrap().is_none());
}

async fn pages_by_key(db: Db) {
    let tx = db.store.begin(NOW).await.unwrap();
    for i in 0..5 {
        config::insert::<kind::WrapUpCodes>(&tx, &Code { key: format!("c{i}"), name: label("x") }).await.unwrap();
    }
    tx.commit().await.unwrap();
    let first = config::list::<kind::WrapUpCodes>(&db.store, PageRequest::parse(None, Some(3)).unwrap()).await.unwrap();
    let next = first.next_cursor.clone().unwrap();
    let second = config::list::<kind::WrapUpCodes>(&db.store, PageRequest::parse(Some(&next), Some(3)).unwrap()).await.unwrap();
    let keys: Vec<_> = first.items.iter().chain(&second.items).map(|v| v.value.key.clone()).collect();
    assert_eq!(keys, ["c0", "c1", "c2", "c3", "c4"]);
    assert!(second.next_cursor.is_none());
    assert!(PageRequest::parse(Some("garbage!"), None).is_err());
    assert!(PageRequest::parse(None, Some(201)).is_err());
}

async fn the_engine_reads_everything(db: Db) {
    let before = db.store.config_revision().await.unwrap();
    let tx = db.store.begin(NOW).await.unwrap();
    let a = user("a", Some("1001"));
    users::insert(&tx, &a).await.unwrap();
    let team = Team { id: id(), name: "Team 1".into(), breaks: Default::default() };
    let q = queue("service", vec![QueueMember::new(a.id, 1)]);
    let t = trunk("demo-out");
    let p = Prompt { key: "welcome".into(), name: label("w"), source: PromptSource::Builtin { asset: "welcome".into() } };
    config::insert::<kind::Teams>(&tx, &team).await.unwrap();
    config::insert::<kind::Queues>(&tx, &q).await.unwrap();
    config::insert::<kind::Trunks>(&tx, &t).await.unwrap();
    config::insert::<kind::Prompts>(&tx, &p).await.unwrap();
    config::insert::<kind::BreakReasons>(&tx, &BreakReason { key: "lunch".into(), name: label("Lunch"), duration_max_ms: None })
        .await
        .unwrap();
    secrets::set::<kind::Trunks>(&tx, &t.id.to_string(), Some(&"s3cret-trunk".into())).await.unwrap();
    tx.commit().await.unwrap();

    let c = db.store.load_config().await.unwrap();
    assert!(c.revision > before);
    assert_eq!(c.teams, [team]);
    assert_eq!(c.queues, [q]);
    assert_eq!(c.users[0].user, a);
    assert_eq!(c.trunks[0].trunk, t);
    assert_eq!(c.trunks[0].password.as_ref().unwrap().expose_secret(), "s3cret-trunk");
    assert_eq!(c.prompts, [p]);
    assert_eq!((c.break_reasons.len(), c.wrap_up_codes.len()), (1, 0));
    assert!(secrets::is_set::<kind::Trunks>(&db.store, &t.id.to_string()).await.unwrap());

    // A changed trunk keeps its password; the revision says that something changed.
    let tx = db.store.begin(NOW).await.unwrap();
    config::update::<kind::Trunks>(&tx, &Trunk { port: 5080, ..t.clone() }, 1).await.unwrap();
    tx.commit().await.unwrap();
    let again = db.store.load_config().await.unwrap();
    assert!(again.revision > c.revision);
    assert!(again.trunks[0].password.is_some());
    let db = db.reopen().await;
    assert_eq!(db.store.load_config().await.unwrap().trunks[0].trunk.port, 5080);
    let dumped = crate::support::found_in_clear(db.dir.path(), &[b"s3cret-trunk"]);
    assert!(dumped.is_empty(), "{dumped:?}");
}

async fn a_rolled_back_change_leaves_nothing(db: Db) {
    let before = db.store.config_revision().await.unwrap();
    let tx = db.store.begin(NOW).await.unwrap();
    users::insert(&tx, &user("ghost", None)).await.unwrap();
    settings::set(&tx, settings::DEMO_MARKER, "1").await.unwrap();
    assert_eq!(users::count(&tx).await.unwrap(), 1);
    drop(tx);
    let tx = db.store.begin(NOW).await.unwrap();
    settings::set(&tx, "other", "2").await.unwrap();
    settings::set(&tx, "other", "3").await.unwrap();
    settings::set(&tx, "with.b", "5").await.unwrap();
    settings::set(&tx, "with.a", "4").await.unwrap();
    let with = settings::with_prefix(&tx, "with.").await.unwrap();
    assert_eq!(with.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>(), [("with.a", "4"), ("with.b", "5")]);
    tx.rollback().await.unwrap();
    assert_eq!(users::count(&db.store).await.unwrap(), 0);
    assert_eq!(settings::get(&db.store, settings::DEMO_MARKER).await.unwrap(), None);
    assert_eq!(db.store.config_revision().await.unwrap(), before);
}

async fn a_calendars_switch_lives_beside_it_and_goes_with_it(db: Db) {
    let name = serde_json::json!({ "zh": "客服", "en": "Service" });
    let calendar: Calendar = serde_json::from_value(serde_json::json!({ "key": "service", "name": name, "timezone": "UTC" })).unwrap();
    let tx = db.store.begin(NOW).await.unwrap();
    config::insert::<kind::Calendars>(&tx, &calendar).await.unwrap();
    let switch = |set| Switch { set, since: Some(NOW), until: None, prompt: Some("why".into()) };
    calendar_switches::set(&tx, "service", Some(&switch(SwitchPosition::Closed))).await.unwrap();
    calendar_switches::set(&tx, "service", Some(&switch(SwitchPosition::Emergency))).await.unwrap();
    tx.commit().await.unwrap();

    let loaded = db.store.load_config().await.unwrap().calendars.remove(0);
    assert_eq!(loaded, Calendar { switch: Some(switch(SwitchPosition::Emergency)), ..calendar.clone() });
    let row = config::get::<kind::Calendars>(&db.store, "service").await.unwrap();
    assert_eq!((row.version, &row.value), (1, &calendar), "turning it is no new version");

    let before = db.store.config_revision().await.unwrap();
    let tx = db.store.begin(NOW).await.unwrap();
    assert!(calendar_switches::set(&tx, "nowhere", Some(&switch(SwitchPosition::Open))).await.is_err());
    drop(tx);
    let tx = db.store.begin(NOW).await.unwrap();
    calendar_switches::set(&tx, "service", None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(calendar_switches::get(&db.store, "service").await.unwrap(), None);
    assert!(db.store.config_revision().await.unwrap() > before, "the engine must see it");

    let tx = db.store.begin(NOW).await.unwrap();
    calendar_switches::set(&tx, "service", Some(&switch(SwitchPosition::Open))).await.unwrap();
    config::delete::<kind::Calendars>(&tx, "service", 1).await.unwrap();
    tx.commit().await.unwrap();
    assert!(calendar_switches::all(&db.store).await.unwrap().is_empty());
}

on_both!(
    queues_keep_their_members,
    a_calendars_switch_lives_beside_it_and_goes_with_it,
    compare_and_set_and_unique_keys,
    pages_by_key,
    the_engine_reads_everything,
    a_rolled_back_change_leaves_nothing
);
