//! Callbacks survive a restart, and their numbers lie sealed.
use crate::support::{Db, NOW, found_in_clear, id, on_both};
use domain::callback::{Callback, CancelledBy, Effect, Input, Request};
use domain::config::CallbackMode;
use domain::{CallbackId, Pii, QueueId, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use store::repo::callbacks;
use store::{PageRequest, Record};

fn booked(queue: QueueId, number: &str) -> Callback {
    let request = Request {
        id: id(),
        asked_in: None,
        queue,
        number: Pii::new(number.into()),
        local: "4001".into(),
        trunk: None,
        customer: None,
        priority: 0,
        needs: None,
        since: NOW,
        mode: CallbackMode::AgentFirst,
        not_before: None,
        expires_at: NOW.plus_ms(3_600_000),
        tries: 3,
        retry_gap_ms: 60_000,
    };
    Callback::start(NOW, request, &|at| Some(at), &mut Vec::new()).unwrap()
}

fn cancelled(callback: &Callback) -> Callback {
    let (mut callback, mut out) = (callback.clone(), Vec::<Effect>::new());
    callback.handle(NOW, Input::Cancel { by: CancelledBy::Agent }, &|at: Timestamp| Some(at), &mut out);
    callback
}

async fn write(db: &Db, callback: &Callback) {
    db.store.append(NOW, vec![Record::Callback(Box::new(callback.clone()))]).await.unwrap();
}

async fn what_is_open_comes_back(db: Db) {
    let (one, other): (QueueId, QueueId) = (id(), id());
    let (a, b, c) = (booked(one, "13800001234"), booked(one, "13800001235"), booked(other, "13800001236"));
    for callback in [&a, &b, &c, &b] {
        write(&db, callback).await;
    }
    write(&db, &cancelled(&b)).await;
    assert_eq!(callbacks::open(&db.store, 100).await.unwrap(), [a.clone(), c.clone()]);
    let list = async |over, queues: Option<&[QueueId]>| -> Vec<CallbackId> {
        let page = callbacks::list(&db.store, over, queues, PageRequest::default()).await.unwrap();
        page.items.iter().map(Callback::id).collect()
    };
    assert_eq!(list(None, None).await, [c.id(), b.id(), a.id()], "newest first");
    assert_eq!(list(Some(true), None).await, [b.id()]);
    assert_eq!(list(Some(false), Some(&[one])).await, [a.id()]);
    assert_eq!(callbacks::get(&db.store, b.id()).await.unwrap(), cancelled(&b));
    assert!(callbacks::get(&db.store, id()).await.is_err());
}

async fn pages_follow_each_other(db: Db) {
    let queue = id();
    let mut made: Vec<CallbackId> = Vec::new();
    for n in 0..5 {
        let callback = booked(queue, &format!("1380000000{n}"));
        made.insert(0, callback.id());
        write(&db, &callback).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let request = PageRequest::parse(cursor.as_deref(), Some(2)).unwrap();
        let page = callbacks::list(&db.store, None, None, request).await.unwrap();
        seen.extend(page.items.iter().map(Callback::id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, made);
}

async fn the_number_is_sealed(db: Db) {
    write(&db, &booked(id(), "13800001234")).await;
    assert_eq!(found_in_clear(db.dir.path(), &[b"13800001234"]), Vec::<String>::new());
    let raw = db.raw().await;
    let backend = if db.is_sqlite() { DbBackend::Sqlite } else { DbBackend::Postgres };
    let row = raw.query_one_raw(Statement::from_string(backend, "SELECT body FROM callbacks")).await.unwrap().unwrap();
    let body: Vec<u8> = row.try_get("", "body").unwrap();
    assert!(!body.windows(11).any(|w| w == b"13800001234"));
}

on_both!(what_is_open_comes_back, pages_follow_each_other, the_number_is_sealed);
