use super::*;
use crate::config::{Label, Overflow, Queue, QueueMember, Strategy};
use crate::live::{AgentStatus, Device};
use crate::routing::{self, Router};

const WINDOW: QueueWindow<'static> = &|_, at| Some(at);

fn numbered(n: u128, number: &str) -> Request {
    Request { interaction: InteractionId(Uuid::from_u128(n)), number: Pii::new(number.to_string()), ..request(Mode::AgentFirst) }
}

#[test]
fn a_number_waits_once_in_a_queue() {
    let (mut book, mut out) = (Book::default(), Vec::new());
    book.request(start(), numbered(1, "10086"), WINDOW, &mut out).unwrap();
    let existing = InteractionId(Uuid::from_u128(1));
    assert_eq!(book.request(start(), numbered(2, "10086"), WINDOW, &mut out), Err(Refusal::Duplicate { existing }));
    assert_eq!(book.request(start(), numbered(1, "10010"), WINDOW, &mut out), Err(Refusal::Duplicate { existing }));
    let other_queue = Request { queue: QueueId(Uuid::from_u128(0x52)), ..numbered(3, "10086") };
    book.request(start(), other_queue, WINDOW, &mut out).unwrap();
    assert_eq!(book.len(), 2);
    assert_eq!(book.find(SERVICE, &Pii::new("10086".to_string())).map(Callback::id), Some(existing));
    book.handle(start(), existing, Input::Cancel { by: CancelledBy::Customer }, WINDOW, &mut out);
    assert_eq!((book.len(), book.get(existing)), (1, None));
    out.clear();
    book.handle(start(), existing, Input::Assigned { agent: ALICE }, WINDOW, &mut out);
    assert_eq!(out, [(existing, Effect::Release { agent: ALICE })], "assigned too late");
    book.request(start(), numbered(4, "10086"), WINDOW, &mut out).unwrap();
}

#[test]
fn the_book_is_bounded() {
    let (mut book, mut out) = (Book::default(), Vec::new());
    for n in 0..CALLBACKS_MAX as u128 {
        book.request(start(), numbered(n, &format!("{}", 100_000 + n)), WINDOW, &mut out).unwrap();
    }
    assert_eq!(book.request(start(), numbered(1 << 40, "10086"), WINDOW, &mut out), Err(Refusal::Full));
}

#[test]
fn timers_of_all_fire_in_one_tick_and_the_stored_come_back() {
    let (mut book, mut out) = (Book::default(), Vec::new());
    for n in 1..=3 {
        let not_before = Some(start().plus_ms(n * HOUR_MS));
        book.request(start(), Request { not_before, ..numbered(n.into(), &format!("1000{n}")) }, WINDOW, &mut out).unwrap();
    }
    assert_eq!(book.next_timeout(), Some((start().plus_ms(HOUR_MS), InteractionId(Uuid::from_u128(1)))));
    out.clear();
    book.tick(start().plus_ms(2 * HOUR_MS), WINDOW, &mut out);
    let queued: Vec<u128> = out.iter().filter(|(_, e)| matches!(e, Effect::Enqueue(_))).map(|(id, _)| id.0.as_u128()).collect();
    assert_eq!(queued, [1, 2]);
    let mut again = Book::default();
    for callback in book.iter() {
        again.restore(callback.clone());
    }
    assert_eq!(again, book);
}

/// The machine and the real router together: the place is kept against a caller who came later.
#[test]
fn the_router_offers_it_before_whoever_came_later() {
    let queue = Queue {
        id: SERVICE,
        key: "service".into(),
        name: Label::default(),
        strategy: Strategy::LongestIdle,
        ring_timeout_ms: 20_000,
        wrap_up_ms: 0,
        queue_len_max: 10,
        wait_max_ms: 600_000,
        overflow: Overflow::HangUp { prompt: None },
        announce_every_ms: 0,
        music: String::new(),
        record: false,
        hours: None,
        closed: Default::default(),
        closing: Default::default(),
        waiting: Default::default(),
        service_level_threshold_s: 20,
        measure: Default::default(),
        routing: Default::default(),
        members: vec![QueueMember::new(ALICE, 1)],
    };
    let (mut router, mut said) = (Router::new(7), Vec::new());
    let now = start();
    router.handle(now, routing::Input::Configure { queues: vec![queue], agents: vec![ALICE.into()] }, &mut said);
    let mut rig = Rig::new(Mode::CustomerFirst);
    let mut effects = Vec::new();
    let callback = Callback::start(now, request(Mode::CustomerFirst), Limits::default(), &always, &mut effects).unwrap();
    let Effect::Enqueue(place) = effects.remove(0) else { panic!("it enqueues first") };
    let later = routing::Enqueue { interaction: InteractionId(Uuid::from_u128(2)), since: now, ..place.clone() };
    router.handle(now, routing::Input::Enqueue(later), &mut said);
    router.handle(now, routing::Input::Enqueue(place), &mut said);
    router.handle(now, routing::Input::SignIn { agent: ALICE, device: Device::Browser }, &mut said);
    said.clear();
    router.handle(now, routing::Input::SetStatus { agent: ALICE, status: AgentStatus::Available, reason: None }, &mut said);
    let offer = said.iter().find_map(|e| if let routing::Effect::Offer { offer, .. } = e { Some(offer.clone()) } else { None }).unwrap();
    assert_eq!(offer.interaction, callback.id());
    assert_eq!(offer.waited_ms, 240_000);
    // Declined: the router keeps the place, and so does the callback.
    rig.send(Input::Offered { offer: offer.offer, agent: ALICE });
    router.handle(now, routing::Input::Decline { agent: ALICE, offer: offer.offer }, &mut said);
    assert_eq!(rig.send(Input::OfferEnded { offer: offer.offer }), "[waiting]");
    // The customer on the line is not thrown out by the line's wait limit, however old the place is.
    rig.send(Input::TurnNear);
    rig.now = now.plus_ms(20_000);
    let mut effects = Vec::new();
    rig.callback.handle(rig.now, Input::LegUp { attempt: 1 }, &always, &mut effects);
    let head = effects.into_iter().find_map(|e| if let Effect::Enqueue(head) = e { Some(head) } else { None }).unwrap();
    router.handle(rig.now, routing::Input::Leave { interaction: head.interaction, reason: "dialling".into() }, &mut said);
    said.clear();
    router.handle(rig.now, routing::Input::Enqueue(head), &mut said);
    router.handle(rig.now.plus_ms(59_000), routing::Input::Due, &mut said);
    assert!(!said.iter().any(|e| matches!(e, routing::Effect::Overflow { interaction, .. } if *interaction == callback.id())));
}
