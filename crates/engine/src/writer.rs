//! History's way out: records wait in a bounded queue and reach the store in batches, one transaction each. The call path only
//! ever puts something into the queue; a slow or absent database costs memory up to a limit, then records (counted), never a call.
use crate::clock::{Clock, IdSource};
use domain::event::{Draft, Event};
use domain::interaction::{Interaction, LegReport, Recording, Segment};
use domain::{EventId, Timestamp};
use std::future::Future;
use std::time::Duration;
use store::bus::{Bus, Topic};
use store::{Record, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

/// Every event as it is recorded, before it is in the store: what the monitor folds.
pub(crate) const EVENTS: Topic<Event> = Topic::with_len("events", 16_384);

/// Records waiting for the store, about two minutes of a busy system; beyond it the newest are dropped and counted.
pub const WRITER_QUEUE_LEN_MAX: usize = 100_000;
/// A batch is written when it is this old …
pub const BATCH_AGE_MAX_MS: u64 = 50;
/// … or this large.
pub const BATCH_LEN_MAX: usize = 500;
/// Tries of a whole batch before its records are tried one by one, to find one that can never be written.
const TRIES_BEFORE_SPLIT: u32 = 3;
const BACKOFF_FIRST_MS: u64 = 50;
const BACKOFF_MAX_MS: u64 = 2_000;

#[derive(Debug)]
enum Item {
    Record(Box<Record>),
    /// Answered when everything before it is in the store.
    Flush(oneshot::Sender<()>),
    /// The same, when its batch is full or old enough.
    Mark(oneshot::Sender<()>),
}

/// Cheap to clone; never waits.
#[derive(Debug, Clone)]
pub struct Writer {
    items: mpsc::Sender<Item>,
    ids: IdSource,
    bus: Bus,
}

impl Writer {
    /// The writer's two ends; run the second on a task of its own.
    pub fn new<H: History>(store: H, clock: Clock, ids: IdSource, bus: Bus) -> (Self, WriterTask<H>) {
        let (items, queue) = mpsc::channel(WRITER_QUEUE_LEN_MAX);
        (Self { items, ids, bus }, WriterTask { queue, store, clock })
    }

    /// Stamps an id on the event, tells whoever follows events, and records it.
    pub fn event(&self, draft: Draft) {
        let id = self.ids.new_id(draft.at, EventId::from_parts);
        let event = draft.stamp(id);
        if let Err(error) = self.bus.publish(&EVENTS, event.clone()) {
            tracing::error!(%error, "an event could not be published");
        }
        self.record(Record::Event(event));
    }
    pub fn interaction(&self, row: Interaction) {
        self.record(Record::Interaction(row));
    }
    pub fn segment(&self, segment: Segment) {
        self.record(Record::Segment(segment));
    }
    pub fn leg(&self, report: LegReport) {
        self.record(Record::Leg(report));
    }
    pub fn recording(&self, recording: Recording) {
        self.record(Record::Recording(recording));
    }

    pub fn record(&self, record: Record) {
        if self.items.try_send(Item::Record(Box::new(record))).is_err() {
            metrics::counter!("zhiyin_writer_dropped_total").increment(1);
        }
    }

    /// Waits until everything recorded so far is in the store. False: the writer is gone or its queue is full.
    pub async fn flush(&self) -> bool {
        let (done, flushed) = oneshot::channel();
        self.items.try_send(Item::Flush(done)).is_ok() && flushed.await.is_ok()
    }

    /// The same without hurrying the writer: for what is asked for often and may take `BATCH_AGE_MAX_MS` longer.
    pub async fn written(&self) -> bool {
        let (done, written) = oneshot::channel();
        self.items.try_send(Item::Mark(done)).is_ok() && written.await.is_ok()
    }

    /// Records that wait.
    pub fn queue_len(&self) -> usize {
        self.items.max_capacity() - self.items.capacity()
    }
}

/// Where records go: the store, or a test's unreliable one.
pub trait History: Send + Sync + 'static {
    fn append(&self, now: Timestamp, records: Vec<Record>) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Whether it lives at all.
    fn ping(&self) -> impl Future<Output = Result<(), StoreError>> + Send;
}
impl History for Store {
    fn append(&self, now: Timestamp, records: Vec<Record>) -> impl Future<Output = Result<(), StoreError>> + Send {
        Store::append(self, now, records)
    }
    fn ping(&self) -> impl Future<Output = Result<(), StoreError>> + Send {
        Store::ping(self)
    }
}

/// The other end. It lives until every `Writer` is dropped and the queue is written.
#[derive(Debug)]
pub struct WriterTask<H = Store> {
    queue: mpsc::Receiver<Item>,
    store: H,
    clock: Clock,
}

impl<H: History> WriterTask<H> {
    pub async fn run(mut self) {
        let mut items = Vec::with_capacity(BATCH_LEN_MAX);
        while let Some(first) = self.queue.recv().await {
            items.push(first);
            let full = self.clock.now().plus_ms(BATCH_AGE_MAX_MS);
            while items.len() < BATCH_LEN_MAX && !items.iter().any(|i| matches!(i, Item::Flush(_))) {
                let room = BATCH_LEN_MAX - items.len();
                tokio::select! {
                    biased;
                    got = self.queue.recv_many(&mut items, room) => if got == 0 { break },
                    () = self.clock.sleep_until(full) => break,
                }
            }
            self.write(items.drain(..)).await;
            metrics::gauge!("zhiyin_writer_queue_length").set(self.queue.len() as f64);
        }
    }

    async fn write(&self, items: impl Iterator<Item = Item>) {
        let (mut records, mut waiting) = (Vec::new(), Vec::new());
        for item in items {
            match item {
                Item::Record(record) => records.push(*record),
                Item::Flush(done) | Item::Mark(done) => waiting.push(done),
            }
        }
        self.write_batch(records).await;
        for done in waiting {
            // Whoever asked may have gone away.
            let _ = done.send(());
        }
    }

    /// Returns when the batch is in the store, but for records that the store refuses while it takes others.
    async fn write_batch(&self, records: Vec<Record>) {
        let mut backoff_ms = BACKOFF_FIRST_MS;
        let mut tries = 0;
        loop {
            let Err(error) = self.append(&records).await else { return };
            tries += 1;
            metrics::counter!("zhiyin_writer_failures_total").increment(1);
            if tries == TRIES_BEFORE_SPLIT {
                tracing::error!(%error, records = records.len(), "history cannot be written; trying again until it can");
            }
            if tries >= TRIES_BEFORE_SPLIT && self.write_singly(&records).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(backoff_ms)).await;
            backoff_ms = (backoff_ms * 2).min(BACKOFF_MAX_MS);
        }
    }

    /// True when each record went in or is to blame itself and is given up. False when the store is away: then all are kept.
    /// Writing the same record twice changes nothing, so what went in may come again.
    async fn write_singly(&self, records: &[Record]) -> bool {
        let mut refused = Vec::new();
        for record in records {
            let one = std::slice::from_ref(record);
            if self.append(one).await.is_ok() {
                continue;
            }
            if self.store.ping().await.is_err() {
                return false;
            }
            // The store lives: either it has just come back, or it refuses this very record.
            if let Err(error) = self.append(one).await {
                refused.push(error);
            }
        }
        if records.len() > 1 && refused.len() == records.len() {
            return false;
        }
        for error in &refused {
            metrics::counter!("zhiyin_writer_dropped_total").increment(1);
            tracing::error!(%error, "a record that the store refuses is given up");
        }
        true
    }

    async fn append(&self, records: &[Record]) -> Result<(), StoreError> {
        self.store.append(self.clock.now(), records.to_vec()).await
    }
}

#[cfg(test)]
mod tests;
