//! Places in the lines survive the routing's owner, not the process whose calls they belong to.
use crate::support::{Db, NOW, found_in_clear, id, on_both};
use domain::InteractionId;
use domain::routing::{Card, Enqueue};
use store::Record;
use store::repo::waiting_list;

fn place(number: &str, entered_ms: u64) -> Enqueue {
    let card = Card { remote: number.to_owned().into(), ..Card::default() };
    let needs = Some("english >= 3".parse().unwrap());
    Enqueue { card, needs, again: true, entered_at: Some(NOW.plus_ms(entered_ms)), ..Enqueue::new(id(), id(), NOW) }
}

fn stands(place: &Enqueue) -> Record {
    Record::Place { interaction: place.interaction, place: Some(Box::new(place.clone())) }
}
fn left(interaction: InteractionId) -> Record {
    Record::Place { interaction, place: None }
}

async fn who_stands_is_found_in_order(db: Db) {
    let (a, b, c) = (place("13800001234", 30), place("13800001235", 10), place("13800001236", 20));
    db.store.append(NOW, vec![stands(&a), stands(&b)]).await.unwrap();
    let known = Enqueue { prefer: Some(id()), ..b.clone() };
    db.store.append(NOW, vec![stands(&c), stands(&known)]).await.unwrap();
    assert_eq!(waiting_list::all(&db.store).await.unwrap(), [known.clone(), c.clone(), a.clone()]);
    // The newest word of a batch holds; who never came may leave.
    db.store.append(NOW, vec![left(a.interaction), stands(&a), left(c.interaction), left(id())]).await.unwrap();
    assert_eq!(waiting_list::all(&db.store).await.unwrap(), [known, a.clone()]);
    let many: Vec<Enqueue> = (0..250).map(|n| place("13900000000", 100 + n)).collect();
    db.store.append(NOW, many.iter().map(stands).collect()).await.unwrap();
    assert_eq!(waiting_list::all(&db.store).await.unwrap()[2..], many);
    db.store.append(NOW, many.iter().map(|p| left(p.interaction)).collect()).await.unwrap();
    assert_eq!(waiting_list::all(&db.store).await.unwrap().len(), 2);
    assert_eq!(found_in_clear(db.dir.path(), &[b"13800001234", b"english"]), Vec::<String>::new());
    db.store.close_lost(NOW, id).await.unwrap();
    assert!(waiting_list::all(&db.store).await.unwrap().is_empty());
}

on_both!(who_stands_is_found_in_order);
