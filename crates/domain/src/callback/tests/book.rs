use super::*;

const WINDOW: QueueWindow<'static> = &|_, at| Some(at);

fn numbered(n: u128, number: &str) -> Request {
    Request { id: CallbackId(Uuid::from_u128(n)), number: Pii::new(number.to_string()), ..request() }
}

#[test]
fn a_number_waits_once_in_a_queue() {
    let (mut book, mut out) = (Book::default(), Vec::new());
    book.request(start(), numbered(1, "10086"), WINDOW, &mut out).unwrap();
    let existing = CallbackId(Uuid::from_u128(1));
    assert_eq!(book.request(start(), numbered(2, "10086"), WINDOW, &mut out), Err(Refusal::Duplicate { existing }));
    assert_eq!(book.request(start(), numbered(1, "10010"), WINDOW, &mut out), Err(Refusal::Duplicate { existing }));
    let other_queue = Request { queue: QueueId(Uuid::from_u128(0x52)), ..numbered(3, "10086") };
    book.request(start(), other_queue, WINDOW, &mut out).unwrap();
    assert_eq!(book.len(), 2);
    assert_eq!(book.find(SERVICE, &Pii::new("10086".to_string())).map(Callback::id), Some(existing));
    book.handle(start(), existing, Input::Cancel { by: CancelledBy::Customer }, WINDOW, &mut out);
    assert_eq!((book.len(), book.get(existing)), (1, None));
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
    assert_eq!(book.next_timeout(), Some((start().plus_ms(HOUR_MS), CallbackId(Uuid::from_u128(1)))));
    out.clear();
    book.tick(start().plus_ms(2 * HOUR_MS), WINDOW, &mut out);
    let placed: Vec<u128> = out.iter().filter(|(_, e)| matches!(e, Effect::Place { .. })).map(|(id, _)| id.0.as_u128()).collect();
    assert_eq!(placed, [1, 2]);
    let mut again = Book::default();
    for callback in book.iter() {
        let stored = serde_json::to_string(callback).unwrap();
        again.restore(serde_json::from_str(&stored).unwrap());
    }
    assert_eq!(again, book);
}
