//! The writer against a store that fails in every way it can.
use super::*;
use domain::event::EventKind;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

/// Fails the next `down` calls altogether, and always refuses events whose reason is in `poison`.
#[derive(Clone, Default)]
struct Shelf {
    state: Arc<Mutex<State>>,
}
#[derive(Default)]
struct State {
    down: u32,
    poison: HashSet<String>,
    /// Reasons of the events that are in, in order, each once.
    kept: Vec<String>,
    batches: Vec<usize>,
}

fn reason(record: &Record) -> String {
    match record {
        Record::Event(e) => match &e.kind {
            EventKind::Healed { what } => what.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

impl History for Shelf {
    async fn append(&self, _now: Timestamp, records: Vec<Record>) -> Result<(), StoreError> {
        let mut state = self.state.lock().unwrap();
        if state.down > 0 {
            state.down -= 1;
            return Err(StoreError::Io(std::io::Error::other("down")));
        }
        let reasons: Vec<String> = records.iter().map(reason).collect();
        if reasons.iter().any(|r| state.poison.contains(r)) {
            return Err(StoreError::Corrupt("record"));
        }
        state.batches.push(reasons.len());
        for r in reasons {
            if !state.kept.contains(&r) {
                state.kept.push(r);
            }
        }
        Ok(())
    }
    async fn ping(&self) -> Result<(), StoreError> {
        match self.state.lock().unwrap().down {
            0 => Ok(()),
            _ => Err(StoreError::Io(std::io::Error::other("down"))),
        }
    }
}

fn draft(what: &str) -> Draft {
    Draft { at: Timestamp(1), interaction: None, agent: None, queue: None, kind: EventKind::Healed { what: what.to_owned() } }
}

async fn write(shelf: &Shelf, whats: &[&str]) {
    let (writer, task) = Writer::new(shelf.clone(), Clock::start(), IdSource::seeded(1), Bus::local());
    for what in whats {
        writer.event(draft(what));
    }
    let running = tokio::spawn(task.run());
    assert!(writer.flush().await);
    drop(writer);
    running.await.unwrap();
}

#[tokio::test]
async fn records_arrive_in_order_and_in_batches() {
    let shelf = Shelf::default();
    let names: Vec<String> = (0..1200).map(|i| i.to_string()).collect();
    write(&shelf, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let state = shelf.state.lock().unwrap();
    assert_eq!(state.kept, names);
    assert!(state.batches.len() <= 4 && state.batches.iter().all(|b| *b <= BATCH_LEN_MAX), "{:?}", state.batches);
}

#[tokio::test]
async fn a_store_that_is_away_loses_nothing() {
    let shelf = Shelf::default();
    shelf.state.lock().unwrap().down = 5;
    write(&shelf, &["a", "b", "c"]).await;
    assert_eq!(shelf.state.lock().unwrap().kept, ["a", "b", "c"]);
    shelf.state.lock().unwrap().down = 4;
    write(&shelf, &["alone"]).await;
    assert_eq!(shelf.state.lock().unwrap().kept.last().unwrap(), "alone");
}

#[tokio::test]
async fn one_record_that_can_never_be_written_does_not_hold_up_the_rest() {
    let shelf = Shelf::default();
    shelf.state.lock().unwrap().poison = ["bad".to_owned(), "worse".to_owned()].into();
    write(&shelf, &["a", "bad", "b", "worse", "c"]).await;
    write(&shelf, &["bad"]).await;
    write(&shelf, &["d"]).await;
    assert_eq!(shelf.state.lock().unwrap().kept, ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn who_waits_without_hurry_does_not_split_the_batch() {
    let shelf = Shelf::default();
    let (writer, task) = Writer::new(shelf.clone(), Clock::start(), IdSource::seeded(1), Bus::local());
    let waits = async |what| {
        writer.event(draft(what));
        writer.written().await
    };
    let all = async { tokio::join!(waits("a"), waits("b"), waits("c")) };
    let all = tokio::select! {
        () = task.run() => panic!("the writer ended"),
        all = all => all,
    };
    assert_eq!(all, (true, true, true));
    assert_eq!(shelf.state.lock().unwrap().batches, [3]);
}

#[tokio::test]
async fn a_full_queue_drops_and_never_waits() {
    let (writer, task) = Writer::new(Shelf::default(), Clock::start(), IdSource::seeded(1), Bus::local());
    for _ in 0..WRITER_QUEUE_LEN_MAX + 10 {
        writer.event(draft("x"));
    }
    assert_eq!(writer.queue_len(), WRITER_QUEUE_LEN_MAX);
    assert!(!writer.flush().await);
    drop(task);
    writer.event(draft("nobody is there"));
}
