//! Customer cards and finding them by number.
use crate::support::{Db, NOW, found_in_clear, id, on_both};
use domain::Pii;
use domain::config::{Customer, Known};
use store::repo::customers;
use store::{PageRequest, StoreError};

fn card(name: &str, phones: &[&str]) -> Customer {
    Customer {
        id: id(),
        name: Pii::new(name.into()),
        phones: phones.iter().map(|p| Pii::new((*p).into())).collect(),
        email: Some(Pii::new(format!("{name}@example.com"))),
        company: Some("ACME".into()),
        tags: vec!["老客户".into()],
        vip: true,
        note: Some(Pii::new("prefers mornings".into())),
        announcement: Some(Pii::new("your order is on its way".into())),
    }
}

async fn a_number_in_any_spelling_finds_its_customer(db: Db) {
    let wang = card("王小明", &["138-0000-1234", "+86 138 0000 1234", "010-88886666"]);
    let tx = db.store.begin(NOW).await.unwrap();
    customers::insert(&tx, &wang).await.unwrap();
    customers::insert(&tx, &card("李雷", &[])).await.unwrap();
    tx.commit().await.unwrap();
    for number in ["13800001234", "+8613800001234", "0086 13800001234", "01088886666"] {
        let got = customers::find_by_phone(&db.store, number).await.unwrap().unwrap();
        assert_eq!((got.version, &got.value), (1, &wang), "{number}");
    }
    assert!(customers::find_by_phone(&db.store, "13800001235").await.unwrap().is_none());
    assert_eq!(customers::get(&db.store, wang.id).await.unwrap().value, wang);
    assert_eq!(customers::known(&db.store, &[wang.id, id()]).await.unwrap(), [(wang.id, Known::from(&wang))]);
    assert_eq!(customers::get_many(&db.store, &[wang.id, id()]).await.unwrap(), [wang]);
    if db.is_sqlite() {
        let words: [&[u8]; 4] = ["王小明".as_bytes(), b"13800001234", b"138-0000-1234", b"prefers mornings"];
        let hits = found_in_clear(db.dir.path(), &words);
        assert!(hits.is_empty(), "{hits:?}");
    }
}

async fn a_change_moves_the_index(db: Db) {
    let mut c = card("Anna", &["13800001234"]);
    let tx = db.store.begin(NOW).await.unwrap();
    customers::insert(&tx, &c).await.unwrap();
    c.phones = vec![Pii::new("13900005678".into())];
    assert_eq!(customers::update(&tx, &c, 1).await.unwrap(), 2);
    assert!(matches!(customers::update(&tx, &c, 1).await, Err(StoreError::Conflict { expected: 1, found: 2 })));
    c.phones = (0..=customers::PHONES_MAX).map(|n| Pii::new(n.to_string())).collect();
    assert!(matches!(customers::update(&tx, &c, 2).await, Err(StoreError::Invalid { field: "phones", .. })));
    tx.commit().await.unwrap();
    assert!(customers::find_by_phone(&db.store, "13800001234").await.unwrap().is_none());
    assert!(customers::find_by_phone(&db.store, "13900005678").await.unwrap().is_some());
}

async fn pages_newest_first_and_by_number(db: Db) {
    for n in 0..5u64 {
        let tx = db.store.begin(NOW.plus_ms(n / 2)).await.unwrap();
        customers::insert(&tx, &card(&format!("c{n}"), &["13800001234"])).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut names = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = customers::list(&db.store, None, PageRequest::parse(cursor.as_deref(), Some(2)).unwrap()).await.unwrap();
        names.extend(page.items.iter().map(|c| c.value.name.reveal().clone()));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(names, ["c4", "c3", "c2", "c1", "c0"]);
    let by_number = |n: &'static str| customers::list(&db.store, Some(n), PageRequest::default());
    assert_eq!(by_number("+86 13800001234").await.unwrap().items.len(), 5);
    assert!(by_number("1").await.unwrap().items.is_empty());
}

on_both!(a_number_in_any_spelling_finds_its_customer, a_change_moves_the_index, pages_newest_first_and_by_number);
