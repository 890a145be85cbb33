//! History's way out: records wait in a bounded queue and reach the store in batches, one transaction each.
use domain::event::Draft;
use tokio::sync::mpsc;

/// Records waiting for the store.
pub const WRITER_QUEUE_LEN_MAX: usize = 100_000;

/// Cheap to clone; never waits.
#[derive(Debug, Clone)]
pub struct Writer {
    records: mpsc::Sender<Draft>,
}

impl Writer {
    pub fn event(&self, draft: Draft) {
        let _ = self.records.try_send(draft);
    }
}
